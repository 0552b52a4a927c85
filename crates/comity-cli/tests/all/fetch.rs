//! Downloads, against a server on this machine that answers a given number of requests and stops.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread::JoinHandle;

use assert_cmd::Command;

const HEADER: &str = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n";

/// What a server answers, given the `Range` that was asked for; with a tag that says of which contents.
type Answer = Box<dyn Fn(Option<String>) -> Vec<u8> + Send>;

/// Serves one answer per connection; returns its address.
fn serve(answers: Vec<Answer>) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut range = None;
            for line in BufReader::new(stream.try_clone().unwrap()).lines() {
                let line = line.unwrap().to_ascii_lowercase();
                if line.is_empty() {
                    break;
                }
                range = line.strip_prefix("range: ").map(str::to_owned).or(range);
                // A range is only asked for of the contents that were begun.
                assert!(!line.starts_with("if-range: ") || line == "if-range: \"one\"", "{line}");
            }
            let _ = stream.write_all(&answer(range));
        }
    });
    (address, server)
}

fn ok(kind: &str, body: &str, length: usize) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\netag: \"one\"\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

fn rest(from: usize, body: &str) -> Vec<u8> {
    let (length, last) = (body.len(), from + body.len());
    format!("HTTP/1.1 206 Partial Content\r\ncontent-length: {length}\r\ncontent-range: bytes {from}-{}/{last}\r\nconnection: close\r\n\r\n{body}", last - 1).into_bytes()
}

fn redirect(to: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
    .into_bytes()
}

fn fetch(folder: &Path, url: &str, more: &[&str]) -> (bool, String) {
    let record = folder.join("record");
    let output = Command::cargo_bin("comity")
        .unwrap()
        .args(["record", "fetch", "cow-nmc", "--url", url, "--to"])
        .arg(folder)
        .arg("--record")
        .arg(&record)
        .args(more)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), said)
}

#[test]
fn a_download_that_is_cut_off_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let body = format!("{HEADER}CUN,9,1900,1,1,1,1,1,1,.1,2021\n");
    let (first, rest) = body.split_at(40);
    let (first, second, length) = (first.to_owned(), rest.to_owned(), body.len());
    let (url, server) = serve(vec![
        Box::new(move |range| {
            assert_eq!(range, None);
            ok("text/csv", &first, length)
        }),
        Box::new(move |range| {
            assert_eq!(range.as_deref(), Some("bytes=40-"));
            self::rest(40, &second)
        }),
    ]);
    let url = format!("{url}/nmc.csv");
    let (done, said) = fetch(folder.path(), &url, &["--no-add"]);
    assert!(
        !done && said.contains("was cut off at 40 of") && said.contains("goes on where it stopped"),
        "{said}"
    );
    assert!(!folder.path().join("nmc.csv").exists());
    let (done, said) = fetch(folder.path(), &url, &["--no-add"]);
    assert!(done, "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("nmc.csv")).unwrap(), body);
    assert!(!folder.path().join("nmc.csv.part").exists());
    server.join().unwrap();
}

#[test]
fn what_changed_meanwhile_is_begun_anew() {
    const NEW: &str = "a,b\n3,4\n5,6\n";
    // The server sends the whole of what it has now, or a rest that does not fit what was begun.
    let whole: fn() -> Vec<Answer> = || vec![Box::new(|_| ok("text/csv", NEW, NEW.len()))];
    let misfit: fn() -> Vec<Answer> =
        || vec![Box::new(|_| rest(0, NEW)), Box::new(|_| ok("text/csv", NEW, NEW.len()))];
    for then in [whole, misfit] {
        let folder = tempfile::tempdir().unwrap();
        let mut answers: Vec<Answer> = vec![Box::new(|_| ok("text/csv", "a,b\n1", 100))];
        answers.extend(then());
        let (url, server) = serve(answers);
        let url = format!("{url}/a.csv");
        let (done, said) = fetch(folder.path(), &url, &["--no-add"]);
        assert!(!done && said.contains("was cut off at 5 of 100"), "{said}");
        let (done, said) = fetch(folder.path(), &url, &["--no-add"]);
        assert!(done, "{said}");
        assert_eq!(fs::read_to_string(folder.path().join("a.csv")).unwrap(), NEW);
        // The file, and the list of those that downloads made.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        server.join().unwrap();
    }
}

#[test]
fn a_server_that_falls_silent_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/a.csv", listener.local_addr().unwrap());
    let (over, wait) = std::sync::mpsc::channel::<()>();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.write_all(&ok("text/csv", "a,b\n", 100));
        // Open, and nothing more, until the client has given up.
        let _ = wait.recv();
    });
    let (done, said) = fetch(folder.path(), &url, &["--no-add", "--timeout", "1"]);
    assert!(!done && said.contains("nothing came for 1 seconds"), "{said}");
    drop(over);
    server.join().unwrap();
}

#[test]
fn a_server_that_drips_is_left_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/a.csv", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.write_all(&ok("text/csv", "a,b\n", 1_000_000));
        // A byte now and then, for as long as someone listens.
        while stream.write_all(b"1").is_ok() {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    });
    let more = ["--no-add", "--timeout", "30", "--within", "1"];
    let (done, said) = fetch(folder.path(), &url, &more);
    assert!(!done && said.contains("it took longer than 1 seconds in all"), "{said}");
    assert!(said.contains("--within"), "{said}");
    server.join().unwrap();
}

#[test]
fn only_what_a_download_made_is_replaced() {
    let serve_one = |body: &'static str| {
        let (url, server) = serve(vec![Box::new(move |_| ok("text/csv", body, body.len()))]);
        (format!("{url}/a.csv"), server)
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.csv");
    // Made by a download, and replaced by the next.
    for body in ["a,b\n1,2\n", "a,b\n3,4\n"] {
        let (url, server) = serve_one(body);
        let (done, said) = fetch(folder.path(), &url, &["--no-add"]);
        assert!(done, "{said}");
        server.join().unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), body);
    }
    // Changed since, or never made by one: nothing is even asked for.
    for (name, expected) in [
        ("a.csv", "no download made it"),
        ("a.csv.part", "no download began it"),
        ("a.csv.part.mark", "no download began it"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, "mine").unwrap();
        let (done, said) = fetch(folder.path(), "http://127.0.0.1:1/a.csv", &["--no-add"]);
        assert!(!done && said.contains(expected) && said.contains("--to"), "{name}: {said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        fs::remove_file(path).unwrap();
    }
    #[cfg(unix)]
    for name in ["a.csv", "a.csv.part", "a.csv.part.mark", ".fetched-by-comity"] {
        let (target, link) = (folder.path().join("target"), folder.path().join(name));
        fs::write(&target, "mine").unwrap();
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let (url, server) = serve(vec![]);
        server.join().unwrap();
        let (done, said) = fetch(folder.path(), &format!("{url}/a.csv"), &["--no-add"]);
        assert!(!done, "{said}");
        assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
        fs::remove_file(link).unwrap();
    }
}

#[test]
fn what_is_fetched_is_checked_like_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let body = format!("{HEADER}CUN,9,1900,1,1,1,1,1,1,.1,2021\n");
    let (url, server) = serve(vec![Box::new(move |_| ok("text/csv", &body, body.len()))]);
    let (done, said) = fetch(folder.path(), &format!("{url}/nmc.csv"), &[]);
    assert!(!done && said.contains("1 rows where cow-nmc-6.0 was published with"), "{said}");
    server.join().unwrap();
}

#[test]
fn another_host_a_page_and_a_file_past_the_cap_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (answer, expected) in [
        (
            redirect("https://elsewhere.example/a.csv"),
            "sends on to https://elsewhere.example/a.csv, another place",
        ),
        (redirect("ftp://127.0.0.1/a.csv"), "another place"),
        (ok("text/html; charset=utf-8", "<html>", 6), "answered with a page, not with a file"),
        (ok("text/csv", "a", 3 * 1024 * 1024), "past the cap of 1048576"),
        (
            b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_vec(),
            "answered 404",
        ),
    ] {
        let (url, server) = serve(vec![Box::new(move |_| answer.clone())]);
        let (done, said) = fetch(folder.path(), &format!("{url}/a.csv"), &["--most", "1"]);
        assert!(!done && said.contains(expected) && said.contains("help: "), "{said}");
        assert!(!folder.path().join("a.csv").exists());
        server.join().unwrap();
    }
    let (done, said) = fetch(folder.path(), "http://example.org/a.csv", &[]);
    assert!(!done && said.contains("is no address on HTTPS"), "{said}");
}

#[test]
fn a_redirect_on_the_same_host_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let body = "a,b\n1,2\n";
    let (url, server) = serve(vec![
        Box::new(|_| redirect("/b.csv")),
        Box::new(move |_| ok("text/csv", body, body.len())),
    ]);
    let (done, said) = fetch(folder.path(), &format!("{url}/a.csv"), &["--no-add"]);
    assert!(done, "{said}");
    assert_eq!(fs::read_to_string(folder.path().join("a.csv")).unwrap(), body);
    server.join().unwrap();
}
