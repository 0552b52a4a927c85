//! Politically relevant pairs.

use std::sync::Arc;

use super::{Column, Declared, Group, Make};
use crate::panel::cells::{Cells, Kind, Value};
use crate::panel::error::PanelError;
use crate::panel::tables::Source;
use crate::panel::unit::Block;

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
        let write = move |block: &Block, out: &mut Cells| {
            let cells: Vec<Cells> = parts
                .iter()
                .map(|part| {
                    let mut cells = Cells::new(Kind::Flag, block.rows());
                    part.write(block, &mut cells);
                    cells
                })
                .collect();
            for row in 0..block.rows() {
                let [contiguity, one, two] = [0, 1, 2].map(|part| cells[part].int(row));
                out.push(
                    contiguity
                        .map(|c| Value::Int((c > 0 || one == Some(1) || two == Some(1)).into())),
                );
            }
        };
        let mut made = make.column("prd", Kind::Flag, &["contiguity", "major_powers"], write);
        made.years = contiguity.first().and_then(|c| c.years);
        made.sources = contiguity.iter().chain(&majors).flat_map(|c| c.sources.clone()).collect();
        made.sources.sort();
        made.sources.dedup();
        Ok(vec![made])
    },
};
