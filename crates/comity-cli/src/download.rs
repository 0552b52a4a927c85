//! Downloads: the only place that touches the network, and only when the user asked for it.
//!
//! HTTPS alone (or this machine itself, for tests), no other host, a cap on the size, and a file that is there whole
//! or not at all: what was cut off stays beside it as `.part` and is gone on with.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::Response;

use crate::exit::Trouble;
use comity_report::plain::clean;

/// Redirects that are followed, all on one host.
const MAX_REDIRECTS: usize = 5;

/// What to download.
#[derive(Debug)]
pub struct Asked {
    /// Its address.
    pub url: String,
    /// Its SHA-256 in hexadecimal, where it is known.
    pub sha256: Option<String>,
}

/// How much and how long.
#[derive(Debug, Clone, Copy)]
pub struct Caps {
    /// The most bytes of one file.
    pub most: u64,
    /// No answer, or no byte, for this long is the end of it.
    pub patience: Duration,
}

/// Downloads a file into a folder; the one that is there already stays if it is the one that was asked for.
pub fn download(asked: &Asked, folder: &Path, caps: Caps) -> Result<PathBuf, Trouble> {
    let name = file_name(&asked.url)?;
    fs::create_dir_all(folder)
        .map_err(|e| Trouble::new(format!("cannot make {}: {e}", folder.display())))?;
    let path = folder.join(&name);
    if let (Some(wanted), Ok(bytes)) = (&asked.sha256, fs::read(&path))
        && hex(&bytes) == *wanted
    {
        return Ok(path);
    }
    let part = folder.join(format!("{name}.part"));
    receive(&asked.url, &part, caps)?;
    if let Some(wanted) = &asked.sha256 {
        let bytes = fs::read(&part)?;
        if hex(&bytes) != *wanted {
            fs::remove_file(&part)?;
            return Err(Trouble::new(format!(
                "{} is not the file that was published: its SHA-256 is {}, not {wanted}",
                clean(&asked.url),
                hex(&bytes)
            ))
            .help("it was changed on the way or by its publisher; nothing was kept"));
        }
    }
    fs::rename(&part, &path)?;
    Ok(path)
}

/// Receives into `part`, from where it stops already if what is published is still the same.
fn receive(url: &str, part: &Path, caps: Caps) -> Result<(), Trouble> {
    let Caps { most, patience } = caps;
    let beginning = Beginning::of(part);
    let response = answer(url, beginning.as_ref(), patience)?;
    let status = response.status().as_u16();
    let header =
        |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let resumed = match &beginning {
        Some(beginning) if status == 206 => {
            let from = header("content-range").and_then(|range| first_byte(&range));
            if from != Some(beginning.bytes) {
                Beginning::forget(part)?;
                return receive(url, part, caps);
            }
            true
        }
        Some(_) if status == 416 => {
            // What is there is not the beginning of what is published now.
            Beginning::forget(part)?;
            return receive(url, part, caps);
        }
        _ => false,
    };
    if status != 200 && !resumed {
        return Err(Trouble::new(format!("{} answered {status}", clean(url)))
            .help("the file may have moved: look at the dataset's page (`comity record sources ID`), or give its address with --url"));
    }
    if header("content-type").is_some_and(|t| t.starts_with("text/html")) {
        return Err(Trouble::new(format!("{} answered with a page, not with a file", clean(url)))
            .help("the site wants a form filled in or a click: download it by hand, then `comity record add FILE`"));
    }
    let begun = beginning.filter(|_| resumed).map_or(0, |b| b.bytes);
    let length: Option<u64> = header("content-length").and_then(|l| l.parse().ok());
    let whole = length.map(|l| l.saturating_add(begun));
    let too_large = |bytes: u64| {
        Trouble::new(format!("{} holds {bytes} bytes or more, past the cap of {most}", clean(url)))
            .help("if that is right, raise the cap with --most MB")
    };
    if let Some(bytes) = whole.filter(|b| *b > most) {
        return Err(too_large(bytes));
    }
    if !resumed {
        Beginning::forget(part)?;
        // A strong tag tells one content from another; a weak one (`W/`) does not.
        let tag = header("etag").filter(|tag| tag.starts_with('"'));
        if let Some(mark) = tag.or_else(|| header("last-modified")) {
            let path = Beginning::mark(part);
            fs::write(&path, mark).map_err(|e| cannot_write(&path, &e))?;
        }
    }
    let mut options = OpenOptions::new();
    options.create(true).write(true).append(resumed).truncate(!resumed);
    let mut file = options.open(part).map_err(|e| cannot_write(part, &e))?;
    let bar = bar(&file_name(url)?, whole, begun);
    let pieces = pieces(response.into_body());
    let mut got = begun;
    let cut = |got: u64, why: &str| {
        let of = whole.map(|w| format!(" of {w}")).unwrap_or_default();
        Trouble::new(format!("{} was cut off at {got}{of} bytes ({why})", clean(url)))
            .help("give the same command again: where the server can, it goes on where it stopped")
    };
    loop {
        let piece = match pieces.recv_timeout(patience) {
            Ok(Ok(piece)) => piece,
            Ok(Err(e)) => return Err(cut(got, &e.to_string())),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let why = format!("nothing came for {} seconds", patience.as_secs());
                return Err(cut(got, &why));
            }
        };
        got += piece.len() as u64;
        if got > most {
            drop(file);
            Beginning::forget(part)?;
            return Err(too_large(got));
        }
        file.write_all(&piece).map_err(|e| cannot_write(part, &e))?;
        bar.set_position(got);
    }
    file.sync_all().map_err(|e| cannot_write(part, &e))?;
    bar.finish_and_clear();
    if let Some(whole) = whole.filter(|w| got < *w) {
        return Err(cut(got, &format!("{} are missing", whole - got)));
    }
    let _ = fs::remove_file(Beginning::mark(part));
    Ok(())
}

/// The body piece by piece, read on a thread of its own: one that stalls is left behind, and the program goes on.
fn pieces(body: ureq::Body) -> Receiver<std::io::Result<Vec<u8>>> {
    let (send, receive) = std::sync::mpsc::sync_channel(16);
    std::thread::spawn(move || {
        let mut body = body.into_reader();
        loop {
            let mut piece = vec![0; 64 * 1024];
            let read = match body.read(&mut piece) {
                // The end: the other side sees that nothing more can come.
                Ok(0) => break,
                Ok(n) => {
                    piece.truncate(n);
                    Ok(piece)
                }
                Err(error) => Err(error),
            };
            let failed = read.is_err();
            if send.send(read).is_err() || failed {
                break;
            }
        }
    });
    receive
}

/// What is there of a file, and the mark by which its publisher tells its contents from others.
struct Beginning {
    bytes: u64,
    mark: String,
}

impl Beginning {
    /// The beginning of a file; none if there is nothing, or nothing tells which contents it is the beginning of.
    fn of(part: &Path) -> Option<Self> {
        let bytes = fs::metadata(part).ok()?.len();
        let mark = fs::read_to_string(Self::mark(part)).ok()?;
        (bytes > 0).then_some(Self { bytes, mark })
    }

    fn mark(part: &Path) -> PathBuf {
        part.with_added_extension("mark")
    }

    fn forget(part: &Path) -> Result<(), Trouble> {
        for path in [part.to_owned(), Self::mark(part)] {
            match fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(cannot_write(&path, &e));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// `bytes 300000-999999/1000000` begins at 300000.
fn first_byte(range: &str) -> Option<u64> {
    range.trim().strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}

/// The answer of an address, after redirects on the same host.
fn answer(
    url: &str,
    beginning: Option<&Beginning>,
    patience: Duration,
) -> Result<Response<ureq::Body>, Trouble> {
    let agent: Agent = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_connect(Some(patience))
        .timeout_recv_response(Some(patience))
        .user_agent(concat!("comity/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let host = allowed(url)?;
    let mut at = url.to_owned();
    for _ in 0..=MAX_REDIRECTS {
        let mut request = agent.get(&at);
        if let Some(beginning) = beginning {
            request = request
                .header("range", format!("bytes={}-", beginning.bytes))
                .header("if-range", &beginning.mark);
        }
        let response = request.call().map_err(|e| {
            Trouble::new(format!("cannot reach {}: {e}", clean(&at)))
                .help("try again later, or download the file by hand and `comity record add` it")
        })?;
        if !response.status().is_redirection() {
            return Ok(response);
        }
        let to = response.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or("");
        let next = if to.starts_with('/') { format!("{}{to}", origin(&at)) } else { to.to_owned() };
        if allowed(&next).ok().as_ref() != Some(&host) || scheme(&next) != scheme(url) {
            return Err(Trouble::new(format!(
                "{} sends on to {}, another place",
                clean(url),
                clean(&next)
            ))
            .help(
                "that is not followed: look at it yourself, and if it is right give it with --url",
            ));
        }
        at = next;
    }
    Err(Trouble::new(format!("{} sends on more than {MAX_REDIRECTS} times", clean(url)))
        .help("download the file by hand and `comity record add` it"))
}

fn scheme(url: &str) -> &str {
    url.split_once("://").map_or("", |(scheme, _)| scheme)
}

/// Scheme and host with its port.
fn origin(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + 3);
    let end = url[after..].find(['/', '?', '#']).map_or(url.len(), |at| after + at);
    &url[..end]
}

/// The host of an address that may be asked: HTTPS, or plain HTTP to this machine itself.
fn allowed(url: &str) -> Result<String, Trouble> {
    let host = origin(url).split_once("://").map_or("", |(_, host)| host);
    let bare = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let here = matches!(bare, "127.0.0.1" | "localhost" | "[::1]");
    let plain = !host.is_empty() && !host.contains(['@', ' ', '\\']);
    if plain && (scheme(url) == "https" || scheme(url) == "http" && here) {
        Ok(host.to_ascii_lowercase())
    } else {
        Err(Trouble::new(format!("`{}` is no address on HTTPS", clean(url)))
            .help("give one that begins with https://"))
    }
}

/// The last part of an address as a file name: letters, digits and `.-_` alone.
fn file_name(url: &str) -> Result<String, Trouble> {
    let path = url[origin(url).len()..].split(['?', '#']).next().unwrap_or("");
    let last = path.rsplit('/').next().unwrap_or("");
    let name: String = last
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' })
        .take(120)
        .collect();
    let name = name.trim_start_matches('.').to_owned();
    if name.is_empty() {
        return Err(Trouble::new(format!("`{}` names no file", clean(url))));
    }
    Ok(name)
}

fn bar(name: &str, whole: Option<u64>, begun: u64) -> ProgressBar {
    let bar = whole.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes}") {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(name.to_owned());
    bar.set_position(begun);
    bar
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Trouble {
    Trouble::new(format!("cannot write {}: {error}", path.display()))
        .help("name another folder with --to")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_asked() {
        assert_eq!(allowed("https://Example.org/a.zip").unwrap(), "example.org");
        assert!(allowed("http://127.0.0.1:80/a").is_ok());
        for url in [
            "http://example.org/a",
            "ftp://example.org/a",
            "https:///a",
            "file:///etc/passwd",
            "https://a@b/c",
            "http://127.0.0.1.evil.org/a",
        ] {
            assert!(allowed(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_range_says_where_it_begins() {
        assert_eq!(first_byte("bytes 300-999/1000"), Some(300));
        assert_eq!(first_byte("bytes */1000"), None);
        assert_eq!(first_byte("items 1-2"), None);
    }

    #[test]
    fn a_name_in_an_address_is_no_path() {
        assert_eq!(file_name("https://a.org/x/atop 5.zip?x=1").unwrap(), "atop_5.zip");
        assert_eq!(file_name("https://a.org/..%2f..").unwrap(), "_2f..");
        assert!(file_name("https://a.org/").is_err() && file_name("https://a.org").is_err());
    }
}
