//! The rows of a panel: its blocks, and what lays a year of them out where a unit is finer than a year.

use super::among::Among;
use super::error::PanelError;
use super::gather::{by_leader, check, of_group};
use super::group::RowsWanted;
use super::laid::{Layout, Listed};
use super::make::Make;
use super::office::Leaders;
use super::spec::Spec;
use super::unit::{Block, Unit};
use super::wanted::Wants;

/// The rows that are requested.
#[allow(clippy::type_complexity, reason = "two parts of one answer")]
pub(super) fn of(
    context: &Make<'_>,
    spec: &Spec,
    among: &Among,
    wants: &Wants,
) -> Result<(Vec<Block>, Option<Box<dyn Layout>>), PanelError> {
    if let Some((wanted, make)) = &wants.rows {
        let context = of_group(context, wanted);
        check(&context, wanted.group)?;
        let rows = RowsWanted {
            directed: spec.directed,
            among: &among.states,
            with: among.with,
            rules: spec.rules.as_deref().unwrap_or(&[]),
        };
        let Listed { pairs, layout } = make(&context, &rows)?;
        return Ok((context.base.blocks_of_pairs(&pairs, spec.years.as_ref()), Some(layout)));
    }
    let layout: Option<Box<dyn Layout>> = match spec.unit {
        Unit::LeaderYears | Unit::LeaderDyadYears => {
            Some(Box::new(Leaders::of(context, by_leader(context, wants)?)?))
        }
        _ => None,
    };
    Ok((among.blocks(context.base, spec), layout))
}
