//! The two ends of a ring.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::hint;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::flow::{Flow, Rest, Side};
use crate::process::channel::bell::{self, Bell};
use crate::process::channel::mapping::{Direction, Mapping, RING};
use crate::sync::global::{Ordering, fence};
use crate::task::threads;

/// The other side has done what it cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// An end of a ring: the only one of its kind in this process.
pub(crate) struct End {
    memory: Arc<Mapping>,
    direction: Direction,
    side: Side,
    /// Where this side is. Its own, and never read back from the shared memory.
    position: u64,
    /// How often in a row it has looked in vain.
    misses: Cell<u32>,
}

/// How long a side looks before it sleeps. To be woken on another core takes some ten microseconds for
/// each of the two; so what is found within that is found at a fraction of the price, and once both
/// look, they find each other at once.
const LONG: Duration = Duration::from_micros(50);

/// The same when that has been in vain: the other side has no core, or has much to do.
const SHORT: Duration = Duration::from_micros(2);

/// So often it tries again whether it is worth it: if both slept each time, neither would ever see
/// that the other is quick.
const RETRY: u32 = 8;

impl End {
    /// The two ends that a process has of the rings in `memory`: where it reads and where it writes.
    ///
    /// `None` when they have been given out already: there is one pair for a mapping.
    pub(crate) fn pair(memory: &Arc<Mapping>, reads: Direction) -> Option<(Self, Self)> {
        let writes = match reads {
            Direction::Requests => Direction::Replies,
            Direction::Replies => Direction::Requests,
        };
        let end = |direction, side| Self {
            memory: Arc::clone(memory),
            direction,
            side,
            position: 0,
            misses: Cell::new(0),
        };
        memory.give_out().then(|| (end(reads, Side::Reader), end(writes, Side::Writer)))
    }

    fn flow(&self) -> &Flow {
        self.memory.flow(self.direction)
    }

    /// So many bytes are there to be read, or there is room for so many.
    pub(crate) fn ready(&self) -> Result<usize, Broken> {
        let other = self.flow().seen_by(self.side);
        let between = match self.side {
            Side::Reader => other.wrapping_sub(self.position),
            Side::Writer => self.position.wrapping_sub(other),
        };
        let between = usize::try_from(between).ok().filter(|bytes| *bytes <= RING).ok_or(Broken)?;
        Ok(match self.side {
            Side::Reader => between,
            Side::Writer => RING - between,
        })
    }

    /// Writes as much of `bytes` as there is room for, without telling the reader yet.
    fn put(&mut self, bytes: &[u8]) -> Result<usize, Broken> {
        debug_assert_eq!(self.side, Side::Writer);
        let count = bytes.len().min(self.ready()?);
        // SAFETY: this is the only writing end in this process: `pair` gives out one.
        unsafe { self.memory.copy_in(self.direction, self.position, &bytes[..count]) };
        self.position += count as u64;
        Ok(count)
    }

    /// Tells the other side how far this one is. Wakes it if it sleeps.
    pub(crate) fn publish(&self, bell: &Bell) {
        if let Some(rest) = self.flow().advance(self.side, self.position) {
            let sleeper = match self.side {
                Side::Reader => Side::Writer,
                Side::Writer => Side::Reader,
            };
            match rest {
                Rest::Word => bell::wake(self.flow().rest_of(sleeper)),
                Rest::Bell => bell.ring(),
            }
        }
    }

    /// Writes parts that fit in together, or nothing. `false` when they do not fit.
    pub(crate) fn write_whole(&mut self, parts: &[&[u8]], bell: &Bell) -> Result<bool, Broken> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        if length > self.ready()? {
            return Ok(false);
        }
        for part in parts {
            self.put(part)?;
        }
        self.publish(bell);
        Ok(true)
    }

    /// Writes as much as there is room for. Returns how much that was.
    pub(crate) fn write_some(&mut self, bytes: &[u8], bell: &Bell) -> Result<usize, Broken> {
        let count = self.put(&bytes[..bytes.len().min(STRIDE)])?;
        if count > 0 {
            self.publish(bell);
        }
        Ok(count)
    }

    /// Writes all of `bytes`, waiting for room as long as `goes_on` says so.
    pub(crate) fn write(
        &mut self,
        mut bytes: &[u8],
        bell: &Bell,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<(), Broken> {
        while !bytes.is_empty() {
            let count = self.write_some(bytes, bell)?;
            bytes = &bytes[count..];
            if count == 0 {
                self.wait(goes_on)?;
            }
        }
        Ok(())
    }

    /// Takes up to `count` bytes to the end of `bytes`. Returns how many there were.
    pub(crate) fn take(&mut self, count: usize, bytes: &mut Vec<u8>) -> Result<usize, Broken> {
        debug_assert_eq!(self.side, Side::Reader);
        let count = count.min(self.ready()?);
        if count > 0 {
            // SAFETY: this is the only reading end in this process: `pair` gives out one.
            unsafe { self.memory.copy_out(self.direction, self.position, count, bytes) };
            self.position += count as u64;
        }
        Ok(count)
    }

    /// Reads `count` bytes to the end of `bytes`, waiting for them as long as `goes_on` says so.
    pub(crate) fn read(
        &mut self,
        mut count: usize,
        bytes: &mut Vec<u8>,
        bell: &Bell,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<(), Broken> {
        while count > 0 {
            let taken = self.take(count.min(STRIDE), bytes)?;
            count -= taken;
            if taken > 0 {
                self.publish(bell);
            } else {
                self.wait(goes_on)?;
            }
        }
        Ok(())
    }

    /// Waits until there is something to read, or room to write: looks for a moment, then sleeps.
    /// [`Broken`] when `goes_on` ends it.
    pub(crate) fn wait(&self, goes_on: &dyn Fn() -> bool) -> Result<(), Broken> {
        if self.look()? {
            return Ok(());
        }
        loop {
            if !goes_on() {
                return Err(Broken);
            }
            let seen = self.flow().seen_by(self.side);
            if self.ready()? > 0 {
                return Ok(());
            }
            if self.flow().lie_down(self.side, Rest::Word, seen) {
                // Asked again in between, lest the end of the other side be overslept.
                const NAP: Duration = Duration::from_millis(100);
                bell::sleep(self.flow().rest_of(self.side), Flow::asleep(Rest::Word), Some(NAP));
                self.flow().get_up(self.side);
            }
        }
    }

    /// Waits as long as it takes, for a process that has nothing else to do.
    pub(crate) fn wait_idle(&self, goes_on: &dyn Fn() -> bool) -> Result<(), Broken> {
        if self.look()? {
            return Ok(());
        }
        while goes_on() {
            let seen = self.flow().seen_by(self.side);
            if self.ready()? > 0 {
                return Ok(());
            }
            if self.flow().lie_down(self.side, Rest::Word, seen) {
                // Who ends this wait writes the word too.
                if goes_on() {
                    bell::sleep(self.flow().rest_of(self.side), Flow::asleep(Rest::Word), None);
                }
                self.flow().get_up(self.side);
            }
        }
        Err(Broken)
    }

    /// Sleeps until something is there, or something else has changed, at most for `patience`.
    pub(crate) fn nap(&self, patience: Duration, goes_on: &dyn Fn() -> bool) {
        let seen = self.flow().seen_by(self.side);
        if self.ready() == Ok(0) && self.flow().lie_down(self.side, Rest::Word, seen) {
            // Who changes it wakes the word after that.
            if goes_on() {
                bell::sleep(
                    self.flow().rest_of(self.side),
                    Flow::asleep(Rest::Word),
                    Some(patience),
                );
            }
            self.flow().get_up(self.side);
        }
    }

    /// Looks for a moment. `true` when there is something.
    pub(crate) fn look(&self) -> Result<bool, Broken> {
        // With one core, what is waited for cannot happen while this thread has it.
        if threads::cores() == 1 {
            return Ok(self.ready()? > 0);
        }
        let patience = match self.misses.get() {
            misses if misses % RETRY == 0 => LONG,
            _ => SHORT,
        };
        let begin = Instant::now();
        loop {
            for _ in 0..8 {
                if self.ready()? > 0 {
                    self.misses.set(0);
                    return Ok(true);
                }
                hint::spin_loop();
            }
            if begin.elapsed() >= patience {
                self.misses.set(self.misses.get().wrapping_add(1));
                return Ok(false);
            }
        }
    }

    /// Leaves it to the bell to tell when there is more. `false` when there is already.
    pub(crate) fn rest_on_bell(&self) -> bool {
        let seen = self.flow().seen_by(self.side);
        if self.ready() != Ok(0) {
            return false;
        }
        self.flow().lie_down(self.side, Rest::Bell, seen)
    }

    /// Says that this side is somewhere, as a broken worker may.
    #[cfg(test)]
    pub(crate) fn pretend(&self, position: u64) {
        self.flow().advance(self.side, position);
    }

    /// Does not want to be told any more.
    pub(crate) fn get_up(&self) {
        self.flow().get_up(self.side);
    }
}

/// Wakes the side of a ring that sleeps on its word, because something else has changed.
pub(crate) fn rouse(memory: &Mapping, direction: Direction, side: Side) {
    let flow = memory.flow(direction);
    // ORDERING: SeqCst pairs with the fence in `Flow::lie_down`: either we see that it sleeps, or it
    // sees what has changed.
    fence(Ordering::SeqCst);
    if flow.call(side).is_some() {
        bell::wake(flow.rest_of(side));
    }
}

/// So many bytes at a time: the other side begins with the first while the next are copied.
const STRIDE: usize = RING / 4;
