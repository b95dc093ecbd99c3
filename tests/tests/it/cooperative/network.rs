//! TCP among routines.

use std::io::ErrorKind;
use std::net::Shutdown;

use background::Background;
use background::cooperative::net::{TcpListener, TcpStream};
use background::cooperative::{Worker, assign, wrap};
use background_tests::within;

/// A server and a hundred clients on one thread.
#[test]
fn a_hundred_connections_on_one_thread() {
    const CLIENTS: u32 = 100;
    within(|| {
        let worker = Worker::new();
        let listener = wrap(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let server = worker.assign(async move {
            for _ in 0..CLIENTS {
                let (stream, _) = listener.accept().await.unwrap();
                // A routine for each; nobody waits for it.
                Background::detach(assign(async move {
                    let question = stream.read_to_end().await.unwrap();
                    stream.write_all(&question.repeat(2)).await.unwrap();
                }));
            }
        });
        let clients: Vec<_> = (0..CLIENTS)
            .map(|nth| {
                worker.assign(async move {
                    let stream = TcpStream::connect(address).await.unwrap();
                    stream.write_all(format!("{nth};").as_bytes()).await.unwrap();
                    stream.shutdown(Shutdown::Write).unwrap();
                    stream.read_to_end().await.unwrap()
                })
            })
            .collect();
        worker.work();
        assert!(Background::is_ready(&server));
        for (nth, answer) in clients.into_iter().enumerate() {
            assert_eq!(Background::join(answer), format!("{nth};{nth};").into_bytes());
        }
    });
}

/// More than the system's buffers hold, in both directions at once.
#[test]
fn ten_megabytes_go_to_and_fro() {
    within(|| {
        let bytes: Vec<u8> = (0..10_000_000_u32).map(|x| x.to_le_bytes()[1]).collect();
        let expected = bytes.clone();
        let came = wrap(async move {
            let listener = TcpListener::bind("localhost:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let echo = assign(async move {
                let (stream, _) = listener.accept().await.unwrap();
                let mut part = [0; 4096];
                loop {
                    match stream.read(&mut part).await.unwrap() {
                        0 => return,
                        count => stream.write_all(&part[..count]).await.unwrap(),
                    }
                }
            });
            let stream = std::rc::Rc::new(TcpStream::connect(address).await.unwrap());
            let own = std::rc::Rc::clone(&stream);
            let writer = assign(async move {
                own.write_all(&bytes).await.unwrap();
                own.shutdown(Shutdown::Write).unwrap();
            });
            let came = stream.read_to_end().await.unwrap();
            writer.await;
            echo.await;
            came
        });
        assert!(came == expected);
    });
}

#[test]
fn failures_are_the_systems() {
    within(|| {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let refused = wrap(TcpStream::connect(address)).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        let short = wrap(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            drop(client);
            stream.read_exact(&mut [0; 1]).await
        });
        assert_eq!(short.unwrap_err().kind(), ErrorKind::UnexpectedEof);
        let nobody: &[std::net::SocketAddr] = &[];
        let nowhere = wrap(TcpStream::connect(nobody)).unwrap_err();
        assert_eq!(nowhere.to_string(), "expected a name that has an address");
    });
}
