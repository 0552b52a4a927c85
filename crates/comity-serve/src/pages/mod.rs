//! The pages, one file each.
//!
//! # To add a page
//!
//! At most three files:
//!
//! 1. `src/pages/NAME.rs` with `pub const PAGE: Page` and the function that it names: `fn view(now: &Now, ask: &Ask) -> Result<View, Refusal>`.
//!    * `now` is one state of the record, whole: [`Now::record`], [`Now::policy`], and [`Now::finished`] (the policy asked for, evaluated for
//!      all states: `finished.evaluation.report(&[ccode], from, to)` for one state in full, `finished.overview` for all at a glance).
//!    * `ask` has the names in the path (`ask.name("state")`) and the fields that `PAGE` lists, and no others (`ask.field("year")`, `ask.year(…)`,
//!      `ask.list(…)`); `ask.with(&[("year", "1962")])` is the address of the same page with a field changed. Addresses of states, findings and
//!      commitments are made in [`crate::names`], which also finds a state by any name and refuses with suggestions.
//!    * The [`View`] has a short question as its title, the answer in words, and a body. What is shown with [`View::picture`] or [`View::table`] can be
//!      taken away as SVG, PNG or CSV; `view.data` is the answer to `?format=json`. Nothing else is needed for these: the server does it for every page.
//!      [`View::go`] leads to another address; [`View::file`] sends a file of any kind (Parquet).
//!    * What cannot be shown is a [`Refusal`] with its status, the way out, and links to what may have been meant.
//!    * A function runs on a thread of its own and may take its time (20 s; 90 s after a form). Work on SQL and policies of strangers belongs into a child
//!      process: `now.children()`, whose work is in [`crate::child`].
//!    * `kept: true` where the answer follows from the record and the address alone: it is then made once.
//!    * `method: Method::Post` for a form: its fields come in the body, up to 4 MB, from pages of this server only.
//! 2. The list [`PAGES`] below. It makes the route, the menu (`menu: true`) and the `OpenAPI` description.
//! 3. Only for what must move: `src/static/script.js`, one function per thing, found by a class or `data-` attribute, never by a handler in the page.
//!    The page must say the same without it. Style goes into `src/static/style.css`.
//!
//! Tests: the function itself, called with [`crate::app::Now::starter`]; and the walk of all pages in `tests/browser`.

mod advise;
mod commitment;
mod commitments;
mod compare;
mod dyad;
mod finding;
mod home;
mod lesson;
mod measure;
mod measures;
mod policy;
pub mod query;
mod record;
mod state;
mod tables;
mod trial;

use crate::app::Now;
use crate::ask::Ask;
use crate::refusal::Refusal;
use crate::view::View;

/// How a page is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// By its address.
    Get,
    /// With a form.
    Post,
}

/// A field of an address or form.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
}

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its path, with names in braces.
    pub path: &'static str,
    /// What links to it say.
    pub name: &'static str,
    /// What it shows, for the `OpenAPI` description.
    pub about: &'static str,
    /// How it is asked.
    pub method: Method,
    /// The names in its path, then the fields of its query or form.
    pub names: &'static [Field],
    /// The fields of its query or form.
    pub fields: &'static [Field],
    /// Whether the menu has it.
    pub menu: bool,
    /// Whether the answer follows from the record and the address alone.
    pub kept: bool,
    /// Whether it may take up to 90 s: its work has a limit of its own.
    pub slow: bool,
    /// Makes it.
    pub view: fn(&Now, &Ask) -> Result<View, Refusal>,
}

/// Every page.
pub static PAGES: &[Page] = &[
    home::PAGE,
    home::GO,
    state::PAGE,
    finding::PAGE,
    commitments::PAGE,
    commitment::PAGE,
    compare::PAGE,
    dyad::CHOOSE,
    dyad::PAGE,
    policy::PAGE,
    trial::PAGE,
    trial::SAVE,
    record::PAGE,
    query::PAGE,
    tables::PAGE,
    advise::PAGE,
    measures::PAGE,
    measure::PAGE,
    lesson::PAGE,
];

/// The policy whose commitments are shown.
pub const POLICY: Field = Field { name: "policy", about: "id of a policy; without it the first" };
/// The first year.
pub const FROM: Field = Field { name: "from", about: "first year" };
/// The last year.
pub const TO: Field = Field { name: "to", about: "last year" };
/// A state in a path.
pub const STATE: Field =
    Field { name: "state", about: "a state by its code or name, as the page /go resolves it" };
/// A commitment in a path.
pub const COMMITMENT: Field = Field { name: "commitment", about: "id of a commitment" };
