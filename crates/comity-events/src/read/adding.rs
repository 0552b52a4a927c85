//! Lines added up as they are read, without a row for any of them.

use std::io::Read;

use super::blocks::{self, Block, Lines};
use super::gdelt::{Layout, Reader, Seen};
use super::report::Report;
use super::{Failed, Options, Sink, each_line, odd};
use crate::counts::sums::Figures;
use crate::counts::tally::{Key, Tally, Telling, Told, day_of};
use crate::error::Error;
use crate::event::{NONE, Rows};

/// Days and pairs that one thread may count apart: many more than there are.
const MOST: usize = 10_000_000;

/// The sums of one thread.
struct Own {
    reader: Reader,
    tally: Tally,
    /// The last codes and their numbers: the lines of one report stand together.
    last: [(Vec<u8>, u32); 2],
    told: Told,
}

impl Own {
    fn number(&mut self, which: usize, code: &[u8]) -> u32 {
        let last = &mut self.last[which];
        if last.0 != code {
            let text = std::str::from_utf8(code).unwrap_or_default();
            last.1 = self.tally.texts.number(text);
            last.0.clear();
            last.0.extend_from_slice(code);
        }
        last.1
    }

    fn add(&mut self, seen: &Seen<'_>) {
        let known = day_of(seen.known);
        let actor = self.number(0, seen.actor_state);
        let target = self.number(1, seen.target_state);
        let key = Key { actor, target, location: 0, day: seen.day, known };
        let figures = Figures {
            root: seen.root,
            quad: seen.quad,
            goldstein: seen.goldstein,
            mentions: seen.mentions,
            sources: seen.sources,
            articles: seen.articles,
            best: NONE,
            low: NONE,
            high: NONE,
        };
        self.told.event(&mut self.tally, key, &figures, seen.story());
    }
}

/// The lines of an export.
pub(super) fn exports<R: Read + Send>(
    lines: Lines<R>,
    layout: Layout,
    options: &Options<'_>,
    threads: usize,
    report: &mut Report,
) -> Result<Vec<Telling>, Error> {
    let own = || Own {
        reader: Reader::new(layout, options.as_of, true),
        tally: Tally::default(),
        last: [(Vec::new(), 0), (Vec::new(), 0)],
        told: Told::default(),
    };
    let work = |own: &mut Own, block: &Block| {
        let mut part = Report::default();
        each_line(block, &mut part, |text, number, part| {
            let seen = own.reader.line(text)?;
            own.add(&seen);
            odd(&seen, false, number, part);
            Ok(())
        });
        (part, own.tally.keys.len())
    };
    let file = report.file.clone();
    let take = |(part, rows): (Report, usize)| {
        report.follow(part);
        if rows > MOST {
            let what = format!("{MOST} days and pairs, more than any file has,");
            return Err(Failed::Sink(Error::TooLarge { what }));
        }
        Ok(())
    };
    let (owns, _) =
        blocks::each(lines, threads, own, work, take).map_err(|failed| match failed {
            Failed::Read(reason) => Error::Broken { file, line: None, reason },
            Failed::Sink(error) => error,
        })?;
    Ok(owns.into_iter().map(|own| (own.tally, own.told)).collect())
}

/// Adds up the rows that it is handed.
#[derive(Default)]
pub(super) struct Adding {
    pub telling: Telling,
    pub by_location: bool,
}

impl Sink for Adding {
    fn begin(&mut self, _: &str, _: bool) -> Result<(), Error> {
        Ok(())
    }

    fn rows(&mut self, rows: Rows) -> Result<(), Error> {
        for at in 0..rows.len() {
            let row = rows.row(at);
            let (tally, told) = &mut self.telling;
            let key = tally.key(&rows, at, self.by_location);
            told.event(tally, key, &Figures::from(&row), row.story);
        }
        Ok(())
    }

    fn end(&mut self, _: &mut Report, _: [u8; 32]) -> Result<(), Error> {
        Ok(())
    }
}
