//! Event lines by the million: a GDELT export added up by day and directed dyad, without a row of its own for any event.
//!
//! The layouts of GDELT 1.0 (57 and 58 columns) and 2.0 (61) agree up to the columns that are needed here. Files are read in
//! pieces, by as many threads as requested; sums are whole numbers inside, so that the order of the pieces is never seen.
//!
//! A line that is not an event line (too few columns, no date, a code longer than four letters) is counted and left out.

mod tally;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;

use jiff::civil::Date;

use crate::ReadError;
use crate::codes::from_cameo;
use crate::formats::{FREE_UNPACKED, MAX_MEMBERS, MAX_RATIO};
use crate::plain;
use tally::Tally;

/// How much of a file one thread takes at a time.
const PIECE: u64 = 8 * 1024 * 1024;
/// How far a line may reach past the end of its piece at first reading.
const REACH: u64 = 64 * 1024;
/// The longest line that is one.
const MAX_LINE: u64 = 4 * 1024 * 1024;
/// The columns of an export: GDELT 1.0 without and with the address, and 2.0.
const WIDTHS: [usize; 3] = [57, 58, 61];

/// What one directed dyad of actor countries did on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayDyad {
    /// The day of the events.
    pub date: Date,
    /// The actor's country code as published; empty: an actor without a country.
    pub actor: String,
    /// The target's country code as published; empty: no target, or one without a country.
    pub target: String,
    /// How many events.
    pub events: u64,
    /// The sum of their Goldstein scores.
    pub goldstein: f64,
    /// How many of them have a score.
    pub scored: u64,
    /// How many are verbal cooperation, material cooperation, verbal conflict and material conflict.
    pub quad: [u64; 4],
}

impl DayDyad {
    /// The actor as a state of the day.
    pub fn ccode(&self) -> Option<i32> {
        from_cameo(&self.actor, self.date)
    }

    /// The target as a state of the day.
    pub fn partner(&self) -> Option<i32> {
        from_cameo(&self.target, self.date)
    }
}

/// An export added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Days {
    /// By day, actor and target.
    pub rows: Vec<DayDyad>,
    /// Lines that were added up.
    pub lines: u64,
    /// Lines that are no event lines.
    pub refused: u64,
}

/// Adds up an export: plain, or in gzip or zip.
///
/// # Errors
/// Where the file cannot be read, is damaged, or does not begin as an export does.
pub fn by_day_and_dyad(path: &Path, threads: usize) -> Result<Days, ReadError> {
    let open = || plain::open(path).map(|(file, _)| file);
    let broken = |reason: String| ReadError::Broken { file: name(path), reason };
    let mut head = Vec::new();
    let failed = |e: std::io::Error| broken(e.to_string());
    open()?.take(4).read_to_end(&mut head).map_err(failed)?;
    let size = open()?.metadata().map_err(failed)?.len();
    if size == 0 {
        return Err(broken("it is empty".into()));
    }
    let tally = match head[..] {
        [0x1F, 0x8B, ..] => {
            let packed = std::io::BufReader::new(open()?);
            stream(flate2::bufread::MultiGzDecoder::new(packed), size).map_err(broken)?
        }
        [b'P', b'K', 3 | 5, 4 | 6] => members(open()?, size).map_err(broken)?,
        _ => {
            let next = AtomicU64::new(0);
            let work = || pieces(open()?, size, &next).map_err(broken);
            std::thread::scope(|scope| {
                let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
                others.into_iter().try_fold(work()?, |mut sum, other| {
                    let other = other.join().map_err(|_| broken("a thread gave up".into()))?;
                    sum.add(other?).map_err(broken)?;
                    Ok::<Tally, ReadError>(sum)
                })
            })?
        }
    };
    Ok(tally.finish())
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// Takes pieces of a plain file until there is none left: the lines that begin in a piece are its own.
fn pieces(mut file: File, size: u64, next: &AtomicU64) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut bytes = Vec::new();
    loop {
        let start = next.fetch_add(1, Ordering::Relaxed) * PIECE;
        if start >= size {
            return Ok(tally);
        }
        // The byte before decides whether a line begins with the piece.
        let from = start.saturating_sub(1);
        let end = (start + PIECE).min(size);
        file.seek(SeekFrom::Start(from)).map_err(|e| e.to_string())?;
        bytes.clear();
        let read = |bytes: &mut Vec<u8>, file: &mut File, most: u64| {
            file.take(most).read_to_end(bytes).map_err(|e| e.to_string())
        };
        read(&mut bytes, &mut file, end - from + REACH)?;
        let own = (end - from) as usize;
        let last = |bytes: &[u8]| {
            let after = memchr::memchr(b'\n', bytes.get(own.saturating_sub(1)..)?)?;
            Some(own.saturating_sub(1) + after + 1)
        };
        let mut whole = last(&bytes);
        if whole.is_none() && from + (bytes.len() as u64) < size {
            read(&mut bytes, &mut file, MAX_LINE)?;
            whole = last(&bytes);
            if whole.is_none() && from + (bytes.len() as u64) < size {
                return Err(format!("a line is longer than {MAX_LINE} bytes"));
            }
        }
        let lines = &bytes[..whole.unwrap_or(bytes.len())];
        let first = match start {
            0 => {
                check(lines)?;
                0
            }
            _ => memchr::memchr(b'\n', lines).map_or(lines.len(), |at| at + 1),
        };
        tally.lines(&lines[first..])?;
    }
}

/// Unpacks here and adds up beside.
fn stream(from: impl Read, packed: u64) -> Result<Tally, String> {
    let most = packed.saturating_mul(MAX_RATIO).max(FREE_UNPACKED);
    let mut from = from.take(most + 1);
    let (give, take) = sync_channel::<Vec<u8>>(2);
    std::thread::scope(|scope| {
        let adding = scope.spawn(move || {
            let mut tally = Tally::default();
            for lines in take {
                tally.lines(&lines)?;
            }
            Ok::<Tally, String>(tally)
        });
        let mut unpack = || {
            let (mut rest, mut begun, mut unpacked) = (Vec::new(), false, 0_u64);
            loop {
                let mut bytes = std::mem::take(&mut rest);
                let read = (&mut from)
                    .take(PIECE)
                    .read_to_end(&mut bytes)
                    .map_err(|e| format!("it is cut off or damaged ({e})"))?;
                unpacked += read as u64;
                if unpacked > most {
                    return Err(format!("it unpacks to more than {MAX_RATIO} times its size"));
                }
                let whole = match memchr::memrchr(b'\n', &bytes) {
                    Some(at) if read > 0 => at + 1,
                    None if read > 0 && bytes.len() as u64 > MAX_LINE + PIECE => {
                        return Err(format!("a line is longer than {MAX_LINE} bytes"));
                    }
                    None if read > 0 => {
                        rest = bytes;
                        continue;
                    }
                    _ => bytes.len(),
                };
                rest.extend_from_slice(&bytes[whole..]);
                bytes.truncate(whole);
                if !begun {
                    check(&bytes)?;
                    begun = true;
                }
                if give.send(bytes).is_err() || read == 0 {
                    return Ok(());
                }
            }
        };
        let unpacked = unpack();
        drop(give);
        let tally = adding.join().map_err(|_| "a thread gave up".to_owned())?;
        unpacked.and(tally)
    })
}

/// Every file of a zip, one after the other.
fn members(file: File, size: u64) -> Result<Tally, String> {
    let mut zip = zip::ZipArchive::new(std::io::BufReader::new(file))
        .map_err(|e| format!("it is a zip that is cut off or damaged ({e})"))?;
    if zip.len() > MAX_MEMBERS {
        return Err(format!("it holds {} members", zip.len()));
    }
    let mut sum = Tally::default();
    for at in 0..zip.len() {
        let member = zip.by_index(at).map_err(|e| format!("a member cannot be unpacked ({e})"))?;
        if member.is_file() {
            let packed = member.compressed_size().min(size);
            sum.add(stream(member, packed)?)?;
        }
    }
    Ok(sum)
}

/// Whether the first line has the columns of an export, and a day where it stands.
fn check(lines: &[u8]) -> Result<(), String> {
    let line = lines.split(|b| *b == b'\n').next().unwrap_or_default();
    let columns = line.split(|b| *b == b'\t').count();
    let day = line.split(|b| *b == b'\t').nth(1).unwrap_or_default();
    if WIDTHS.contains(&columns) && day.len() == 8 && day.iter().all(u8::is_ascii_digit) {
        return Ok(());
    }
    Err(format!(
        "it is not a GDELT export: its first line has {columns} columns between tabs, not 57, 58 or 61"
    ))
}

#[cfg(test)]
mod tests;
