//! The web server, asked by a client that is not ours.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use background_tests::{Run, within};

/// A server that ends with the test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(Run::path_of_example("axum_handler"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example can be run");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut server = Self { child, url: String::new() };
        // The first line is where it is, and comes when it can be reached.
        stdout.read_line(&mut server.url).expect("the example says where it is");
        server.url.truncate(server.url.trim_end().len());
        server
    }

    fn get(&self) -> String {
        let mut answer = ureq::get(&self.url).call().expect("the server answers");
        assert_eq!(answer.status(), 200);
        answer.body_mut().read_to_string().expect("the answer is text")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Neither can fail for a child of ours, and a destructor is no place to complain.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn five_requests_of_a_second_take_about_a_second() {
    within(|| {
        let server = Server::start(&[]);
        let begin = Instant::now();
        let mut answers: Vec<String> = thread::scope(|scope| {
            let requests: Vec<_> = (0..5).map(|_| scope.spawn(|| server.get())).collect();
            requests.into_iter().map(|request| request.join().expect("no panic")).collect()
        });
        let took = begin.elapsed();
        assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(3), "{took:?}");
        // Each by another thread of the handler's own pool.
        answers.sort();
        let expected: Vec<String> = (1..=5).map(|n| format!("done by pool-{n}")).collect();
        assert_eq!(answers, expected);
    });
}

/// More than the pool has threads for: they wait their turn, and all are answered.
#[test]
fn thirty_requests_wait_their_turn() {
    within(|| {
        let server = Server::start(&["--fast"]);
        thread::scope(|scope| {
            for _ in 0..30 {
                scope.spawn(|| assert!(server.get().starts_with("done by pool-")));
            }
        });
    });
}

#[test]
fn it_checks_itself() {
    for arguments in [&["--check"][..], &["--check", "--fast"]] {
        let finished = Run::example("axum_handler").args(arguments).finish().succeeded();
        assert_eq!(finished.stdout.matches("done by pool-").count(), 5, "{finished:#?}");
    }
}
