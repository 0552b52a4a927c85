//! Arms races between rivals, by rules and as a list has them, and Richardson's model of a pair.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use comity_measures::races::{
    Checked, DIEHL, Forces, GIBLER_RIDER_HUTCHISON, GROWTH, Growth, HORN, RICHARDSON, RaceYear,
    Reaction, Rule, check_race, races, richardson,
};
use comity_record::columns::{int, ints, text, texts};

use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, STATES, Subject, Takes, YEARS};
use crate::measured::{Rows, refused};

const fn column(name: &'static str, kind: Kind, doc: &'static str) -> Declared {
    Declared { name, kind, doc }
}

const CCODE1: Declared =
    column("ccode1", Kind::Int, "the first state, the one with the smaller number");
const CCODE2: Declared = column("ccode2", Kind::Int, "the second state");

/// Dollars to a pound before the First World War: expenditure is published in pounds to 1913 and in dollars from 1914.
const DOLLARS_TO_A_POUND: f64 = 4.866_5;

/// The last year in pounds.
const LAST_IN_POUNDS: i32 = 1913;

const AMONG: Parameter = Parameter {
    name: "among",
    takes: Takes::Choice(&[
        ("rivals", "pairs of the list of strategic rivalries, in the years of their rivalry"),
        ("pairs", "every pair of the states that are named"),
    ]),
    default: "rivals",
    doc: "between whom a race counts",
};

/// Arms races by a rule.
pub(crate) static ARMS_RACE: Measure = Measure {
    name: "arms_race",
    title: "years of an arms race between two states, by a published rule, and why",
    subject: Subject::ArmsRaces,
    doc: "The years in which two rivals raised their forces together, as the rule that is chosen asks for, with the growth that it found. Expenditure is that of the national material capabilities in current prices, as the authors of the rules had it; figures in pounds, to 1913, are turned into dollars at the gold parity, so that the change of currency is no growth. The historical judgement behind published lists is not in a rule: see listed-arms-race.",
    formula: "gibler-rider-hutchison: growth of milex or milper of both >= 8 % in each of three years or more that follow each other\ndiehl: mean growth of milex over three years >= 8 % for both\nhorn: mean growth of milex over ten years above the mean of all years of the state, and faster in the second half than in the first, for both",
    unit: "growth over the year before, as a share of it",
    null: "the growth of one is not known in the year; a year in which the rule cannot be decided has no row",
    references: &[GIBLER_RIDER_HUTCHISON, DIEHL, HORN],
    reads: &["capabilities", "rivalries"],
    parameters: &[
        Parameter {
            name: "rule",
            takes: Takes::Choice(&[
                (
                    "gibler-rider-hutchison",
                    "8 per cent in each of three years, expenditure or personnel",
                ),
                ("diehl", "8 per cent in the mean of three years, expenditure"),
                (
                    "horn",
                    "faster than the state's own mean, and speeding up, expenditure over ten years",
                ),
            ]),
            default: "gibler-rider-hutchison",
            doc: "the rule",
        },
        YEARS,
        STATES,
        AMONG,
        Parameter {
            name: "growth",
            takes: Takes::Real,
            default: "0.08",
            doc: "growth in a year that gibler-rider-hutchison and diehl ask for, as a share",
        },
        Parameter {
            name: "least",
            takes: Takes::Int,
            default: "3",
            doc: "fewest years of gibler-rider-hutchison, and years of the mean of diehl",
        },
        Parameter {
            name: "over",
            takes: Takes::Int,
            default: "10",
            doc: "years that horn looks back over; the author used 6 and 12 too",
        },
    ],
    columns: &[
        CCODE1,
        CCODE2,
        column("year", Kind::Int, "a year that the rule finds"),
        column("start", Kind::Int, "the first year of the race"),
        column("end", Kind::Int, "the last year of it"),
        column("spending_growth1", Kind::Real, "growth of the expenditure of the first state"),
        column("personnel_growth1", Kind::Real, "growth of its personnel"),
        column("spending_growth2", Kind::Real, "growth of the expenditure of the second state"),
        column("personnel_growth2", Kind::Real, "growth of its personnel"),
        column(
            "listed",
            Kind::Text,
            "the race of the list of arms races that it overlaps; null where the list has none",
        ),
        column("why", Kind::Text, "what the rule found"),
    ],
    made: Computed::ByChoice { rows: found, reads },
};

/// What the rule says of every race of a list.
pub(crate) static LISTED_ARMS_RACE: Measure = Measure {
    name: "listed_arms_race",
    title: "what the rule of Gibler, Rider and Hutchison says of every race of a list",
    subject: Subject::ArmsRaces,
    doc: "Every race of the record's list of arms races, held against the growth that the rule asks for in the record's own figures: the years after the first in which both raised expenditure or personnel by 8 per cent, those in which one did not, and those in which it is not known.",
    formula: "growth of milex or milper of both >= 8 % in every year after the first",
    unit: "years",
    null: "no text: no such year",
    references: &[GIBLER_RIDER_HUTCHISON],
    reads: &["arms_races", "capabilities"],
    parameters: &[YEARS, STATES],
    columns: &[
        CCODE1,
        CCODE2,
        column("race_id", Kind::Text, "the race in the list"),
        column("start", Kind::Int, "its first year in the list"),
        column("end", Kind::Int, "its last year in the list"),
        column(
            "satisfied",
            Kind::Int,
            "1 where the rule holds in every year after the first, else 0",
        ),
        column("years", Kind::Int, "years after the first in which it holds"),
        column(
            "longest",
            Kind::Int,
            "most years that follow each other in which it holds, from the year before the race",
        ),
        column("not_in", Kind::Text, "years after the first in which it does not hold"),
        column("unknown_in", Kind::Text, "years after the first in which a figure is missing"),
    ],
    made: Computed::Table(listed),
};

/// Richardson's coefficients.
pub(crate) static RICHARDSON_MODEL: Measure = Measure {
    name: "richardson",
    title: "Richardson's reaction, fatigue and grievance of two states",
    subject: Subject::ArmsRaces,
    doc: "How the military expenditure of each of two rivals changes with the other's (reaction), with its own (fatigue) and by itself (grievance), fitted by least squares over the years of their rivalry, or over the years that are asked for. A reaction above zero is what an arms race is in this model; where fatigue outweighs reaction the two return to a balance.",
    formula: "x(t) - x(t-1) = k y(t-1) - a x(t-1) + g; stable where a1 a2 > k1 k2 and a1 + a2 > 0",
    unit: "reaction and fatigue: change in a year per unit of expenditure; grievance: thousands of current US dollars",
    null: "fewer than five years are known of both, or their expenditures do not vary apart from each other",
    references: &[RICHARDSON],
    reads: &["capabilities", "rivalries"],
    parameters: &[YEARS, STATES, AMONG],
    columns: &[
        CCODE1,
        CCODE2,
        column("start", Kind::Int, "first year of the rivalry, or of the years asked for"),
        column("end", Kind::Int, "last year"),
        column("years", Kind::Int, "years that it is fitted on"),
        column("reaction1", Kind::Real, "reaction of the first state to the second"),
        column("reaction1_se", Kind::Real, "its standard error"),
        column("fatigue1", Kind::Real, "fatigue of the first state"),
        column("fatigue1_se", Kind::Real, "its standard error"),
        column("grievance1", Kind::Real, "grievance of the first state"),
        column("grievance1_se", Kind::Real, "its standard error"),
        column("reaction2", Kind::Real, "reaction of the second state to the first"),
        column("reaction2_se", Kind::Real, "its standard error"),
        column("fatigue2", Kind::Real, "fatigue of the second state"),
        column("fatigue2_se", Kind::Real, "its standard error"),
        column("grievance2", Kind::Real, "grievance of the second state"),
        column("grievance2_se", Kind::Real, "its standard error"),
        column("stable", Kind::Int, "1 where the two return to a balance, else 0"),
        column("not_fitted", Kind::Text, "why nothing is fitted; null where it is"),
    ],
    made: Computed::ByChoice { rows: fitted, reads },
};

fn reads(asked: &Asked<'_>) -> Vec<&'static str> {
    match asked.word("among") {
        "pairs" => vec!["capabilities"],
        _ => vec!["capabilities", "rivalries"],
    }
}

/// The forces of every state, expenditure in dollars.
fn forces(asked: &Asked<'_>) -> Result<BTreeMap<i32, Forces>, PanelError> {
    asked.needs("capabilities")?;
    let batch = asked.table("capabilities")?;
    let (ccode, year) = (ints(&batch, "ccode"), ints(&batch, "year"));
    let figures = ["milex", "milper"]
        .map(|name| batch.column_by_name(name).map(|column| column.as_primitive::<Float64Type>()));
    let mut rows: BTreeMap<i32, BTreeMap<i32, [Option<f64>; 2]>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let (Some(state), Some(year)) = (int(ccode, row), int(year, row)) else { continue };
        let known = |at: usize| figures[at].filter(|c| c.is_valid(row)).map(|c| c.value(row));
        let rate = if year <= LAST_IN_POUNDS { DOLLARS_TO_A_POUND } else { 1.0 };
        let figures = [known(0).map(|pounds| pounds * rate), known(1)];
        rows.entry(state).or_default().insert(year, figures);
    }
    let of = |(state, years): (i32, BTreeMap<i32, [Option<f64>; 2]>)| {
        let first = *years.first_key_value()?.0;
        let last = *years.last_key_value()?.0;
        let at = |which: usize| {
            (first..=last).map(|year| years.get(&year).and_then(|of| of[which])).collect()
        };
        Some((state, Forces { first, spending: at(0), personnel: at(1) }))
    };
    Ok(rows.into_iter().filter_map(of).collect())
}

/// Each pair, the smaller number first, and the spells in which a race counts; none: all years.
type Spells = BTreeMap<(i32, i32), Vec<(i32, i32)>>;

/// The pairs that are asked for.
fn pairs(asked: &Asked<'_>, forces: &BTreeMap<i32, Forces>) -> Result<Spells, PanelError> {
    if asked.word("among") == "rivals" {
        return spells(asked, "rivalries");
    }
    let states = asked.states();
    if states.is_empty() {
        return Err(PanelError::new(format!(
            "`{}` among pairs: no state is named",
            asked.measure.name
        ))
        .help("name one state or several, or ask among rivals"));
    }
    let of = |a: i32, b: i32| ((a.min(b), a.max(b)), Vec::new());
    let others = |a: i32| forces.keys().filter(move |b| **b != a).map(move |b| of(a, *b));
    let all = states.iter().flat_map(|a| others(*a));
    Ok(all.filter(|((a, b), _)| asked.has_pair(*a, *b)).collect())
}

/// The spells of a table of rivals.
fn spells(asked: &Asked<'_>, table: &str) -> Result<Spells, PanelError> {
    asked.needs(table)?;
    let batch = asked.table(table)?;
    let coverage = asked.record.coverage(table, asked.reading);
    let (one, two) = (ints(&batch, "ccode"), ints(&batch, "rival"));
    let (start, end) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
    let source = texts(&batch, "source");
    let mut all = Spells::new();
    for row in 0..batch.num_rows() {
        let (Some(a), Some(b), Some(from)) = (int(one, row), int(two, row), int(start, row)) else {
            continue;
        };
        let to = int(end, row).unwrap_or_else(|| coverage.open_end(text(source, row), from));
        if asked.has_pair(a, b) {
            all.entry((a.min(b), a.max(b))).or_default().push((from, to));
        }
    }
    for spells in all.values_mut() {
        spells.sort_unstable();
        spells.dedup();
    }
    Ok(all)
}

fn rule(asked: &Asked<'_>) -> Result<Rule, PanelError> {
    let years = |name: &str| {
        let given = asked.int(name).unwrap_or_default();
        u8::try_from(given).map_err(|_| {
            PanelError::new(format!("`{name}` is {given}: 1 to 255 years are wanted"))
                .help("the usual values are 3, and 10 for horn")
        })
    };
    let growth = asked.real("growth").unwrap_or(GROWTH);
    Ok(match asked.word("rule") {
        "diehl" => Rule::MeanOf { growth, years: years("least")? },
        "horn" => Rule::Faster { years: years("over")? },
        _ => Rule::EveryYear { growth, years: years("least")? },
    })
}

fn found(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let forces = forces(asked)?;
    let rule = rule(asked)?;
    let listed = list(asked)?;
    let mut rows: Vec<((i32, i32), RaceYear)> = Vec::new();
    for (pair, during) in pairs(asked, &forces)? {
        let (Some(one), Some(two)) = (forces.get(&pair.0), forces.get(&pair.1)) else { continue };
        let years = races(one, two, rule, &during).map_err(|e| refused(asked.measure, &e))?;
        rows.extend(years.into_iter().filter(|r| asked.has_year(r.year)).map(|r| (pair, r)));
    }
    let overlaps = |(pair, race): &((i32, i32), RaceYear)| {
        let of =
            listed.iter().find(|l| l.pair == *pair && l.start <= race.end && l.end >= race.start);
        of.map_or("", |l| l.id.as_str())
    };
    let key = |of: fn(&((i32, i32), RaceYear)) -> i32| rows.iter().map(of).collect::<Vec<i32>>();
    let growth = |state: usize, of: fn(&Growth) -> Option<f64>| {
        rows.iter().map(|(_, race)| of(&race.growth[state])).collect::<Vec<_>>()
    };
    let why: Vec<String> = rows.iter().map(|(_, race)| why(rule, race)).collect();
    let listed: Vec<&str> = rows.iter().map(overlaps).collect();
    Rows::of(asked.measure)
        .keys(key(|r| r.0.0))
        .keys(key(|r| r.0.1))
        .keys(key(|r| r.1.year))
        .keys(key(|r| r.1.start))
        .keys(key(|r| r.1.end))
        .reals(growth(0, |g| g.spending))
        .reals(growth(0, |g| g.personnel))
        .reals(growth(1, |g| g.spending))
        .reals(growth(1, |g| g.personnel))
        .texts(&listed)
        .texts(&why)
        .finish()
}

/// What a rule found, in words.
fn why(rule: Rule, race: &RaceYear) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let [one, two] = race.measured.map(percent);
    match rule {
        Rule::EveryYear { growth, .. } => {
            let raised = |of: &Growth| {
                let up = |g: Option<f64>| g.is_some_and(|g| g >= growth - 1e-9);
                match (up(of.spending), up(of.personnel)) {
                    (true, true) => "expenditure and personnel",
                    (true, false) => "expenditure",
                    _ => "personnel",
                }
            };
            let [first, second] = race.growth.each_ref().map(raised);
            format!(
                "the first raised {first} (by {one} at most), the second {second} (by {two} at most)"
            )
        }
        Rule::MeanOf { years, .. } => {
            format!("expenditure grew by {one} and {two} in the mean of {years} years")
        }
        Rule::Faster { years } => format!(
            "over {years} years expenditure grew by {one} and {two} more a year than in the mean of all years, and faster in the second half"
        ),
    }
}

/// A race of the list.
struct Race {
    id: String,
    pair: (i32, i32),
    start: i32,
    end: i32,
}

/// The list of arms races, each once; empty where the record has none.
fn list(asked: &Asked<'_>) -> Result<Vec<Race>, PanelError> {
    let batch = asked.table("arms_races")?;
    let (one, two, id) = (ints(&batch, "ccode"), ints(&batch, "rival"), texts(&batch, "race_id"));
    let (start, end) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
    let mut races: BTreeMap<((i32, i32), i32, String), i32> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        if let (Some(a), Some(b), Some(from)) = (int(one, row), int(two, row), int(start, row)) {
            let to = int(end, row).unwrap_or(from);
            races.insert(((a.min(b), a.max(b)), from, text(id, row).to_owned()), to);
        }
    }
    let one = |((pair, start, id), end)| Race { id, pair, start, end };
    Ok(races.into_iter().map(one).collect())
}

fn listed(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    asked.needs("arms_races")?;
    let forces = forces(asked)?;
    let nobody = Forces::default();
    let mut checked = Vec::new();
    for race in list(asked)? {
        let within = (race.start..=race.end).any(|year| asked.has_year(year));
        if within && asked.has_pair(race.pair.0, race.pair.1) {
            let of = |ccode: i32| forces.get(&ccode).unwrap_or(&nobody);
            let (one, two) = (of(race.pair.0), of(race.pair.1));
            let found = check_race(one, two, (race.start, race.end), GROWTH);
            checked.push((race, found.map_err(|e| refused(asked.measure, &e))?));
        }
    }
    let years = |held: Option<bool>| -> Vec<String> {
        let of = |years: &[(i32, Option<bool>)]| {
            let years = years.iter().filter(|(_, h)| *h == held).map(|(year, _)| year.to_string());
            years.collect::<Vec<_>>().join(", ")
        };
        checked.iter().map(|(_, c)| of(&c.after_first)).collect()
    };
    let ids: Vec<&str> = checked.iter().map(|(race, _)| race.id.as_str()).collect();
    let key = |of: fn(&Race) -> i32| checked.iter().map(|(race, _)| of(race)).collect::<Vec<i32>>();
    let held =
        |c: &Checked| c.after_first.iter().filter(|(_, held)| *held == Some(true)).count() as i32;
    Rows::of(asked.measure)
        .keys(key(|r| r.pair.0))
        .keys(key(|r| r.pair.1))
        .texts(&ids)
        .keys(key(|r| r.start))
        .keys(key(|r| r.end))
        .keys(checked.iter().map(|(_, c)| i32::from(c.every_year())).collect())
        .keys(checked.iter().map(|(_, c)| held(c)).collect())
        .keys(checked.iter().map(|(_, c)| c.longest as i32).collect())
        .texts(&years(Some(false)))
        .texts(&years(None))
        .finish()
}

fn fitted(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let forces = forces(asked)?;
    let (mut ones, mut twos, mut starts, mut ends) = (vec![], vec![], vec![], vec![]);
    let mut fits = Vec::new();
    for (pair, during) in pairs(asked, &forces)? {
        let (Some(one), Some(two)) = (forces.get(&pair.0), forces.get(&pair.1)) else { continue };
        // The years of both, where none bound them.
        let last = |f: &Forces| f.first + f.spending.len() as i32 - 1;
        let all = (one.first.max(two.first) + 1, last(one).min(last(two)));
        let spells = if during.is_empty() { vec![all] } else { during };
        for (from, to) in spells {
            let years = asked.years().unwrap_or(from..=to);
            let (from, to) = (from.max(*years.start()), to.min(*years.end()));
            if from > to {
                continue;
            }
            ones.push(pair.0);
            twos.push(pair.1);
            starts.push(from);
            ends.push(to);
            fits.push(richardson(one, two, (from, to)));
        }
    }
    let mut rows = Rows::of(asked.measure).keys(ones).keys(twos).keys(starts).keys(ends);
    rows = rows.ints(fits.iter().map(|f| f.as_ref().ok().map(|f| f.years as i32)).collect());
    let of: [fn(&Reaction) -> f64; 6] = [
        |r| r.reaction,
        |r| r.reaction_error,
        |r| r.fatigue,
        |r| r.fatigue_error,
        |r| r.grievance,
        |r| r.grievance_error,
    ];
    for state in 0..2 {
        for of in of {
            let value = fits.iter().map(|f| f.as_ref().ok().map(|f| of(&f.of[state])));
            rows = rows.reals(value.collect());
        }
    }
    let stable = fits.iter().map(|f| f.as_ref().ok().map(|f| i32::from(f.is_stable())));
    let why: Vec<String> = fits
        .iter()
        .map(|f| f.as_ref().err().map_or_else(String::new, ToString::to_string))
        .collect();
    rows.ints(stable.collect()).texts(&why).finish()
}
