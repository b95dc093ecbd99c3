//! The task: a job as a strategy sees it.
//!
//! A job is one allocation that holds what was asked: the call site, the cell, the body. The
//! caller's handle and the strategy's [`Task`] are two counted references to it. Only this floor
//! knows that layout:
//!
//! ```text
//! Job { shared: Shared { header: Header { core, vtable, site, … }, outcome }, body, guard }
//!       └── a handle points here and knows T and S      └── only the vtable knows F and G
//!               └── a task points to the header and knows no types
//! ```
//!
//! * [`header`]: what everybody may know of a job
//! * [`job_ref`]: counted references to a job, and what can be done with its claim
//! * [`extra`]: what few jobs have, and what therefore is elsewhere
//! * [`body`]: what it runs
//! * [`job`]: allocation and the functions that know its types
//! * [`erased`]: the strategy's view
//! * [`current`]: which task this thread runs, and checkpoints
//! * [`frame`]: the tasks on a thread's stack
//! * [`wait`], [`spin`], [`block_on`]: waiting on a thread
//! * [`steps`]: running an `async` body between other work of the same thread
//! * [`awaiting`]: what an `async` body waits for
//! * [`wait_graph`]: who waits for whom, and deadlocks
//! * [`raised`]: what a touch raised, and through which calls
//! * [`aside`]: what a thread does while it waits: the routines of its cooperative workers
//! * [`host`]: what a thread's own pool wants to hear of that
//! * [`remote`]: what runs a body in another process, and how it is told to stop
//! * [`rank`]: where a call stands among others that wait
//! * [`attempt`], [`repeat`]: a body that is run more than once
//! * [`limit`]: at most so many of one function at once
//! * [`timer`]: the thread that ends what takes too long
//! * [`ledger`]: how many tasks there are, and who runs what
//! * [`tally`], [`frames`]: each thread's part of that

pub(crate) mod aside;
pub(crate) mod attempt;
pub(crate) mod awaiting;
pub(crate) mod block_on;
pub(crate) mod body;
pub(crate) mod briefing;
pub(crate) mod current;
pub(crate) mod erased;
pub(crate) mod extra;
pub(crate) mod frame;
pub(crate) mod frames;
pub(crate) mod handover;
pub(crate) mod header;
pub(crate) mod host;
pub(crate) mod job;
pub(crate) mod job_ref;
pub(crate) mod ledger;
pub(crate) mod limit;
pub(crate) mod panics;
pub(crate) mod raised;
pub(crate) mod rank;
pub(crate) mod remote;
pub(crate) mod repeat;
pub(crate) mod spin;
pub(crate) mod stack;
pub(crate) mod steps;
pub(crate) mod stopped;
pub(crate) mod tally;
pub(crate) mod task_id;
pub(crate) mod threads;
pub(crate) mod timer;
pub(crate) mod wait;
pub(crate) mod wait_graph;

pub(crate) use erased::Task;
