//! How central each node is.

use super::graph::Graph;
use crate::Error;

/// Steps after which a centrality that does not come to rest is given up.
const MOST_STEPS: usize = 10_000;

/// The change of a step below which it is at rest.
const AT_REST: f64 = 1e-13;

/// How central a node is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Centrality {
    /// How many it is tied to.
    pub degree: usize,
    /// The sum of the weights of its ties.
    pub strength: f64,
    /// Proportional to the sum of those of its neighbours by the weight of the tie; 1 for the highest. None where no node has a tie.
    pub eigenvector: Option<f64>,
    /// The share of the pairs of others that it stands between, weighted by the share of their shortest ways that lead through it; none where
    /// there are fewer than three nodes.
    pub betweenness: Option<f64>,
    /// Pairs of its neighbours that are not tied to each other.
    pub brokered: usize,
    /// Burt's constraint: near 0 where its ties lead to many who are not tied to each other, high where they lead back to few. None without a
    /// tie.
    pub constraint: Option<f64>,
}

/// How central each node is, in the order of nodes.
///
/// # Nulls
/// As the fields of [`Centrality`] say.
///
/// # Errors
/// [`Error::Unsettled`] where the eigenvector does not come to rest.
///
/// # Source
/// Freeman (1979) and Brandes (2001); Bonacich (1972); Burt (1992).
pub fn centrality(graph: &Graph) -> Result<Vec<Centrality>, Error> {
    let eigenvector = eigenvector(graph)?;
    let between = betweenness(graph);
    let one = |node: usize| Centrality {
        degree: graph.ties(node).len(),
        strength: graph.strength(node),
        eigenvector: eigenvector.as_ref().map(|e| e[node]),
        betweenness: between.as_ref().map(|b| b[node]),
        brokered: brokered(graph, node),
        constraint: constraint(graph, node),
    };
    Ok((0..graph.nodes()).map(one).collect())
}

/// The leading eigenvector, 1 for the highest; none where no node has a tie.
fn eigenvector(graph: &Graph) -> Result<Option<Vec<f64>>, Error> {
    let most = (0..graph.nodes()).map(|node| graph.strength(node)).fold(0.0, f64::max);
    if most <= 0.0 {
        return Ok(None);
    }
    // Ties in units of the strongest node, and one of each node to itself: a network of two sides would go back and forth.
    let start = |node: usize| if graph.ties(node).is_empty() { 0.0 } else { 1.0 };
    let mut values: Vec<f64> = (0..graph.nodes()).map(start).collect();
    for _ in 0..MOST_STEPS {
        let next = |node: usize| {
            let of_ties: f64 = graph.ties(node).iter().map(|(to, w)| w / most * values[*to]).sum();
            values[node] + of_ties
        };
        let mut stepped: Vec<f64> = (0..graph.nodes()).map(next).collect();
        let highest = stepped.iter().copied().fold(0.0, f64::max);
        stepped.iter_mut().for_each(|value| *value /= highest);
        let change = stepped.iter().zip(&values).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        values = stepped;
        if change < AT_REST {
            return Ok(Some(values));
        }
    }
    Err(Error::Unsettled { what: "eigenvector centrality", steps: MOST_STEPS })
}

/// The betweenness of each node as a share of the pairs of others.
fn betweenness(graph: &Graph) -> Option<Vec<f64>> {
    let nodes = graph.nodes();
    if nodes < 3 {
        return None;
    }
    let mut between = vec![0.0; nodes];
    for from in 0..nodes {
        let (order, ways, before) = shortest(graph, from);
        let mut depends = vec![0.0; nodes];
        for node in order.into_iter().rev() {
            for earlier in &before[node] {
                depends[*earlier] += ways[*earlier] / ways[node] * (1.0 + depends[node]);
            }
            if node != from {
                between[node] += depends[node];
            }
        }
    }
    let pairs = ((nodes - 1) * (nodes - 2)) as f64;
    Some(between.into_iter().map(|b| b / pairs).collect())
}

/// From one node: the others in the order of their distance, how many shortest ways lead to each, and the nodes before each on them.
fn shortest(graph: &Graph, from: usize) -> (Vec<usize>, Vec<f64>, Vec<Vec<usize>>) {
    let nodes = graph.nodes();
    let mut distance = vec![usize::MAX; nodes];
    let (mut ways, mut before) = (vec![0.0; nodes], vec![Vec::new(); nodes]);
    let mut order = vec![from];
    (distance[from], ways[from]) = (0, 1.0);
    let mut at = 0;
    while let Some(node) = order.get(at).copied() {
        at += 1;
        for (to, _) in graph.ties(node) {
            if distance[*to] == usize::MAX {
                distance[*to] = distance[node] + 1;
                order.push(*to);
            }
            if distance[*to] == distance[node] + 1 {
                ways[*to] += ways[node];
                before[*to].push(node);
            }
        }
    }
    (order, ways, before)
}

/// Pairs of the neighbours of a node that are not tied to each other.
fn brokered(graph: &Graph, node: usize) -> usize {
    let ties = graph.ties(node);
    let apart = |at: usize| {
        let (one, _) = ties[at];
        ties[at + 1..].iter().filter(|(other, _)| !graph.is_tied(one, *other)).count()
    };
    (0..ties.len()).map(apart).sum()
}

/// Burt's constraint.
fn constraint(graph: &Graph, node: usize) -> Option<f64> {
    let share = |from: usize, to: usize| {
        let ties = graph.ties(from);
        let at = ties.binary_search_by_key(&to, |(to, _)| *to).ok()?;
        Some(ties[at].1 / graph.strength(from))
    };
    let ties = graph.ties(node);
    let each = |(to, weight): &(usize, f64)| {
        let direct = weight / graph.strength(node);
        let through = ties.iter().filter(|(other, _)| other != to);
        let indirect: f64 = through
            .filter_map(|(other, w)| Some(w / graph.strength(node) * share(*other, *to)?))
            .sum();
        (direct + indirect).powi(2)
    };
    (!ties.is_empty()).then(|| ties.iter().map(each).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(nodes: usize, ties: &[(usize, usize)]) -> Vec<Centrality> {
        let ties: Vec<_> = ties.iter().map(|(a, b)| (*a, *b, 1.0)).collect();
        centrality(&Graph::of(nodes, &ties).unwrap()).unwrap()
    }

    fn near(a: Option<f64>, b: f64) {
        assert!((a.unwrap() - b).abs() < 1e-10, "{a:?} {b}");
    }

    #[test]
    fn the_middle_of_a_star_is_between_all() {
        let star = of(5, &[(0, 1), (0, 2), (0, 3), (0, 4)]);
        assert_eq!((star[0].degree, star[0].brokered, star[1].brokered), (4, 6, 0));
        near(star[0].betweenness, 1.0);
        near(star[1].betweenness, 0.0);
        // The leading eigenvector of a star of n rays has 1 and 1 / √n.
        near(star[1].eigenvector, 0.5);
        near(star[0].constraint, 4.0 / 16.0);
        near(star[1].constraint, 1.0);
    }

    #[test]
    fn a_path_and_a_triangle() {
        let path = of(4, &[(0, 1), (1, 2), (2, 3)]);
        near(path[1].betweenness, 2.0 / 3.0);
        near(path[0].eigenvector, 0.618_033_988_749_895);
        let triangle = of(3, &[(0, 1), (1, 2), (0, 2)]);
        // 1/2 directly and 1/4 through the third: 2 × (3/4)².
        near(triangle[0].constraint, 1.125);
        assert_eq!(triangle[0].brokered, 0);
    }

    #[test]
    fn a_network_without_ties_has_no_centre() {
        let alone = of(3, &[]);
        assert_eq!(
            (alone[0].eigenvector, alone[0].constraint, alone[0].betweenness),
            (None, None, Some(0.0))
        );
        assert_eq!(of(2, &[(0, 1)])[0].betweenness, None);
        assert_eq!(of(0, &[]), []);
        assert_eq!(of(1, &[])[0].degree, 0);
    }
}
