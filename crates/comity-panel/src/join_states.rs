//! By which columns a table of one's own says which states its rows are about, where it has none of the panel's numbers: numbers under
//! another name, ISO codes, names.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};

use super::error::PanelError;
use super::named::Named;
use super::own_table::{ANY, Joined};
use super::system::Codes;
use comity_record::Record;

/// How the column of a state is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Numbers of the list of the panel.
    Numbers,
    /// Codes of a system in letters, else names.
    System(&'static str),
    /// Any code or name.
    Names,
}

const COW_NUMBERS: &[&str] = &["cowcode", "cow_code", "cown", "ccodecow", "ccode_cow"];
const GW_NUMBERS: &[&str] = &["gwno", "gw_code", "gwn", "gw_no"];
const ISO3: &[&str] = &["iso3", "iso3c", "iso_3", "iso_code", "country_text_id", "ccodealp"];
const ISO2: &[&str] = &["iso2", "iso2c", "iso_2"];
const NAMES: &[&str] = &[
    "country",
    "country_name",
    "countryname",
    "country_or_area",
    "country_code",
    "countrycode",
    "nation",
    "state",
    "state_name",
    "statename",
    "statenme",
    "stateabb",
    "economy",
    "entity",
    "pays",
    "land",
    "pais",
];

/// What stands behind the names of the two columns of a pair.
const PAIRS: [(&str, &str); 5] = [("1", "2"), ("_1", "_2"), ("a", "b"), ("_a", "_b"), ("_o", "_d")];

/// A table with the panel's numbers of states.
pub(super) struct Stated {
    pub table: RecordBatch,
    /// Rows that name no state.
    pub skip: Vec<bool>,
    /// The columns that were read for those numbers; none where the table had them.
    pub by: Vec<String>,
    /// What names no state, with the rows.
    pub unmatched: Vec<(String, usize)>,
    /// How many rows have a number and a name of two different states, and the first of them.
    pub disagreeing: Option<(usize, String)>,
}

impl Stated {
    /// Marks rows without a state in a column.
    fn skip_empty(&mut self, joined: &Joined, column: &str) {
        let Some(column) = joined.table.column_by_name(column) else { return };
        for row in (0..column.len()).filter(|row| column.is_null(*row)) {
            self.skip_row(row, "");
        }
    }

    /// Marks a row that names no state.
    fn skip_row(&mut self, row: usize, text: &str) {
        if std::mem::replace(&mut self.skip[row], true) {
            return;
        }
        match self.unmatched.iter_mut().find(|(name, _)| name == text) {
            Some((_, rows)) => *rows += 1,
            None => self.unmatched.push((text.to_owned(), 1)),
        }
    }
}

/// The table with the numbers of its states in the list of the panel.
pub(super) fn stated(
    joined: &Joined,
    record: &Record,
    codes: Codes,
    members: usize,
) -> Result<Stated, PanelError> {
    let rows = joined.table.num_rows();
    let as_it_is = || Stated {
        table: joined.table.clone(),
        skip: vec![false; rows],
        by: Vec::new(),
        unmatched: Vec::new(),
        disagreeing: None,
    };
    let has = |name: &str| joined.table.column_by_name(name).is_some();
    let coded: Vec<String> = ["ccode", "gwcode"]
        .into_iter()
        .flat_map(|code| ["", "1", "2"].map(|member| format!("{code}{member}")))
        .filter(|name| has(name))
        .collect();
    if !coded.is_empty() {
        let mut stated = as_it_is();
        let own = |name: &&String| name.starts_with(codes.column());
        coded.iter().filter(own).for_each(|name| stated.skip_empty(joined, name));
        if has(codes.column()) {
            stated.disagreeing = disagreeing(joined, record, codes)?;
        }
        return Ok(stated);
    }
    let named = Named::of(record, codes)?;
    let Some((way, columns)) = by(joined, codes, members) else {
        check_names_nobody(joined, &named)?;
        return Ok(as_it_is());
    };
    let mut stated = as_it_is();
    let mut numbers = Vec::new();
    for column in &columns {
        let texts = joined.table.column_by_name(column).filter(|c| is_text(c));
        numbers.push(match (way, texts) {
            (Way::Numbers, None) => {
                stated.skip_empty(joined, column);
                let numbers = joined.whole_but(column, Some(&stated.skip))?;
                numbers.into_iter().map(|code| Some(code).filter(|code| *code != ANY)).collect()
            }
            (_, Some(texts)) => {
                let years = joined.years()?;
                let way = if way == Way::Numbers { Way::Names } else { way };
                named_in(&mut stated, &named, way, texts, years.as_deref())
            }
            (_, None) => {
                return Err(PanelError::new(format!(
                    "the column `{column}` of {} holds numbers, and it is not clear whose",
                    joined.name
                ))
                .help(how_to_name(codes)));
            }
        });
    }
    if rows > 0 && stated.skip.iter().all(|skip| *skip) {
        let first = stated.unmatched.first().map(|(name, _)| name.clone()).unwrap_or_default();
        return Err(PanelError::new(format!(
            "the column `{}` of {} names no state; the first is `{first}`",
            columns.join("` and `"),
            joined.name
        ))
        .help(how_to_name(codes))
        .help("to join it by the years alone, leave that column out of the table"));
    }
    stated.table = with_numbers(joined, codes, &columns, numbers)?;
    stated.by = columns;
    Ok(stated)
}

/// Rows whose number is not that of the state that they name, with the first in words. Where they are most rows the numbers are of another list
/// (`ccode` is the number of ISO 3166 in some), and that is refused.
fn disagreeing(
    joined: &Joined,
    record: &Record,
    codes: Codes,
) -> Result<Option<(usize, String)>, PanelError> {
    let key = codes.column();
    let Some((way, columns)) = by_text(joined) else { return Ok(None) };
    let [column] = &columns[..] else { return Ok(None) };
    let Some(texts) = joined.table.column_by_name(column) else { return Ok(None) };
    let mut aside = Stated {
        table: joined.table.clone(),
        skip: vec![false; texts.len()],
        by: Vec::new(),
        unmatched: Vec::new(),
        disagreeing: None,
    };
    aside.skip_empty(joined, key);
    let numbers = joined.whole_but(key, Some(&aside.skip))?;
    let years = joined.years()?;
    let named = Named::of(record, codes)?;
    let stand_for = named_in(&mut aside, &named, way, texts, years.as_deref());
    let both = || numbers.iter().zip(&stand_for).enumerate().filter(|(_, (n, _))| **n != ANY);
    let known = both().filter(|(_, (_, named))| named.is_some()).count();
    let mut others = both().filter(|(_, (number, named))| named.is_some_and(|n| n != **number));
    let Some((row, (number, code))) = others.next() else { return Ok(None) };
    let many = others.count() + 1;
    let first = format!(
        "row {} has {number} beside {}, which is {}",
        row + 1,
        texts.as_string::<i32>().value(row),
        code.unwrap_or_default()
    );
    if many * 2 > known {
        return Err(PanelError::new(format!(
            "the numbers in `{key}` of {} are not those of the states that it names: {first}",
            joined.name
        ))
        .help(format!("give that column another name, and the states are matched by `{column}`")));
    }
    Ok(Some((many, first)))
}

/// How the keys of a table are named.
pub(super) fn how_to_name(codes: Codes) -> String {
    let code = codes.column();
    format!(
        "name its keys `{code}` and `year`, or `{code}1`, `{code}2` and `year`; or give names or ISO codes of states in a column `country` (`country1` and `country2` for pairs)"
    )
}

fn is_text(column: &ArrayRef) -> bool {
    column.data_type() == &DataType::Utf8
}

/// The surest column of texts that says who a row is about.
fn by_text(joined: &Joined) -> Option<(Way, Vec<String>)> {
    let ways = [(Way::System("iso3"), ISO3), (Way::System("iso2"), ISO2), (Way::Names, NAMES)];
    ways.into_iter().find_map(|(way, names)| {
        let is = |name: &&&str| joined.table.column_by_name(name).is_some_and(is_text);
        let found = names.iter().find(is)?;
        Some((way, vec![(*found).to_owned()]))
    })
}

/// The surest columns that say who a row is about.
fn by(joined: &Joined, codes: Codes, members: usize) -> Option<(Way, Vec<String>)> {
    let numbers = if codes == Codes::Cow { COW_NUMBERS } else { GW_NUMBERS };
    let ways: [(Way, &[&str]); 4] = [
        (Way::Numbers, numbers),
        (Way::System("iso3"), ISO3),
        (Way::System("iso2"), ISO2),
        (Way::Names, NAMES),
    ];
    let has = |name: &String| joined.table.column_by_name(name).is_some();
    let one = |(way, names): &(Way, &[&str])| {
        let found = names.iter().map(|n| (*n).to_owned()).find(has)?;
        Some((*way, vec![found]))
    };
    let two = |(way, names): &(Way, &[&str])| {
        let of = |name: &&str| PAIRS.map(|(a, b)| [format!("{name}{a}"), format!("{name}{b}")]);
        let found = names.iter().flat_map(of).find(|pair| pair.iter().all(has))?;
        Some((*way, found.to_vec()))
    };
    let pair = (members == 2).then(|| ways.iter().find_map(two)).flatten();
    pair.or_else(|| ways.iter().find_map(one))
}

/// Codes of three letters in a column that are one state's with the Correlates of War and another's in ISO 3166, with whom each is there: by
/// what the other codes of the column are. Nobody, where they do not say.
struct Contested<'t> {
    known: HashMap<&'t str, (i32, i32)>,
    /// True: of the Correlates of War, false: of ISO.
    cow: Option<bool>,
}

impl<'t> Contested<'t> {
    fn of(named: &Named<'_>, texts: &'t StringArray) -> Self {
        let mut seen = std::collections::HashSet::new();
        let mut known = HashMap::new();
        let (mut of_cow, mut of_iso) = (false, false);
        for text in texts.iter().flatten().map(str::trim) {
            if text.len() != 3 || !seen.insert(text) {
                continue;
            }
            match named.in_systems(text) {
                (cow, iso) if iso.is_empty() => of_cow |= !cow.is_empty(),
                (cow, _) if cow.is_empty() => of_iso = true,
                (cow, iso) if !cow.iter().any(|code| iso.contains(code)) => {
                    known.insert(text, (cow[0], iso[0]));
                }
                _ => {}
            }
        }
        Self { known, cow: (of_cow != of_iso).then_some(of_cow) }
    }

    /// The state of such a code, if the column says which; none for any other text.
    fn state(&self, text: &str) -> Option<Option<i32>> {
        let (cow, iso) = self.known.get(text)?;
        Some(self.cow.map(|of_cow| if of_cow { *cow } else { *iso }))
    }
}

/// The number of each text; texts that name no state are counted, and their rows marked.
fn named_in(
    stated: &mut Stated,
    named: &Named<'_>,
    way: Way,
    texts: &ArrayRef,
    years: Option<&[i32]>,
) -> Vec<Option<i32>> {
    let texts: &StringArray = texts.as_string::<i32>();
    let span = years.and_then(|y| Some((*y.iter().min()?, *y.iter().max()?)));
    let contested = (way == Way::Names).then(|| Contested::of(named, texts));
    let mut known: HashMap<(&str, i32), Option<i32>> = HashMap::new();
    let mut always: HashMap<&str, Option<i32>> = HashMap::new();
    let mut numbers = Vec::with_capacity(texts.len());
    for row in 0..texts.len() {
        let text = if texts.is_valid(row) { texts.value(row).trim() } else { "" };
        let year = years.map_or(2010, |years| years[row]);
        let code = *known.entry((text, year)).or_insert_with(|| {
            // A number in a text would be taken for one of the Correlates of War.
            if text.is_empty() || text.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let of_system = match way {
                Way::System(system) => named.of_system(system, text, year),
                _ => None,
            };
            // Most names are of one state in all years of the table.
            let mut in_all = || {
                *always.entry(text).or_insert_with(|| match named.codes(text, span).as_deref() {
                    Ok([one]) if !named.is_divided(text) => Some(*one),
                    _ => None,
                })
            };
            let in_year = || span.and_then(|_| named.in_year(text, year));
            match contested.as_ref().and_then(|contested| contested.state(text)) {
                Some(state) => state.map(|ccode| named.listed(ccode, year)),
                None => of_system.or_else(&mut in_all).or_else(in_year),
            }
        });
        if code.is_none() {
            stated.skip_row(row, text);
        }
        numbers.push(code);
    }
    numbers
}

/// The table with those numbers under the panel's names in place of the columns that they were read from.
fn with_numbers(
    joined: &Joined,
    codes: Codes,
    columns: &[String],
    numbers: Vec<Vec<Option<i32>>>,
) -> Result<RecordBatch, PanelError> {
    let schema = joined.table.schema();
    let others =
        (0..schema.fields().len()).filter(|at| !columns.contains(schema.field(*at).name()));
    let mut fields: Vec<Field> = others.clone().map(|at| schema.field(at).clone()).collect();
    let mut arrays: Vec<ArrayRef> = others.map(|at| Arc::clone(joined.table.column(at))).collect();
    for (at, numbers) in numbers.into_iter().enumerate() {
        let member = if columns.len() == 2 { (at + 1).to_string() } else { String::new() };
        fields.push(Field::new(format!("{}{member}", codes.column()), DataType::Int64, true));
        let numbers = numbers.into_iter().map(|code| code.map(i64::from));
        arrays.push(Arc::new(numbers.collect::<Int64Array>()));
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// A refusal of a table that would be joined by time alone, though a column of it holds states and nothing else.
fn check_names_nobody(joined: &Joined, named: &Named<'_>) -> Result<(), PanelError> {
    for (field, column) in joined.table.schema().fields().iter().zip(joined.table.columns()) {
        if !is_text(column) || field.name() == "date" {
            continue;
        }
        let texts = column.as_string::<i32>();
        let mut seen = std::collections::HashSet::new();
        let mut words = texts.iter().flatten().filter(|text| seen.insert(*text)).peekable();
        let states = words.peek().is_some()
            && words.all(|text| {
                let number = text.bytes().all(|b| b.is_ascii_digit());
                !number && !matches!(named.codes(text, None), Err(comity_record::Lookup::None(_)))
            });
        if states {
            return Err(PanelError::new(format!(
                "the column `{}` of {} holds states, and is not known as a column of states",
                field.name(),
                joined.name
            ))
            .help("name it `country` to match states by it")
            .help("to join the table by the years alone, leave that column out of it"));
        }
    }
    Ok(())
}
