//! What happens after a future: `then`.
#![allow(unsafe_code)]

use std::convert::Infallible;
use std::panic::Location;

use crate::cell::state::PARKED;
use crate::cell::waiters::Waiter;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::task::body::Direct;
use crate::task::current::Inherited;
use crate::task::header::{Clocks, OnDrop, Settings};
use crate::task::job_ref::JobRef;
use crate::task::{current, job, timer, wait};

static SITE: Site = Site::new("then", "", "", 0);

pub(crate) fn then<T, S, U, G>(
    f: Background<T, S>,
    g: G,
    caller: &'static Location<'static>,
) -> Background<U>
where
    T: Send + 'static,
    S: Sentinel,
    U: Send + 'static,
    G: FnOnce(S::Yields<T>) -> U + Send + 'static,
{
    let first = JobRef::clone(&f.job());
    let Inherited { deadline, clock, held } = current::inherited();
    let settings = Settings {
        site: &SITE,
        caller,
        name: None,
        clocks: Clocks { deadline, ..Clocks::NONE },
        clock,
        on_drop: OnDrop::Detach,
        claimable: true,
        offload: first.settings.offload,
        scoped: false,
        held,
        parcel: None,
        rank: None,
    };
    let body = move || g(Background::join_at(f, Some(caller)));
    // SAFETY: the body owns a future of `T` and `g`, and returns `U`; all are `Send + 'static`.
    let (shared, task) =
        unsafe { job::allocate::<_, _, U, Infallible>(settings, None, Direct(body), ()) };
    // SAFETY: the job was just made, and this is its handle.
    let after = unsafe { Background::from_raw(shared) };
    timer::watch_deadline(&after.job());
    if first.core.state.glance() & PARKED != 0 {
        task.park();
        return after;
    }
    when_ended(&first, move || task.offload());
    after
}

/// Calls `start` once the outcome can be seen: on the thread that ends the task, or right here if it
/// has ended. What waits for its first touch starts elsewhere, as somebody waits now.
pub(crate) fn when_ended(job: &JobRef, start: impl FnOnce() + Send + 'static) {
    match job.core.register(Waiter::After(Box::new(start))) {
        // Perhaps parked before we said that we wait.
        Ok(_) => wait::start_elsewhere(job),
        Err(Waiter::After(start)) => start(),
        Err(_) => unreachable!("what was registered comes back"),
    }
}
