//! Random policies: as data, and as documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use comity_policy::document::{Better, Kind};

use super::query::{Grade, Need, Needs, Scan, Shape};
use super::random::Random;
use super::world::{FIRST, Fact, World, columns};

#[derive(Debug, Clone)]
pub struct Policy {
    pub commitments: Vec<Commitment>,
    pub without: Vec<(i32, i32)>,
    /// Table and the dataset or source that was chosen for it.
    pub chosen: BTreeMap<&'static str, String>,
}

#[derive(Debug, Clone)]
pub struct Commitment {
    pub kind: Kind,
    pub better: Better,
    pub versions: Vec<Version>,
}

#[derive(Debug, Clone)]
pub struct Version {
    /// Its number among all versions of the policy.
    pub number: usize,
    pub from: Option<i32>,
    pub to: Option<i32>,
    pub applies: Vec<Shape>,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
pub struct Block {
    pub body: Body,
    pub lookback: i32,
    pub supplementary: bool,
    pub source: Option<String>,
    /// Commitments whose findings it reads.
    pub uses: Vec<usize>,
    /// Tables whose rows exempt.
    pub exempts: Vec<String>,
    /// Columns that decide; none or those of all its scans.
    pub decides: Vec<String>,
    /// Target and floor, for a value.
    pub bar: Option<(i32, i32)>,
    /// A row that the query gives besides: state, year and grade.
    pub more: Option<(i32, i32, &'static str)>,
}

#[derive(Debug, Clone)]
pub enum Body {
    Findings(Shape, Grade),
    Value(Value),
}

/// A number per state and year.
#[derive(Debug, Clone)]
pub enum Value {
    /// The greatest of the rows; null where no row has a number.
    Greatest(Scan),
    /// How many rows, zero where there is none.
    Count(Scan),
}

impl Value {
    fn scan(&self) -> &Scan {
        match self {
            Self::Greatest(s) | Self::Count(s) => s,
        }
    }

    fn sql(&self) -> String {
        let scan = self.scan();
        let (year, _, number, _) = columns(&scan.table);
        let t = &scan.table;
        match self {
            Self::Greatest(_) => format!(
                "select v.ccode as state, v.{year} as year, max(v.{number}) as value from {t} v group by v.ccode, v.{year}"
            ),
            Self::Count(_) => format!(
                "select s.ccode as state, s.year, count(v.ccode) as value from state_years s left join {t} v on v.ccode = s.ccode and v.{year} = s.year group by s.ccode, s.year"
            ),
        }
    }

    pub fn values(
        &self,
        db: &dyn Fn(&str) -> Vec<Fact>,
        members: &[(i32, i32)],
    ) -> BTreeMap<(i32, i32), f64> {
        let rows = db(&self.scan().table);
        let mut values = BTreeMap::new();
        match self {
            Self::Greatest(_) => {
                for f in &rows {
                    let Some(n) = f.number else { continue };
                    let best = values.entry((f.ccode, f.year)).or_insert(f64::from(n));
                    *best = best.max(f64::from(n));
                }
            }
            Self::Count(_) => {
                for at in members {
                    let n = rows.iter().filter(|f| (f.ccode, f.year) == *at).count();
                    values.insert(*at, n as f64);
                }
            }
        }
        values
    }

    pub fn needs(&self) -> Needs {
        let mut needs = Needs::new();
        let no = Need { proves: false, found: false, exempts: false, only: None };
        super::query::need(&mut needs, &self.scan().table, no);
        needs
    }
}

impl Body {
    pub fn tables(&self) -> BTreeSet<String> {
        match self {
            Self::Findings(shape, _) => shape.tables(),
            Self::Value(value) => value.needs().into_keys().collect(),
        }
    }

    pub fn reads_findings(&self) -> bool {
        matches!(self, Self::Findings(Shape::Findings(_), _))
    }
}

impl Commitment {
    pub fn perform(&self) -> bool {
        self.kind == Kind::Perform
    }

    fn grade(kind: Kind, r: &mut Random) -> Grade {
        let grades: &[&'static str] = match kind {
            Kind::Perform => &["broken", "strained", "kept"],
            _ => &["breach", "strain"],
        };
        if r.chance(1, 2) {
            Grade::Always(*r.pick(grades))
        } else {
            Grade::ByNumber(r.between(0, 8), *r.pick(grades), *r.pick(grades))
        }
    }
}

impl Policy {
    pub fn random(r: &mut Random, world: &World, crowded: bool) -> Self {
        let mut commitments: Vec<Commitment> = Vec::new();
        for at in 0..r.between(3, if crowded { 5 } else { 9 }) {
            let kind = match r.between(0, 5) {
                0..=2 if !crowded => Kind::Refrain,
                3..=4 if !crowded => Kind::Perform,
                0 => Kind::Refrain,
                1 => Kind::Perform,
                _ => Kind::Pursue,
            };
            let better = if r.chance(1, 2) { Better::Higher } else { Better::Lower };
            let mut versions = Vec::new();
            let mut from = r.chance(1, 3).then(|| r.between(FIRST - 1, FIRST + 3));
            for last in (0..r.between(1, 3)).rev() {
                let begin = from.unwrap_or(FIRST);
                let to = (last > 0 || r.chance(1, 5)).then(|| r.between(begin, begin + 5));
                versions.push(version(r, world, &commitments, kind, better, (from, to)));
                let Some(to) = to else { break };
                from = Some(to + 1);
            }
            if versions.len() == 1 && at % 2 == 0 {
                (versions[0].from, versions[0].to) = (None, None);
            }
            commitments.push(Commitment { kind, better, versions });
        }
        let all = commitments.iter_mut().flat_map(|c| &mut c.versions);
        all.enumerate().for_each(|(number, v)| v.number = number);
        let states: Vec<i32> = world.states().into_iter().collect();
        let without =
            if r.chance(1, 4) { vec![(*r.pick(&states), *r.pick(&states))] } else { Vec::new() };
        let mut chosen = BTreeMap::new();
        if r.chance(1, 5) && !world.sources.is_empty() {
            let s = r.pick(&world.sources);
            chosen.insert(s.table, if r.chance(1, 2) { s.dataset.clone() } else { s.id() });
        }
        Self { commitments, without, chosen }
    }

    /// The document.
    pub fn text(&self) -> String {
        let mut out = String::from("+++\nid = \"made\"\ntitle = \"Made\"\n+++\n\n# Made\n");
        for (at, c) in self.commitments.iter().enumerate() {
            for v in &c.versions {
                let mut more = String::new();
                if v.from.is_some() || v.to.is_some() {
                    let year = |y: Option<i32>| y.map(|y| y.to_string()).unwrap_or_default();
                    let _ = write!(more, " in-force=\"{}..{}\"", year(v.from), year(v.to));
                }
                if c.kind == Kind::Pursue {
                    let word = if c.better == Better::Higher { "higher" } else { "lower" };
                    let _ = write!(more, " better={word}");
                }
                let _ = write!(out, "\n## C {at} {{#c{at} .{}{more}}}\n\nProse.\n", c.kind.name());
                for shape in &v.applies {
                    let sql = shape.sql(&Grade::Always("x"), None);
                    let _ = write!(out, "\n```sql applies\n{sql}\n```\n");
                }
                for (n, b) in v.blocks.iter().enumerate() {
                    let mut attributes = String::new();
                    if b.lookback > 0 {
                        let _ = write!(attributes, " lookback={}", b.lookback);
                    }
                    if b.supplementary {
                        attributes.push_str(" supplementary=true");
                    }
                    if let Some(source) = &b.source {
                        let _ = write!(attributes, " source={source}");
                    }
                    if !b.uses.is_empty() {
                        let uses: Vec<String> = b.uses.iter().map(|u| format!("c{u}")).collect();
                        let _ = write!(attributes, " uses=\"{}\"", uses.join(" "));
                    }
                    if !b.exempts.is_empty() {
                        let _ = write!(attributes, " exempts=\"{}\"", b.exempts.join(" "));
                    }
                    if !b.decides.is_empty() {
                        let _ = write!(attributes, " decides=\"{}\"", b.decides.join(" "));
                    }
                    if let Some((target, floor)) = b.bar {
                        let _ = write!(attributes, " target={target} floor={floor}");
                    }
                    let column = if c.kind == Kind::Perform { "met" } else { "severity" };
                    let more = b.more.map(|(state, year, grade)| format!(
                        " union all select s.ccode as state, s.year as year, '{grade}' as {column}, 'x' as what, 'made' as source, 'made' as source_row, cast(null as int) as other from state_years s where s.ccode = {state} and s.year = {year}"
                    ));
                    let sql = match &b.body {
                        Body::Findings(shape, grade) => {
                            shape.sql(grade, Some(column)) + &more.unwrap_or_default()
                        }
                        Body::Value(value) => value.sql(),
                    };
                    let _ = write!(out, "\n```sql evidence name=b{n}{attributes}\n{sql}\n```\n");
                }
            }
        }
        out
    }
}

fn version(
    r: &mut Random,
    world: &World,
    before: &[Commitment],
    kind: Kind,
    better: Better,
    (from, to): (Option<i32>, Option<i32>),
) -> Version {
    let pursue = kind == Kind::Pursue;
    let mut applies = Vec::new();
    if r.chance(1, 4) && !(pursue && r.chance(2, 3)) {
        for _ in 0..r.between(1, 2) {
            applies.push(match r.between(0, 2) {
                0 => Shape::Plain(Scan::random(r)),
                1 => Shape::Exists(Scan::random(r), Scan::random(r), r.chance(1, 2)),
                _ => Shape::Absent(Scan::random(r)),
            });
        }
    }
    let usable: Vec<usize> = before
        .iter()
        .enumerate()
        .filter(|(_, c)| matches!(c.kind, Kind::Refrain | Kind::Perform))
        .map(|(at, _)| at)
        .collect();
    let blocks = (0..r.between(1, 3))
        .map(|_| {
            let body = if pursue {
                let table = r.pick(&["vetoes", "diplomatic_exchange", "crises", "crisis_years"]);
                let scan = Scan { table: (*table).to_owned(), tests: Vec::new() };
                Body::Value(if r.chance(2, 3) { Value::Greatest(scan) } else { Value::Count(scan) })
            } else {
                let findings = !usable.is_empty() && r.chance(1, 4);
                let shape = Shape::random(r, findings);
                Body::Findings(shape, Commitment::grade(kind, r))
            };
            let mut uses = Vec::new();
            if body.reads_findings() {
                uses.push(*r.pick(&usable));
                if r.chance(1, 3) {
                    uses.push(*r.pick(&usable));
                }
                uses.sort_unstable();
                uses.dedup();
            }
            let source = (r.chance(1, 12) && !world.sources.is_empty()).then(|| {
                let s = r.pick(&world.sources);
                match r.between(0, 3) {
                    0 => "nowhere".to_owned(),
                    1 => s.id(),
                    _ => s.dataset.clone(),
                }
            });
            let mut exempts: Vec<String> = match &body {
                Body::Findings(shape, _) => {
                    let needs = shape.needs(&Needs::new()).into_iter();
                    needs.filter(|(_, n)| !n.proves).map(|(t, _)| t).collect()
                }
                Body::Value(_) => Vec::new(),
            };
            exempts.retain(|_| r.chance(1, 2));
            let decides = match &body {
                Body::Findings(shape, _) if shape.can_be_undecided() && r.chance(1, 3) => {
                    shape.numbers()
                }
                _ => Vec::new(),
            };
            let bar = (pursue && r.chance(4, 5)).then(|| {
                let (a, b) = (r.between(0, 7), r.between(0, 7));
                if better == Better::Higher { (a.max(b), a.min(b)) } else { (a.min(b), a.max(b)) }
            });
            Block {
                body,
                exempts,
                decides,
                bar,
                more: None,
                lookback: if r.chance(1, 5) { r.between(1, 4) } else { 0 },
                supplementary: r.chance(1, 5),
                source,
                uses,
            }
        })
        .collect();
    Version { number: 0, from, to, applies, blocks }
}
