//! What happens after a future: `then`.
#![allow(unsafe_code)]

use std::convert::Infallible;
use std::panic::Location;

use crate::cell::state::PARKED;
use crate::cell::waiters::Waiter;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::task::header::{Clocks, OnDrop, Settings};
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
    let first = crate::task::header::JobRef::clone(&f.job());
    let settings = Settings {
        site: &SITE,
        caller,
        name: None,
        clocks: Clocks { deadline: current::deadline(), ..Clocks::NONE },
        on_drop: OnDrop::Detach,
        claimable: true,
        offload: first.settings.offload,
        scoped: false,
        held: current::held(),
    };
    let body = move || g(Background::join(f));
    // SAFETY: the body owns a future of `T` and `g`, and returns `U`; all are `Send + 'static`.
    let (shared, task) = unsafe { job::allocate::<_, _, U, Infallible>(settings, None, body, ()) };
    // SAFETY: the job was just made, and this is its handle.
    let after = unsafe { Background::from_raw(shared) };
    timer::watch_deadline(&after.job());
    if first.core.state.glance() & PARKED != 0 {
        task.park();
        return after;
    }
    match first.core.register(Waiter::After(Box::new(move || task.offload()))) {
        // Parked after the look above, and before we said that we wait.
        Ok(_) => wait::start_elsewhere(&first),
        Err(Waiter::After(start)) => start(),
        Err(_) => unreachable!("what was registered comes back"),
    }
    after
}
