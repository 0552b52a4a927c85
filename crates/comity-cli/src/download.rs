//! Downloads: the only place that touches the network, and only on request of the user.
//!
//! HTTPS alone (or this machine itself, for tests), no other host, a cap on the size, and a file that is there whole
//! or not at all: what was cut off stays beside it as `.part` and is gone on with. Only files that a download made are
//! replaced: a list in the folder says which they are, and a `.part` has its mark beside it.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use comity_record::{hex, plain_file};
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::Response;

use crate::exit::Trouble;
use crate::output::Output;
use comity_report::plain::clean;

/// How the mark of a download that is not finished begins; the rest is the publisher's own mark of the contents.
const MARK: &str = "begun by comity";

/// Redirects that are followed, all on one host.
const MAX_REDIRECTS: usize = 5;

/// What to download.
#[derive(Debug)]
pub struct RemoteFile {
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
    /// The time for one file in all; none: five minutes, and more for what has come.
    pub within: Option<Duration>,
}

impl Caps {
    /// The time in which so many bytes must have come: five minutes, and a minute for each megabyte.
    fn time(&self, bytes: u64) -> Duration {
        const SLOWEST: u64 = 1024 * 1024 / 60;
        self.within.unwrap_or_else(|| Duration::from_secs(300 + bytes / SLOWEST))
    }
}

/// Downloads a file into a folder; the one that is there already stays if it is the one that is wanted.
pub fn download(file: &RemoteFile, folder: &Path, caps: Caps) -> Result<PathBuf, Trouble> {
    let name = file_name(&file.url)?;
    fs::create_dir_all(folder)
        .map_err(|e| Trouble::new(format!("cannot make {}: {e}", folder.display())))?;
    let path = folder.join(&name);
    let made = Made::of(folder)?;
    match (hash_of(&path), &file.sha256) {
        (Some(is), Some(wanted)) if is == *wanted => return Ok(path),
        (Some(is), _) if made.holds(&name, &is) => {}
        _ if fs::symlink_metadata(&path).is_err() => {}
        _ => return Err(not_made_here(&path)),
    }
    let part = folder.join(format!("{name}.part"));
    receive(&file.url, &part, caps)?;
    let is = hash_of(&part).ok_or_else(|| Trouble::new(format!("{} is gone", part.display())))?;
    if let Some(wanted) = file.sha256.as_ref().filter(|wanted| is != **wanted) {
        Beginning::forget(&part)?;
        return Err(Trouble::new(format!(
            "{} is not the file that was published: its SHA-256 is {is}, not {wanted}",
            clean(&file.url),
        ))
        .help("it was changed on the way or by its publisher; nothing was kept"));
    }
    // It took a while: another file may have come to this name.
    let there = fs::symlink_metadata(&path).is_ok();
    if there && !hash_of(&path).is_some_and(|is| made.holds(&name, &is)) {
        return Err(not_made_here(&path));
    }
    // The list first: a file that is on it by mistake is compared by its contents all the same.
    made.with(&name, &is)?;
    fs::rename(&part, &path).map_err(|e| cannot_write(&path, &e))?;
    let _ = fs::remove_file(Beginning::mark(&part));
    Ok(path)
}

fn not_made_here(path: &Path) -> Trouble {
    let shown = path.display();
    Trouble::new(format!("{shown} is there already, and no download made it as it is now"))
        .help("it is left as it is: move it away, or name another folder with --to")
        .help(format!(
            "if it is the dataset: comity record add {}",
            crate::given::quoted(&path.to_string_lossy())
        ))
}

/// The SHA-256 of a plain file; none where there is none, or a link.
fn hash_of(path: &Path) -> Option<String> {
    if !fs::symlink_metadata(path).ok()?.is_file() {
        return None;
    }
    let (mut file, _) = plain_file::open(path).ok()?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        match file.read(&mut piece).ok()? {
            0 => return Some(hex(&hash.finalize())),
            n => hash.update(&piece[..n]),
        }
    }
}

/// The files of a folder that downloads made: a line each, with its SHA-256.
struct Made {
    list: PathBuf,
    lines: Vec<String>,
}

impl Made {
    /// The most bytes of the list.
    const MOST: u64 = 4 * 1024 * 1024;

    fn of(folder: &Path) -> Result<Self, Trouble> {
        let list = folder.join(".fetched-by-comity");
        let text = match fs::symlink_metadata(&list) {
            Ok(m) if m.is_file() => plain_file::read(&list, Self::MOST)
                .map_err(|e| Trouble::new(format!("cannot read {}: {e}", list.display())))?,
            Ok(_) => {
                return Err(Trouble::new(format!("{} is not a plain file", list.display()))
                    .help("it is left as it is: move it away, or name another folder with --to"));
            }
            Err(_) => Vec::new(),
        };
        let lines = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        Ok(Self { list, lines })
    }

    fn line(name: &str, sha256: &str) -> String {
        format!("{sha256}  {name}")
    }

    /// Whether a download made a file of this name and content.
    fn holds(&self, name: &str, sha256: &str) -> bool {
        self.lines.contains(&Self::line(name, sha256))
    }

    /// Adds a file to the list. The content that the name had before stays on it until the next one.
    fn with(mut self, name: &str, sha256: &str) -> Result<(), Trouble> {
        let line = Self::line(name, sha256);
        let suffix = format!("  {name}");
        let last = self.lines.iter().rposition(|l| l.ends_with(&suffix));
        let mut at = 0;
        self.lines.retain(|l| {
            at += 1;
            *l != line && (!l.ends_with(&suffix) || Some(at - 1) == last)
        });
        self.lines.push(line);
        let mut out = Output::open(Some(&self.list))?;
        for line in &self.lines {
            writeln!(out, "{line}")?;
        }
        out.finish()
    }
}

/// Receives into `part`, from where it stops already if what is published is still the same.
fn receive(url: &str, part: &Path, caps: Caps) -> Result<(), Trouble> {
    let Caps { most, patience, .. } = caps;
    let since = Instant::now();
    Beginning::refuse_foreign(part)?;
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
        // A strong tag distinguishes contents; a weak one (`W/`) does not.
        let tag = header("etag").filter(|tag| tag.starts_with('"'));
        let tag = tag.or_else(|| header("last-modified")).unwrap_or_default();
        let path = Beginning::mark(part);
        let mark = format!("{MARK}\n{tag}");
        let written = OpenOptions::new().write(true).create_new(true).open(&path);
        written
            .and_then(|mut f| f.write_all(mark.as_bytes()))
            .map_err(|e| cannot_write(&path, &e))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).append(resumed).create_new(!resumed);
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
        let time = caps.time(got - begun);
        let left = time.saturating_sub(since.elapsed());
        if left.is_zero() {
            let why = format!("it took longer than {} seconds in all", time.as_secs());
            return Err(
                cut(got, &why).help("if the line is slow, give it more time with --within SECONDS")
            );
        }
        let piece = match pieces.recv_timeout(patience.min(left)) {
            Ok(Ok(piece)) => piece,
            Ok(Err(e)) => return Err(cut(got, &e.to_string())),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if left < patience => continue,
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
    Ok(())
}

/// The body piece by piece, read on a thread of its own: one that stalls is abandoned, and the program goes on.
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

/// What is there of a file, and the mark by which its publisher identifies its contents.
struct Beginning {
    bytes: u64,
    mark: String,
}

impl Beginning {
    /// The beginning of a file; none if there is nothing, or it is not known which contents it is the beginning of.
    fn of(part: &Path) -> Option<Self> {
        let bytes = fs::metadata(part).ok()?.len();
        let mark = Self::tag(part)?;
        (bytes > 0 && !mark.is_empty()).then_some(Self { bytes, mark })
    }

    /// What the mark beside a file says; none: no download of ours began it.
    fn tag(part: &Path) -> Option<String> {
        let mark = Self::mark(part);
        let plain = |path: &Path| fs::symlink_metadata(path).is_ok_and(|m| m.is_file());
        if !plain(&mark) || fs::symlink_metadata(part).is_ok() && !plain(part) {
            return None;
        }
        let text = String::from_utf8(plain_file::read(&mark, 4096).ok()?).ok()?;
        Some(text.strip_prefix(MARK)?.trim().to_owned())
    }

    /// A file of that name that no download of ours began is left as it is.
    fn refuse_foreign(part: &Path) -> Result<(), Trouble> {
        let there = |path: &Path| fs::symlink_metadata(path).is_ok();
        let mark = Self::mark(part);
        if Self::tag(part).is_some() || !there(part) && !there(&mark) {
            return Ok(());
        }
        let foreign = if there(part) { part } else { &mark };
        Err(Trouble::new(format!(
            "{} is there already, and no download began it",
            foreign.display()
        ))
        .help("it is left as it is: move it away, or name another folder with --to"))
    }

    fn mark(part: &Path) -> PathBuf {
        part.with_added_extension("mark")
    }

    /// Takes away what of ours is there.
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
        .timeout_resolve(Some(patience))
        .timeout_connect(Some(patience))
        .timeout_send_request(Some(patience))
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

/// The host of an address that may be used: HTTPS, or plain HTTP to this machine itself.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_used() {
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
    fn time_grows_with_what_has_come() {
        let caps = |within| Caps { most: 1, patience: Duration::ZERO, within };
        assert_eq!(caps(None).time(100), Duration::from_mins(5));
        assert!(caps(None).time(60 * 1024 * 1024) > Duration::from_hours(1));
        assert_eq!(caps(Some(Duration::from_secs(9))).time(1 << 40), Duration::from_secs(9));
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
