//! Agreement and ideal points from a file of votes, with the time that they take.
//!
//! ```text
//! un_votes VOTES.csv [BRIDGES.csv [ITERATIONS [THREADS]]]
//! ```
//!
//! `VOTES.csv` has the columns rcid, session, ccode and vote, `BRIDGES.csv` a number and two roll calls on the same resolution (as
//! `Matches.csv`, published with the ideal points). With a number of iterations the sampler runs too, in two chains of half as many each.

#![allow(clippy::print_stdout, reason = "what an example is for")]

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Instant;

use comity_measures::ideal::{Estimates, Gibbs, Plan, Settings, fast};
use comity_measures::votes::{Ballots, Over, agreement};

fn numbers(line: &str) -> Result<Vec<i32>, Box<dyn Error>> {
    Ok(line.trim().split(',').map(str::parse).collect::<Result<_, _>>()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let votes = arguments.first().ok_or("name a file of votes")?;
    let (mut roll_call, mut session) = (Vec::new(), Vec::new());
    let (mut state, mut vote) = (Vec::new(), Vec::new());
    for line in std::fs::read_to_string(votes)?.lines().skip(1) {
        let [call, of, ccode, cast] = numbers(line)?[..] else { return Err("four columns".into()) };
        roll_call.push(u32::try_from(call)?);
        session.push(of);
        state.push(ccode);
        vote.push(u8::try_from(cast)?);
    }
    let ballots = Ballots { roll_call: &roll_call, session: &session, state: &state, vote: &vote };
    let mut bridges = Vec::new();
    if let Some(file) = arguments.get(1) {
        for line in std::fs::read_to_string(file)?.lines().skip(1) {
            let [_, one, other] = numbers(line)?[..] else { return Err("three columns".into()) };
            bridges.push((u32::try_from(one)?, u32::try_from(other)?));
        }
    }
    let mut settings = Settings::default();
    if let Some(threads) = arguments.get(3) {
        settings.threads = threads.parse()?;
    }
    let cast = vote.iter().filter(|v| **v <= 3).count();
    println!("votes cast\t{cast}");
    let start = Instant::now();
    let pairs = agreement(&ballots, &Over::default(), settings.threads)?;
    println!("agreement of {} pairs\t{:.3} s", pairs.len(), start.elapsed().as_secs_f64());
    let start = Instant::now();
    let points = fast(&ballots, &bridges, &settings)?;
    let seconds = start.elapsed().as_secs_f64();
    println!("fast ideal points, {} passes\t{seconds:.3} s", points.passes);
    if let Some(iterations) = arguments.get(2) {
        let half = iterations.parse::<u64>()? / 2;
        let plan = Plan {
            iterations: half,
            burn_in: half / 5,
            thin: (half / 400).max(1),
            chains: 2,
            seed: 1,
        };
        let start = Instant::now();
        let mut run = Gibbs::new(&ballots, &bridges, settings, plan)?;
        run.run(half, |_| ControlFlow::Continue(()));
        println!("{} iterations\t{:.1} s", 2 * half, start.elapsed().as_secs_f64());
        compare(&points, &run.estimates()?);
    }
    Ok(())
}

/// How near the two estimators are, and whether the chains agree.
fn compare(fast: &Estimates, sample: &Estimates) {
    let n = sample.points.len() as f64;
    let square = fast.points.iter().zip(&sample.points).map(|(a, b)| (a.point - b.point).powi(2));
    println!("root mean square difference\t{:.3}", (square.sum::<f64>() / n).sqrt());
    let settled = sample.points.iter().filter(|p| p.r_hat.is_some_and(|r| r < 1.1)).count();
    println!("points with R-hat below 1.1\t{:.3}", settled as f64 / n);
}
