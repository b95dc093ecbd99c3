//! Where connections come in.

use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};

use async_io::Async;

use super::first_of;
use super::tcp_stream::TcpStream;

/// A socket that waits for connections. Dropping it closes it.
///
/// ```
/// use background::cooperative::net::TcpListener;
/// use background::cooperative::wrap;
///
/// let listener = wrap(TcpListener::bind("127.0.0.1:0")).unwrap();
/// let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
/// let (_, address) = wrap(listener.accept()).unwrap();
/// assert_eq!(address, client.local_addr().unwrap());
/// ```
pub struct TcpListener(Async<std::net::TcpListener>);

impl TcpListener {
    /// Waits at an address; at port 0, at a free one.
    ///
    /// # Errors
    ///
    /// The system's, for the last of a name's addresses.
    pub async fn bind(address: impl ToSocketAddrs + Send + 'static) -> io::Result<Self> {
        let bind =
            |address: SocketAddr| std::future::ready(Async::<std::net::TcpListener>::bind(address));
        first_of(address, bind).await.map(Self)
    }

    /// The next connection, and who it comes from.
    ///
    /// # Errors
    ///
    /// The system's.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, address) = self.0.accept().await?;
        Ok((TcpStream::of(stream), address))
    }

    /// Where it waits. Never blocks.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().local_addr()
    }
}

impl fmt::Debug for TcpListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.get_ref().fmt(f)
    }
}
