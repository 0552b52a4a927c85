use comity_measures::models::{Errors, Family, Fit, Formula, Options, Sample, fit};

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
