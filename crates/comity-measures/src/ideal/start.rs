use super::panel::Panel;

/// Passes of the power method in each session.
const PASSES: usize = 20;

/// Where the search begins: in each session the first principal component of the votes, turned so that states stay near to where they were
/// in the session before. Mean 0 and standard deviation 1.
pub(crate) fn start(panel: &Panel) -> Vec<f64> {
    let mut theta = vec![0.0; panel.cells.len()];
    let mut last = vec![None; panel.paths.len()];
    let mut state_of = vec![0; panel.cells.len()];
    for (state, path) in panel.paths.iter().enumerate() {
        for cell in path {
            state_of[*cell as usize] = state;
        }
    }
    let scores = Scores::of(panel);
    let mut from = 0;
    for session in panel.cell_session.chunk_by(|a, b| a == b) {
        let cells = from..from + session.len();
        from = cells.end;
        let mut own: Vec<f64> = cells.clone().map(|c| last[state_of[c]].unwrap_or(0.0)).collect();
        if own.iter().all(|v| *v == 0.0) {
            own = scores.against_busiest(panel, cells.clone());
        }
        let before = own.clone();
        for _ in 0..PASSES {
            own = scores.pass(panel, cells.clone(), &own);
            standardise(&mut own);
        }
        let agreement: f64 = own.iter().zip(&before).map(|(a, b)| a * b).sum();
        let sign = if agreement < 0.0 { -1.0 } else { 1.0 };
        own.iter_mut().for_each(|v| *v *= sign);
        let known: Vec<(f64, f64)> = cells
            .clone()
            .zip(&own)
            .filter_map(|(cell, v)| last[state_of[cell]].map(|before| (*v, before)))
            .collect();
        let (shift, stretch) = onto(&known);
        for (cell, value) in cells.zip(own) {
            theta[cell] = shift + stretch * value;
            last[state_of[cell]] = Some(theta[cell]);
        }
    }
    standardise(&mut theta);
    theta
}

/// What has to be added to the first values, once multiplied, so that they have the mean and the spread of the second.
fn onto(pairs: &[(f64, f64)]) -> (f64, f64) {
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let ((from, spread), (to, wanted)) = (moments(&a), moments(&b));
    if pairs.len() < 3 || spread <= 0.0 || wanted <= 0.0 {
        return (0.0, 1.0);
    }
    (to - from * wanted / spread, wanted / spread)
}

/// Mean 0, standard deviation 1, where the values differ.
fn standardise(values: &mut [f64]) {
    let (mean, deviation) = moments(values);
    if deviation > 0.0 {
        values.iter_mut().for_each(|v| *v = (*v - mean) / deviation);
    }
}

/// Mean and standard deviation (over the number of values).
pub(crate) fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    (mean, square.sqrt())
}

/// The mean category of the votes on each item.
struct Scores {
    mean: Vec<f64>,
}

impl Scores {
    fn of(panel: &Panel) -> Self {
        let mean = (0..panel.items()).map(|item| {
            let [a, b, c] = panel.votes(item).map(|v| v.len() as f64);
            (b + 2.0 * c) / (a + b + c)
        });
        Self { mean: mean.collect() }
    }

    fn entries<'a>(&'a self, panel: &'a Panel, cell: usize) -> impl Iterator<Item = (usize, f64)> {
        panel.cast[panel.cell_start[cell]..panel.cell_start[cell + 1]].iter().map(|entry| {
            let item = (entry / 4) as usize;
            (item, f64::from(entry % 4) - self.mean[item])
        })
    }

    /// States by how they vote in relation to the state that cast most votes: what to begin with where nothing is known.
    fn against_busiest(&self, panel: &Panel, cells: std::ops::Range<usize>) -> Vec<f64> {
        let mut busiest = cells.start;
        for cell in cells.clone() {
            if panel.cell_votes(cell) > panel.cell_votes(busiest) {
                busiest = cell;
            }
        }
        let mut one = vec![0.0; cells.len()];
        one[busiest - cells.start] = 1.0;
        self.pass(panel, cells, &one)
    }

    fn pass(&self, panel: &Panel, cells: std::ops::Range<usize>, own: &[f64]) -> Vec<f64> {
        let mut slope = std::collections::BTreeMap::new();
        for (cell, value) in cells.clone().zip(own) {
            for (item, score) in self.entries(panel, cell) {
                *slope.entry(item).or_insert(0.0) += value * score;
            }
        }
        let sums = cells.map(|cell| {
            let sum: f64 =
                self.entries(panel, cell).map(|(item, score)| score * slope[&item]).sum();
            sum / panel.cell_votes(cell) as f64
        });
        sums.collect()
    }
}
