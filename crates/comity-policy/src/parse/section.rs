//! The parts of a document between two headings, as they are read.

use super::words::Years;
use crate::document::{
    Acts, Bar, Better, Evidence, Expected, Given, Helper, Kind, Query, Span, Threshold, Watch,
};

/// A heading above commitments.
#[derive(Debug, Default)]
pub(super) struct ArticleSection {
    pub title: String,
    pub id: Option<(String, Span)>,
    pub classes: Vec<String>,
    pub prose: String,
}

/// An evidence block, where its name stands, and where each commitment that it uses is named.
pub(super) type EvidenceBlock = (Evidence, Span, Vec<(String, Span)>);

/// One heading of a commitment with what stands under it: a version.
#[derive(Debug)]
pub(super) struct Section {
    pub title: String,
    pub id: String,
    pub id_at: Span,
    pub heading: Span,
    pub article: usize,
    pub kind: Option<Kind>,
    pub better: Option<Better>,
    pub bar: Option<Bar>,
    pub principles: Vec<String>,
    pub watch: Option<Watch>,
    pub in_force: Option<Years>,
    pub in_force_at: Span,
    /// `in-force` is there and could not be read.
    pub in_force_broken: bool,
    pub prose: String,
    pub applies: Vec<Query>,
    pub evidence: Vec<EvidenceBlock>,
    /// An evidence block was there and could not be read.
    pub evidence_broken: bool,
    pub given: Vec<(String, Span, Given)>,
    pub expect: Vec<(String, Span, Vec<Expected>)>,
}

/// The sections of a document.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub articles: Vec<ArticleSection>,
    pub commitments: Vec<Section>,
    pub helpers: Vec<(Helper, Span)>,
    pub acts: Vec<Acts>,
    pub thresholds: Vec<Threshold>,
}
