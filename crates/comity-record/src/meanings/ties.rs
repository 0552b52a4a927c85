//! Codes of treaties, claims, lists of states, institutions, votes, sanctions, interventions and people.

use super::coding::{Coding, all, some};

const EUSANCT: &str = "the codebook of the EUSANCT dataset";

/// Every coded column of these tables.
pub(super) static CODINGS: &[Coding] = &[
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
            ("political", "political"),
            ("social", "social"),
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
    some(
        &["interventions.air"],
        &[
            ("0", "none"),
            ("1", "evacuation"),
            ("2", "transport"),
            ("3", "intimidation or patrol"),
            ("4", "bombing or firing"),
        ],
        "the data alone (5)",
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
    some(
        &["interventions.naval_size"],
        &[("1", "one to four ships"), ("2", "five or more")],
        "the data alone (0)",
    ),
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
            ("Unknown", "not known"),
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
            ("New", "new"),
            ("Second hand", "second hand"),
            ("Second hand but modernized", "second hand and modernized"),
        ],
        "",
    ),
];
