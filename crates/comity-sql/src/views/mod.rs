//! Base views: what policies and panels both stand on. Each says which canonical tables it reads.

mod disputes;
mod pledges;
mod spells;
mod system;
mod wars;

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use comity_record::schema::{TABLES, Time, table};
use comity_record::{Error, Reading, Record};

use crate::context::Tables;
use crate::large::LargeTable;
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
    base: Option<&'static str>,
    /// Further columns.
    further: &'static [(&'static str, DataType)],
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
        fields.extend(self.further.iter().map(|(n, t)| Field::new(*n, t.clone(), true)));
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

const YEAR: &[(&str, DataType)] = &[("year", DataType::Int32)];

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
            ("ccode", DataType::Int32),
            ("year", DataType::Int32),
            ("abbr", DataType::Utf8),
            ("name", DataType::Utf8),
            ("extended", DataType::Boolean),
        ],
        make: system::state_years,
    },
    View {
        name: "major_power_years",
        doc: "one row per great power and year",
        reads: &["major_powers"],
        fallback: None,
        base: None,
        further: &[("ccode", DataType::Int32), ("year", DataType::Int32)],
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

/// The tables and views of a record under a reading.
pub(crate) fn tables(record: &Record, reading: &Reading) -> Tables {
    let mut tables = Tables::new();
    for t in TABLES.iter().filter(|t| record.is_large(t.name, reading)) {
        tables.insert(t.name.to_owned(), Arc::new(LargeTable::new(record, reading, t)) as Arc<_>);
    }
    let mut add =
        |name: String, schema, empty, make: Box<dyn Fn() -> Result<Rows, Error> + Send + Sync>| {
            let table = LazyTable::new(name.clone(), schema, make).empty(empty);
            tables.entry(name).or_insert_with(|| Arc::new(table) as Arc<_>);
        };
    for t in TABLES {
        let (r, g) = (record.clone(), reading.clone());
        let empty = !record.holds(t.name, reading);
        let make = Box::new(move || Ok(r.table(t.name, &g)?.into()));
        add(t.name.to_owned(), t.schema(), empty, make);
        let r = record.clone();
        let make = Box::new(move || Ok(r.every(t.name)?.into()));
        add(format!("every.{}", t.name), t.schema(), false, make);
    }
    for view in VIEWS {
        let holds = |table: &str| record.holds(table, reading);
        let empty = view.base.is_some_and(|base| !holds(base)) && !view.fallback.is_some_and(holds);
        let (record, reading) = (record.clone(), reading.clone());
        let make = move || (view.make)(&Inputs { record: &record, reading: &reading });
        add(view.name.to_owned(), view.schema(), empty, Box::new(make));
    }
    tables
}

/// Where a spell row of that source ends if its end is open: the last year its source covers.
pub(crate) struct OpenEnds {
    coverage: comity_record::TableCoverage,
    structural: Option<i32>,
}

impl OpenEnds {
    pub(crate) fn of(inputs: &Inputs<'_>, name: &str) -> Self {
        let structural = table(name)
            .is_some_and(|t| t.structural && t.time == Time::Spell)
            .then(|| inputs.record.last_year());
        Self { coverage: inputs.record.coverage(name, inputs.reading), structural }
    }

    /// A source that covers nothing speaks only of the year its row begins.
    pub(crate) fn last_year(&self, source: &str, start: i32) -> i32 {
        self.structural
            .unwrap_or_else(|| self.coverage.last_year(source).unwrap_or(start).max(start))
    }
}
