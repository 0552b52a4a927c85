//! Networks of defence alliances of 164 states, 1981 to 2000, by the file of the R package `xergm.common`.

use std::io::Read;

use comity_measures::tergm::{Options, Step, Term, tergm};

use crate::objects::{Object, read};
use crate::published::data;

fn objects() -> Object {
    let packed = std::fs::File::open(data("tergm-alliances/alliances.RData")).unwrap();
    let mut bytes = Vec::new();
    lzma_rust2::XzReader::new(packed, true).read_to_end(&mut bytes).unwrap();
    read(&bytes)
}

/// A matrix as it is stored, column by column, by row.
fn matrix(object: &Object, nodes: usize) -> Vec<Option<f64>> {
    let cells = object.numbers();
    assert_eq!(cells.len(), nodes * nodes);
    (0..nodes * nodes).map(|at| Some(cells[at % nodes * nodes + at / nodes])).collect()
}

/// Whether two nodes of a network are tied, and two attributes of its nodes.
fn network(of: &Object) -> (Vec<Option<bool>>, Vec<Option<f64>>, Vec<Option<f64>>) {
    let nodes = of.get("val").items();
    let mut ties = vec![Some(false); nodes.len() * nodes.len()];
    for edge in of.get("mel").items().iter().filter(|edge| edge.is_list()) {
        let end = |name: &str| edge.get(name).numbers()[0] as usize - 1;
        let (a, b) = (end("outl"), end("inl"));
        ties[a.min(b) * nodes.len() + a.max(b)] = Some(true);
    }
    let value = |name: &str| nodes.iter().map(|n| Some(n.get(name).numbers()[0])).collect();
    (ties, value("polity"), value("cinc"))
}

/// The example of `btergm`: alliances by shared partners, alliances of the year before, shared partners of the year before, war, democracy,
/// capabilities and contiguity. The coefficients are those of a logit on the same 267,320 pairs, recomputed with statsmodels, whose log
/// likelihood is -2651.6290631.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn alliances_of_164_states() {
    const NAMES: [&str; 10] = [
        "edges",
        "shared partners",
        "alliance of the year before",
        "shared partners of the year before",
        "war",
        "polity",
        "cinc",
        "difference of polity",
        "difference of cinc",
        "contiguity",
    ];
    let all = objects();
    let years = all.get("allyNet").items().len();
    assert_eq!(years, 20);
    let nodes = 164;
    let contiguity = matrix(all.get("contigMat"), nodes);
    let of = |name: &str, year: usize| Term::OfPairs(matrix(&all.get(name).items()[year], nodes));
    let step = |year: usize| {
        let (ties, polity, cinc) = network(&all.get("allyNet").items()[year]);
        let terms = vec![
            Term::Edges,
            Term::SharedPartners(0.0),
            of("lNet", year),
            of("LSP", year),
            of("warNet", year),
            Term::SumOf(polity.clone()),
            Term::SumOf(cinc.clone()),
            Term::DifferenceOf(polity),
            Term::DifferenceOf(cinc),
            Term::OfPairs(contiguity.clone()),
        ];
        Step { nodes, ties, terms }
    };
    let steps: Vec<Step> = (0..years).map(step).collect();
    let options = Options { samples: 0, seed: 1, threads: 2 };
    let fit = tergm(&NAMES, &steps, options).unwrap();
    assert_eq!((fit.pairs, fit.left_out), (267_320, 0));
    assert!((fit.log_likelihood + 2_651.629_063_1).abs() < 1e-6, "{}", fit.log_likelihood);
    let wanted = [
        -7.019_875, 1.752_477, 9.867_697, 0.111_265, -0.641_490, -0.016_492, -0.105_028,
        -0.078_455, 1.170_390, 1.852_211,
    ];
    for (coefficient, wanted) in fit.coefficients.iter().zip(wanted) {
        assert!((coefficient.estimate - wanted).abs() < 1e-6, "{coefficient:?}, not {wanted}");
    }
    // Intervals on a part of the years, where a sample takes a moment.
    let few = tergm(&NAMES, &steps[..4], Options { samples: 8, ..options }).unwrap();
    let memory = &few.coefficients[2];
    let (low, high) = memory.interval.unwrap();
    assert!(low > 5.0 && low <= memory.estimate + 1.0 && high >= low, "{memory:?}");
}
