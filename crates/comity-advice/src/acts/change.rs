//! Acts that change what is there: the latest row takes other values, or counts one more.

use std::collections::BTreeMap;

use comity_record::rows::Value;

use super::definition::{Each, Op, Write};
use super::lay::{Cell, Laying, Sides, whole};
use super::read::{Act, Held};
use super::sheet::Key;
use crate::Error;

impl Laying<'_> {
    /// The latest row before takes other values in each year of the act.
    pub(super) fn change(&mut self, act: &Act, write: &Write, sides: Sides) -> Result<(), Error> {
        let table = write.canonical();
        let wanted = self.wanted(act, write, sides)?;
        let from = act.span.from.year;
        let sheet = self.sheet(table)?;
        let mut found: Vec<(i32, Key)> = Vec::new();
        for key in sheet.matching(&wanted) {
            if let Value::Int(year) = sheet.cell(&key, "year") {
                found.push((year, key));
            }
        }
        let increase = write.op == Op::Increase;
        // One more can only be counted where the others are known.
        if increase && !found.iter().any(|(year, _)| *year == from) {
            let what = format!(
                "{} of {from} are not known: one more cannot be counted with them",
                write.table
            );
            return Err(Error::act(&act.say, what).help("name a year that the record covers"));
        }
        let before = |year: &i32| *year < from || (increase && *year == from);
        let Some(last) =
            found.iter().filter(|(year, _)| before(year)).max_by_key(|(year, _)| *year).cloned()
        else {
            let own = write.op == Op::Change && write.times.is_empty();
            if write.optional {
                return Ok(());
            }
            if own && found.is_empty() {
                return Err(Error::act(
                    &act.say,
                    format!("the record has no row of {} for it", write.table),
                ));
            }
            let what = format!(
                "the record has no row of {} before {from} for it, so there is nothing to start from",
                write.table
            );
            return Err(Error::act(&act.say, what));
        };
        // Rows of one year: several sources, or several missions.
        let of_last =
            found.iter().filter(|(year, _)| *year == last.0).map(|(_, key)| key.clone()).collect();
        let base: Vec<(Key, Vec<Cell>)> = sheet
            .preferred(of_last)
            .into_iter()
            .map(|key| (key.clone(), sheet.cells(&key)))
            .collect();
        let to = if increase || write.each == Each::Once {
            from
        } else {
            act.span.to.map_or(self.horizon.max(from), |to| to.year)
        };
        if last.0 + 1 < from && !increase {
            self.assumed.push(format!(
                "{}: {} of {} are the last known before {from} and are taken to hold until then",
                act.say, write.table, last.0
            ));
        }
        let start = if increase { from } else { last.0 + 1 };
        for year in start..=to {
            let acting = year >= from;
            // Facts of years between are known: they stay. So do those of the acting years, in what is not changed.
            let known: Vec<Key> =
                found.iter().filter(|(y, _)| *y == year).map(|(_, k)| k.clone()).collect();
            if !acting && !known.is_empty() {
                continue;
            }
            let rows: Vec<(Key, Vec<Cell>)> = match known.is_empty() {
                true => base.clone(),
                false => {
                    let sheet = self.sheet(table)?;
                    let preferred = sheet.preferred(known.clone());
                    preferred.into_iter().map(|k| (k.clone(), sheet.cells(&k))).collect()
                }
            };
            for key in &known {
                self.sheet(table)?.hide(key);
            }
            for (at, (key, cells)) in rows.into_iter().enumerate() {
                let start =
                    base.get(at).or(base.first()).map(|(_, c)| c.clone()).unwrap_or_default();
                let mut cells: BTreeMap<String, Value> = cells.into_iter().collect();
                cells.insert("year".into(), year.into());
                if acting {
                    self.changed(act, write, sides, (year, from), &start, &mut cells)?;
                }
                let of = (!known.is_empty()).then(|| self.sheets[table.name].named(&key));
                self.put(&act.say, table, cells, "changes", of)?;
            }
        }
        Ok(())
    }

    fn changed(
        &self,
        act: &Act,
        write: &Write,
        sides: Sides,
        (year, from): (i32, i32),
        start: &[Cell],
        cells: &mut BTreeMap<String, Value>,
    ) -> Result<(), Error> {
        let table = write.canonical();
        for (name, value) in &write.cells {
            cells.insert(name.clone(), self.cell(act, table, name, value, sides, year)?);
        }
        for (name, slot) in &write.times {
            let Some(Held::Number(share)) = act.slots.get(slot.trim_start_matches('$')) else {
                continue;
            };
            let times = if write.compound { year - from + 1 } else { 1 };
            let before = start.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
            let value = match before {
                Some(Value::Float(v)) => Value::Float((v * (1.0 + share).powi(times)).max(0.0)),
                Some(Value::Int(v)) => {
                    let changed = (f64::from(v) * (1.0 + share).powi(times)).max(0.0);
                    let too_large =
                        || Error::act(&act.say, format!("{name} cannot hold {changed}"));
                    Value::Int(whole(changed).ok_or_else(too_large)?)
                }
                _ => Value::Null,
            };
            cells.insert(name.clone(), value);
        }
        for (name, more) in &write.plus {
            if let Some(Value::Int(v)) = cells.get(name).cloned() {
                let too_large =
                    || Error::act(&act.say, format!("{name} cannot hold more than {v}"));
                cells.insert(name.clone(), Value::Int(v.checked_add(*more).ok_or_else(too_large)?));
            }
        }
        Ok(())
    }
}
