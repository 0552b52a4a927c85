//! What if facts were otherwise: rows taken out or changed, and the same audit again.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::audit::StateHead;
use comity_record::rows::Value;
use comity_record::schema::table;
use comity_record::{Amend, Hide, Layer, Record};

use crate::Error;
use crate::acts::RowShown;
use crate::advice::{ActShown, Advice, Advisor, Supposed};

/// Rows of one table that are taken out, or that hold other values.
#[derive(Debug, Clone)]
pub struct Change {
    /// In words, as it was put.
    pub say: String,
    /// The canonical table.
    pub table: &'static str,
    /// Source and key of each row.
    pub rows: Vec<(String, String)>,
    /// What the rows hold instead; none: they are taken out.
    pub cells: Vec<(String, Value)>,
}

/// The source of the layer.
const SOURCE: &str = "what-if";

impl Advisor<'_> {
    /// What would move for these states if the facts were otherwise.
    ///
    /// # Errors
    /// Changes that touch no row; queries that fail.
    pub fn what_if(
        &self,
        changes: &[Change],
        states: &[i32],
        to: Option<i32>,
    ) -> Result<Advice, Error> {
        let record = self.record();
        let mut layer = Layer::new(SOURCE, "Facts that are supposed to be otherwise");
        let (mut tables, mut rows) = (BTreeSet::new(), Vec::new());
        for (at, change) in changes.iter().enumerate() {
            let canonical = table(change.table).ok_or_else(|| {
                Error::act(&change.say, format!("there is no table `{}`", change.table))
            })?;
            if change.rows.is_empty() {
                return Err(Error::act(&change.say, "no row of the record is meant").help(
                    format!(
                        "`comity query \"select * from {} where …\"` shows what there is",
                        change.table
                    ),
                ));
            }
            tables.insert(canonical.name);
            for (source, row) in &change.rows {
                let mut shown = BTreeMap::new();
                for (name, value) in &change.cells {
                    shown.insert(name.clone(), value.text());
                }
                let does = if change.cells.is_empty() { "takes out" } else { "changes" };
                let of = Some((source.clone(), row.clone()));
                rows.push(RowShown {
                    act: at + 1,
                    table: canonical.name.to_owned(),
                    does,
                    cells: shown,
                    of,
                });
                if change.cells.is_empty() {
                    layer = layer.hide(Hide::row(canonical.name, source, row));
                } else {
                    layer = layer.amend(Amend {
                        table: canonical.name.to_owned(),
                        source: source.clone(),
                        source_row: row.clone(),
                        cells: change.cells.clone(),
                        mark: "(supposed otherwise)".into(),
                    });
                }
            }
        }
        let fingerprint = layer.fingerprint_over(record)?;
        let after: Record = record.with(layer)?;
        let to = to.unwrap_or_else(|| record.last_year());
        let system = record.states()?;
        let shown = |change: &Change| -> Vec<ActShown> {
            let of = |ccode: &i32| ActShown {
                state: StateHead::of(system, *ccode, to),
                kind: "what-if".into(),
                say: change.say.clone(),
            };
            states.iter().take(1).map(of).collect()
        };
        let supposed = Supposed {
            acts: changes.iter().flat_map(shown).collect(),
            rows,
            tables,
            after,
            fingerprint,
            own: states.iter().copied().collect(),
            others: Vec::new(),
            from: i32::MIN,
            to,
        };
        let before =
            self.world_as_it_is().before(self, &supposed.judged(self), &supposed.states())?;
        self.difference(&before, supposed)
    }
}
