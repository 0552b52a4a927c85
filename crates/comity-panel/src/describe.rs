//! What a panel says of itself beside its rows.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::StringArray;
use arrow::datatypes::SchemaRef;

use super::about::About;
use super::arrange::Place;
use super::build::{Listed, Panel};
use super::column::Column;
use super::grain::Grain;
use super::joined::JoinReport;
use super::unit::{Block, Run};

impl Panel {
    /// The columns of the panel.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The canonical tables behind its rows and columns, sorted.
    pub fn tables(&self) -> Vec<&'static str> {
        let further = self.layout.iter().flat_map(|layout| layout.tables());
        let kept_by = self.keep.iter().flat_map(|keep| keep.columns());
        let own =
            self.columns.iter().chain(kept_by).flat_map(|column| column.tables.iter().copied());
        let mut tables: Vec<&str> = own.chain(further).collect();
        tables.push(self.base.codes.table());
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// How many rows there are, where a layout does not make several or none of a year.
    pub fn years_of_units(&self) -> usize {
        self.blocks.iter().map(Block::rows).sum()
    }

    /// What every column means and where it comes from.
    pub fn about(&self) -> Vec<About> {
        let of = |c: &Column| About {
            name: c.name.clone(),
            doc: self.in_rows(c),
            group: c.requested(),
            sources: c.sources.clone(),
            years: c.years,
        };
        let about = |place: &Place| match *place {
            Place::Key(at) => of(&self.keys[at]),
            Place::Laid(at) => self.laid[at].about.clone(),
            Place::Column(at) => of(&self.columns[at]),
        };
        self.order.iter().map(about).collect()
    }

    /// What a column means, and where rows are shorter than a year by what it is laid out.
    fn in_rows(&self, column: &Column) -> String {
        let period = self.base.grain.name();
        match (self.base.grain, column.grain) {
            (Grain::Year, _) => column.doc.clone(),
            _ if column.group.is_empty() => column.doc.clone(),
            (_, Grain::Year) => format!(
                "{}. Of the year, and the same in each {period} of it: it is not known by {period}",
                column.doc
            ),
            _ => format!(
                "{}. By the dates of the source, of the {period} and not of the year; where only the month or the year of a date is known, from its first to its last day",
                column.doc
            ),
        }
    }

    /// The texts that a column of the schema may hold; none where it holds no texts.
    pub fn texts(&self, column: usize) -> Option<Arc<StringArray>> {
        match self.order[column] {
            Place::Key(at) => self.keys[at].texts.clone(),
            Place::Laid(at) => self.laid[at].texts.clone(),
            Place::Column(at) => self.columns[at].texts.clone(),
        }
    }

    /// What was done about years after the end of the list of states.
    pub fn listed(&self) -> Listed {
        self.listed
    }

    /// Codes of states that were named and have no row.
    pub fn absent(&self) -> &[i32] {
        &self.absent
    }

    /// What became of tables that were joined.
    pub fn joined(&self) -> &[JoinReport] {
        &self.joined
    }

    /// Ids of the sources behind the columns that decide which rows are kept, written or not.
    pub fn keeping_sources(&self) -> Vec<String> {
        let columns = self.keep.iter().flat_map(|keep| keep.columns());
        columns.flat_map(|column| column.sources.iter().cloned()).collect()
    }

    /// Ids of the sources of the list of states.
    pub fn system_sources(&self) -> &[String] {
        &self.system_sources
    }

    /// Groups whose sources end before, or begin after, the years of the panel: name, years covered. A column that is covered for other years than
    /// the first of its group has its own name.
    pub fn shortfalls(&self) -> Vec<(String, (i32, i32))> {
        let runs = || self.blocks.iter().flat_map(Block::runs);
        let years = || runs().map(Run::years);
        let (Some(from), Some(to)) = (years().map(|y| y.0).min(), years().map(|y| y.1).max())
        else {
            return Vec::new();
        };
        let mut short: Vec<(String, (i32, i32))> = Vec::new();
        let about_all = self.about();
        for about in &about_all {
            let Some(group) = &about.group else { continue };
            let mut name = group.clone();
            let first = about_all.iter().find(|a| a.group == about.group);
            if first.is_some_and(|first| first.years != about.years) {
                name = format!("{name} ({})", about.name);
            }
            if let Some(years) = about.years.filter(|(a, b)| *a > from || *b < to)
                && !short.iter().any(|(n, _)| *n == name)
            {
                short.push((name, years));
            }
        }
        short
    }

    /// The years requested, if not all.
    pub fn years(&self) -> Option<&RangeInclusive<i32>> {
        self.years.as_ref()
    }
}
