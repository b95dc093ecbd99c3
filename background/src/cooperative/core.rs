//! A worker's queue, and all that lives with it on its thread.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;

use crate::cell::parker::Parker;
use crate::clock::Tick;
use crate::clock::virtual_clock::VirtualClock;
use crate::cooperative::active;
use crate::cooperative::bell::Bell;
use crate::cooperative::lodger::Lodger;
use crate::cooperative::routine::Routine;
use crate::cooperative::shared::{Mail, Shared};
use crate::cooperative::slab::{Key, Slab};
use crate::cooperative::timers::{Alarm, Timers};
use crate::task::aside::{self, Aside, Rest};
use crate::task::{Task, current, panics};

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// No routine was ready.
    Nothing,
    /// A routine was polled.
    Ran,
    /// It is the turn of the future that the worker's caller polls.
    Root,
}

/// A future that stays with the worker until its routine begins.
pub(super) type Lodging = Box<dyn Any>;

/// Where a routine sits.
enum Seat {
    Here(Box<Routine>),
    /// It is polled right now, further down on the stack.
    Away {
        /// Its turn has come meanwhile: it has another one when it is back.
        was_called: bool,
    },
}

/// A worker, on its own thread. No cell is borrowed while foreign code runs.
pub(super) struct Core {
    shared: Arc<Shared>,
    clock: Option<VirtualClock>,
    /// Who is to be polled, in turn. A key may be that of a routine that is over.
    ready: RefCell<VecDeque<Key>>,
    routines: RefCell<Slab<Seat>>,
    lodgings: RefCell<Slab<Lodging>>,
    timers: RefCell<Timers>,
    /// It is the root's turn, and the step that saw it was not for the root's owner.
    root: Cell<bool>,
}

impl Core {
    pub(super) fn new(clock: Option<VirtualClock>) -> Rc<Self> {
        Rc::new(Self {
            shared: Arc::default(),
            clock,
            ready: RefCell::default(),
            routines: RefCell::new(Slab::new()),
            lodgings: RefCell::new(Slab::new()),
            timers: RefCell::new(Timers::new()),
            root: Cell::new(false),
        })
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(super) fn clock(&self) -> Option<&VirtualClock> {
        self.clock.as_ref()
    }

    #[inline]
    pub(super) fn is_of(&self, shared: &Arc<Shared>) -> bool {
        Arc::ptr_eq(&self.shared, shared)
    }

    pub(super) fn queue(&self, key: Key) {
        self.ready.borrow_mut().push_back(key);
    }

    /// The time by the worker's clock.
    pub(super) fn now(&self) -> Tick {
        self.clock.as_ref().map_or_else(Tick::now, VirtualClock::tick)
    }

    /// How many routines there are.
    pub(super) fn len(self: &Rc<Self>) -> usize {
        self.collect();
        self.routines.borrow().len()
    }

    /// Makes a routine of a task, the last in the queue.
    pub(super) fn adopt(self: &Rc<Self>, task: Task) {
        // What came before it stays before it.
        self.collect();
        if self.shared.is_closed() {
            return refuse(task);
        }
        self.take_in(task);
    }

    fn take_in(&self, task: Task) {
        let make = |key| Seat::Here(Box::new(Routine::new(task, Bell::of(key, &self.shared))));
        let key = self.routines.borrow_mut().insert(make);
        self.queue(key);
    }

    /// Takes a future in, of which the job gets the key.
    pub(super) fn lodge<F: Future + 'static>(&self, future: F) -> Lodger<F> {
        let lodging: Lodging = Box::new(future);
        let key = self.lodgings.borrow_mut().insert(|_| lodging);
        Lodger::new(key, &self.shared)
    }

    /// Gives a future back.
    pub(super) fn leave(&self, key: Key) -> Option<Lodging> {
        self.lodgings.borrow_mut().remove(key)
    }

    pub(super) fn set_timer(&self, due: Tick, waker: Waker) -> Alarm {
        self.timers.borrow_mut().set(due, waker)
    }

    pub(super) fn replace_timer(&self, alarm: Alarm, waker: Waker) {
        let before = self.timers.borrow_mut().replace(alarm, waker);
        drop(before);
    }

    pub(super) fn unset_timer(&self, alarm: Alarm) {
        let waker = self.timers.borrow_mut().unset(alarm);
        drop(waker);
    }

    /// Polls the first routine in the queue.
    #[inline]
    pub(super) fn step(self: &Rc<Self>) -> Step {
        let _active = if active::is(self) { None } else { Some(active::enter(Rc::clone(self))) };
        self.collect();
        self.ring();
        loop {
            let Some(key) = self.ready.borrow_mut().pop_front() else { return Step::Nothing };
            if key == Key::NONE {
                return Step::Root;
            }
            if let Some(routine) = self.call(key) {
                self.poll(key, routine);
                return Step::Ran;
            }
        }
    }

    /// Takes a routine from its seat. `None` when it is over, or away.
    #[inline]
    fn call(&self, key: Key) -> Option<Box<Routine>> {
        let mut routines = self.routines.borrow_mut();
        let seat = routines.get_mut(key)?;
        match std::mem::replace(seat, Seat::Away { was_called: true }) {
            Seat::Here(routine) => {
                *seat = Seat::Away { was_called: false };
                Some(routine)
            }
            Seat::Away { .. } => None,
        }
    }

    fn poll(&self, key: Key, mut routine: Box<Routine>) {
        if routine.poll() {
            let seat = self.routines.borrow_mut().remove(key);
            drop((seat, routine));
        } else if let Some(seat) = self.routines.borrow_mut().get_mut(key) {
            if let Seat::Away { was_called: true } = std::mem::replace(seat, Seat::Here(routine)) {
                self.queue(key);
            }
        }
    }

    /// Does what other threads want.
    #[inline]
    fn collect(self: &Rc<Self>) {
        if self.shared.has_mail() {
            self.read();
        }
    }

    #[cold]
    fn read(self: &Rc<Self>) {
        for mail in self.shared.open() {
            match mail {
                Mail::Start(task) => self.take_in(task),
                Mail::Wake(key) => self.queue(key),
                Mail::Evict(key) => {
                    let _active = active::enter(Rc::clone(self));
                    panics::guarded("dropping a routine", || drop(self.leave(key)));
                }
            }
        }
    }

    /// Wakes those whose time has come.
    #[inline]
    fn ring(&self) {
        let next = self.timers.borrow().next();
        if next != Tick::NEVER {
            self.ring_until(self.now());
        }
    }

    fn ring_until(&self, now: Tick) {
        loop {
            let waker = self.timers.borrow_mut().pop(now);
            let Some(waker) = waker else { return };
            panics::guarded("a waker", || waker.wake());
        }
    }

    /// It is the root's turn, as another step saw.
    pub(super) fn take_root(&self) -> bool {
        self.root.take()
    }

    /// Ends all routines, and takes none from now on.
    pub(super) fn close(self: &Rc<Self>) {
        let _active = active::enter(Rc::clone(self));
        for mail in self.shared.close() {
            // A task ends as lost; the rest goes with the worker.
            drop(mail);
        }
        let seats = self.routines.borrow_mut().drain();
        for seat in seats {
            panics::guarded("dropping a routine", || drop(seat));
        }
        let lodgings = self.lodgings.borrow_mut().drain();
        for lodging in lodgings {
            panics::guarded("dropping a routine", || drop(lodging));
        }
        let wakers = self.timers.borrow_mut().drain();
        for waker in wakers.into_values() {
            panics::guarded("a waker", || drop(waker));
        }
    }
}

/// Sleeps until a routine of this thread is ready. A checkpoint of the current task.
pub(super) fn rest() {
    let bed = Parker::of_this_thread();
    let _stop = current::watch_stop(&bed);
    current::checkpoint();
    // A routine may wait for one of another worker that lives on this thread.
    if !aside::step() {
        aside::park(&bed, None);
    }
}

/// Ends a task that came too late.
pub(super) fn refuse(task: Task) {
    task.reject("its cooperative worker is gone");
}

/// A worker, as its thread sees it that waits for something else.
pub(super) struct Bystander(pub(super) Rc<Core>);

impl Aside for Bystander {
    fn step(&self) -> bool {
        match self.0.step() {
            Step::Nothing => false,
            Step::Ran => true,
            Step::Root => {
                // Its owner waits further down on this stack.
                self.0.root.set(true);
                true
            }
        }
    }

    fn listen(&self, bed: &Arc<Parker>) -> Rest {
        let core = &*self.0;
        if !core.ready.borrow().is_empty() || !core.shared.listen(bed) {
            return Rest::Awake;
        }
        let due = core.timers.borrow().next();
        let Some(clock) = &core.clock else { return Rest::Until(due) };
        let due = due.min(clock.next());
        if due == Tick::NEVER || core.shared.is_held() {
            return Rest::Until(Tick::NEVER);
        }
        core.shared.hush();
        clock.reach(due);
        Rest::Awake
    }

    fn hush(&self) {
        self.0.shared.hush();
    }
}
