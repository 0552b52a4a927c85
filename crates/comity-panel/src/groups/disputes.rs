//! Militarized interstate disputes: by pair, one dispute a year chosen by rules; by state, whether there was any.

use std::sync::Arc;

use arrow::array::StringArray;

use super::dispute_list::{
    CODINGS, COW, COW_INIT, DyadDispute, GML, GML_LEADERS, List, columns_of, dyads, listed_by,
    sources, whittle,
};
use super::dispute_rows;
use super::leader_disputes::LeaderDisputes;
use crate::cells::{Cells, Kind, Value};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::group::{Choice, Group, Made};
use crate::make::{Filled, Make};
use crate::tables::{By, Pairs, unknown};
use crate::unit::Unit;
use comity_record::columns::{bools, int, ints, truth};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

const fn int_column(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Int, doc }
}

pub(super) static DISPUTES: Group = Group {
    name: "disputes",
    doc: "militarized interstate disputes; `...onset` and `...ongoing` are 0 where the source covers both and has none, everything else is null without a dispute. (Codes for `missing` are null; peacesciencer 1.2.9 leaves -9.)",
    choices: &[
        Choice::new(
            "cow",
            "Correlates of War MID: opponents by the days of their participation",
            |make| of(make, &COW),
        )
        .needs(&[COW.dataset])
        .rows(|make, wanted| dispute_rows::of(make, &COW, wanted)),
        Choice::new("cow-init", "as `cow`, in directed pairs with who initiates", |make| {
            of(make, &COW_INIT)
        })
        .needs(&[COW.dataset])
        .rows(|make, wanted| dispute_rows::of(make, &COW_INIT, wanted)),
        Choice::new(
            "gml",
            "Gibler, Miller and Little, in directed pairs with who initiates; in rows about leaders the disputes in which they led",
            |make| of(make, &GML),
        )
        .needs(&[GML.dataset])
        .by_leader(|make| LeaderDisputes::of(make, &GML))
        .rows(|make, wanted| dispute_rows::of(make, &GML, wanted)),
        Choice::new(
            "gml-leaders",
            "as `gml`, of states and of leaders: without participants none of whose leaders is known on the first or the last day, as peacesciencer 1.2.9 counts",
            |make| of(make, &GML_LEADERS),
        )
        .needs(&[GML.dataset])
        .by_leader(|make| LeaderDisputes::of(make, &GML_LEADERS))
        .not_of_pairs(
            "leaves out participants, and pairs are listed without regard to their leaders",
            "ask for disputes:gml, or for state-years",
        ),
    ],
    tables: &["disputes", "dispute_parties", "dyadic_disputes"],
    gw_tables: &[],
    of_states: &[
        flag("cowmidongoing", "1 in a year with a dispute"),
        flag("cowmidonset", "1 in a year in which it enters one"),
        flag(
            "cowmidongoing_init",
            "1 in a year with one that it is said to have begun: on side A, or a joiner of either side",
        ),
        flag(
            "cowmidonset_init",
            "1 in a year in which it enters one, on side A or as a joiner of either side",
        ),
        flag("cowmidongoing_init_sidea", "1 in a year with one in which it is on side A"),
        flag("cowmidonset_init_sidea", "1 in a year in which it enters one on side A"),
        flag(
            "cowmidongoing_init_orig",
            "1 in a year with one in which it is on side A from the first day",
        ),
        flag(
            "cowmidonset_init_orig",
            "1 in a year in which it enters one, on side A from the first day",
        ),
        flag("gmlmidongoing", "1 in a year with a dispute"),
        flag("gmlmidonset", "1 in a year in which it enters one"),
        flag(
            "gmlmidongoing_init",
            "1 in a year with one that it is said to have begun: on side A, or a joiner of either side",
        ),
        flag(
            "gmlmidonset_init",
            "1 in a year in which it enters one, on side A or as a joiner of either side",
        ),
        flag("gmlmidongoing_init_sidea", "1 in a year with one in which it is on side A"),
        flag("gmlmidonset_init_sidea", "1 in a year in which it enters one on side A"),
        flag(
            "gmlmidongoing_init_orig",
            "1 in a year with one in which it is on side A from the first day",
        ),
        flag(
            "gmlmidonset_init_orig",
            "1 in a year in which it enters one, on side A from the first day",
        ),
    ],
    of_pairs: &[
        int_column("dispnum", "number of the dispute"),
        flag("cowmidongoing", "1 in a year with a dispute between them"),
        flag("cowmidonset", "1 in the first year of one"),
        flag("gmlmidongoing", "1 in a year with a dispute between them"),
        flag("gmlmidonset", "1 in the first year of one"),
        flag("sidea", "on side A, the side of the first act"),
        flag("fatality", "fatality level 0 to 6; without a number: of the whole dispute"),
        int_column(
            "fatalpre",
            "deaths, where they are known exactly; without a number: of the whole dispute",
        ),
        flag("hiact", "highest action 0 to 21; without a number: of the whole dispute"),
        flag("hostlev", "hostility level 1 to 5; without a number: of the whole dispute"),
        flag("orig", "took part from the first day"),
        int_column("mindur", "days that the dispute lasted at least"),
        int_column("maxdur", "days that the dispute lasted at most"),
        flag("recip", "both sides acted"),
        flag("stmon", "month in which the dispute began"),
        flag("revstate", "sought to change the status quo (GML)"),
        flag("revtype1", "revision sought: 0 none, 1 territory, 2 policy, 3 regime, 4 other (GML)"),
        flag("revtype2", "second revision sought, as revtype1 (GML)"),
        flag(
            "outcome",
            "of the whole dispute: 1 victory of side A, 2 of side B, 3 side A yields, 4 side B yields, 5 stalemate, 6 compromise, 7 released, 8 unclear, 9 joins a war (GML)",
        ),
        flag(
            "settle",
            "settlement of the whole dispute: 1 negotiated, 2 imposed, 3 none, 4 unclear (GML)",
        ),
        flag("endmon", "month in which the dispute ended (GML)"),
        int_column("numa", "states on side A in the whole dispute (GML)"),
        int_column("numb", "states on side B in the whole dispute (GML)"),
        flag("ongo2010", "1 the dispute went on when the data end in 2010 (GML)"),
        Declared { name: "version", kind: Kind::Text, doc: "version of the list (GML)" },
        flag(
            "init",
            "initiator: on side A, or a joiner of either side (peacesciencer 1.2.9's sidea-all-joiners); directed pairs alone have initiators",
        ),
        flag("init_sidea", "initiator: on side A, also who joined it (sidea-with-joiners)"),
        flag("init_orig", "initiator: on side A from the first day (sidea-orig)"),
    ],
    rows_of: Some(Unit::DisputeYears),
    events: &["cowmidongoing", "gmlmidongoing"],
    made: Made::ByChoice,
};

fn of(make: &Make<'_>, list: &List) -> Result<Vec<Column>, PanelError> {
    let make = &listed_by(make, list)?;
    let make = &make.by_date(&make.table("dispute_parties")?);
    match make.shape {
        Shape::Pair { .. } => of_pairs(make, list),
        _ => of_states(make, list),
    }
}

/// Who begins, of the first and the second.
fn initiators(disputes: &[DyadDispute]) -> Vec<(String, Cells)> {
    let truth = |code: Option<i32>| code.map(|c| c == 1);
    let mut columns = Vec::new();
    for (name, coding) in CODINGS {
        for which in 0..2 {
            let mut cells = Cells::new(Kind::Flag, disputes.len());
            for d in disputes {
                let began = coding(truth(d.own[0][which]), truth(d.own[1][which]));
                cells.push(began.map(|began| Value::Int(began.into())));
            }
            columns.push((format!("{name}{}", which + 1), cells));
        }
    }
    columns
}

fn of_pairs(make: &Make<'_>, list: &List) -> Result<Vec<Column>, PanelError> {
    let disputes = whittle(&dyads(make, list)?, make.rules);
    let cover = make.cover(&["disputes", "dispute_parties"]);
    let entries: Vec<_> = disputes.iter().map(|d| (d.one, d.two, d.year)).collect();
    let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &entries));
    let mut columns = columns_of(&disputes, list.prefix, list.full, |name| make.kind(name));
    if make.shape == (Shape::Pair { directed: true }) && list.initiators {
        columns.extend(initiators(&disputes));
    }
    let column = |(name, cells): (String, Cells)| {
        let zero = name.strip_prefix(list.prefix).is_some_and(|n| n == "ongoing" || n == "onset");
        let otherwise = zero.then_some(&cover);
        make.of_pairs(&name, &["disputes", "dispute_parties"], &pairs, cells, otherwise)
    };
    let mut made: Vec<Column> = columns.into_iter().map(column).collect::<Result<_, _>>()?;
    if list.full {
        made.push(version(make, list, &pairs, disputes.len())?);
    }
    let sources = sources(make, list)?;
    made.iter_mut().for_each(|column| column.sources.clone_from(&sources));
    Ok(made)
}

/// The version of the list, in rows with a dispute.
fn version(
    make: &Make<'_>,
    list: &List,
    pairs: &Arc<Pairs>,
    many: usize,
) -> Result<Column, PanelError> {
    let sources = make.reading.sources("disputes").iter();
    let mut own =
        sources.filter_map(|id| make.record.source(id)).filter(|s| s.dataset == list.dataset);
    let version = own.next().map(|source| source.version.clone());
    let mut cells = make.entries("version", many);
    (0..many).for_each(|_| cells.push(version.as_ref().map(|_| Value::Int(0))));
    let column = make.of_pairs("version", &["disputes"], pairs, cells, None)?;
    Ok(Column {
        texts: Some(Arc::new(std::iter::once(version).collect::<StringArray>())),
        ..column
    })
}

fn of_states(make: &Make<'_>, list: &List) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("dispute_parties")?;
    let years = make.spells("dispute_parties", &batch);
    let (ccode, side, orig) =
        (ints(&batch, "ccode"), bools(&batch, "side_a"), bools(&batch, "originator"));
    let start = make.begins(&batch);
    let cover = make.cover(&["disputes", "dispute_parties"]);
    let known = bools(&batch, "leaders_known");
    // Two columns for all disputes, and two for each coding of who began.
    let names: Vec<&'static str> = DISPUTES.of_states.iter().map(|d| d.name).collect();
    let names: Vec<&'static str> =
        names.into_iter().filter(|name| name.starts_with(list.prefix)).collect();
    let mut cells: Vec<Cells> = names.iter().map(|_| unknown(Kind::Flag, &make.grid)).collect();
    cover.zero(&make.grid, &mut cells);
    for (row, years) in years.into_iter().enumerate() {
        let (Some(state), Some(years)) = (make.state(int(ccode, row)), years) else { continue };
        if list.leaders_known && truth(known, row) != Some(true) {
            continue;
        }
        let first = start[row];
        let began = CODINGS.map(|(_, coding)| coding(truth(side, row), truth(orig, row)));
        for year in years {
            let Some(at) = make.grid.cell(usize::from(state), year) else { continue };
            let there = std::iter::once(true).chain(began.iter().map(|b| *b == Some(true)));
            for (coding, there) in there.enumerate() {
                if there {
                    cells[2 * coding].set(at, Some(Value::Int(1)));
                    if first == Some(year) {
                        cells[2 * coding + 1].set(at, Some(Value::Int(1)));
                    }
                }
            }
        }
    }
    let cells = names.into_iter().zip(cells).map(|(name, cells)| Filled::new(name, cells));
    make.of_members(&["disputes", "dispute_parties"], cells.collect())
}
