//! The tasks on a thread's stack, written by the thread and read by whoever asks.
//!
//! Every run of a body is entered here, so it must cost next to nothing: no lock, no allocation
//! and no read-modify-write. The thread writes a frame in three words between two changes of the
//! frame's turn, which is odd meanwhile; a reader that finds the same even turn before and after
//! has read what belongs together (a sequence lock). A name that is no literal cannot be read that
//! way, as it may be freed: it goes to a list behind a lock.
//!
//! A reader sees every task that is on the stack for the whole time, and some of those that come
//! and go meanwhile. Each was there at some moment of the reading.
#![allow(unsafe_code)]

use std::borrow::Cow;
use std::panic::Location;
use std::ptr::{self, NonNull};
use std::{slice, str};

use crate::sync::global::{
    AtomicBool, AtomicPtr, AtomicUsize, Mutex, OnceLock, Ordering, fence, lock, thread,
};

/// One task that a thread runs: its name and where it was called.
pub(crate) type Entry = (Cow<'static, str>, &'static Location<'static>);

/// So many frames have a place without an allocation.
const NEAR: usize = 8;

/// The stack of one thread.
#[derive(Debug)]
pub(crate) struct Frames {
    depth: AtomicUsize,
    near: [Frame; NEAR],
    far: OnceLock<Box<Room>>,
    /// The list below is not empty.
    has_owned: AtomicBool,
    /// The frames whose names are no literals, with their depth.
    owned: Mutex<Vec<(usize, Entry)>>,
}

/// More frames: each room has twice as many as the one before.
#[derive(Debug)]
struct Room {
    frames: Box<[Frame]>,
    next: OnceLock<Box<Room>>,
}

impl Room {
    fn new(size: usize) -> Self {
        Self { frames: (0..size).map(|_| Frame::new()).collect(), next: OnceLock::new() }
    }
}

impl Frames {
    pub(crate) const fn new() -> Self {
        Self {
            depth: AtomicUsize::new(0),
            near: [const { Frame::new() }; NEAR],
            far: OnceLock::new(),
            has_owned: AtomicBool::new(false),
            owned: Mutex::new(Vec::new()),
        }
    }

    /// How many tasks are on the stack; exact for the thread itself.
    #[inline]
    pub(crate) fn depth(&self) -> usize {
        // ORDERING: Acquire pairs with the Release in `set_depth`: the frames below are written.
        self.depth.load(Ordering::Acquire)
    }

    #[inline]
    fn set_depth(&self, depth: usize) {
        // ORDERING: Release pairs with the Acquire in `depth`: the frames below are written.
        self.depth.store(depth, Ordering::Release);
    }

    /// Enters a task. Only the thread itself.
    #[inline]
    pub(crate) fn push(&self, name: &'static str, caller: &'static Location<'static>) {
        let depth = self.depth();
        self.make_frame(depth).write(NonNull::from(name.as_bytes()).cast(), name.len(), caller);
        self.set_depth(depth + 1);
    }

    /// The same for a name that may be freed.
    #[cold]
    pub(crate) fn push_owned(&self, name: String, caller: &'static Location<'static>) {
        let depth = self.depth();
        let mut owned = lock(&self.owned);
        owned.push((depth, (name.into(), caller)));
        // ORDERING: Relaxed. Only this thread reads it.
        self.has_owned.store(true, Ordering::Relaxed);
        drop(owned);
        self.make_frame(depth).write_owned();
        self.set_depth(depth + 1);
    }

    /// Leaves the innermost task. Only the thread itself.
    #[inline]
    pub(crate) fn pop(&self) {
        let depth = self.depth().saturating_sub(1);
        self.set_depth(depth);
        // ORDERING: Relaxed. Only this thread writes it.
        if self.has_owned.load(Ordering::Relaxed) {
            self.forget_owned(depth);
        }
    }

    #[cold]
    fn forget_owned(&self, depth: usize) {
        let mut owned = lock(&self.owned);
        while owned.last().is_some_and(|(at, _)| *at >= depth) {
            owned.pop();
        }
        // ORDERING: Relaxed, as in `pop`.
        self.has_owned.store(!owned.is_empty(), Ordering::Relaxed);
    }

    /// All tasks on the stack, outermost first.
    pub(crate) fn read(&self) -> Vec<Entry> {
        (0..self.depth()).filter_map(|at| self.read_at(at)).collect()
    }

    fn read_at(&self, at: usize) -> Option<Entry> {
        let frame = self.frame(at)?;
        loop {
            match frame.read() {
                Reading::Entry(name, caller) => return Some((name.into(), caller)),
                Reading::Owned => {
                    let owned = lock(&self.owned);
                    let entry = owned.iter().find(|(depth, _)| *depth == at);
                    return entry.map(|(_, entry)| entry.clone());
                }
                // The thread is between two lines. It may not be on a core just now.
                Reading::Changing => thread::yield_now(),
            }
        }
    }

    fn frame(&self, at: usize) -> Option<&Frame> {
        if let Some(frame) = self.near.get(at) {
            return Some(frame);
        }
        let (mut left, mut room) = (at - NEAR, self.far.get()?);
        while left >= room.frames.len() {
            left -= room.frames.len();
            room = room.next.get()?;
        }
        Some(&room.frames[left])
    }

    #[inline]
    fn make_frame(&self, at: usize) -> &Frame {
        match self.near.get(at) {
            Some(frame) => frame,
            None => self.make_far_frame(at - NEAR),
        }
    }

    #[cold]
    fn make_far_frame(&self, mut left: usize) -> &Frame {
        let mut room = self.far.get_or_init(|| Room::new(2 * NEAR).into());
        while left >= room.frames.len() {
            left -= room.frames.len();
            room = room.next.get_or_init(|| Room::new(2 * room.frames.len()).into());
        }
        &room.frames[left]
    }
}

/// One task: its name, in two words, and where it was called.
#[derive(Debug)]
struct Frame {
    /// Odd while the thread writes; 0 before it ever did.
    turn: AtomicUsize,
    /// Null when the name is in the list of the owned.
    name: AtomicPtr<u8>,
    length: AtomicUsize,
    caller: AtomicPtr<Location<'static>>,
}

enum Reading {
    Entry(&'static str, &'static Location<'static>),
    Owned,
    Changing,
}

impl Frame {
    const fn new() -> Self {
        Self {
            turn: AtomicUsize::new(0),
            name: AtomicPtr::new(ptr::null_mut()),
            length: AtomicUsize::new(0),
            caller: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// `name` and `length` are those of a literal.
    #[inline]
    fn write(&self, name: NonNull<u8>, length: usize, caller: &'static Location<'static>) {
        self.between_turns(|| {
            // ORDERING: Relaxed, all three. A reader that sees one of them and the turns unchanged
            // has read all of them between the same two turns; see `between_turns`.
            self.name.store(name.as_ptr(), Ordering::Relaxed);
            // ORDERING: Relaxed, as above.
            self.length.store(length, Ordering::Relaxed);
            // ORDERING: Relaxed, as above.
            self.caller.store(ptr::from_ref(caller).cast_mut(), Ordering::Relaxed);
        });
    }

    fn write_owned(&self) {
        // ORDERING: Relaxed, as in `write`.
        self.between_turns(|| self.name.store(ptr::null_mut(), Ordering::Relaxed));
    }

    #[inline]
    fn between_turns(&self, write: impl FnOnce()) {
        // ORDERING: Relaxed. Only this thread writes the turn.
        let turn = self.turn.load(Ordering::Relaxed);
        // ORDERING: Relaxed; the fence below orders it before what is written.
        self.turn.store(turn.wrapping_add(1), Ordering::Relaxed);
        // ORDERING: Release pairs with the Acquire fence in `read`: who has read any of what is
        // written now sees an odd turn, or a later one, afterwards.
        fence(Ordering::Release);
        write();
        // ORDERING: Release pairs with the Acquire load in `read`: who sees this turn first sees
        // what was written, or something later.
        self.turn.store(turn.wrapping_add(2), Ordering::Release);
    }

    fn read(&self) -> Reading {
        // ORDERING: Acquire pairs with the Release store in `between_turns`.
        let turn = self.turn.load(Ordering::Acquire);
        // ORDERING: Relaxed, all three, as in `write`.
        let name = self.name.load(Ordering::Relaxed);
        // ORDERING: Relaxed, as above.
        let length = self.length.load(Ordering::Relaxed);
        // ORDERING: Relaxed, as above.
        let caller = self.caller.load(Ordering::Relaxed);
        // ORDERING: Acquire pairs with the Release fence in `between_turns`.
        fence(Ordering::Acquire);
        // ORDERING: Relaxed; the fence above keeps it after the reads.
        if turn % 2 == 1 || self.turn.load(Ordering::Relaxed) != turn {
            return Reading::Changing;
        }
        if name.is_null() {
            return Reading::Owned;
        }
        // SAFETY: the turn was even and the same before and after, so name, length and caller were
        // written by one `write`: the first two are those of one literal, the third is a static's.
        let (name, caller) = unsafe { (slice::from_raw_parts(name, length), &*caller) };
        // SAFETY: as above, the bytes are all of a literal.
        Reading::Entry(unsafe { str::from_utf8_unchecked(name) }, caller)
    }
}

#[cfg(test)]
mod tests {
    use super::{Frames, NEAR};
    use crate::sync::global::{AtomicBool, Ordering, thread};
    use std::panic::Location;

    #[test]
    fn any_depth_is_kept() {
        const DEEP: usize = 40 * NEAR;
        let here = Location::caller();
        let frames = Frames::new();
        for depth in 0..DEEP {
            match depth % 3 {
                0 => frames.push_owned(depth.to_string(), here),
                1 => frames.push("one", here),
                _ => frames.push("two", here),
            }
        }
        for depth in (0..DEEP).rev() {
            let entries = frames.read();
            assert_eq!(entries.len(), depth + 1);
            match depth % 3 {
                0 => assert_eq!(entries[depth], (depth.to_string().into(), here)),
                1 => assert_eq!(entries[depth], ("one".into(), here)),
                _ => assert_eq!(entries[depth], ("two".into(), here)),
            }
            frames.pop();
        }
        assert_eq!(frames.read(), []);
        assert!(super::lock(&frames.owned).is_empty());
    }

    #[test]
    fn what_is_read_belongs_together() {
        const READINGS: usize = 10_000;
        static FRAMES: Frames = Frames::new();
        static DONE: AtomicBool = AtomicBool::new(false);
        let pairs = [("short", Location::caller()), ("a longer name", elsewhere())];
        let writer = thread::spawn(move || {
            for (name, caller) in pairs.iter().cycle() {
                FRAMES.push(name, caller);
                FRAMES.push_owned((*name).to_owned(), caller);
                FRAMES.pop();
                FRAMES.pop();
                if DONE.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        let mut seen = [0; 2];
        let mut mixed = None;
        // The other thread runs for ever, so in the end there is enough to read.
        while mixed.is_none() && (seen[0] < READINGS || seen[1] < READINGS) {
            for entry in FRAMES.read() {
                match pairs
                    .iter()
                    .position(|(name, caller)| (*name, *caller) == (&*entry.0, entry.1))
                {
                    Some(which) => seen[which] += 1,
                    None => mixed = Some(entry),
                }
            }
        }
        DONE.store(true, Ordering::Relaxed);
        writer.join().unwrap();
        assert_eq!(mixed, None, "a name with the place of another");
        assert_eq!(FRAMES.read(), []);
    }

    #[track_caller]
    fn elsewhere() -> &'static Location<'static> {
        Location::caller()
    }
}
