//! Starts a task as it was planned.

use std::sync::Arc;

use background::{Background, Builder, Failure, Limit, Strategy, background, checkpoint, task};

use crate::account::Account;
use crate::delay;
use crate::dice::Dice;
use crate::odd_pools::{Careless, Jealous, own_pool};
use crate::plan::{Place, Plan};
use crate::ticket::{Ticket, Value};
use crate::treat;

/// A task's future, and what is known of the task.
pub(crate) struct Started {
    pub(crate) future: Background<Value, Failure>,
    pub(crate) ticket: Arc<Ticket>,
}

/// For all that are limited.
static LIMIT: Limit = Limit::new(2);

/// Starts some task.
pub(crate) fn start(dice: &mut Dice, account: &Arc<Account>, depth: u64, hurried: bool) -> Started {
    let plan = Plan::roll(dice, depth, hurried);
    let ticket = Ticket::new(account, plan);
    let body = body(&ticket, dice.fork());
    let plan = &ticket.plan;
    delay::point();
    let future = match plan.place {
        Place::Default => finish(task().catch(), plan, body),
        Place::OwnPool => finish(task().catch().on(own_pool()), plan, body),
        Place::Dedicated => finish(task().catch().dedicated(), plan, body),
        Place::Inline => finish(task().catch().inline(), plan, body),
        Place::Lazy => finish(task().catch().lazy(), plan, body),
        Place::Careless => finish(task().catch().on(Careless), plan, body),
        Place::Jealous => finish(task().catch().on(Jealous), plan, body),
    };
    delay::point();
    let started = Started { future, ticket };
    if dice.once_in(4) {
        started.call_back();
    }
    started
}

fn finish<P: Strategy>(
    task: Builder<Failure, P>,
    plan: &Plan,
    body: impl FnOnce() -> Value + Send + 'static,
) -> Background<Value, Failure> {
    // What is told of it has this name, and the scripts look for it.
    let mut task = task.name("stress").on_drop(plan.on_drop);
    if let Some(when_full) = plan.limit {
        task = task.limit(&LIMIT, when_full);
    }
    if let Some(budget) = plan.timeout {
        task = task.timeout(budget);
    }
    if let Some(patience) = plan.deadline {
        task = task.deadline(patience);
    }
    task.spawn(body)
}

/// A body that works, starts tasks of its own, and ends as it was planned.
fn body(ticket: &Arc<Ticket>, mut dice: Dice) -> impl FnOnce() -> Value + Send + 'static {
    let (ticket, captured) = (Arc::clone(ticket), ticket.account.values.make());
    move || {
        ticket.begin();
        let (_captured, plan) = (captured, &ticket.plan);
        for _ in 0..plan.work {
            checkpoint();
            std::hint::spin_loop();
        }
        for _ in 0..plan.children {
            let child = start(&mut dice, &ticket.account, plan.depth, plan.has_deadline());
            treat::treat(&mut dice, child);
        }
        delay::point();
        assert!(!plan.panics, "on purpose");
        ticket.value()
    }
}

impl Started {
    /// Has somebody called when the task has ended.
    pub(crate) fn call_back(&self) {
        self.ticket.register();
        let ticket = Arc::clone(&self.ticket);
        Background::on_ready(&self.future, move |outcome| {
            // What it fails with is a value of this future.
            ticket.call(outcome);
        });
    }

    /// A future that an `async fn` waits for, and what it yields is looked at there.
    pub(crate) fn relayed(self) -> Background<()> {
        relay(self)
    }
}

#[background]
async fn relay(started: Started) {
    let Started { future, ticket } = started;
    let yielded = future.await;
    ticket.see(yielded.as_ref());
}
