//! Downloads: the only place that touches the network, and only when the user asked for it.
//!
//! HTTPS alone (or this machine itself, for tests), no other host, a cap on the size, and a file that is there whole
//! or not at all: what was cut off stays beside it as `.part` and is gone on with.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::Response;

use crate::exit::Trouble;
use crate::render::plain::clean;

/// Redirects that are followed, all on one host.
const MAX_REDIRECTS: usize = 5;
/// No answer, or no byte, for this long.
const PATIENCE: Duration = Duration::from_mins(1);

/// What to download.
#[derive(Debug)]
pub struct Asked {
    /// Its address.
    pub url: String,
    /// Its SHA-256 in hexadecimal, where it is known.
    pub sha256: Option<String>,
}

/// Downloads a file into a folder; the one that is there already stays if it is the one that was asked for.
pub fn download(asked: &Asked, folder: &Path, most: u64) -> Result<PathBuf, Trouble> {
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
    receive(&asked.url, &part, most)?;
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

/// Receives into `part`, from where it stops already.
fn receive(url: &str, part: &Path, most: u64) -> Result<(), Trouble> {
    let have = fs::metadata(part).map_or(0, |m| m.len());
    let response = answer(url, have)?;
    let status = response.status().as_u16();
    let header =
        |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let resumed = status == 206 && have > 0;
    if status == 416 && have > 0 {
        // What is there is not the beginning of what is published now.
        fs::remove_file(part)?;
        return receive(url, part, most);
    }
    if status != 200 && !resumed {
        return Err(Trouble::new(format!("{} answered {status}", clean(url)))
            .help("the file may have moved: look at the dataset's page (`comity record sources ID`), or give its address with --url"));
    }
    if header("content-type").is_some_and(|t| t.starts_with("text/html")) {
        return Err(Trouble::new(format!("{} answered with a page, not with a file", clean(url)))
            .help("the site wants a form filled in or a click: download it by hand, then `comity record add FILE`"));
    }
    let begun = if resumed { have } else { 0 };
    let length: Option<u64> = header("content-length").and_then(|l| l.parse().ok());
    let whole = length.map(|l| l.saturating_add(begun));
    let too_large = |bytes: u64| {
        Trouble::new(format!("{} holds {bytes} bytes or more, past the cap of {most}", clean(url)))
            .help("if that is right, raise the cap with --most MB")
    };
    if let Some(bytes) = whole.filter(|b| *b > most) {
        return Err(too_large(bytes));
    }
    let mut options = OpenOptions::new();
    options.create(true).write(true).append(resumed).truncate(!resumed);
    let mut file = options.open(part).map_err(|e| cannot_write(part, &e))?;
    let bar = bar(&file_name(url)?, whole, begun);
    let mut body = response.into_body().into_reader();
    let mut got = begun;
    let mut buffer = vec![0; 64 * 1024];
    let cut = |got: u64, why: &str| {
        let of = whole.map(|w| format!(" of {w}")).unwrap_or_default();
        Trouble::new(format!("{} was cut off at {got}{of} bytes ({why})", clean(url)))
            .help("give the same command again: it goes on where it stopped")
    };
    loop {
        let n = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) => return Err(cut(got, &e.to_string())),
        };
        got += n as u64;
        if got > most {
            drop(file);
            fs::remove_file(part)?;
            return Err(too_large(got));
        }
        file.write_all(&buffer[..n]).map_err(|e| cannot_write(part, &e))?;
        bar.set_position(got);
    }
    file.sync_all().map_err(|e| cannot_write(part, &e))?;
    bar.finish_and_clear();
    if let Some(whole) = whole.filter(|w| got < *w) {
        return Err(cut(got, &format!("{} are missing", whole - got)));
    }
    Ok(())
}

/// The answer of an address, after redirects on the same host.
fn answer(url: &str, have: u64) -> Result<Response<ureq::Body>, Trouble> {
    let agent: Agent = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .user_agent(concat!("comity/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let host = allowed(url)?;
    let mut at = url.to_owned();
    for _ in 0..=MAX_REDIRECTS {
        let mut request = agent.get(&at);
        if have > 0 {
            request = request.header("range", format!("bytes={have}-"));
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
    fn a_name_in_an_address_is_no_path() {
        assert_eq!(file_name("https://a.org/x/atop 5.zip?x=1").unwrap(), "atop_5.zip");
        assert_eq!(file_name("https://a.org/..%2f..").unwrap(), "_2f..");
        assert!(file_name("https://a.org/").is_err() && file_name("https://a.org").is_err());
    }
}
