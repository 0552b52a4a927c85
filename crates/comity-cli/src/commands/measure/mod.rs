//! `comity measure`: the measures of the field, each a command of its own with its formula and reference in its help.
//!
//! The measures of the register become commands by themselves (`registered`). A measure with a command of its own has a file here and a
//! variant of [`Further`].

mod ideal_points;
mod list;
mod models;
mod registered;

use clap::{ArgMatches, FromArgMatches, Subcommand};
use comity::models::Model;

use crate::exit::{Exit, Trouble};
use registered::Registered;

/// Flags of `comity measure`.
#[derive(Debug, clap::Args)]
#[command(
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
    comity measure\n  \
    comity measure cinc --help\n  \
    comity measure cinc CHN USA --from 1945 --output cinc.csv\n  \
    comity measure capability-ratio CHN USA --from 1990 --to 2016\n  \
    comity measure con --cite"
)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

/// A measure, or what else there is about measures.
#[derive(Debug)]
enum Command {
    Registered(Box<Registered>),
    Further(Box<Further>),
}

/// Commands that are not made from the register.
#[derive(Debug, Subcommand)]
enum Further {
    /// List the measures by subject
    List(list::Args),
    /// Ideal points of states, from their votes in the General Assembly
    IdealPoints(Box<ideal_points::Args>),
    /// A logit: what makes an outcome of 0 or 1 more likely
    Logit(models::Args),
    /// A probit: the same with a normal distribution
    Probit(models::Args),
    /// Ordinary least squares, with fixed effects absorbed
    Ols(models::Args),
    /// A Poisson model of counts
    Poisson(models::Args),
    /// Poisson pseudo-maximum likelihood with fixed effects absorbed: the gravity model
    Ppml(models::Args),
    /// A conditional (fixed-effects) logit
    Clogit(models::Args),
    /// Generalized estimating equations of a logit of units over time
    Gee(models::Args),
}

impl Subcommand for Command {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        registered::commands(models::explained(Further::augment_subcommands(command)))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Further::has_subcommand(name) || registered::is_one(name)
    }
}

impl FromArgMatches for Command {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        if let Some(given) = Registered::of(matches)? {
            return Ok(Self::Registered(Box::new(given)));
        }
        Further::from_arg_matches(matches).map(|further| Self::Further(Box::new(further)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    match &args.command {
        None => list::run(&list::Args::default()),
        Some(Command::Further(further)) => match &**further {
            Further::List(args) => list::run(args),
            Further::IdealPoints(args) => ideal_points::run(args),
            Further::Logit(args) => models::run(Model::Logit, args),
            Further::Probit(args) => models::run(Model::Probit, args),
            Further::Ols(args) => models::run(Model::Ols, args),
            Further::Poisson(args) => models::run(Model::Poisson, args),
            Further::Ppml(args) => models::run(Model::Ppml, args),
            Further::Clogit(args) => models::run(Model::Clogit, args),
            Further::Gee(args) => models::run(Model::Gee, args),
        },
        Some(Command::Registered(given)) => given.run(),
    }
}
