//! How the program is started once more: by its own file, or through what it is embedded in.
//!
//! Some work is done in a child process ([`crate::worker`]), and answers that are kept belong to one build of the program. Both need the
//! program's file and its first words. By default that is the file of this process. Who embeds the library in something else, such as an
//! interpreter, says it once, before anything else.

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

/// How the program is started, and which file tells one build from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// What is started.
    pub path: PathBuf,
    /// Its first words, before those of a command.
    pub words: Vec<String>,
    /// The file whose size and age change with each build.
    pub build: PathBuf,
}

static PROGRAM: OnceLock<Program> = OnceLock::new();

/// Says how the program is started. Only the first call counts.
pub fn set(program: Program) {
    let _ = PROGRAM.set(program);
}

/// How the program is started.
///
/// ```
/// let program = comity::program::get()?;
/// assert!(program.path.is_absolute() && program.words.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The system does not tell the file of this process.
pub fn get() -> io::Result<Program> {
    if let Some(program) = PROGRAM.get() {
        return Ok(program.clone());
    }
    let path = std::env::current_exe()?;
    Ok(Program { build: path.clone(), path, words: Vec::new() })
}
