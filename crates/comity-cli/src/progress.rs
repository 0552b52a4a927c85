//! Progress on standard error, for work that takes longer than a second and someone who watches.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that appears when the work turns out to be long.
#[derive(Clone)]
pub struct Progress {
    what: &'static str,
    since: Instant,
    bar: Arc<Mutex<Option<ProgressBar>>>,
    watched: bool,
}

impl Progress {
    /// Begins to count the time.
    pub fn new(what: &'static str) -> Self {
        let watched = std::io::stderr().is_terminal();
        Self { what, since: Instant::now(), bar: Arc::default(), watched }
    }

    /// `done` pieces of `total`.
    pub fn update(&self, done: usize, total: usize) {
        if !self.watched || self.since.elapsed() < PATIENCE {
            return;
        }
        // A panic elsewhere must not become one here: progress is only decoration.
        let Ok(mut bar) = self.bar.lock() else { return };
        let bar = bar.get_or_insert_with(|| {
            let bar =
                ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_message(self.what);
            bar
        });
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    }

    /// Takes the bar away.
    pub fn done(&self) {
        if let Ok(mut bar) = self.bar.lock()
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}
