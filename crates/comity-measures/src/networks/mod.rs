//! Networks of states: who is central, who stands between others, how far two are apart, and which belong together.

mod centrality;
mod communities;
mod graph;

pub use centrality::{Centrality, centrality};
pub use communities::{Partition, communities, modularity};
pub use graph::Graph;

use crate::Reference;

/// Degree and betweenness.
pub const FREEMAN: Reference = Reference {
    authors: "Freeman, Linton C.",
    year: 1979,
    title: "Centrality in Social Networks: Conceptual Clarification",
    published_in: "Social Networks 1(3): 215-239",
    doi: "10.1016/0378-8733(78)90021-7",
};

/// Betweenness as it is computed here.
pub const BRANDES: Reference = Reference {
    authors: "Brandes, Ulrik",
    year: 2001,
    title: "A Faster Algorithm for Betweenness Centrality",
    published_in: "Journal of Mathematical Sociology 25(2): 163-177",
    doi: "10.1080/0022250X.2001.9990249",
};

/// The centrality of who has central neighbours.
pub const BONACICH: Reference = Reference {
    authors: "Bonacich, Phillip",
    year: 1972,
    title: "Factoring and Weighting Approaches to Status Scores and Clique Identification",
    published_in: "Journal of Mathematical Sociology 2(1): 113-120",
    doi: "10.1080/0022250X.1972.9989806",
};

/// Brokerage: holes between those that one is tied to.
pub const BURT: Reference = Reference {
    authors: "Burt, Ronald S.",
    year: 1992,
    title: "Structural Holes: The Social Structure of Competition",
    published_in: "Cambridge, MA: Harvard University Press",
    doi: "",
};

/// Modularity.
pub const NEWMAN_GIRVAN: Reference = Reference {
    authors: "Newman, M. E. J. and M. Girvan",
    year: 2004,
    title: "Finding and Evaluating Community Structure in Networks",
    published_in: "Physical Review E 69(2): 026113",
    doi: "10.1103/PhysRevE.69.026113",
};

/// How communities are found.
pub const BLONDEL: Reference = Reference {
    authors: "Blondel, Vincent D., Jean-Loup Guillaume, Renaud Lambiotte and Etienne Lefebvre",
    year: 2008,
    title: "Fast Unfolding of Communities in Large Networks",
    published_in: "Journal of Statistical Mechanics 2008(10): P10008",
    doi: "10.1088/1742-5468/2008/10/P10008",
};

/// Networks among states.
pub const HAFNER_BURTON: Reference = Reference {
    authors: "Hafner-Burton, Emilie M., Miles Kahler and Alexander H. Montgomery",
    year: 2009,
    title: "Network Analysis for International Relations",
    published_in: "International Organization 63(3): 559-592",
    doi: "10.1017/S0020818309090195",
};
