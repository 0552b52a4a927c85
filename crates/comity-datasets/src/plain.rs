//! Published files are opened as every file is ([`comity_record::plain_file`]), with errors that name the dataset's file.

use std::fs::File;
use std::io;
use std::path::Path;

use comity_record::plain_file;

use crate::error::ReadError;
use crate::formats::MAX_UNPACKED;

/// A plain file, and how many bytes it has.
pub(crate) fn open(path: &Path) -> Result<(File, u64), ReadError> {
    let (file, metadata) = plain_file::open(path).map_err(|e| error(path, e))?;
    Ok((file, metadata.len()))
}

/// The bytes of a plain file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    plain_file::read(path, MAX_UNPACKED).map_err(|e| error(path, e))
}

fn error(path: &Path, source: io::Error) -> ReadError {
    match source.kind() {
        io::ErrorKind::InvalidInput => ReadError::NotPlain { path: path.into() },
        io::ErrorKind::FileTooLarge => {
            let bytes = std::fs::metadata(path).map_or(MAX_UNPACKED + 1, |m| m.len());
            ReadError::TooLarge { path: path.into(), bytes, cap: MAX_UNPACKED }
        }
        _ => ReadError::Open { path: path.into(), source },
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_no_plain_file_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| read(path).unwrap_err().to_string();
        assert!(refused(folder.path()).contains("is not a plain file"));
        let path = folder.path().join("a");
        fs::write(&path, "a").unwrap();
        assert_eq!(read(&path).unwrap(), b"a");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_and_an_endless_device_are_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            assert!(read(&pipe).unwrap_err().to_string().contains("pipe is not a plain file"));
        }
        for path in ["/dev/zero", "/dev/null"] {
            assert!(read(Path::new(path)).unwrap_err().to_string().contains("is not a plain file"));
        }
    }
}
