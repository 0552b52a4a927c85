//! Opening files: plain ones alone, their size checked first, and never more read than that.
//!
//! A pipe waits for its writer, a device may have no end: each is refused by name.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::error::ReadError;
use crate::formats::MAX_UNPACKED;

/// A plain file, and how many bytes it has.
pub(crate) fn open(path: &Path) -> Result<(File, u64), ReadError> {
    let failed = |source| ReadError::Open { path: path.into(), source };
    let plain = |meta: &fs::Metadata| {
        if meta.is_file() { Ok(()) } else { Err(ReadError::NotPlain { path: path.into() }) }
    };
    // Opening a pipe waits for its other end: it is looked at before, and again once it is open.
    plain(&fs::metadata(path).map_err(failed)?)?;
    let file = File::open(path).map_err(failed)?;
    let meta = file.metadata().map_err(failed)?;
    plain(&meta)?;
    Ok((file, meta.len()))
}

/// The bytes of a plain file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    let (file, bytes) = open(path)?;
    let too_large = |bytes| ReadError::TooLarge { path: path.into(), bytes, cap: MAX_UNPACKED };
    if bytes > MAX_UNPACKED {
        return Err(too_large(bytes));
    }
    let mut all = Vec::new();
    all.try_reserve_exact(bytes as usize + 1).map_err(|_| too_large(bytes))?;
    // A file may grow while it is read, and some of the system's have no size at all.
    file.take(MAX_UNPACKED + 1)
        .read_to_end(&mut all)
        .map_err(|source| ReadError::Open { path: path.into(), source })?;
    match all.len() as u64 {
        read if read > MAX_UNPACKED => Err(too_large(read)),
        _ => Ok(all),
    }
}

#[cfg(test)]
mod tests {
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
