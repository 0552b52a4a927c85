//! Armed conflicts written as episodes: who took part in which years, expanded to a row per year.
//!
//! `conflict_id,conflict_type,location,parties,years,source_row`. `years` holds runs with an intensity, `1950-1953:2 1961:1`.
//! `parties` holds `role=ccode` with the years where they differ from the conflict's: `a=750 b=770 a2=200@1951-1953`.

use std::collections::BTreeMap;

use super::StarterError;
use super::text::{Line, Lines};
use comity_record::rows::{TableRows, Value};
use comity_record::schema::ColumnType;

/// Expands every line into the table that `rows` is for.
pub(super) fn push_all(lines: &Lines, rows: &mut TableRows) -> Result<(), StarterError> {
    for line in &lines.rows {
        let id = lines.cell(line, "conflict_id");
        let kind = lines.value(line, "conflict_type", ColumnType::Int)?;
        let years = intensities(lines, line)?;
        if rows.table().name == "armed_conflicts" {
            for (year, intensity) in &years {
                rows.push(
                    &[
                        ("conflict_id", id.into()),
                        ("year", (*year).into()),
                        ("location", lines.cell(line, "location").into()),
                        ("conflict_type", kind.clone()),
                        ("intensity", (*intensity).into()),
                    ],
                    lines.source_row(line, &format!("{id},{year}"))?,
                );
            }
            continue;
        }
        for party in lines.cell(line, "parties").split_whitespace() {
            let (role, whom) = party
                .split_once('=')
                .ok_or_else(|| lines.error(line, format!("`{party}`: role=ccode")))?;
            let (ccode, when) = whom.split_once('@').map_or((whom, None), |(c, y)| (c, Some(y)));
            let ccode = Value::parse(ColumnType::Int, ccode)
                .map_err(|wanted| lines.error(line, format!("`{party}` is not {wanted}")))?;
            let mut own: Vec<i32> = Vec::new();
            match when {
                None => own.extend(years.keys()),
                Some(runs) => {
                    for run in runs.split('+') {
                        own.extend(run_of(lines, line, run)?.filter(|y| years.contains_key(y)));
                    }
                }
            }
            for year in own {
                rows.push(
                    &[
                        ("conflict_id", id.into()),
                        ("year", year.into()),
                        ("ccode", ccode.clone()),
                        ("role", role.into()),
                        ("conflict_type", kind.clone()),
                        ("intensity", years[&year].into()),
                    ],
                    lines.source_row(line, &format!("{id},{year},{role}"))?,
                );
            }
        }
    }
    Ok(())
}

fn intensities(lines: &Lines, line: &Line) -> Result<BTreeMap<i32, i32>, StarterError> {
    let mut years = BTreeMap::new();
    for part in lines.cell(line, "years").split_whitespace() {
        let (run, level) = part
            .split_once(':')
            .ok_or_else(|| lines.error(line, format!("`{part}`: years:intensity")))?;
        let level: i32 = level
            .parse()
            .map_err(|_| lines.error(line, format!("`{part}`: intensity is 1 or 2")))?;
        for year in run_of(lines, line, run)? {
            years.insert(year, level);
        }
    }
    Ok(years)
}

fn run_of(
    lines: &Lines,
    line: &Line,
    run: &str,
) -> Result<std::ops::RangeInclusive<i32>, StarterError> {
    let (from, to) = run.split_once('-').unwrap_or((run, run));
    match (from.parse(), to.parse()) {
        (Ok(from), Ok(to)) => Ok(from..=to),
        _ => Err(lines.error(line, format!("`{run}` is not a year or a run of years"))),
    }
}
