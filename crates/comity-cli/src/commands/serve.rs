//! `comity serve`: the explorer in a browser.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::exit::{Exit, Trouble};
use crate::given::{self, RecordArgs};
use crate::output;

/// Flags of `comity serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity serve --open\n  \
    comity serve --record records/mine --policy bandung-1955\n  \
    comity serve --policy independent-peace --policy mine.md --port 9000\n\n\
    The pages are for this machine alone unless --bind names another address. Nothing is written to the record,\n\
    and nothing is fetched from anywhere. Press Ctrl-C to stop.")]
pub struct Args {
    #[command(flatten)]
    pub record: RecordArgs,
    /// A policy that ships (`comity policy list`), or a file; the first is the default of the pages (repeatable)
    /// [default: every policy that ships]
    #[arg(long, value_name = "ID|FILE")]
    pub policy: Vec<String>,
    /// Port to listen on; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = 8642)]
    pub port: u16,
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,
    /// A name under which the pages may be asked for, beside addresses in numbers and localhost (repeatable)
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// Open the pages in a browser
    #[arg(long)]
    pub open: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let store = args.record.store();
    // A folder that was named must be a record; the default one need not be there.
    let in_folder = args.record.record.is_some() || store.exists();
    let mut options = comity_serve::Options {
        bind: args.bind,
        port: args.port,
        hosts: args.host.clone(),
        answers: comity::Cache::default_folder().map(|f| comity::Cache::at(f).into()),
        ..comity_serve::Options::default()
    };
    if in_folder {
        options.record = comity_serve::Held::Folder(store.folder().to_owned());
    }
    let all: Vec<String> = comity::SHIPPED.iter().map(|p| p.id.to_owned()).collect();
    let wanted = if args.policy.is_empty() { &all } else { &args.policy };
    let mut record = None;
    for named in wanted {
        options.policies.push(policy(args, named, &mut record)?);
    }
    let mut said = Ok(());
    comity_serve::serve(options, |at| {
        said = output::print(&greeting(at));
        if args.open {
            open(&address(at));
        }
    })?;
    said.map(|()| Exit::Done)
}

/// A policy that ships needs no check; another one is checked against the record, which is opened for the first of them.
fn policy(
    args: &Args,
    named: &str,
    record: &mut Option<comity_record::Record>,
) -> Result<comity::Policy, Trouble> {
    if comity::SHIPPED.iter().any(|p| p.id == named) {
        return Ok(comity::Policy::shipped(named)?);
    }
    if record.is_none() {
        *record = Some(args.record.open()?);
    }
    let Some(record) = record else { return Err(Trouble::new("no record")) };
    let run = given::RunArgs { policy: named.to_owned(), ..given::RunArgs::default() };
    Ok(comity::Policy::from(run.policy(record)?))
}

fn address(at: SocketAddr) -> String {
    let ip = if at.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { at.ip() };
    format!("http://{}/", SocketAddr::new(ip, at.port()))
}

fn greeting(at: SocketAddr) -> String {
    let mut text = format!("The pages are at {}\n", address(at));
    if !at.ip().is_loopback() {
        text.push_str("They can be read from other machines, by anybody who reaches this address: there is no password.\n");
    }
    text.push_str("Press Ctrl-C to stop.\n");
    text
}

/// Asks the system to open an address; where it cannot, the address is on the screen.
fn open(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let quiet = std::process::Stdio::null;
    let _ = std::process::Command::new(program)
        .arg(address)
        .stdin(quiet())
        .stdout(quiet())
        .stderr(quiet())
        .spawn();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_machines_are_mentioned_where_they_can_read() {
        let local = greeting("127.0.0.1:8642".parse().unwrap());
        assert!(local.contains("http://127.0.0.1:8642/") && !local.contains("other machines"));
        let open = greeting("0.0.0.0:80".parse().unwrap());
        assert!(open.contains("http://127.0.0.1:80/") && open.contains("other machines"));
        assert!(greeting("[::1]:80".parse().unwrap()).contains("http://[::1]:80/"));
    }
}
