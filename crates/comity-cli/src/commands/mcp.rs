//! `comity mcp`: tools and documents for assistants.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::exit::{Exit, Trouble};
use crate::given::{self, RecordArgs};

/// Flags of `comity mcp`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity mcp                              over standard input and output, as assistants start it\n  \
    comity mcp --record records/mine --policy independent-peace --policy mine.md\n  \
    comity mcp --http --port 8643           over HTTP, at http://127.0.0.1:8643/mcp\n\n\
    An assistant is told of it by its settings, for example:\n  \
    {\"mcpServers\": {\"comity\": {\"command\": \"comity\", \"args\": [\"mcp\"]}}}\n\n\
    It answers audits, verdicts and their reasons, panels, SQL, measures and advice, with sources. Nothing is written, no \
    file is read that an assistant names, and over HTTP only this machine can ask.")]
pub struct Args {
    #[command(flatten)]
    pub record: RecordArgs,
    /// A policy that ships (`comity policy list`), or a file; the first is the one meant where none is named (repeatable)
    /// [default: every policy that ships]
    #[arg(long, value_name = "ID|FILE")]
    pub policy: Vec<String>,
    /// Serve over HTTP on this machine, at the path /mcp, instead of over standard input and output
    #[arg(long)]
    pub http: bool,
    /// Port of HTTP; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = 8643, requires = "http")]
    pub port: u16,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let record = args.record.open()?;
    let all: Vec<String> = comity::SHIPPED.iter().map(|p| p.id.to_owned()).collect();
    let wanted = if args.policy.is_empty() { &all } else { &args.policy };
    let mut policies = Vec::new();
    for named in wanted {
        let run = given::RunArgs { policy: named.clone(), ..given::RunArgs::default() };
        policies.push(comity::Policy::from(run.policy(&record)?));
    }
    let store = args.record.store();
    let held = if args.record.record.is_some() || store.exists() {
        comity_mcp::Held::Folder(store.folder().to_owned())
    } else {
        comity_mcp::Held::Memory(record.into())
    };
    let answers = comity::Cache::default_folder().map(|f| comity::Cache::at(f).into());
    let desk = comity_mcp::Desk::new(held, policies, answers)?;
    if args.http {
        let at = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port);
        comity_mcp::over_http(desk, at, |at| {
            anstream::eprintln!(
                "Assistants of this machine ask at http://{at}/mcp\nPress Ctrl-C to stop."
            );
        })?;
    } else {
        comity_mcp::over_stdio(desk)?;
    }
    Ok(Exit::Done)
}
