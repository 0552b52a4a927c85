//! Verdicts as a group of columns of a panel: evaluated above, and handed down to it.

use std::collections::BTreeMap;

use comity_panel::{Handed, HandedColumn, HandedValues, VERDICTS};
use comity_policy::VerdictRow;
use comity_policy::verdict::Verdict;

use super::Verdicts;
use super::handed::FIRST_YEAR;
use crate::{AuditOptions, Error, PanelRequest, Policy, Record};

/// The name of the group.
pub const GROUP: &str = VERDICTS.name;

/// What stands behind the colon of each `verdicts:POLICY` among the groups of a panel; empty where the policy is not named.
///
/// ```
/// let with = ["nmc".to_owned(), "verdicts:bandung-1955".to_owned(), "verdicts".to_owned()];
/// assert_eq!(comity::verdicts::policies(&with), ["bandung-1955", ""]);
/// ```
pub fn policies(with: &[String]) -> Vec<&str> {
    let choice = |word: &str| -> Option<(usize, usize)> {
        let (group, choice) = word.split_once(':').unwrap_or((word, ""));
        (group == GROUP).then_some((word.len() - choice.len(), word.len()))
    };
    with.iter().map(|w| w.trim()).filter_map(|w| choice(w).map(|(a, b)| &w[a..b])).collect()
}

/// What a regression takes: 1 broken, 0 not broken, nothing where it is not known or does not apply.
fn is_broken(verdict: Verdict) -> Option<i8> {
    match verdict {
        Verdict::Broken => Some(1),
        Verdict::Kept | Verdict::Strained | Verdict::NoOccasion => Some(0),
        Verdict::Unknown | Verdict::Contested | Verdict::NotApplicable => None,
    }
}

impl Record {
    /// Hands the verdicts of policies that ship down to a request that asks for them and has none.
    pub(crate) fn hand_down(&self, request: &mut PanelRequest) -> Result<(), Error> {
        let handed = |request: &PanelRequest, choice: &str| {
            request.handed.iter().any(|h| h.group.name == GROUP && h.choice == choice)
        };
        let asked: Vec<String> = policies(&request.with).into_iter().map(str::to_owned).collect();
        for choice in asked {
            if handed(request, &choice) {
                continue;
            }
            if request.reading.as_ref().is_some_and(|r| *r != self.tables().baseline()) {
                return Err(Error::new(format!(
                    "the verdicts of `{GROUP}:{choice}` under other sources than the baseline's are not evaluated here"
                ))
                .help("evaluate them with Record::verdicts, and hand down what Verdicts::for_panel gives"));
            }
            let id = if choice.is_empty() { comity_policy::SHIPPED[0].id } else { &choice };
            let verdicts = self.verdicts(&Policy::shipped(id)?, &AuditOptions::default())?;
            request.handed.push(verdicts.for_panel(&choice)?);
        }
        Ok(())
    }
}

impl Verdicts {
    /// The columns of the group `verdicts:CHOICE` of a panel: of each commitment the verdict in words, and whether it was broken.
    ///
    /// # Errors
    /// A record whose states cannot be read.
    pub fn for_panel(&self, choice: &str) -> Result<Handed, Error> {
        // To the last year of the record: where nothing answers, that is said.
        let to = self.evaluation.record().last_year();
        let rows = self.evaluation.verdict_rows(&[], Some(FIRST_YEAR), Some(to))?;
        let mut by: BTreeMap<&str, Vec<&VerdictRow>> = BTreeMap::new();
        let mut places: BTreeMap<(i32, i32), usize> = BTreeMap::new();
        for row in &rows {
            by.entry(&row.commitment).or_default().push(row);
            places.insert((row.ccode, row.year), 0);
        }
        for (at, place) in places.values_mut().enumerate() {
            *place = at;
        }
        let policy = self.evaluation.policy();
        let fingerprint = comity_policy::fingerprint(policy);
        let short = fingerprint.get(..12).unwrap_or(&fingerprint);
        let under = format!("the policy {} (fingerprint {short})", policy.id);
        let mut columns = Vec::new();
        for commitment in &policy.commitments {
            let Some(rows) = by.get(commitment.id.as_str()) else { continue };
            let mut verdicts = vec![None; places.len()];
            for row in rows {
                if let Some(at) = places.get(&(row.ccode, row.year)) {
                    verdicts[*at] = Some(row.verdict);
                }
            }
            let (id, name) = (&commitment.id, commitment.id.replace('-', "_"));
            columns.push(HandedColumn {
                name: name.clone(),
                doc: format!(
                    "verdict on {id} under {under}: kept, strained, broken, contested, unknown, no-occasion or not-applicable; unknown is a value of its own and never kept; null where the state is not in the state system, and in years of which no source speaks"
                ),
                values: HandedValues::Text(verdicts.iter().map(|v| Some((*v)?.name())).collect()),
            });
            columns.push(HandedColumn {
                name: format!("{name}_broken"),
                doc: format!(
                    "1 where the verdict on {id} is broken under {under}, 0 where it is kept, strained or no-occasion; null where it is unknown, contested or not applicable, and where there is no verdict"
                ),
                values: HandedValues::Flag(verdicts.iter().map(|v| is_broken((*v)?)).collect()),
            });
        }
        Ok(Handed {
            group: &VERDICTS,
            choice: choice.to_owned(),
            apart: policy.id.replace('-', "_"),
            states: places.keys().map(|(ccode, _)| *ccode).collect(),
            years: places.keys().map(|(_, year)| *year).collect(),
            columns,
            sources: self.sources(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_neither_broken_nor_kept() {
        let said = Verdict::ALL.map(|v| (v.name(), is_broken(v)));
        assert_eq!(
            said,
            [
                ("kept", Some(0)),
                ("strained", Some(0)),
                ("broken", Some(1)),
                ("contested", None),
                ("unknown", None),
                ("no-occasion", Some(0)),
                ("not-applicable", None),
            ]
        );
    }
}
