//! The server: connections, limits, and a clean end.

mod guard;
mod respond;

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

use crate::app::App;
use crate::pages::{Method, PAGES};
pub use guard::Hosts;
pub use respond::State;

/// How many connections are open at a time: the oldest is closed for a new one.
const CONNECTIONS: usize = 256;
/// How long a client may take for the head of a request, or stay silent between two.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection is kept at all; then the request in work is finished, within [`LAST`].
const LIFE: Duration = Duration::from_mins(2);
/// How long an answer may take to be taken off, when the connection or the server ends.
const LAST: Duration = Duration::from_secs(5);
/// Bytes of the head of a request.
const HEAD_BYTES: usize = 32 * 1024;
/// How often the record is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Listens, and serves until `stop` is done.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    hosts: Hosts,
    stop: impl Future<Output = ()>,
) {
    let router = router(State::new(Arc::clone(&app), hosts));
    let (end, ended) = watch::channel(false);
    let mut all = JoinSet::new();
    let mut by_age: VecDeque<AbortHandle> = VecDeque::new();
    let mut look = tokio::time::interval(LOOK);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = look.tick() => {
                let app = Arc::clone(&app);
                tokio::task::spawn_blocking(move || app.look());
            }
            Some(_) = all.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    by_age.retain(|connection| !connection.is_finished());
                    if by_age.len() >= CONNECTIONS
                        && let Some(oldest) = by_age.pop_front()
                    {
                        oldest.abort();
                    }
                    by_age.push_back(all.spawn(connection(stream, router.clone(), ended.clone())));
                }
                // No room for another file, or a client that is gone already: the next one may be luckier.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let _ = end.send(true);
    let all_done = async { while all.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(LAST, all_done).await;
}

/// One client, from the first byte to the last.
async fn connection(stream: TcpStream, router: Router, mut ended: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::pin!(serving);
    tokio::select! {
        _ = serving.as_mut() => return,
        () = tokio::time::sleep(LIFE) => {}
        _ = ended.wait_for(|ended| *ended) => {}
    }
    serving.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(LAST, serving).await;
}

/// Every page at its path, behind the guard.
fn router(state: State) -> Router {
    let mut router = Router::new();
    for page in PAGES {
        let answer = move |at, names, request| respond::page(page, at, names, request);
        router = router.route(
            page.path,
            match page.method {
                Method::Get => get(answer),
                Method::Post => post(answer),
            },
        );
    }
    for (path, mime, text) in crate::files::FILES {
        router =
            router.route(path, get(async |request: Request| respond::file(mime, text, &request)));
    }
    router
        .route("/openapi.json", get(respond::openapi))
        .fallback(respond::nowhere)
        .method_not_allowed_fallback(respond::not_so)
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}

/// Binds the address; of port 0 the system chooses one.
///
/// # Errors
/// An address that is taken or not this machine's.
pub async fn bind(address: IpAddr, port: u16) -> Result<(TcpListener, SocketAddr), comity::Error> {
    let wanted = SocketAddr::new(address, port);
    let cannot = |error: std::io::Error| {
        let taken = error.kind() == std::io::ErrorKind::AddrInUse;
        let error = comity::Error::new(format!("cannot listen on {wanted}: {error}"));
        if taken {
            error.help("something else listens there: name another port with --port, or 0 for any that is free")
        } else {
            error
        }
    };
    let listener = TcpListener::bind(wanted).await.map_err(cannot)?;
    let at = listener.local_addr().map_err(cannot)?;
    Ok((listener, at))
}
