//! Base views: what policies and panels both stand on. Each says which canonical tables it reads.

mod disputes;
mod events;
mod pledges;
mod spells;
mod system;
mod wars;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use comity_record::schema::{TABLES, Table, Time, table};
use comity_record::{Error, Identity, Reading, Record};
use datafusion::catalog::TableProvider;

use crate::context::Tables;
use crate::large::LargeTable;
use crate::sharing::Sharing;
use crate::table::{LazyTable, Rows};

/// What a view is made from.
pub(crate) struct Inputs<'a> {
    record: &'a Record,
    reading: &'a Reading,
}

impl Inputs<'_> {
    fn table(&self, name: &str) -> Result<arrow::array::RecordBatch, Error> {
        self.record.table(name, self.reading)
    }
}

/// A column that a view adds to those of the table that it lays out.
#[derive(Debug)]
pub struct Further {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: DataType,
    /// What it means.
    pub doc: &'static str,
}

const fn further(name: &'static str, kind: DataType, doc: &'static str) -> Further {
    Further { name, kind, doc }
}

/// One base view.
pub struct View {
    /// Its name in SQL.
    pub name: &'static str,
    /// One row per what.
    pub doc: &'static str,
    /// The canonical tables that it reads.
    pub reads: &'static [&'static str],
    /// The table it falls back to for states and years for which no source of the table it reads has coverage.
    pub fallback: Option<&'static str>,
    /// The table whose columns come first; none: only the further columns.
    pub base: Option<&'static str>,
    /// Further columns.
    pub further: &'static [Further],
    make: fn(&Inputs<'_>) -> Result<Rows, Error>,
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("View").field("name", &self.name).finish_non_exhaustive()
    }
}

impl View {
    /// The columns of the view.
    pub fn schema(&self) -> SchemaRef {
        let base = self.base.and_then(table).map(comity_record::schema::Table::schema);
        let mut fields: Vec<Field> =
            base.iter().flat_map(|s| s.fields().iter().map(|f| laid_out(f))).collect();
        fields.extend(self.further.iter().map(|f| Field::new(f.name, f.kind.clone(), true)));
        Arc::new(Schema::new(fields))
    }
}

/// A row laid out by year repeats its texts: as views they are repeated without their bytes.
fn laid_out(field: &Field) -> Field {
    match field.data_type() {
        DataType::Utf8 => field.clone().with_data_type(DataType::Utf8View),
        _ => field.clone(),
    }
}

const YEAR: &[Further] = &[further("year", DataType::Int32, "the year of the row")];

macro_rules! spell_view {
    ($name:literal, $table:literal, $doc:literal) => {
        View {
            name: $name,
            doc: $doc,
            reads: &[$table],
            fallback: None,
            base: Some($table),
            further: YEAR,
            make: |inputs| spells::by_year(inputs, $table),
        }
    };
}

/// Every base view, in the order they are listed to people.
pub static VIEWS: &[View] = &[
    View {
        name: "years",
        doc: "one row per year from 1816 to the last year that the record covers",
        reads: &[],
        fallback: None,
        base: None,
        further: YEAR,
        make: system::years,
    },
    View {
        name: "state_years",
        doc: "one row per state and year in the international system",
        reads: &["states"],
        fallback: None,
        base: None,
        further: &[
            further("ccode", DataType::Int32, "the state"),
            further("year", DataType::Int32, "the year of the row"),
            further("abbr", DataType::Utf8, "its abbreviation with the Correlates of War"),
            further("name", DataType::Utf8, "its name in the list of states"),
            further(
                "extended",
                DataType::Boolean,
                "its spell was open on its source's last day and is carried forward",
            ),
        ],
        make: system::state_years,
    },
    View {
        name: "major_power_years",
        doc: "one row per great power and year",
        reads: &["major_powers"],
        fallback: None,
        base: None,
        further: &[
            further("ccode", DataType::Int32, "the state"),
            further("year", DataType::Int32, "the year of the row"),
        ],
        make: system::major_power_years,
    },
    spell_view!("pledge_years", "pledges", "one row per directed pledge and year"),
    View {
        name: "member_pledge_years",
        doc: "one row per treaty, member, year and set of obligations that it owes other members; partner and source_row are of the first of them",
        reads: &["pledges"],
        fallback: None,
        base: Some("pledges"),
        further: YEAR,
        make: pledges::member_pledge_years,
    },
    View {
        name: "obligation_years",
        doc: "one row per directed pledge and year and, where no source covers treaties, per directed pair and year of pledge_dyads: what is owed, the treaty null",
        reads: &["pledges"],
        fallback: Some("pledge_dyads"),
        base: Some("pledges"),
        further: YEAR,
        make: pledges::obligation_years,
    },
    spell_view!("treaty_party_years", "treaty_parties", "one row per treaty member and year"),
    spell_view!("membership_years", "memberships", "one row per membership and year"),
    spell_view!(
        "organization_position_years",
        "organization_positions",
        "one row per position of a state in or to an organisation and year"
    ),
    spell_view!("rivalry_years", "rivalries", "one row per directed rivalry and year"),
    spell_view!("arms_race_years", "arms_races", "one row per directed arms race and year"),
    spell_view!("claim_years", "claims", "one row per claim and year"),
    spell_view!("authorization_years", "authorizations", "one row per mandate and year"),
    spell_view!(
        "trade_agreement_years",
        "trade_agreements",
        "one row per membership in a trade agreement and year"
    ),
    spell_view!("sanction_years", "sanctions", "one row per sender, target, case and year"),
    spell_view!("contiguity_years", "contiguity", "one row per directed contiguous pair and year"),
    spell_view!("crisis_years", "crises", "one row per crisis actor and year"),
    View {
        name: "dispute_years",
        doc: "one row per participant in a dispute and year of its spell",
        reads: &["dispute_parties", "disputes"],
        fallback: None,
        base: Some("dispute_parties"),
        further: disputes::YEARS,
        make: disputes::dispute_years,
    },
    View {
        name: "dispute_dyad_years",
        doc: "one row per participant, opponent and year in a dispute",
        reads: &["dispute_parties", "disputes"],
        fallback: None,
        base: Some("dispute_parties"),
        further: disputes::DYAD_YEARS,
        make: disputes::dispute_dyad_years,
    },
    View {
        name: "event_days",
        doc: "one row per directed pair of states, day and source of coded events: how many of which kind",
        reads: &["events"],
        fallback: None,
        base: None,
        further: events::DAYS,
        make: events::event_days,
    },
    View {
        name: "war_years",
        doc: "one row per participant in a war and year of its spell",
        reads: &["war_parties", "wars"],
        fallback: None,
        base: Some("war_parties"),
        further: wars::YEARS,
        make: wars::war_years,
    },
    View {
        name: "war_dyad_years",
        doc: "one row per participant, opponent and year in a war",
        reads: &["war_parties", "wars"],
        fallback: None,
        base: Some("war_parties"),
        further: wars::DYAD_YEARS,
        make: wars::war_dyad_years,
    },
];

/// The canonical tables behind a table or view named in SQL; none if it is not known.
///
/// Structural tables are left out: they carry forward and never need coverage.
pub fn facts(name: &str) -> Option<Vec<&'static str>> {
    let bare = name.strip_prefix("every.").unwrap_or(name);
    let tables: &[&str] = match VIEWS.iter().find(|v| v.name == bare) {
        Some(view) => view.reads,
        None => &[table(bare)?.name],
    };
    Some(tables.iter().filter_map(|t| table(t)).filter(|t| !t.structural).map(|t| t.name).collect())
}

/// The table that a view falls back to where no source of the one it reads has coverage.
pub fn fallback(name: &str) -> Option<&'static str> {
    let view = VIEWS.iter().find(|v| v.name == name.strip_prefix("every.").unwrap_or(name));
    view.and_then(|v| v.fallback)
}

/// The tables and views of a record under a reading; those that are the same under another reading, or over another record, are the same
/// tables.
pub(crate) fn tables(record: &Record, reading: &Reading, sharing: &Sharing) -> Tables {
    let mut tables = Tables::new();
    let last = record.last_year();
    let mut add = |name: &str, of: Vec<Identity>, make: &dyn Fn() -> Arc<dyn TableProvider>| {
        let key = (name.to_owned(), of, last);
        tables.insert(name.to_owned(), sharing.table(key, make));
    };
    for t in TABLES {
        add(t.name, vec![record.identity(t.name, reading)], &|| canonical(record, reading, t));
        add(&format!("every.{}", t.name), vec![record.identity_of_all(t.name)], &|| {
            let record = record.clone();
            let make = move || Ok(record.every(t.name)?.into());
            Arc::new(LazyTable::new(format!("every.{}", t.name), t.schema(), make))
        });
    }
    for view in VIEWS {
        let reads = view.reads.iter().copied().chain(view.fallback);
        let mut of: Vec<Identity> = reads.map(|t| record.identity(t, reading)).collect();
        if view.fallback.is_some() {
            // Where a fallback answers depends on the claims of all sources.
            of.extend(view.reads.iter().map(|t| record.identity_of_all(t)));
        }
        add(view.name, of, &|| {
            let holds = |table: &str| record.holds(table, reading);
            let empty =
                view.base.is_some_and(|base| !holds(base)) && !view.fallback.is_some_and(holds);
            let (record, reading) = (record.clone(), reading.clone());
            let make = move || (view.make)(&Inputs { record: &record, reading: &reading });
            Arc::new(LazyTable::new(view.name, view.schema(), make).empty(empty))
        });
    }
    tables
}

/// A canonical table under a reading.
fn canonical(record: &Record, reading: &Reading, table: &'static Table) -> Arc<dyn TableProvider> {
    let name = table.name;
    if record.is_large(name, reading) {
        return Arc::new(LargeTable::new(record, reading, table));
    }
    let (r, g) = (record.clone(), reading.clone());
    let whole = LazyTable::new(name, table.schema(), move || Ok(r.table(name, &g)?.into()))
        .empty(!record.holds(name, reading));
    if !record.has_columns(name, reading) {
        return Arc::new(whole);
    }
    let (r, g) = (record.clone(), reading.clone());
    Arc::new(whole.by_column(move |columns| r.columns(name, &g, columns)))
}

/// Where a spell row of that source ends if its end is open: the last year its source covers.
pub(crate) struct OpenEnds {
    /// The last year that each source covers.
    last: BTreeMap<String, i32>,
    structural: Option<i32>,
}

impl OpenEnds {
    pub(crate) fn of(inputs: &Inputs<'_>, name: &str) -> Self {
        let structural = table(name)
            .is_some_and(|t| t.structural && t.time == Time::Spell)
            .then(|| inputs.record.last_year());
        let coverage = inputs.record.coverage(name, inputs.reading);
        let sources: BTreeSet<&String> = coverage.entries().iter().map(|(s, _)| s).collect();
        let last = |s: &String| Some((s.clone(), coverage.last_year(s)?));
        Self { last: sources.into_iter().filter_map(last).collect(), structural }
    }

    /// A source that covers nothing speaks only of the year its row begins.
    pub(crate) fn last_year(&self, source: &str, start: i32) -> i32 {
        self.structural
            .unwrap_or_else(|| self.last.get(source).copied().unwrap_or(start).max(start))
    }
}
