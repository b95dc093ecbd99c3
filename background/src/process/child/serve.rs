//! The calls of a worker, one after the other, on its main thread.

use std::sync::Arc;

use crate::parcel::reply::Reply;
use crate::parcel::{Entry, Freight};
use crate::process::channel::bell::Bell;
use crate::process::channel::frame::{HEAD, Head, Kind, Label, encode_reply};
use crate::process::channel::mapping::{Direction, Mapping, advise_huge_pages};
use crate::process::channel::ring::{Broken, End};
use crate::process::child::outlet::{self, ToProgram};
use crate::process::child::{Station, guard, memory, panics};
use crate::sync::global::{AtomicBool, Mutex, Ordering, lock};

/// A body runs.
static BUSY: AtomicBool = AtomicBool::new(false);

pub(super) fn is_busy() -> bool {
    // ORDERING: Relaxed. Who asks has lost the program and ends this process either way.
    BUSY.load(Ordering::Relaxed)
}

/// Where replies go. Also for the panic hook, if a panic is the end of this process.
static REPLIES: Mutex<Option<Replies>> = Mutex::new(None);

struct Replies {
    end: End,
    bell: Arc<Bell>,
    /// The call that is to be answered.
    number: u64,
}

impl Replies {
    fn send(&mut self, kind: Kind, bytes: &[u8]) -> Result<(), Broken> {
        let head = Head { kind, number: self.number, label: 0, length: bytes.len() as u64 };
        let head = head.encode();
        if self.end.write_whole(&[&head, bytes], &self.bell)? {
            return Ok(());
        }
        self.end.write(&head, &self.bell, &guard::goes_on)?;
        self.end.write(bytes, &self.bell, &guard::goes_on)
    }
}

/// Answers the current call, if that is possible from within it.
pub(super) fn answer_at_once(kind: Kind, bytes: &[u8]) {
    if let Ok(mut replies) = REPLIES.try_lock() {
        if let Some(replies) = &mut *replies {
            // If that fails there is nothing else to be done.
            let _ = replies.send(kind, bytes);
        }
    }
}

/// Serves until the program says goodbye. Returns the exit code.
pub(super) fn serve(station: Station) -> i32 {
    let Station { memory, bell } = station;
    let Some((requests, end)) = End::pair(&memory, Direction::Requests) else { return 1 };
    *lock(&REPLIES) = Some(Replies { end, bell: Arc::clone(&bell), number: 0 });
    panics::install();
    *lock(&REQUESTS) = Some(requests);
    let server = Server { memory, bell };
    match server.run() {
        Ok(()) => 0,
        Err(Broken) => i32::from(guard::goes_on()),
    }
}

/// Where calls come from, and what is said about a stream while it runs.
static REQUESTS: Mutex<Option<End>> = Mutex::new(None);

struct Server {
    memory: Arc<Mapping>,
    bell: Arc<Bell>,
}

impl Server {
    fn run(&self) -> Result<(), Broken> {
        reply(Kind::Ready, &[])?;
        while wait_for_request().is_ok() {
            self.serve_one()?;
        }
        Ok(())
    }

    fn serve_one(&self) -> Result<(), Broken> {
        let head = Head::decode(&self.receive(HEAD)?).ok_or(Broken)?;
        if matches!(head.kind, Kind::Credit | Kind::Cut) {
            // About a stream that has come to its end meanwhile.
            self.receive(usize::try_from(head.length).map_err(|_| Broken)?)?;
            return Ok(());
        }
        let label = Label::decode(&self.receive(head.label as usize)?).ok_or(Broken)?;
        let bytes = self.receive(usize::try_from(head.length).map_err(|_| Broken)?)?;
        // ORDERING: Relaxed, as in `is_busy`.
        BUSY.store(true, Ordering::Relaxed);
        if let Some(replies) = &mut *lock(&REPLIES) {
            replies.number = head.number;
        }
        // ORDERING: Release pairs with the Acquire in `Member::has_begun`; the body comes after it.
        self.memory.front().begun.store(head.number, Ordering::Release);
        let longest = label.longest;
        outlet::open(&self.bell, head.number, label.look_ahead, longest);
        let answer = run(label, Freight { bytes });
        let (mut kind, mut bytes) = encode_reply(answer);
        if bytes.len() as u64 > longest {
            (kind, bytes) = encode_reply(Reply::TooLarge(bytes.len() as u64));
        }
        if head.kind == Kind::Initialise && kind == Kind::Value {
            // What the initialiser has set stays, its panic hook too: ours goes before it.
            panics::install();
            (kind, bytes) = (Kind::Ready, Vec::new());
        }
        reply(kind, &bytes)?;
        // ORDERING: Relaxed, as above.
        BUSY.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn receive(&self, count: usize) -> Result<Vec<u8>, Broken> {
        receive(&self.bell, count)
    }
}

/// Waits for the program, which may take long.
pub(super) fn wait_for_request() -> Result<(), Broken> {
    lock(&REQUESTS).as_ref().map_or(Err(Broken), |requests| requests.wait_idle(&guard::goes_on))
}

/// The program has said something that has not been read yet.
pub(super) fn has_request() -> Result<bool, Broken> {
    lock(&REQUESTS).as_ref().map_or(Err(Broken), |requests| Ok(requests.ready()? > 0))
}

/// Reads so many bytes from the program.
pub(super) fn receive(bell: &Bell, count: usize) -> Result<Vec<u8>, Broken> {
    let mut bytes = Vec::new();
    // The length is the program's word, but memory may be short.
    bytes.try_reserve_exact(count).map_err(|_| Broken)?;
    advise_huge_pages(&mut bytes);
    let mut requests = lock(&REQUESTS);
    let requests = requests.as_mut().ok_or(Broken)?;
    requests.read(count, &mut bytes, bell, &guard::goes_on)?;
    Ok(bytes)
}

fn run(label: Label, arguments: Freight) -> Reply {
    let entry = match Entry::find(&label.address) {
        Ok(entry) => entry,
        Err(why) => return Reply::Unsupported(why),
    };
    let _limited = label.memory.map(memory::limit);
    // That of a panic which an earlier body has caught itself is not this one's.
    drop(panics::take_backtrace());
    let mut reply = entry.run(label.order(arguments, &ToProgram));
    if let Reply::Panicked(panic) = &mut reply {
        panic.backtrace = panics::take_backtrace();
    }
    reply
}

pub(super) fn reply(kind: Kind, bytes: &[u8]) -> Result<(), Broken> {
    lock(&REPLIES).as_mut().map_or(Err(Broken), |replies| replies.send(kind, bytes))
}
