//! `comity record fetch`: datasets downloaded from their publishers, on request of the user, and added.

use std::path::PathBuf;
use std::time::Duration;

use comity_datasets::{DATASETS, Dataset, Download, Get};
use comity_record::Store;

use super::add;
use crate::download::{Caps, RemoteFile, download};
use crate::exit::{Exit, Trouble};
use crate::given::{RecordArgs, nearest};
use crate::output;
use comity_report::plain::clean;

/// Flags of `comity record fetch`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity record fetch ucdp-acd             from the publisher's address, then added\n  \
    comity record fetch gsdb                 a site with a form: says how to get it by hand\n\n\
    Only HTTPS addresses are used, and no other host is followed. A download that was cut off goes on where it\n\
    stopped when the command is given again. A file that no download made is never replaced.")]
pub(super) struct Args {
    /// Ids of datasets, as `comity record sources` shows them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    record: RecordArgs,
    /// Folder for the files [default: `downloads` in your data folder]
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Another address for the file of one dataset: a mirror, or a newer release
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The largest file that is taken, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 1024)]
    most: u64,
    /// Give up where no byte comes for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Give up on a file that has not come whole after so many seconds [default: five minutes, and one more for each
    /// megabyte that has come]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    within: Option<u64>,
    /// Download, and add nothing
    #[arg(long)]
    no_add: bool,
}

pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    let datasets = args.ids.iter().map(|id| known(id)).collect::<Result<Vec<_>, _>>()?;
    if args.url.is_some() && datasets.len() > 1 {
        return Err(Trouble::new("--url gives the file of one dataset, and several were named")
            .help("fetch them one by one"));
    }
    let folder = args.to.clone().unwrap_or_else(|| {
        let default = Store::default_folder();
        default.parent().map_or_else(|| "downloads".into(), |p| p.join("downloads"))
    });
    let caps = Caps {
        most: args.most.saturating_mul(1024 * 1024),
        patience: Duration::from_secs(args.timeout),
        within: args.within.map(Duration::from_secs),
    };
    let mut files = Vec::new();
    for dataset in datasets {
        let own = args.url.as_ref().map(|url| RemoteFile { url: url.clone(), sha256: None });
        let downloads = match (own, dataset.get) {
            (Some(own), _) => vec![own],
            (None, Get::Files(listed)) => listed.iter().map(remote).collect(),
            (None, Get::ByHand(how)) => {
                return Err(Trouble::new(format!("{} cannot be downloaded from here", dataset.id))
                    .help(how)
                    .help(format!("its page is {}", dataset.url))
                    .help(format!("then: comity record add FILE{}", args.record.repeat())));
            }
        };
        for one in downloads {
            files.push(download(&one, &folder, caps)?);
        }
    }
    if args.no_add {
        for file in &files {
            output::print(&format!("{}\n", clean(&file.to_string_lossy())))?;
        }
        return Ok(Exit::Done);
    }
    add::run(&add::Args::of(files, args.record.clone()))
}

fn remote(file: &Download) -> RemoteFile {
    RemoteFile { url: file.url.into(), sha256: file.sha256.map(str::to_owned) }
}

fn known(id: &str) -> Result<&'static Dataset, Trouble> {
    DATASETS.iter().find(|d| d.id == id).copied().ok_or_else(|| {
        let near = nearest(id, DATASETS.iter().map(|d| d.id));
        let help = near.unwrap_or_else(|| "`comity record sources` lists them all".into());
        Trouble::new(format!("no dataset is called `{id}`")).help(help)
    })
}
