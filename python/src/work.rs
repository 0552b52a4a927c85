//! Work beside the interpreter: its lock is released, an interrupt is heard, and progress is told.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use comity::Error;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::fault::raise;

/// How often an interrupt is looked for, and progress told.
const LOOK: Duration = Duration::from_millis(50);

/// How far work is: pieces done, and all pieces.
pub type Far = Arc<Mutex<(usize, usize)>>;

/// What work tells progress to.
pub fn teller(far: &Far) -> comity::Progress {
    let far = Arc::clone(far);
    Arc::new(move |done, of| {
        if let Ok(mut far) = far.lock() {
            *far = (done, of);
        }
    })
}

/// Does work on a thread of its own with the interpreter's lock released. An interrupt ends the wait: the work is abandoned, and changes
/// nothing, since nothing here writes. `progress` is called with the pieces done and all pieces.
pub fn beside<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&Far) -> Result<T, Error> + Send + 'static,
) -> PyResult<T> {
    let far: Far = Arc::default();
    let theirs = Arc::clone(&far);
    let (done, result) = channel();
    thread::Builder::new()
        .name("comity".into())
        // Plans of long queries recurse.
        .stack_size(16 << 20)
        .spawn(move || {
            let _ = done.send(work(&theirs));
        })
        .map_err(|e| PyRuntimeError::new_err(format!("a thread cannot be started: {e}")))?;
    let mut told = (0, 0);
    let result = Mutex::new(result);
    loop {
        let heard = py.detach(|| match result.lock() {
            Ok(result) => result.recv_timeout(LOOK),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        });
        match heard {
            Ok(said) => return said.map_err(raise),
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err(
                    "the work ended without an answer: the library failed",
                ));
            }
            Err(RecvTimeoutError::Timeout) => {
                py.check_signals()?;
                let now = far.lock().map_or(told, |far| *far);
                if let Some(progress) = progress
                    && now != told
                {
                    progress.call1(py, now)?;
                    told = now;
                }
            }
        }
    }
}
