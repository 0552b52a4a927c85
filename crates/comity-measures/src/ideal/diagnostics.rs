//! Whether chains have come to the same distribution, and how many independent draws theirs are worth.

/// Potential scale reduction and effective sample size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Diagnostics {
    pub(crate) r_hat: Option<f64>,
    pub(crate) effective: Option<f64>,
}

/// Of one quantity, from its draws in each chain, which are as many in all.
///
/// Gelman, Carlin, Stern, Dunson, Vehtari and Rubin (2013), *Bayesian Data Analysis*, third edition, pages 284 to 287: each chain is split
/// in two; autocorrelations are summed in pairs while the sums are positive, and never let rise.
pub(crate) fn diagnostics(chains: &[Vec<f64>]) -> Diagnostics {
    let half = chains.iter().map(Vec::len).min().unwrap_or(0) / 2;
    if half < 2 {
        return Diagnostics { r_hat: None, effective: None };
    }
    let halves: Vec<&[f64]> =
        chains.iter().flat_map(|c| [&c[..half], &c[c.len() - half..]]).collect();
    let (m, n) = (halves.len() as f64, half as f64);
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let means: Vec<f64> = halves.iter().map(|h| mean(h)).collect();
    let all = mean(&means);
    let between = n / (m - 1.0) * means.iter().map(|x| (x - all).powi(2)).sum::<f64>();
    let spread = |h: &[f64], x: f64| h.iter().map(|v| (v - x).powi(2)).sum::<f64>() / (n - 1.0);
    let within = halves.iter().zip(&means).map(|(h, x)| spread(h, *x)).sum::<f64>() / m;
    if within <= 0.0 {
        return Diagnostics { r_hat: None, effective: None };
    }
    let variance = (n - 1.0) / n * within + between / n;
    // The variogram gives the correlation of draws so many apart.
    let correlation = |lag: usize| {
        let squares = halves
            .iter()
            .map(|h| h[lag..].iter().zip(*h).map(|(a, b)| (a - b).powi(2)).sum::<f64>());
        1.0 - squares.sum::<f64>() / (m * (half - lag) as f64) / (2.0 * variance)
    };
    let (mut sum, mut last, mut lag) = (0.0, f64::INFINITY, 1);
    while lag + 1 < half {
        let pair = (correlation(lag) + correlation(lag + 1)).min(last);
        if pair <= 0.0 {
            break;
        }
        sum += pair;
        last = pair;
        lag += 2;
    }
    let effective = (m * n / (1.0 + 2.0 * sum)).min(m * n);
    Diagnostics { r_hat: Some((variance / within).sqrt()), effective: Some(effective) }
}

#[cfg(test)]
mod tests {
    use super::super::stream::Stream;
    use super::*;

    fn chains(correlation: f64, apart: f64) -> Vec<Vec<f64>> {
        (0..4_u32)
            .map(|c| {
                let mut stream = Stream::new(7, c, 0, 0);
                let mut x = stream.normal();
                let noise = (1.0 - correlation * correlation).sqrt();
                (0..2_000)
                    .map(|_| {
                        x = correlation * x + noise * stream.normal();
                        x + apart * f64::from(c)
                    })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn independent_draws_count_in_full_and_correlated_ones_less() {
        let free = diagnostics(&chains(0.0, 0.0));
        assert!(free.effective.unwrap() > 7_000.0 && (free.r_hat.unwrap() - 1.0).abs() < 0.005);
        // An autoregressive chain is worth (1 − ρ) / (1 + ρ) of its draws.
        let tied = diagnostics(&chains(0.8, 0.0));
        let expected = 8_000.0 * 0.2 / 1.8;
        assert!((tied.effective.unwrap() / expected - 1.0).abs() < 0.25, "{tied:?}");
    }

    #[test]
    fn chains_apart_are_told() {
        assert!(diagnostics(&chains(0.0, 1.0)).r_hat.unwrap() > 1.3);
        assert_eq!(diagnostics(&[vec![1.0; 40]]).r_hat, None);
        assert_eq!(diagnostics(&[vec![1.0, 2.0]]).effective, None);
    }
}
