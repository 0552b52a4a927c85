//! A network of nodes with ties between them.

use crate::Error;

/// An undirected network with weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// Of each node, its neighbours in order, with the weight of the tie.
    ties: Vec<Vec<(usize, f64)>>,
}

impl Graph {
    /// A network of so many nodes with these ties. Several ties of one pair are added up; a tie of weight 0 is none.
    ///
    /// # Errors
    /// [`Error::Value`] for a node that is not there, a tie of a node to itself, and a weight below zero or not finite.
    pub fn of(nodes: usize, ties: &[(usize, usize, f64)]) -> Result<Self, Error> {
        let mut all: Vec<Vec<(usize, f64)>> = vec![Vec::new(); nodes];
        for (row, (a, b, weight)) in ties.iter().enumerate() {
            let wrong = |what: &str, value: f64, wanted: &'static str| {
                Err(Error::Value { what: what.into(), row, value, wanted })
            };
            if *a.max(b) >= nodes {
                return wrong("node", *a.max(b) as f64, "a node of the network");
            }
            if a == b {
                return wrong("tie", *a as f64, "a tie between two nodes");
            }
            if !(weight.is_finite() && *weight >= 0.0) {
                return wrong("weight", *weight, "a weight of 0 or more");
            }
            if *weight > 0.0 {
                all[*a].push((*b, *weight));
                all[*b].push((*a, *weight));
            }
        }
        for ties in &mut all {
            ties.sort_by_key(|(to, _)| *to);
            ties.dedup_by(|next, first| {
                let same = next.0 == first.0;
                first.1 += if same { next.1 } else { 0.0 };
                same
            });
        }
        Ok(Self { ties: all })
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.ties.len()
    }

    /// The neighbours of a node in order, with the weight of the tie; none of a node that is not there.
    pub fn ties(&self, node: usize) -> &[(usize, f64)] {
        self.ties.get(node).map_or(&[], Vec::as_slice)
    }

    /// The sum of the weights of the ties of a node.
    pub fn strength(&self, node: usize) -> f64 {
        self.ties(node).iter().map(|(_, weight)| weight).sum()
    }

    pub(super) fn is_tied(&self, a: usize, b: usize) -> bool {
        self.ties[a].binary_search_by_key(&b, |(to, _)| *to).is_ok()
    }

    /// The fewest ties from a node to each other; none where there is no way.
    ///
    /// # Source
    /// Freeman (1979): geodesics. Weights do not count.
    pub fn distances(&self, from: usize) -> Vec<Option<u32>> {
        let mut distance = vec![None; self.nodes()];
        if from >= self.nodes() {
            return distance;
        }
        distance[from] = Some(0);
        let mut frontier = vec![from];
        let mut steps = 0;
        while !frontier.is_empty() {
            steps += 1;
            let mut next = Vec::new();
            for node in frontier {
                for (to, _) in &self.ties[node] {
                    if distance[*to].is_none() {
                        distance[*to] = Some(steps);
                        next.push(*to);
                    }
                }
            }
            frontier = next;
        }
        distance
    }

    /// How many nodes two nodes are both tied to.
    pub fn in_common(&self, a: usize, b: usize) -> usize {
        self.ties(a)
            .iter()
            .filter(|(to, _)| *to != b && self.ties.len() > b && self.is_tied(b, *to))
            .count()
    }

    /// The same network with every tie divided by the root of the strengths of both its ends, so that no node outweighs the others because
    /// it has more of everything.
    #[must_use]
    pub fn evened(&self) -> Self {
        let strength: Vec<f64> = (0..self.nodes()).map(|node| self.strength(node)).collect();
        let even = |(node, ties): (usize, &Vec<(usize, f64)>)| {
            let each = |(to, w): &(usize, f64)| (*to, w / (strength[node] * strength[*to]).sqrt());
            ties.iter().map(each).collect()
        };
        Self { ties: self.ties.iter().enumerate().map(even).collect() }
    }

    /// Several networks of the same nodes as one, each with the same weight in all; those without a tie add nothing.
    ///
    /// # Errors
    /// [`Error::Shape`] where they have not the same number of nodes; [`Error::Empty`] without any network.
    pub fn together(layers: &[Self]) -> Result<Self, Error> {
        let Some(first) = layers.first() else {
            return Err(Error::Empty { what: "networks" });
        };
        let mut ties = Vec::new();
        for layer in layers {
            if layer.nodes() != first.nodes() {
                let (got, wanted) = (layer.nodes(), first.nodes());
                return Err(Error::Shape { what: "nodes", got, wanted });
            }
            let total: f64 = (0..layer.nodes()).map(|node| layer.strength(node)).sum();
            for (a, of) in layer.ties.iter().enumerate() {
                let each = of.iter().filter(|(b, _)| a < *b);
                ties.extend(each.map(|(b, weight)| (a, *b, weight / total)));
            }
        }
        Self::of(first.nodes(), &ties)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, ties: &[(usize, usize)]) -> Graph {
        let ties: Vec<_> = ties.iter().map(|(a, b)| (*a, *b, 1.0)).collect();
        Graph::of(nodes, &ties).unwrap()
    }

    #[test]
    fn geodesics() {
        let path = graph(5, &[(0, 1), (1, 2), (2, 3)]);
        assert_eq!(path.distances(0), [Some(0), Some(1), Some(2), Some(3), None]);
        assert_eq!(path.distances(9), [None; 5]);
        assert_eq!((path.in_common(0, 2), path.in_common(0, 3), path.in_common(0, 9)), (1, 0, 0));
    }

    #[test]
    fn ties_that_cannot_be_are_refused() {
        for ties in [(0, 2, 1.0), (1, 1, 1.0), (0, 1, -1.0), (0, 1, f64::NAN)] {
            assert!(matches!(Graph::of(2, &[ties]), Err(Error::Value { row: 0, .. })), "{ties:?}");
        }
        let twice = Graph::of(2, &[(0, 1, 1.0), (1, 0, 2.0)]).unwrap();
        assert_eq!(twice.ties(0), [(1, 3.0)]);
        assert_eq!(Graph::of(2, &[(0, 1, 0.0)]).unwrap().ties(0), []);
    }

    #[test]
    fn layers_count_the_same_in_all() {
        let one = Graph::of(3, &[(0, 1, 100.0)]).unwrap();
        let two = Graph::of(3, &[(1, 2, 1.0)]).unwrap();
        let both = Graph::together(&[one.clone(), two, graph(3, &[])]).unwrap();
        assert!((both.strength(0) - both.strength(2)).abs() < 1e-15);
        assert!(
            Graph::together(&[]).is_err()
                && Graph::together(&[one.clone(), graph(2, &[])]).is_err()
        );
        assert!((one.evened().strength(0) - 1.0).abs() < 1e-15);
    }
}
