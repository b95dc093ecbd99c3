//! The cell: where a caller and a strategy meet.
//!
//! The two sides of a job never see each other. The caller holds a handle and may touch, await,
//! cancel, drop or join it; the strategy holds a task and may run or drop it; a clock may end it.
//! All of them meet in one cell, whose [`State`](state::State) is one atomic word of independent
//! bits, and whose contents each have exactly one owner at any time.
//!
//! # Two rights, each taken once
//!
//! * The **claim** (`CLAIMED`) is the right to the *body*: to run it or to drop it unrun. The
//!   strategy's task, a toucher, a cancel, a clock and the task's destructor all compete for it.
//! * The **fill** (`FILLING`) is the right to the *outcome*: to write the slot or the failure
//!   record. Whoever holds the claim usually fills; a cancel or a clock may fill while the body
//!   still runs, and then the body's own result comes too late and is dropped by its runner.
//!
//! `READY` is set after the outcome is written and is never taken back.
//!
//! # Life
//!
//! | from | who | to |
//! |---|---|---|
//! | – | task runs it, toucher claims it | `CLAIMED` |
//! | – | destructor of the task, rejection | `CLAIMED`, then `FILLING`, body dropped |
//! | – | cancel, clock | `CLAIMED FILLING STOP` in one step, body dropped |
//! | `CLAIMED` | cancel, clock | `CLAIMED FILLING STOP` |
//! | `CLAIMED` | the body ended | `CLAIMED FILLING` |
//! | `… FILLING` | whoever set it, outcome written | `… READY` with `SLOT` and/or `FAILED` |
//! | any | a reader that waits | `… WAITING` |
//! | any | the handle is dropped | `… ORPHAN` |
//! | – | a lazy strategy leaves the body to its first touch | `PARKED` |
//! | `PARKED` | a touch, or whoever must not run the body, starts it | –, with a task again |
//!
//! # Who may touch which field, and when
//!
//! * **body**: whoever set `CLAIMED`, from then on, alone.
//! * **slot and record**: whoever set `FILLING`, alone, until `READY`. From then on the handle:
//!   shared through `&Background`, alone through `&mut Background` or by value. Of `READY` and
//!   `ORPHAN`, whichever is set second makes its setter the owner of slot and record: it drops
//!   the value. So a value is dropped once, as soon as nobody can want it, and never by whoever
//!   happens to hold the last reference to the memory.
//! * **waiters**: behind their lock. A waiter is entered under the lock, then `WAITING` is set.
//!   The filler publishes `READY` in one read-modify-write that also tells it whether `WAITING`
//!   was set. The two are ordered by the word itself: either the filler sees `WAITING` and takes
//!   the list, or the waiter sees `READY` and does not wait. No wake-up is lost.
//! * **callbacks** (waiters that want the value by reference) run on the filling thread *before*
//!   `READY`, while the slot is still the filler's alone; so a later `&mut` of the owner cannot
//!   collide with one. The filler publishes only in a moment when no callback is left.
//!
//! # Alone
//!
//! A caller that consumes the handle, and has taken the task back from its own thread's queue
//! before anybody else could have it, holds both references. If the count says that there are no
//! others, it is *alone*: a new reference can only come from one of its own two, so nobody can see
//! or change the cell until the caller, or the body that it is about to run, makes one. What
//! earlier references did (a cancel, a callback entered) has happened before their counts were
//! given back, and the count is read with Acquire, so the bits show it.
//!
//! | when | who | what |
//! |---|---|---|
//! | alone, none of `CLAIMED FILLING WAITING` | joiner | `CLAIMED`, by a plain store |
//! | the body ended, still alone, still neither `FILLING` nor `WAITING` | joiner | takes the value, frees the memory; the outcome is never written |
//! | the body ended, somebody has or had a hand in it; or it failed | joiner | `FILLING`, as any runner, and everything else as above |
//!
//! The second row is asked anew after the body, because the body may have handed out a reference
//! ([`current`](crate::task::current) can make one) by which it was cancelled meanwhile, or is
//! waited for. That the count is 2 again means that those references are gone, and that all they
//! did is visible: `FILLING` if the outcome is somebody else's, `WAITING` if the list has to be
//! looked at.
//!
//! For the same reason the last reference is given back without a read-modify-write, and a handle
//! that sees `READY` does not set `ORPHAN`: that word has its last writer, so the handle is the
//! second of the two without saying so.
//!
//! The habit of writing the states down and of letting the second of two parties do the clean-up
//! is learned from the `oneshot` crate and from tokio's `runtime::task`.

pub(crate) mod core;
pub(crate) mod count;
pub(crate) mod outcome;
pub(crate) mod parker;
pub(crate) mod state;
pub(crate) mod waiters;
