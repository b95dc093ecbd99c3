//! Permits of limits under races, deadlines and long lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use background::{Background, Limit, Timeout, WhenFull, background, task};
use background_tests::{Gate, until, within};

#[test]
fn a_waiter_that_leaves_takes_no_permit_along() {
    static ONE: Limit = Limit::new(1);

    within(|| {
        for _ in 0..2_000 {
            let (open, gate) = channel::<()>();
            let holder = task().limit(&ONE, WhenFull::Block).dedicated().spawn(move || {
                gate.recv().unwrap_err();
            });
            let waiter = task()
                .catch()
                .spawn(|| Background::join(task().limit(&ONE, WhenFull::Block).spawn(|| 1)));
            // The permit comes back while the one who waits for it is told to stop.
            let opener = thread::spawn(move || drop(open));
            Background::cancel(&waiter);
            opener.join().unwrap();
            assert!(Background::outcome(&holder).is_ok());
            let _ = Background::outcome(&waiter);
            until("every permit is back", || ONE.in_use() == 0);
        }
    });
}

#[background(limit = 4)]
fn generation(left: u32, done: Sender<()>) {
    if left == 0 {
        done.send(()).unwrap();
    } else {
        Background::detach(generation(left - 1, done));
    }
}

#[test]
fn a_call_does_not_remember_all_calls_before_it() {
    within(|| {
        let (done, is_done) = channel();
        Background::detach(generation(50_000, done));
        assert_eq!(is_done.recv(), Ok(()));
    });
}

#[test]
fn a_task_with_a_permit_is_not_left_to_its_first_touch() {
    static ONE: Limit = Limit::new(1);

    within(|| {
        let lazy = |n| task().limit(&ONE, WhenFull::Block).lazy().spawn(move || n);
        // The second call waits for the end of the first, which nobody has touched.
        let (x, y) = (lazy(1), lazy(2));
        assert_eq!(x + y, 3);
        until("every permit is back", || ONE.in_use() == 0);
    });
}

#[test]
fn a_lazy_recursion_under_a_limit_ends() {
    static ONE: Limit = Limit::new(1);

    fn recursive(n: u32) -> u32 {
        let call = task().limit(&ONE, WhenFull::Block).lazy();
        if n == 0 { 0 } else { *call.spawn(move || recursive(n - 1)) + 1 }
    }

    within(|| assert_eq!(recursive(100), 100));
}

#[test]
fn a_deadline_counts_the_wait_for_a_permit() {
    static ONE: Limit = Limit::new(1);

    within(|| {
        let gate = Gate::new();
        let inside = gate.clone();
        let holder = task().limit(&ONE, WhenFull::Block).dedicated().spawn(move || inside.pass());
        let late = task()
            .deadline(Duration::from_millis(20))
            .limit(&ONE, WhenFull::Block)
            .spawn(|| panic!("there is no permit in time"));
        let _: &Background<(), Timeout> = &late;
        assert_eq!(Background::join(late), Err(Timeout));
        gate.open();
        assert_eq!(holder, ());
        assert_eq!(task().limit(&ONE, WhenFull::Block).spawn(|| 7), 7);
    });
}

#[background(limit = 1, when_full = reject)]
fn exclusive(n: u32) -> u32 {
    n
}

#[test]
fn who_sees_the_value_may_call_again() {
    within(|| {
        for n in 0..5_000 {
            let called = exclusive(n);
            // A reader with a limit does not run the body itself.
            assert_eq!(Background::get_timeout(&called, Duration::MAX), Some(&n));
        }
    });
}

#[test]
fn a_descendant_of_an_ended_call_waits_its_turn() {
    static ONE: Limit = Limit::new(1);

    within(|| {
        let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (go, (done, is_done)) = (Gate::new(), channel());
        // The first call starts a task and ends; the task calls again while another one holds the
        // permit.
        let descendant = {
            let (go, inside, most) = (go.clone(), Arc::clone(&inside), Arc::clone(&most));
            move || {
                go.pass();
                let call = task().limit(&ONE, WhenFull::Block).dedicated().spawn(move || {
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
                Background::join(call);
                done.send(()).unwrap();
            }
        };
        let first = task()
            .limit(&ONE, WhenFull::Block)
            .spawn(move || Background::detach(task().dedicated().spawn(descendant)));
        assert_eq!(first, ());
        let (leave, entered) = (Gate::new(), Gate::new());
        let holder = {
            let (leave, entered) = (leave.clone(), entered.clone());
            let (inside, most) = (Arc::clone(&inside), Arc::clone(&most));
            task().limit(&ONE, WhenFull::Block).dedicated().spawn(move || {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                entered.open();
                leave.pass();
                inside.fetch_sub(1, Ordering::SeqCst);
            })
        };
        entered.pass();
        go.open();
        assert!(is_done.try_recv().is_err(), "the descendant did not wait");
        leave.open();
        assert_eq!(is_done.recv(), Ok(()));
        assert_eq!(holder, ());
        assert_eq!(most.load(Ordering::SeqCst), 1, "two at once under a limit of 1");
    });
}
