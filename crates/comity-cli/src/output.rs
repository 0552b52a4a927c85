//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::exit::Trouble;
use comity_report::plain;

/// An open place for results. Nothing of a file is seen before [`Output::finish`].
pub enum Output {
    /// Standard output, buffered.
    Stdout(BufWriter<io::Stdout>),
    /// A file beside its final name.
    File {
        /// What is written.
        writer: BufWriter<NamedTempFile>,
        /// What it becomes.
        path: PathBuf,
    },
}

impl Output {
    /// Opens `path`, or standard output without one. `-` is standard output too.
    pub fn open(path: Option<&Path>) -> Result<Self, Trouble> {
        let Some(path) = path.filter(|p| *p != Path::new("-")) else {
            return Ok(Self::Stdout(BufWriter::new(io::stdout())));
        };
        if path.is_dir() {
            return Err(Trouble::new(format!("{} is a folder, not a file", path.display()))
                .help("give --output the name of a file to write"));
        }
        let folder = match path.parent() {
            Some(p) if !p.as_os_str().is_empty() => p,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".comity-");
        // A temporary file is private; a report is an ordinary file.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let temp = builder.tempfile_in(folder).map_err(|e| cannot_write(path, &e))?;
        Ok(Self::File { writer: BufWriter::new(temp), path: path.to_owned() })
    }

    /// Writes text made for a terminal: colours go where they are understood, and a locale
    /// without UTF-8 gets ASCII.
    pub fn screen(&mut self, text: &str) -> Result<(), Trouble> {
        match self {
            Self::Stdout(out) => {
                let choice = anstream::AutoStream::choice(&io::stdout());
                let text = if plain::ascii_only() { plain::ascii(text) } else { text.to_owned() };
                if choice == anstream::ColorChoice::Never {
                    out.write_all(anstream::adapter::strip_str(&text).to_string().as_bytes())?;
                } else {
                    out.write_all(text.as_bytes())?;
                }
            }
            Self::File { writer, .. } => {
                writer.write_all(anstream::adapter::strip_str(text).to_string().as_bytes())?;
            }
        }
        Ok(())
    }

    /// Everything is written: flushes, and puts a file under its name.
    pub fn finish(self) -> Result<(), Trouble> {
        match self {
            Self::Stdout(mut out) => out.flush()?,
            Self::File { writer, path } => {
                let temp = writer.into_inner().map_err(|e| cannot_write(&path, e.error()))?;
                temp.as_file().sync_all().map_err(|e| cannot_write(&path, &e))?;
                temp.persist(&path).map_err(|e| cannot_write(&path, &e.error))?;
            }
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File { writer, .. } => writer.flush(),
        }
    }
}

impl Seek for Output {
    /// Goes back in a file; what went to standard output is gone.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Stdout(_) => Err(io::ErrorKind::NotSeekable.into()),
            Self::File { writer, .. } => writer.seek(to),
        }
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Trouble {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist: make it first, or name another",
        io::ErrorKind::PermissionDenied => "choose a place you may write to",
        io::ErrorKind::StorageFull => {
            "free some space or choose another --output; an older file of that name is untouched"
        }
        _ => "choose another --output; an older file of that name is untouched",
    };
    Trouble::new(format!("cannot write {}: {error}", path.display())).help(help)
}

/// Writes text as it is on standard output: JSON and other text for programs.
pub fn write(text: &str) -> Result<(), Trouble> {
    let mut out = Output::open(None)?;
    out.write_all(text.as_bytes())?;
    out.finish()
}

/// Prints text made for a terminal on standard output.
pub fn print(text: &str) -> Result<(), Trouble> {
    let mut out = Output::open(None)?;
    out.screen(text)?;
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_only_when_finished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let mut out = Output::open(Some(&path)).unwrap();
        out.screen("\u{1b}[31mred\u{1b}[0m").unwrap();
        assert!(!path.exists());
        out.finish().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "red");
    }

    #[test]
    fn a_place_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Output::open(Some(&folder.path().join("no/such/a.txt"))).err().unwrap();
        assert!(error.to_text().contains("a.txt"), "{}", error.to_text());
        assert!(error.to_text().contains("help: its folder does not exist"));
        assert!(Output::open(Some(folder.path())).is_err());
    }
}
