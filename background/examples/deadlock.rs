//! Three functions that wait for each other: instead of a program that hangs, a report that says who
//! waits for whom, and where.
//!
//! ```text
//! cargo run --example deadlock
//! ```

use std::sync::{Arc, Barrier, OnceLock};

use background::{Background, Failure, background};

/// Figures that are worked out at the same time, some of them from others.
struct Plan {
    /// Opens when all three calculations have been started.
    complete: Barrier,
    supply: OnceLock<Background<u32>>,
    price: OnceLock<Background<u32>>,
    demand: OnceLock<Background<u32>>,
}

impl Plan {
    fn new() -> Arc<Self> {
        let complete = Barrier::new(4);
        let [supply, price, demand] = [const { OnceLock::new() }; 3];
        Arc::new(Self { complete, supply, price, demand })
    }
}

/// A figure of the plan, as a number: this waits for its calculation.
fn figure(of: &OnceLock<Background<u32>>) -> &Background<u32> {
    of.get().expect("the plan is complete")
}

#[background(dedicated)]
fn supply(plan: Arc<Plan>) -> u32 {
    plan.complete.wait();
    figure(&plan.price) * 2
}

#[background(dedicated)]
fn price(plan: Arc<Plan>) -> u32 {
    plan.complete.wait();
    figure(&plan.demand) / 10
}

/// Whoever added this line closed the circle.
#[background(dedicated)]
fn demand(plan: Arc<Plan>) -> u32 {
    plan.complete.wait();
    figure(&plan.supply) + 1
}

fn main() {
    let plan = Plan::new();
    plan.supply.set(supply(Arc::clone(&plan))).expect("set once");
    plan.price.set(price(Arc::clone(&plan))).expect("set once");
    plan.demand.set(demand(Arc::clone(&plan))).expect("set once");
    plan.complete.wait();

    // Without `outcome` the touch would panic, with the same report as its message.
    let outcome = Background::outcome(figure(&plan.price));
    let Err(Failure::Deadlock { cycle, .. }) = outcome else {
        panic!("it cannot have ended otherwise: {outcome:?}");
    };
    println!("a deadlock of {}:", cycle.len());
    for member in &**cycle {
        println!("  {member}");
    }

    // Each waits for the next, whichever of them was the last to do so.
    let names: Vec<_> = cycle.iter().map(|member| member.call().name()).collect();
    let first = names.iter().position(|name| *name == "supply").expect("it is a member");
    let from_supply: Vec<_> = (0..3).map(|nth| names[(first + nth) % 3]).collect();
    assert_eq!(from_supply, ["supply", "price", "demand"]);
    for figure in [&plan.supply, &plan.price, &plan.demand].map(figure) {
        assert!(Background::outcome(figure).is_err_and(Failure::is_deadlock));
    }
}
