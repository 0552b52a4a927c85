//! From a request to an answer: what is asked, the page made on a thread of its own, and its bytes.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request, State as At};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method as Verb, StatusCode, Uri};
use axum::response::Response;
use serde_json::json;
use tokio::sync::Semaphore;

use super::guard::Hosts;
use crate::app::{App, Now};
use crate::ask::{Ask, Format};
use crate::cache::Answer;
use crate::pages::{Method, PAGES, Page};
use crate::refusal::Refusal;
use crate::view::View;
use crate::{layout, openapi};

/// Bytes of a form: a policy document with room to spare.
pub const BODY: usize = 4 << 20;
/// How long a request may take: the body, the wait for a turn, and the work.
const TIME: Duration = Duration::from_secs(20);
/// The same where a page or form starts work that has its own limit.
const LONG: Duration = Duration::from_secs(90);

/// What every answer is made from.
#[derive(Debug, Clone)]
pub struct State {
    /// The record, policies and evaluations.
    pub app: Arc<App>,
    /// Under which names the server may be asked.
    pub hosts: Hosts,
    turns: Arc<Semaphore>,
}

impl State {
    /// With as many pages made at a time as there are processors, and two more.
    pub fn new(app: Arc<App>, hosts: Hosts) -> Self {
        let turns = std::thread::available_parallelism().map_or(1, usize::from) + 2;
        Self { app, hosts, turns: Arc::new(Semaphore::new(turns)) }
    }
}

/// Answers with a page.
pub async fn page(
    page: &'static Page,
    At(state): At<State>,
    names: RawPathParams,
    request: Request,
) -> Response {
    let names = names.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    let json = wants_json(request.uri());
    let time = if page.method == Method::Post || page.slow { LONG } else { TIME };
    let work = answer(page, &state, names, request);
    let late = || Refusal::with(408, "the answer took too long").help("ask for less at a time");
    match tokio::time::timeout(time, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(refusal)) => refused(&state, &refusal, json),
        Err(_) => refused(&state, &late(), json),
    }
}

async fn answer(
    page: &'static Page,
    state: &State,
    names: BTreeMap<String, String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let body = match page.method {
        Method::Get => Vec::new(),
        Method::Post => to_bytes(body, BODY).await.map(Into::into).map_err(|_| {
            Refusal::with(413, "the form could not be read, or is too large")
                .help(format!("a form has up to {} MB", BODY >> 20))
        })?,
    };
    let known: Vec<&str> = page.fields.iter().map(|f| f.name).collect();
    let ask =
        Ask::new(head.uri.path(), names, head.uri.query().unwrap_or_default(), &body, &known)?;
    let now = state.app.now();
    let part = ask.part.clone().unwrap_or_default();
    let key = (now.number(), format!("{:?} {part} {}", ask.format, ask.plain()));
    if page.method == Method::Get
        && page.kept
        && let Some(kept) = state.app.cache.get(&key)
    {
        return Ok(send(&head.headers, kept));
    }
    let turn = Arc::clone(&state.turns).acquire_owned().await;
    let turn = turn.map_err(|_| Refusal::failed("the server is ending"))?;
    let app = Arc::clone(&state.app);
    let made = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let view = (page.view)(&now, &ask)?;
        if let Some(to) = view.to {
            return Ok(Made::Elsewhere(to));
        }
        let answer = make(page, &now, &ask, view)?;
        if page.method == Method::Get && page.kept {
            app.cache.put(key, answer.clone());
        }
        Ok(Made::Answer(answer))
    });
    match made.await.map_err(|_| Refusal::failed("this page could not be made"))?? {
        Made::Answer(answer) => Ok(send(&head.headers, answer)),
        Made::Elsewhere(to) => Ok(elsewhere(&to)),
    }
}

/// What came of a request.
enum Made {
    Answer(Answer),
    Elsewhere(String),
}

/// Sends the client to another page of this server.
fn elsewhere(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// The bytes of a page in the form asked for.
fn make(page: &Page, now: &Now, ask: &Ask, view: View) -> Result<Answer, Refusal> {
    if let Some(file) = view.file {
        return Ok(answer_of(file.bytes, file.mime));
    }
    Ok(match ask.format {
        Format::Html => answer_of(layout::page(now, ask, page, &view).into_bytes(), HTML),
        Format::Json => answer_of(json_text(&view.data).into_bytes(), "application/json"),
        Format::Csv => {
            answer_of(view.csv(ask.part.as_deref())?.into_bytes(), "text/csv; charset=utf-8")
        }
        Format::Svg => answer_of(view.svg(ask.part.as_deref())?.into_bytes(), SVG),
        Format::Parquet => {
            return Err(Refusal::bad("only the answer to a query is sent as Parquet")
                .link("/query", "ask a query")
                .link(ask.plain(), "this page"));
        }
    })
}

/// The type of a picture.
pub const SVG: &str = "image/svg+xml";
const HTML: &str = "text/html; charset=utf-8";

fn json_text(value: &serde_json::Value) -> String {
    // Writing a value to a string does not fail.
    comity_report::plain::json(serde_json::to_string(value).unwrap_or_default()) + "\n"
}

fn answer_of(bytes: Vec<u8>, mime: &'static str) -> Answer {
    let mut hash = DefaultHasher::new();
    bytes.hash(&mut hash);
    Answer { bytes: bytes.into(), mime, tag: format!("\"{:016x}\"", hash.finish()) }
}

/// Sends an answer, or says that the client has it already.
fn send(asked: &HeaderMap, answer: Answer) -> Response {
    let same = asked.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == answer.tag.as_str());
    let body =
        if same { Body::empty() } else { Body::from(axum::body::Bytes::from_owner(answer.bytes)) };
    let mut response = Response::new(body);
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&answer.tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Says why there is no page.
pub fn refused(state: &State, refusal: &Refusal, json: bool) -> Response {
    let (text, mime) = if json {
        let links: Vec<_> =
            refusal.links.iter().map(|(to, text)| json!({"address": to, "text": text})).collect();
        let said = json!({"error": refusal.message, "help": refusal.help, "links": links});
        (json_text(&said), "application/json")
    } else {
        (layout::refusal(&state.app.now(), refusal), HTML)
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() =
        StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = refusal.again {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        headers.insert("refresh", HeaderValue::from(seconds));
    }
    response
}

fn wants_json(uri: &Uri) -> bool {
    let mut fields = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    fields.any(|(name, value)| name == "format" && value == "json")
}

/// A path that no page has.
pub async fn nowhere(At(state): At<State>, uri: Uri) -> Response {
    let path = uri.path();
    let mut refusal = Refusal::not_found(format!("there is no page `{}`", crate::ask::short(path)));
    let plain = |p: &&Page| p.method == Method::Get && !p.path.contains('{');
    let pages: Vec<&Page> = PAGES.iter().filter(plain).collect();
    if let Some(near) = comity::nearest(path, pages.iter().map(|p| p.path)) {
        refusal = refusal.help(near);
    }
    for page in pages {
        refusal = refusal.link(page.path, page.name);
    }
    refused(&state, &refusal, wants_json(&uri))
}

/// A page that is asked in another way than it answers.
pub async fn not_so(At(state): At<State>, verb: Verb, uri: Uri) -> Response {
    let refusal =
        Refusal::with(405, format!("{} does not take {verb}", crate::ask::short(uri.path())));
    refused(&state, &refusal, wants_json(&uri))
}

/// A file of the program.
pub fn file(mime: &'static str, text: &'static str, request: &Request) -> Response {
    send(request.headers(), answer_of(text.as_bytes().to_vec(), mime))
}

/// The description of all addresses.
pub async fn openapi(request: Request) -> Response {
    send(
        request.headers(),
        answer_of(json_text(&openapi::description()).into_bytes(), "application/json"),
    )
}
