//! Looking at a value that is there.

use std::hint::black_box;
use std::ops::Deref;
use std::sync::{Arc, LazyLock, OnceLock};

use background::{Background, spawn};
use background_harness::{Goal, Run};

const TOUCHES: u32 = 10_000;

/// Adds the value up, looking at it anew each time.
fn touch<D: Deref<Target = u32>>(value: &D) -> u32 {
    (0..TOUCHES).map(|_| **black_box(value)).sum()
}

pub(crate) fn bench(run: &Run) {
    run.workload("touch a value that is there, per touch", TOUCHES, 3 * TOUCHES)
        .prepared("background", || {
            let future = spawn(|| 3);
            let _: &u32 = Background::get(&future);
            move || touch(&future)
        })
        .prepared("reference", || || touch(&&3))
        .prepared("Box", || {
            let boxed = Box::new(3);
            move || touch(&boxed)
        })
        .prepared("LazyLock", || {
            let lazy = LazyLock::new(|| 3);
            move || touch(&lazy)
        })
        .prepared("Arc<OnceLock>", || {
            let once = Arc::new(OnceLock::from(3));
            move || (0..TOUCHES).map(|_| *black_box(&once).get().expect("a value")).sum()
        })
        .goal(Goal::times(1.1, "Box"))
        .finish();
}
