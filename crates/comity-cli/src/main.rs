//! `comity`: audits what states did against what a policy says, on a public record of facts.

use std::process::ExitCode;

fn main() -> ExitCode {
    comity_cli::run_command(std::env::args_os().collect()).into()
}
