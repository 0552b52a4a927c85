//! How the program ends: three exit codes, and one clear error.

use std::error::Error;
use std::fmt::Write as _;

use comity_report::plain::clean;

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// A verdict that `--fail-on` names, or a worse one; failed tests of a policy.
    Met = 1,
    /// It could not be done; the reason is on standard error.
    Error = 2,
}

/// Why a command could not be done, and the way out.
#[derive(Debug)]
pub struct Trouble {
    /// What went wrong, with the chain of causes.
    message: String,
    /// What to do about it.
    help: Vec<String>,
    /// True when the reader of the output has gone away, which is no error.
    broken_pipe: bool,
}

impl Trouble {
    /// Trouble in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: Vec::new(), broken_pipe: false }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Whether it is only that the reader is gone.
    pub fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }

    /// As printed on standard error, one `error:` line and the ways out; control characters of
    /// file names and cells are shown, not obeyed.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (i, line) in self.message.lines().enumerate() {
            let lead = if i == 0 { "error: " } else { "  " };
            let _ = writeln!(text, "{lead}{}", clean(line));
        }
        for help in &self.help {
            for (i, line) in help.lines().enumerate() {
                let lead = if i == 0 { "help: " } else { "      " };
                let _ = writeln!(text, "{lead}{}", clean(line));
            }
        }
        text
    }
}

impl From<Trouble> for comity::Error {
    fn from(trouble: Trouble) -> Self {
        trouble.help.into_iter().fold(Self::new(trouble.message), Self::help)
    }
}

impl<E: Error + 'static> From<E> for Trouble {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut broken_pipe = is_broken_pipe(&error);
        let mut cause = error.source();
        while let Some(next) = cause {
            broken_pipe |= is_broken_pipe(next);
            let text = next.to_string();
            // Some libraries already print their cause.
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            cause = next.source();
        }
        let error: &(dyn Error + 'static) = &error;
        let help = (error.downcast_ref::<comity_report::ReportError>().map(|e| e.help.clone()))
            .or_else(|| error.downcast_ref::<comity::Error>().map(|e| e.help.clone()));
        Self { message, help: help.unwrap_or_default(), broken_pipe }
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_its_help_and_no_control_characters() {
        let text = Trouble::new("no file `a\u{1b}[31m.md`").help("look\nagain").to_text();
        assert_eq!(text, "error: no file `a\u{fffd}[31m.md`\nhelp: look\n      again\n");
    }

    #[test]
    fn a_broken_pipe_is_known_as_one() {
        let io = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(Trouble::from(io).is_broken_pipe());
        assert!(!Trouble::from(std::io::Error::other("x")).is_broken_pipe());
    }
}
