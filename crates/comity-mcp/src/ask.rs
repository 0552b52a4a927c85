//! What the tools take. A name that a tool does not know is refused, never passed over.

use rmcp::schemars;
use serde::Deserialize;

/// Declares the arguments of a tool.
macro_rules! arguments {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
        #[schemars(crate = "rmcp::schemars")]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    };
}

arguments! {
    /// Arguments of `audit`.
    AuditAsk {
        /// The state: a code (CHN, 710) or a name (China).
        state: String,
        /// Id of the policy; the first one if left out.
        policy: Option<String>,
        /// First year; the later of the policy's adoption and the state's entry if left out.
        from: Option<i32>,
        /// Last year.
        to: Option<i32>,
        /// Only these commitments, by id. The findings behind them are then listed.
        commitments: Vec<String>,
    }
}

arguments! {
    /// Arguments of `why`.
    WhyAsk {
        /// The state: a code or a name.
        state: String,
        /// Id of the commitment.
        commitment: String,
        /// The year; the one in which the verdict last changed if left out.
        year: Option<i32>,
        /// Id of the policy; the first one if left out.
        policy: Option<String>,
        /// Show each query and the coverage of each table under each reading.
        full: bool,
    }
}

arguments! {
    /// Arguments of `verdicts`.
    VerdictsAsk {
        /// States, by code or name; all if left out.
        states: Vec<String>,
        /// Ids of commitments; all if left out.
        commitments: Vec<String>,
        /// Only these verdicts: kept, strained, broken, contested, unknown, no-occasion, not-applicable.
        verdicts: Vec<String>,
        /// First year.
        from: Option<i32>,
        /// Last year.
        to: Option<i32>,
        /// `rows`: a row per state, commitment and year (the default). `findings`: what was found, with its source. `latest`: the last year
        /// with one of the verdicts, per state and commitment. `counts`: how often each verdict came.
        show: Option<String>,
        /// Id of the policy; the first one if left out.
        policy: Option<String>,
        /// At most so many rows, up to 500; 50 if left out.
        limit: Option<usize>,
    }
}

arguments! {
    /// Arguments of `panel`.
    PanelAsk {
        /// The unit: state-years, dyad-years, dyad-months, leader-years, …
        unit: String,
        /// Years: `1990-2000`, or one year.
        years: Option<String>,
        /// States, by code or name; all if left out.
        states: Vec<String>,
        /// Groups of columns, as `comity panel groups` names them: `nmc`, `contiguity`, `disputes:cow`, `verdicts:independent-peace`.
        with: Vec<String>,
        /// Only these columns beside the keys.
        columns: Vec<String>,
        /// Columns made from others: `lag(cinc1,1)`.
        add: Vec<String>,
        /// Conditions on rows: `conttype=1 and year>=1950`.
        keep: Vec<String>,
        /// Every pair of states in both orders.
        directed: bool,
        /// `cow` (the default) or `gw`: whose state system.
        system: Option<String>,
        /// At most so many rows are shown, up to 500; 50 if left out.
        limit: Option<usize>,
    }
}

arguments! {
    /// Arguments of `query`.
    QueryAsk {
        /// One `SELECT`, or `describe TABLE`, `show tables`.
        sql: String,
        /// Id of the policy whose verdicts the tables `verdicts` and `verdict_findings` hold; the first one if left out.
        policy: Option<String>,
        /// At most so many rows are shown, up to 500; 50 if left out.
        limit: Option<usize>,
    }
}

arguments! {
    /// Arguments of `states`.
    StatesAsk {
        /// A code or name: `CHN`, `710`, `West Germany`, `Korea`.
        find: Option<String>,
        /// Only members of the state system in this year.
        year: Option<i32>,
    }
}

arguments! {
    /// Arguments of `sources`.
    SourcesAsk {
        /// Id of one dataset, to see it whole; a list of all if left out.
        dataset: Option<String>,
    }
}

arguments! {
    /// Arguments of `measure`.
    MeasureAsk {
        /// The measure, for example `s_score`; a list of all if left out.
        name: Option<String>,
        /// Its parameters by name, for example {"years": "1990-2000", "states": "USA,CHN"}. With none, the measure is explained.
        given: std::collections::BTreeMap<String, String>,
        /// At most so many rows are shown, up to 500; 50 if left out.
        limit: Option<usize>,
    }
}

arguments! {
    /// Arguments of `advise`.
    AdviseAsk {
        /// The state that would act: a code or a name.
        state: String,
        /// The acts in words, in order: `defense pact with RUS from 2026`. With none, the acts that can be said are listed.
        acts: Vec<String>,
        /// Id of the policy; the first one if left out.
        policy: Option<String>,
        /// The last year to judge.
        to: Option<i32>,
        /// How many earlier acts of the same kind are looked at; 5 if left out, at most 20.
        precedents: Option<usize>,
    }
}

arguments! {
    /// Arguments of `policies`.
    PoliciesAsk {
        /// Id of one policy, to see its commitments; a list of all if left out.
        policy: Option<String>,
        /// Id of one commitment of it, to see its text and its queries.
        commitment: Option<String>,
    }
}
