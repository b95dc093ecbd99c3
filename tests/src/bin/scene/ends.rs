//! The ends of programs and threads.

use std::cell::RefCell;
use std::time::Duration;

use background::{Background, spawn, task};
use background_tests::Gate;

/// A body ends the program, while `main` waits for it.
pub(crate) fn exit(strategy: &str) {
    let body = || -> u8 { std::process::exit(7) };
    let future = match strategy {
        "thread" => task().thread().timeout(Duration::from_secs(3600)).spawn(body),
        "dedicated" => task().dedicated().timeout(Duration::from_secs(3600)).spawn(body),
        "inline" => task().inline().timeout(Duration::from_secs(3600)).spawn(body),
        "lazy" => task().lazy().timeout(Duration::from_secs(3600)).spawn(body),
        _ => panic!("strategy: {strategy}"),
    };
    let _ = Background::join(future);
}

/// `main` returns while tasks of every kind are under way.
pub(crate) fn main_returns() {
    let entered = Gate::new();
    for _ in 0..10 {
        drop(spawn(|| Gate::new().pass()));
        drop(task().dedicated().spawn(|| Gate::new().pass()));
        drop(task().timeout(Duration::from_secs(3600)).spawn(|| Gate::new().pass()));
    }
    let inside = entered.clone();
    drop(task().dedicated().spawn(move || {
        inside.open();
        Gate::new().pass();
    }));
    entered.pass();
}

thread_local! {
    static KEPT: RefCell<Vec<Look>> = const { RefCell::new(Vec::new()) };
}

/// Touches its future when its thread is torn down.
struct Look(Option<Background<u8>>);

impl Drop for Look {
    fn drop(&mut self) {
        let future = self.0.take().expect("dropped once");
        assert_eq!(future, 5);
        // A whole new task, too, in what is left of the thread.
        assert_eq!(spawn(|| 6), 6);
        assert_eq!(task().timeout(Duration::from_secs(3600)).spawn(|| 7).as_ref(), Ok(&7));
        println!("touched");
    }
}

/// Futures that outlive their thread's other thread-locals.
pub(crate) fn thread_ends() {
    std::thread::spawn(|| {
        // Made before and after the library has thread-locals of its own: they go in some order.
        KEPT.with_borrow_mut(|kept| kept.push(Look(Some(task().lazy().spawn(|| 5)))));
        assert_eq!(spawn(|| 1), 1);
        KEPT.with_borrow_mut(|kept| kept.push(Look(Some(spawn(|| 5)))));
    })
    .join()
    .expect("the thread ends well");
}
