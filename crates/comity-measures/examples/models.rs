//! Times models on generated data: `models FOLDER logit ROWS` or `models FOLDER ppml COUNTRIES YEARS`.
//!
//! The data go to the folder as well, as raw little-endian numbers, so that another program can be timed on the same.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use comity_measures::models::{Design, Errors, Family, Fit, Groups, Options, fit, fit_absorbed};

/// Numbers from a fixed seed (xorshift with a multiplier).
struct Random(u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|a| a.parse::<usize>().ok());
    let folder = Path::new(arguments.first().map_or(".", String::as_str));
    match (arguments.get(1).map(String::as_str), number(2), number(3)) {
        (Some("logit"), Some(rows), _) => logit(folder, rows),
        (Some("ppml"), Some(countries), Some(years)) => ppml(folder, countries, years),
        _ => Err("models FOLDER logit ROWS | models FOLDER ppml COUNTRIES YEARS".into()),
    }
}

fn save(folder: &Path, name: &str, bytes: impl Iterator<Item = [u8; 8]>) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(folder.join(name))?);
    bytes.into_iter().try_for_each(|b| file.write_all(&b))?;
    file.flush()
}

/// The shortest of three runs, after one to warm up.
fn timed(
    run: impl Fn() -> Result<Fit, comity_measures::Error>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut shortest = f64::INFINITY;
    let mut fit = run()?;
    for _ in 0..3 {
        let start = Instant::now();
        fit = run()?;
        shortest = shortest.min(start.elapsed().as_secs_f64());
    }
    let terms: Vec<String> = fit.terms.iter().map(|t| format!("{:.10}", t.coefficient)).collect();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{{\"seconds\": {shortest:.4}, \"rows\": {}, \"steps\": {}, \"coefficients\": [{}]}}",
        fit.rows,
        fit.steps,
        terms.join(", ")
    )?;
    Ok(())
}

/// Twelve terms, of which four are indicators; about one outcome in twenty.
fn logit(folder: &Path, rows: usize) -> Result<(), Box<dyn std::error::Error>> {
    const TERMS: usize = 12;
    let mut random = Random(1);
    let mut columns: Vec<Vec<f64>> = (0..TERMS).map(|_| Vec::with_capacity(rows)).collect();
    let mut outcomes = Vec::with_capacity(rows);
    for _ in 0..rows {
        let mut sum = -3.5;
        for (at, column) in columns.iter_mut().enumerate() {
            let x = match at % 3 {
                0 => f64::from(u8::from(random.unit() < 0.3)),
                _ => random.normal() * (1.0 + at as f64),
            };
            sum += x * (0.1 + 0.02 * at as f64) / (1.0 + at as f64);
            column.push(x);
        }
        outcomes.push(f64::from(u8::from(random.unit() < 1.0 / (1.0 + (-sum).exp()))));
    }
    save(folder, "y", outcomes.iter().map(|v| v.to_le_bytes()))?;
    save(folder, "x", columns.iter().flatten().map(|v| v.to_le_bytes()))?;
    let names = (0..TERMS).map(|i| format!("x{i}")).collect();
    let design = Design::new(names, columns, true)?;
    let options = Options::default();
    timed(|| fit(Family::Logit, "y", &outcomes, &design, &options))
}

/// Flows between all countries in all years, a third of them zero, with four terms and errors by pair.
fn ppml(folder: &Path, countries: usize, years: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut random = Random(2);
    let place: Vec<(f64, f64)> = (0..countries).map(|_| (random.unit(), random.unit())).collect();
    let size: Vec<f64> = (0..countries).map(|_| 2.0 * random.normal()).collect();
    let mut rows: Vec<[usize; 4]> = Vec::new();
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); 4];
    let mut trade = Vec::new();
    let mut pair = 0;
    for from in 0..countries {
        for to in (0..countries).filter(|to| *to != from) {
            let (dx, dy) = (place[from].0 - place[to].0, place[from].1 - place[to].1);
            let distance = (0.01 + dx.hypot(dy)).ln();
            let (language, border) = (random.unit() < 0.15, distance < -2.5);
            let joins = (random.unit() * 3.0 * years as f64) as usize;
            for year in 0..years {
                let agreement = year >= joins;
                let terms = [distance, border.into(), language.into(), agreement.into()];
                let sum = 3.0 + size[from] + size[to] - 0.9 * terms[0]
                    + 0.3 * terms[1]
                    + 0.2 * terms[2]
                    + 0.15 * terms[3]
                    + 0.02 * year as f64;
                let noise = (0.8 * random.normal() - 0.32).exp();
                let traded = random.unit() < 0.35 + 0.6 / (1.0 + (1.5 - 0.3 * sum).exp());
                trade.push(if traded { (sum.exp() * noise * 100.0).round() / 100.0 } else { 0.0 });
                columns.iter_mut().zip(terms).for_each(|(column, x)| column.push(x));
                rows.push([from, to, year, pair]);
            }
            pair += 1;
        }
    }
    save(folder, "y", trade.iter().map(|v| v.to_le_bytes()))?;
    save(folder, "x", columns.iter().flatten().map(|v| v.to_le_bytes()))?;
    save(folder, "keys", rows.iter().flatten().map(|v| (*v as u64).to_le_bytes()))?;
    let key = |name, of: fn(&[usize; 4]) -> (usize, usize)| {
        Groups::of_keys(name, &rows.iter().map(of).collect::<Vec<_>>())
    };
    let effects = [key("exporter:year", |r| (r[0], r[2])), key("importer:year", |r| (r[1], r[2]))];
    let pairs = key("pair", |r| (r[3], 0));
    let names = ["distance", "border", "language", "agreement"].map(String::from).to_vec();
    let design = Design::new(names, columns, false)?;
    let options = Options { errors: Errors::Cluster(&pairs), ..Options::default() };
    timed(|| fit_absorbed(Family::Poisson, "trade", &trade, &design, &effects, &options))
}
