//! A server on a free port, and the least that speaks HTTP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use comity::Policy;
use comity_serve::{Held, Options, serve_until};

/// A server that runs until it is dropped.
pub struct Server {
    pub at: SocketAddr,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Server {
    pub fn start(record: Held, policies: Vec<Policy>) -> Self {
        let options = Options { record, policies, port: 0, ..Options::default() };
        let (stop, stopped) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let stop = async {
                while let Err(mpsc::TryRecvError::Empty) = stopped.try_recv() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            serve_until(options, |at| tell.send(at).unwrap(), stop).unwrap();
        });
        Self { at: told.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    /// Asks for a page; waits while evaluations are not done.
    pub fn get(&self, address: &str) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.ask(&format!(
                "GET {address} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                self.at
            ));
            if answer.status != 503 || begun.elapsed() > Duration::from_mins(4) {
                return answer;
            }
        }
    }

    /// Sends these bytes and reads to the end.
    pub fn ask(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.at).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Ends it, and says how long that took.
    pub fn end(&mut self) -> Duration {
        let begun = Instant::now();
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        begun.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
