//! Does something to a future.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use background::{Background, Cancel, pool, scope, spawn, task};

use crate::account::{Account, fault};
use crate::combine;
use crate::delay;
use crate::dice::Dice;
use crate::poll::{poll, wait_for};
use crate::start::{Started, start};

/// How deep tasks may start tasks.
const DEPTH: u64 = 3;

/// One step of a driver.
pub(crate) fn something(dice: &mut Dice, account: &Arc<Account>) {
    match dice.below(128) {
        0 => borrow(dice),
        1 => short_lived_pool(dice, account),
        2 => combine::call_for_each(dice, account),
        3 => combine::promise(dice, account),
        _ => {
            let started = start(dice, account, DEPTH, false);
            treat(dice, started);
        }
    }
    account.steps.fetch_add(1, Ordering::SeqCst);
}

/// Does something to a future, and never waits for another one meanwhile.
pub(crate) fn treat(dice: &mut Dice, started: Started) {
    delay::point();
    match dice.below(22) {
        0 => drop(started.future),
        1 => Background::detach(started.future),
        2 => cancel(dice, &started),
        3 | 4 => {
            let yielded = Background::join(started.future);
            started.ticket.see(yielded.as_ref());
        }
        5 => impatient(dice, &started),
        6 => two_readers(&started),
        7 => {
            let yielded = wait_for(async { started.future.await });
            started.ticket.see(yielded.as_ref());
        }
        8 => by_reference(dice, &started),
        9 => {
            started.call_back();
            if dice.once_in(2) {
                look(&started);
            }
        }
        10 | 11 => then(dice, started),
        12 => replace(started),
        13 => look_around(&started),
        14 => drop(started.relayed()),
        15 => Background::join(started.relayed()),
        16 => elsewhere(dice, started),
        17 => several(dice, started),
        18 => combine::combine(dice, started),
        _ => look(&started),
    }
}

fn look(started: &Started) {
    started.ticket.see(Background::outcome(&started.future));
}

fn cancel(dice: &mut Dice, started: &Started) {
    started.ticket.cancelled.store(true, Ordering::SeqCst);
    let answer = Background::cancel(&started.future);
    // Too late means that somebody else is at it, and may need a moment more.
    if answer != Cancel::TooLate && !Background::is_ready(&started.future) {
        fault(&format!("not ready when cancelled: {answer:?}, {:?}", started.ticket));
    }
    if dice.once_in(2) {
        look(started);
    }
}

/// Readers who do not wait, or not for long.
fn impatient(dice: &mut Dice, started: &Started) {
    let patience = Duration::from_micros(dice.below(40));
    if let Some(yielded) = Background::get_timeout(&started.future, patience) {
        started.ticket.see(yielded.as_ref());
    }
    if let Some(yielded) = Background::try_get(&started.future) {
        started.ticket.see(yielded.as_ref());
    }
}

/// On a scope of the library: tools that watch threads do not see how std's scopes, and its counted
/// references, order what a reader has done before another one that was stopped unwinds.
fn two_readers(started: &Started) {
    let address = || std::ptr::from_ref(&*started.future).addr();
    let addresses = scope(|s| {
        let there = s.spawn_with(task().dedicated(), address);
        (address(), Background::join(there))
    });
    if addresses.0 != addresses.1 {
        fault("two readers saw two values");
    }
    look(started);
}

/// Awaits it by reference, and perhaps not to the end.
fn by_reference(dice: &mut Dice, started: &Started) {
    let most = usize::try_from(dice.below(3)).unwrap_or(0);
    if let Some(yielded) = poll(async { (&started.future).await }, most) {
        started.ticket.see(yielded.as_ref());
    }
    if dice.once_in(2) {
        look(started);
    }
}

/// A chain of one or two, read or not.
fn then(dice: &mut Dice, started: Started) {
    let Started { future, ticket } = started;
    let captured = ticket.account.values.make();
    let after = Background::then(future, move |yielded| {
        delay::point();
        ticket.see(yielded.as_ref());
        (yielded, captured).1
    });
    match dice.below(4) {
        0 => drop(after),
        1 => drop(Background::then(after, drop)),
        2 => Background::join(Background::then(after, drop)),
        _ => drop(Background::join(after)),
    }
}

/// The value is the reader's own.
fn replace(mut started: Started) {
    let another = started.ticket.value();
    if let Ok(value) = &mut *started.future {
        *value = another;
    }
    look(&started);
}

/// Looks at everything that does not wait.
fn look_around(started: &Started) {
    let future = &started.future;
    let text = Background::status(future).to_string();
    let (id, site) = (Background::id(future), Background::site(future));
    if text.is_empty() || site.file() == "" || Background::id(future) != id {
        fault(&format!("a status that says nothing: {text}"));
    }
}

/// Another thread gets the future, and does with it what it likes.
fn elsewhere(dice: &mut Dice, started: Started) {
    let mut their_dice = dice.fork();
    let other = spawn(move || {
        // Only what does not go on to others, so that this comes to an end.
        match their_dice.below(4) {
            0 => drop(started),
            1 => cancel(&mut their_dice, &started),
            2 => impatient(&mut their_dice, &started),
            _ => look(&started),
        }
    });
    if dice.once_in(2) {
        Background::detach(other);
    } else {
        Background::join(other);
    }
}

/// Some are started before the first is read: oldest first, newest first, or one is left out.
fn several(dice: &mut Dice, first: Started) {
    let (account, hurried) = (Arc::clone(&first.ticket.account), first.ticket.plan.hurried);
    let mut all = vec![first];
    all.extend((0..dice.below(8)).map(|_| start(dice, &account, 0, hurried)));
    match dice.below(3) {
        0 => all.iter().for_each(look),
        1 => all.iter().rev().for_each(look),
        _ => {
            let left_out = dice.below(all.len() as u64);
            drop(all.swap_remove(usize::try_from(left_out).unwrap_or(0)));
            all.iter().for_each(look);
        }
    }
}

/// Tasks that borrow, some of whose futures nobody reads.
fn borrow(dice: &mut Dice) {
    let mut sums = [0_u64; 4];
    scope(|s| {
        for (nth, sum) in (1..).zip(&mut sums) {
            let body = move || {
                delay::point();
                *sum += nth;
            };
            // Lazy tasks run unless their futures are dropped.
            let is_lazy = dice.once_in(4);
            let future = match dice.below(4) {
                _ if is_lazy => s.spawn_with(task().lazy(), body),
                0 => s.spawn_with(task().inline(), body),
                1 if dice.once_in(8) => s.spawn_with(task().dedicated(), body),
                _ => s.spawn(body),
            };
            match dice.below(4) {
                0 if !is_lazy => drop(future),
                1 => Background::detach(future),
                _ => Background::join(future),
            }
        }
    });
    if sums != [1, 2, 3, 4] {
        fault(&format!("a scope came to {sums:?}"));
    }
}

/// A pool that is dropped while its tasks are under way: what is queued still runs.
fn short_lived_pool(dice: &mut Dice, account: &Arc<Account>) {
    let own = pool().workers(2).thread_name("short-lived").build();
    let futures: Vec<_> = (0..dice.below(20))
        .map(|nth| {
            let captured = account.values.make();
            task().on(&own).spawn(move || (nth, captured).0)
        })
        .collect();
    delay::point();
    drop(own);
    for (nth, future) in (0..).zip(futures) {
        if dice.once_in(4) {
            drop(future);
        } else if Background::join(future) != nth {
            fault("a pool mixed its tasks up");
        }
    }
}
