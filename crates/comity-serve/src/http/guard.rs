//! Who may ask: requests that name this server by a name of its own, and nobody else's pages.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State as At};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::Response;

use super::respond::{BODY, SVG, State, refused};
use crate::refusal::Refusal;

/// What a page may do: use what this server sends, and nothing else.
const SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a picture that is opened alone may do: it brings its own style.
const PICTURE: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// Names under which this server may be asked, beside addresses in numbers and `localhost`: a name that somebody else gave to this
/// machine's address (DNS rebinding) is none of them.
#[derive(Debug, Clone, Default)]
pub struct Hosts {
    names: Arc<[String]>,
}

impl Hosts {
    /// These names too.
    pub fn new(names: &[String]) -> Self {
        Self { names: names.iter().map(|n| n.to_ascii_lowercase()).collect() }
    }

    /// Whether a `Host` header is one of this server's.
    pub fn allows(&self, host: &str) -> bool {
        let name = name_of(host).to_ascii_lowercase();
        name == "localhost" || name.parse::<IpAddr>().is_ok() || self.names.contains(&name)
    }
}

/// The name or address in `name:port`, `[::1]:port`.
fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

/// Refuses who may not ask, and adds to every answer what a browser must know.
pub async fn guard(At(state): At<State>, request: Request, next: Next) -> Response {
    let mut response = match check(&state.hosts, request.method(), request.uri(), request.headers())
    {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(&state, &refusal, false),
    };
    let headers = response.headers_mut();
    let alone = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == SVG);
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, if alone { PICTURE } else { SECURITY }),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(hosts: &Hosts, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
    let named: Vec<_> = headers.get_all(header::HOST).iter().collect();
    let [host] = named.as_slice() else {
        return Err(Refusal::bad("a request must name one host"));
    };
    let host = host.to_str().unwrap_or_default();
    // A request in the form for proxies names the host a second time.
    let twice = uri.authority().is_some_and(|a| a.as_str() != host);
    if twice || !hosts.allows(host) {
        return Err(Refusal::with(
            403,
            format!("this server is not `{}`", crate::ask::short(host)),
        )
        .help(
            "open it at http://127.0.0.1, with its port; a name of your own is allowed with --host",
        ));
    }
    let length = headers.get(header::CONTENT_LENGTH).map(|l| l.to_str().unwrap_or_default());
    if length.is_some_and(|l| l.parse::<usize>().map_or(true, |l| l > BODY)) {
        return Err(Refusal::with(413, "the form is too large")
            .help(format!("a form has up to {} MB", BODY >> 20)));
    }
    let said = |name| headers.get(name).map(|v: &HeaderValue| v.to_str().unwrap_or_default());
    if method == Method::GET || method == Method::HEAD {
        // A person may follow a link from elsewhere; a page from elsewhere may not make this server work.
        let elsewhere = said("sec-fetch-site") == Some("cross-site");
        if elsewhere && said("sec-fetch-mode") != Some("navigate") {
            return Err(Refusal::with(403, "another site may not ask this"));
        }
        return Ok(());
    }
    // Pages of others may not send forms here.
    let ours = match headers.get(header::ORIGIN).map(|o| o.to_str().unwrap_or_default()) {
        Some(origin) => origin.strip_prefix("http://").is_some_and(|o| o == host),
        None => headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin"),
    };
    if ours { Ok(()) } else { Err(Refusal::with(403, "another site may not send this")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_server_are_hosts() {
        let hosts = Hosts::new(&["Desk.example".to_owned()]);
        for host in [
            "localhost",
            "127.0.0.1:8000",
            "[::1]:80",
            "[::1]",
            "LOCALHOST:1",
            "desk.example:80",
            "10.0.0.7",
        ] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8000",
            "127.0.0.1.evil.example",
            "localhost.evil",
            "[evil]",
            "a@localhost",
        ] {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    fn of(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
            .collect()
    }

    fn asked(method: Method, uri: &str, headers: &[(&'static str, &'static str)]) -> Option<u16> {
        check(&Hosts::default(), &method, &uri.parse().unwrap(), &of(headers))
            .err()
            .map(|r| r.status)
    }

    #[test]
    fn pages_of_others_cannot_send_forms() {
        let host = ("host", "localhost:1");
        assert_eq!(asked(Method::POST, "/", &[host, ("origin", "http://localhost:1")]), None);
        assert_eq!(asked(Method::POST, "/", &[host]), None);
        for bad in ["http://localhost:2", "https://localhost:1", "null", "http://evil.example"] {
            assert_eq!(asked(Method::POST, "/", &[host, ("origin", bad)]), Some(403), "{bad}");
        }
        assert_eq!(asked(Method::POST, "/", &[host, ("sec-fetch-site", "cross-site")]), Some(403));
        assert_eq!(asked(Method::GET, "/", &[host, ("origin", "http://evil.example")]), None);
        // A link may be followed; a page elsewhere may not ask behind a person's back.
        let elsewhere = ("sec-fetch-site", "cross-site");
        let mode =
            |mode| asked(Method::GET, "/query", &[host, elsewhere, ("sec-fetch-mode", mode)]);
        assert_eq!((mode("navigate"), mode("no-cors"), mode("cors")), (None, Some(403), Some(403)));
    }

    #[test]
    fn one_host_is_named() {
        assert_eq!(asked(Method::GET, "/", &[]), Some(400));
        assert_eq!(asked(Method::GET, "http://evil.example/", &[("host", "localhost")]), Some(403));
        assert_eq!(asked(Method::GET, "/", &[("host", "evil.example")]), Some(403));
    }
}
