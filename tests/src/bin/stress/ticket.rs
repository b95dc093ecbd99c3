//! What is known of one task.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};

use background::{Failure, OnDrop};
use background_tests::Counted;

use crate::account::{Account, fault};
use crate::delay;
use crate::plan::Plan;

/// The record of one task: everybody who has to do with it holds it, and when the last lets go of
/// it everything has to be in order.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) number: u64,
    pub(crate) plan: Plan,
    pub(crate) account: Arc<Account>,
    ran: AtomicU64,
    /// Callbacks that were registered, and that were called.
    registered: AtomicU64,
    called: AtomicU64,
    /// Somebody has tried to cancel it.
    pub(crate) cancelled: AtomicBool,
    /// The kind of outcome that was seen first, counted from 1.
    seen: AtomicU8,
}

/// What a body returns: it belongs to one task.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) number: u64,
    /// Looked at by tools that watch memory: it owns some.
    pub(crate) counted: Counted,
}

impl Ticket {
    pub(crate) fn new(account: &Arc<Account>, plan: Plan) -> Arc<Self> {
        Arc::new(Self {
            number: account.tickets.fetch_add(1, Ordering::SeqCst),
            plan,
            account: Arc::clone(account),
            ran: AtomicU64::new(0),
            registered: AtomicU64::new(0),
            called: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
            seen: AtomicU8::new(0),
        })
    }

    /// The body begins.
    pub(crate) fn begin(&self) {
        delay::point();
        self.account.ran.fetch_add(1, Ordering::SeqCst);
        if self.ran.fetch_add(1, Ordering::SeqCst) != 0 {
            self.fault("its body ran twice");
        }
    }

    /// A value for this task.
    pub(crate) fn value(&self) -> Value {
        Value { number: self.number, counted: self.account.values.make() }
    }

    /// A callback is about to be registered.
    pub(crate) fn register(&self) {
        self.registered.fetch_add(1, Ordering::SeqCst);
    }

    /// A callback was called, with this.
    pub(crate) fn call(&self, outcome: Result<&Value, &Failure>) {
        delay::point();
        self.see(outcome);
        self.account.called.fetch_add(1, Ordering::SeqCst);
        self.called.fetch_add(1, Ordering::SeqCst);
    }

    /// Somebody sees this outcome: may it be, and is it what others have seen?
    pub(crate) fn see(&self, outcome: Result<&Value, &Failure>) {
        let plan = &self.plan;
        let has_run = self.ran.load(Ordering::SeqCst) == 1;
        let (kind, is_right) = match outcome {
            Ok(value) => {
                let _ = value.counted.nth();
                (0, has_run && !plan.panics && value.number == self.number)
            }
            Err(failure) if failure.is_timeout() => (1, plan.is_timed()),
            Err(failure) if failure.is_cancelled() => {
                (2, self.cancelled.load(Ordering::SeqCst) || plan.on_drop == OnDrop::Cancel)
            }
            Err(failure) if failure.is_panic() => (3, has_run && plan.panics),
            Err(failure) if failure.is_rejected() => (4, !has_run && plan.may_be_rejected()),
            Err(failure) if failure.is_lost() => (5, !has_run && plan.may_be_lost()),
            Err(failure) => self.fault(&format!("it failed as {failure}")),
        };
        if !is_right {
            self.fault(&format!("its outcome cannot be {outcome:?}"));
        }
        let before = self.seen.swap(kind + 1, Ordering::SeqCst);
        if before == 0 {
            self.account.outcomes[usize::from(kind)].fetch_add(1, Ordering::SeqCst);
        } else if before != kind + 1 {
            self.fault(&format!("two outcomes: {before} and {}, {outcome:?}", kind + 1));
        }
    }

    fn fault(&self, what: &str) -> ! {
        fault(&format!("{what}: {self:?}"))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let [registered, called] =
            [&self.registered, &self.called].map(|it| it.load(Ordering::SeqCst));
        if registered != called {
            self.fault("a callback was lost, or called twice");
        }
        self.account.closed.fetch_add(1, Ordering::SeqCst);
    }
}
