//! thin
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "what an example is for"
)]
mod series;
use comity_events::alarm::*;
use comity_events::detect::*;
fn main() {
    let dir = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let a: i32 = std::env::args().nth(2).unwrap().parse().unwrap();
    let b: i32 = std::env::args().nth(3).unwrap().parse().unwrap();
    let method = std::env::args().nth(4).unwrap();
    let c = series::counts(&dir, series::Kind::Material, true).unwrap();
    println!("{} events, {} unplaced, {} dyads", c.events, c.unplaced, c.dyads.len());
    let settings =
        Settings::from_attributes([("method", method.as_str()), ("baseline", "52w")]).unwrap();
    let d = Dyad::directed(a, b);
    let (x, r) = &c.dyads[&d];
    let mut w = Watcher::new(d, settings.clone());
    let mut world = World::new(&settings);
    for (p, days) in Period::Week.spans(c.first_day, c.all.len()) {
        let s = |v: &[u32]| f64::from(v[days.clone()].iter().sum::<u32>());
        let all = c.all[days.clone()].iter().sum::<u64>() as f64;
        let wc = c.world[days.clone()].iter().sum::<u64>() as f64;
        let wd = world.step(p, wc, all).unwrap();
        let t = w.step(&Observed { period: p, count: s(x), dyad: s(r), all }, wd).unwrap();
        if t.new {
            println!("{}", t.alarm.unwrap());
        }
    }
}
