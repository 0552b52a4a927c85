//! The ideal points of one state over its sessions: a chain in which each point is tied to the one before.

/// A symmetric positive definite matrix with three diagonals, factored as L D Lᵀ.
#[derive(Debug)]
pub(crate) struct Tied {
    pivot: Vec<f64>,
    /// Below each pivot.
    factor: Vec<f64>,
}

impl Tied {
    /// The matrix of a path: the information of each point's own votes, and the precision of the step that leads to it (the first one's is
    /// that of its prior about 0).
    pub(crate) fn new(information: &[f64], step: &[f64]) -> Self {
        let n = information.len();
        let (mut pivot, mut factor) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for t in 0..n {
            let next = step.get(t + 1).copied().unwrap_or(0.0);
            let mut d = information[t] + step[t] + next;
            if t > 0 {
                let l: f64 = -step[t] / pivot[t - 1];
                d += l * step[t];
                factor.push(l);
            }
            pivot.push(d);
        }
        Self { pivot, factor }
    }

    /// Solves for `right`, in place.
    pub(crate) fn solve(&self, right: &mut [f64]) {
        for t in 1..right.len() {
            right[t] -= self.factor[t - 1] * right[t - 1];
        }
        for (r, d) in right.iter_mut().zip(&self.pivot) {
            *r /= d;
        }
        self.back(right);
    }

    /// The diagonal of the inverse.
    pub(crate) fn variances(&self) -> Vec<f64> {
        let mut own: Vec<f64> = self.pivot.iter().map(|d| 1.0 / d).collect();
        for t in (1..own.len()).rev() {
            own[t - 1] += self.factor[t - 1].powi(2) * own[t];
        }
        own
    }

    /// Turns independent standard normal values into a draw with this matrix as its precision, in place.
    pub(crate) fn colour(&self, values: &mut [f64]) {
        for (v, d) in values.iter_mut().zip(&self.pivot) {
            *v /= d.sqrt();
        }
        self.back(values);
    }

    fn back(&self, right: &mut [f64]) {
        for t in (1..right.len()).rev() {
            right[t - 1] -= self.factor[t - 1] * right[t];
        }
    }
}

/// What the steps of a path add to the first derivative.
pub(crate) fn pull(points: &[f64], step: &[f64]) -> Vec<f64> {
    let n = points.len();
    let mut pull = vec![0.0; n];
    for t in 0..n {
        let before = if t == 0 { 0.0 } else { points[t - 1] };
        let force = step[t] * (points[t] - before);
        pull[t] -= force;
        if t > 0 {
            pull[t - 1] += force;
        }
    }
    pull
}
