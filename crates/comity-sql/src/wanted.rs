//! Which rows of a table a query needs, from its filters on text columns.
//!
//! Only what keeps its sense all the way down to the scan counts: equality with a text, or a list of texts,
//! joined by AND, on a column that reaches the filter as it stands in the table.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::coverage::Only;
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::{Expr, Join, JoinType, Operator};

/// The texts that rows must hold to matter, by position of the column in a node's output.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted(BTreeMap<usize, BTreeSet<String>>);

impl Wanted {
    /// Every row matters.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// By name, at the scan.
    pub(super) fn names(&self, schema: &DFSchema) -> Only {
        self.0.iter().map(|(at, texts)| (schema.field(*at).name().clone(), texts.clone())).collect()
    }

    /// With what a predicate over these columns requires besides.
    pub(super) fn and(&self, predicate: &Expr, schema: &DFSchema) -> Self {
        let mut wanted = self.clone();
        wanted.add(predicate, schema, 0);
        wanted
    }

    /// Below a projection or grouping: columns that pass through it unchanged.
    pub(super) fn through(&self, outputs: &[Expr], input: &DFSchema) -> Self {
        let place = |(at, texts): (&usize, &BTreeSet<String>)| {
            let column = plain(outputs.get(*at)?)?;
            Some((input.maybe_index_of_column(column)?, texts.clone()))
        };
        Self(self.0.iter().filter_map(place).collect())
    }

    /// Below a join, on its left and its right.
    pub(super) fn sides(&self, join: &Join) -> (Self, Self) {
        let width = join.left.schema().fields().len();
        let (mut left, mut right) = (Self::new(), Self::new());
        for (at, texts) in &self.0 {
            match join.join_type {
                JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => {
                    right.narrow(*at, texts.clone());
                }
                JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => {
                    left.narrow(*at, texts.clone());
                }
                _ if *at < width => left.narrow(*at, texts.clone()),
                _ => right.narrow(*at - width, texts.clone()),
            }
        }
        // The condition of a join leaves out rows of a side only where that side need not come through.
        if let Some(on) = &join.filter {
            use JoinType::{
                Inner, Left, LeftAnti, LeftMark, LeftSemi, Right, RightAnti, RightMark, RightSemi,
            };
            if matches!(
                join.join_type,
                Inner | Right | RightAnti | RightMark | LeftSemi | RightSemi
            ) {
                left.add(on, join.left.schema(), 0);
            }
            if matches!(join.join_type, Inner | Left | LeftAnti | LeftMark | LeftSemi | RightSemi) {
                right.add(on, join.right.schema(), 0);
            }
        }
        (left, right)
    }

    fn narrow(&mut self, at: usize, texts: BTreeSet<String>) {
        let both = match self.0.get(&at) {
            Some(known) => known.intersection(&texts).cloned().collect(),
            None => texts,
        };
        self.0.insert(at, both);
    }

    fn add(&mut self, predicate: &Expr, schema: &DFSchema, depth: usize) {
        // Deeper than any person writes: what is not looked at needs every row.
        if depth > 64 {
            return;
        }
        match predicate {
            Expr::BinaryExpr(b) if b.op == Operator::And => {
                self.add(&b.left, schema, depth + 1);
                self.add(&b.right, schema, depth + 1);
            }
            Expr::BinaryExpr(b) if b.op == Operator::Eq => {
                let pair = match (plain(&b.left), plain(&b.right)) {
                    (Some(column), None) => text(&b.right).map(|t| (column, t)),
                    (None, Some(column)) => text(&b.left).map(|t| (column, t)),
                    _ => None,
                };
                if let Some((column, text)) = pair
                    && let Some(at) = schema.maybe_index_of_column(column)
                {
                    self.narrow(at, [text].into());
                }
            }
            Expr::InList(list) if !list.negated => {
                let texts: Option<BTreeSet<String>> = list.list.iter().map(text).collect();
                let at = plain(&list.expr).and_then(|c| schema.maybe_index_of_column(c));
                if let (Some(at), Some(texts)) = (at, texts) {
                    self.narrow(at, texts);
                }
            }
            _ => {}
        }
    }
}

fn plain(e: &Expr) -> Option<&Column> {
    match e {
        Expr::Column(c) => Some(c),
        Expr::Alias(a) => plain(&a.expr),
        _ => None,
    }
}

fn text(e: &Expr) -> Option<String> {
    match e {
        Expr::Literal(value, _) => value.try_as_str().flatten().map(str::to_owned),
        _ => None,
    }
}
