//! The files of the starter: which source and table each one feeds. A new file is one line here.

/// One readable file inside the program.
#[derive(Debug)]
pub(super) struct StarterFile {
    /// The source it belongs to.
    pub source: &'static str,
    /// The canonical table, or the name of a compact table that `derived` expands.
    pub table: &'static str,
    /// Its path below `starter/`, for messages and `source_row`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! files {
    ($($source:literal $table:literal $path:literal),* $(,)?) => {
        /// Every file, in the order in which its rows are read.
        pub(super) static FILES: &[StarterFile] = &[$(StarterFile {
            source: $source,
            table: $table,
            path: $path,
            text: include_str!(concat!("../../starter/", $path)),
        }),*];
    };
}

files! {
    "starter-system" "states" "system/states.csv",
    "starter-system" "identities" "system/identities.csv",
    "starter-system" "major_powers" "system/major_powers.csv",
    "starter-treaties" "pacts" "treaties/multilateral.csv",
    "starter-treaties" "pacts" "treaties/great_powers.csv",
    "starter-treaties" "pacts" "treaties/bilateral.csv",
    "starter-wars" "wars" "wars/wars.csv",
    "starter-wars" "war_parties" "wars/war_parties.csv",
    "starter-conflicts" "episodes" "conflicts/episodes.csv",
    "starter-authorizations" "authorizations" "authorizations/authorizations.csv",
    "starter-authorizations" "authorizations" "authorizations/sanctions.csv",
    "starter-assembly" "voting_years" "assembly/voting_years.csv",
    "starter-vetoes" "vetoes" "vetoes/vetoes.csv",
    "starter-memberships" "memberships" "memberships/un.csv",
    "starter-memberships" "memberships" "memberships/wto.csv",
    "starter-memberships" "memberships" "memberships/agencies.csv",
    "starter-participation" "participation" "treaties/participation.csv",
    "starter-peacekeeping" "personnel" "peacekeeping/personnel.csv",
    "starter-economy" "growth" "economy/growth.csv",
    "starter-bases" "hosts" "bases/hosts.csv",
    "starter-memberships" "memberships" "memberships/senders.csv",
    "starter-organization-positions" "organization_positions" "organizations/positions.csv",
    "starter-agreements" "agreements" "agreements/agreements.csv",
    "starter-territorial-changes" "territorial_changes" "territory/territorial_changes.csv",
    "starter-annexations" "territorial_changes" "territory/annexations.csv",
    "starter-claims" "claims" "claims/claims.csv",
    "starter-endings" "claims" "claims/endings.csv",
}
