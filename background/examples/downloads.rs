//! Twenty downloads at once, from a server of its own; the slow one prints `Timeout`.
//!
//! ```text
//! cargo run --example downloads
//! ```

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use background::{Background, Timeout, background};

/// The page that never comes to its end.
const ENDLESS: &str = "/7";

/// Downloads a page within a second.
///
/// When that is over, the loop ends as well: in a function with a limit every turn of a loop looks
/// whether there is time left. The connection is closed on the way out.
#[background(timeout = 1s)]
fn download(server: SocketAddr, path: String) -> io::Result<String> {
    let mut connection = TcpStream::connect(server)?;
    connection.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    loop {
        match connection.read(&mut piece)? {
            0 => break,
            length => answer.extend(&piece[..length]),
        }
    }
    let answer = String::from_utf8_lossy(&answer);
    let (_head, page) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
    Ok(page.to_owned())
}

/// Answers one request, slowly. Says so when the client hangs up before it has the whole page.
#[background(thread)]
fn answer(mut connection: TcpStream, hung_up: Sender<String>) -> io::Result<()> {
    let request: Vec<String> = BufReader::new(&connection)
        .lines()
        .take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
        .collect::<io::Result<_>>()?;
    let path = request.first().and_then(|line| line.split(' ').nth(1)).unwrap_or("/");
    sleep(Duration::from_millis(200));
    write!(connection, "HTTP/1.0 200 OK\r\n\r\nThis is {path}.")?;
    if path == ENDLESS {
        while write!(connection, " And so on.").is_ok() {
            sleep(Duration::from_millis(10));
        }
        // When the program has ended meanwhile, nobody listens.
        let _ = hung_up.send(path.to_owned());
    }
    Ok(())
}

/// Answers everybody, for as long as the program runs.
#[background(dedicated)]
fn serve(listener: TcpListener, hung_up: Sender<String>) -> io::Result<()> {
    for connection in listener.incoming() {
        Background::detach(answer(connection?, hung_up.clone()));
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let server = listener.local_addr()?;
    let (sender, hung_up) = channel();
    Background::detach(serve(listener, sender));

    let begin = Instant::now();
    let paths: Vec<String> = (1..=20).map(|n| format!("/{n}")).collect();

    // Twenty downloads are under way after this line...
    let pages: Vec<_> = paths.iter().map(|path| download(server, path.clone())).collect();

    // ...and each is waited for when it is needed.
    for (path, page) in paths.iter().zip(pages) {
        match Background::join(page) {
            Ok(Ok(page)) => {
                println!("{path}: {page}");
                assert_eq!(page, format!("This is {path}."));
            }
            Ok(Err(error)) => return Err(error),
            Err(Timeout) => {
                println!("{path}: {Timeout}");
                assert_eq!(path, ENDLESS);
            }
        }
    }
    println!("{:.1?}", begin.elapsed());

    // The download that was given up is over, too: the server notices.
    let path = hung_up.recv_timeout(Duration::from_secs(60));
    assert_eq!(path.as_deref(), Ok(ENDLESS));
    Ok(())
}
