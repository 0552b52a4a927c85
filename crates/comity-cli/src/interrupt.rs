//! What an interrupt and a limit on files leave: nothing that is half made.

/// Takes temporary files away when the program is interrupted, and lets a write over the limit on the size of a file be
/// an error instead of an end.
pub fn watch() {
    #[cfg(unix)]
    unix::watch();
}

#[cfg(unix)]
mod unix {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    pub(super) fn watch() {
        // Heard and not acted on: the write itself then fails.
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
        // Where there is no thread to spare, an interrupt ends the program as it always does.
        let (ready, wait) = std::sync::mpsc::channel::<()>();
        let _ = std::thread::Builder::new().name("interrupts".into()).spawn(move || {
            let heard = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !ignored(*signal));
            let Ok(mut signals) = Signals::new(heard) else { return };
            drop(ready);
            if let Some(signal) = signals.forever().next() {
                comity_record::temporary::remove_all(|| {
                    let _ = emulate_default_handler(signal);
                    // Only where the system does not end the program by the signal itself.
                    std::process::exit(128 + signal);
                });
            }
        });
        // No file is begun before: the other end is dropped when the signals are heard, or cannot be.
        let _ = wait.recv();
    }

    /// Whether who started the program wants it not to hear a signal: `nohup` does.
    fn ignored(signal: i32) -> bool {
        let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
            return signal == SIGHUP;
        };
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        mask & (1 << (signal - 1)) != 0
    }
}
