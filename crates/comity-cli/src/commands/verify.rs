//! `comity verify`: an evidence pack checked, offline.

use std::fmt::Write as _;
use std::path::PathBuf;

use anstyle::Style;
use comity_report::{Form, json, plain, short, words};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::RecordArgs;
use crate::output::Output;

/// Flags of `comity verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity verify chn.zip\n  \
    comity verify chn.zip --against --record DIR\n\n\
    It exits with 1 where anything was changed. Rows of sources whose licence does not allow them to be given on are in \
    the pack by their key and hash alone.")]
pub struct Args {
    /// The pack
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Audit the record again, and compare
    #[arg(long)]
    pub against: bool,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Form of the output
    #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
}

const BOLD: Style = Style::new().bold();
/// A pack has at most so many bytes.
const LARGEST: u64 = 512 << 20;

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let name = args.file.display();
    let bytes = comity_record::plain_file::read(&args.file, LARGEST)
        .map_err(|e| Trouble::new(format!("cannot read {name}: {e}")))?;
    let record = if args.against { Some(comity::Record::from(args.record.open()?)) } else { None };
    let checked = comity::pack::check(&bytes, record.as_ref())?;
    let mut out = Output::open(None)?;
    if args.format == Form::Json {
        json::value(&checked, true, &mut out)?;
    } else {
        let mut text = String::new();
        let said = if checked.wrong.is_empty() { "nothing was changed" } else { "it was changed" };
        let _ = writeln!(text, "{BOLD}{}: {said}{BOLD:#}", plain::clean(&name.to_string()));
        for wrong in &checked.wrong {
            let _ = writeln!(text, "  {}", plain::clean(wrong));
        }
        let (whole, hashed) = checked.rows;
        let _ = writeln!(
            text,
            "{} with cells, {} by hash alone; record {}, policy {}",
            words::plural(whole, "row", "rows"),
            words::plural(hashed, "row", "rows"),
            short(&checked.contents.record),
            short(&checked.contents.policy)
        );
        for line in &checked.compared {
            let _ = writeln!(text, "{line}");
        }
        out.screen(&text)?;
    }
    out.finish()?;
    Ok(if checked.wrong.is_empty() { Exit::Done } else { Exit::Met })
}
