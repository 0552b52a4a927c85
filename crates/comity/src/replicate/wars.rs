use std::collections::BTreeMap;

use comity_measures::models::{TailKind, references, tail, tail_goodness};

use super::{Given, Line, Place, Replication};
use crate::Error;
use crate::models::Columns;

pub(super) const WAR_SIZES: Replication = Replication {
    name: "clauset-2018",
    about: "the sizes of inter-state wars, 1823-2003, as a power law above a minimum of battle deaths",
    needs: "Inter-StateWarData_v4.0.csv of the Correlates of War (or a folder that has it), or a record with COW wars",
    differences: "the printed error takes the minimum as given; where it is found anew in each sample of the wars, the exponent varies by about 0.11. Spagat et al. (2024) call the evidence of the tail weak",
    reference: references::WAR_SIZES,
    run,
};

/// Data sets that are made to tell how good the law is, and where their random numbers begin.
const RUNS: usize = 1000;
const SEED: u64 = 1;
/// Below this p-value the law is implausible (Clauset, Shalizi & Newman 2009).
const IMPLAUSIBLE: f64 = 0.1;

fn run(given: &Given<'_>) -> Result<Vec<Line>, Error> {
    let data = match given.data {
        Some(_) => given.columns("Inter-StateWarData_v4.0.csv", &["warnum", "batdeath"])?,
        None => of_record(given)?,
    };
    let mut deaths: BTreeMap<u64, f64> = BTreeMap::new();
    for (war, died) in data.numbers("warnum")?.iter().zip(data.numbers("batdeath")?) {
        let war = war.unwrap_or(0.0).to_bits();
        // Codes for a number that is not known are negative.
        *deaths.entry(war).or_default() += died.unwrap_or(0.0).max(0.0);
    }
    let all: Vec<f64> = deaths.into_values().filter(|d| *d > 0.0).collect();
    let law = tail(&all, TailKind::Continuous)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let p = tail_goodness(&all, TailKind::Continuous, RUNS, SEED, threads)?;
    let place = Place { table: "p. 3", model: "power law" };
    // Published as 1.53 ± 0.07.
    let exponent = place.line("exponent", "coefficient", law.exponent, "1.53");
    let exponent = Line { tolerance: 0.07, ..exponent };
    let plausible = place.value("p-value of the law (at least 0.1)", p, "1");
    Ok(vec![
        place.value("wars", law.rows as f64, "95"),
        exponent,
        place.line("exponent", "std_error", law.error, "0.07"),
        place.value("minimum of battle deaths", law.minimum, "7061"),
        place.value("wars from the minimum on", law.in_tail as f64, "51"),
        Line { tolerance: 1.0 - IMPLAUSIBLE, ..plausible },
    ])
}

fn of_record(given: &Given<'_>) -> Result<Columns, Error> {
    let sql = "select cast(row_number() over (order by war_id) as double) as number, p.* from ( \
               select p.war_id, sum(p.deaths) as deaths from war_parties p join wars w on w.war_id = p.war_id \
               where w.war_type = 'inter-state' and w.start_year <= 2003 group by p.war_id) p";
    let table = given.record.query(sql)?;
    let read = Columns::of(&table, Some(&["number", "deaths"]))?;
    let mut data = Columns::empty(read.rows);
    data.add("warnum", read.numbers("number")?.to_vec());
    data.add("batdeath", read.numbers("deaths")?.to_vec());
    Ok(data)
}
