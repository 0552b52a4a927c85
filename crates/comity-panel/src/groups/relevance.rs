//! Politically relevant pairs.

use std::sync::Arc;

use super::{Column, Declared, Group, Make};
use crate::cells::{Cells, Kind, Value};
use crate::chunk::{Chunk, Source};
use crate::error::PanelError;

pub(super) static RELEVANCE: Group = Group {
    name: "relevance",
    doc: "political relevance: contiguous in any way, or one of them a great power; papers keep the rows where prd is 1",
    choices: &[],
    tables: &["contiguity", "contiguity_spells"],
    of_states: &[],
    of_pairs: &[Declared {
        name: "prd",
        kind: Kind::Flag,
        doc: "1 relevant, 0 not; null where contiguity is not known",
    }],
    make: |make| {
        make.pairs_only()?;
        let column =
            |group: &'static Group, choice: &'static str| -> Result<Vec<Column>, PanelError> {
                (group.make)(&Make { choice, group, ..make.again() })
            };
        let contiguity = column(&super::contiguity::CONTIGUITY, "first")?;
        let majors = column(&super::powers::MAJORS, "")?;
        let parts: Vec<Arc<dyn Source>> =
            contiguity.iter().chain(&majors).map(|c| Arc::clone(&c.source)).collect();
        let mut made =
            make.column("prd", Kind::Flag, &["contiguity", "major_powers"], Relevant(parts));
        made.years = contiguity.first().and_then(|c| c.years);
        made.sources = contiguity.iter().chain(&majors).flat_map(|c| c.sources.clone()).collect();
        made.sources.sort();
        made.sources.dedup();
        Ok(vec![made])
    },
};

/// Made from contiguity and whether either is a major power.
struct Relevant(Vec<Arc<dyn Source>>);

impl Source for Relevant {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        let written = |part: &Arc<dyn Source>| {
            let mut cells = Cells::new(Kind::Flag, chunk.rows);
            part.write(chunk, &mut cells);
            cells
        };
        let cells: Vec<Cells> = self.0.iter().map(written).collect();
        for row in 0..chunk.rows {
            let [contiguity, one, two] = [0, 1, 2].map(|part| cells[part].int(row));
            let relevant = |c| Value::Int((c > 0 || one == Some(1) || two == Some(1)).into());
            out.push(contiguity.map(relevant));
        }
    }
}
