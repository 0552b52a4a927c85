//! Codes of disputes, wars, armed conflicts and crises.

use super::coding::{Coding, all, some};

const ICB: &str = "the codebook of the International Crisis Behavior project";

/// Every coded column of these tables, and of their neighbours that share a code.
pub(super) static CODINGS: &[Coding] = &[
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
    some(
        &["dyadic_wars.dyad_role", "dyadic_wars.partner_dyad_role"],
        &[("1", "began it between the two"), ("3", "was attacked between the two")],
        "the data alone (2)",
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
];
