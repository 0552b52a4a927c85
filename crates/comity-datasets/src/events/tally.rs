//! The sums, and the loop over the bytes of lines that makes them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use jiff::civil::Date;

use super::{DayDyad, Days};

/// Columns of an export, from 0.
const DAY: usize = 1;
const ACTOR: usize = 7;
const TARGET: usize = 17;
const QUAD: usize = 29;
const GOLDSTEIN: usize = 30;

/// Parts of one that a Goldstein score is counted in.
const PARTS: i64 = 1_000_000;
/// More dyads and days than there are.
const MAX_ROWS: usize = 20_000_000;

/// A day as `YYYYMMDD` and two country codes of up to four letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    day: u32,
    actor: u32,
    target: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    events: u64,
    goldstein: i64,
    scored: u64,
    quad: [u64; 4],
}

impl Sum {
    /// Adds; what no sum can hold is an error, and never another sum.
    fn add(&mut self, more: &Self) -> Result<(), String> {
        let too_large = || "its Goldstein scores come to more than a sum can hold".to_owned();
        self.goldstein = self.goldstein.checked_add(more.goldstein).ok_or_else(too_large)?;
        // There are not so many lines in all files of the world.
        self.events = self.events.saturating_add(more.events);
        self.scored = self.scored.saturating_add(more.scored);
        for (count, more) in self.quad.iter_mut().zip(more.quad) {
            *count = count.saturating_add(more);
        }
        Ok(())
    }
}

/// Keys are three small numbers: one multiplication each mixes them well enough.
#[derive(Debug, Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, v: u32) {
        self.0 = (self.0.rotate_left(23) ^ u64::from(v)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// Sums in the making.
#[derive(Debug, Default)]
pub(super) struct Tally {
    sums: HashMap<Key, Sum, BuildHasherDefault<Mix>>,
    lines: u64,
    refused: u64,
}

impl Tally {
    /// Adds whole lines; the last one may lack its line end.
    pub(super) fn lines(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut at = 0;
        while at < bytes.len() {
            let rest = &bytes[at..];
            let (event, read) = event(rest);
            at += read + memchr::memchr(b'\n', &rest[read..]).map_or(rest.len() - read, |n| n + 1);
            match event {
                Some((key, score, quad)) => {
                    self.lines += 1;
                    let mut one = Sum { events: 1, ..Sum::default() };
                    if let Some(score) = score {
                        (one.goldstein, one.scored) = (score, 1);
                    }
                    if let Some(count) = one.quad.get_mut(quad) {
                        *count = 1;
                    }
                    self.sums.entry(key).or_default().add(&one)?;
                }
                // An empty line is nothing.
                None if matches!(rest[..read], [] | [b'\r']) => {}
                None => self.refused += 1,
            }
        }
        if self.sums.len() > MAX_ROWS {
            return Err(format!("it holds more than {MAX_ROWS} days and dyads"));
        }
        Ok(())
    }

    /// Adds what another thread has.
    pub(super) fn add(&mut self, other: Self) -> Result<(), String> {
        self.lines += other.lines;
        self.refused += other.refused;
        #[expect(clippy::iter_over_hash_type, reason = "sums come to the same in any order")]
        for (key, more) in other.sums {
            self.sums.entry(key).or_default().add(&more)?;
        }
        if self.sums.len() > MAX_ROWS {
            return Err(format!("it holds more than {MAX_ROWS} days and dyads"));
        }
        Ok(())
    }

    /// The sums in order. A day that does not exist takes its lines out again.
    pub(super) fn finish(mut self) -> Days {
        let mut rows = Vec::with_capacity(self.sums.len());
        #[expect(clippy::iter_over_hash_type, reason = "the rows are sorted below")]
        for (key, sum) in self.sums {
            let (year, month, day) = (key.day / 10_000, key.day / 100 % 100, key.day % 100);
            let Ok(date) = Date::new(year as i16, month as i8, day as i8) else {
                self.lines -= sum.events;
                self.refused += sum.events;
                continue;
            };
            rows.push(DayDyad {
                date,
                actor: letters(key.actor),
                target: letters(key.target),
                events: sum.events,
                goldstein: sum.goldstein as f64 / PARTS as f64,
                scored: sum.scored,
                quad: sum.quad,
            });
        }
        rows.sort_by(|a, b| (a.date, &a.actor, &a.target).cmp(&(b.date, &b.actor, &b.target)));
        Days { rows, lines: self.lines, refused: self.refused }
    }
}

/// The event of the line that begins here, and how far it was read; the rest of the line is not looked at.
fn event(bytes: &[u8]) -> (Option<(Key, Option<i64>, usize)>, usize) {
    let mut cells: [&[u8]; GOLDSTEIN + 1] = [&[]; GOLDSTEIN + 1];
    let (mut from, mut column) = (0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        if *byte > b'\t' && *byte != b'\n' {
            continue;
        }
        match byte {
            b'\t' => {
                cells[column] = &bytes[from..at];
                if column == GOLDSTEIN {
                    return (read(&cells), at);
                }
                (column, from) = (column + 1, at + 1);
            }
            b'\n' => return (None, at),
            _ => {}
        }
    }
    (None, bytes.len())
}

fn read(cells: &[&[u8]; GOLDSTEIN + 1]) -> Option<(Key, Option<i64>, usize)> {
    let key =
        Key { day: day(cells[DAY])?, actor: code(cells[ACTOR])?, target: code(cells[TARGET])? };
    let score = match cells[GOLDSTEIN] {
        [] => None,
        cell => Some(score(cell)?),
    };
    let quad = match cells[QUAD] {
        [] => usize::MAX,
        [quad @ b'1'..=b'4'] => usize::from(quad - b'1'),
        _ => return None,
    };
    Some((key, score, quad))
}

fn day(cell: &[u8]) -> Option<u32> {
    if cell.len() != 8 || !cell.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(cell.iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')))
}

fn code(cell: &[u8]) -> Option<u32> {
    if cell.len() > 4 || !cell.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    Some(cell.iter().fold(0, |n, letter| (n << 8) | u32::from(*letter)))
}

fn letters(code: u32) -> String {
    code.to_be_bytes().iter().filter(|b| **b != 0).map(|b| char::from(*b)).collect()
}

/// A decimal number in parts of [`PARTS`]; scores over a thousand are none.
fn score(cell: &[u8]) -> Option<i64> {
    let (negative, digits) = match cell {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (mut value, mut places, mut any) = (0_i64, None, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                any = true;
                match places {
                    Some(6) => continue,
                    Some(ref mut n) => *n += 1,
                    None if value >= 1_000 => return None,
                    None => {}
                }
                value = value * 10 + i64::from(byte - b'0');
            }
            b'.' if places.is_none() => places = Some(0),
            _ => return None,
        }
    }
    let missing = 6 - places.unwrap_or(0);
    let value = value * 10_i64.pow(missing);
    any.then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_is_too_large_is_an_error() {
        let most = Sum { goldstein: i64::MAX, events: u64::MAX, ..Sum::default() };
        let one = Sum { goldstein: 1, events: 1, ..Sum::default() };
        let mut sum = most;
        assert!(sum.add(&one).unwrap_err().contains("Goldstein"));
        let mut sum = Sum { goldstein: 0, ..most };
        assert!(sum.add(&one).is_ok() && sum.events == u64::MAX);
    }
}
