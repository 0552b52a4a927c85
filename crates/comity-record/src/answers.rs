//! Which published dataset would answer what: so that "unknown" can name the way out.

use crate::readers::{DATASETS, Dataset};
use crate::source::Source;

/// A published dataset that fills a canonical table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Canonical table.
    pub table: &'static str,
    /// Dataset id.
    pub dataset: &'static str,
    /// Title.
    pub title: &'static str,
    /// Where to get it.
    pub url: &'static str,
}

macro_rules! answers {
    ($($dataset:literal $title:literal $url:literal [$($table:literal),*];)*) => {
        /// Every dataset known to fill a table, in the order they are proposed to people.
        pub const ANSWERS: &[Answer] = &[$($(Answer {
            table: $table, dataset: $dataset, title: $title, url: $url,
        }),*),*];
    };
}

answers! {
    "cow-states" "COW State System Membership" "https://correlatesofwar.org/data-sets/state-system-membership/" ["states", "major_powers"];
    "countrycode" "countrycode: country names and codes" "https://vincentarelbundock.github.io/countrycode/" ["code_crosswalks"];
    "country-codes" "Comprehensive country codes (Datopian)" "https://github.com/datasets/country-codes" ["code_crosswalks"];
    "cow2iso" "COW numbers and ISO 3166 codes by year (cow2iso)" "https://github.com/ahalterman/NGEC" ["code_crosswalks"];
    "cow-mid" "Militarized Interstate Disputes" "https://correlatesofwar.org/data-sets/mids/" ["disputes", "dispute_parties", "incidents"];
    "gml-mid" "GML Militarized Interstate Disputes" "https://internationalconflict.ua.edu/data-download/" ["disputes", "dispute_parties", "dyadic_disputes"];
    "dyadic-mid" "Dyadic Militarized Interstate Disputes" "https://correlatesofwar.org/data-sets/mids/" ["dyadic_disputes"];
    "cow-mid-dyads" "Militarized Interstate Disputes by dyad and year" "https://svmiller.com/peacesciencer/" ["dyadic_disputes"];
    "midloc" "Militarized Interstate Dispute Locations" "https://correlatesofwar.org/data-sets/mid-locations/" ["dispute_locations", "incident_locations"];
    "cow-war" "COW Wars" "https://correlatesofwar.org/data-sets/cow-war/" ["wars", "war_parties", "dyadic_wars"];
    "atop" "Alliance Treaty Obligations and Provisions" "http://www.atopdata.org/data.html" ["treaties", "treaty_parties", "pledges"];
    "cow-alliances" "COW Formal Alliances" "https://correlatesofwar.org/data-sets/formal-alliances/" ["treaties", "treaty_parties", "pledges"];
    "atop-dyads" "ATOP by directed dyad and year" "http://www.atopdata.org/data.html" ["pledge_dyads"];
    "cow-nmc" "National Material Capabilities" "https://correlatesofwar.org/data-sets/national-material-capabilities/" ["capabilities"];
    "ucdp" "UCDP/PRIO Armed Conflict Dataset" "https://ucdp.uu.se/downloads/" ["armed_conflicts", "conflict_parties"];
    "ucdp-dyadic" "UCDP Dyadic Dataset" "https://ucdp.uu.se/downloads/" ["conflict_dyads", "dyad_parties"];
    "ucdp-deaths" "UCDP Battle-Related Deaths Dataset" "https://ucdp.uu.se/downloads/" ["battle_deaths", "dyad_battle_deaths"];
    "ucdp-esd" "UCDP External Support Dataset" "https://ucdp.uu.se/downloads/" ["external_support"];
    "ucdp-onsets" "Onsets of armed conflict (UCDP)" "https://ucdp.uu.se/downloads/" ["conflict_onsets"];
    "ucdp-ged" "UCDP Georeferenced Event Dataset" "https://ucdp.uu.se/downloads/" ["conflict_events"];
    "cow-territorial-change" "COW Territorial Change" "https://correlatesofwar.org/data-sets/territorial-change/" ["territorial_changes"];
    "icow" "Issue Correlates of War" "http://www.paulhensel.org/icow.html" ["claims", "claim_salience", "settlement_attempts"];
    "icow-colonial" "ICOW Colonial History" "https://www.paulhensel.org/icowcol.html" ["colonial_history"];
    "sipri-milex" "SIPRI Military Expenditure Database" "https://www.sipri.org/databases/milex" ["military_spending"];
    "sipri-arms-register" "SIPRI Arms Transfers Database" "https://www.sipri.org/databases/armstransfers" ["arms_transfers"];
    "cow-trade" "COW International Trade" "https://correlatesofwar.org/data-sets/bilateral-trade/" ["trade", "trade_totals"];
    "desta" "Design of Trade Agreements" "https://www.designoftradeagreements.org/downloads/" ["trade_agreements"];
    "gsdb" "Global Sanctions Data Base" "https://www.globalsanctionsdatabase.com/" ["sanctions"];
    "trend" "TREND: environmental provisions of trade agreements" "https://www.trend.ulaval.ca/" ["agreement_provisions"];
    "labpta" "LABPTA: labour provisions of trade agreements" "https://doi.org/10.1111/1758-5899.12609" ["agreement_provisions"];
    "gptad" "Global Preferential Trade Agreements Database" "https://wits.worldbank.org/gptad/" ["agreement_provisions"];
    "aiddata-gcdf" "Global Chinese Development Finance Dataset" "https://www.aiddata.org/data/aiddatas-global-chinese-development-finance-dataset-version-3-0" ["aid"];
    "us-deployments" "U.S. troop deployments, bases and construction" "https://github.com/meflynn/troopdata" ["deployments", "bases", "base_construction"];
    "mme" "Multinational Military Exercises" "https://doi.org/10.7910/DVN/KHFODX" ["exercises"];
    "cow-igo" "COW Intergovernmental Organizations" "https://correlatesofwar.org/data-sets/igos/" ["memberships", "organizations"];
    "cow-igo-counts" "Counted memberships in international organisations" "https://svmiller.com/peacesciencer/" ["igo_counts"];
    "un-votes" "United Nations General Assembly Voting Data" "https://doi.org/10.7910/DVN/LEJUQZ" ["roll_calls", "votes", "voting_years"];
    "un-ideal-points" "UN General Assembly ideal points" "https://doi.org/10.7910/DVN/LEJUQZ" ["ideal_points"];
    "un-vetoes" "Security Council vetoes, Dag Hammarskjöld Library" "https://research.un.org/en/docs/sc/quick" ["vetoes"];
    "cow-diplomatic-exchange" "COW Diplomatic Exchange" "https://correlatesofwar.org/data-sets/diplomatic-exchange/" ["diplomatic_exchange"];
    "un-peacekeeping" "UN peacekeeping contributors" "https://peacekeeping.un.org/en/troop-and-police-contributors" ["peacekeeping"];
    "un-missions" "UN peacekeeping personnel by mission" "https://doi.org/10.1177/0738894213491180" ["peace_missions"];
    "cow-contiguity" "COW Direct Contiguity" "https://correlatesofwar.org/data-sets/direct-contiguity/" ["contiguity"];
    "contiguity-spells" "COW Direct Contiguity by spell" "https://svmiller.com/peacesciencer/" ["contiguity_spells"];
    "cow-contiguity-colonial" "COW Colonial/Dependency Contiguity" "https://correlatesofwar.org/data-sets/colonial-dependency-contiguity/" ["colonial_contiguity"];
    "tss-rivalries" "Strategic Rivalries (Thompson, Sakuwa & Suhas)" "https://svmiller.com/peacesciencer/" ["rivalries"];
    "grh-arms-races" "Arms races (Gibler, Rider & Hutchison)" "https://svmiller.com/peacesciencer/" ["arms_races"];
    "icb" "International Crisis Behavior" "https://sites.duke.edu/icbdata/data-collections/" ["crises", "international_crises"];
    "isard" "Democracy, output and population (isard)" "https://svmiller.com/isard/" ["democracy", "gdp_estimates", "gw_democracy", "gw_gdp_estimates", "code_crosswalks"];
    "archigos" "Archigos: leaders" "http://ksgleditsch.com/archigos.html" ["leaders"];
    "lead" "Leader Experience and Attribute Descriptions" "https://svmiller.com/peacesciencer/" ["leader_backgrounds"];
    "leader-willingness" "Leaders' willingness to use force" "https://svmiller.com/peacesciencer/" ["leader_willingness"];
    "territorial-threat" "Latent external territorial threat" "https://svmiller.com/peacesciencer/" ["territorial_threat"];
    "wdi" "World Development Indicators" "https://data.worldbank.org/" ["economy", "indicators"];
    "gdelt" "GDELT Events" "https://www.gdeltproject.org/data.html" ["events"];
    "icews" "ICEWS Coded Event Data" "https://doi.org/10.7910/DVN/28075" ["events", "event_years"];
    "keds" "Kansas Event Data System" "http://eventdata.parusanalytics.com/data.html" ["events"];
}

/// Dataset ids that fill a table, in the order they are proposed.
pub fn datasets(table: &str) -> Vec<&'static str> {
    ANSWERS.iter().filter(|a| a.table == table).map(|a| a.dataset).collect()
}

/// What can still be added to fill a table from `from` to `to`: the span in two where every dataset ends inside it. A dataset that is in the record at its
/// newest version has said what it has to say; where nothing is left to add, the list is empty.
pub fn to_add(
    table: &str,
    (from, to): (i32, i32),
    sources: &[Source],
) -> Vec<(i32, i32, Vec<&'static str>)> {
    let (mut helpful, mut last) = (Vec::new(), i32::MIN);
    for id in datasets(table) {
        let ends = match parts(id).next() {
            // Nothing is known of it but that it is published.
            None => Some(to),
            Some(_) => parts(id).filter(|d| !newest(d, sources)).filter_map(|d| last_year(d)).max(),
        };
        if let Some(ends) = ends.filter(|ends| *ends >= from) {
            helpful.push(id);
            last = last.max(ends);
        }
    }
    match last {
        _ if helpful.is_empty() => vec![(from, to, helpful)],
        _ if last >= to => vec![(from, to, helpful)],
        _ => vec![(from, last, helpful), (last + 1, to, Vec::new())],
    }
}

/// One answer may be published as several datasets: `cow-war` is four lists of wars.
fn parts(id: &str) -> impl Iterator<Item = &'static &'static Dataset> {
    let part = move |d: &&&Dataset| {
        d.id.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let alone = DATASETS.iter().any(|d| d.id == id);
    DATASETS.iter().filter(move |d| if alone { d.id == id } else { part(d) })
}

fn last_year(dataset: &Dataset) -> Option<i32> {
    dataset.editions.iter().map(|e| e.last_year).max()
}

fn newest(dataset: &Dataset, sources: &[Source]) -> bool {
    let newest = dataset.editions.iter().max_by_key(|e| e.last_year);
    newest
        .is_some_and(|e| sources.iter().any(|s| s.dataset == dataset.id && s.version == e.version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_record_has_in_its_newest_version_is_not_proposed_again() {
        let source = |dataset: &str, version: &str| Source {
            dataset: dataset.into(),
            version: version.into(),
            ..Source::default()
        };
        let both = vec!["atop", "cow-alliances"];
        assert_eq!(
            to_add("pledges", (1990, 2025), &[]),
            [(1990, 2018, both), (2019, 2025, Vec::new())]
        );
        let older = [source("atop", "4.01")];
        assert_eq!(to_add("pledges", (2017, 2018), &older), [(2017, 2018, vec!["atop"])]);
        let all = [source("atop", "5.1"), source("cow-alliances", "4.1")];
        assert_eq!(to_add("pledges", (1990, 2025), &all), [(1990, 2025, Vec::new())]);
        assert_eq!(to_add("wars", (2000, 2006), &[]), [(2000, 2006, vec!["cow-war"])]);
        assert_eq!(to_add("peacekeeping", (1990, 1991), &[])[0].2, ["un-peacekeeping"]);
    }

    #[test]
    fn every_fact_table_has_an_answer() {
        for t in
            crate::schema::TABLES.iter().filter(|t| !t.structural && t.name != "authorizations")
        {
            assert!(!datasets(t.name).is_empty(), "nothing is said to fill {}", t.name);
        }
        assert!(ANSWERS.iter().all(|a| crate::schema::table(a.table).is_some()));
    }
}
