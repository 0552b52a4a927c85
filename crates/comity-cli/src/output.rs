//! Where results go: standard output; a file that appears whole or not at all; a pipe or a device, which is written into.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use comity_record::temporary::Temporary;
use tempfile::NamedTempFile;

use crate::exit::Trouble;
use comity_report::plain;

/// An open place for results. Nothing of a file is seen before [`Output::finish`].
pub enum Output {
    /// Standard output, buffered.
    Stdout(BufWriter<io::Stdout>),
    /// A pipe or a device, which stays what it is.
    Into {
        /// What is written.
        writer: BufWriter<File>,
        /// Its name.
        path: PathBuf,
    },
    /// A file beside its final name.
    File {
        /// What is written.
        writer: BufWriter<NamedTempFile>,
        /// What it becomes.
        path: PathBuf,
        /// Takes the file away if the program is interrupted.
        guard: Temporary,
    },
}

/// What is at the name of an output.
enum Place {
    Stdout,
    /// A pipe or a device; or a file that is open already, to which is added.
    Into {
        add: bool,
    },
    /// A file, or none yet: what is written takes its place. Of a link it is the file that it leads to.
    File(PathBuf, Option<Metadata>),
}

impl Place {
    fn of(path: &Path) -> Result<Self, Trouble> {
        const STDOUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
        if STDOUT.iter().any(|name| path == Path::new(name)) {
            return Ok(Self::Stdout);
        }
        let is_link = fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink());
        match fs::metadata(path) {
            Ok(m) if m.is_dir() => {
                Err(Trouble::new(format!("{} is a folder, not a file", path.display()))
                    .help("give the name of a file to write"))
            }
            Ok(m) if !m.is_file() => Ok(Self::Into { add: false }),
            Ok(_) if path.starts_with("/dev") || path.starts_with("/proc") => {
                Ok(Self::Into { add: true })
            }
            Ok(m) if is_link => {
                let file = fs::canonicalize(path).map_err(|e| cannot_write(path, &e))?;
                Ok(Self::File(file, Some(m)))
            }
            Ok(m) => Ok(Self::File(path.to_owned(), Some(m))),
            Err(_) if is_link => {
                Err(Trouble::new(format!("{} is a link that leads nowhere", path.display()))
                    .help("take the link away, or name the file that it should lead to"))
            }
            Err(_) => Ok(Self::File(path.to_owned(), None)),
        }
    }
}

/// Whether what is written to this name becomes a file of that name, beside which others can lie.
pub fn becomes_a_file(path: &Path) -> Result<bool, Trouble> {
    Ok(matches!(Place::of(path)?, Place::File(..)))
}

/// A file beside the one that it is to become, which is taken away if the program is interrupted.
fn temporary(path: &Path) -> Result<(NamedTempFile, Temporary), Trouble> {
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    let mut guard = None;
    let temp = tempfile::Builder::new().prefix(".comity-").make_in(folder, |place| {
        guard = Some(Temporary::at(place));
        let mut options = File::options();
        // A temporary file is private; a report is an ordinary file.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o666);
        options.read(true).write(true).create_new(true).open(place)
    });
    let temp = temp.map_err(|e| cannot_write(path, &e))?;
    let guard = guard.unwrap_or_else(|| Temporary::at(temp.path()));
    Ok((temp, guard))
}

/// Writes a file that is not there yet, whole or not at all; into a pipe or a device as it is.
pub fn write_new(path: &Path, text: &str) -> Result<(), Trouble> {
    let there = || {
        Trouble::new(format!("{} is there already and is left as it is", path.display()))
            .help("give another name")
    };
    if !becomes_a_file(path).unwrap_or(true) {
        let mut out = Output::open(Some(path))?;
        out.write_all(text.as_bytes())?;
        return out.finish();
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(there());
    }
    let (mut temp, _guard) = temporary(path)?;
    temp.write_all(text.as_bytes()).map_err(|e| cannot_write(path, &e))?;
    temp.as_file().sync_all().map_err(|e| cannot_write(path, &e))?;
    match temp.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => Err(there()),
        Err(e) => Err(cannot_write(path, &e.error)),
    }
}

impl Output {
    /// Opens `path`, or standard output without one. `-` is standard output too.
    pub fn open(path: Option<&Path>) -> Result<Self, Trouble> {
        let stdout = || Self::Stdout(BufWriter::new(io::stdout()));
        let Some(path) = path else { return Ok(stdout()) };
        match Place::of(path)? {
            Place::Stdout => Ok(stdout()),
            Place::Into { add } => {
                let file = File::options().write(true).append(add).open(path);
                let file = file.map_err(|e| cannot_write(path, &e))?;
                Ok(Self::Into { writer: BufWriter::new(file), path: path.to_owned() })
            }
            Place::File(path, there) => {
                let (temp, guard) = temporary(&path)?;
                if let Some(there) = there {
                    // Who may read the file stays as it was.
                    let kept = temp.as_file().set_permissions(there.permissions());
                    kept.map_err(|e| cannot_write(&path, &e))?;
                }
                Ok(Self::File { writer: BufWriter::new(temp), path, guard })
            }
        }
    }

    /// Writes text made for a terminal: colours go where they are understood, and a locale
    /// without UTF-8 gets ASCII.
    pub fn screen(&mut self, text: &str) -> Result<(), Trouble> {
        let text = plain::checked(text.to_owned(), true);
        match self {
            Self::Stdout(out) => {
                let choice = anstream::AutoStream::choice(&io::stdout());
                let text = if plain::ascii_only() { plain::ascii(&text) } else { text };
                if choice == anstream::ColorChoice::Never {
                    out.write_all(anstream::adapter::strip_str(&text).to_string().as_bytes())?;
                } else {
                    out.write_all(text.as_bytes())?;
                }
            }
            Self::Into { .. } | Self::File { .. }
                if anstream::ColorChoice::global() == anstream::ColorChoice::Always =>
            {
                self.write_all(text.as_bytes())?;
            }
            Self::Into { .. } | Self::File { .. } => {
                self.write_all(anstream::adapter::strip_str(&text).to_string().as_bytes())?;
            }
        }
        Ok(())
    }

    /// Everything is written: flushes, and puts a file under its name.
    pub fn finish(self) -> Result<(), Trouble> {
        match self {
            Self::Stdout(mut out) => out.flush()?,
            Self::Into { mut writer, path } => {
                writer.flush().map_err(|e| at(&path, &e))?;
            }
            Self::File { writer, path, guard } => {
                let temp = writer.into_inner().map_err(|e| cannot_write(&path, e.error()))?;
                temp.as_file().sync_all().map_err(|e| cannot_write(&path, &e))?;
                temp.persist(&path).map_err(|e| cannot_write(&path, &e.error))?;
                drop(guard);
            }
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::Into { writer, path } => writer.write(bytes).map_err(|e| at(path, &e)),
            Self::File { writer, path, .. } => writer.write(bytes).map_err(|e| at(path, &e)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::Into { writer, path } => writer.flush().map_err(|e| at(path, &e)),
            Self::File { writer, path, .. } => writer.flush().map_err(|e| at(path, &e)),
        }
    }
}

impl Seek for Output {
    /// Goes back in a file; what went to standard output, a pipe or a device is gone.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Stdout(_) | Self::Into { .. } => Err(io::ErrorKind::NotSeekable.into()),
            Self::File { writer, .. } => writer.seek(to),
        }
    }
}

/// An error of writing with the name of the file; its kind stays, so that a broken pipe is known as one.
fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
}

fn cannot_write(path: &Path, error: &io::Error) -> Trouble {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist: make it first, or name another",
        io::ErrorKind::PermissionDenied => "choose a place you may write to",
        io::ErrorKind::StorageFull => {
            "free some space or choose another place; an older file of that name is untouched"
        }
        io::ErrorKind::FileTooLarge => {
            "it is past the limit on the size of a file (`ulimit -f`); an older file of that name is untouched"
        }
        _ => "choose another place; an older file of that name is untouched",
    };
    Trouble::new(format!("cannot write {}: {error}", path.display())).help(help)
}

/// Writes JSON on standard output; what a terminal would obey is an escape in it.
pub fn write(text: &str) -> Result<(), Trouble> {
    let mut out = Output::open(None)?;
    out.write_all(plain::json(text.to_owned()).as_bytes())?;
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

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_into_and_a_link_leads_to_its_file() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        let mut out = Output::open(Some(&pipe)).unwrap();
        assert!(out.seek(SeekFrom::Start(0)).is_err());
        out.screen("into the pipe").unwrap();
        out.finish().unwrap();
        assert_eq!(reader.join().unwrap(), "into the pipe");
        assert!(!fs::metadata(&pipe).unwrap().is_file() && !becomes_a_file(&pipe).unwrap());

        let (far, link) = (folder.path().join("far"), folder.path().join("link"));
        fs::create_dir(&far).unwrap();
        fs::write(far.join("a.txt"), "old").unwrap();
        fs::set_permissions(far.join("a.txt"), fs::Permissions::from_mode(0o600)).unwrap();
        symlink(far.join("a.txt"), &link).unwrap();
        let mut out = Output::open(Some(&link)).unwrap();
        out.write_all(b"new").unwrap();
        assert_eq!(fs::read_to_string(&link).unwrap(), "old");
        out.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(far.join("a.txt")).unwrap(), "new");
        assert_eq!(fs::metadata(far.join("a.txt")).unwrap().permissions().mode() & 0o777, 0o600);
        fs::remove_file(far.join("a.txt")).unwrap();
        let error = Output::open(Some(&link)).err().unwrap().to_text();
        assert!(error.contains("a link that leads nowhere"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_device_is_an_error_that_names_it() {
        let full = Path::new("/dev/full");
        let mut out = Output::open(Some(full)).unwrap();
        out.write_all(b"a").unwrap();
        let error = out.finish().unwrap_err().to_text();
        assert!(error.contains("cannot write /dev/full: "), "{error}");
        let mut out = Output::open(Some(full)).unwrap();
        let error = out.write_all(&vec![0; 100_000]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(fs::metadata(full).is_ok_and(|m| !m.is_file()));
    }

    #[test]
    fn a_new_file_is_never_written_over_one_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        write_new(&path, "mine").unwrap();
        let error = write_new(&path, "theirs").unwrap_err().to_text();
        assert!(error.contains("is there already"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
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
