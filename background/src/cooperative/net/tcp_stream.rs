//! A connection.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};

use async_io::Async;

use super::first_of;

/// A TCP connection. Dropping it closes it.
///
/// Reading and writing take `&self`, so that one routine may read while another one writes.
///
/// ```
/// use background::cooperative::net::TcpStream;
/// use background::cooperative::wrap;
///
/// let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
/// let stream = wrap(TcpStream::connect(server.local_addr().unwrap())).unwrap();
/// assert_eq!(stream.peer_addr().unwrap(), server.local_addr().unwrap());
/// ```
pub struct TcpStream(Async<std::net::TcpStream>);

impl TcpStream {
    /// Connects to an address, or to the first of a name's addresses that answers.
    ///
    /// # Errors
    ///
    /// The system's, for the last address that was tried.
    pub async fn connect(address: impl ToSocketAddrs + Send + 'static) -> io::Result<Self> {
        first_of(address, Async::<std::net::TcpStream>::connect).await.map(Self)
    }

    /// Reads what is there, at most as much as fits: so many bytes. None at the end.
    ///
    /// # Errors
    ///
    /// The system's. Dropped before it is ready, it has read nothing.
    pub async fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read_with(|mut stream| stream.read(bytes)).await
    }

    /// Reads until `bytes` is full.
    ///
    /// # Errors
    ///
    /// The system's; `UnexpectedEof` when the connection ends before.
    pub async fn read_exact(&self, mut bytes: &mut [u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.read(bytes).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => bytes = &mut bytes[count..],
            }
        }
        Ok(())
    }

    /// Reads until the other side closes.
    ///
    /// # Errors
    ///
    /// The system's. What was read before is dropped then.
    pub async fn read_to_end(&self) -> io::Result<Vec<u8>> {
        let (mut all, mut part) = (Vec::new(), vec![0; 16 * 1024]);
        loop {
            match self.read(&mut part).await? {
                0 => return Ok(all),
                count => all.extend_from_slice(&part[..count]),
            }
        }
    }

    /// Writes as much as there is room for: so many bytes.
    ///
    /// # Errors
    ///
    /// The system's. Dropped before it is ready, it has written nothing.
    pub async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_with(|mut stream| stream.write(bytes)).await
    }

    /// Writes all of `bytes`.
    ///
    /// # Errors
    ///
    /// The system's; `WriteZero` when the connection takes no more.
    pub async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.write(bytes).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => bytes = &bytes[count..],
            }
        }
        Ok(())
    }

    /// Closes one direction, or both. Never blocks.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.0.get_ref().shutdown(how)
    }

    /// The address of the other side. Never blocks.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().peer_addr()
    }

    /// The address of this side. Never blocks.
    ///
    /// # Errors
    ///
    /// The system's.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().local_addr()
    }

    pub(super) fn of(stream: Async<std::net::TcpStream>) -> Self {
        Self(stream)
    }
}

impl TryFrom<std::net::TcpStream> for TcpStream {
    type Error = io::Error;

    /// Takes a connection over, which from now on does not block.
    fn try_from(stream: std::net::TcpStream) -> io::Result<Self> {
        Async::new(stream).map(Self)
    }
}

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.get_ref().fmt(f)
    }
}
