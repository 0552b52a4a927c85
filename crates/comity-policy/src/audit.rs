//! What an audit says, in the shape of its JSON (`schema_version` 1: extend, do not rename).

use serde::Serialize;

use crate::document::{Better, Kind};
use crate::run::rules::Grade;
use crate::verdict::{Form, Verdict};

/// A policy run over a record, for some states.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// 1.
    pub schema_version: u32,
    /// `comity` and its version.
    pub program: String,
    /// The policy.
    pub policy: PolicyHead,
    /// The record.
    pub record: RecordHead,
    /// One entry per requested state, by `ccode`.
    pub audits: Vec<Audit>,
    /// Directed pairs of states whose findings were set aside (`--without A:B`).
    pub without: Vec<(i32, i32)>,
}

/// Which policy.
#[derive(Debug, Clone, Serialize)]
pub struct PolicyHead {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// SHA-256 over its normalised text.
    pub fingerprint: String,
    /// COW abbreviation of its holder.
    pub holder: Option<String>,
    /// First day of the policy.
    pub adopted: Option<String>,
}

impl PolicyHead {
    /// That of a policy.
    pub fn of(policy: &crate::document::Policy) -> Self {
        Self {
            id: policy.id.clone(),
            title: policy.title.clone(),
            fingerprint: crate::parse::fingerprint(policy),
            holder: policy.holder.clone(),
            adopted: policy.adopted.clone(),
        }
    }
}

/// Which record.
#[derive(Debug, Clone, Serialize)]
pub struct RecordHead {
    /// SHA-256 over its logical content.
    pub fingerprint: String,
    /// Its sources.
    pub sources: Vec<SourceHead>,
    /// The readings that were compared, baseline first.
    pub readings: Vec<ReadingHead>,
}

/// One source, as cited.
#[derive(Debug, Clone, Serialize)]
pub struct SourceHead {
    /// `dataset-version`.
    pub id: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
    /// Publisher.
    pub publisher: String,
    /// Citation.
    pub citation: String,
    /// Licence.
    pub licence: String,
    /// Address.
    pub url: String,
    /// Coverage in words, one line per table.
    pub coverage: Vec<String>,
    /// What a reader must know.
    pub notes: Vec<String>,
    /// Whether this version was not yet compared with its publisher's description.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreviewed: bool,
}

impl SourceHead {
    /// Its id for people, with a mark where the version was not reviewed.
    pub fn label(&self) -> String {
        comity_record::source::labelled(&self.id, self.unreviewed)
    }
}

/// One choice of source per family.
#[derive(Debug, Clone, Serialize)]
pub struct ReadingHead {
    /// `baseline`, or `family=source`.
    pub id: String,
    /// Sources that answer, per family.
    pub choices: std::collections::BTreeMap<String, Vec<String>>,
}

/// One state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateHead {
    /// COW code.
    pub ccode: i32,
    /// COW abbreviation.
    pub abbr: String,
    /// The code by which a command knows this state and no other: to be printed and typed.
    pub handle: String,
    /// Name in the last audited year.
    pub name: String,
}

impl StateHead {
    /// The state as it is called in a year.
    pub fn of(system: &comity_record::StateSystem, ccode: i32, year: i32) -> Self {
        let (abbr, handle) = (system.abbr(ccode), system.handle(ccode));
        Self { ccode, abbr, handle, name: system.name(ccode, year) }
    }
}

/// The audit of one state.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// The state.
    pub state: StateHead,
    /// First year audited.
    pub from: i32,
    /// Last year audited.
    pub to: i32,
    /// Facts about who the code stands for in these years (seats, succession), for the reader.
    pub remarks: Vec<String>,
    /// Commitments with verdicts, in document order (goals and watches are apart).
    pub commitments: Vec<CommitmentAudit>,
    /// Goals: outcomes beside conduct.
    pub goals: Vec<GoalAudit>,
}

/// One commitment of one state over the years.
#[derive(Debug, Clone, Serialize)]
pub struct CommitmentAudit {
    /// Its id.
    pub id: String,
    /// Id of its article.
    pub article: String,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// For `.pursue`.
    pub better: Option<Better>,
    /// Principles served.
    pub principles: Vec<String>,
    /// False for something striven for that states no bar: values are shown, and there are no verdicts.
    pub judged: bool,
    /// One verdict per year.
    pub verdicts: Vec<YearVerdict>,
    /// Breaches, strains and occasions of these years.
    pub findings: Vec<Finding>,
    /// Pursued values.
    pub values: Vec<YearValue>,
    /// How all states of the system fared in the same years.
    pub base_rate: Tally,
    /// The same under each reading that bears on this commitment, baseline first; empty where there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub base_rates: Vec<ReadingRate>,
    /// Which sources did cover years that are unknown, and held nothing.
    pub looked: Vec<Looked>,
    /// Tables that were not covered in some year, with the years, and what would answer.
    pub missing: Vec<Missing>,
    /// Ids of the sources that could answer under some reading, or have a finding here, sorted.
    pub sources: Vec<String>,
    /// To which year it is answered, and what reaches further.
    pub answered: Answered,
}

/// To which year a commitment is answered for a state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The last year with a verdict, with *strained or worse*, or with a value; none: no year.
    pub last_year: Option<i32>,
    /// The last year that is fully covered.
    pub last_covered: Option<i32>,
    /// The last year of which a source covered a part and found nothing, where that is a later one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub looked_to: Option<i32>,
    /// Datasets that answer for what is missing, each in the edition that reaches furthest, if it reaches a later year.
    pub moved_by: Vec<Reach>,
}

/// How far an edition of a dataset reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reach {
    /// The dataset.
    pub dataset: String,
    /// The edition, as its publisher writes it.
    pub version: String,
    /// The last year it covers.
    pub to: i32,
}

/// One year's verdict.
#[derive(Debug, Clone, Serialize)]
pub struct YearVerdict {
    /// Year.
    pub year: i32,
    /// Verdict over all readings.
    pub verdict: Verdict,
    /// Of an unknown verdict: it is this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Verdict>,
    /// Whether the year is fully covered for this commitment: only then does it count in shares.
    pub covered: bool,
    /// Of an unknown verdict: some source did cover the year, and held nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub looked: bool,
    /// Of an unknown verdict: the readings that prove a breach.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken_in: Vec<String>,
    /// Verdict under each reading that bears on this commitment, baseline first.
    pub readings: Vec<ReadingVerdict>,
}

impl YearVerdict {
    /// What it is drawn as.
    pub fn form(&self) -> Form {
        Form::of(self.verdict, self.at_least.is_some(), self.looked)
    }
}

/// The verdict under one reading.
#[derive(Debug, Clone, Serialize)]
pub struct ReadingVerdict {
    /// Sources that answered for this commitment.
    pub sources: Vec<String>,
    /// Verdict.
    pub verdict: Verdict,
    /// Of an unknown verdict: it is this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Verdict>,
}

/// How all states fared under one reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadingRate {
    /// Id of the reading.
    pub reading: String,
    /// Verdicts.
    pub rate: Tally,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// `breach`, or an occasion met as `broken`.
    Breach,
    /// `strain`, or an occasion met as `strained`.
    Strain,
    /// An occasion met as `kept`.
    Kept,
    /// Done under a mandate of the Security Council: shown and counted apart, no strain.
    Mandated,
}

impl Severity {
    /// Its name in policies, reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Breach => "breach",
            Self::Strain => "strain",
            Self::Kept => "kept",
            Self::Mandated => "mandated",
        }
    }

    /// How grave it is for a verdict.
    pub(crate) fn grade(self) -> Grade {
        match self {
            Self::Breach => Grade::Broken,
            Self::Strain => Grade::Strained,
            Self::Kept => Grade::Kept,
            Self::Mandated => Grade::Nothing,
        }
    }
}

/// One row of evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Year.
    pub year: i32,
    /// How grave.
    pub severity: Severity,
    /// The other state, where there is one.
    pub other: Option<i32>,
    /// COW abbreviation of the other state.
    pub other_abbr: Option<String>,
    /// The code of the other state to be printed and typed.
    #[serde(skip)]
    pub other_handle: Option<String>,
    /// What it was.
    pub what: String,
    /// How much, in the unit that the commitment's prose names.
    pub magnitude: Option<f64>,
    /// `attacked`, `joined`, `mandated`, ...
    pub label: Option<String>,
    /// Further rows that bear on it.
    pub also: Option<String>,
    /// Evidence block.
    pub block: String,
    /// Reading in which it was found.
    pub reading: String,
    /// Source.
    pub source: String,
    /// Key of the row in the published source.
    pub source_row: String,
    /// What is known of the event beside, where that was looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Box<Event>>,
}

/// What is known of the event behind a finding, beside what the query gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The name of the other state in that year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_name: Option<String>,
    /// Its first day, as in ISO 8601, where the source has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Its last day, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The magnitude in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Pages about this very event, its publisher's first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<String>,
}

/// One pursued value.
#[derive(Debug, Clone, Serialize)]
pub struct YearValue {
    /// Evidence block.
    pub block: String,
    /// Year.
    pub year: i32,
    /// Value.
    pub value: f64,
    /// Share of that year's states with a worse value, 0 to 1.
    pub percentile: Option<f64>,
    /// First decile, first quartile, median, third quartile and ninth decile of that year's states.
    pub spread: Option<[f64; 5]>,
    /// The value less the mean of the five years before, of which three are known.
    pub trend: Option<f64>,
    /// Among states of its size.
    pub of_size: Option<OfSize>,
}

/// Where a state stands among those of its size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfSize {
    /// Which size, in words.
    pub size: String,
    /// How many states of that size have a value, itself included.
    pub states: usize,
    /// Share of the others with a worse value, 0 to 1.
    pub percentile: f64,
}

/// How many state-years ended in which verdict. What was found in state-years that are not fully covered stands apart: they are known
/// only because something was found, and no share is made of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Kept.
    pub kept: u32,
    /// Strained.
    pub strained: u32,
    /// Broken.
    pub broken: u32,
    /// Contested.
    pub contested: u32,
    /// Unknown, those that are strained or worse included.
    pub unknown: u32,
    /// No occasion.
    pub no_occasion: u32,
    /// Not applicable.
    pub not_applicable: u32,
    /// Of the unknown, those that are strained or worse.
    pub strained_or_worse: u32,
    /// Kept where not everything is covered: nothing was found that an exemption could take away.
    pub kept_elsewhere: u32,
    /// Strained where not everything is covered.
    pub strained_elsewhere: u32,
    /// Broken where not everything is covered.
    pub broken_elsewhere: u32,
    /// State-years with acts under a mandate, whatever the verdict.
    pub mandated: u32,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict, covered: bool, at_least: bool) {
        self.strained_or_worse += u32::from(at_least);
        *match verdict {
            Verdict::Kept if !covered => &mut self.kept_elsewhere,
            Verdict::Strained if !covered => &mut self.strained_elsewhere,
            Verdict::Broken if !covered => &mut self.broken_elsewhere,
            Verdict::Kept => &mut self.kept,
            Verdict::Strained => &mut self.strained,
            Verdict::Broken => &mut self.broken,
            Verdict::Contested => &mut self.contested,
            Verdict::Unknown => &mut self.unknown,
            Verdict::NoOccasion => &mut self.no_occasion,
            Verdict::NotApplicable => &mut self.not_applicable,
        } += 1;
    }

    /// State-years fully covered in which something was decided: kept, strained, broken or contested. Shares are over these.
    pub fn decided(self) -> u32 {
        self.kept + self.strained + self.broken + self.contested
    }

    /// State-years that are known and not fully covered.
    pub fn elsewhere(self) -> u32 {
        self.kept_elsewhere + self.strained_elsewhere + self.broken_elsewhere
    }

    /// The sum of two.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            kept: self.kept + more.kept,
            strained: self.strained + more.strained,
            broken: self.broken + more.broken,
            contested: self.contested + more.contested,
            unknown: self.unknown + more.unknown,
            no_occasion: self.no_occasion + more.no_occasion,
            not_applicable: self.not_applicable + more.not_applicable,
            strained_or_worse: self.strained_or_worse + more.strained_or_worse,
            kept_elsewhere: self.kept_elsewhere + more.kept_elsewhere,
            strained_elsewhere: self.strained_elsewhere + more.strained_elsewhere,
            broken_elsewhere: self.broken_elsewhere + more.broken_elsewhere,
            mandated: self.mandated + more.mandated,
        }
    }
}

/// A table that was needed and not covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Canonical table.
    pub table: String,
    /// Evidence block that needs it.
    pub block: String,
    /// First year of the gap.
    pub from: i32,
    /// Last year of the gap.
    pub to: i32,
    /// Datasets that would answer, for `comity record sources` and `add`.
    pub answered_by: Vec<String>,
}

/// A block that did look at years that are unknown, and found nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Evidence block.
    pub block: String,
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// The sources that cover them.
    pub sources: Vec<String>,
    /// What they claim to see, where they claim less than all.
    pub about: Vec<String>,
}

/// One goal of one state.
#[derive(Debug, Clone, Serialize)]
pub struct GoalAudit {
    /// Its id.
    pub id: String,
    /// Id of its article.
    pub article: String,
    /// Its title.
    pub title: String,
    /// Direction.
    pub better: Option<Better>,
    /// Values by year; a year that is not covered is absent.
    pub values: Vec<YearValue>,
    /// Ids of the sources that could answer, sorted.
    pub sources: Vec<String>,
}
