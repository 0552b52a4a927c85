//! From what was asked for to a panel that is ready to be written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use comity_record::{Reading, Record};

use super::cells::Kind;
use super::derive::Derived;
use super::error::PanelError;
use super::expand::{Disputes, Expansion, Laid};
use super::groups::disputes::{self, whittle};
use super::groups::leader_disputes::LeaderDisputes;
use super::groups::{Column, GROUPS, Gaps, Group, Make, Rule, Shape, group, published};
use super::keys;
use super::office::{Beside, Leaders};
use super::parallel::side_by_side;
use super::system::Codes;
use super::tables::Grid;
use super::unit::{Base, Block, Unit};
use crate::error::nearest;

/// The most rows that a panel may have: more is a mistake, and would never end.
const MOST: usize = 2_000_000_000;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Spec {
    /// One row per what.
    pub unit: Unit,
    /// In whose list of states.
    pub codes: Codes,
    /// Whether each pair stands in both orders.
    pub directed: bool,
    /// The years wanted; none: all.
    pub years: Option<RangeInclusive<i32>>,
    /// The year to which states and great powers are carried past the end of their lists.
    pub extend_to: Option<i32>,
    /// Groups of columns, each with what stood behind its colon.
    pub with: Vec<(String, Option<String>)>,
    /// Only these columns beside the keys; empty: all.
    pub columns: Vec<String>,
    /// Only rows among these states, by their codes in the list; of pairs, one state alone stands for all of its pairs. Empty: all.
    pub states: Vec<i32>,
    /// How many states a group has, for `kad-years`.
    pub k: usize,
    /// How one of several disputes of a pair and year is chosen; none for the usual rules.
    pub rules: Option<Vec<Rule>>,
    /// What a count of peace years does at a gap.
    pub gaps: Gaps,
    /// Columns made from other columns of the same unit: lags, leads, windows.
    pub derived: Vec<Derived>,
    /// Who answers; none: the baseline of the record.
    pub reading: Option<Reading>,
}

impl Spec {
    /// All years of that unit, without covariates.
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            codes: Codes::Cow,
            directed: false,
            years: None,
            extend_to: None,
            with: Vec::new(),
            columns: Vec::new(),
            states: Vec::new(),
            k: 3,
            rules: None,
            gaps: Gaps::default(),
            derived: Vec::new(),
            reading: None,
        }
    }
}

/// A panel that is ready to be written. Cheap to clone.
#[derive(Clone)]
pub struct Panel {
    pub(super) base: Arc<Base>,
    pub(super) blocks: Arc<[Block]>,
    pub(super) keys: Vec<Column>,
    pub(super) columns: Vec<Column>,
    pub(super) expansion: Option<Arc<Expansion>>,
    /// What the expansion writes.
    pub(super) laid: Arc<[Laid]>,
    /// The columns of the schema.
    pub(super) order: Arc<[Place]>,
    pub(super) schema: SchemaRef,
    pub(super) years: Option<RangeInclusive<i32>>,
    pub(super) system_sources: Vec<String>,
}

/// Where a column of the schema comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Key(usize),
    Laid(usize),
    Column(usize),
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

impl Panel {
    /// Reads what the panel needs and plans its rows.
    pub fn prepare(record: &Record, spec: &Spec) -> Result<Self, PanelError> {
        let asked = spec.reading.clone().unwrap_or_else(|| record.baseline());
        let reading = published(record, asked);
        if let Some(years) = spec.years.as_ref().filter(|y| y.is_empty()) {
            return Err(PanelError::new(format!(
                "the years {} to {} are out of order",
                years.start(),
                years.end()
            )));
        }
        if spec.extend_to.is_some_and(|to| to > 2200) {
            return Err(PanelError::new("states are not carried on beyond 2200"));
        }
        let base = Base::of(record, &reading, spec.codes, spec.extend_to)?;
        let there = base.system.years.clone();
        if let Some(years) =
            spec.years.as_ref().filter(|y| y.end() < there.start() || y.start() > there.end())
        {
            return Err(PanelError::new(format!(
                "no state is listed in the years {} to {}",
                years.start(),
                years.end()
            ))
            .help(format!(
                "the list of states has {} to {}; --extend-to carries it on",
                there.start(),
                there.end()
            )));
        }
        let mut among = among(&base, spec)?;
        let k = spec.unit.states().unwrap_or(spec.k);
        // One state alone has no pairs: its pairs with all others are meant.
        let alone = (k == 2 && spec.states.len() == 1).then(|| among[0]);
        if alone.is_some() {
            among = (0..base.system.codes.len() as u16).collect();
        }
        let shape = match k {
            1 => Shape::State,
            2 => Shape::Pair { directed: spec.directed || spec.unit == Unit::DisputeYears },
            k => Shape::Many(k),
        };
        let grid = Grid::of(&base.cow);
        let rules: Vec<Rule> =
            spec.rules.clone().unwrap_or_else(|| Rule::ALL.iter().map(|(r, ..)| *r).collect());
        let make = |group: &'static Group,
                    choice: String,
                    before: &[Column]|
         -> Result<Vec<Column>, PanelError> {
            let context = Make {
                record,
                reading: reading.clone(),
                base: &base,
                grid: grid.clone(),
                shape,
                choice: &choice,
                group,
                rules: &rules,
                gaps: spec.gaps,
                before,
            };
            if !group.tables.is_empty() && !group.tables.iter().any(|t| context.holds(t)) {
                let datasets: BTreeSet<&str> =
                    group.tables.iter().flat_map(|t| comity_record::answers::datasets(t)).collect();
                return Err(super::groups::absent(
                    &context,
                    &datasets.into_iter().collect::<Vec<_>>(),
                ));
            }
            (group.make)(&context)
        };
        let by_leader = matches!(spec.unit, Unit::LeaderYears | Unit::LeaderDyadYears);
        let (mut wanted, mut lists) = (Vec::new(), 0);
        let (mut traits, mut disputes_of_leaders) = (false, None::<String>);
        for (name, choice) in &spec.with {
            let (group, choice) = chosen(name, choice.as_deref())?;
            if spec.unit == Unit::DisputeYears && group.name == disputes::DISPUTES.name {
                // It says whose disputes the rows are; the rows have their columns.
                lists += 1;
                continue;
            }
            if by_leader && group.of_leaders() {
                // Of the leader of the row: beside the leader's name, not by state.
                traits = true;
                continue;
            }
            if by_leader && group.name == disputes::DISPUTES.name && disputes::of_leaders(&choice) {
                if disputes_of_leaders.replace(choice).is_some() {
                    return Err(PanelError::new(format!("`{name}` is asked for twice")));
                }
                continue;
            }
            let again = |(_, known, chosen): &(_, &Group, String)| {
                std::ptr::eq(*known, group) && *chosen == choice
            };
            if wanted.iter().any(again) {
                return Err(PanelError::new(format!("`{name}` is asked for twice")));
            }
            wanted.push((name, group, choice));
        }
        if lists > 1 {
            return Err(PanelError::new("a panel of disputes has the disputes of one list")
                .help("one of disputes:cow, disputes:gml"));
        }
        // Groups are made side by side, but for those that count from the columns before them.
        let mut early = side_by_side(
            &wanted,
            || (),
            |(), (_, group, choice)| {
                (!group.after_others()).then(|| make(group, choice.clone(), &[]))
            },
        );
        let mut columns: Vec<Column> = Vec::new();
        for ((name, group, choice), made) in wanted.into_iter().zip(&mut early) {
            let made = match made.take() {
                Some(made) => made?,
                None => make(group, choice, &columns).map_err(|error| {
                    if disputes_of_leaders.is_some() {
                        error.help("no years are counted from disputes of leaders; disputes:cow are those of the state")
                    } else {
                        error
                    }
                })?,
            };
            for mut column in made {
                if columns.iter().any(|c| c.name == column.name) {
                    column.name = column.named_apart();
                }
                if columns.iter().any(|c| c.name == column.name) {
                    return Err(PanelError::new(format!("`{name}` is asked for twice")));
                }
                columns.push(column);
            }
        }
        for derived in &spec.derived {
            let column = derived.column(&columns)?;
            if columns.iter().any(|c| c.name == column.name) {
                return Err(PanelError::new(format!(
                    "the column `{}` is there already",
                    column.name
                )));
            }
            columns.push(column);
        }
        let years = spec.years.as_ref();
        let first = &GROUPS[0];
        let context = Make {
            record,
            reading: reading.clone(),
            base: &base,
            grid,
            shape,
            choice: "",
            group: first,
            rules: &rules,
            gaps: spec.gaps,
            before: &[],
        };
        let (blocks, expansion) = match spec.unit {
            Unit::DisputeYears => {
                if spec.codes == Codes::Gw {
                    return Err(PanelError::new(
                        "disputes are listed by Correlates of War states alone",
                    )
                    .help("ask for --system cow"));
                }
                let (group, choice) = chosen(
                    "disputes",
                    spec.with.iter().find(|(n, _)| n == "disputes").and_then(|(_, c)| c.as_deref()),
                )?;
                let context = disputes::chosen(&Make { group, choice: &choice, ..context })?;
                let kept: Vec<_> =
                    whittle(&disputes::dyads(&context)?, spec.rules.as_deref().unwrap_or(&[]))
                        .into_iter()
                        .filter(|d| {
                            alone.is_none_or(|s| d.one == s || d.two == s)
                                && (spec.directed || d.one < d.two)
                                && among.contains(&d.one)
                                && among.contains(&d.two)
                        })
                        .collect();
                let mut listed: BTreeMap<(u16, u16), Vec<i32>> = BTreeMap::new();
                kept.iter().for_each(|d| listed.entry((d.one, d.two)).or_default().push(d.year));
                let disputes = Disputes::of(&context, &kept);
                (base.blocks_of_pairs(&listed, years), Some(Expansion::Disputes(disputes)))
            }
            unit => {
                let expansion = match unit {
                    Unit::StateMonths | Unit::DyadMonths => Some(Expansion::Months),
                    Unit::StateDays => Some(Expansion::Days),
                    Unit::LeaderYears | Unit::LeaderDyadYears => {
                        let of = |choice: &String| {
                            LeaderDisputes::of(&Make {
                                group: &disputes::DISPUTES,
                                choice,
                                ..context.again()
                            })
                        };
                        let disputes = disputes_of_leaders.as_ref().map(of).transpose()?;
                        let beside = Beside { traits, disputes };
                        Some(Expansion::Leaders(Box::new(Leaders::of(&context, beside)?)))
                    }
                    _ => None,
                };
                check_size(k, among.len(), base.system.span(), spec.directed && k == 2)?;
                let only = alone.filter(|_| k == 2);
                {
                    let mut blocks = base.blocks(k, spec.directed && k == 2, &among, years);
                    blocks.retain(|b| only.is_none_or(|state| b.states.contains(&state)));
                    (blocks, expansion)
                }
            }
        };
        let family = comity_record::schema::table(spec.codes.table()).map_or("", |t| t.family);
        let system_sources = reading.sources(family).to_vec();
        let base = Arc::new(base);
        let keys = keys::of(&base, shape);
        let laid = expansion.iter().flat_map(|e| e.columns(shape.members())).collect::<Vec<_>>();
        for column in &mut columns {
            if laid.iter().any(|l| l.about.name == column.name) {
                column.name = column.named_apart();
            }
        }
        if !spec.columns.is_empty() {
            check_columns(spec, &columns, &laid)?;
            columns.retain(|c| spec.columns.contains(&c.name));
        }
        let order = order(spec, &keys, &laid, &columns, expansion.as_ref());
        // Which row it is, is always known.
        let fields: Vec<Field> = order
            .iter()
            .map(|place| match place {
                Place::Key(at) => field(&keys[*at].name, keys[*at].kind).with_nullable(false),
                Place::Laid(at) => field(&laid[*at].about.name, laid[*at].kind),
                Place::Column(at) => field(&columns[*at].name, columns[*at].kind),
            })
            .collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = fields.iter().find(|f| !seen.insert(f.name().clone())) {
            return Err(PanelError::new(format!(
                "the column `{}` would stand in the panel twice",
                twice.name()
            ))
            .help("leave its group out: the unit has it already"));
        }
        Ok(Self {
            base,
            blocks: blocks.into(),
            keys,
            laid: laid.into(),
            columns,
            order: order.into(),
            expansion: expansion.map(Arc::new),
            schema: Arc::new(Schema::new(fields)),
            years: spec.years.clone(),
            system_sources,
        })
    }
}

/// That every column asked for is there.
fn check_columns(spec: &Spec, columns: &[Column], laid: &[Laid]) -> Result<(), PanelError> {
    let known = || {
        let laid = laid.iter().map(|l| l.about.name.as_str());
        columns.iter().map(|c| c.name.as_str()).chain(laid)
    };
    let Some(wanted) = spec.columns.iter().find(|wanted| !known().any(|name| name == *wanted))
    else {
        return Ok(());
    };
    let error = PanelError::new(format!("no column `{wanted}` in these groups"));
    Err(match nearest(wanted, known()) {
        Some(near) => error.help(near),
        None => error.help("`comity panel groups` lists the columns of each group"),
    })
}

/// Keys, what the rows are laid out into, and the columns of groups; what says who a row is about first.
fn order(
    spec: &Spec,
    keys: &[Column],
    laid: &[Laid],
    columns: &[Column],
    expansion: Option<&Expansion>,
) -> Vec<Place> {
    let of_group = |at: &usize| laid[*at].about.group.is_some();
    let leads = expansion.is_some_and(Expansion::leads);
    let first = (0..laid.len()).filter(|at| !of_group(at) && leads).map(Place::Laid);
    let second = (0..laid.len()).filter(|at| !of_group(at) && !leads).map(Place::Laid);
    let shown =
        |at: &usize| spec.columns.is_empty() || spec.columns.contains(&laid[*at].about.name);
    let third = (0..laid.len()).filter(|at| of_group(at) && shown(at)).map(Place::Laid);
    let own = (0..keys.len()).map(Place::Key);
    let rest = (0..columns.len()).map(Place::Column);
    first.chain(own).chain(second).chain(third).chain(rest).collect()
}

fn field(name: &str, kind: Kind) -> Field {
    Field::new(name, kind.arrow(), true)
}

/// The group of that name with the choice made.
fn chosen(name: &str, choice: Option<&str>) -> Result<(&'static Group, String), PanelError> {
    let Some(group) = group(name) else {
        let error = PanelError::new(format!("no group `{name}`"));
        return Err(match nearest(name, GROUPS.iter().map(|g| g.name)) {
            Some(near) => error.help(near),
            None => error.help("`comity panel groups` lists them"),
        });
    };
    let names = || group.choices.iter().map(|(c, _)| *c);
    let choice = match choice {
        None => names().next().unwrap_or("").to_owned(),
        Some(column) if group.takes_columns() => column.to_owned(),
        Some(choice) if names().any(|c| c == choice) => choice.to_owned(),
        Some(choice) => {
            let known: Vec<&str> = names().collect();
            let error = PanelError::new(format!("`{name}` has no choice `{choice}`"));
            return Err(error.help(if known.is_empty() {
                format!("write `{name}` alone")
            } else {
                format!("one of {}", known.join(", "))
            }));
        }
    };
    Ok((group, choice))
}

/// The states that take part, by their numbers.
fn among(base: &Base, spec: &Spec) -> Result<Vec<u16>, PanelError> {
    let all = 0..base.system.codes.len() as u16;
    if spec.states.is_empty() {
        if spec.unit == Unit::KadYears {
            return Err(PanelError::new("`kad-years` is about the states that are named")
                .help("for example --states USA,UKG,FRN,RUS,CHN --k 3"));
        }
        return Ok(all.collect());
    }
    let mut among: Vec<u16> = Vec::new();
    for code in &spec.states {
        let Some(number) = base.system.number(*code) else {
            return Err(PanelError::new(format!("no state {code} in the list"))
                .help("`comity states` looks up codes"));
        };
        among.push(number as u16);
    }
    among.sort_unstable();
    among.dedup();
    Ok(among)
}

fn check_size(k: usize, among: usize, years: usize, directed: bool) -> Result<(), PanelError> {
    if k == 0 || k > 12 || k > 2 && k > among {
        return Err(PanelError::new(format!("groups of {k} cannot be made of {among} states"))
            .help("a group has from 2 to 12 of the states named"));
    }
    let groups = (0..k).fold(1_usize, |n, at| n.saturating_mul(among.saturating_sub(at)));
    let groups = if directed { groups } else { (1..=k).fold(groups, |n, at| n / at) };
    if groups.saturating_mul(years) > MOST {
        return Err(PanelError::new(format!(
            "{groups} groups of {k} states over {years} years are too many rows"
        ))
        .help("name fewer states, or ask for smaller groups"));
    }
    Ok(())
}
