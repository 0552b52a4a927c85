//! What the values of coded columns mean, and in which unit the others are: declared once, for the codebook that people are shown.
//!
//! Every whole number is a code with its values here, a count or measure with its unit, or the number of something. Tests check that none
//! is left out.

use crate::schema::{Column, ColumnType, Table};

/// A coded column: its values, by the codebook of their publisher.
#[derive(Debug)]
pub struct Coding {
    /// The columns, as `table.column`; `*` stands for every table.
    of: &'static [&'static str],
    /// Each value and what it means.
    pub values: &'static [(&'static str, &'static str)],
    /// Where the meanings of further values stand; empty where these are all.
    pub others: &'static str,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy)]
pub struct Holds {
    /// The unit, or what kind of thing a value names.
    pub unit: &'static str,
    /// The values, where they are codes.
    pub coding: Option<&'static Coding>,
}

/// What a column of a table holds; none where nothing is declared of a number.
pub fn holds(table: &Table, column: &Column) -> Option<Holds> {
    let coding = CODINGS.iter().find(|c| c.of.iter().any(|of| is(of, table.name, column.name)));
    if coding.is_some() {
        return Some(Holds { unit: "code", coding });
    }
    let of = |unit: &'static str| Some(Holds { unit, coding: None });
    let number = matches!(column.kind, ColumnType::Int | ColumnType::Float);
    let named = UNITS.iter().find(|(of, _)| of.iter().any(|of| is(of, table.name, column.name)));
    if let Some((_, unit)) = named.filter(|_| number) {
        return of(unit);
    }
    match column.kind {
        ColumnType::Text => of("text"),
        ColumnType::Bool => of("true or false"),
        ColumnType::Date => of("day"),
        ColumnType::Int if table.states.contains(&column.name) => of(STATE),
        ColumnType::Int | ColumnType::Float => None,
    }
}

/// Whether a pattern names a column: `votes.vote`, `*.vote`, `votes.*`, `*.*_year`.
fn is(pattern: &str, table: &str, column: &str) -> bool {
    let part = |pattern: &str, name: &str| match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
        }
    };
    pattern.split_once('.').is_some_and(|(t, c)| part(t, table) && part(c, column))
}

const STATE: &str = "state, by its number with the Correlates of War";

/// Units of numbers, the first pattern that fits. A text that is the number of something has none.
const UNITS: &[(&[&str], &str)] = &[
    (&["*.ccode", "*.ccode_a", "*.ccode_b", "*.partner", "*.trigger_by", "*.side_of"], STATE),
    (&["external_support.recipient_state", "external_support.target", "aid.recipient"], STATE),
    (&["events.location", "colonial_history.independence_from"], STATE),
    (
        &[
            "colonial_history.colonial_ruler",
            "colonial_history.*_from",
            "colonial_history.merged_into",
        ],
        STATE,
    ),
    (
        &["*.gwcode", "*.partner_gwcode", "gw_borders.owner_code"],
        "state, by its number with Gleditsch and Ward",
    ),
    (
        &["treaty_phases.phase", "treaty_phases.phases", "dispute_events.event", "*.dispute_year"],
        "count from the first",
    ),
    (&["*.year", "*.*_year", "leaders.born"], "year"),
    (&["*.month", "*.*_month"], "month, 1 to 12"),
    (
        &["isd_states.isd_id", "fractionalization.country_code", "*.priogrid"],
        "number in the source's own list",
    ),
    (
        &[
            "territorial_changes.entity",
            "borders.code",
            "borders.owner_code",
            "colonial_contiguity.*dependency",
        ],
        "unit, by its number with the Correlates of War",
    ),
    (&["interventions.actor", "interventions.target_code"], "actor, by its number as published"),
    (&["*.session"], "number of the session of the General Assembly"),
    (&["*.mindur", "*.maxdur", "*.days", "*.days_so_far"], "days"),
    (&["disputes.states_a", "disputes.states_b", "international_crises.actors"], "states"),
    (&["organized_violence.*_dyads"], "pairs of parties that fought"),
    (&["organized_violence.one_sided_actors"], "actors"),
    (&["conflict_onsets.*"], "conflicts"),
    (
        &[
            "*.deaths*",
            "*.*_deaths",
            "*.fatalities*",
            "dyadic_disputes.partner_fatalities",
            "dispute_events.*fatalities_min",
            "dispute_events.*fatalities_max",
            "*.best",
            "*.low",
            "*.high",
            "organized_violence.*",
        ],
        "persons killed",
    ),
    (
        &["interventions.casualties", "interventions.target_casualties"],
        "persons killed and wounded",
    ),
    (&["igo_counts.*"], "organisations"),
    (&["roll_calls.*", "council_resolutions.*", "vetoes.yes", "vetoes.needed"], "members"),
    (&["voting_years.*", "ideal_points.votes"], "recorded votes"),
    (&["arms_transfers.ordered", "arms_transfers.delivered"], "items"),
    (&["arms_transfers.tiv_*"], "trend-indicator values of SIPRI, millions"),
    (&["event_years.*"], "events"),
    (&["events.mentions"], "mentions"),
    (&["exercises.participants"], "participants"),
    (&["deployments.bases"], "bases"),
    (&["deployments.*", "peace_missions.*", "peacekeeping.*"], "persons"),
    (&["leader_backgrounds.years_experience"], "years of experience"),
    (&["agreement_provisions.environmental*"], "provisions"),
    (&["*.depth"], "index of depth, 0 to 7"),
    (&["agreement_provisions.depth_rasch"], "latent scale"),
    (&["agreement_provisions.labour"], "index, 0 to 5"),
    (&["sanction_cases.senders"], "of the three senders EU, US and UN"),
    (&["sanction_cases.intensity", "sanction_cases.hse_score"], "product of two codes"),
    (&["*.severity"], "index, 1 to 100"),
    (&["*.latitude", "*.longitude", "*.capital_latitude", "*.capital_longitude"], "degrees"),
    (&["*.minimum_km"], "kilometres"),
    (&["*.area"], "square kilometres"),
    (
        &[
            "isd_states.population",
            "territorial_changes.population",
            "economy.population",
            "gdp_estimates.population*",
            "gw_gdp_estimates.population*",
        ],
        "persons",
    ),
    (
        &["claims.salience", "claim_salience.*"],
        "index of salience, 0 to 12 for both together, 0 to 6 for one state or part",
    ),
    (&["capabilities.milex"], "thousands of current pounds to 1913, then of current US dollars"),
    (&["capabilities.milper", "capabilities.tpop", "capabilities.upop"], "thousands of persons"),
    (&["capabilities.irst"], "thousands of tons"),
    (&["capabilities.pec"], "thousands of coal-ton equivalents"),
    (&["capabilities.cinc", "*.gdp_share", "*.government_share"], "share, 0 to 1"),
    (
        &["aid.*_usd", "military_spending.constant_usd", "military_spending.current_usd"],
        "millions of US dollars",
    ),
    (&["military_spending.per_capita_usd"], "current US dollars per person"),
    (
        &["trade.*imports", "trade.*exports", "trade_totals.*imports", "trade_totals.*exports"],
        "millions of current US dollars",
    ),
    (&["economy.*_usd", "base_construction.spending_usd"], "current US dollars"),
    (&["economy.gdp_growth"], "percent"),
    (
        &["gdp_estimates.gdp_per_capita*", "gw_gdp_estimates.gdp_per_capita*"],
        "international dollars of 2011",
    ),
    (&["gdp_estimates.gdp*", "gw_gdp_estimates.gdp*"], "millions of international dollars of 2017"),
    (
        &["ideal_points.*", "leader_willingness.*", "territorial_threat.*"],
        "latent scale with mean 0 and standard deviation 1",
    ),
    (&["*.polity2"], "score, -10 to 10"),
    (&["*.v2x_polyarchy", "*.*fractionalization", "*.*polarization"], "index, 0 to 1"),
    (&["*.euds", "*.adjusted_euds"], "latent scale"),
    (&["*.goldstein"], "score on Goldstein's scale, -10 to 10"),
    (&["terrain.ruggedness"], "index of ruggedness, hundreds of metres"),
    (&["terrain.mountains_log"], "natural logarithm of a percentage and one"),
    (&["indices.value", "indicators.value"], "the unit of the index or indicator"),
    (&["peace_scale_years.level"], "mean of levels, 0 to 1"),
];

const fn all(
    of: &'static [&'static str],
    values: &'static [(&'static str, &'static str)],
) -> Coding {
    Coding { of, values, others: "" }
}

const fn some(
    of: &'static [&'static str],
    values: &'static [(&'static str, &'static str)],
    others: &'static str,
) -> Coding {
    Coding { of, values, others }
}

const ICB: &str = "the codebook of the International Crisis Behavior project";
const EUSANCT: &str = "the codebook of the EUSANCT dataset";

/// Every coded column.
static CODINGS: &[Coding] = &[
    // Militarized disputes: Dyadic MID, MID and GML, MIE and MIDIP.
    all(
        &["dispute_events.action"],
        &[
            ("1", "threat to use force"),
            ("2", "threat to blockade"),
            ("3", "threat to occupy territory"),
            ("4", "threat to declare war"),
            ("5", "threat to use chemical, biological or radiological weapons"),
            ("6", "threat to join a war"),
            ("7", "show of force"),
            ("8", "alert"),
            ("9", "nuclear alert"),
            ("10", "mobilization"),
            ("11", "fortification of a border"),
            ("12", "violation of a border"),
            ("13", "blockade"),
            ("14", "occupation of territory"),
            ("15", "seizure"),
            ("16", "attack"),
            ("17", "clash"),
            ("19", "use of chemical, biological or radiological weapons"),
            ("22", "battle"),
        ],
    ),
    all(
        &["*.hiact", "*.*_hiact", "incidents.action"],
        &[
            ("0", "no militarized action"),
            ("1", "threat to use force"),
            ("2", "threat to blockade"),
            ("3", "threat to occupy territory"),
            ("4", "threat to declare war"),
            ("5", "threat to use chemical, biological or radiological weapons"),
            ("6", "threat to join a war"),
            ("7", "show of force"),
            ("8", "alert"),
            ("9", "nuclear alert"),
            ("10", "mobilization"),
            ("11", "fortification of a border"),
            ("12", "violation of a border"),
            ("13", "blockade"),
            ("14", "occupation of territory"),
            ("15", "seizure"),
            ("16", "attack"),
            ("17", "clash"),
            ("18", "declaration of war"),
            ("19", "use of chemical, biological or radiological weapons"),
            ("20", "beginning of an interstate war"),
            ("21", "joining of an interstate war"),
        ],
    ),
    all(
        &["dispute_events.hostility"],
        &[
            ("2", "threat of force"),
            ("3", "display of force"),
            ("4", "use of force"),
            ("5", "battle"),
        ],
    ),
    all(
        &["*.hostility", "*.*_hostility"],
        &[
            ("1", "no militarized action"),
            ("2", "threat of force"),
            ("3", "display of force"),
            ("4", "use of force"),
            ("5", "war"),
        ],
    ),
    all(
        &["*.fatality", "*.*_fatality"],
        &[
            ("0", "none"),
            ("1", "1 to 25 deaths"),
            ("2", "26 to 100"),
            ("3", "101 to 250"),
            ("4", "251 to 500"),
            ("5", "501 to 999"),
            ("6", "1,000 and more"),
        ],
    ),
    all(
        &["dyadic_disputes.outcome"],
        &[
            ("1", "victory of ccode"),
            ("2", "victory of partner"),
            ("3", "ccode yielded"),
            ("4", "partner yielded"),
            ("5", "stalemate"),
            ("6", "compromise"),
            ("7", "released"),
            ("8", "unclear"),
            ("9", "joined an ongoing war"),
        ],
    ),
    all(
        &["disputes.outcome"],
        &[
            ("1", "victory of side A"),
            ("2", "victory of side B"),
            ("3", "side A yielded"),
            ("4", "side B yielded"),
            ("5", "stalemate"),
            ("6", "compromise"),
            ("7", "released"),
            ("8", "unclear"),
            ("9", "joined an ongoing war"),
        ],
    ),
    all(
        &["disputes.settlement", "dyadic_disputes.settlement"],
        &[("1", "negotiated"), ("2", "imposed"), ("3", "none"), ("4", "unclear")],
    ),
    all(
        &["*.revtype1", "*.revtype2", "dyadic_disputes.*revision_type"],
        &[
            ("0", "none"),
            ("1", "territory"),
            ("2", "policy"),
            ("3", "regime or government"),
            ("4", "other"),
        ],
    ),
    all(
        &["dyadic_disputes.dyad_role", "dyadic_disputes.partner_dyad_role"],
        &[("1", "began it between the two"), ("3", "was the target between the two")],
    ),
    all(
        &["dyadic_wars.dyad_role", "dyadic_wars.partner_dyad_role"],
        &[("1", "began it between the two"), ("3", "was attacked between the two")],
    ),
    all(
        &["dyadic_wars.*role", "dyadic_disputes.*role"],
        &[
            ("1", "began it"),
            ("2", "joined the side that began it"),
            ("3", "was the first target"),
            ("4", "joined the side of the target"),
        ],
    ),
    all(
        &["*_locations.precision"],
        &[
            ("1", "the place itself"),
            ("2", "near the place"),
            ("3", "a district or strait"),
            ("4", "a province or gulf"),
            ("5", "a point on a border or a larger area"),
            ("6", "a state or ocean"),
            ("8", "the capital, for want of better"),
        ],
    ),
    // Wars of the Correlates of War.
    all(
        &["*.war_type"],
        &[
            ("inter-state", "between states"),
            ("extra-state-colonial", "of a state with its own dependency"),
            ("extra-state-imperial", "of a state with a people that is no state"),
            ("intra-state", "within a state"),
            ("non-state", "between others than states"),
        ],
    ),
    all(
        &["wars.kind"],
        &[
            ("central-control", "intra-state: over the central government"),
            ("local-issues", "intra-state: over local issues"),
            ("regional", "intra-state: of a regional government"),
            ("inter-communal", "intra-state: between groups"),
            ("outside-states", "non-state: where there is no state"),
            ("across-borders", "non-state: across borders of states"),
        ],
    ),
    all(
        &["wars.outcome"],
        &[
            ("1", "side A won"),
            ("2", "side B won"),
            ("3", "compromise"),
            ("4", "became another kind of war"),
            ("5", "went on when the data end"),
            ("6", "stalemate"),
            ("7", "fighting went on below the level of war"),
        ],
    ),
    all(
        &["war_parties.outcome"],
        &[
            ("1", "won"),
            ("2", "lost"),
            ("3", "compromise or tie"),
            ("4", "the war became another kind of war"),
            ("5", "went on when the data end"),
            ("6", "stalemate"),
            ("7", "fighting went on below the level of war"),
            ("8", "changed sides"),
        ],
    ),
    all(&["dyadic_wars.outcome"], &[("1", "ccode won"), ("2", "neither won"), ("3", "ccode lost")]),
    all(&["war_parties.side"], &[("1", "the one side"), ("2", "the other side")]),
    // Armed conflicts of the Uppsala Conflict Data Program.
    all(
        &["*.incompatibility"],
        &[("1", "territory"), ("2", "government"), ("3", "government and territory")],
    ),
    all(
        &["*.conflict_type"],
        &[
            ("1", "extrasystemic: a state with a group outside its own territory"),
            ("2", "between states"),
            ("3", "internal"),
            ("4", "internal, with troops of other states"),
        ],
    ),
    all(
        &["armed_conflicts.intensity", "conflict_parties.intensity", "conflict_dyads.intensity"],
        &[("1", "minor: 25 to 999 deaths in battle in the year"), ("2", "war: 1,000 and more")],
    ),
    all(
        &["conflict_parties.role", "dyad_parties.role"],
        &[
            ("a", "side A: the government, or the first of two states"),
            ("b", "side B: its opponent"),
            ("a2", "sent troops in support of side A"),
            ("b2", "sent troops in support of side B"),
        ],
    ),
    all(
        &["conflict_events.violence"],
        &[("1", "state-based"), ("2", "non-state"), ("3", "one-sided, against civilians")],
    ),
    all(
        &["conflict_events.date_precision"],
        &[
            ("1", "the day is known"),
            ("2", "two to six days"),
            ("3", "a week"),
            ("4", "up to a month"),
            ("5", "more than a month"),
        ],
    ),
    all(
        &["conflict_events.place_precision"],
        &[
            ("1", "the place is known"),
            ("2", "near a known place"),
            ("3", "a district"),
            ("4", "a province"),
            ("5", "a line or an area without an exact border"),
            ("6", "the country"),
            ("7", "at sea or in the air"),
        ],
    ),
    // Treaties, claims, territory.
    all(
        &["treaties.organization", "treaty_phases.organization", "pledges.organization"],
        &[
            ("0", "none"),
            ("1", "named"),
            ("2", "formal organisation"),
            ("3", "formal organisation"),
        ],
    ),
    all(
        &["authorizations.subject_table"],
        &[
            ("disputes", "subject_id is a dispute_id"),
            ("wars", "subject_id is a war_id"),
            ("armed_conflicts", "subject_id is a conflict_id"),
            ("sanctions", "subject_id is a case_id"),
        ],
    ),
    all(
        &["territorial_changes.procedure"],
        &[
            ("1", "conquest"),
            ("2", "annexation"),
            ("3", "cession"),
            ("4", "secession"),
            ("5", "unification"),
            ("6", "mandated territory"),
        ],
    ),
    all(
        &["territorial_changes.gain_type", "territorial_changes.lose_type"],
        &[("0", "homeland"), ("1", "dependency")],
    ),
    all(
        &["claims.issue", "claim_salience.issue", "settlement_attempts.issue"],
        &[("territory", "land"), ("river", "a river"), ("maritime", "a zone of the sea")],
    ),
    all(
        &["claims.region", "claim_salience.region", "settlement_attempts.region"],
        &[
            ("1", "Western Hemisphere"),
            ("2", "Europe"),
            ("3", "Africa"),
            ("4", "Middle East"),
            ("5", "Asia and Oceania"),
        ],
    ),
    some(
        &["claims.resolved"],
        &[
            ("1", "dropped by the challenger"),
            ("2", "renounced by the challenger"),
            ("3", "by a third party"),
            ("4", "bilaterally"),
            ("5", "by independence"),
            ("6", "an actor left the system"),
            ("7", "by military occupation"),
            ("8", "dropped by the target"),
            ("9", "renounced by the target"),
            ("10", "by a plebiscite"),
            ("11", "no longer relevant"),
        ],
        "the documentation of the Issue Correlates of War project",
    ),
    all(
        &["settlement_attempts.kind"],
        &[
            ("negotiation", "between the two alone"),
            ("good-offices", "a third party brings them together"),
            ("inquiry", "a third party finds the facts"),
            ("conciliation", "a third party proposes, not binding"),
            ("mediation", "a third party takes part in the talks"),
            ("arbitration", "an award, binding"),
            ("adjudication", "a judgment, binding"),
            ("multilateral", "talks of several states"),
            ("other", "another peaceful way"),
            ("militarized", "a militarized dispute over the claim"),
        ],
    ),
    all(
        &["colonial_history.kind"],
        &[("1", "formation"), ("2", "decolonization"), ("3", "secession"), ("4", "partition")],
    ),
    all(
        &["contiguity_spells.conttype"],
        &[
            ("0", "none"),
            ("1", "by land or river"),
            ("2", "by up to 12 miles of water"),
            ("3", "by up to 24 miles"),
            ("4", "by up to 150 miles"),
            ("5", "by up to 400 miles"),
        ],
    ),
    all(
        &["*contiguity.conttype"],
        &[
            ("1", "by land or river"),
            ("2", "by up to 12 miles of water"),
            ("3", "by up to 24 miles"),
            ("4", "by up to 150 miles"),
            ("5", "by up to 400 miles"),
        ],
    ),
    all(
        &["borders.status", "gw_borders.status"],
        &[
            ("independent", "a state"),
            ("colony", "a colony"),
            ("protectorate", "a protectorate"),
            ("occupied", "occupied"),
            ("mandate", "a mandate"),
        ],
    ),
    // Lists of states.
    all(
        &["state_codes.system"],
        &[
            ("gw", "number with Gleditsch and Ward"),
            ("iso3", "ISO 3166-1 alpha-3"),
            ("iso2", "ISO 3166-1 alpha-2"),
            ("iso-numeric", "ISO 3166-1 numeric"),
            ("fips", "FIPS 10-4"),
            ("cameo", "of CAMEO events, where not ISO's"),
            ("keds", "of the Kansas Event Data System"),
            ("name", "a name in use"),
            ("former-name", "a name of before"),
            ("spelling", "a further way to write a name"),
            ("abbr", "abbreviation of the Correlates of War"),
        ],
    ),
    all(
        &["isd_states.category"],
        &[("1", "category 1 of version 2"), ("2", "category 2"), ("3", "category 3")],
    ),
    all(
        &["isd_states.region"],
        &[
            ("1", "Africa"),
            ("2", "South and Central Asia"),
            ("3", "East Asia and the Pacific"),
            ("4", "Americas"),
            ("5", "Europe"),
            ("6", "Middle East"),
        ],
    ),
    some(
        &["isd_states.start_type", "isd_states.end_type"],
        &[],
        "the codebook of the International System(s) Dataset (1 to 6)",
    ),
    some(
        &["code_crosswalks.scheme"],
        &[
            ("cown", "numbers of the Correlates of War"),
            ("cowc", "its letters"),
            ("gwn", "numbers of Gleditsch and Ward"),
            ("gwc", "their letters"),
            ("iso2c", "ISO 3166-1 alpha-2"),
            ("iso3c", "ISO 3166-1 alpha-3"),
            ("iso3n", "ISO 3166-1 numeric"),
            ("fips", "FIPS 10-4"),
            ("wb", "World Bank"),
        ],
        "the list itself",
    ),
    // Crises.
    all(
        &["*crises.violence"],
        &[("1", "none"), ("2", "minor clashes"), ("3", "serious clashes"), ("4", "full-scale war")],
    ),
    all(
        &["*crises.trigger"],
        &[
            ("1", "verbal act"),
            ("2", "political act"),
            ("3", "economic act"),
            ("4", "external change"),
            ("5", "other non-violent act"),
            ("6", "challenge to the regime"),
            ("7", "non-violent military act"),
            ("8", "indirect violent act"),
            ("9", "violent act"),
        ],
    ),
    all(
        &["*crises.gravity"],
        &[
            ("0", "economic threat"),
            ("1", "limited military damage"),
            ("2", "political threat"),
            ("3", "territorial threat"),
            ("4", "threat to influence"),
            ("5", "threat of grave damage"),
            ("6", "threat to existence"),
            ("7", "other"),
        ],
    ),
    some(
        &["crises.major_response"],
        &[("1", "none"), ("8", "violent military act"), ("9", "several acts, with violence")],
        ICB,
    ),
    all(
        &["*crises.management"],
        &[
            ("1", "negotiation"),
            ("2", "adjudication or arbitration"),
            ("3", "mediation"),
            ("4", "several without violence"),
            ("5", "non-military pressure"),
            ("6", "non-violent military"),
            ("7", "several with violence"),
            ("8", "violence"),
        ],
    ),
    some(
        &["crises.us_involvement", "crises.soviet_involvement"],
        &[("1", "none"), ("8", "direct military"), ("9", "an actor in the crisis")],
        ICB,
    ),
    all(
        &["international_crises.us_involvement", "international_crises.soviet_involvement"],
        &[
            ("1", "none"),
            ("2", "low level"),
            ("3", "covert or semi-military"),
            ("4", "direct military"),
        ],
    ),
    all(
        &["crises.outcome"],
        &[
            ("1", "victory"),
            ("2", "compromise"),
            ("3", "stalemate"),
            ("4", "defeat"),
            ("5", "other"),
        ],
    ),
    some(&["crises.outcome_form"], &[("1", "formal agreement"), ("15", "faded")], ICB),
    some(
        &["international_crises.global_organization"],
        &[
            ("0", "none existed"),
            ("1", "not involved"),
            ("3", "assembly"),
            ("4", "secretary-general"),
            ("5", "council"),
        ],
        ICB,
    ),
    all(&["international_crises.outcome_content"], &[("1", "ambiguous"), ("2", "definitive")]),
    all(
        &["international_crises.outcome_form"],
        &[
            ("1", "formal agreement"),
            ("2", "semi-formal agreement"),
            ("3", "tacit understanding"),
            ("4", "unilateral act"),
            ("5", "imposed"),
            ("6", "other"),
            ("7", "faded"),
        ],
    ),
    all(
        &["international_crises.outcome_tension"],
        &[
            ("1", "another crisis between them within five years"),
            ("2", "none within five years"),
            ("3", "too recent to say"),
        ],
    ),
    all(
        &["international_crises.protracted"],
        &[("1", "not in a protracted conflict"), ("2", "in one"), ("3", "in a long war")],
    ),
    // Votes and institutions.
    all(&["votes.vote"], &[("1", "yes"), ("2", "abstained"), ("3", "no"), ("8", "absent")]),
    all(
        &["council_votes.vote"],
        &[("1", "yes"), ("2", "abstained"), ("3", "no"), ("8", "did not vote")],
    ),
    all(
        &["ideal_points.issue"],
        &[
            ("all", "all votes"),
            ("no-nukes", "all but on nuclear matters"),
            ("human-rights", "on human rights"),
            ("middle-east", "on the Middle East"),
            ("nuclear", "on nuclear matters"),
            ("important", "important to the United States"),
        ],
    ),
    all(
        &["memberships.kind"],
        &[
            ("full", "full member"),
            ("associate", "associate member"),
            ("observer", "observer"),
            ("party", "bound by the treaty"),
            ("signatory", "signed and not bound"),
        ],
    ),
    some(
        &["memberships.field"],
        &[
            ("universal-treaty", "a treaty open to all"),
            ("economic", "economic"),
            ("technology", "technical"),
            ("science-culture", "science and culture"),
            ("security", "security"),
        ],
        "the list of organisations in the source",
    ),
    all(
        &["organization_positions.position"],
        &[
            ("member", "takes part in the decisions of a group"),
            ("suspended", "is suspended from those of an organisation"),
            ("apart", "stands apart from one of them"),
        ],
    ),
    all(
        &["treaty_participation.status"],
        &[("party", "bound by the treaty"), ("signatory", "signed and not bound")],
    ),
    some(
        &["treaty_participation.act"],
        &[
            ("ratification", "of what was signed"),
            ("accession", "without a signature before"),
            ("acceptance", "as ratification"),
            ("approval", "as ratification"),
            ("succession", "of another state's participation"),
            ("definitive signature", "bound by signing"),
            ("consent to be bound", "so named by the depositary"),
            ("formal confirmation", "of an organisation"),
            ("application", "so named by the depositary"),
            ("admission", "so named by the depositary"),
        ],
        "the list of the depositary",
    ),
    all(
        &["organizations.field"],
        &[("political", "political"), ("social", "social"), ("economic", "economic")],
    ),
    all(
        &["organizations.ended"],
        &[("integrated", "into another"), ("replaced", "by another"), ("dissolved", "dissolved")],
    ),
    all(
        &["diplomatic_exchange.level"],
        &[
            ("0", "none"),
            ("1", "chargé d'affaires"),
            ("2", "minister"),
            ("3", "ambassador"),
            ("9", "other"),
        ],
    ),
    // Sanctions, aid, interventions.
    some(
        &["sanction_cases.economic", "sanction_cases.targeted"],
        &[],
        "the codebook of the EUSANCT dataset (1 to 6)",
    ),
    some(
        &[
            "sanction_cases.gradualism",
            "sanction_cases.policy_result",
            "sanction_cases.contribution",
        ],
        &[],
        "the codebook of the EUSANCT dataset (1 to 4)",
    ),
    some(
        &[
            "sanction_cases.issue",
            "sanction_cases.issue2",
            "sanction_cases.issue3",
            "sanction_cases.outcome",
        ],
        &[],
        EUSANCT,
    ),
    all(
        &["sanction_cases.sender_name"],
        &[("US", "United States"), ("EU", "European Union"), ("UN", "United Nations")],
    ),
    all(
        &["aid.flow"],
        &[
            ("oda", "official development assistance, as the OECD defines it"),
            ("oof", "other official flows"),
            ("vague", "not distinguished"),
        ],
    ),
    all(&["aid.category"], &[("economic", "economic"), ("military", "military")]),
    some(
        &["interventions.origin"],
        &[("1", "crossed the border"), ("2", "was already in the country")],
        "the data alone (3 and 4 have no meaning in the codebook)",
    ),
    all(
        &["interventions.direction"],
        &[
            ("0", "neutral"),
            ("1", "supports the government"),
            ("2", "opposes rebels"),
            ("3", "opposes the government"),
            ("4", "supports rebels"),
            ("5", "about the government of a third party"),
            ("6", "about rebels in sanctuary"),
        ],
    ),
    all(
        &["interventions.activity"],
        &[
            ("0", "none"),
            ("1", "evacuation"),
            ("2", "transport or observation"),
            ("3", "patrol, guard or defence"),
            ("4", "intimidation"),
            ("5", "combat"),
        ],
    ),
    all(
        &["interventions.troops"],
        &[
            ("0", "none"),
            ("1", "up to 1,000"),
            ("2", "up to 5,000"),
            ("3", "up to 10,000"),
            ("4", "more than 10,000"),
        ],
    ),
    all(
        &["interventions.air"],
        &[
            ("0", "none"),
            ("1", "evacuation"),
            ("2", "transport"),
            ("3", "intimidation or patrol"),
            ("4", "bombing or firing"),
        ],
    ),
    all(
        &["interventions.naval"],
        &[
            ("0", "none"),
            ("1", "evacuation"),
            ("2", "transport"),
            ("3", "mines or raids"),
            ("4", "intimidation or patrol"),
            ("5", "shelling"),
        ],
    ),
    all(&["interventions.naval_size"], &[("1", "one to four ships"), ("2", "five or more")]),
    some(
        &["interventions.firing_outside"],
        &[("1", "no, by the codebook"), ("2", "yes, by the codebook")],
        "the data alone (they have 0 and 1)",
    ),
    all(
        &["interventions.territorial"],
        &[
            ("0", "no"),
            ("1", "in established territory"),
            ("2", "in disputed territory under another's control"),
        ],
    ),
    all(
        &["interventions.contiguous"],
        &[("0", "no"), ("1", "yes"), ("2", "up to 150 miles of water between")],
    ),
    some(
        &["interventions.from_contiguous"],
        &[("0", "not from a contiguous country"), ("1", "from a contiguous country")],
        "the data alone (2)",
    ),
    // People, events, peace.
    all(
        &["leaders.entry"],
        &[
            ("Regular", "by the rules of the state"),
            ("Irregular", "against them"),
            ("Foreign Imposition", "put in office by another state"),
        ],
    ),
    all(
        &["leader_backgrounds.education"],
        &[("0", "primary or none"), ("1", "secondary"), ("2", "university"), ("3", "graduate")],
    ),
    all(
        &["events.quad"],
        &[
            ("1", "verbal cooperation"),
            ("2", "material cooperation"),
            ("3", "verbal conflict"),
            ("4", "material conflict"),
        ],
    ),
    some(
        &["events.scheme", "event_codes.scheme"],
        &[
            ("cameo", "Conflict and Mediation Event Observations"),
            ("cameo-0.5", "the same, with the scale of 2007"),
            ("weis", "World Event Interaction Survey"),
        ],
        "",
    ),
    all(
        &["peace_scale.level"],
        &[
            ("0", "serious rivalry"),
            ("0.25", "lesser rivalry"),
            ("0.5", "negative peace"),
            ("0.75", "warm peace"),
            ("1", "security community"),
        ],
    ),
    all(
        &["trade_agreements.kind"],
        &[
            ("trade", "free trade or less"),
            ("customs-union", "customs union"),
            ("investment", "investment"),
        ],
    ),
    some(
        &["arms_transfers.condition"],
        &[
            ("new", "new"),
            ("second hand", "second hand"),
            ("second hand but modernized", "second hand and modernized"),
        ],
        "",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::TABLES;
    use std::collections::BTreeSet;

    #[test]
    fn every_column_has_a_description_and_every_number_a_unit_or_its_codes() {
        let mut missing = Vec::new();
        for table in TABLES {
            assert!(!table.doc.is_empty(), "{}", table.name);
            for column in table.columns {
                let held = holds(table, column);
                if held.is_none() || column.doc.trim().is_empty() {
                    missing.push(format!("{}.{}: {}", table.name, column.name, column.doc));
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }

    #[test]
    fn every_coding_has_its_values_and_is_of_a_column() {
        for coding in CODINGS {
            let once: BTreeSet<&str> = coding.values.iter().map(|(value, _)| *value).collect();
            assert_eq!(once.len(), coding.values.len(), "{:?}", coding.of);
            assert!(!coding.values.is_empty() || !coding.others.is_empty(), "{:?}", coding.of);
            assert!(coding.values.iter().all(|(_, says)| !says.is_empty()), "{:?}", coding.of);
            for of in coding.of {
                let found = TABLES.iter().any(|t| t.columns.iter().any(|c| is(of, t.name, c.name)));
                assert!(found, "{of} is no column");
            }
        }
        for (of, unit) in UNITS {
            for of in *of {
                let found = TABLES.iter().any(|t| t.columns.iter().any(|c| is(of, t.name, c.name)));
                assert!(found, "{of} ({unit}) is no column");
            }
        }
    }

    #[test]
    fn patterns_fit_what_they_say() {
        assert!(is("*.*_year", "claims", "start_year") && !is("*.*_year", "claims", "year"));
        assert!(is("votes.vote", "votes", "vote") && !is("votes.vote", "council_votes", "vote"));
        assert!(is("*crises.violence", "international_crises", "violence"));
    }
}
