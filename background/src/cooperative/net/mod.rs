//! TCP for routines: while one waits for the network, the others run.
//!
//! Thin wrappers over `async-io`, whose one thread watches all sockets of the program. Feature `net`.
//! They work in any routine, and in any other executor.
//!
//! ```
//! use background::cooperative::net::{TcpListener, TcpStream};
//! use background::cooperative::{assign, wrap};
//!
//! let answer = wrap(async {
//!     let listener = TcpListener::bind("127.0.0.1:0").await?;
//!     let address = listener.local_addr()?;
//!     let server = assign(async move {
//!         let (stream, _) = listener.accept().await?;
//!         let mut bytes = [0; 5];
//!         stream.read_exact(&mut bytes).await?;
//!         stream.write_all(&bytes).await
//!     });
//!     let stream = TcpStream::connect(address).await?;
//!     stream.write_all(b"hello").await?;
//!     let answer = stream.read_to_end().await?;
//!     server.await?;
//!     std::io::Result::Ok(answer)
//! });
//! assert_eq!(answer.unwrap(), b"hello");
//! ```

mod tcp_listener;
mod tcp_stream;

pub use tcp_listener::TcpListener;
pub use tcp_stream::TcpStream;

use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use crate::call::Builder;
use crate::site::Site;

static SITE: Site = Site::new("addresses of a host", "", "", 0);

/// Tries all addresses of a name in turn, until one works.
async fn first_of<A, T, F>(name: A, mut attempt: impl FnMut(SocketAddr) -> F) -> io::Result<T>
where
    A: ToSocketAddrs + Send + 'static,
    F: Future<Output = io::Result<T>>,
{
    // Asking for the addresses of a name blocks, so a thread of the pool does it.
    let look = move || name.to_socket_addrs().map(Iterator::collect::<Vec<_>>);
    let found = Builder::new(&SITE).thread().catch().spawn(look).await;
    let mut last = None;
    for address in found.map_err(io::Error::other)?? {
        match attempt(address).await {
            Ok(success) => return Ok(success),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "expected a name that has an address")
    }))
}
