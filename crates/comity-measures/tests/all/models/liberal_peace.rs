use comity_measures::models::{
    Collinear, Correlation, Errors, Family, Fit, Formula, Options, Panels, Sample,
    conditional_logit, fit, gee, scores,
};

use super::published::{Columns, columns, printed, printed_terms};

const IOREP: &str = "liberal-peace/russettetal1998tlkt/iorep.DTA";

fn by_dyad(family: Family, formula: &str, data: &Columns) -> Fit {
    let formula = Formula::parse(formula).unwrap();
    let sample = data.with_table(|t| Sample::of(&formula, t, &[&["dyad"]])).unwrap();
    let options =
        Options { errors: Errors::Cluster(&sample.groups[0]), threads: 1, ..Options::default() };
    fit(family, &sample.outcome, &sample.outcomes, &sample.design, &options).unwrap()
}

/// Russett, Oneal & Davis (1998), the first equation, as their log prints it.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn probit_of_disputes() {
    let data = columns(IOREP, "");
    let formula = "bremdisp ~ smorg_31 + deml + demh + depl + lrgddep3 + growthl + ally1r + geo1 \
                   + caprat";
    let fit = by_dyad(Family::Probit, formula, &data);
    assert_eq!(fit.rows, 19_752);
    printed(fit.log_likelihood.unwrap(), "-3210.1789");
    printed(fit.null_log_likelihood.unwrap(), "-3594.7906");
    printed(fit.wald_of_all().unwrap().chi_squared, "76.32");
    let published = [
        ("smorg_31", "-0.007723", "0.0029464"),
        ("deml", "-0.0232697", "0.0074547"),
        ("demh", "0.0170009", "0.0072503"),
        ("depl", "-21.08675", "12.29638"),
        ("lrgddep3", "-3.915131", "1.769755"),
        ("growthl", "-0.0121995", "0.0074871"),
        ("ally1r", "-0.2449766", "0.10345"),
        ("geo1", "0.7458305", "0.117832"),
        ("caprat", "-0.0009939", "0.0003993"),
        ("constant", "-1.760051", "0.1398564"),
    ];
    printed_terms(&fit, &published);
}

/// The second equation of the same log: memberships in common by least squares.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn least_squares_of_memberships() {
    let data = columns(IOREP, "");
    let formula = "sumorg_3 ~ depl + deml + gdppcl + ally1r + distab + ldi";
    let fit = by_dyad(Family::Gaussian, formula, &data);
    assert_eq!((fit.rows, fit.clusters, fit.df), (18_657, Some(809), Some(808.0)));
    printed(fit.r_squared.unwrap(), "0.6278");
    printed(fit.wald_of_all().unwrap().chi_squared / 6.0, "175.21");
    let published = [
        ("depl", "348.0128", "130.4649"),
        ("deml", "0.6039891", "0.0629247"),
        ("gdppcl", "0.0032761", "0.0001882"),
        ("ally1r", "7.502536", "0.7415319"),
        ("distab", "-0.0019112", "0.0001391"),
        ("ldi", "-2.151389", "1.072583"),
        ("constant", "34.44875", "0.9102805"),
    ];
    printed_terms(&fit, &published);
    printed(fit.term("deml").unwrap().low, "0.480474");
}

const TABLE_1: &str = "liberal-peace/onealrussett2001cc/io_tbl1.dta";
const TERMS: &str =
    "onset1 ~ smldmat + smldep + lcaprat2 + allies + contigkb + logdstab + majpower";

/// The rows of Table 1: dyads with at least 20 years of a known outcome.
fn table_1() -> Sample {
    let mut data = columns(TABLE_1, "");
    let (a, b) = (data.numbers("statea").to_vec(), data.numbers("stateb").to_vec());
    let dyads: Vec<_> = a.iter().zip(&b).map(|(a, b)| Some(1000.0 * (*a)? + (*b)?)).collect();
    let mut years = std::collections::BTreeMap::new();
    let known = dyads.iter().zip(data.numbers("onset1"));
    for (dyad, _) in known.filter(|(_, onset)| onset.is_some()) {
        *years.entry(dyad.unwrap() as i64).or_insert(0) += 1;
    }
    let keep: Vec<bool> = dyads.iter().map(|d| years[&(d.unwrap() as i64)] > 19).collect();
    data.add("dyadid", dyads);
    data.keep(&keep);
    let formula = Formula::parse(&format!("{TERMS} + year")).unwrap();
    data.with_table(|t| Sample::of(&formula, t, &[&["dyadid"]])).unwrap()
}

/// The terms without the year.
fn terms(sample: &Sample) -> comity_measures::models::Design {
    let mut design = sample.design.clone();
    assert_eq!(design.names.pop().unwrap(), "year");
    design.columns.pop();
    design
}

/// Oneal & Russett (2001), Table 1, column 1, as `iotable1.log` prints it.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn estimating_equations_of_onsets() {
    let sample = table_1();
    let times = sample.design.columns.last().unwrap();
    let panels = Panels { units: &sample.groups[0], times, force: true };
    let options = Options { errors: Errors::Robust, threads: 1, ..Options::default() };
    let design = terms(&sample);
    let ar1 = |options| {
        let (of, kind) = (&sample.outcomes, Correlation::Ar1);
        gee(Family::Logit, "onset1", of, &design, &panels, kind, options).unwrap()
    };
    let fit = ar1(&options);
    assert_eq!((fit.rows, fit.clusters), (115_942, Some(3139)));
    let published = [
        ("smldmat", "-.0554721", ".0111323"),
        ("smldep", "-50.38856", "14.78995"),
        ("lcaprat2", "-.2958045", ".0509722"),
        ("allies", "-.3411687", ".1746327"),
        ("contigkb", "2.013", ".1870071"),
        ("logdstab", "-.4528129", ".0570821"),
        ("majpower", "1.676423", ".181946"),
        ("constant", "-2.033442", ".4699725"),
    ];
    printed_terms(&fit, &published);
    printed(fit.wald_of_all().unwrap().chi_squared, "1148.35");
}

/// Oneal & Russett (2001), Table 1, column 2: the distance is left out, since it does not vary within dyads.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn fixed_effects_logit_of_onsets() {
    let sample = table_1();
    let options = Options { collinear: Collinear::LeaveOut, threads: 1, ..Options::default() };
    let design = terms(&sample);
    let groups = &sample.groups[0];
    let fit = conditional_logit("onset1", &sample.outcomes, &design, groups, &options).unwrap();
    assert_eq!((fit.rows, fit.separated.len()), (18_792, 97_150));
    assert_eq!(groups.count - fit.absorbed.unwrap(), 2751);
    assert_eq!((fit.omitted.len(), fit.omitted[0].term.as_str()), (1, "logdstab"));
    let (likelihood, null) = (fit.log_likelihood.unwrap(), fit.null_log_likelihood.unwrap());
    printed(likelihood, "-2784.2654");
    printed(2.0 * (likelihood - null), "145.78");
    printed(fit.pseudo_r_squared().unwrap(), "0.0255");
    let published = [
        ("smldep", "-18.39399", "10.48919"),
        ("smldmat", "-.0327199", ".009911"),
        ("contigkb", "1.797432", ".2476947"),
        ("allies", "-.4364347", ".1266621"),
        ("lcaprat2", "-.0917859", ".0919955"),
        ("majpower", "1.511436", ".2994846"),
    ];
    printed_terms(&fit, &published);
}

/// A pooled logit on the rows of Table 1: its area under the curve, in sample, is stated for scale (recomputed, not published).
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn pooled_logit_of_onsets() {
    let sample = table_1();
    let options = Options { threads: 1, ..Options::default() };
    let fit = fit(Family::Logit, "onset1", &sample.outcomes, &terms(&sample), &options).unwrap();
    printed(scores(&fit.fitted, &sample.outcomes).unwrap().auc.unwrap(), ".881");
}
