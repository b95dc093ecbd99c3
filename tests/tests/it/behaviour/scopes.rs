//! Tasks that borrow.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use background::{Background, Cancel, Timeout, checkpoint, scope, task};
use background_tests::{Gate, within};

#[test]
fn tasks_borrow_and_change() {
    within(|| {
        let text = String::from("borrowed");
        let mut lengths = [0; 4];
        let total = scope(|s| {
            let futures: Vec<_> = lengths
                .iter_mut()
                .enumerate()
                .map(|(n, length)| {
                    let text = &text;
                    s.spawn(move || {
                        *length = text.len() + n;
                        *length
                    })
                })
                .collect();
            futures.into_iter().map(Background::join).sum::<usize>()
        });
        assert_eq!(total, 8 + 9 + 10 + 11);
        assert_eq!(lengths, [8, 9, 10, 11]);
    });
}

/// Dropped, leaked, cancelled, timed out, lazy and never touched: all have ended, or never begun.
#[test]
fn the_scope_waits_for_every_task() {
    within(|| {
        let (ended, gate) = (AtomicUsize::new(0), Gate::new());
        let end = || {
            ended.fetch_add(1, Ordering::SeqCst);
        };
        scope(|s| {
            drop(s.spawn(end));
            std::mem::forget(s.spawn(end));
            std::mem::forget(s.spawn_with(task().lazy(), end));
            let slow = s.spawn_with(
                task().dedicated().timeout(std::time::Duration::from_millis(20)),
                || {
                    gate.pass();
                    end();
                },
            );
            assert!(slow == Timeout);
            gate.open();
        });
        assert_eq!(ended.load(Ordering::SeqCst), 4);
    });
}

/// Counts when it goes.
struct Leave<'a>(&'a AtomicUsize);
impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_cancelled_task_still_borrows_until_it_unwinds() {
    within(|| {
        let (inside, unwound) = (Gate::new(), AtomicUsize::new(0));
        scope(|s| {
            let endless = s.spawn(|| {
                let _leave = Leave(&unwound);
                inside.open();
                loop {
                    checkpoint();
                    std::thread::yield_now();
                }
            });
            let _: &Background<()> = &endless;
            inside.pass();
            assert_eq!(Background::cancel(&endless), Cancel::Stopping);
        });
        assert_eq!(unwound.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn the_scopes_own_panic_comes_after_the_tasks() {
    within(|| {
        let ended = AtomicUsize::new(0);
        let raised = catch_unwind(AssertUnwindSafe(|| {
            scope(|s| {
                for _ in 0..10 {
                    drop(s.spawn(|| ended.fetch_add(1, Ordering::SeqCst)));
                }
                panic!("the scope, on purpose");
            });
        }));
        assert_eq!(raised.unwrap_err().downcast_ref(), Some(&"the scope, on purpose"));
        assert_eq!(ended.load(Ordering::SeqCst), 10);
    });
}

#[test]
fn a_future_leaves_the_scope_with_its_value() {
    within(|| {
        let text = String::from("outlives the scope");
        let future = scope(|s| s.spawn(|| text.len()));
        assert_eq!(future, 18);
    });
}
