//! Calls that wait for workers, and are served by weight.
//!
//! ```text
//!  call ─► submit ─► waiting (in order) ─┬─► own thread: takes the next when it is free
//!                                        └─► hand_out ─► any strategy with room
//!  what may be tried again: trial (has the claim) ─► attempt ─► the same two ways
//! ```
//!
//! Everything that the queue knows is in one [`state`] under one lock, where no foreign code runs.
//! Whoever changes something that lets a call go on sees to that when the lock is open: wakes a thread
//! that sleeps, or hands out to strategies. A thread looks once more under the lock before it sleeps,
//! so no wake-up is lost.
//!
//! * [`waiting`]: what waits, in order
//! * [`state`], [`member`]: who serves what; [`shared`]: how calls come in, and to strategies
//! * [`own`]: threads of the queue's own
//! * [`introduction`]: how new worker processes hear of earlier updates
//! * [`trial`]: calls that may be tried more than once
//! * [`leaving`], [`basket`], [`leftover`]: detaching workers, shutting down, and what is left
//! * [`lengths`], [`statistics`]: who listens, and what is counted
//! * [`task_queue`], [`settings`], [`worker`]: what users hold and say

mod basket;
pub(crate) mod introduction;
mod leaving;
pub(crate) mod leftover;
mod lengths;
mod member;
mod own;
pub(crate) mod settings;
mod shared;
mod state;
pub(crate) mod statistics;
pub(crate) mod task_queue;
mod trial;
mod waiting;
pub(crate) mod worker;

pub(crate) use settings::TaskQueueBuilder;
pub(crate) use state::Maker;
pub(crate) use task_queue::TaskQueue;
