use std::collections::BTreeMap;

use comity_measures::models::{references, scores};

use super::{Given, Line, Place, Replication};
use crate::Error;
use crate::models::{Columns, Model, Request, estimate_columns};

pub(super) const THIRD_LEG: Replication = Replication {
    name: "russett-oneal-davis-1998",
    about: "disputes between politically relevant dyads, 1951-1985 (probit), and memberships in common (least squares), both with errors by dyad",
    needs: "iorep.DTA of the replication archive, or a folder that has it",
    differences: "",
    reference: references::THIRD_LEG,
    run: third_leg,
};

pub(super) const CLEAR_AND_CLEAN: Replication = Replication {
    name: "oneal-russett-2001",
    about: "onsets of disputes, 1886-1992: estimating equations with AR(1), and a logit with effects of dyads (Table 1, columns 1 and 2)",
    needs: "io_tbl1.dta of the replication archive, or a folder that has it",
    differences: "",
    reference: references::CLEAR_AND_CLEAN,
    run: clear_and_clean,
};

const DISPUTES: [&str; 16] = [
    "bremdisp", "smorg_31", "deml", "demh", "depl", "lrgddep3", "growthl", "ally1r", "geo1",
    "caprat", "sumorg_3", "gdppcl", "distab", "ldi", "dyad", "year",
];

fn third_leg(given: &Given<'_>) -> Result<Vec<Line>, Error> {
    let data = given.columns("iorep.DTA", &DISPUTES)?;
    let by_dyad = |model, formula: &str| {
        let request =
            Request { formula: formula.into(), cluster: vec!["dyad".into()], ..Request::of(model) };
        estimate_columns(&data, &request)
    };
    let probit = by_dyad(
        Model::Probit,
        "bremdisp ~ smorg_31 + deml + demh + depl + lrgddep3 + growthl + ally1r + geo1 + caprat",
    )?
    .fit;
    let place = Place { table: "iorep.log, first equation", model: "probit" };
    let mut lines = vec![
        place.value("N", probit.rows as f64, "19752"),
        place.value("log likelihood", probit.log_likelihood.unwrap_or(0.0), "-3210.1789"),
        place.value("chi2(9)", probit.wald_of_all().map_or(0.0, |w| w.chi_squared), "76.32"),
    ];
    lines.extend(place.terms(
        &probit,
        &[
            ("smorg_31", "-.007723", ".0029464"),
            ("deml", "-.0232697", ".0074547"),
            ("demh", ".0170009", ".0072503"),
            ("depl", "-21.08675", "12.29638"),
            ("lrgddep3", "-3.915131", "1.769755"),
            ("growthl", "-.0121995", ".0074871"),
            ("ally1r", "-.2449766", ".10345"),
            ("geo1", ".7458305", ".117832"),
            ("caprat", "-.0009939", ".0003993"),
            ("constant", "-1.760051", ".1398564"),
        ],
    )?);
    let least = by_dyad(Model::Ols, "sumorg_3 ~ depl + deml + gdppcl + ally1r + distab + ldi")?.fit;
    let place = Place { table: "iorep.log, second equation", model: "least squares" };
    lines.push(place.value("N", least.rows as f64, "18657"));
    lines.push(place.value("R squared", least.r_squared.unwrap_or(0.0), "0.6278"));
    lines.extend(place.terms(
        &least,
        &[
            ("depl", "348.0128", "130.4649"),
            ("deml", ".6039891", ".0629247"),
            ("gdppcl", ".0032761", ".0001882"),
            ("ally1r", "7.502536", ".7415319"),
            ("distab", "-.0019112", ".0001391"),
            ("ldi", "-2.151389", "1.072583"),
            ("constant", "34.44875", ".9102805"),
        ],
    )?);
    Ok(lines)
}

const ONSETS: [&str; 11] = [
    "statea", "stateb", "year", "onset1", "smldmat", "smldep", "lcaprat2", "allies", "contigkb",
    "logdstab", "majpower",
];

const TERMS: &str =
    "onset1 ~ smldmat + smldep + lcaprat2 + allies + contigkb + logdstab + majpower";

/// Dyads with at least this many years of a known outcome are kept.
const LEAST_YEARS: usize = 20;

fn clear_and_clean(given: &Given<'_>) -> Result<Vec<Line>, Error> {
    let mut data = given.columns("io_tbl1.dta", &ONSETS)?;
    keep_long(&mut data)?;
    let request = |model| Request {
        formula: TERMS.into(),
        unit: vec!["statea".into(), "stateb".into()],
        ..Request::of(model)
    };
    let gee =
        Request { time: Some("year".into()), force: true, robust: true, ..request(Model::Gee) };
    let gee = estimate_columns(&data, &gee)?.fit;
    let place = Place { table: "Table 1, column 1", model: "GEE, AR(1)" };
    let mut lines = vec![
        place.value("N", gee.rows as f64, "115942"),
        place.value("dyads", gee.clusters.unwrap_or(0) as f64, "3139"),
        place.value("chi2(7)", gee.wald_of_all().map_or(0.0, |w| w.chi_squared), "1148.35"),
    ];
    lines.extend(place.terms(
        &gee,
        &[
            ("smldmat", "-.0554721", ".0111323"),
            ("smldep", "-50.38856", "14.78995"),
            ("lcaprat2", "-.2958045", ".0509722"),
            ("allies", "-.3411687", ".1746327"),
            ("contigkb", "2.013", ".1870071"),
            ("logdstab", "-.4528129", ".0570821"),
            ("majpower", "1.676423", ".181946"),
            ("constant", "-2.033442", ".4699725"),
        ],
    )?);
    let effects = Request { leave_out: true, ..request(Model::Clogit) };
    let effects = estimate_columns(&data, &effects)?.fit;
    let place = Place { table: "Table 1, column 2", model: "fixed-effects logit" };
    lines.push(place.value("N", effects.rows as f64, "18792"));
    let likelihood = effects.log_likelihood.unwrap_or(0.0);
    lines.push(place.value("log likelihood", likelihood, "-2784.2654"));
    lines.extend(place.terms(
        &effects,
        &[
            ("smldep", "-18.39399", "10.48919"),
            ("smldmat", "-.0327199", ".009911"),
            ("contigkb", "1.797432", ".2476947"),
            ("allies", "-.4364347", ".1266621"),
            ("lcaprat2", "-.0917859", ".0919955"),
            ("majpower", "1.511436", ".2994846"),
        ],
    )?);
    let pooled = Request { formula: TERMS.into(), ..Request::of(Model::Logit) };
    let pooled = estimate_columns(&data, &pooled)?;
    let auc = scores(&pooled.fit.fitted, &pooled.outcomes)?.auc.unwrap_or(0.0);
    let place = Place { table: "not printed; recomputed elsewhere", model: "pooled logit" };
    lines.push(place.value("area under the ROC curve", auc, ".881"));
    Ok(lines)
}

fn keep_long(data: &mut Columns) -> Result<(), Error> {
    let dyads: Vec<(u64, u64)> = data
        .numbers("statea")?
        .iter()
        .zip(data.numbers("stateb")?)
        .map(|(a, b)| (a.unwrap_or(0.0).to_bits(), b.unwrap_or(0.0).to_bits()))
        .collect();
    let mut years: BTreeMap<(u64, u64), usize> = BTreeMap::new();
    for (dyad, onset) in dyads.iter().zip(data.numbers("onset1")?) {
        *years.entry(*dyad).or_default() += usize::from(onset.is_some());
    }
    let long = |dyad| years.get(dyad).is_some_and(|years| *years >= LEAST_YEARS);
    let rows: Vec<bool> = dyads.iter().map(long).collect();
    data.keep(&rows);
    Ok(())
}
