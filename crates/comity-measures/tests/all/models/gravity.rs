use comity_measures::Error;
use comity_measures::models::{
    Design, Errors, Family, Fit, Formula, Groups, Options, Sample, fit, fit_absorbed,
};

use super::published::{Columns, columns, printed};

const YEARS: [f64; 6] = [1986.0, 1990.0, 1994.0, 1998.0, 2002.0, 2006.0];

/// The rows of Table 1: every fourth year, trade with other countries.
fn flows() -> Columns {
    let mut data = columns("gravity/Chapter1Application1.dta", "");
    let year = data.numbers("year").to_vec();
    data.keep(&year.iter().map(|y| YEARS.contains(&y.unwrap())).collect::<Vec<_>>());
    let trade: Vec<f64> = data.numbers("trade").iter().map(|t| t.unwrap()).collect();
    for (name, side) in [("output", "exporter"), ("spending", "importer")] {
        let formula = Formula::parse("year ~ year").unwrap();
        let key: &[&str] = &[side, "year"];
        let groups = data.with_table(|t| Sample::of(&formula, t, &[key])).unwrap().groups;
        let mut sums = vec![0.0; groups[0].count];
        groups[0].of.iter().zip(&trade).for_each(|(g, t)| sums[*g as usize] += t);
        data.add(name, groups[0].of.iter().map(|g| Some(sums[*g as usize])).collect());
    }
    let own = data.with_table(|t| {
        let pair = |name: &str| t.columns.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        match (pair("exporter"), pair("importer")) {
            (
                Some(comity_measures::models::Values::Labels(a)),
                Some(comity_measures::models::Values::Labels(b)),
            ) => a.iter().zip(b).map(|(a, b)| a != b).collect::<Vec<bool>>(),
            _ => panic!("countries are text"),
        }
    });
    data.keep(&own);
    data
}

fn by_pair(data: &Columns, family: Family, formula: &str) -> Fit {
    let formula = Formula::parse(formula).unwrap();
    let sample = data.with_table(|t| Sample::of(&formula, t, &[&["pair_id"]])).unwrap();
    let options = Options {
        errors: Errors::Cluster(&sample.groups[0]),
        threads: 1,
        count_absorbed: false,
        ..Options::default()
    };
    let Sample { outcome, outcomes, design, absorbed, .. } = &sample;
    if absorbed.is_empty() {
        return fit(family, outcome, outcomes, design, &options).unwrap();
    }
    fit_absorbed(family, outcome, outcomes, design, absorbed, &options).unwrap()
}

/// Yotov, Piermartini, Monteiro & Larch (2016), An Advanced Guide to Trade Policy Analysis, Table 1: least squares, least squares with
/// exporter-year and importer-year effects, and PPML with both.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn table_1_of_the_advanced_guide() {
    let data = flows();
    let check = |fit: &Fit, rows: usize, published: &[(&str, &str, &str)]| {
        assert_eq!(fit.rows, rows);
        for (name, coefficient, error) in published {
            let term = fit.term(name).unwrap();
            printed(term.coefficient, coefficient);
            if !error.is_empty() {
                printed(term.error, error);
            }
        }
    };
    let terms = "log(dist) + cntg + lang + clny";
    let least = format!("log(trade) ~ {terms} + log(output) + log(spending)");
    check(&by_pair(&data, Family::Gaussian, &least), 25_689, &[("log(dist)", "-1.0016", "0.0273")]);
    let effects = "exporter:year + importer:year";
    let fixed = format!("log(trade) ~ {terms} | {effects}");
    check(&by_pair(&data, Family::Gaussian, &fixed), 25_689, &[("log(dist)", "-1.2156", "0.0376")]);
    let ppml = by_pair(&data, Family::Poisson, &format!("trade ~ {terms} | {effects}"));
    let published = [
        ("log(dist)", "-0.8409", "0.0317"),
        ("cntg", "0.4374", ""),
        ("lang", "0.2475", ""),
        ("clny", "-0.2225", ""),
    ];
    check(&ppml, 28_152, &published);
    assert_eq!(ppml.absorbed, Some(69 * 6 + 69 * 6 - 6));
    assert!(ppml.separated.is_empty());
    // What goes out and comes in is fitted exactly: the mark of the effects (Fally 2015).
    let fitted: f64 = ppml.fitted.iter().sum();
    let traded: f64 = data.numbers("trade").iter().flatten().sum();
    assert!((fitted / traded - 1.0).abs() < 1e-9);
}

/// Correia, Guimarães & Zylkin (2019): the examples of separation that no single term or effect shows.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn separation_that_no_single_term_shows() {
    let separated = |inside: &str, terms: &[&str], effects: &[&str]| {
        let data = columns("gravity/correia2019.rda", inside);
        let column =
            |name: &&str| -> Vec<f64> { data.numbers(name).iter().map(|v| v.unwrap()).collect() };
        let y = column(&"y");
        let design = Design::new(
            terms.iter().map(ToString::to_string).collect(),
            terms.iter().map(column).collect(),
            false,
        )
        .unwrap();
        let keys = |name: &&str| -> Vec<i64> { column(name).iter().map(|v| *v as i64).collect() };
        let mut sets: Vec<Groups> = effects.iter().map(|e| Groups::of_keys(e, &keys(e))).collect();
        if sets.is_empty() {
            sets.push(Groups::of_keys("constant", &vec![0; y.len()]));
        }
        let options = Options {
            threads: 1,
            collinear: comity_measures::models::Collinear::LeaveOut,
            ..Options::default()
        };
        fit_absorbed(Family::Poisson, "y", &y, &design, &sets, &options).map(|fit| fit.separated)
    };
    let terms = ["x1", "x2", "x3", "x4"];
    assert_eq!(separated("example1", &terms, &[]).unwrap(), [4]);
    // Three rows are left, for as many coefficients.
    let error = separated("example2", &terms, &[]).unwrap_err();
    assert!(matches!(error, Error::TooFewRows { rows: 3, .. }), "{error}");
    assert!(separated("example2", &["x1"], &[]).unwrap().is_empty());
    assert_eq!(separated("fe1", &["x1", "x2"], &["i", "j"]).unwrap(), [4, 7, 13, 14]);
}
