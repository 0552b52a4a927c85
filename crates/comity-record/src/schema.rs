//! The canonical tables: their columns in the field's own names, with units, nulls and keys.
//!
//! Extend this list, never rename. Every table ends with `source` and `source_row`.
//! A spell has `start` and `end` as full dates (null when the day is not known, or when the end is
//! open) beside `start_year` and `end_year` (a null `end_year` is an open or censored end).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// The years that a row or a claim may be about.
pub const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

/// What a column holds. Everything is nullable: null is "not observed".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// A code, year or count.
    Int,
    /// A measured quantity.
    Float,
    /// UTF-8 text.
    Text,
    /// True, false, or not known.
    Bool,
    /// A full calendar date.
    Date,
}

impl ColumnType {
    /// The Arrow type of the column on disk and in SQL.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Int => DataType::Int32,
            Self::Float => DataType::Float64,
            Self::Text => DataType::Utf8,
            Self::Bool => DataType::Boolean,
            Self::Date => DataType::Date32,
        }
    }
}

/// One column of a canonical table.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnType,
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// How the rows of a table lie in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// `start`, `end`, `start_year`, `end_year`.
    Spell,
    /// `year`.
    Year,
    /// Rows without a time of their own (looked up through another table).
    None,
}

/// One canonical table.
#[derive(Debug)]
pub struct Table {
    /// Its name in SQL.
    pub name: &'static str,
    /// Tables of one family change source together.
    pub family: &'static str,
    /// One row per what.
    pub doc: &'static str,
    /// How its rows lie in time.
    pub time: Time,
    /// The columns that hold the `ccode` of the states a row is about; coverage is checked for these.
    pub states: &'static [&'static str],
    /// Columns that tell two rows of one source apart.
    pub key: &'static [&'static str],
    /// True for the tables that carry forward past their source's last day and are never "facts" to be covered.
    pub structural: bool,
    /// The columns, without `source` and `source_row`.
    pub columns: &'static [Column],
}

impl Table {
    /// The Arrow schema, `source` and `source_row` last.
    pub fn schema(&self) -> SchemaRef {
        static MADE: LazyLock<HashMap<&str, SchemaRef>> =
            LazyLock::new(|| TABLES.iter().map(|t| (t.name, t.made())).collect());
        MADE.get(self.name).map_or_else(|| self.made(), Arc::clone)
    }

    fn made(&self) -> SchemaRef {
        let mut fields: Vec<Field> =
            self.columns.iter().map(|c| Field::new(c.name, c.kind.arrow(), true)).collect();
        fields.push(Field::new("source", DataType::Utf8, true));
        fields.push(Field::new("source_row", DataType::Utf8, true));
        Arc::new(Schema::new(fields))
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }
}

/// Kinds of rows that a source of a table may leave out by definition, by table and what tells them apart: a claim of coverage says so
/// in `except`, and whoever rests on silence says which of them it promises to see.
pub const KINDS: &[(&str, &str, &[&str])] =
    &[("territorial_changes", "holder", &["state", "not-a-state"])];

/// What tells the rows of a table apart, and its kinds.
pub fn kinds(table: &str) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    KINDS.iter().filter(move |k| k.0 == table).map(|k| (k.1, k.2))
}

/// The canonical table of that name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|t| t.name == name)
}

macro_rules! columns {
    ($($name:ident $kind:ident $doc:literal),* $(,)?) => {
        &[$(Column { name: stringify!($name), kind: ColumnType::$kind, doc: $doc }),*]
    };
}

macro_rules! spell {
    ($($name:ident $kind:ident $doc:literal),* $(,)?) => {
        columns![
            $($name $kind $doc,)*
            start Date "first day, null when not known to the day",
            end Date "last day, null when open or not known to the day",
            start_year Int "first year",
            end_year Int "last year, null when open or censored",
        ]
    };
}

macro_rules! tables {
    ($($name:ident / $family:ident, $time:ident, states [$($s:ident),*], key [$($k:ident),*], $structural:literal, $doc:literal, $columns:expr;)*) => {
        /// Every canonical table, in the order they are listed to people.
        pub static TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            family: stringify!($family),
            doc: $doc,
            time: Time::$time,
            states: &[$(stringify!($s)),*],
            key: &[$(stringify!($k)),*],
            structural: $structural,
            columns: $columns,
        }),*];
    };
}

tables! {
    states / system, Spell, states [ccode], key [ccode, start], true,
        "one row per spell of a state in the international system",
        spell![ccode Int "Correlates of War state code", abbr Text "COW three-letter abbreviation",
            name Text "short English name", extended Bool "the spell was open on its source's last day and is carried forward"];
    state_codes / system, Spell, states [ccode], key [ccode, system, code, start], true,
        "one row per code or name of a state in another system, with its dates",
        spell![ccode Int "Correlates of War state code", system Text "gw, iso3, iso2, iso-numeric, fips, cameo, keds, name, former-name, spelling or abbr",
            code Text "the code or name in that system", extended Bool "carried forward past the source's last day"];
    major_powers / system, Spell, states [ccode], key [ccode, start], true,
        "one row per spell of a state as a great power",
        spell![ccode Int "Correlates of War state code", extended Bool "carried forward past the source's last day"];
    gw_states / gw_states, Spell, states [ccode], key [gwcode, start], true,
        "one row per spell of an independent state in the list of Gleditsch and Ward",
        spell![gwcode Int "Gleditsch-Ward number", ccode Int "Correlates of War state code, null when COW never had the state", abbr Text "abbreviation",
            name Text "name as published", microstate Bool "on the list of microstates", extended Bool "the spell was open on its source's last day and is carried forward"];
    isd_states / isd_states, Spell, states [ccode], key [isd_id, start], true,
        "one row per spell of a state in the International System(s) Dataset",
        spell![isd_id Int "ISD number: COW's where COW has the state", abbr Text "abbreviation", name Text "name as published", other_names Text "further names",
            ccode Int "Correlates of War state code, null when COW never had the state", category Int "ISD category 1-3 (version 2)",
            region Int "1 Africa, 2 South and Central Asia, 3 East Asia and the Pacific, 4 Americas, 5 Europe, 6 Middle East (version 2)",
            micro Bool "microstate (version 1)", beyond_cow Bool "not on COW's list at the time (version 1)",
            start_ambiguous Bool "the first day is ambiguous", end_ambiguous Bool "the last day is ambiguous", start_type Int "how it began, ISD code 1-6",
            end_type Int "how it ended, ISD code 1-6", violent_start Bool "began in violence", violent_end Bool "ended in violence",
            european_diplomacy Bool "ISD EuroDip", population Float "persons", capital Text "capital",
            extended Bool "the spell was open on its source's last day and is carried forward"];
    code_crosswalks / code_crosswalks, None, states [ccode], key [list, scheme, code, name, start_year, source_row], false,
        "one row per published list, country and code in a scheme of codes, and run of years where the list has years: what the lists say, beside state_codes",
        columns![list Text "which list of the source, for example codelist_panel", name Text "the country, as the list names it",
            scheme Text "cown, cowc, gwn, gwc, iso2c, iso3c, iso3n, un, fips, imf, ioc, p5n, vdem, wb, ...", code Text "as published",
            ccode Int "Correlates of War state code: the list's own, else placed by the list's Gleditsch-Ward number of the year, ISO code or name; null where it is not a state",
            start_year Int "first year, null in lists without years", end_year Int "last year that the list says so of, null when open or without years"];

    treaties / treaties, Spell, states [], key [treaty_id], false,
        "one row per security treaty",
        spell![treaty_id Text "the source's treaty number", name Text "what to call it",
            bilateral Bool "two members only", wide_conference Bool "the settlement of a wide conference that binds all its signers to consult (reported apart, see the source's note)",
            organization Int "0 none, 1 named, 2 or 3 formal organisation (ATOP organ1)",
            integrated_command Bool "an integrated command in peacetime or war (ATOP intcom)"];
    treaty_phases / treaties, Spell, states [], key [treaty_id, phase], false,
        "one row per phase of a security treaty: what its members together owe from one day to another",
        spell![treaty_id Text "the source's treaty number", phase Int "number of the phase, 0 where there is only one", phases Int "how many there are",
            defense Bool "to fight if a member is attacked", offense Bool "to fight beside members otherwise", neutrality Bool "to stay out",
            nonaggression Bool "not to attack members", consultation Bool "to consult in crises", bilateral Bool "two members only", asymmetric Bool "members owe different things",
            organization Int "0 none, 1 named, 2 or 3 formal organisation (ATOP organ1)", integrated_command Bool "an integrated command (ATOP intcom)"];
    treaty_parties / treaties, Spell, states [ccode], key [treaty_id, ccode, start_year, source_row], false,
        "one row per membership spell of a state in a security treaty",
        spell![treaty_id Text "the source's treaty number", ccode Int "member"];
    pledges / treaties, Spell, states [ccode], key [treaty_id, ccode, partner, start_year, source_row], false,
        "one row per directed pledge: what `ccode` owes `partner` under one treaty in one spell",
        spell![treaty_id Text "the source's treaty number", treaty Text "what to call the treaty",
            ccode Int "the state that owes", partner Int "the state that is owed",
            defense Bool "to fight if the partner is attacked", offense Bool "to fight beside the partner otherwise",
            neutrality Bool "to stay out", nonaggression Bool "not to attack the partner",
            consultation Bool "to consult in crises", bilateral Bool "the treaty has two members only",
            asymmetric Bool "members owe different things",
            organization Int "0 none, 1 named, 2 or 3 formal organisation (ATOP organ1)",
            integrated_command Bool "an integrated command (ATOP intcom)",
            stationing Bool "members may place troops in others or use their bases, jointly or one in another (ATOP base; in the starter where there is an integrated command)",
            wide_conference Bool "a pledge of a wide conference, not a tie of choice",
            start_month Int "month it began, also where the day is not known", end_month Int "month it ended, likewise"];

    pledge_dyads / pledge_dyads, Spell, states [ccode, partner], key [ccode, partner, start_year], false,
        "one row per directed pair and spell of years in which the same is owed under all their treaties together",
        spell![ccode Int "the state that owes", partner Int "the state that is owed", defense Bool "to fight if the partner is attacked", offense Bool "to fight beside the partner otherwise",
            neutrality Bool "to stay out", nonaggression Bool "not to attack the partner", consultation Bool "to consult in crises"];

    disputes / disputes, Spell, states [], key [dispute_id], false,
        "one row per militarized interstate dispute",
        spell![dispute_id Text "the source's dispute number (MID dispnum)", outcome Int "MID outcome 1-9 (1 victory A, 2 victory B, 3 yield A, 4 yield B, 5 stalemate, 6 compromise, 7 released, 8 unclear, 9 joins war)",
            settlement Int "MID settle (1 negotiated, 2 imposed, 3 none, 4 unclear)", fatality Int "MID fatality level 0-6",
            hiact Int "highest action 0-21", hostility Int "hostility level 1-5", reciprocated Bool "both sides acted",
            fatalities Int "deaths where they are known exactly (MID fatalpre)", mindur Int "days it lasted at least", maxdur Int "days it lasted at most", start_month Int "month it began",
            end_month Int "month it ended (GML)", states_a Int "states on side A (GML)", states_b Int "states on side B (GML)", ongoing Bool "still going on when the data end (GML)"];
    dispute_parties / disputes, Spell, states [ccode], key [dispute_id, ccode, start_year, source_row], false,
        "one row per spell of a participant in a dispute",
        spell![dispute_id Text "the source's dispute number", ccode Int "participant",
            side_a Bool "on side A, the side of the first act", originator Bool "took part from the first day",
            revisionist Bool "sought to change the status quo", revtype1 Int "revision sought: 0 none, 1 territory, 2 policy, 3 regime, 4 other",
            revtype2 Int "second revision sought", fatality Int "own fatality level 0-6", hiact Int "own highest action 0-21",
            hostility Int "own hostility level 1-5", fatalities Int "own deaths where they are known exactly (MID fatalpre)",
            start_month Int "month it began, also where the day is not known", end_month Int "month it ended",
            leaders_known Bool "who led it is known on its first and its last day, of one leader at least (GML)",
            leader_start Text "who led it on the first day, by the number of Archigos (GML)", leader_end Text "who led it on the last day",
            start_assumed Date "first day, where that is not known the day that the source takes for it (GML)", end_assumed Date "last day, likewise"];
    incidents / disputes, Spell, states [ccode], key [dispute_id, incident_id, ccode, source_row], false,
        "one row per participant in an incident of a dispute (MIDIP, from 1993)",
        spell![dispute_id Text "the source's dispute number", incident_id Text "the source's incident number", ccode Int "participant",
            inside_a Bool "on the acting side of the incident", side_a Bool "on side A of the dispute", fatality Int "own fatality level 0-6",
            action Int "own action 0-21", hostility Int "own hostility level 1-5", revtype1 Int "revision sought", revtype2 Int "second revision sought"];
    wars / wars, Spell, states [], key [war_id], false,
        "one row per war",
        spell![war_id Text "the source's war number", name Text "name of the war",
            war_type Text "inter-state, extra-state-colonial, extra-state-imperial, intra-state or non-state",
            kind Text "intra-state: central-control, local-issues, regional or inter-communal; non-state: outside-states or across-borders",
            region Text "where, as COW divides the world", internationalized Bool "intra-state: a state joined from outside",
            side_a Text "name of side A, where sides are not states alone", side_b Text "name of side B", initiator_name Text "who began, as published",
            outcome Int "intra-state and non-state: 1 side A won, 2 side B won, 3 compromise, 4 became another kind of war, 5 went on when the data end, 6 stalemate, 7 fighting went on below the level of war",
            deaths_a Int "battle deaths of side A", deaths_b Int "battle deaths of side B", deaths Int "all battle deaths",
            continues Text "number of the war that it grew out of", continued_as Text "number of the war that it became"];
    war_parties / wars, Spell, states [ccode], key [war_id, ccode, side, start_year, source_row], false,
        "one row per spell of a state in a war",
        spell![war_id Text "the source's war number", ccode Int "participant", side Int "1 or 2",
            initiator Bool "initiated the war", outcome Int "COW outcome 1-8 (1 winner, 2 loser, 3 compromise, ...)",
            deaths Int "own battle deaths"];
    dyadic_wars / wars, Year, states [ccode, partner], key [war_id, ccode, partner, year], false,
        "one row per directed pair of opponents in an interstate war and year of battles between them",
        columns![war_id Text "COW war number", dispute_id Text "number of the militarized dispute that it was part of", ccode Int "state", partner Int "its opponent",
            year Int "year of battles between the two", role Int "in the war: 1 began it, 2 joined the initiator, 3 was attacked first, 4 joined the side attacked",
            partner_role Int "the opponent's, as role", dyad_role Int "between the two: 1 began, 3 was attacked", partner_dyad_role Int "the opponent's, as dyad_role",
            outcome Int "for ccode: 1 won, 2 neither, 3 lost", deaths Int "own battle deaths against this opponent where they can be separated, else in the war; the same in every year",
            partner_deaths Int "the opponent's, as deaths", start Date "first battle between the two", end Date "last battle between the two"];

    dyadic_disputes / dyadic_disputes, Year, states [ccode, partner], key [dispute_id, ccode, partner, year, source_row], false,
        "one row per directed pair of opponents in a militarized interstate dispute and year",
        columns![dispute_id Text "the source's dispute number (MID dispnum)", dyad_dispute_id Text "the source's number of the pair's dispute", ccode Int "state", partner Int "its opponent",
            year Int "year", start Date "first day between the two", end Date "last day between the two",
            side_a Bool "ccode on side A, the side of the first act", partner_side_a Bool "the opponent on side A",
            originator Bool "took part from the first day", partner_originator Bool "the opponent took part from the first day",
            role Int "1 began, 2 joined the initiator, 3 was the first target, 4 joined the target", partner_role Int "the opponent's, as role",
            dyad_role Int "between the two: 1 began, 3 was the target", partner_dyad_role Int "the opponent's, as dyad_role",
            revisionist Bool "sought to change the status quo", partner_revisionist Bool "the opponent did",
            revision_type Int "revision sought: 0 none, 1 territory, 2 policy, 3 regime, 4 other", partner_revision_type Int "the opponent's",
            second_revision_type Int "second revision sought, as revision_type (GML)", partner_second_revision_type Int "the opponent's",
            fatality Int "own fatality level 0-6", partner_fatality Int "the opponent's", fatalities Int "own deaths where they are known exactly", partner_fatalities Int "the opponent's", dyad_fatality Int "of both, between the two",
            hiact Int "own highest action 0-21", partner_hiact Int "the opponent's", dyad_hiact Int "highest action between the two",
            hostility Int "own hostility level 1-5", partner_hostility Int "the opponent's", dyad_hostility Int "highest between the two", war Bool "the two fought a war",
            severity Int "of the highest action between the two, 1-100", reciprocated Bool "both acted",
            outcome Int "in its last year: 1 ccode won, 2 partner won, 3 ccode yielded, 4 partner yielded, 5 stalemate, 6 compromise, 7 released, 8 unclear; null before",
            settlement Int "in its last year: 1 negotiated, 2 imposed, 3 none, 4 unclear; null before", onset Bool "the first year between the two",
            dispute_year Int "which year of the pair's dispute, from 1", last_year Bool "the last year of the pair's dispute", days Int "days of dispute in the year", days_so_far Int "days of dispute up to the end of the year"];
    dispute_events / dispute_events, Spell, states [ccode, partner], key [dispute_id, event], false,
        "one row per militarized event between two states: a threat, display or use of force, by its days",
        spell![dispute_id Text "number of the confrontation (MIE micnum): that of the militarized dispute where it was one, 9000 and above where it was none",
            event Int "number of the event in the confrontation, from 1 (eventnum)", ccode Int "the state that acted; of a clash or battle, which have no direction, the lower number",
            partner Int "the state that was acted against", directed Bool "false of clashes and battles: who began is not recorded", side_a Bool "ccode is on the side that acted first in the confrontation",
            action Int "1-6 threats (to use force, blockade, occupy, declare war, use CBR weapons, join a war), 7-12 displays (show of force, alert, nuclear alert, mobilization, fortified border, border violation), 13 blockade, 14 occupation, 15 seizure, 16 attack, 17 clash, 19 CBR weapons, 22 battle",
            hostility Int "2 threat, 3 display, 4 use of force, 5 battle", fatalities_min Int "own military deaths, at least", fatalities_max Int "at most",
            partner_fatalities_min Int "the other's, at least", partner_fatalities_max Int "at most",
            start_month Int "month it began, also where the day is not known", end_month Int "month it ended"];
    dispute_locations / dispute_locations, Year, states [], key [dispute_id], false,
        "one row per militarized interstate dispute: where it began",
        columns![dispute_id Text "MID dispnum", year Int "year", place Text "where, in words", measured_at Text "the point that stands for it", latitude Float "degrees", longitude Float "degrees",
            precision Int "1 the place, 2 near it, 3 a district or strait, 4 a province or gulf, 5 a point on a border or a larger area, 6 a state or ocean, 8 the capital for want of better", priogrid Int "PRIO-GRID cell"];
    incident_locations / dispute_locations, Year, states [], key [incident_id], false,
        "one row per incident of a militarized interstate dispute: where it took place",
        columns![dispute_id Text "MID dispnum", incident_id Text "MID incidnum", onset Bool "the incident that began the dispute", year Int "year", place Text "where, in words",
            measured_at Text "the point that stands for it", latitude Float "degrees", longitude Float "degrees", precision Int "as in dispute_locations", priogrid Int "PRIO-GRID cell"];

    armed_conflicts / conflicts, Year, states [], key [conflict_id, year], false,
        "one row per year of a state-based armed conflict",
        columns![conflict_id Text "UCDP conflict number", year Int "year of fighting", location Text "where", side_a Text "name of side A",
            side_b Text "name of side B", incompatibility Int "1 territory, 2 government, 3 both", conflict_type Int "1 extrasystemic, 2 interstate, 3 internal, 4 internal with foreign troops",
            intensity Int "1 minor (25-999 deaths), 2 war", start_date Date "first death in the conflict"];
    conflict_parties / conflicts, Year, states [ccode], key [conflict_id, year, ccode, role], false,
        "one row per state, role and year in an armed conflict",
        columns![conflict_id Text "UCDP conflict number", year Int "year of fighting", ccode Int "participant",
            role Text "a, b: primary sides; a2, b2: sent troops in support of that side", conflict_type Int "as in armed_conflicts",
            intensity Int "as in armed_conflicts", gwcode Int "Gleditsch-Ward number, as published"];
    conflict_onsets / conflict_onsets, Year, states [ccode], key [gwcode, year], false,
        "one row per state of the list of Gleditsch and Ward and year: how many armed conflicts began or came back in it",
        columns![gwcode Int "Gleditsch-Ward number, as published", ccode Int "state", year Int "year", new_conflicts Int "conflicts that had never been active before",
            onsets_1 Int "conflicts new or active again after more than one year without 25 deaths", onsets_2 Int "the same after more than two years", onsets_3 Int "after more than three years",
            onsets_5 Int "after more than five years", onsets_10 Int "after more than ten years"];
    conflict_dyads / conflicts, Year, states [], key [dyad_id, year], false,
        "one row per year in which two sides of an armed conflict fought each other",
        columns![dyad_id Text "UCDP dyad number", conflict_id Text "UCDP conflict number", year Int "year of fighting", location Text "where",
            side_a Text "name of side A, a government", side_b Text "name of side B", incompatibility Int "1 territory, 2 government, 3 both",
            territory Text "territory fought over", conflict_type Int "as in armed_conflicts", intensity Int "1 minor (25-999 deaths in the dyad), 2 war",
            start_date Date "first death in the dyad"];
    dyad_parties / conflicts, Year, states [ccode], key [dyad_id, year, ccode, role], false,
        "one row per state, role and year in a dyad of an armed conflict",
        columns![dyad_id Text "UCDP dyad number", conflict_id Text "UCDP conflict number", year Int "year of fighting", ccode Int "participant",
            role Text "a, b: primary sides; a2, b2: sent troops in support of that side"];
    battle_deaths / conflicts, Year, states [], key [conflict_id, year], false,
        "one row per year of an armed conflict with estimates of the battle-related deaths",
        columns![conflict_id Text "UCDP conflict number", year Int "year of fighting", location Text "whose government or territory is fought over",
            battle_location Text "states in which was fought", side_a Text "name of side A", side_b Text "name of side B",
            conflict_type Int "as in armed_conflicts", best Int "best estimate, persons", low Int "low estimate, persons", high Int "high estimate, persons"];
    dyad_battle_deaths / conflicts, Year, states [], key [dyad_id, year], false,
        "one row per year of a dyad with estimates of the battle-related deaths; those of a conflict's dyads are in battle_deaths too",
        columns![dyad_id Text "UCDP dyad number", conflict_id Text "UCDP conflict number", year Int "year of fighting",
            location Text "whose government or territory is fought over", battle_location Text "states in which was fought",
            side_a Text "name of side A", side_b Text "name of side B", conflict_type Int "as in armed_conflicts",
            best Int "best estimate, persons", low Int "low estimate, persons", high Int "high estimate, persons"];
    external_support / external_support, Year, states [ccode], key [case_id, ccode, recipient, year, source_row], false,
        "one row per year of a state's support to a party of an armed conflict",
        columns![case_id Text "the source's case", conflict_id Text "UCDP conflict number", year Int "year", ccode Int "supporter",
            recipient Text "supported party", recipient_state Int "ccode of the supported party when it is a state",
            target Int "ccode of the state the supported party fights", to_rebels Bool "the supported party is not a state",
            troops Bool "own troops (ext_x)", weapons Bool "weapons (ext_w)", materiel Bool "materiel (ext_m)",
            training Bool "training (ext_t)", funding Bool "funds (ext_f)", other_support Bool "territory, intelligence, other",
            supporter Text "the supporter's name as published, also where it is not a state", troop_presence Bool "own troops present, not fighting (ext_p)",
            territory Bool "territory to stay in (ext_y)", intelligence Bool "intelligence (ext_i)", infrastructure Bool "military infrastructure or joint operations (ext_l)",
            active Bool "the dyad reached 25 battle deaths in the year"];
    conflict_events / conflict_events, Year, states [ccode_a, ccode_b, country], key [event_id], false,
        "one row per event of organised violence with deaths",
        columns![event_id Text "UCDP event number", date Date "first day", end_date Date "last day", year Int "year", date_precision Int "1 the day, 5 more than a month",
            violence Int "1 state-based, 2 non-state, 3 one-sided", conflict_id Text "UCDP conflict number", dyad_id Text "UCDP dyad number",
            side_a Text "name of side A", side_b Text "name of side B", ccode_a Int "side A, where it is a state", ccode_b Int "side B, where it is a state",
            country Int "ccode of the state in which it happened", place Text "where", place_precision Int "1 exact, 6 country, 7 at sea or in the air",
            latitude Float "degrees", longitude Float "degrees", best Int "best estimate of the deaths, persons", low Int "low estimate", high Int "high estimate",
            deaths_a Int "of side A", deaths_b Int "of side B", deaths_civilians Int "civilians", deaths_unknown Int "of unknown status",
            status Text "how far it was checked, as published: Clear, or what is still to be checked (candidate events)"];
    organized_violence / organized_violence, Year, states [ccode], key [gwcode, year], false,
        "one row per state and year: organised violence within its borders, by kind; deaths are persons",
        columns![gwcode Int "Gleditsch-Ward number, as published", ccode Int "state", year Int "year", name Text "as published",
            state_based Bool "state-based fighting (UCDP sb)", state_based_dyads Int "dyads that fought", state_based_deaths Int "best estimate", state_based_low Int "low estimate", state_based_high Int "high estimate",
            state_based_parties Int "deaths of the parties", state_based_civilians Int "deaths of civilians", state_based_unknown Int "deaths of unknown status",
            intrastate Bool "of it within states", intrastate_dyads Int "dyads", intrastate_government Bool "the state's own government fought over its own incompatibility", intrastate_deaths Int "best estimate", intrastate_low Int "low estimate", intrastate_high Int "high estimate",
            intrastate_parties Int "deaths of the parties", intrastate_civilians Int "deaths of civilians", intrastate_unknown Int "deaths of unknown status",
            interstate Bool "of it between states", interstate_dyads Int "dyads", interstate_government Bool "as intrastate_government", interstate_deaths Int "best estimate", interstate_low Int "low estimate", interstate_high Int "high estimate",
            interstate_parties Int "deaths of the parties", interstate_civilians Int "deaths of civilians", interstate_unknown Int "deaths of unknown status",
            non_state Bool "fighting without a state (UCDP ns)", non_state_dyads Int "dyads", non_state_deaths Int "best estimate", non_state_low Int "low estimate", non_state_high Int "high estimate",
            non_state_parties Int "deaths of the parties", non_state_civilians Int "deaths of civilians", non_state_unknown Int "deaths of unknown status",
            one_sided Bool "violence against civilians (UCDP os)", one_sided_actors Int "actors that killed civilians", one_sided_deaths Int "best estimate", one_sided_low Int "low estimate", one_sided_high Int "high estimate",
            one_sided_government Bool "by the state's own government", one_sided_government_deaths Int "best estimate", one_sided_government_low Int "low estimate", one_sided_government_high Int "high estimate",
            one_sided_any_government Bool "by any government", one_sided_any_government_deaths Int "best estimate", one_sided_any_government_low Int "low estimate", one_sided_any_government_high Int "high estimate",
            one_sided_groups Bool "by groups that are no state", one_sided_groups_deaths Int "best estimate", one_sided_groups_low Int "low estimate", one_sided_groups_high Int "high estimate", one_sided_unknown Int "by actors that are not known",
            deaths Int "of all kinds, best estimate", deaths_low Int "low estimate", deaths_high Int "high estimate", deaths_parties Int "of the parties", deaths_civilians Int "civilians", deaths_unknown Int "of unknown status"];
    authorizations / authorizations, Spell, states [ccode], key [resolution, subject_table, subject_id, ccode], false,
        "one row per UN mandate to use force or sanctions and the dispute, conflict, war or case it covers",
        spell![resolution Text "for example S/RES/678", adopted Date "day of adoption", subject_table Text "disputes, wars, armed_conflicts or sanctions",
            subject_id Text "id in that table", ccode Int "the state authorised, null: every state acting on that side",
            side_of Int "ccode of a state whose side is authorised", note Text "what was authorised"];

    territorial_changes / territorial_changes, Year, states [gainer, loser], key [change_id], false,
        "one row per transfer of territory",
        columns![change_id Text "COW territorial change number", year Int "year", month Int "month", gainer Int "ccode, null when not a state of the system",
            loser Int "ccode, null when not a state of the system", entity Int "COW code of the territory", procedure Int "1 conquest, 2 annexation, 3 cession, 4 secession, 5 unification, 6 mandate",
            gain_type Int "0 homeland, 1 dependency", lose_type Int "0 homeland, 1 dependency", area Float "square kilometres", population Float "persons",
            independence Bool "led to independence", conflict Bool "military conflict was involved", name Text "what to call it"];
    claims / claims, Spell, states [challenger, target], key [claim_id, issue], false,
        "one row per dyadic claim over territory, a river or the sea",
        spell![claim_id Text "ICOW dyadic claim number (claimdy)", name Text "what is claimed", issue Text "territory, river or maritime",
            region Int "1 Western Hemisphere, 2 Europe, 3 Africa, 4 Middle East, 5 Asia and Oceania", challenger Int "ccode", target Int "ccode",
            resolved Int "ICOW resolution code 1-15", ended_by_violence Bool "endviol", salience Float "ICOW salience 0-12; rivers have halves"];
    settlement_attempts / claims, Year, states [challenger, target], key [claim_id, issue, attempt_id], false,
        "one row per attempt to settle a claim, peaceful or militarized",
        columns![claim_id Text "ICOW dyadic claim number", issue Text "territory, river or maritime", attempt_id Text "number of the attempt in the dyad",
            year Int "year the attempt ended", start_year Int "year the attempt began", region Int "as in claims", challenger Int "ccode", target Int "ccode",
            kind Text "negotiation, good-offices, inquiry, conciliation, mediation, arbitration, adjudication, multilateral or other; militarized: a militarized dispute over the claim",
            agreement Bool "an agreement was reached", complied_challenger Bool "the challenger carried it out", complied_target Bool "the target carried it out",
            ended_claim Bool "the claim, or part of it, ended"];

    claim_salience / claims, Year, states [challenger, target], key [claim_id, issue, year], false,
        "one row per dyadic claim and year: how much it matters to the two",
        columns![claim_id Text "ICOW dyadic claim number", issue Text "territory, river or maritime", region Int "as in claims", year Int "year of the claim", challenger Int "ccode", target Int "ccode",
            salience Float "ICOW salience 0-12 (icowsal)", salience_challenger Float "to the challenger (salchal)", salience_target Float "to the target (saltgt)",
            tangible Float "tangible part (saltan)", intangible Float "intangible part (salint)"];

    capabilities / capabilities, Year, states [ccode], key [ccode, year], false,
        "one row per state and year of material capabilities",
        columns![ccode Int "state", year Int "year", milex Float "military expenditure, thousands of current pounds to 1913, then current US dollars",
            milper Float "military personnel, thousands", irst Float "iron and steel production, thousand tons", pec Float "primary energy consumption, thousand coal-ton equivalents",
            tpop Float "population, thousands", upop Float "urban population, thousands", cinc Float "composite index of national capability, a share of the world"];
    military_spending / military_spending, Year, states [ccode], key [ccode, year], false,
        "one row per state and year of military spending",
        columns![ccode Int "state", year Int "year", constant_usd Float "millions of constant US dollars (base year in the source's title)",
            current_usd Float "millions of current US dollars", gdp_share Float "share of output, 0 to 1",
            government_share Float "share of government spending, 0 to 1", per_capita_usd Float "current US dollars per person"];
    arms_transfers / arms_transfers, Spell, states [supplier, recipient], key [deal_id, supplier, recipient, source_row], false,
        "one row per deal in major arms; per deal and year of delivery where the source has them apart. The years are those of the deliveries",
        spell![deal_id Text "the source's number of the deal", supplier Int "ccode, null when not a state", supplier_name Text "as published",
            recipient Int "ccode, null when not a state", recipient_name Text "as published", designation Text "of the weapon", description Text "what it is",
            category Text "Aircraft, Missiles, ...", order_year Int "year of the order", ordered Int "items ordered", delivered Int "items delivered in these years",
            delivery_years Text "years of delivery as published, divided by semicolons", condition Text "new, second hand or second hand but modernized",
            tiv_unit Float "SIPRI trend-indicator value of one item, millions", tiv_ordered Float "of all that was ordered, millions",
            tiv_delivered Float "of what was delivered in these years, millions", uncertain Bool "a number or year is marked as uncertain", local_production Bool "made under licence in the recipient's country"];
    trade / trade, Year, states [ccode, partner], key [ccode, partner, year], false,
        "one row per directed pair and year of trade",
        columns![ccode Int "state", partner Int "partner", year Int "year", imports Float "from the partner, millions of current US dollars",
            exports Float "to the partner, millions of current US dollars", smooth_imports Float "with gaps filled from the years around, millions of current US dollars",
            smooth_exports Float "as smooth_imports"];
    trade_totals / trade, Year, states [ccode], key [ccode, year], false,
        "one row per state and year: its trade with all partners together",
        columns![ccode Int "state", year Int "year", imports Float "millions of current US dollars", exports Float "millions of current US dollars",
            alternative_imports Float "as imports, by another reckoning: Belgium and Luxembourg together, China without Hong Kong and Macao", alternative_exports Float "as alternative_imports"];
    trade_agreements / trade_agreements, Spell, states [ccode], key [agreement_id, ccode, start_year, source_row], false,
        "one row per membership spell of a state in a trade or investment agreement",
        spell![agreement_id Text "the source's number", name Text "title", ccode Int "member", kind Text "trade, investment, customs-union, ...",
            depth Int "DESTA depth index 0-7", signed_year Int "year of signature",
            member Text "the member as published: in DESTA its ISO 3166-1 number"];
    agreement_provisions / agreement_provisions, Year, states [], key [agreement_id, name, source_row], false,
        "one row per trade agreement in a list of what agreements provide",
        columns![agreement_id Text "DESTA's number, null in lists that do not number", name Text "title", year Int "of signature", depth Int "DESTA depth index 0-7", depth_rasch Float "DESTA depth, a latent scale",
            environmental Int "provisions on the environment", environmental_coded Int "of how many looked for", labour Int "provisions on labour, 0 none to 5 deepest",
            members Text "as published", kind Text "as published", signed Date "day of signature", in_force Date "day of entry into force", status Text "as published"];
    sanctions / sanctions, Spell, states [sender, target], key [case_id, sender, target, source_row], false,
        "one row per sender, target and case of sanctions",
        spell![case_id Text "the source's case", sender Int "ccode, null when not a state", target Int "ccode, null when not a state",
            sender_name Text "as published", trade Bool "trade sanctions", financial Bool "financial sanctions", arms Bool "arms embargo",
            military Bool "military assistance stopped", travel Bool "travel restrictions", other_kind Bool "other sanctions",
            objective Text "objectives as published: policy_change, destab_regime, democracy, human_rights, ...", un_mandate Bool "the sender acted under a UN mandate",
            target_name Text "as published", trade_kind Text "of trade sanctions: exp or imp, _part or _compl, as published",
            success Text "per objective, as published: success_total, success_part, nego_settlement, failed, ongoing"];
    sanction_cases / sanction_cases, Spell, states [sender, target], key [case_id, sender_name], false,
        "one row per sender and case of sanctions threatened or imposed; a case may never come to more than the threat",
        spell![case_id Text "the source's case", sender Int "ccode, null when not a state", sender_name Text "as published: US, EU or UN", target Int "ccode", target_name Text "as published",
            threatened Bool "this sender threatened sanctions", threat_by Text "who of the sender threatened, as published", threat_kinds Text "kinds of sanctions threatened, codes as published, divided by semicolons", threat_other Text "in words",
            imposed Bool "this sender imposed sanctions", imposed_date Date "first day of the sanctions", imposed_year Int "their first year", imposed_by Text "who of the sender imposed them, as published",
            imposed_kinds Text "kinds of sanctions imposed, codes as published, divided by semicolons", imposed_other Text "in words", economic Int "impositionX_econ, code 1-6 as published", targeted Int "impositionX_target, code 1-6 as published",
            intensity Int "impositionX_intensity as published: economic times targeted", gradualism Int "impositionX_gradualism, code 1-4 as published", senders Int "1, 2 or 3: how many of EU, US and UN (multi)", primary_sender Bool "the sender is the primary one; known for the EU alone",
            issue Int "main issue, code 1-14 as published", issue2 Int "second issue", issue3 Int "third issue", other_issue Text "in words", outcome Int "finaloutcome, code 1-11 as published", threat_success Bool "the threats succeeded, of the whole case",
            sanction_success Bool "the sanctions succeeded, of the whole case", success Bool "either did", policy_result Int "code 1-4 as published", contribution Int "of the sanctions to the result, code 1-4 as published", hse_score Int "policy_result times contribution",
            co_senders Text "COW numbers of further states that took part (sender2 to sender5), divided by semicolons", data_source Text "as published"];
    sanctioned_years / sanction_cases, Year, states [ccode], key [ccode, year], false,
        "one row per state and year: who had sanctions against it in force",
        columns![ccode Int "the target", year Int "year", name Text "as published", eu Bool "sanctions of the European Union", us Bool "of the United States", un Bool "of the United Nations", multilateral Bool "of several senders",
            eu_economic Bool "economic ones of the EU", eu_other Bool "others of the EU", us_economic Bool "economic ones of the US", us_other Bool "others of the US", un_economic Bool "economic ones of the UN", un_other Bool "others of the UN"];
    aid / aid, Year, states [ccode], key [ccode, recipient, year, source_row], false,
        "one row per donor, recipient and year of development finance",
        columns![ccode Int "donor", recipient Int "recipient, null: total", year Int "year", constant_usd Float "millions of constant US dollars", current_usd Float "millions of current US dollars",
            flow Text "oda: aid as the OECD defines it, oof: other official flows, vague: not distinguished; null: all of it", unadjusted_usd Float "millions of constant US dollars, before the source takes out what was counted twice",
            category Text "economic or military, where the source divides them", agency Text "who pays, as published", account Text "from which account, as published", recipient_name Text "as published"];
    deployments / deployments, Year, states [ccode, host], key [ccode, host, year, source_row], false,
        "one row per sender, host and year of forces or bases abroad",
        columns![ccode Int "sender", host Int "host", year Int "year", personnel Float "active duty, persons", bases Int "bases", un_mandate Bool "under a UN mandate",
            host_name Text "as published", reserve Float "selected reserve, persons", civilians Float "persons", army Float "of the active, persons", navy Float "of the active, persons",
            air_force Float "of the active, persons", marine_corps Float "of the active, persons"];
    bases / deployments, None, states [ccode, host], key [source_row], false,
        "one row per base abroad, undated",
        columns![ccode Int "whose", host Int "where", host_name Text "as published", name Text "of the base", base Bool "a large base", lilypad Bool "a small site",
            funded Bool "a site of the host that is paid for", latitude Float "degrees", longitude Float "degrees"];
    base_construction / deployments, Year, states [ccode, host], key [source_row], false,
        "one row per place and year of military construction abroad",
        columns![ccode Int "who builds", host Int "where", host_name Text "as published", year Int "year", place Text "where, as published", spending_usd Float "current US dollars",
            latitude Float "degrees", longitude Float "degrees"];
    interventions / interventions, Spell, states [ccode, target], key [source_row], false,
        "one row per intervention: regular forces of one state or organisation inside another state, in a political dispute",
        spell![ccode Int "who intervened, null when not a state", actor Int "the same as published: COW number, or 1000 and above an organisation or a coalition", target Int "where, null when not a state", target_code Int "the same as published",
            ongoing Bool "went on when the data end; false with a null end: when it ended is not known", start_month Int "month it began, also where the day is not in the calendar", end_month Int "month it ended",
            origin Int "IMI source: 1 crossed the border, 2 was already in the country; 3 and 4 as published, without a meaning in the codebook",
            direction Int "0 neutral, 1 supports the government, 2 opposes rebels, 3 opposes the government, 4 supports rebels, 5 about the government of a third party, 6 about rebels in sanctuary",
            activity Int "highest: 0 none, 1 evacuation, 2 transport or observation, 3 patrol, guard or defence, 4 intimidation, 5 combat", troops Int "0 none, 1 up to 1,000, 2 to 5,000, 3 to 10,000, 4 more",
            air Int "0 none, 1 evacuation, 2 transport, 3 intimidation or patrol, 4 bombing or firing", naval Int "0 none, 1 evacuation, 2 transport, 3 mines or raids, 4 intimidation or patrol, 5 shelling", naval_size Int "1 one to four ships, 2 five or more",
            firing_outside Int "fire from outside the target, as published (the data have 0 and 1, the codebook 1 no and 2 yes)", casualties Int "own, killed and wounded; where casualties_least is true at least so many", casualties_least Bool "casualties is a least number",
            target_casualties Int "of the target, as casualties", target_casualties_least Bool "as casualties_least", domestic_dispute Bool "took sides in a domestic dispute", affect_policies Bool "to affect policies or conditions", social Bool "to protect a faction or minority",
            pursuit Bool "pursued rebels or terrorists across the border", economic Bool "to protect economic interests", strategic Bool "strategic or ideological", humanitarian Bool "to save lives or relieve suffering",
            territorial Int "0 no, 1 in established territory, 2 in disputed territory under another's control", diplomatic Bool "to protect own military or diplomatic property", contiguous Int "0 no, 1 yes, 2 up to 150 miles of water between",
            from_contiguous Int "came from a contiguous country: 0 no, 1 yes, 2 as published", description Text "as published"];
    exercises / exercises, Spell, states [ccode], key [exercise_id, source_row], false,
        "one row per military exercise of several states and participant",
        spell![exercise_id Text "the source's number", ccode Int "participant, null when not a state or not known", participant Text "as published", name Text "of the exercise", series Text "of exercises",
            location Text "where, as published", latitude Float "degrees", longitude Float "degrees", command_post Bool "of staffs alone", field_training Bool "of forces in the field", air Bool "in the air", land Bool "on land", sea Bool "at sea",
            amphibious Bool "landings", cyber Bool "in networks", warfighting Bool "for war", peacekeeping Bool "for peacekeeping", humanitarian Bool "for relief", focus Text "as published", participants Int "how many are named"];
    memberships / memberships, Spell, states [ccode], key [organization, ccode, kind, start_year, source_row], false,
        "one row per membership spell of a state in an organisation or a universal treaty",
        spell![organization Text "short name, for example UN, WTO, NPT", ccode Int "member", kind Text "full, associate, observer, party or signatory",
            field Text "universal-treaty, economic, technology, science-culture, security, ... (null: not classified)", name Text "full name"];
    organization_positions / organization_positions, Spell, states [ccode, target], key [organization, ccode, target, position, start_year, source_row], false,
        "one row per state and spell in which it takes part in the decisions of a group, is suspended from those of an organisation, or stands apart from one of them",
        spell![organization Text "short name, as in memberships", ccode Int "the state", position Text "member, suspended or apart",
            target Int "ccode of the state that the decision is about, null: every decision", decision Text "the decision, and how the state stood to it"];
    treaty_participation / treaty_participation, Spell, states [ccode], key [treaty_id, participant, status, start_year, source_row], false,
        "one row per participant in a multilateral treaty and spell as a signatory or a party, by the lists of its depositary; `end_year` is the year of the last list that names it, null where that is the newest",
        spell![treaty_id Text "the depositary's number: chapter and number in the United Nations Treaty Collection (XXVI-3), or the number at WIPO (WIPO-15)",
            treaty Text "title", ccode Int "participant, null where it is not a state of the system", participant Text "as published",
            status Text "party, or signatory: signed and not bound", act Text "by which it is bound: ratification, accession, acceptance, approval, succession, definitive signature, consent to be bound, formal confirmation, application or admission",
            signed Date "day of signature", in_force Date "day on which it entered into force for the party, where the list has that",
            last_listed Date "day of the last list that names it", left_by Date "day of a list that names it no longer: it left, or took its consent back, between last_listed and this day"];
    organizations / memberships, Spell, states [], key [organization], false,
        "one row per international organisation",
        spell![organization Text "short name, as in memberships", number Text "the source's number (ionum)", name Text "full name", short_name Text "a shorter form of it",
            field Text "of its mandate, as the source divides them: political, social or economic", ended Text "how it came to its end: integrated, replaced or dissolved"];
    igo_counts / igo_counts, Year, states [ccode], key [ccode, year], false,
        "one row per state and year: how many international organisations it belongs to",
        columns![ccode Int "state", year Int "year", full Int "as a full member", associate Int "as an associate", observer Int "as an observer", any_kind Int "in any of these ways"];
    roll_calls / assembly, Year, states [], key [rcid], false,
        "one row per recorded vote in the General Assembly",
        columns![rcid Text "the source's roll call number", year Int "year", session Int "session", resolution Text "unres", date Date "day of the vote",
            important Bool "on the US State Department's list", issue_me Bool "Middle East", issue_nu Bool "nuclear", issue_di Bool "disarmament",
            issue_hr Bool "human rights", issue_co Bool "colonialism", issue_ec Bool "economic development", description Text "short description",
            yes Int "votes in favour, by the source's count", no Int "votes against", abstain Int "abstentions", amendment Bool "on an amendment",
            paragraph Bool "on a paragraph only", subject Text "what was voted on, as the source describes it",
            special_session Text "special or emergency special session, as published", absent Int "members that did not vote, by the source's count", draft Text "symbol of the draft", agenda Text "item of the agenda"];
    votes / assembly, Year, states [ccode], key [rcid, ccode], false,
        "one row per member and recorded vote",
        columns![rcid Text "the source's roll call number", year Int "year", ccode Int "member", vote Int "1 yes, 2 abstain, 3 no, 8 absent (9, not a member, is left out)"];
    voting_years / assembly, Year, states [ccode], key [ccode, year], false,
        "one row per member and year: figures computed from the recorded votes",
        columns![ccode Int "member", year Int "year", roll_calls Int "recorded votes while a member", present Int "of these, votes cast (1, 2, 3)",
            with_majority Int "of these, votes cast like most votes cast", economic Int "votes cast on economic development (issue ec)",
            with_developing Int "of these, votes cast like most developing members", opposing_hegemony Int "votes cast on interference and foreign domination, where a source classifies them"];
    ideal_points / ideal_points, Year, states [ccode], key [ccode, session, issue], false,
        "one row per state, session of the General Assembly and issue: its ideal point, estimated from its votes",
        columns![ccode Int "state", session Int "session of the General Assembly", year Int "year in which the session began",
            issue Text "all, no-nukes (all but nuclear), human-rights, middle-east, nuclear or important (to the United States)",
            point Float "mean of the posterior; 0 and 1 are mean and standard deviation over all", low Float "5 percent quantile", high Float "95 percent quantile",
            votes Int "recorded votes that it rests on"];
    vetoes / vetoes, Year, states [ccode], key [draft, ccode], false,
        "one row per veto cast by a permanent member in the Security Council",
        columns![draft Text "document symbol of the draft, for example S/3712", date Date "day of the vote", year Int "year", ccode Int "permanent member",
            subject Text "agenda item", yes Int "votes in favour", needed Int "votes needed for adoption: 7 before 1966, 9 since"];
    council_resolutions / council, Year, states [], key [record], false,
        "one row per resolution that the Security Council adopted",
        columns![record Text "number of the voting record in the UN Digital Library", resolution Text "symbol, for example S/RES/242(1967)", date Date "day of the vote", year Int "year", draft Text "symbol of the draft", meeting Text "symbol of the meeting record",
            description Text "as published", agenda Text "item of the agenda", subjects Text "as published", note Text "what was peculiar about the vote, as published", with_vote Bool "adopted by a vote; false: without one, where every member counts as in favour", modality Text "as published",
            yes Int "votes in favour", no Int "votes against", abstain Int "abstentions", absent Int "members that did not vote", members Int "members of the Council"];
    council_votes / council, Year, states [ccode], key [record, ccode], false,
        "one row per member of the Security Council and adopted resolution",
        columns![record Text "as in council_resolutions", resolution Text "symbol", date Date "day of the vote", year Int "year", ccode Int "member, null when not a state of the system", member Text "as published", code Text "three letters, as published", permanent Bool "a permanent member",
            vote Int "1 yes, 2 abstain, 3 no, 8 did not vote"];
    council_terms / council, Spell, states [ccode], key [ccode, start_year], false,
        "one row per term of a member of the Security Council",
        spell![ccode Int "member", member Text "as published", permanent Bool "a permanent seat", note Text "as published"];
    diplomatic_exchange / diplomatic_exchange, Year, states [ccode, partner], key [ccode, partner, year], false,
        "one row per directed pair and year that a source lists: the rank of the representative, or that there is none",
        columns![ccode Int "sender", partner Int "host", year Int "year", level Int "0 none, 1 charge, 2 minister, 3 ambassador, 9 other"];
    peacekeeping / peacekeeping, Year, states [ccode], key [mission, ccode, year, source_row], false,
        "one row per contributor, mission and year",
        columns![mission Text "mission", ccode Int "contributor", year Int "year", personnel Float "mean uniformed personnel",
            contributor Text "as published", women Float "of these, mean", men Float "of these, mean"];
    peace_missions / peace_missions, Year, states [host, second_host], key [mission, year, month], false,
        "one row per mission of the United Nations and month: its strength, from all contributors",
        columns![mission Text "mission", place Text "where, as published", host Int "ccode of the host, null where several or unknown", second_host Int "ccode of a second host",
            year Int "year", month Int "month", troops Int "persons", police Int "persons", observers Int "persons", total Int "uniformed personnel as published"];
    contiguity / contiguity, Spell, states [ccode, partner], key [ccode, partner, start_year, source_row], false,
        "one row per directed spell of direct contiguity",
        spell![ccode Int "state", partner Int "neighbour", conttype Int "1 land or river, 2-5 water up to 12, 24, 150, 400 miles",
            start_month Int "first month, where months are known", end_month Int "last month, null when open or not known"];
    contiguity_spells / contiguity_spells, Spell, states [ccode, partner], key [ccode, partner, start_year, source_row], false,
        "one row per directed spell of direct contiguity or of none, where the two are known not to be contiguous",
        spell![ccode Int "state", partner Int "neighbour", conttype Int "0 none, else as in contiguity", start_month Int "first month", end_month Int "last month, null when open"];
    colonial_contiguity / colonial_contiguity, Spell, states [ccode, partner], key [ccode, partner, start_year, source_row], false,
        "one row per directed spell of contiguity through a dependency of one or both states",
        spell![ccode Int "state", dependency Int "COW number of its dependency there, null: its homeland", partner Int "neighbour",
            partner_dependency Int "COW number of the neighbour's dependency, null: its homeland", by_land Bool "by land or river", conttype Int "as in contiguity"];
    capitals / capitals, Spell, states [ccode], key [ccode, start], true,
        "one row per capital spell",
        spell![ccode Int "state", name Text "city", latitude Float "degrees", longitude Float "degrees"];
    gw_capitals / capitals, Spell, states [], key [gwcode, start], true,
        "one row per capital spell of a state in the list of Gleditsch and Ward; spells may overlap where two cities were capitals",
        spell![gwcode Int "Gleditsch-Ward number", name Text "city", latitude Float "degrees", longitude Float "degrees"];
    distance / distance, Spell, states [ccode, partner], key [ccode, partner, start_year], true,
        "one row per directed pair and spell of one minimum distance",
        spell![ccode Int "state", partner Int "other state", minimum_km Float "kilometres between their nearest points"];
    gw_distance / distance, Spell, states [], key [gwcode, partner_gwcode, start_year], true,
        "one row per directed pair of states in the list of Gleditsch and Ward and spell of one minimum distance",
        spell![gwcode Int "Gleditsch-Ward number", partner_gwcode Int "number of the other state", minimum_km Float "kilometres between their nearest points"];
    borders / borders, Spell, states [ccode, owner], key [code, start, source_row], false,
        "one row per unit of the list of the Correlates of War and spell of one shape: states, and colonies and other dependencies beside them",
        spell![code Int "number of the unit, as published", ccode Int "the same where it was ever a state: status says what it was in the spell, null where it never was one", name Text "as published",
            status Text "independent, colony, protectorate, occupied or mandate; null where the source gives none", owner Int "ccode of the state that it belongs to: itself if independent", owner_code Int "the same as published, 0 none",
            capital Text "capital", capital_latitude Float "degrees", capital_longitude Float "degrees", defined Bool "its borders are well defined", shape Text "well-known text: POLYGON or MULTIPOLYGON of longitude and latitude in degrees (WGS 84)"];
    gw_borders / borders, Spell, states [ccode, owner], key [gwcode, start, source_row], false,
        "the same for the units of the list of Gleditsch and Ward",
        spell![gwcode Int "number of the unit, as published", ccode Int "Correlates of War code of that number on the first day, null where there is none", name Text "as published",
            status Text "as in borders", owner Int "ccode of the state that it belongs to", owner_code Int "Gleditsch-Ward number of it, as published, 0 none",
            capital Text "capital", capital_latitude Float "degrees", capital_longitude Float "degrees", defined Bool "its borders are well defined", shape Text "as in borders"];
    rivalries / rivalries, Spell, states [ccode, rival], key [ccode, rival, start_year], false,
        "one row per directed spell of a strategic rivalry",
        spell![rivalry_id Text "the source's number", ccode Int "state", rival Int "rival", positional Bool "over influence", spatial Bool "over territory",
            ideological Bool "over ideas", interventionary Bool "over intervention"];
    peace_scale / peace_scale, Spell, states [ccode, partner], key [ccode, partner, start_year, source_row], false,
        "one row per directed pair and spell of one level of peace",
        spell![ccode Int "state", partner Int "other state", level Float "0 serious rivalry, 0.25 lesser rivalry, 0.5 negative peace, 0.75 warm peace, 1 security community; null in a transition", transition Bool "a transition, without a level (-9)",
            start_month Int "first month, also where the day is not known", end_month Int "last month", censored Bool "it was so already when the data begin (1900)"];
    peace_scale_years / peace_scale, Year, states [ccode, partner], key [ccode, partner, year], false,
        "one row per directed pair and year: the mean level of peace, as the source gives it",
        columns![ccode Int "state", partner Int "other state", year Int "year", level Float "mean of the levels in peace_scale at the ends of the months; null where one of them is a transition", transition Bool "a month of the year, or all of it, is a transition without a level (9)"];
    arms_races / arms_races, Spell, states [ccode, rival], key [race_id, ccode, rival], false,
        "one row per directed spell of an arms race",
        spell![race_id Text "the source's number", ccode Int "state", rival Int "rival"];
    crises / crises, Spell, states [ccode], key [crisis_id, ccode], false,
        "one row per actor in an international crisis",
        spell![crisis_id Text "ICB crisis number", name Text "name", ccode Int "actor", trigger_by Int "ccode of the triggering actor", violence Int "ICB viol 1-4 (1 none, 2 minor clashes, 3 serious clashes, 4 full-scale war)",
            actor Text "the actor's letters as published", trigger Int "ICB triggr 1-9 (1 verbal, 2 political, 3 economic act, 4 external change, 5 other non-violent act, 6 challenge to the regime, 7 non-violent military, 8 indirect violent, 9 violent act)",
            gravity Int "ICB gravty, gravest value threatened (0 economic, 1 limited military, 2 political, 3 territory, 4 influence, 5 grave damage, 6 existence, 7 other)",
            major_response Int "ICB majres 1-9 (1 none, 8 violent military act, 9 several with violence)",
            management Int "ICB crismg, main technique (1 negotiation, 2 adjudication or arbitration, 3 mediation, 4 several without violence, 5 non-military pressure, 6 non-violent military, 7 several with violence, 8 violence)",
            us_involvement Int "ICB usinv 1-9 (1 none, 8 direct military, 9 an actor in the crisis)", soviet_involvement Int "ICB suinv, the Soviet Union or Russia, as usinv",
            outcome Int "ICB outcom for the actor (1 victory, 2 compromise, 3 stalemate, 4 defeat, 5 other)", outcome_form Int "ICB outfor 1-15 (1 formal agreement, 15 faded)"];
    international_crises / crises, Spell, states [], key [crisis_id], false,
        "one row per international crisis",
        spell![crisis_id Text "ICB crisis number", name Text "name", trigger Int "ICB break 1-9, as trigger in crises", trigger_by Int "ccode of the triggering actor, null when not one state",
            gravity Int "ICB gravcr, as gravity in crises", management Int "ICB crismg, as in crises", violence Int "ICB viol 1-4, as in crises", actors Int "ICB noactr, states perceived as involved",
            us_involvement Int "ICB usinv 1-4 (1 none, 2 low level, 3 covert or semi-military, 4 direct military)", soviet_involvement Int "ICB suinv 1-4, as usinv",
            global_organization Int "ICB globorg, most active organ of the League or the UN (0 none existed, 1 not involved, 3 assembly, 4 secretary-general, 5 council)",
            outcome_content Int "ICB subout (1 ambiguous, 2 definitive)", outcome_form Int "ICB forout 1-7 (1 formal, 2 semi-formal agreement, 3 tacit understanding, 4 unilateral act, 5 imposed, 6 other, 7 faded)",
            outcome_tension Int "ICB outesr (1 another crisis between them within five years, 2 none, 3 too recent)", protracted Int "ICB protrac (1 not in a protracted conflict, 2 in one, 3 in a long war)"];
    colonial_history / colonial_history, Year, states [ccode], key [ccode], false,
        "one row per state: from whom and how it became independent",
        columns![ccode Int "state", name Text "as published", year Int "year of independence", month Int "month of independence", violent Bool "by violence",
            kind Int "1 formation, 2 decolonization, 3 secession, 4 partition", independence_from Int "ccode of the state it became independent from",
            colonial_ruler Int "ccode of the main colonial ruler", secession_from Int "ccode of the state it seceded from", secession_year Int "year of secession",
            secession_violent Bool "the secession was violent", merged_into Int "ccode of the state it became part of", merged_year Int "year of that"];
    leaders / leaders, Spell, states [ccode], key [leader_id, ccode, start_year], false,
        "one row per leader of a state and spell in office",
        spell![leader_id Text "the source's number of the spell (obsid)", person_id Text "the source's number of the person (leadid)", ccode Int "state", gwcode Int "Gleditsch-Ward number, as published",
            name Text "name", born Int "year of birth", female Bool "a woman", entry Text "Regular, Irregular or Foreign Imposition, as published", exit Text "how the spell ended, as published",
            exit_reason Text "by whom, as published"];
    leader_backgrounds / leader_backgrounds, None, states [], key [leader_id], false,
        "one row per leader and spell in office: the life before it",
        columns![leader_id Text "as in leaders", education Int "0 primary or none, 1 secondary, 2 university, 3 graduate", years_experience Int "years of experience before office (yrsexper)",
            military_service Bool "served", combat Bool "saw combat", rebel Bool "was a rebel", won_war Bool "fought on the winning side of a war", lost_war Bool "on the losing side",
            won_rebellion Bool "in a rebellion that won", lost_rebellion Bool "in one that lost", physical_illness Bool "in poor bodily health", mental_illness Bool "in poor mental health"];
    leader_willingness / leader_willingness, None, states [], key [leader_id], false,
        "one row per leader and spell in office: how willing to use force, estimated from the life before it; higher is more willing",
        columns![leader_id Text "as in leaders", theta1_mean Float "from experience of conflict and risk", theta1_sd Float "standard deviation of that",
            theta2_mean Float "with political orientation and psychology besides", theta2_sd Float "standard deviation of that",
            theta3_mean Float "as theta1, from all variables of LEAD", theta3_sd Float "standard deviation of that",
            theta4_mean Float "as theta2, from all variables of LEAD", theta4_sd Float "standard deviation of that"];
    territorial_threat / territorial_threat, Year, states [ccode], key [ccode, year], false,
        "one row per state and year: an estimate of how much its land is threatened from outside",
        columns![ccode Int "state", year Int "year", threat Float "estimate; 0 and 1 are mean and standard deviation", deviation Float "standard deviation of the simulations",
            low Float "lower bound", high Float "upper bound", weighted_threat Float "with nearer states weighing more", weighted_deviation Float "as deviation", weighted_low Float "as low", weighted_high Float "as high"];
    democracy / democracy, Year, states [ccode], key [ccode, year], false,
        "one row per state and year of democracy scores",
        columns![ccode Int "state", year Int "year", polity2 Float "-10 to 10", v2x_polyarchy Float "0 to 1", euds Float "extended Unified Democracy Score, a latent scale about 0",
            adjusted_euds Float "the same, set so that 0 divides democracies from others"];
    gw_democracy / democracy, Year, states [ccode], key [gwcode, year], false,
        "one row per state in the list of Gleditsch and Ward and year of democracy scores, as published for that list",
        columns![gwcode Int "Gleditsch-Ward number", ccode Int "Correlates of War state code of that number in the year, null when COW never had the state", year Int "year",
            polity2 Float "-10 to 10", v2x_polyarchy Float "0 to 1", euds Float "extended Unified Democracy Score, a latent scale about 0",
            adjusted_euds Float "the same, set so that 0 divides democracies from others"];
    gdp_estimates / gdp_estimates, Year, states [ccode], key [ccode, year], false,
        "one row per state and year of output and population, estimated from many sources with a measurement model",
        columns![ccode Int "state", year Int "year", gdp_per_capita Float "international dollars of 2011 (Maddison's scale)", gdp Float "millions of international dollars of 2017 (Penn World Table's scale)",
            population Float "persons", gdp_per_capita_sd Float "standard deviation of the estimates, as gdp_per_capita", gdp_sd Float "as gdp", population_sd Float "as population"];
    gw_gdp_estimates / gdp_estimates, Year, states [ccode], key [gwcode, year], false,
        "one row per state in the list of Gleditsch and Ward and year of output and population, estimated as in gdp_estimates and published for that list",
        columns![gwcode Int "Gleditsch-Ward number", ccode Int "Correlates of War state code of that number in the year, null when COW never had the state", year Int "year",
            gdp_per_capita Float "international dollars of 2011 (Maddison's scale)", gdp Float "millions of international dollars of 2017 (Penn World Table's scale)",
            population Float "persons", gdp_per_capita_sd Float "standard deviation of the estimates, as gdp_per_capita", gdp_sd Float "as gdp", population_sd Float "as population"];
    fractionalization / fractionalization, Year, states [ccode], key [country_code, ccode, year], false,
        "one row per country of the CREG project and year: how divided its people are; two countries may stand for one state in a year",
        columns![ccode Int "state", gwcode Int "Gleditsch-Ward number, as published", country_code Int "the project's own number of the country", year Int "year",
            ethnic_fractionalization Float "chance that two people are of different ethnic groups, 0 to 1", ethnic_polarization Float "of ethnic groups, 0 to 1: 1 where two are of equal size",
            religious_fractionalization Float "of religious groups, as ethnic_fractionalization", religious_polarization Float "of religious groups, as ethnic_polarization"];
    ethnic_fractionalization / ethnic_fractionalization, Year, states [ccode], key [ccode, year, source_row], false,
        "one row per state and year: the chance that two people are of different ethnic groups; two figures where two countries of a year were one state",
        columns![ccode Int "state", gwcode Int "Gleditsch-Ward number, as published", year Int "year", ethnic_fractionalization Float "0 to 1"];
    terrain / terrain, None, states [ccode], key [ccode], false,
        "one row per state: the form of its land about the year 2000",
        columns![ccode Int "state", gwcode Int "Gleditsch-Ward number, null where that list does not have the state", ruggedness Float "terrain ruggedness index, hundreds of metres",
            mountains_log Float "natural logarithm of the percentage that is mountainous and one"];
    economy / economy, Year, states [ccode], key [ccode, year], false,
        "one row per state and year of output and population",
        columns![ccode Int "state", year Int "year", gdp_usd Float "current US dollars", gdp_growth Float "real growth, percent", population Float "persons", trade_usd Float "exports and imports of goods, current US dollars"];
    indices / indices, Year, states [ccode], key [name, code, year, month], false,
        "one row per index, country or the world, and year or month",
        columns![name Text "of the index, for example GPR, GPRC or KOFGI", title Text "what it measures", ccode Int "state, null for the world, regions and territories", code Text "as published: ISO 3166-1 alpha-3 for countries, null for the world",
            country Text "as published", year Int "year", month Int "month, null of a yearly index", value Float "in the unit of the index"];
    indicators / indicators, Year, states [ccode], key [indicator, country_code, year], false,
        "one row per indicator of the World Bank, country and year",
        columns![ccode Int "state, null for regions, groups and territories", country_code Text "as published, ISO 3166-1 alpha-3 for countries", country_name Text "as published", year Int "year",
            indicator Text "code, for example NY.GDP.MKTP.CD", value Float "in the indicator's unit"];
    events / events, Year, states [ccode, partner], key [event_id], false,
        "one row per coded event",
        columns![event_id Text "the source's number", date Date "day", year Int "year", ccode Int "actor, null when not a state", partner Int "target, null when not a state",
            cameo Text "CAMEO code", goldstein Float "-10 to 10",
            actor Text "actor's code (ICEWS: country) as published", actor_name Text "actor's name as published", target Text "target's code (ICEWS: country) as published",
            target_name Text "target's name as published", scheme Text "cameo or weis: the scheme of `code`", code Text "event code in its scheme",
            root Text "first two digits of the code", quad Int "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict; by the CAMEO root where it is not published",
            mentions Int "mentions in the source's first look (GDELT)", location Int "ccode of where it happened", location_code Text "as published: FIPS 10-4 (GDELT) or a name (ICEWS)",
            location_name Text "place as published"];
    event_codes / event_codes, None, states [], key [scheme, code], true,
        "one row per code of events",
        columns![scheme Text "cameo, cameo-0.5 (the version of the scale of 2007) or weis", code Text "code", root Text "first two digits", name Text "what it says", goldstein Float "score on Goldstein's scale, -10 to 10"];
    event_years / event_years, Year, states [ccode, partner], key [actor, target, year], false,
        "one row per directed pair and year of counts of coded events",
        columns![ccode Int "actor, null when not a state", partner Int "target, null when not a state", actor Text "actor as published", target Text "target as published", year Int "year",
            verbal_cooperation Int "events", material_cooperation Int "events", verbal_conflict Int "events", material_conflict Int "events"];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_state_column_exists_and_names_are_unique() {
        let mut seen = std::collections::BTreeSet::new();
        for t in TABLES {
            assert!(seen.insert(t.name), "{} is declared twice", t.name);
            for name in t.key.iter().chain(t.states) {
                assert!(
                    t.column(name).is_some() || *name == "source_row",
                    "{}.{name} is named and not declared",
                    t.name
                );
            }
            let needed: &[&str] = match t.time {
                Time::Spell => &["start", "end", "start_year", "end_year"],
                Time::Year => &["year"],
                Time::None => &[],
            };
            assert!(needed.iter().all(|n| t.column(n).is_some()), "{}", t.name);
        }
    }
}
