//! Networks of states: blocs, centrality, distance.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use comity_measures::networks::{
    BLONDEL, BONACICH, BRANDES, BURT, Centrality, FREEMAN, HAFNER_BURTON, NEWMAN_GIRVAN, Partition,
    centrality, communities,
};

use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, STATES, Subject, Takes, YEARS};
use crate::measured::{Rows, refused};
use crate::ties::{Network, TIES, networks, tables};

const fn column(name: &'static str, kind: Kind, doc: &'static str) -> Declared {
    Declared { name, kind, doc }
}

const CCODE: Declared =
    column("ccode", Kind::Int, "state, by its number with the Correlates of War");
const YEAR: Declared = column("year", Kind::Int, "year");
const KINDS: Declared = column("kinds", Kind::Text, "the kinds of ties that are known in the year");

const OF_TIES: Parameter = Parameter {
    name: "ties",
    takes: Takes::Choice(TIES),
    default: "alliances",
    doc: "what ties two states",
};

const STATES_ALONE: Parameter = Parameter {
    doc: "only the rows of these states, by code or name; all states are in the network",
    ..STATES
};

const READS: &[&str] =
    &["pledge_dyads", "pledges", "votes", "memberships", "trade", "arms_transfers", "exercises"];

/// Communities.
pub(crate) static BLOCS: Measure = Measure {
    name: "blocs",
    title: "blocs: communities of states with more ties inside than chance would give",
    subject: Subject::Networks,
    doc: "Divides the states of each year into communities of a network of alliances, agreement, memberships, trade, arms or exercises, or of all these in practice, and says how much of a state's ties is inside its own. With the ties of practice it answers whether a state belongs to a bloc whatever it has signed: votes, pledges, arms, exercises and trade together. The division is the one with the highest modularity that moving states one by one, and then whole communities, finds; it is the same on every run, but divisions nearly as good may differ.",
    formula: "Q = sum over communities of (w_in / 2m - resolution (k / 2m)^2); w_in: twice the weight inside, k: the strength of its members, 2m: the strength of all",
    unit: "share, 0 to 1; modularity -0.5 to 1",
    null: "the state has no tie in the year, and is in no bloc",
    references: &[NEWMAN_GIRVAN, BLONDEL, HAFNER_BURTON],
    reads: READS,
    parameters: &[
        OF_TIES,
        YEARS,
        STATES_ALONE,
        Parameter {
            name: "resolution",
            takes: Takes::Real,
            default: "1",
            doc: "above 1 for smaller blocs, below 1 for larger ones",
        },
    ],
    columns: &[
        CCODE,
        YEAR,
        column("bloc", Kind::Int, "the bloc of the state, by its member with most ties inside it"),
        column("members", Kind::Int, "how many states it has"),
        column("inside", Kind::Real, "the share of the state's ties that is inside its bloc"),
        column(
            "inside_by_chance",
            Kind::Real,
            "the share that would be inside by chance: the bloc's share of all ties",
        ),
        column("blocs", Kind::Int, "how many blocs there are in the year"),
        column("modularity", Kind::Real, "how well the year divides into blocs"),
        KINDS,
    ],
    made: Computed::ByChoice { rows: blocs, reads },
};

/// Centrality and brokerage.
pub(crate) static CENTRALITY: Measure = Measure {
    name: "centrality",
    title: "degree, eigenvector and betweenness centrality, and brokerage, of each state",
    subject: Subject::Networks,
    doc: "Where a state stands in the network of a year: how many it is tied to, whether these are central themselves, whether it stands between others, and whether those that it is tied to are tied to each other. Weights count in strength, eigenvector and constraint.",
    formula: "eigenvector: x_i = (1/l) sum w_ij x_j; betweenness: share of shortest ways between two others through the state, mean over pairs; brokered: pairs of neighbours without a tie; constraint: sum over j of (p_ij + sum over q of p_iq p_qj)^2",
    unit: "eigenvector, betweenness: 0 to 1; degree and brokered: counts; strength: in the unit of the ties",
    null: "the state has no tie, or there are fewer than three states",
    references: &[FREEMAN, BRANDES, BONACICH, BURT, HAFNER_BURTON],
    reads: READS,
    parameters: &[OF_TIES, YEARS, STATES_ALONE],
    columns: &[
        CCODE,
        YEAR,
        column("degree", Kind::Int, "states that it is tied to"),
        column("strength", Kind::Real, "the sum of the weights of its ties"),
        column("eigenvector", Kind::Real, "eigenvector centrality, 1 for the highest of the year"),
        column("betweenness", Kind::Real, "betweenness, share of the pairs of others"),
        column("brokered", Kind::Int, "pairs of states tied to it that are not tied to each other"),
        column("constraint", Kind::Real, "Burt's constraint: low for a broker"),
        KINDS,
    ],
    made: Computed::ByChoice { rows: central, reads },
};

/// Geodesics.
pub(crate) static GEODESIC: Measure = Measure {
    name: "geodesic",
    title: "the fewest ties between two states, and the states that both are tied to",
    subject: Subject::Networks,
    doc: "How far two states are apart in the network of a year: 1 where they are tied, 2 where a third is tied to both, and so on.",
    formula: "length of the shortest path, ties without weight",
    unit: "ties",
    null: "no chain of ties leads from one to the other",
    references: &[FREEMAN, HAFNER_BURTON],
    reads: READS,
    parameters: &[OF_TIES, YEARS, STATES],
    columns: &[
        column("ccode1", Kind::Int, "the first state, the one with the smaller number"),
        column("ccode2", Kind::Int, "the second state"),
        YEAR,
        column("distance", Kind::Int, "fewest ties from one to the other"),
        column("in_common", Kind::Int, "states that both are tied to"),
    ],
    made: Computed::ByChoice { rows: distances, reads },
};

fn reads(asked: &Asked<'_>) -> Vec<&'static str> {
    tables(asked.word("ties"))
}

/// The rows of states of networks: the network, and the node of each that is asked for.
fn nodes<'n>(asked: &Asked<'_>, all: &'n [Network]) -> Vec<(usize, &'n Network, usize)> {
    let of = |(at, network): (usize, &'n Network)| {
        let nodes = network.states.iter().enumerate();
        let kept = nodes.filter(|(_, ccode)| asked.has_state(**ccode)).map(|(node, _)| node);
        kept.map(|node| (at, network, node)).collect::<Vec<_>>()
    };
    all.iter().enumerate().flat_map(of).collect()
}

/// A bloc: its member with most ties inside, how many members it has, and their share of all ties.
#[derive(Clone, Copy)]
struct Bloc {
    leader: i32,
    members: i32,
    share: f64,
}

fn described(network: &Network, of: &Partition) -> Vec<Bloc> {
    let graph = &network.graph;
    let total: f64 = (0..graph.nodes()).map(|node| graph.strength(node)).sum();
    let mut leads: BTreeMap<usize, f64> = BTreeMap::new();
    let mut blocs = vec![Bloc { leader: 0, members: 0, share: 0.0 }; of.communities];
    for node in 0..graph.nodes() {
        let Some(community) = of.of[node] else { continue };
        let bloc = &mut blocs[community];
        bloc.members += 1;
        bloc.share += graph.strength(node) / total;
        let own = inside(network, of, node).unwrap_or(0.0);
        if leads.get(&community).is_none_or(|most| own > *most) {
            leads.insert(community, own);
            bloc.leader = network.states[node];
        }
    }
    blocs
}

/// The weight of the ties of a node inside its community.
fn inside(network: &Network, of: &Partition, node: usize) -> Option<f64> {
    let home = of.of[node]?;
    let own = network.graph.ties(node).iter().filter(|(to, _)| of.of[*to] == Some(home));
    Some(own.map(|(_, weight)| weight).sum())
}

fn blocs(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let all = networks(asked, asked.word("ties"))?;
    let resolution = asked.real("resolution").unwrap_or(1.0);
    let mut found = Vec::new();
    for network in &all {
        let of = communities(&network.graph, resolution).map_err(|e| refused(&BLOCS, &e))?;
        let blocs = described(network, &of);
        found.push((of, blocs));
    }
    let rows = nodes(asked, &all);
    let bloc = |(at, _, node): &(usize, &Network, usize)| {
        let (of, blocs) = &found[*at];
        of.of[*node].map(|community| blocs[community])
    };
    let share = |(at, network, node): &(usize, &Network, usize)| {
        Some(inside(network, &found[*at].0, *node)? / network.graph.strength(*node))
    };
    let blocs: Vec<Option<Bloc>> = rows.iter().map(bloc).collect();
    keyed(&BLOCS, &rows)
        .ints(blocs.iter().map(|b| b.map(|b| b.leader)).collect())
        .ints(blocs.iter().map(|b| b.map(|b| b.members)).collect())
        .reals(rows.iter().map(share).collect())
        .reals(blocs.iter().map(|b| b.map(|b| b.share)).collect())
        .keys(rows.iter().map(|(at, ..)| found[*at].0.communities as i32).collect())
        .reals(rows.iter().map(|(at, ..)| found[*at].0.modularity).collect())
        .texts(&kinds(&rows))
        .finish()
}

/// The keys of rows about states.
fn keyed(measure: &'static Measure, rows: &[(usize, &Network, usize)]) -> Rows {
    Rows::of(measure)
        .keys(rows.iter().map(|(_, network, node)| network.states[*node]).collect())
        .keys(rows.iter().map(|(_, network, _)| network.year).collect())
}

fn kinds(rows: &[(usize, &Network, usize)]) -> Vec<String> {
    rows.iter().map(|(_, network, _)| network.kinds.join(", ")).collect()
}

fn central(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let all = networks(asked, asked.word("ties"))?;
    let mut found: Vec<Vec<Centrality>> = Vec::new();
    for network in &all {
        found.push(centrality(&network.graph).map_err(|e| refused(&CENTRALITY, &e))?);
    }
    let rows = nodes(asked, &all);
    let of = |(at, _, node): &(usize, &Network, usize)| found[*at][*node];
    let of: Vec<Centrality> = rows.iter().map(of).collect();
    keyed(&CENTRALITY, &rows)
        .keys(of.iter().map(|c| c.degree as i32).collect())
        .reals(of.iter().map(|c| Some(c.strength)).collect())
        .reals(of.iter().map(|c| c.eigenvector).collect())
        .reals(of.iter().map(|c| c.betweenness).collect())
        .keys(of.iter().map(|c| c.brokered as i32).collect())
        .reals(of.iter().map(|c| c.constraint).collect())
        .texts(&kinds(&rows))
        .finish()
}

fn distances(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let all = networks(asked, asked.word("ties"))?;
    let (mut ones, mut twos, mut years) = (vec![], vec![], vec![]);
    let (mut distance, mut common) = (vec![], vec![]);
    for network in &all {
        let states = &network.states;
        for (a, one) in states.iter().enumerate() {
            let partners: Vec<usize> =
                (a + 1..states.len()).filter(|b| asked.has_pair(*one, states[*b])).collect();
            if partners.is_empty() {
                continue;
            }
            let from = network.graph.distances(a);
            for b in partners {
                ones.push(*one);
                twos.push(states[b]);
                years.push(network.year);
                distance.push(from[b].map(|d| d as i32));
                common.push(network.graph.in_common(a, b) as i32);
            }
        }
    }
    let rows = Rows::of(&GEODESIC).keys(ones).keys(twos).keys(years);
    rows.ints(distance).keys(common).finish()
}
