//! A web server whose handlers wait for slow methods without blocking the server.
//!
//! The methods run in a pool of the application's own; one thread serves all requests meanwhile. So
//! five requests of one second each are answered together, after one second.
//!
//! ```text
//! cargo run --example axum_handler
//! cargo run --example axum_handler -- --fast --check
//! ```

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use axum::{Router, extract::State, routing::get};
use background::{Strategy, Task, background};
use clap::Parser;
use tokio::net::TcpListener;

/// Serve a slow page
#[derive(Parser)]
#[command(name = "axum_handler")]
struct Arguments {
    /// The port; any that is free unless given
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// Take a fiftieth of the time
    #[arg(long)]
    fast: bool,

    /// Ask for the page five times at once, check the answers, and end
    #[arg(long)]
    check: bool,
}

/// So many slow operations at once.
const WORKERS: usize = 5;

/// A pool of a fixed size: threads that take tasks from a channel.
#[derive(Clone)]
struct Pool(mpsc::Sender<Task>);

impl Pool {
    fn new(workers: usize) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel::<Task>();
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 1..=workers {
            let receiver = Arc::clone(&receiver);
            let next = move || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let work = move || {
                // Ends when the last clone of the pool is gone.
                while let Ok(task) = next() {
                    task.run();
                }
            };
            thread::Builder::new().name(format!("pool-{number}")).spawn(work)?;
        }
        Ok(Self(sender))
    }
}

impl Strategy for Pool {
    fn start(&self, task: Task) {
        // Without workers the task comes back and is dropped, which fails its future.
        let _ = self.0.send(task);
    }
}

/// What the handlers share.
struct App {
    pool: Pool,
    pause: Duration,
}

impl App {
    /// Blocks a thread: of the pool that this object has, and of no other.
    #[background(on = self.pool)]
    fn slow_operation(self: Arc<Self>) -> String {
        thread::sleep(self.pause);
        format!("done by {}", thread::current().name().unwrap_or("nobody"))
    }
}

/// Axum drops the handler when its client hangs up. The task then runs on, as after any drop.
async fn page(State(app): State<Arc<App>>) -> String {
    app.slow_operation().await
}

/// Asks for the page.
#[background(dedicated)]
fn request(server: SocketAddr) -> io::Result<String> {
    let mut connection = TcpStream::connect(server)?;
    connection.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    Ok(body.to_owned())
}

/// Five requests in parallel.
async fn check(server: SocketAddr) -> io::Result<()> {
    let begin = Instant::now();
    let requests: Vec<_> = (0..WORKERS).map(|_| request(server)).collect();
    for request in requests {
        let answer = request.await?;
        println!("{answer}");
        assert!(answer.starts_with("done by pool-"), "{answer}");
    }
    println!("{:.1?}", begin.elapsed());
    // One after the other they take five seconds, or next to nothing with `--fast`.
    assert!(begin.elapsed() < Duration::from_secs(4));
    Ok(())
}

/// One thread for everything that is async: whoever blocked it would be noticed.
#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let pause = Duration::from_secs(1) / if arguments.fast { 50 } else { 1 };

    let app = App { pool: Pool::new(WORKERS)?, pause };
    let router = Router::new().route("/", get(page)).with_state(Arc::new(app));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    let address = listener.local_addr()?;
    println!("http://{address}/");

    let serving = axum::serve(listener, router).into_future();
    if arguments.check {
        tokio::select! {
            ended = serving => ended,
            checked = check(address) => checked,
        }
    } else {
        serving.await
    }
}
