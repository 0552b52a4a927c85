//! Files that are read whole: plain ones, of a size that is known before they are read.
//!
//! A pipe or a device has no size and may have no end; opening a pipe may wait for ever.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// Opens a plain file.
///
/// # Errors
/// What the system says, and `InvalidInput` for anything that is not a plain file.
pub fn open(path: &Path) -> io::Result<(File, Metadata)> {
    // Before it is opened, for opening a pipe waits; and on what was opened, for the name may mean another file by now.
    check(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    check(&metadata)?;
    Ok((file, metadata))
}

/// The bytes of a plain file that has `most` of them or fewer.
///
/// # Errors
/// Those of [`open`], `FileTooLarge` past `most` and `OutOfMemory` where there is no room for it.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path)?;
    let too_large = |bytes: u64| {
        let text = format!("it has {bytes} bytes, and {most} are the most that is read");
        io::Error::new(io::ErrorKind::FileTooLarge, text)
    };
    if metadata.len() > most {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    let room = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(room).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    // A file may grow while it is read.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large(bytes.len() as u64));
    }
    Ok(bytes)
}

fn check(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let what = if metadata.is_dir() { "a folder" } else { "a pipe or a device" };
    let text = format!("it is {what}, not a plain file");
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_the_size_that_is_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        let error = read(&path, 4).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert!(error.to_string().contains("5 bytes, and 4 are"), "{error}");
        assert_eq!(read(&folder.path().join("b"), 4).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(read(folder.path(), 4).unwrap_err().to_string().contains("a folder"));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_and_a_device_are_refused_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        for path in [pipe.as_path(), link.as_path(), Path::new("/dev/zero")] {
            let error = read(path, 100).unwrap_err().to_string();
            assert!(error.contains("a pipe or a device"), "{error}");
        }
    }
}
