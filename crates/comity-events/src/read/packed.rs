//! The text files behind a path: itself, or what is packed in it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use comity_record::foreign::clean;
use comity_record::plain_file;

use crate::error::{Error, io};

/// Bytes that a packed file of any size may unpack to, and how many more for each of its bytes.
const FREE_UNPACKED: u64 = 256 * 1024 * 1024;
const MAX_RATIO: u64 = 200;
/// Members that a zip may have.
const MAX_MEMBERS: usize = 100_000;

/// A text on its way out of a file.
pub(crate) type Text<'a> = Box<dyn Read + Send + 'a>;

/// What comes of a member: it was used, or it is of no known kind, for this reason.
pub(crate) enum Used {
    Yes,
    No(String),
}

/// The name of a file as it is shown.
pub(crate) fn shown(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    clean(&name).into_owned()
}

/// A reader that ends in an error where more comes than was packed.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            let text = format!(
                "it unpacks to more than {MAX_RATIO} times its size: unpack it by hand if it is genuine"
            );
            std::io::Error::new(std::io::ErrorKind::FileTooLarge, text)
        })?;
        Ok(read)
    }
}

fn bounded<R: Read>(inner: R, packed: u64) -> Bounded<R> {
    Bounded { inner, left: packed.saturating_mul(MAX_RATIO).saturating_add(FREE_UNPACKED) }
}

/// Hands every text behind a path to `used`, with its name. Returns the members of a zip that are of no known kind; where none is
/// of a known kind, that is an error.
///
/// # Errors
/// A file that cannot be read, that is damaged, or in which nothing is known; those of `used`.
pub(crate) fn each(
    path: &Path,
    mut used: impl FnMut(&str, Text<'_>) -> Result<Used, Error>,
) -> Result<Vec<String>, Error> {
    let name = shown(path);
    let open = || plain_file::open(path).map_err(io("cannot read", path));
    let (mut file, metadata) = open()?;
    let size = metadata.len();
    let mut head = Vec::new();
    (&mut file).take(4).read_to_end(&mut head).map_err(io("cannot read", path))?;
    let file = open()?.0;
    let unknown = |reason| Error::Unrecognised { file: name.clone(), reason };
    match head[..] {
        [] => Err(unknown("it is empty".into())),
        [b'P', b'K', 3 | 5, 4 | 6] => members(file, &name, size, used),
        [0x1F, 0x8B, ..] => {
            let text = flate2::bufread::MultiGzDecoder::new(BufReader::new(file));
            match used(&name, Box::new(bounded(text, size)))? {
                Used::Yes => Ok(Vec::new()),
                Used::No(reason) => Err(unknown(reason)),
            }
        }
        _ => match used(&name, Box::new(file))? {
            Used::Yes => Ok(Vec::new()),
            Used::No(reason) => Err(unknown(reason)),
        },
    }
}

fn members(
    file: File,
    name: &str,
    size: u64,
    mut used: impl FnMut(&str, Text<'_>) -> Result<Used, Error>,
) -> Result<Vec<String>, Error> {
    let broken = |reason| Error::Broken { file: name.to_owned(), line: None, reason };
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).map_err(|e| {
        broken(format!("it is a zip that is cut off or damaged ({e}): get it anew"))
    })?;
    if zip.len() > MAX_MEMBERS {
        return Err(broken(format!("it holds {} members", zip.len())));
    }
    let (mut others, mut known) = (Vec::new(), 0);
    for at in 0..zip.len() {
        let member = zip
            .by_index(at)
            .map_err(|e| broken(format!("member {} cannot be unpacked ({e})", at + 1)))?;
        if !member.is_file() {
            continue;
        }
        let inside = format!("{name}: {}", clean(&member.name().unwrap_or_default()));
        let packed = member.compressed_size().min(size);
        match used(&inside, Box::new(bounded(member, packed)))? {
            Used::Yes => known += 1,
            Used::No(reason) => others.push(format!("{inside}: {reason}")),
        }
    }
    if known == 0 {
        let file = name.to_owned();
        let first = others.first().map_or("it holds no file", |o| o.as_str());
        return Err(Error::Unrecognised { file, reason: first.to_owned() });
    }
    Ok(others)
}
