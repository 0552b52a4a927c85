//! The explorer: pages on a local address, on which a person picks a state and a policy, sees the verdicts as pictures, and clicks
//! through to the row of the dataset behind each.
//!
//! [`App`](app::App) opens the record once and keeps finished evaluations; [`pages`] has one file per page, which makes a
//! [`View`](view::View) from them: a question, the answer, pictures, tables, data. [`layout`] puts a view on a page; the server gives
//! the same view as HTML, JSON, CSV or SVG.
//!
//! Invariants: nothing here writes to the record; every text is escaped; nothing runs in a browser but the one script that ships with the
//! pages; a request is bounded in bytes, time and its share of the machine.
//!
//! Not here: verdicts, words and pictures that the report has too; the command line.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod app;
pub mod ask;
pub mod atlas;
mod cache;
pub mod chart;
pub mod child;
pub mod dyad;
mod files;
pub mod graph;
mod http;
pub mod layout;
pub mod names;
mod openapi;
pub mod overview;
pub mod pages;
pub mod picture;
pub mod refusal;
pub mod regions;
pub mod sources;
pub mod view;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use comity::{Error, Policy, Record};

use crate::app::App;
pub use crate::app::Held;

/// What to serve, and where.
#[derive(Debug, Clone)]
pub struct Options {
    /// The record.
    pub record: Held,
    /// The policies, the default first.
    pub policies: Vec<Policy>,
    /// Where to listen.
    pub bind: IpAddr,
    /// The port; 0: any that is free.
    pub port: u16,
    /// Names under which the server may be asked, beside addresses in numbers and `localhost`.
    pub hosts: Vec<String>,
    /// Where answers of policies are kept between runs; none: nowhere.
    pub answers: Option<Arc<comity::Cache>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            record: Held::Memory(Record::starter()),
            policies: Vec::new(),
            bind: Ipv4Addr::LOCALHOST.into(),
            port: 8642,
            hosts: Vec::new(),
            answers: None,
        }
    }
}

/// Serves until the program is interrupted or ended; `started` is called when the pages can be opened.
///
/// # Errors
/// A record that cannot be opened, an address that is taken.
pub fn serve(options: Options, started: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    serve_until(options, started, interrupted())
}

/// The same until `stop` is done.
///
/// # Errors
/// As [`serve`].
pub fn serve_until(
    options: Options,
    started: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let app = App::open(options.record, options.policies, options.answers)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(64)
        .enable_all()
        .build()
        .map_err(|e| Error::new(format!("the server could not be started: {e}")))?;
    let run = async {
        let (listener, at) = http::bind(options.bind, options.port).await?;
        started(at);
        http::serve(listener, app, http::Hosts::new(&options.hosts), stop).await;
        Ok(())
    };
    let result = runtime.block_on(run);
    // Work that is not done is not waited for: nothing is half written, because nothing is written.
    runtime.shutdown_background();
    result
}

/// Waits for an interrupt, or for the request to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = term.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
