//! Lists of the wars of the Correlates of War, and where the silence of each means something.

use std::collections::BTreeSet;
use std::sync::Arc;

use comity_record::coverage::Only;

use crate::column::Column;
use crate::make::Make;
use crate::tables::Cover;

/// Which wars: those of a list, of one kind or of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wars {
    /// The dataset of the list.
    pub dataset: &'static str,
    /// The type of its wars: its claims are about these.
    war_type: &'static str,
    /// The columns that say whether a state enters a war of the list, and whether it fights one.
    pub whether: [&'static str; 2],
    /// The kind of war in the table of wars; none: all.
    pub kind: Option<&'static str>,
    /// Whether there are columns that say which war it is.
    pub which: bool,
}

pub(super) const INTER: Wars = Wars {
    dataset: "cow-war-inter",
    war_type: "inter-state",
    whether: ["cowinteronset", "cowinterongoing"],
    kind: None,
    which: false,
};
pub(super) const INTRA: Wars = Wars {
    dataset: "cow-war-intra",
    war_type: "intra-state",
    whether: ["cowintraonset", "cowintraongoing"],
    kind: None,
    which: true,
};
pub(super) const INTRA_CENTRAL: Wars = Wars { kind: Some("central-control"), ..INTRA };
pub(super) const INTRA_LOCAL: Wars = Wars { kind: Some("local-issues"), ..INTRA };
pub(super) const EXTRA: Wars = Wars {
    dataset: "cow-war-extra",
    war_type: "extra-state",
    whether: ["cowextraonset", "cowextraongoing"],
    kind: None,
    which: false,
};

/// The source of a list of wars.
pub(super) struct List {
    pub id: String,
    pub cover: Arc<Cover>,
    /// The first and last year that it covers.
    years: Option<(i32, i32)>,
}

impl List {
    /// The source of these wars; none where the record has none.
    pub fn of(make: &Make<'_>, wars: &Wars) -> Option<Self> {
        let source = make.record.sources().iter().find(|s| s.dataset == wars.dataset)?;
        let coverage = make.record.coverage("war_parties", &make.reading);
        let of_type = ("war_type".to_owned(), BTreeSet::from([wars.war_type.to_owned()]));
        let claims = coverage.answering_of(&source.id, &Only::from([of_type]));
        let years =
            claims.iter().map(|c| (c.from, c.to)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let cover = Arc::new(Cover::by(&make.years(), &make.base.cow, &[claims]));
        Some(Self { id: source.id.clone(), cover, years })
    }

    /// Sets the source and years of a column to those of this list.
    pub fn describe(&self, column: &mut Column) {
        column.sources = vec![self.id.clone()];
        column.years = self.years;
    }
}

/// Of two numbers of deaths both together, or the one that is known.
pub(super) fn together(one: Option<i32>, two: Option<i32>) -> Option<i32> {
    one.zip(two).map(|(a, b)| a.saturating_add(b)).or(one).or(two)
}
