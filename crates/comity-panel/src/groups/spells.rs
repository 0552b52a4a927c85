//! Years since the last event of a unit.

use std::sync::Arc;

use crate::cells::{Cells, Kind, Value};
use crate::chunk::{Chunk, Source};
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::grain::Grain;
use crate::group::{Group, Made};
use crate::keep::Keep;
use crate::make::Make;
use crate::rules::Gaps;
use crate::unit::Run;
use comity_record::nearest;

pub(super) static PEACE_YEARS: Group = Group {
    name: "peace-years",
    doc: "years since the last event: of every `...ongoing` column of the groups requested before it, or of the column named, `peace-years:sanction` (an event is any value but 0). 0 in the first year of a unit of which it is known whether there was one, and in the year after one with an event; after unknown years within a unit, null until the next event; the year of an event has the spell that it ends. In rows by month or day, months or days. With --where, only rows that are kept are counted and begin a count; with --gaps, what is done about years between them",
    choices: &[],
    tables: &[],
    gw_tables: &[],
    of_states: &[
        spell("cowmidspell"),
        spell("gmlmidspell"),
        spell("cowinterspell"),
        spell("cowintraspell"),
        spell("cowextraspell"),
        spell("ucdpspell"),
    ],
    of_pairs: &[
        spell("cowmidspell"),
        spell("gmlmidspell"),
        spell("cowinterspell"),
        spell("cowdyadicspell"),
        spell("ucdpspell"),
    ],
    rows_of: None,
    events: &[],
    made: Made::FromColumns(make),
};

const fn spell(name: &'static str) -> Declared {
    Declared {
        name,
        kind: Kind::Small,
        doc: "years since the last event; null where it is not known whether there was one",
    }
}

fn make(make: &Make<'_>, before: &[Column]) -> Result<Vec<Column>, PanelError> {
    let events: Vec<&Column> = before.iter().filter(|c| counted(c, make.choice)).collect();
    if events.is_empty() && !make.choice.is_empty() {
        let error = PanelError::new(format!(
            "`peace-years` counts from events, and no column `{}` is requested before it",
            make.choice
        ));
        let numbers = before.iter().filter(|c| c.kind != Kind::Text);
        return Err(match nearest(make.choice, numbers.map(|c| c.name.as_str())) {
            Some(near) => error.help(near),
            None => error
                .help("name its group first, for example --with sanctions,peace-years:sanction"),
        });
    }
    if events.is_empty() {
        return Err(PanelError::new(
            "`peace-years` counts from events, and no group of conflicts is requested before it",
        )
        .help("name one first, for example --with disputes:cow,peace-years")
        .help("or the column to count from, for example --with sanctions,peace-years:sanction"));
    }
    let grain = make.base.grain;
    // Two centuries of days are more than a small number holds.
    let kind = if grain == Grain::Day { Kind::Int } else { Kind::Small };
    let spell = |event: &&Column| {
        let (of, keep) = (Arc::clone(&event.source), make.keep.clone());
        let source = Spell { event: of, kind: event.kind, gaps: make.gaps, keep };
        let name = match event.name.strip_suffix("ongoing") {
            Some(conflict) => format!("{conflict}spell"),
            None => format!("{}_spell", event.name),
        };
        let doc = match grain {
            Grain::Year => PEACE_YEARS.of_states[0].doc.to_owned(),
            _ => PEACE_YEARS.of_states[0]
                .doc
                .replace("years since", &format!("{}s since", grain.name())),
        };
        let kept = if make.keep.is_some() { ", counted over the rows that are kept" } else { "" };
        Column {
            name,
            kind,
            doc: doc + kept,
            group: PEACE_YEARS.name,
            event: false,
            source: Arc::new(source),
            ..(*event).clone()
        }
    };
    Ok(events.iter().map(spell).collect())
}

/// Whether events of this column are counted: of the one named, else of every conflict.
fn counted(column: &Column, choice: &str) -> bool {
    match choice {
        "" => column.event,
        name => column.name == name && column.kind != Kind::Text,
    }
}

struct Spell {
    event: Arc<dyn Source>,
    kind: Kind,
    gaps: Gaps,
    keep: Option<Arc<Keep>>,
}

impl Source for Spell {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        // The count needs all the time of the unit, whichever part is written; of that the rows that are kept.
        let events = chunk.history(self.event.as_ref(), self.kind);
        let kept = self.keep.as_ref().map(|keep| keep.history(chunk));
        let (mut first, mut periods, mut spells) = (0, Vec::new(), Vec::new());
        let (mut rows, mut of_kept) = (Vec::new(), Vec::new());
        for block in chunk.blocks {
            periods.clear();
            periods.extend(block.history.iter().flat_map(Run::periods));
            match &kept {
                None => count(&periods, |row| events.number(first + row), self.gaps, &mut spells),
                Some(kept) => {
                    rows.clear();
                    rows.extend((0..periods.len()).filter(|row| kept[first + row]));
                    let those: Vec<i32> = rows.iter().map(|row| periods[*row]).collect();
                    let event = |at: usize| events.number(first + rows[at]);
                    count(&those, event, self.gaps, &mut of_kept);
                    spells.clear();
                    spells.resize(periods.len(), None);
                    rows.iter().zip(&of_kept).for_each(|(row, spell)| spells[*row] = *spell);
                }
            }
            first += periods.len();
            if block.clipped.is_none() {
                let known = spells.iter().take_while(|s| s.is_some()).count();
                out.extend(spells[..known].iter().flatten().copied());
                spells[known..].iter().for_each(|s| out.push(s.map(Value::Int)));
                continue;
            }
            let mut at = 0;
            for period in block.runs().iter().flat_map(Run::periods) {
                while periods[at] != period {
                    at += 1;
                }
                out.push(spells[at].map(Value::Int));
            }
        }
    }
}

/// The count of each row, by the value of its event.
fn count(
    years: &[i32],
    event: impl Fn(usize) -> Option<f64>,
    gaps: Gaps,
    spells: &mut Vec<Option<i32>>,
) {
    // The year, or the row, of which the count is 0; none while it is not known whether something happened.
    let mut zero: Option<i32> = None;
    let mut begun = false;
    spells.clear();
    for (row, year) in years.iter().enumerate() {
        let here = if gaps == Gaps::Rows { row as i32 } else { *year };
        let after_gap = row > 0 && years[row - 1] + 1 != *year;
        let event = event(row).map(|value| value != 0.0);
        begun &= gaps != Gaps::Restart || !after_gap;
        // Years before the first of which something is known are no gap.
        if !begun && event.is_some() {
            zero = Some(here);
            begun = true;
        }
        spells.push(event.and(zero).map(|zero| here - zero));
        match event {
            Some(false) => {}
            Some(true) => zero = Some(here + 1),
            None => zero = None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(years: &[i32], events: &[Option<i32>], gaps: Gaps) -> Vec<Option<i32>> {
        let mut spells = Vec::new();
        count(years, |row| events[row].map(f64::from), gaps, &mut spells);
        spells
    }

    #[test]
    fn the_year_of_an_event_has_the_spell_that_it_ends() {
        let years: Vec<i32> = (1900..1907).collect();
        let events = [0, 0, 0, 1, 1, 0, 0].map(Some);
        for (gaps, ..) in Gaps::ALL {
            let expected = [0, 1, 2, 3, 0, 0, 1].map(Some);
            assert_eq!(counted(&years, &events, *gaps), expected);
        }
        assert_eq!(counted(&[1900], &[Some(1)], Gaps::Rows), [Some(0)]);
    }

    #[test]
    fn at_a_gap_the_user_chooses() {
        let (years, events) = ([1939, 1940, 1945, 1946], [1, 0, 0, 0].map(Some));
        assert_eq!(counted(&years, &events, Gaps::Calendar), [0, 0, 5, 6].map(Some));
        assert_eq!(counted(&years, &events, Gaps::Rows), [0, 0, 1, 2].map(Some));
        assert_eq!(counted(&years, &events, Gaps::Restart), [0, 0, 0, 1].map(Some));
    }

    #[test]
    fn the_count_begins_with_the_first_year_that_is_known() {
        let (years, events) = ([1944, 1945, 1946, 1947], [None, None, Some(0), Some(0)]);
        for (gaps, ..) in Gaps::ALL {
            let spells = counted(&years, &events, *gaps);
            assert_eq!(spells, [None, None, Some(0), Some(1)]);
        }
        let (years, events) = ([1940, 1945, 1946, 1947], [Some(1), None, Some(0), Some(0)]);
        let spells = counted(&years, &events, Gaps::Restart);
        assert_eq!(spells, [Some(0), None, Some(0), Some(1)]);
    }

    #[test]
    fn after_what_is_not_known_nothing_is_until_the_next_event() {
        let events = [Some(0), None, Some(0), Some(1), Some(0)];
        let spells = counted(&[1, 2, 3, 4, 5], &events, Gaps::Calendar);
        assert_eq!(spells, [Some(0), None, None, None, Some(0)]);
    }
}
