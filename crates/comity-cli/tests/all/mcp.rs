//! `comity mcp` at the level of its messages: the handshake, schemas, answers, refusals; and over HTTP, who may ask.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
    command.arg("mcp").args(args);
    command.env("COMITY_RECORD", "no/record/here").env("COMITY_CACHE", "off");
    command
}

struct Client {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    id: u64,
}

impl Client {
    fn start() -> Self {
        let mut child = program(&[]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut client = Self { child, to, from: BufReader::new(from), id: 0 };
        let said = client.ask("initialize", &initialize());
        assert_eq!(said["result"]["serverInfo"]["name"], "comity");
        client.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        client
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.to, "{message}").unwrap();
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.id += 1;
        self.send(
            &json!({ "jsonrpc": "2.0", "id": self.id, "method": method, "params": parameters }),
        );
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(said["id"], self.id);
        said
    }

    /// The text of an answer, and whether it is an error.
    fn call(&mut self, tool: &str, arguments: &Value) -> (String, bool) {
        let said = self.ask("tools/call", &json!({ "name": tool, "arguments": arguments }));
        let result = &said["result"];
        let text = result["content"][0]["text"].as_str().map(str::to_owned);
        (text.unwrap_or_else(|| said.to_string()), result["isError"] == json!(true))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn initialize() -> Value {
    json!({
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    })
}

#[test]
fn every_tool_says_what_it_takes_and_refuses_the_rest() {
    let mut client = Client::start();
    let listed = client.ask("tools/list", &json!({}));
    let tools = listed["result"]["tools"].as_array().unwrap().clone();
    assert_eq!(tools.len(), 10);
    for tool in &tools {
        let name = tool["name"].as_str().unwrap();
        assert!(tool["description"].as_str().is_some_and(|d| d.len() > 40), "{name}");
        assert_eq!(tool["annotations"]["readOnlyHint"], json!(true), "{name}");
        let schema = &tool["inputSchema"];
        assert_eq!(schema["additionalProperties"], json!(false), "{name}");
        for (field, about) in schema["properties"].as_object().unwrap() {
            assert!(about["description"].is_string(), "{name}: {field}");
        }
        let refused =
            client.ask("tools/call", &json!({ "name": name, "arguments": { "bogus": 1 } }));
        assert!(refused.to_string().contains("bogus"), "{name}: {refused}");
    }
}

#[test]
fn answers_come_with_their_sources_and_what_is_unknown() {
    let mut client = Client::start();
    let (text, failed) = client.call("audit", &json!({ "state": "CHN" }));
    assert!(
        !failed && text.contains("no-great-power-alliance") && text.contains("Sources:"),
        "{text}"
    );
    assert!(text.contains("unknown in every year: "), "{text}");
    let asked = json!({ "state": "CHN", "commitment": "no-great-power-alliance", "year": 1955 });
    let (text, failed) = client.call("why", &asked);
    assert!(!failed && text.contains("broken") && text.contains("starter-treaties"), "{text}");
    let (text, failed) =
        client.call("advise", &json!({ "state": "CHN", "acts": ["veto a draft in 2026"] }));
    assert!(!failed, "{text}");
}

#[test]
fn hostile_arguments_are_refused_like_anyones() {
    let mut client = Client::start();
    let long = "x".repeat(100_000);
    for (tool, arguments, says) in [
        ("audit", json!({ "state": "Chnia" }), "China"),
        ("audit", json!({ "state": long }), "no state is known"),
        ("audit", json!({ "state": "CHN", "from": 1990, "to": 1950 }), "1950"),
        ("audit", json!({ "state": "CHN", "policy": "../../etc/passwd" }), "there is no policy"),
        ("why", json!({ "state": "CHN", "commitment": "no-use-of-farce" }), "no-use-of-force"),
        ("query", json!({ "sql": "delete from states" }), "error: "),
        ("query", json!({ "sql": "select * from '/etc/passwd'" }), "error: "),
        ("query", json!({ "sql": "select 1 as x", "limit": 1_000_000 }), "500"),
        ("panel", json!({ "unit": "dyad-yaers" }), "dyad-years"),
        ("measure", json!({ "name": "s_scor" }), "s_score"),
        ("verdicts", json!({ "verdicts": ["brokn"] }), "broken"),
        ("verdicts", json!({ "show": "\u{1b}[31mall" }), "cannot be shown"),
        ("advise", json!({ "state": "CHN", "acts": ["be nice"] }), "no act"),
    ] {
        let (text, failed) = client.call(tool, &arguments);
        assert!(failed && text.starts_with("error: "), "{tool} {arguments:.80}: {text}");
        assert!(
            text.contains(says) && !text.contains('\u{1b}') && text.len() < 40_000,
            "{tool}: {text}"
        );
    }
    // It still answers.
    let (text, failed) = client.call("states", &json!({ "find": "Korea" }));
    assert!(!failed && text.contains("PRK 731"), "{text}");
}

#[test]
fn documents_are_listed_and_read() {
    let mut client = Client::start();
    let listed = client.ask("resources/list", &json!({}));
    let all = listed["result"]["resources"].as_array().unwrap().clone();
    assert!(all.iter().any(|r| r["uri"] == "comity://policy/independent-peace"));
    let read = client.ask("resources/read", &json!({ "uri": "comity://codebook/vetoes" }));
    assert!(read["result"]["contents"][0]["text"].as_str().unwrap().contains("draft"), "{read}");
    let read = client.ask("resources/read", &json!({ "uri": "comity://codebook/vetos" }));
    assert!(read["error"]["message"].as_str().unwrap().contains("vetoes"), "{read}");
    let read = client.ask("resources/read", &json!({ "uri": "file:///etc/passwd" }));
    assert!(read["error"]["message"].is_string(), "{read}");
}

/// The status line and the rest of an answer to one request.
fn http(port: u16, host: &str, origin: Option<&str>, body: &Value) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let body = body.to_string();
    let origin = origin.map_or_else(String::new, |o| format!("Origin: {o}\r\n"));
    write!(
        stream,
        "POST /mcp HTTP/1.1\r\nHost: {host}\r\n{origin}Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    // A stream of events stays open: what was sent first is enough.
    while let Ok(n) = stream.read(&mut piece) {
        said.extend_from_slice(&piece[..n]);
        if n == 0 || String::from_utf8_lossy(&said).contains("serverInfo") {
            break;
        }
    }
    String::from_utf8_lossy(&said).into_owned()
}

#[test]
fn over_http_only_this_machine_and_no_page_of_others_may_ask() {
    let mut child = program(&["--http", "--port", "0"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let port = line.trim().trim_end_matches("/mcp").rsplit(':').next().unwrap().parse().unwrap();
    let host = format!("127.0.0.1:{port}");
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": initialize() });
    let said = http(port, &host, None, &body);
    let foreign_host = http(port, "evil.example", None, &body);
    let foreign_page = http(port, &host, Some("http://evil.example"), &body);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(said.starts_with("HTTP/1.1 200") && said.contains("comity"), "{said}");
    assert!(foreign_host.starts_with("HTTP/1.1 403"), "{foreign_host}");
    assert!(foreign_page.starts_with("HTTP/1.1 403"), "{foreign_page}");
}
