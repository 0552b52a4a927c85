//! What an act is: how people put it, and which rows it would write. The vocabulary is data, and a policy document may add to it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use comity_record::schema::{Table, Time, table};
use serde::Deserialize;

use super::phrase::Template;
use crate::Error;

/// One kind of act.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Definition {
    /// Its name in files and flags.
    pub id: String,
    /// What it is, in a sentence or two.
    pub doc: String,
    /// Ways to put it; see the head of the vocabulary.
    pub say: Vec<String>,
    /// Whether it goes on until it ends; else it is over in its year.
    #[serde(default)]
    pub lasts: bool,
    /// What each slot holds.
    #[serde(default)]
    pub slots: BTreeMap<String, Slot>,
    /// What a slot holds where nothing is said.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
    /// What must hold when it is done.
    #[serde(default)]
    pub need: Vec<Need>,
    /// The rows that it would write.
    pub write: Vec<Write>,
    /// `say`, parsed.
    #[serde(skip)]
    pub(crate) templates: Vec<Template>,
}

/// What a slot holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Slot {
    /// One of the kinds that are looked up or read.
    Of(Kind),
    /// One or several of these words.
    Words(Vec<String>),
}

/// Kinds of slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A state, by any code or name.
    State,
    /// An international organisation of the record, by its short or full name.
    Organization,
    /// A treaty of alliance of the record, by its number or name.
    Alliance,
    /// A multilateral treaty of the record, by its number or title.
    Instrument,
    /// A trade agreement of the record, by its number or title.
    Agreement,
    /// A share: `20 %` or `0.2`.
    Share,
    /// A number that is not negative.
    Count,
    /// Words.
    Text,
}

/// What is done to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// A row is added.
    #[default]
    Add,
    /// Spells that hold on the day end the day before.
    End,
    /// The latest row takes other values.
    Change,
    /// Numbers are added to the latest row.
    Increase,
}

/// How often a row is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Each {
    /// Once.
    #[default]
    Once,
    /// Once for each year of the act.
    Year,
    /// Once for each party of the alliance.
    Party,
}

/// Cells of a row as the vocabulary has them.
pub type Cells = BTreeMap<String, toml::Value>;

/// Rows of one table that an act writes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Write {
    /// The canonical table.
    pub table: String,
    /// What tells it from other rows of the act in the same table; none: the table's name.
    pub name: Option<String>,
    /// What is done.
    #[serde(default)]
    pub op: Op,
    /// How often.
    #[serde(default)]
    pub each: Each,
    /// The same row of the other side too.
    #[serde(default)]
    pub mirrored: bool,
    /// Each year adds to the year before.
    #[serde(default)]
    pub compound: bool,
    /// Nothing is wrong where the record has no row to change.
    #[serde(default)]
    pub optional: bool,
    /// Values that make the row this act; of `end`, `change` and `increase` the rows that are meant.
    #[serde(default)]
    pub is: Cells,
    /// Further values.
    #[serde(default)]
    pub cells: Cells,
    /// Columns that are multiplied by one and a share.
    #[serde(default)]
    pub times: BTreeMap<String, String>,
    /// Columns to which a number is added.
    #[serde(default)]
    pub plus: BTreeMap<String, i32>,
    /// The slot whose other rows give the values that are not named.
    pub like: Option<String>,
    /// Of `end`: the slot of words of which one must be true in the row.
    pub any: Option<String>,
}

/// A row that the record must have in the year of an act. Nothing is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Need {
    /// The canonical table.
    pub table: String,
    /// What the row holds.
    pub is: Cells,
    /// In words: "only a … can …".
    pub only: String,
}

impl Write {
    /// What tells it from the other rows of the act.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.table)
    }

    /// The canonical table.
    pub(crate) fn canonical(&self) -> &'static Table {
        table(&self.table).expect("checked when the vocabulary was read")
    }

    /// Every cell that it sets, as it is written in the vocabulary.
    pub fn texts(&self) -> Vec<(String, String)> {
        let text = |value: &toml::Value| match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Float(number) => number.to_string(),
            toml::Value::Boolean(truth) => truth.to_string(),
            other => format!("{other:?}"),
        };
        self.all().map(|(name, value)| (name.clone(), text(value))).collect()
    }

    /// Every cell that it sets.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&String, &toml::Value)> {
        self.is.iter().chain(&self.cells)
    }
}

impl Definition {
    /// The canonical tables that it writes.
    pub fn tables(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.write.iter().map(|w| w.table.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How people put it, in one line.
    pub fn usage(&self) -> String {
        self.templates.first().map(Template::usage).unwrap_or_default()
    }

    fn checked(mut self, of: &str) -> Result<Self, Error> {
        let wrong =
            |what: String| Error::Vocabulary { of: of.to_owned(), act: self.id.clone(), what };
        if self.write.is_empty() || self.say.is_empty() {
            return Err(wrong("it says nothing, or writes nothing".to_owned()));
        }
        for write in &self.write {
            let Some(table) = table(&write.table) else {
                return Err(wrong(format!("there is no table `{}`", write.table)));
            };
            let names = write
                .all()
                .map(|(name, _)| name)
                .chain(write.times.keys())
                .chain(write.plus.keys());
            for name in names {
                if table.column(name).is_none() {
                    return Err(wrong(format!("{} has no column `{name}`", table.name)));
                }
            }
            if write.op == Op::End && table.time != Time::Spell {
                return Err(wrong(format!("rows of {} have no end", table.name)));
            }
            let texts = write
                .all()
                .filter_map(|(_, v)| v.as_str())
                .chain(write.times.values().map(String::as_str));
            for text in texts.filter_map(|t| t.strip_prefix('$')) {
                let slot = text.split(':').next().unwrap_or(text);
                if !KNOWN.contains(&slot) && !self.slots.contains_key(slot) {
                    return Err(wrong(format!("`${slot}` is no slot of it")));
                }
            }
            let writes =
                |slot: &String| write.all().any(|(_, v)| v.as_str() == Some(&format!("${slot}")));
            if write.like.as_ref().is_some_and(|slot| !writes(slot)) {
                return Err(wrong(format!(
                    "`like` of {} names a slot that no cell holds",
                    table.name
                )));
            }
            if write.each == Each::Party && write.like.is_none() {
                return Err(wrong(format!(
                    "`each = \"party\"` of {} says no `like`: parties of what?",
                    table.name
                )));
            }
            for slot in [&write.like, &write.any].into_iter().flatten() {
                if !self.slots.contains_key(slot) {
                    return Err(wrong(format!("`{slot}` is no slot of it")));
                }
            }
        }
        for need in &self.need {
            let Some(table) = table(&need.table) else {
                return Err(wrong(format!("there is no table `{}`", need.table)));
            };
            for (name, value) in &need.is {
                if table.column(name).is_none() {
                    return Err(wrong(format!("{} has no column `{name}`", table.name)));
                }
                let slot = value.as_str().and_then(|v| v.strip_prefix('$'));
                if let Some(slot) =
                    slot.filter(|s| !KNOWN.contains(s) && !self.slots.contains_key(*s))
                {
                    return Err(wrong(format!("`${slot}` of {} is no slot of it", table.name)));
                }
            }
        }
        for say in &self.say {
            let template = Template::parse(say).map_err(&wrong)?;
            for slot in template.slots() {
                if !self.slots.contains_key(slot) {
                    return Err(wrong(format!("`{{{slot}}}` is no slot of it")));
                }
            }
            self.templates.push(template);
        }
        Ok(self)
    }
}

/// What every act may name beside its slots.
const KNOWN: [&str; 5] = ["actor", "party", "year", "id", "say"];

/// The acts that can be tested.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// In the order in which they are listed.
    pub acts: Vec<Definition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    act: Vec<Definition>,
}

static SHIPPED: LazyLock<Vocabulary> = LazyLock::new(|| {
    let acts = read(include_str!("vocabulary.toml"), "the vocabulary").expect("a test reads it");
    Vocabulary { acts }
});

impl Vocabulary {
    /// The acts that ship.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// The same with further acts, as a policy document defines them; `of` names where the text is from.
    ///
    /// # Errors
    /// Text that is no vocabulary, a table, column or slot that does not exist, an act that is there already.
    pub fn with(&self, text: &str, of: &str) -> Result<Self, Error> {
        let mut all = self.clone();
        for act in read(text, of)? {
            if all.get(&act.id).is_some() {
                let what = "is there already".to_owned();
                return Err(Error::Vocabulary { of: of.to_owned(), act: act.id, what });
            }
            all.acts.push(act);
        }
        Ok(all)
    }

    /// The act of this name.
    pub fn get(&self, id: &str) -> Option<&Definition> {
        self.acts.iter().find(|a| a.id == id)
    }
}

fn read(text: &str, of: &str) -> Result<Vec<Definition>, Error> {
    let listed: Listed = toml::from_str(text).map_err(|e| Error::File {
        file: of.to_owned(),
        what: e.to_string().trim_end().to_owned(),
    })?;
    listed.act.into_iter().map(|act| act.checked(of)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_that_ships_is_sound() {
        let acts = read(include_str!("vocabulary.toml"), "the vocabulary").unwrap();
        assert!(acts.len() > 40, "{}", acts.len());
        let ids: std::collections::BTreeSet<&str> = acts.iter().map(|a| a.id.as_str()).collect();
        assert_eq!(ids.len(), acts.len());
        assert!(acts.iter().all(|a| !a.write.is_empty() && !a.templates.is_empty()));
    }

    #[test]
    fn mistakes_are_named() {
        let wrong =
            |text: &str| Vocabulary::shipped().with(text, "policy.md").unwrap_err().to_string();
        let act = |write: &str| {
            format!("[[act]]\nid = \"x\"\ndoc = \"X.\"\nsay = [\"do x\"]\n[[act.write]]\n{write}\n")
        };
        assert!(wrong(&act("table = \"pledgs\"")).contains("no table `pledgs`"));
        assert!(
            wrong(&act("table = \"pledges\"\ncells = { partnr = 1 }"))
                .contains("no column `partnr`")
        );
        assert!(
            wrong(&act("table = \"pledges\"\ncells = { partner = \"$other\" }"))
                .contains("`$other` is no slot")
        );
        assert!(wrong(&act("table = \"trade\"\nop = \"end\"")).contains("have no end"));
        let needs =
            |need: &str| act(&format!("table = \"vetoes\"\n[[act.need]]\nonly = \"no\"\n{need}"));
        assert!(wrong(&needs("table = \"seats\"\nis = {}")).contains("no table `seats`"));
        assert!(
            wrong(&needs("table = \"council_terms\"\nis = { seat = 1 }"))
                .contains("no column `seat`")
        );
        assert!(
            wrong(&needs("table = \"council_terms\"\nis = { ccode = \"$other\" }"))
                .contains("is no slot")
        );
        assert!(wrong("[[act]]\nid = 3").contains("policy.md"));
        let twice = act("table = \"vetoes\"").replace("\"x\"", "\"pact\"");
        assert!(wrong(&twice).contains("pact"));
    }
}
