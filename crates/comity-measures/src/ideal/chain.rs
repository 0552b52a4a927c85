use super::Dynamics;
use super::draw::{Proposal, Work, proposal};
use super::fast::pieces;
use super::likelihood::{BOUND, Item, flat};
use super::normal::Normal;
use super::panel::Panel;
use super::path::Tied;
use super::start::{moments, start};
use super::stream::Stream;
use crate::threads::in_order;

/// Work of an iteration is cut into so many pieces, whatever the number of threads.
const PIECES: usize = 16;
/// The streams of the points and of the first state, beside those of the pieces.
const POINTS: u32 = 1 << 20;
const FIRST: u32 = 1 << 21;
/// Iterations after which the proposals are fitted anew, all within any burn-in.
pub(crate) const TUNED_AT: [u64; 4] = [10, 30, 100, 300];

/// Where one chain is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chain {
    pub(crate) number: u32,
    pub(crate) iteration: u64,
    pub(crate) theta: Vec<f64>,
    /// Of each point, the mean that it was last drawn about.
    pub(crate) means: Vec<f64>,
    pub(crate) items: Vec<Item>,
    pub(crate) proposals: Vec<Proposal>,
}

impl Chain {
    /// A chain begins at the principal components of the votes, off by a random amount, so that chains begin apart.
    pub(crate) fn new(panel: &Panel, seed: u64, number: u32, threads: usize) -> Self {
        let mut stream = Stream::new(seed, number, FIRST, 0);
        let mut theta = start(panel);
        theta.iter_mut().for_each(|t| *t += 0.3 * stream.normal());
        let (mean, deviation) = moments(&theta);
        theta.iter_mut().for_each(|t| *t = (*t - mean) / deviation);
        let mut chain = Self {
            number,
            iteration: 0,
            means: theta.clone(),
            theta,
            items: (0..panel.items()).map(|k| flat(panel, k)).collect(),
            proposals: Vec::new(),
        };
        chain.items = chain.tune(panel, threads);
        chain
    }

    /// Fits the proposals to where the chain is; gives the places on top of the posterior.
    fn tune(&mut self, panel: &Panel, threads: usize) -> Vec<Item> {
        let blocks = pieces(&panel.item_start, PIECES);
        let normal = Normal::table();
        let made = in_order(blocks.len(), threads, |b| {
            let one = |k| proposal(normal, panel, k, &self.theta, &self.items[k]);
            blocks[b].clone().map(one).collect::<Vec<_>>()
        });
        let (items, proposals) = made.into_iter().flatten().unzip();
        self.proposals = proposals;
        items
    }

    /// One iteration.
    pub(crate) fn advance(&mut self, panel: &Panel, seed: u64, dynamics: Dynamics, threads: usize) {
        let asked = self.resolutions(panel, seed, threads);
        let stream = Stream::new(seed, self.number, POINTS, self.iteration);
        self.points(panel, dynamics, &asked, stream);
        self.standardise();
        self.iteration += 1;
        if TUNED_AT.contains(&self.iteration) {
            self.tune(panel, threads);
        }
    }

    fn resolutions(&mut self, panel: &Panel, seed: u64, threads: usize) -> Vec<[f64; 2]> {
        let blocks = pieces(&panel.item_start, PIECES);
        let normal = Normal::table();
        let made = in_order(blocks.len(), threads, |b| {
            let stream = Stream::new(seed, self.number, b as u32, self.iteration);
            let mut work = Work::new(normal, panel, &self.theta, stream);
            let one = |k| work.item(k, &self.items[k], &self.proposals[k]);
            let items: Vec<Item> = blocks[b].clone().map(one).collect();
            (items, work.asked)
        });
        let mut asked = vec![[0.0; 2]; panel.cells.len()];
        let mut items = Vec::with_capacity(panel.items());
        for (part, sums) in made {
            items.extend(part);
            for (sum, add) in asked.iter_mut().zip(sums) {
                *sum = [sum[0] + add[0], sum[1] + add[1]];
            }
        }
        self.items = items;
        asked
    }

    fn points(
        &mut self,
        panel: &Panel,
        dynamics: Dynamics,
        asked: &[[f64; 2]],
        mut stream: Stream,
    ) {
        for path in &panel.paths {
            let asked: Vec<[f64; 2]> = path.iter().map(|c| asked[*c as usize]).collect();
            match dynamics {
                Dynamics::LooksBack => {
                    let before: Vec<f64> = path.iter().map(|c| self.means[*c as usize]).collect();
                    for (t, cell) in path.iter().enumerate() {
                        let (lag, step) = panel.looks_back(path, t, &before);
                        let precision = asked[t][1] + step;
                        let mean = (asked[t][0] + step * lag) / precision;
                        self.means[*cell as usize] = mean;
                        self.theta[*cell as usize] = mean + stream.normal() / precision.sqrt();
                    }
                }
                Dynamics::Smoothed => {
                    let steps: Vec<f64> =
                        path.iter().map(|c| panel.step_precision[*c as usize]).collect();
                    let information: Vec<f64> = asked.iter().map(|a| a[1]).collect();
                    let mut means: Vec<f64> = asked.iter().map(|a| a[0]).collect();
                    let tied = Tied::new(&information, &steps);
                    tied.solve(&mut means);
                    let mut noise: Vec<f64> = path.iter().map(|_| stream.normal()).collect();
                    tied.colour(&mut noise);
                    for ((cell, mean), off) in path.iter().zip(means).zip(noise) {
                        self.means[*cell as usize] = mean;
                        self.theta[*cell as usize] = mean + off;
                    }
                }
            }
        }
    }

    /// Mean 0 and standard deviation 1 over the panel; slopes and cut-points follow, so that no likelihood changes.
    fn standardise(&mut self) {
        let (mean, deviation) = moments(&self.theta);
        self.theta.iter_mut().for_each(|t| *t = (*t - mean) / deviation);
        for item in &mut self.items {
            let by = item.slope * mean;
            item.slope *= deviation;
            let (low, high) = ((item.low - by).max(-BOUND), (item.high - by).min(BOUND));
            if low < high {
                (item.low, item.high) = (low, high);
            }
        }
    }
}
