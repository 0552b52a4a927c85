//! Which nodes belong together: a division into communities with more ties inside than chance would give.

use super::graph::Graph;
use crate::Error;

/// Gains smaller than this are rounding.
const LEAST_GAIN: f64 = 1e-12;

/// A division of the nodes of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Partition {
    /// The community of each node, numbered in the order of their first nodes; none of a node without ties.
    pub of: Vec<Option<usize>>,
    /// How many communities there are.
    pub communities: usize,
    /// The modularity of the division; none where the network has no ties.
    pub modularity: Option<f64>,
}

/// Communities by modularity: nodes move, in their order, to the community of a neighbour that gains most, until none gains; then communities
/// become nodes, and so on. Of equal gains the community of the first node stands, so that the result is the same on every run.
///
/// # Units
/// `resolution` is 1 for modularity as it was defined; above 1 communities are smaller.
///
/// # Nulls
/// A node without ties is in no community.
///
/// # Errors
/// [`Error::Value`] where the resolution is not above zero.
///
/// # Source
/// Blondel and others (2008); modularity by Newman & Girvan (2004).
pub fn communities(graph: &Graph, resolution: f64) -> Result<Partition, Error> {
    if !(resolution.is_finite() && resolution > 0.0) {
        let wanted = "a resolution above 0";
        return Err(Error::Value { what: "resolution".into(), row: 0, value: resolution, wanted });
    }
    let mut level = Level::of(graph);
    let mut of: Vec<usize> = (0..graph.nodes()).collect();
    if level.total > 0.0 {
        while let Some(moved) = level.moved(resolution) {
            let (groups, next) = level.merged(&moved);
            of.iter_mut().for_each(|node| *node = groups[*node]);
            level = next;
        }
    }
    Ok(numbered(graph, &of, resolution))
}

/// Numbers the communities in the order of their first nodes.
fn numbered(graph: &Graph, of: &[usize], resolution: f64) -> Partition {
    let mut numbers = vec![None; of.len()];
    let mut communities = 0;
    let mut label = |node: usize| {
        if graph.ties(node).is_empty() {
            return None;
        }
        let number = &mut numbers[of[node]];
        if number.is_none() {
            *number = Some(communities);
            communities += 1;
        }
        *number
    };
    let of: Vec<Option<usize>> = (0..graph.nodes()).map(&mut label).collect();
    let modularity = modularity(graph, &of, resolution);
    Partition { of, communities, modularity }
}

/// The modularity of a division: the share of ties inside communities less what would be there by chance. None where there are no ties, or it
/// has not a community, or none, for each node.
///
/// # Source
/// Newman & Girvan (2004), with weights and a resolution.
pub fn modularity(graph: &Graph, of: &[Option<usize>], resolution: f64) -> Option<f64> {
    let total: f64 = (0..graph.nodes()).map(|node| graph.strength(node)).sum();
    if total <= 0.0 || of.len() != graph.nodes() {
        return None;
    }
    let many = of.iter().flatten().max().map_or(0, |most| most + 1);
    let (mut inside, mut strength) = (vec![0.0; many], vec![0.0; many]);
    for (node, community) in of.iter().enumerate() {
        let Some(community) = community else { continue };
        strength[*community] += graph.strength(node);
        let own = graph.ties(node).iter().filter(|(to, _)| of[*to] == Some(*community));
        inside[*community] += own.map(|(_, weight)| weight).sum::<f64>();
    }
    let one =
        |(inside, strength): (&f64, &f64)| inside / total - resolution * (strength / total).powi(2);
    Some(inside.iter().zip(&strength).map(one).sum())
}

/// A network whose nodes may be communities.
struct Level {
    ties: Vec<Vec<(usize, f64)>>,
    /// Twice the weight inside each node.
    own: Vec<f64>,
    strength: Vec<f64>,
    /// Twice the weight of all ties.
    total: f64,
}

impl Level {
    fn of(graph: &Graph) -> Self {
        let ties = (0..graph.nodes()).map(|node| graph.ties(node).to_vec()).collect();
        Self::with(ties, vec![0.0; graph.nodes()])
    }

    fn with(ties: Vec<Vec<(usize, f64)>>, own: Vec<f64>) -> Self {
        let strength: Vec<f64> = ties
            .iter()
            .zip(&own)
            .map(|(ties, own)| own + ties.iter().map(|(_, weight)| weight).sum::<f64>())
            .collect();
        let total = strength.iter().sum();
        Self { ties, own, strength, total }
    }

    /// The community of each node after all moves that gain; none where there are none.
    fn moved(&self, resolution: f64) -> Option<Vec<usize>> {
        /// Rounds after which moves that gain next to nothing are given up.
        const MOST_ROUNDS: usize = 1_000;
        let nodes = self.ties.len();
        let mut of: Vec<usize> = (0..nodes).collect();
        let mut weight = self.strength.clone();
        let mut any = false;
        // How much each community near a node is tied to it.
        let (mut near, mut touched) = (vec![0.0; nodes], Vec::new());
        for _ in 0..MOST_ROUNDS {
            let mut moves = false;
            for node in 0..nodes {
                let home = of[node];
                for (to, tie) in &self.ties[node] {
                    if near[of[*to]] <= 0.0 {
                        touched.push(of[*to]);
                    }
                    near[of[*to]] += tie;
                }
                weight[home] -= self.strength[node];
                let by_chance = resolution * self.strength[node] / self.total;
                let gain = |community: usize| near[community] - by_chance * weight[community];
                touched.sort_unstable();
                let (mut best, mut most) = (home, gain(home));
                for community in &touched {
                    let gained = gain(*community);
                    if gained > most + LEAST_GAIN * self.total {
                        (best, most) = (*community, gained);
                    }
                }
                weight[best] += self.strength[node];
                of[node] = best;
                moves |= best != home;
                touched.drain(..).for_each(|community| near[community] = 0.0);
            }
            any |= moves;
            if !moves {
                break;
            }
        }
        any.then_some(of)
    }

    /// The number of the new node of each node, and the network of these.
    fn merged(&self, of: &[usize]) -> (Vec<usize>, Self) {
        let nodes = self.ties.len();
        let mut numbers = vec![usize::MAX; nodes];
        let mut many = 0;
        let groups: Vec<usize> = of
            .iter()
            .map(|community| {
                if numbers[*community] == usize::MAX {
                    numbers[*community] = many;
                    many += 1;
                }
                numbers[*community]
            })
            .collect();
        let mut own = vec![0.0; many];
        let mut between: Vec<std::collections::BTreeMap<usize, f64>> =
            vec![Default::default(); many];
        for node in 0..nodes {
            let group = groups[node];
            own[group] += self.own[node];
            for (to, weight) in &self.ties[node] {
                if groups[*to] == group {
                    own[group] += weight;
                } else {
                    *between[group].entry(groups[*to]).or_default() += weight;
                }
            }
        }
        let ties = between.into_iter().map(|ties| ties.into_iter().collect()).collect();
        (groups, Self::with(ties, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cliques(tie_between: f64) -> Graph {
        let mut ties = Vec::new();
        for from in [0, 4] {
            for a in from..from + 4 {
                ties.extend((a + 1..from + 4).map(|b| (a, b, 1.0)));
            }
        }
        ties.push((3, 4, tie_between));
        Graph::of(9, &ties).unwrap()
    }

    #[test]
    fn two_cliques_and_a_loner() {
        let found = communities(&cliques(1.0), 1.0).unwrap();
        let (a, b) = (Some(0), Some(1));
        assert_eq!(found.of, [a, a, a, a, b, b, b, b, None]);
        assert_eq!(found.communities, 2);
        // 12 of 13 ties inside, half of all ends in each.
        assert!((found.modularity.unwrap() - (12.0 / 13.0 - 0.5)).abs() < 1e-12);
        // A strong tie between them makes them one, or breaks them; the same on every run.
        let strong = cliques(50.0);
        assert_eq!(communities(&strong, 1.0).unwrap(), communities(&strong, 1.0).unwrap());
    }

    #[test]
    fn the_karate_club_is_divided_at_a_modularity_of_041() {
        // Zachary (1977), 34 members, 78 ties; Blondel and others (2008, Table 1) report 0.42 for their method.
        const TIES: &[(usize, &[usize])] = &[
            (1, &[2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32]),
            (2, &[3, 4, 8, 14, 18, 20, 22, 31]),
            (3, &[4, 8, 9, 10, 14, 28, 29, 33]),
            (4, &[8, 13, 14]),
            (5, &[7, 11]),
            (6, &[7, 11, 17]),
            (7, &[17]),
            (9, &[31, 33, 34]),
            (10, &[34]),
            (14, &[34]),
            (15, &[33, 34]),
            (16, &[33, 34]),
            (19, &[33, 34]),
            (20, &[34]),
            (21, &[33, 34]),
            (23, &[33, 34]),
            (24, &[26, 28, 30, 33, 34]),
            (25, &[26, 28, 32]),
            (26, &[32]),
            (27, &[30, 34]),
            (28, &[34]),
            (29, &[32, 34]),
            (30, &[33, 34]),
            (31, &[33, 34]),
            (32, &[33, 34]),
            (33, &[34]),
        ];
        let ties: Vec<_> =
            TIES.iter().flat_map(|(a, to)| to.iter().map(move |b| (a - 1, b - 1, 1.0))).collect();
        assert_eq!(ties.len(), 78);
        let found = communities(&Graph::of(34, &ties).unwrap(), 1.0).unwrap();
        assert_eq!(found.communities, 4);
        assert!((0.41..0.42).contains(&found.modularity.unwrap()), "{:?}", found.modularity);
    }

    #[test]
    fn what_cannot_be_divided() {
        let none = communities(&Graph::of(3, &[]).unwrap(), 1.0).unwrap();
        assert_eq!((none.of, none.communities, none.modularity), (vec![None; 3], 0, None));
        let empty = communities(&Graph::of(0, &[]).unwrap(), 1.0).unwrap();
        assert_eq!(empty.communities, 0);
        for wrong in [0.0, -1.0, f64::NAN] {
            assert!(communities(&cliques(1.0), wrong).is_err());
        }
        assert_eq!(modularity(&cliques(1.0), &[], 1.0), None);
    }
}
