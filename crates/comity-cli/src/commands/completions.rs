//! `comity completions`: what a shell completes.

use std::io::Write as _;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::exit::{Exit, Trouble};
use crate::output::Output;

/// Flags of `comity completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity completions bash > ~/.local/share/bash-completion/completions/comity\n  \
    comity completions zsh > ~/.zfunc/_comity        with ~/.zfunc in fpath\n  \
    comity completions fish > ~/.config/fish/completions/comity.fish")]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "comity", &mut script);
    let mut out = Output::open(None)?;
    out.write_all(&script)?;
    out.finish()?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_shell_completes_commands_flags_and_values() {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "comity", &mut script);
            let script = String::from_utf8(script).unwrap();
            for word in ["audit", "coverage", "fail-on"] {
                assert!(script.contains(word), "{shell}: {word}");
            }
        }
    }
}
