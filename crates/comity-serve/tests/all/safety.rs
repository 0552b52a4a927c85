//! Names that would run, hosts that are not ours, clients that hold on, and a record that is replaced.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use comity::{Layer, Policy, Record};
use comity_datasets::own;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::table;
use comity_serve::Held;

use crate::client::Server;

const SCRIPT: &str = "<script>alert(1)</script>";

/// A policy whose every text would run if it could.
const HOSTILE: &str = r#"+++
id = "hostile"
title = "<script>alert(1)</script> & \"policy\""
principles = ["respect"]
+++

# Part <script>alert(1)</script>

## Not <script>alert(1)</script> {#no-script .refrain principles="respect"}

Prose <script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)).

```sql evidence name=found
select v.ccode as state, v.year, 'breach' as severity, '<script>alert(1)</script> " onclick="alert(1)' as what,
       '=<script>alert(1)</script>' as label, v.source, v.source_row
from vetoes v
```
"#;

/// The record inside the program with one more state, of a name that would run, which cast a veto.
fn record() -> Record {
    let rows = |name: &'static str, cells: &[(&str, Value)]| {
        let mut rows = TableRows::new(table(name).unwrap(), "hostile");
        rows.push(cells, SCRIPT);
        rows.finish()
    };
    let year = |y: i32| Value::from(y);
    let state = [
        ("ccode", 991.into()),
        ("abbr", "<X>".into()),
        ("name", SCRIPT.into()),
        ("start_year", year(1950)),
    ];
    let veto = [("draft", "S/1".into()), ("ccode", 991.into()), ("year", year(1999))];
    let mut layer = Layer::new("hostile", SCRIPT)
        .rows("states", rows("states", &state))
        .rows("vetoes", rows("vetoes", &veto));
    layer.bundle.source.citation = SCRIPT.into();
    layer.bundle.source.licence = SCRIPT.into();
    layer.bundle.source.url = "javascript:alert(1)".into();
    Record::starter().with(layer).unwrap()
}

fn hostile() -> Server {
    let record = record();
    let policy = Policy::parse("hostile.md", HOSTILE, &record).unwrap();
    Server::start(Held::Memory(record), vec![policy])
}

fn is_harmless(address: &str, html: &str) {
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let name = tag.split_whitespace().next().unwrap_or_default();
        if name == "script" {
            assert_eq!(tag, "script src=\"/script.js\" defer", "{address}");
        }
        assert!(
            !matches!(name, "img" | "iframe" | "object" | "base" | "style"),
            "{address}: <{tag}>"
        );
        // Attribute values lose their quotes with what stands in them.
        let outside: String = tag.split('"').step_by(2).collect();
        for attribute in [" onclick", " onerror", " onload", " style=", " srcdoc"] {
            assert!(!outside.contains(attribute), "{address}: <{tag}>");
        }
        assert!(!tag.contains("href=\"javascript"), "{address}: <{tag}>");
    }
}

#[test]
fn names_that_would_run_are_text() {
    let server = hostile();
    let mut seen = 0;
    for address in [
        "/",
        "/state/991",
        "/state/991?by=principle",
        "/state/991/no-script",
        "/state/991/no-script?year=1999",
        "/commitments",
        "/commitment/no-script?year=1999&state=991",
        "/compare?states=991,RUS",
        "/record",
        "/record?find=<script>alert(1)</script>",
        "/tables",
        "/lesson",
        "/lesson?a1=<script>alert(1)</script>",
        "/dyad/991/RUS",
        "/dyad/<script>alert(1)</script>/RUS",
        "/query?sql=<script>alert(1)</script>",
        "/policy",
        "/policy?commitment=<script>alert(1)</script>",
        "/compare?states=<script>alert(1)</script>,RUS",
        "/state/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/state/991/%22onclick=%22alert(1)",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/state/991?policy=%3Cscript%3Ealert(1)%3C/script%3E",
        "/state/991?%3Cscript%3E=1",
        "/state/991?from=%3Cscript%3E",
    ] {
        let answer = server.get(&address.replace('<', "%3C").replace('>', "%3E"));
        is_harmless(address, &answer.body);
        assert!(
            answer.head.contains("content-security-policy: default-src 'none'; script-src 'self'"),
            "{address}: {}",
            answer.head
        );
        assert!(!answer.head.contains("unsafe"), "{}", answer.head);
        seen += usize::from(answer.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(
            answer.status == 200 || !answer.body.contains("panicked"),
            "{address}: {}",
            answer.status
        );
    }
    assert!(seen >= 8, "the names are shown on {seen} pages only");
    let svg = server.get("/state/991?format=svg&part=verdicts");
    assert!(
        svg.head.contains("sandbox") && svg.head.contains("default-src 'none'"),
        "{}",
        svg.head
    );
    assert!(svg.body.starts_with("<svg") && !svg.body.contains("<script"), "{}", svg.body);
    let csv = server.get("/state/991/no-script?format=csv&part=evidence");
    assert!(csv.body.lines().nth(1).unwrap().contains("<script>"), "{}", csv.body);
    assert!(csv.head.contains("text/csv"), "{}", csv.head);
    let json = server.get("/state/991/no-script?format=json");
    assert!(json.head.contains("application/json") && json.head.contains("nosniff"));
}

#[test]
fn only_our_hosts_and_our_own_forms_are_served() {
    let server = hostile();
    let asked = |head: &str| server.ask(&format!("{head}\r\nConnection: close\r\n\r\n")).status;
    assert_eq!(asked("GET /style.css HTTP/1.1\r\nHost: evil.example"), 403);
    assert_eq!(
        asked(&format!("GET /style.css HTTP/1.1\r\nHost: evil.example:{}", server.at.port())),
        403
    );
    assert_eq!(asked("GET /style.css HTTP/1.1"), 400);
    assert_eq!(asked("GET /style.css HTTP/1.1\r\nHost: localhost"), 200);
    assert_eq!(
        asked(
            "POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nContent-Length: 0"
        ),
        403
    );
    assert_eq!(asked("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0"), 405);
    assert_eq!(asked("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999"), 413);
    assert_eq!(
        asked("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999"),
        400
    );
}

#[test]
fn what_is_not_there_is_said_with_the_way_out() {
    let server = hostile();
    let missing = server.get("/state/Chima");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("href=\"/state/CHN\""), "{}", missing.body);
    assert_eq!(server.get("/state/CHN/no-scripts").status, 404);
    assert!(server.get("/state/CHN/no-scripts").body.contains("href=\"/state/CHN/no-script\""));
    assert_eq!(server.get("/nowhere").status, 404);
    assert_eq!(server.get("/state/CHN/no-script?year=1700").status, 404);
    assert_eq!(server.get("/state/CHN?format=xml").status, 400);
    let json = server.get("/state/Chima?format=json");
    assert!(json.status == 404 && json.body.starts_with("{\"error\":"), "{}", json.body);
    let go = server.get("/go?state=West%20Germany");
    assert!(go.status == 303 && go.head.contains("location: /state/GFR"), "{}", go.head);
}

#[test]
fn slow_clients_hold_nobody_up() {
    let mut server = hostile();
    server.get("/");
    let mut held = Vec::new();
    for _ in 0..400 {
        let mut stream = TcpStream::connect(server.at).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").unwrap();
        held.push(stream);
    }
    // Answers that nobody takes off.
    for _ in 0..20 {
        let mut stream = TcpStream::connect(server.at).unwrap();
        let request = format!("GET /script.js HTTP/1.1\r\nHost: {}\r\n\r\n", server.at);
        for _ in 0..50 {
            stream.write_all(request.as_bytes()).unwrap();
        }
        held.push(stream);
    }
    let begun = Instant::now();
    assert_eq!(server.get("/style.css").status, 200);
    assert_eq!(server.get("/").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let took = server.end();
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn a_head_without_end_is_refused() {
    let server = hostile();
    let long = "a".repeat(100_000);
    let mut stream = TcpStream::connect(server.at).unwrap();
    let sent = stream
        .write_all(format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\n\r\n").as_bytes());
    if sent.is_ok() {
        let status = server.ask(&format!("GET /{long} HTTP/1.1\r\nHost: localhost\r\n\r\n")).status;
        assert!(matches!(status, 0 | 400 | 414 | 431), "{status}");
    }
    assert_eq!(server.get("/style.css").status, 200);
}

#[test]
fn a_record_that_is_replaced_is_picked_up_whole() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("record");
    let store = Record::store(&at);
    let starter = Record::starter();
    let add = |version: &str, year: i32| {
        let file = folder.path().join(format!("mine-{version}.csv"));
        std::fs::write(&file, format!("draft,ccode,year\nS/9{year},710,{year}\n")).unwrap();
        let own =
            own::Own { table: "vetoes", years: None, scope: None, title: None, citation: None };
        store.add(&[own::read(&file, &own, starter.tables().states().unwrap()).unwrap()]).unwrap();
    };
    add("a", 1988);
    let policy = Policy::parse("hostile.md", HOSTILE, &Record::open(&at).unwrap()).unwrap();
    let server = Server::start(Held::Folder(at), vec![policy]);
    let found = |year: i32| {
        server
            .get(&format!("/state/CHN/no-script?year={year}&format=json"))
            .body
            .contains(&format!("S/9{year}"))
    };
    assert!(found(1988) && !found(1991));
    add("b", 1991);
    let begun = Instant::now();
    while !found(1991) {
        assert!(found(1988), "half of a record was shown");
        assert!(begun.elapsed() < Duration::from_mins(2), "the new record was not picked up");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(found(1988));
}
