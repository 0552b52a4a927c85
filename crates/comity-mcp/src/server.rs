//! The server over standard input and output, or over HTTP.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use comity::Error;
use rmcp::ServiceExt;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use crate::desk::Desk;
use crate::tools::Tools;

/// Serves one client over standard input and output, until it closes them.
///
/// # Errors
/// A client that does not speak the protocol; what the system refuses.
pub fn over_stdio(desk: Desk) -> Result<(), Error> {
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let transport = rmcp::transport::io::stdio();
        let service = Tools::new(Arc::new(desk))
            .serve(transport)
            .await
            .map_err(|e| Error::new(format!("the client did not begin the protocol: {e}")))?;
        service.waiting().await.map_err(|e| Error::new(format!("the server stopped: {e}")))?;
        Ok(())
    });
    // A read of standard input cannot be called back.
    runtime.shutdown_background();
    served
}

/// Serves clients of this machine over HTTP at the path `/mcp`, until it is interrupted. `ready` is told the address.
///
/// # Errors
/// An address of another machine's reach; a port that is taken.
pub fn over_http(desk: Desk, at: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    if !at.ip().is_loopback() {
        return Err(Error::new(format!("{} can be reached from other machines", at.ip())).help(
            "there is no password: use an address of this machine alone, such as 127.0.0.1",
        ));
    }
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(at)
            .await
            .map_err(|e| Error::new(format!("{at} cannot be listened on: {e}")).help("--port 0 takes any that is free"))?;
        let address = listener.local_addr().map_err(refused)?;
        let tools = Tools::new(Arc::new(desk));
        // Pages of others may not ask, under whatever name they reach this machine.
        let config = StreamableHttpServerConfig::default().enforce_origin_validation();
        let service = StreamableHttpService::new(
            move || Ok(tools.clone()),
            Arc::new(LocalSessionManager::default()),
            config,
        );
        ready(address);
        let stop = async {
            // Without a signal to wait for, the server runs until it is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            served = axum::serve(listener, axum::Router::new().nest_service("/mcp", service)).into_future() => served.map_err(refused),
            () = stop => Ok(()),
        }
    });
    runtime.shutdown_background();
    served
}

fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(refused)
}

fn refused(error: io::Error) -> Error {
    Error::new(format!("the server cannot run: {error}"))
}
