//! Security treaties written one a line, and expanded to treaties, parties and directed pledges.
//!
//! `treaty_id,name,parties,start,end,terms,organization,integrated_command,wide_conference,confirmed,confirmed_by,source_row`
//!
//! * `parties`: `2 200 350@1952-02-18.. 220@..1966-03-10`, the dates where they differ from the treaty's.
//! * `terms`: what every party owes every other, in letters: `d` to fight if it is attacked, `o` to fight beside it otherwise,
//!   `n` to stay out, `a` not to attack it, `c` to consult. `2>732=dc` says what one party owes another and goes before the
//!   general letters (`*` is any party); `dc@..1986-08-11` holds in these dates only. `-` is nothing of these.
//! * `confirmed`: the last year in which a treaty without an end is known to be in force, by the public source in `confirmed_by`. Its rows then end in
//!   that year and on no day: it is not followed further. Others go on for as long as the source covers.

use jiff::civil::Date;

use super::StarterError;
use super::text::{Line, Lines, Moment};
use comity_record::rows::{TableRows, Value};
use comity_record::schema::ColumnType;

#[derive(Debug, Clone, Copy)]
struct Spell {
    start: Moment,
    end: Moment,
}

#[derive(Debug)]
struct Party {
    ccode: i32,
    spell: Spell,
}

#[derive(Debug)]
struct Term {
    /// Null stands for any party.
    ccode: Option<i32>,
    partner: Option<i32>,
    letters: String,
    spell: Spell,
}

struct Pact {
    spell: Spell,
    parties: Vec<Party>,
    terms: Vec<Term>,
    bilateral: bool,
    confirmed: Option<Confirmed>,
}

/// A treaty that stands today: to which year, and by what.
struct Confirmed {
    year: i32,
    by: String,
}

/// Expands every line into the table that `rows` is for.
pub(super) fn push_all(lines: &Lines, rows: &mut TableRows) -> Result<(), StarterError> {
    for line in &lines.rows {
        let pact = Pact::read(lines, line)?;
        let id = lines.cell(line, "treaty_id");
        match rows.table().name {
            "treaties" => {
                let mut cells = common(lines, line, &pact)?;
                cells.push(("name", lines.cell(line, "name").into()));
                cells.extend(pact.dates(pact.spell));
                rows.push(&cells, pact.source_row(lines, line, id)?);
            }
            "treaty_parties" => {
                for party in &pact.parties {
                    let mut cells = vec![("treaty_id", id.into()), ("ccode", party.ccode.into())];
                    cells.extend(pact.dates(party.spell));
                    let key = format!("{id},{}", party.ccode);
                    rows.push(&cells, pact.source_row(lines, line, &key)?);
                }
            }
            _ => pact.push_pledges(lines, line, rows)?,
        }
    }
    Ok(())
}

impl Pact {
    fn read(lines: &Lines, line: &Line) -> Result<Self, StarterError> {
        let spell = Spell { start: lines.moment(line, "start")?, end: lines.moment(line, "end")? };
        if spell.start.year.is_none() {
            return Err(lines.error(line, "a treaty needs its start"));
        }
        let mut parties = Vec::new();
        for item in lines.cell(line, "parties").split_whitespace() {
            let (ccode, own) = within(lines, line, item, spell)?;
            let ccode =
                ccode.parse().map_err(|_| lines.error(line, format!("`{item}` is not a ccode")))?;
            parties.push(Party { ccode, spell: own });
        }
        let mut members: Vec<i32> = parties.iter().map(|p| p.ccode).collect();
        members.sort_unstable();
        members.dedup();
        if members.len() < 2 {
            return Err(lines.error(line, "a treaty needs two parties"));
        }
        let mut terms = Vec::new();
        for item in lines.cell(line, "terms").split_whitespace() {
            let (head, own) = within(lines, line, item, spell)?;
            let (whom, letters) = head.split_once('=').unwrap_or(("*>*", head));
            let (ccode, partner) = whom
                .split_once('>')
                .ok_or_else(|| lines.error(line, format!("`{item}`: ccode>partner=letters")))?;
            let side = |text: &str| match text {
                "*" => Ok(None),
                t => t
                    .parse()
                    .map(Some)
                    .map_err(|_| lines.error(line, format!("`{t}` is not a ccode"))),
            };
            if let Some(wrong) = letters.chars().find(|c| !"donac-".contains(*c)) {
                return Err(
                    lines.error(line, format!("`{wrong}` in `{item}` is none of d o n a c"))
                );
            }
            terms.push(Term {
                ccode: side(ccode)?,
                partner: side(partner)?,
                letters: letters.into(),
                spell: own,
            });
        }
        if terms.is_empty() {
            return Err(lines.error(line, "a treaty needs its terms"));
        }
        let confirmed = Confirmed::read(lines, line, spell)?;
        Ok(Self { spell, parties, terms, bilateral: members.len() == 2, confirmed })
    }

    /// The dates of a row; of a treaty that is confirmed, an open end is in the year to which it is.
    fn dates(&self, spell: Spell) -> [(&'static str, Value); 4] {
        let to = self.confirmed.as_ref().map(|c| c.year);
        [
            ("start", spell.start.day.into()),
            ("start_year", spell.start.year.into()),
            ("end", spell.end.day.into()),
            ("end_year", spell.end.year.or(to).into()),
        ]
    }

    /// Where the text is, and by what the treaty is known to be in force.
    fn source_row(&self, lines: &Lines, line: &Line, key: &str) -> Result<String, StarterError> {
        let row = lines.source_row(line, key)?;
        Ok(match &self.confirmed {
            Some(Confirmed { year, by }) => format!("{row}; in force in {year}: {by}"),
            None => row,
        })
    }

    /// The terms for one directed pair: the most particular ones that are written.
    fn terms_for(&self, ccode: i32, partner: i32) -> Vec<&Term> {
        let fit = |t: &Term| {
            let one = t.ccode.is_none_or(|c| c == ccode);
            let other = t.partner.is_none_or(|c| c == partner);
            (one && other)
                .then(|| usize::from(t.ccode.is_some()) + usize::from(t.partner.is_some()))
        };
        let best = self.terms.iter().filter_map(fit).max();
        self.terms.iter().filter(|t| best.is_some() && fit(t) == best).collect()
    }

    fn push_pledges(
        &self,
        lines: &Lines,
        line: &Line,
        rows: &mut TableRows,
    ) -> Result<(), StarterError> {
        let id = lines.cell(line, "treaty_id");
        let mut shared = common(lines, line, self)?;
        let command = shared.iter().find(|(column, _)| *column == "integrated_command");
        let stationing = command.map_or(Value::Null, |(_, value)| value.clone());
        shared.push(("stationing", stationing));
        let asymmetric =
            self.terms.iter().any(|t| t.letters != self.terms[0].letters && t.ccode.is_some());
        for party in &self.parties {
            for partner in self.parties.iter().filter(|p| p.ccode != party.ccode) {
                for term in self.terms_for(party.ccode, partner.ccode) {
                    let Some(spell) =
                        meet(party.spell, partner.spell).and_then(|both| meet(both, term.spell))
                    else {
                        continue;
                    };
                    let owes = |letter: char| Value::Bool(term.letters.contains(letter));
                    let mut cells = shared.clone();
                    cells.extend([
                        ("treaty", lines.cell(line, "name").into()),
                        ("ccode", party.ccode.into()),
                        ("partner", partner.ccode.into()),
                        ("defense", owes('d')),
                        ("offense", owes('o')),
                        ("neutrality", owes('n')),
                        ("nonaggression", owes('a')),
                        ("consultation", owes('c')),
                        ("asymmetric", asymmetric.into()),
                    ]);
                    cells.extend(self.dates(spell));
                    let key = format!("{id},{},{}", party.ccode, partner.ccode);
                    rows.push(&cells, self.source_row(lines, line, &key)?);
                }
            }
        }
        Ok(())
    }
}

/// What the treaty says of itself; an empty cell for the organisation and the conference means none.
fn common(
    lines: &Lines,
    line: &Line,
    pact: &Pact,
) -> Result<Vec<(&'static str, Value)>, StarterError> {
    let or_none = |column, kind, none: Value| {
        lines.value(line, column, kind).map(|v| if v == Value::Null { none } else { v })
    };
    Ok(vec![
        ("treaty_id", lines.cell(line, "treaty_id").into()),
        ("bilateral", pact.bilateral.into()),
        ("organization", or_none("organization", ColumnType::Int, Value::Int(0))?),
        (
            "integrated_command",
            or_none("integrated_command", ColumnType::Bool, Value::Bool(false))?,
        ),
        ("wide_conference", or_none("wide_conference", ColumnType::Bool, Value::Bool(false))?),
    ])
}

impl Confirmed {
    fn read(lines: &Lines, line: &Line, spell: Spell) -> Result<Option<Self>, StarterError> {
        let (Value::Int(year), by) =
            (lines.value(line, "confirmed", ColumnType::Int)?, lines.cell(line, "confirmed_by"))
        else {
            return Ok(None);
        };
        if spell.end.year.is_some() || by.is_empty() {
            let wanted = "a treaty that is confirmed has no end and says by what it is";
            return Err(lines.error(line, wanted));
        }
        Ok(Some(Self { year, by: by.into() }))
    }
}

/// Splits `head@start..end` and fills the dates that are not written from the treaty's own.
fn within<'a>(
    lines: &Lines,
    line: &Line,
    item: &'a str,
    spell: Spell,
) -> Result<(&'a str, Spell), StarterError> {
    let Some((head, when)) = item.split_once('@') else { return Ok((item, spell)) };
    let (from, to) = when.split_once("..").unwrap_or((when, ""));
    let read = |text: &str, otherwise: Moment| match text {
        "" => Ok(otherwise),
        t => {
            Moment::parse(t).map_err(|wanted| lines.error(line, format!("`{item}`: not {wanted}")))
        }
    };
    Ok((head, Spell { start: read(from, spell.start)?, end: read(to, spell.end)? }))
}

/// The time in which both hold, if there is any.
fn meet(a: Spell, b: Spell) -> Option<Spell> {
    let start = if first_day(a.start) >= first_day(b.start) { a.start } else { b.start };
    let end = match (last_day(a.end), last_day(b.end)) {
        (None, _) => b.end,
        (_, None) => a.end,
        (Some(x), Some(y)) => {
            if x <= y {
                a.end
            } else {
                b.end
            }
        }
    };
    let open = last_day(end);
    (open.is_none() || first_day(start) <= open).then_some(Spell { start, end })
}

fn first_day(moment: Moment) -> Option<Date> {
    moment.day.or_else(|| Date::new(moment.year? as i16, 1, 1).ok())
}

fn last_day(moment: Moment) -> Option<Date> {
    moment.day.or_else(|| Date::new(moment.year? as i16, 12, 31).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use arrow::array::{Array, AsArray};
    use arrow::datatypes::Int32Type;
    use comity_record::schema::table;

    use super::*;
    use crate::starter::files::StarterFile;

    static FILE: StarterFile = StarterFile {
        source: "starter-treaties",
        table: "pacts",
        path: "treaties/invented.csv",
        text: "treaty_id,name,parties,start,end,terms,confirmed,confirmed_by,source_row
stands,Pact,1 2 3@..1990-05-01 4@2020-01-01..,1950-06-01,,d,2024,a communiqué,UNTS 1/1
open,Pact,1 2,1950-06-01,,d,,,UNTS 1/2
",
    };

    #[test]
    fn a_treaty_that_is_confirmed_ends_in_that_year_and_on_no_day() {
        let lines = Lines::read(&FILE).unwrap();
        let mut rows = TableRows::new(table("treaty_parties").unwrap(), "starter-treaties");
        push_all(&lines, &mut rows).unwrap();
        let batch = rows.finish();
        let ends = batch.column_by_name("end_year").unwrap().as_primitive::<Int32Type>();
        let last: Vec<Option<i32>> = ends.iter().collect();
        assert_eq!(last, [Some(2024), Some(2024), Some(1990), Some(2024), None, None]);
        let days = batch.column_by_name("end").unwrap();
        assert_eq!((0..6).filter(|r| days.is_valid(*r)).collect::<Vec<_>>(), [2]);
        let sources = batch.column_by_name("source_row").unwrap().as_string::<i32>();
        assert!(sources.value(0).ends_with("; in force in 2024: a communiqué"));
        assert!(!sources.value(4).contains("in force"));
    }

    #[test]
    fn a_confirmation_needs_its_source_and_an_open_end() {
        for (end, by) in [("", ""), ("1990-01-01", "a communiqué")] {
            let text = format!(
                "treaty_id,name,parties,start,end,terms,confirmed,confirmed_by,source_row\nx,Pact,1 2,1950,{end},d,2024,{by},UNTS\n"
            );
            let file = StarterFile { text: text.leak(), ..FILE };
            let lines = Lines::read(Box::leak(Box::new(file))).unwrap();
            let mut rows = TableRows::new(table("treaties").unwrap(), "starter-treaties");
            let error = push_all(&lines, &mut rows).unwrap_err().to_string();
            assert!(error.contains("is confirmed"), "{error}");
        }
    }
}
