//! The stream of the call that runs, on its way to the program.
//!
//! The program says with the call how many items may be ahead of their consumer, and then, from time
//! to time, how much the consumer has had. Between two items the worker reads what was said; it waits
//! for it when it is as far ahead as it may be.

use std::sync::Arc;

use crate::parcel::Outlet;
use crate::parcel::outlet::{BYTES_AHEAD, Sent};
use crate::process::channel::bell::Bell;
use crate::process::channel::frame::{HEAD, Had, Head, Kind};
use crate::process::channel::ring::Broken;
use crate::process::child::serve;
use crate::sync::global::{Mutex, lock};

/// The way to the program.
pub(super) struct ToProgram;

/// What is ahead of the consumer, and may be.
struct Window {
    bell: Arc<Bell>,
    /// The call.
    number: u64,
    look_ahead: u64,
    /// A longer item is not wanted.
    longest: u64,
    sent: Had,
    had: Had,
    is_cut: bool,
}

static WINDOW: Mutex<Option<Window>> = Mutex::new(None);

/// Begins with the stream of a call.
pub(super) fn open(bell: &Arc<Bell>, number: u64, look_ahead: u64, longest: u64) {
    let (sent, had) = (Had::default(), Had::default());
    let bell = Arc::clone(bell);
    *lock(&WINDOW) = Some(Window { bell, number, look_ahead, longest, sent, had, is_cut: false });
}

impl Window {
    fn has_room(&self) -> bool {
        let items = self.sent.items.saturating_sub(self.had.items);
        let bytes = self.sent.bytes.saturating_sub(self.had.bytes);
        items < self.look_ahead && (bytes < BYTES_AHEAD || items == 0)
    }

    /// Reads what the program has said.
    fn listen(&mut self) -> Result<(), Broken> {
        let head = Head::decode(&serve::receive(&self.bell, HEAD)?).ok_or(Broken)?;
        let length = usize::try_from(head.length).map_err(|_| Broken)?;
        let bytes = serve::receive(&self.bell, length)?;
        match head.kind {
            // About an earlier stream, which has come to its end.
            Kind::Credit | Kind::Cut if head.number != self.number => {}
            Kind::Credit => self.had = Had::decode(&bytes).ok_or(Broken)?,
            Kind::Cut => self.is_cut = true,
            // The next call comes when this one is answered.
            _ => return Err(Broken),
        }
        Ok(())
    }

    fn wait_for_room(&mut self) -> Result<bool, Broken> {
        loop {
            while serve::has_request()? {
                self.listen()?;
            }
            if self.is_cut || self.has_room() {
                return Ok(!self.is_cut);
            }
            serve::wait_for_request()?;
        }
    }
}

impl Outlet for ToProgram {
    fn wait_for_room(&self) -> bool {
        lock(&WINDOW).as_mut().is_some_and(|window| window.wait_for_room() == Ok(true))
    }

    fn send(&self, item: &[u8]) -> Sent {
        let mut window = lock(&WINDOW);
        let Some(window) = &mut *window else { return Sent::Gone };
        let length = item.len() as u64;
        if length > window.longest {
            return Sent::TooLarge(length);
        }
        window.sent.items += 1;
        window.sent.bytes += length;
        match serve::reply(Kind::Item, item) {
            Ok(()) => Sent::Well,
            Err(Broken) => Sent::Gone,
        }
    }
}
