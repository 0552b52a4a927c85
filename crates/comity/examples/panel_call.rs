//! Times the call that `comity.panel` of Python makes, for `bench/python.sh`: `panel_call RECORD RUNS`. A line for each run: `narrow` (the
//! smallest types) or `wide` (those of files, which Python gives by default), and seconds.

#![allow(clippy::print_stdout, reason = "the benchmark reads the lines")]

use std::error::Error;
use std::time::Instant;

use comity::{PanelRequest, Record};
use comity_report::frame::{Frame, wide_batches};

const GROUPS: &str =
    "pledges,disputes:cow,contiguity,distance:capital,majors,nmc,igos,rivalries,peace-years";

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let record = Record::open(args.next().ok_or("panel_call RECORD RUNS")?)?;
    let runs: usize = args.next().ok_or("panel_call RECORD RUNS")?.parse()?;
    for kind in ["narrow", "wide"].repeat(runs) {
        let begun = Instant::now();
        let panel = record.panel(PanelRequest {
            unit: "dyad-years".into(),
            directed: true,
            extend_to: Some(2025),
            with: GROUPS.split(',').map(str::to_owned).collect(),
            ..PanelRequest::default()
        })?;
        let batches = match kind {
            "narrow" => panel.batches()?,
            _ => wide_batches(&Frame::Panel(&panel), 128 * 1024)?.1,
        };
        let rows: usize = batches.iter().map(arrow::array::RecordBatch::num_rows).sum();
        println!("{kind} {:.4} {rows}", begun.elapsed().as_secs_f64());
    }
    Ok(())
}
