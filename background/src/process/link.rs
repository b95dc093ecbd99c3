//! Both ways between the program and a worker, at the program's end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clock::Tick;
use crate::parcel::Freight;
use crate::process::channel::bell::Bell;
use crate::process::channel::frame::{HEAD, Head, Kind};
use crate::process::channel::mapping::advise_huge_pages;
use crate::process::channel::ring::{Broken, End};
use crate::task::host;

/// Both ways to the worker. One thread at a time has it.
pub(super) struct Link {
    requests: End,
    replies: End,
    /// What has not fitted into the ring yet, in its order.
    sending: VecDeque<Sending>,
    receiving: Option<(Head, Vec<u8>)>,
    /// The bytes of a head, kept so that each does not take memory of its own.
    head: Vec<u8>,
}

struct Sending {
    freight: Arc<Freight>,
    sent: usize,
}

/// A frame from a worker.
pub(super) type Frame = (Head, Vec<u8>);

/// How long a thread looks after a transfer that has begun, when nothing moves.
const PATIENCE: Duration = Duration::from_millis(2);

/// How long a thread sleeps where the worker wakes it, before it leaves the answer to the keeper. Longer
/// than most small calls take, and no matter to somebody who waits for a longer one.
const NAP: Duration = Duration::from_millis(2);

/// How long the keeper stays with one transfer before it looks after the others.
const TURN: Duration = Duration::from_millis(2);

/// Above this a reply is waited for part by part.
const LARGEST_STEP: usize = 64 << 10;

impl Link {
    /// Between the ends of the two rings.
    pub(super) fn new((replies, requests): (End, End)) -> Self {
        Self { requests, replies, sending: VecDeque::new(), receiving: None, head: Vec::new() }
    }

    /// Sends a frame: what fits at once, and the rest when there is room.
    pub(super) fn send(
        &mut self,
        bell: &Bell,
        head: Head,
        label: &[u8],
        freight: Arc<Freight>,
    ) -> Result<(), Broken> {
        // The bell before the work: the answer may come at once.
        self.replies.rest_on_bell();
        let whole = [&head.encode()[..], label, &freight.bytes];
        // What is said about a stream may come while the arguments of its call are still sent.
        let is_free = self.sending.is_empty();
        if is_free && self.requests.write_whole(&whole, bell)? {
            return Ok(());
        }
        if !is_free || !self.requests.write_whole(&whole[..2], bell)? {
            let front = Arc::new(Freight { bytes: whole[..2].concat() });
            self.sending.push_back(Sending { freight: front, sent: 0 });
        }
        self.sending.push_back(Sending { freight, sent: 0 });
        self.push(bell)?;
        // The answer may be there before this is over. To take it is not this one's part.
        while self.sends() && !self.requests.rest_on_bell() {
            self.push(bell)?;
        }
        Ok(())
    }

    /// Something is still to be sent.
    pub(super) fn sends(&self) -> bool {
        !self.sending.is_empty()
    }

    /// Takes what there is, and leaves it to the bell to tell when there is more.
    pub(super) fn look(&mut self, bell: &Bell) -> Result<Option<Frame>, Broken> {
        loop {
            if let Some(frame) = self.turn(bell)? {
                return Ok(Some(frame));
            }
            if self.rest() {
                return Ok(None);
            }
        }
    }

    /// The same for whoever looks after several links: stays with a large transfer for a while, and
    /// says whether anything has moved.
    pub(super) fn look_after(&mut self, bell: &Bell) -> (Result<Option<Frame>, Broken>, bool) {
        let before = self.progress();
        let mut found = self.look(bell);
        if found == Ok(None) && self.is_under_way() && self.progress() != before {
            found = self.watch(bell, Tick::now().after(TURN));
            if found == Ok(None) {
                found = self.look(bell);
            }
        }
        (found, self.progress() != before)
    }

    /// Waits for a frame for a while, in the place of whoever listens to the bell: looks, and then
    /// sleeps where the worker wakes it directly. `goes_on` says when to give up early; who changes
    /// what it says wakes the reader.
    pub(super) fn attend(
        &mut self,
        bell: &Bell,
        until: Tick,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Option<Frame>, Broken> {
        self.replies.get_up();
        let nap_until = Tick::now().after(NAP).min(until);
        loop {
            if let Some(frame) = self.watch(bell, until)? {
                return Ok(Some(frame));
            }
            let left = nap_until.left(Tick::now()).filter(|left| !left.is_zero());
            // While there is something to send, the worker has to wake us for that too.
            let Some(left) = left.filter(|_| !self.sends() && goes_on()) else {
                return self.look(bell);
            };
            // The core is somebody else's meanwhile.
            let _blocking = host::blocking();
            self.replies.nap(left, goes_on);
        }
    }

    /// Puts back a frame that was just taken, for the next who looks.
    pub(super) fn put_back(&mut self, frame: Frame) {
        debug_assert!(self.receiving.is_none(), "frames are received one after the other");
        self.receiving = Some(frame);
    }

    /// Takes items of that call's stream for as long as there are some, but not all of very many.
    /// What is broken is left to the next look.
    pub(super) fn take_items(&mut self, bell: &Bell, number: u64, items: &mut Vec<Vec<u8>>) {
        const MANY: usize = 256;
        while items.len() < MANY {
            if self.receive_head() != Ok(true) {
                break;
            }
            let is_item = |(head, _): &(Head, Vec<u8>)| {
                head.kind == Kind::Item && head.number == number && head.label == 0
            };
            let Some((head, bytes)) = self.receiving.take_if(|frame| is_item(frame)) else { break };
            let there = self.replies.ready().unwrap_or(0) as u64;
            if !bytes.is_empty() || there < head.length {
                // A large one: later.
                self.receiving = Some((head, bytes));
                break;
            }
            let length = usize::try_from(head.length).unwrap_or(0);
            let mut item = Vec::with_capacity(length);
            if self.replies.take(length, &mut item) != Ok(length) {
                break;
            }
            items.push(item);
        }
        self.replies.publish(bell);
    }

    /// Reads the head of the next frame, unless that was done before. `false` when there is none yet.
    fn receive_head(&mut self) -> Result<bool, Broken> {
        if self.receiving.is_none() {
            if self.replies.ready()? < HEAD {
                return Ok(false);
            }
            self.head.clear();
            self.replies.take(HEAD, &mut self.head)?;
            self.receiving = Some((Head::decode(&self.head).ok_or(Broken)?, Vec::new()));
        }
        Ok(true)
    }

    /// Moves on what can be moved on at once. Returns a frame that has come to its end.
    pub(super) fn turn(&mut self, bell: &Bell) -> Result<Option<Frame>, Broken> {
        self.push(bell)?;
        if !self.receive_head()? {
            return Ok(None);
        }
        let Some((head, bytes)) = &mut self.receiving else { return Ok(None) };
        let length = usize::try_from(head.length).map_err(|_| Broken)?;
        if head.label != 0 {
            return Err(Broken);
        }
        loop {
            let left = length - bytes.len();
            if left == 0 {
                self.replies.publish(bell);
                return Ok(self.receiving.take());
            }
            let ready = self.replies.ready()?;
            if ready == 0 {
                return Ok(None);
            }
            if bytes.capacity() - bytes.len() < ready.min(left) {
                make_room(bytes, length)?;
            }
            self.replies.take(left, bytes)?;
            if left > LARGEST_STEP {
                self.replies.publish(bell);
            }
        }
    }

    fn push(&mut self, bell: &Bell) -> Result<(), Broken> {
        while let Some(sending) = self.sending.front_mut() {
            let rest = &sending.freight.bytes[sending.sent..];
            let count = self.requests.write_some(rest, bell)?;
            sending.sent += count;
            if sending.sent == sending.freight.bytes.len() {
                self.sending.pop_front();
            } else if count == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Leaves it to the bell to tell when something can be moved on. `false` when something can now.
    fn rest(&self) -> bool {
        (!self.sends() || self.requests.rest_on_bell()) && self.replies.rest_on_bell()
    }

    /// Looks for a frame until nothing has moved for a moment, at most until `until`.
    fn watch(&mut self, bell: &Bell, until: Tick) -> Result<Option<Frame>, Broken> {
        let mut still_since = None;
        loop {
            let before = self.progress();
            if let Some(frame) = self.turn(bell)? {
                return Ok(Some(frame));
            }
            if self.progress() != before {
                still_since = None;
            }
            let next = if self.sends() { &self.requests } else { &self.replies };
            let there_is_more = next.look()?;
            if until <= Tick::now() {
                return Ok(None);
            }
            let since = *still_since.get_or_insert_with(Instant::now);
            // A large transfer is worth more patience than a small answer.
            if !there_is_more && (!self.is_under_way() || since.elapsed() > PATIENCE) {
                return Ok(None);
            }
        }
    }

    /// A part of something has been sent or received.
    fn is_under_way(&self) -> bool {
        self.sends() || self.receiving.is_some()
    }

    /// Changes whenever something has been moved.
    fn progress(&self) -> (usize, usize, usize) {
        let sent = self.sending.front().map_or(usize::MAX, |sending| sending.sent);
        let received = self.receiving.as_ref().map_or(usize::MAX, |(_, bytes)| bytes.len());
        (self.sending.len(), sent, received)
    }
}

/// Room for more of `length` bytes: not for all of very many before a part has come, as a broken worker
/// may promise anything.
fn make_room(bytes: &mut Vec<u8>, length: usize) -> Result<(), Broken> {
    const FIRST: usize = 64 << 10;
    const SERIOUS: usize = 1 << 20;
    let wanted = match bytes.len() {
        received if received < FIRST => FIRST,
        received if received < SERIOUS => SERIOUS,
        _ => length,
    };
    bytes.try_reserve_exact(wanted.min(length) - bytes.len()).map_err(|_| Broken)?;
    advise_huge_pages(bytes);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Link;
    use crate::parcel::Freight;
    use crate::process::channel::bell::Bell;
    use crate::process::channel::frame::{HEAD, Head, Kind};
    use crate::process::channel::mapping::{Direction, Mapping, RING};
    use crate::process::channel::ring::{Broken, End};
    use std::sync::Arc;

    /// The program's end, and what a worker has: an end to read from, and one to write to.
    fn channel() -> (Link, End, End, Bell) {
        let (memory, descriptor) = Mapping::make().expect("there is memory");
        let other = Arc::new(Mapping::of(&descriptor).expect("it can be mapped once more"));
        let ends = End::pair(&Arc::new(memory), Direction::Replies).expect("the first");
        let (requests, replies) = End::pair(&other, Direction::Requests).expect("the first");
        (Link::new(ends), requests, replies, Bell::new().expect("there is a descriptor"))
    }

    fn head(length: u64) -> Head {
        Head { kind: Kind::Value, number: 1, label: 0, length }
    }

    fn write(end: &mut End, bytes: &[u8], bell: &Bell) {
        assert_eq!(end.write_whole(&[bytes], bell), Ok(true), "there is room");
    }

    #[test]
    fn frames_of_any_size_pass_in_both_directions() {
        for length in [0, 1, RING - HEAD, RING, 3 * RING + 7] {
            let (mut link, mut requests, mut replies, bell) = channel();
            let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
            let freight = Arc::new(Freight { bytes: bytes.clone() });
            link.send(&bell, head(length as u64), b"label", freight).expect("it is sent");
            let (mut got, mut back) = (Vec::new(), None);
            while got.len() < HEAD + 5 + length {
                requests.take(usize::MAX, &mut got).expect("a sound ring");
                requests.publish(&bell);
                assert_eq!(link.turn(&bell), Ok(None));
            }
            assert_eq!(Head::decode(&got), Some(head(length as u64)));
            assert_eq!(&got[HEAD + 5..], &bytes[..]);
            write(&mut replies, &head(length as u64).encode(), &bell);
            let mut rest = &bytes[..];
            while back.is_none() {
                let count = replies.write_some(rest, &bell).expect("a sound ring");
                rest = &rest[count..];
                back = link.turn(&bell).expect("a sound ring");
            }
            assert_eq!(back, Some((head(length as u64), bytes.clone())));
            link.put_back((head(length as u64), bytes.clone()));
            assert_eq!(link.turn(&bell), Ok(Some((head(length as u64), bytes))));
        }
    }

    #[test]
    fn frames_are_sent_one_after_the_other() {
        let (mut link, mut requests, _replies, bell) = channel();
        let bytes: Vec<u8> = (0..=250).cycle().take(2 * RING + 11).collect();
        let (mut sent, mut got) = (Vec::new(), Vec::new());
        for (label, freight) in [(&b"first"[..], &bytes[..]), (b"", b"about it"), (b"", &bytes)] {
            let frame = head(freight.len() as u64);
            sent.extend([&frame.encode()[..], label, freight].concat());
            let freight = Arc::new(Freight { bytes: freight.to_vec() });
            link.send(&bell, frame, label, freight).expect("it is sent");
        }
        while got.len() < sent.len() {
            let count = requests.take(usize::MAX, &mut got).expect("a sound ring");
            requests.publish(&bell);
            assert!(count > 0, "something is always on its way");
            assert_eq!(link.turn(&bell), Ok(None));
        }
        assert!(got == sent && !link.sends());
    }

    #[test]
    fn a_frame_of_another_kind_is_broken() {
        let (mut link, _requests, mut replies, bell) = channel();
        write(&mut replies, &[0xff; HEAD], &bell);
        assert_eq!(link.turn(&bell), Err(Broken));
    }

    #[test]
    fn what_is_promised_takes_no_memory_before_it_comes() {
        let (mut link, _requests, mut replies, bell) = channel();
        write(&mut replies, &head(u64::MAX).encode(), &bell);
        write(&mut replies, &[0; 1000], &bell);
        assert_eq!(link.turn(&bell), Ok(None));
        let (_, bytes) = link.receiving.as_ref().expect("a part has come");
        assert_eq!(bytes.len(), 1000);
        assert!(bytes.capacity() <= 1000 + (64 << 10), "{}", bytes.capacity());
    }

    #[test]
    fn positions_that_cannot_be_are_broken() {
        for position in [RING as u64 + 1, u64::MAX, 1 << 40] {
            let (mut link, _requests, replies, bell) = channel();
            replies.pretend(position);
            assert_eq!(link.turn(&bell), Err(Broken), "{position}");
        }
    }

    /// Whatever a worker writes: a frame, nothing yet, or broken; no panic, and no memory without
    /// bytes.
    #[test]
    fn garbage_is_a_frame_or_broken() {
        let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..2_000 {
            let (mut link, _requests, mut replies, bell) = channel();
            for _ in 0..4 {
                let mut bytes = [0; HEAD];
                for byte in &mut bytes {
                    dice ^= dice << 13;
                    dice ^= dice >> 7;
                    dice ^= dice << 17;
                    // Small numbers now and then, which are more likely to mean something.
                    *byte = if dice & 0x300 == 0 { (dice % 10) as u8 } else { 0 };
                }
                write(&mut replies, &bytes, &bell);
                match link.turn(&bell) {
                    Ok(_) => {}
                    Err(Broken) => break,
                }
                let waiting = link.receiving.as_ref().map_or(0, |(_, bytes)| bytes.capacity());
                assert!(waiting <= 4 * HEAD + (64 << 10), "{waiting}");
            }
        }
    }
}
