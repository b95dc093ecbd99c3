//! Does something to several futures at once.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use background::{Background, Failure, as_completed, first, join_all, map, race, spawn, task};

use crate::account::{Account, fault};
use crate::delay;
use crate::dice::Dice;
use crate::start::{Started, start};
use crate::ticket::{Ticket, Value};

type Futures = Vec<Background<Value, Failure>>;

/// Starts some more and combines them all.
pub(crate) fn combine(dice: &mut Dice, one: Started) {
    let (account, hurried) = (Arc::clone(&one.ticket.account), one.ticket.plan.hurried);
    let mut all = vec![one];
    all.extend((0..dice.below(6)).map(|_| start(dice, &account, 0, hurried)));
    let (futures, tickets): (Futures, Vec<_>) =
        all.into_iter().map(|it| (it.future, it.ticket)).unzip();
    delay::point();
    match dice.below(6) {
        0 => drop(join_all(futures)),
        1 => {
            let all = Background::join(join_all(futures));
            tickets.iter().zip(&all).for_each(|(ticket, yielded)| ticket.see(yielded.as_ref()));
        }
        2 => {
            cancelled(&tickets);
            let winner = Background::join(race(futures));
            see_one(&tickets, winner.as_ref());
        }
        3 => {
            cancelled(&tickets);
            let winner = first(futures);
            if dice.once_in(4) {
                Background::cancel(&winner);
            }
            see_one(&tickets, Background::outcome(&winner));
        }
        4 => in_order_of_completion(dice, futures, &tickets),
        _ => for_a_while(dice, futures, &tickets),
    }
}

/// Those that do not win will be.
fn cancelled(tickets: &[Arc<Ticket>]) {
    for ticket in tickets {
        ticket.cancelled.store(true, Ordering::SeqCst);
    }
}

/// The value says whose it is; of a failure nobody knows.
fn see_one(tickets: &[Arc<Ticket>], outcome: Result<&Value, &Failure>) {
    if let Ok(value) = outcome {
        match tickets.iter().find(|ticket| ticket.number == value.number) {
            Some(ticket) => ticket.see(outcome),
            None => fault("a value that none of the parts has"),
        }
    }
}

fn in_order_of_completion(dice: &mut Dice, futures: Futures, tickets: &[Arc<Ticket>]) {
    let most = dice.below(8);
    let mut seen = vec![false; tickets.len()];
    let mut items = as_completed(futures);
    for (number, future) in items.by_ref().zip(0..most).map(|(item, _)| item) {
        see_part(&mut seen, tickets, number, &future);
    }
    if most > tickets.len() as u64 && seen.contains(&false) {
        fault("as_completed left somebody out");
    }
    if dice.once_in(2) {
        for (number, future) in items.into_rest() {
            see_part(&mut seen, tickets, number, &future);
        }
    }
}

fn for_a_while(dice: &mut Dice, futures: Futures, tickets: &[Arc<Ticket>]) {
    let mut seen = vec![false; tickets.len()];
    let patience = Duration::from_micros(dice.below(100));
    let mut unfinished = None;
    for item in as_completed(futures).within(patience) {
        match item {
            Ok((number, future)) => see_part(&mut seen, tickets, number, &future),
            Err(left) => unfinished = Some(left),
        }
    }
    if unfinished.is_none() && seen.contains(&false) {
        fault("as_completed ended before its time and left somebody out");
    }
}

fn see_part(
    seen: &mut [bool],
    tickets: &[Arc<Ticket>],
    number: usize,
    future: &Background<Value, Failure>,
) {
    if std::mem::replace(&mut seen[number], true) {
        fault("as_completed handed a part out twice");
    }
    tickets[number].see(Background::outcome(future));
}

/// Calls for many items: results in order, all of them or some.
pub(crate) fn call_for_each(dice: &mut Dice, account: &Arc<Account>) {
    let (items, most) = (dice.below(30), dice.below(40));
    let in_flight = usize::try_from(1 + dice.below(8)).unwrap_or(1);
    let values = account.values.clone();
    let results = map(0..items, move |n| {
        delay::point();
        (n, values.make())
    });
    let mut expected = 0;
    for ((n, value), _) in results.in_flight(in_flight).zip(0..most) {
        let _ = value.nth();
        if n != expected {
            fault(&format!("map handed out {n} in the place of {expected}"));
        }
        expected += 1;
    }
    if expected != items.min(most) {
        fault(&format!("map handed out {expected} of {items}, asked for {most}"));
    }
}

/// A promise that another task keeps, breaks, or finds unwanted.
pub(crate) fn promise(dice: &mut Dice, account: &Arc<Account>) {
    let (promise, future) = task().catch().name("stress").promise();
    let value = account.values.make();
    let is_kept = dice.once_in(2);
    let other = spawn(move || {
        delay::point();
        if is_kept {
            // What comes back is dropped here.
            drop(promise.set(value));
        }
    });
    delay::point();
    match dice.below(4) {
        0 => drop(future),
        1 => {
            Background::cancel(&future);
        }
        _ => match Background::outcome(&future) {
            Ok(_) if is_kept => {}
            Err(failure) if !is_kept && failure.is_lost() => {}
            outcome => fault(&format!("a promise, kept: {is_kept}, came to {outcome:?}")),
        },
    }
    Background::join(other);
}
