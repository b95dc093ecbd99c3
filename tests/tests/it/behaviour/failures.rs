//! Bodies that fail, and who hears of it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use background::{Background, Failure, Strategy, Task, background, spawn, task};
use background_tests::within;

fn caught<R>(touch: impl FnOnce() -> R) -> Box<dyn Any + Send> {
    match catch_unwind(AssertUnwindSafe(touch)) {
        Ok(_) => panic!("the touch did not panic"),
        Err(payload) => payload,
    }
}

fn text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).expect("a text")
}

#[derive(Debug, PartialEq)]
struct Payload(u32);

#[background]
fn fails(payload: u32) -> u32 {
    std::panic::panic_any(Payload(payload))
}

#[test]
fn the_first_touch_has_the_original_payload_and_later_ones_a_message() {
    within(|| {
        let line = line!() + 1;
        let future = fails(5);
        let first = caught(|| *future + 1);
        assert_eq!(first.downcast_ref(), Some(&Payload(5)));
        for _ in 0..2 {
            let later = caught(|| *future + 1);
            let message = text(&*later);
            for part in ["fails", &format!("{}:{line}:", file!()), "panicked"] {
                assert!(message.contains(part), "`{part}` in {message}");
            }
        }
    });
}

#[test]
fn the_message_names_the_cause() {
    within(|| {
        let future = spawn(|| -> u8 { panic!("the {} is missing", "cause") });
        let _ = caught(|| *future);
        let later = caught(|| Background::join(future));
        assert!(text(&*later).contains("the cause is missing"), "{}", text(&*later));
        let strange = spawn(|| -> u8 { std::panic::panic_any(7_u128) });
        let _ = caught(|| *strange);
        assert!(!text(&*caught(|| *strange)).is_empty());
    });
}

#[test]
fn joining_raises_the_original_payload_too() {
    within(|| {
        assert_eq!(caught(|| Background::join(fails(6))).downcast_ref(), Some(&Payload(6)));
        let text = caught(|| Background::join(spawn(|| -> u8 { panic!("as it was") })));
        assert_eq!(text.downcast_ref(), Some(&"as it was"));
    });
}

/// Only one of many touches gets the payload, and no touch goes without a panic.
#[test]
fn many_touch_a_failed_future() {
    within(|| {
        let future = Arc::new(fails(7));
        let touchers: Vec<_> = (0..10)
            .map(|_| {
                let future = Arc::clone(&future);
                std::thread::spawn(move || **future)
            })
            .collect();
        let payloads: Vec<_> = touchers.into_iter().map(|it| it.join().unwrap_err()).collect();
        assert_eq!(payloads.iter().filter(|it| it.is::<Payload>()).count(), 1);
        assert_eq!(payloads.iter().filter(|it| it.is::<String>()).count(), 9);
    });
}

#[test]
fn the_outcome_never_panics() {
    within(|| {
        let line = line!() + 1;
        let future = spawn(|| -> u8 { panic!("on {}", "purpose") });
        let Err(Failure::Panicked { message, location, .. }) = Background::outcome(&future) else {
            panic!("the failure is a panic");
        };
        assert_eq!(message, "on purpose");
        let location = location.as_deref().unwrap_or_default();
        assert!(location.starts_with(&format!("{}:{line}:", file!())), "{location}");
        assert_eq!(Background::try_get(&future), None);
        assert_eq!(Background::outcome(&spawn(|| 5)), Ok(&5));
    });
}

#[background(catch)]
fn divide(dividend: u32, divisor: u32) -> u32 {
    dividend / divisor
}

#[test]
fn a_caught_failure_is_a_value() {
    within(|| {
        assert_eq!(*divide(6, 3), Ok(2));
        let failed = divide(1, 0);
        let failure = failed.as_ref().unwrap_err();
        assert!(failure.is_panic());
        assert!(failure.to_string().contains("divide by zero"), "{failure}");
        assert_eq!(failed.as_ref(), Err(failure), "every touch sees the same");
        assert_eq!(Background::outcome(&failed), Err(failure));
    });
}

/// Drops every task.
struct Careless;

impl Strategy for Careless {
    fn start(&self, task: Task) {
        drop(task);
    }
}

/// Panics with the task in its hands.
struct Clumsy;

impl Strategy for Clumsy {
    fn start(&self, _task: Task) {
        panic!("clumsy");
    }
}

#[test]
fn a_dropped_task_is_lost() {
    within(|| {
        let lost = task().on(Careless).spawn(|| 1);
        assert_eq!(Background::outcome(&lost), Err(&Failure::Lost));
        assert!(text(&*caught(|| *lost)).contains("lost"));
        let lost = task().on(Careless).catch().timeout(std::time::Duration::MAX).spawn(|| 1);
        assert_eq!(Background::join(lost), Err(Failure::Lost));
        // A strategy that panics says so to the caller, and nobody waits for the task.
        let raised = caught(|| drop(task().on(Clumsy).spawn(|| 1)));
        assert_eq!(text(&*raised), "clumsy");
    });
}

/// The task is lost when the last who could run it is gone, not before.
#[test]
fn a_task_lost_on_another_thread_wakes_its_reader() {
    struct Shelf(std::sync::Mutex<std::sync::mpsc::Sender<Task>>);
    impl Strategy for Shelf {
        fn start(&self, task: Task) {
            self.0.lock().unwrap().send(task).unwrap();
        }
    }
    within(|| {
        let (shelf, shelved) = std::sync::mpsc::channel();
        let future = Arc::new(task().on(Shelf(shelf.into())).spawn(|| 1));
        let reader = std::thread::spawn({
            let future = Arc::clone(&future);
            move || Background::outcome(&future).copied().map_err(Clone::clone)
        });
        drop(shelved.recv().unwrap());
        assert_eq!(reader.join().unwrap(), Err(Failure::Lost));
    });
}

#[test]
fn a_panicking_callback_harms_nobody() {
    within(|| {
        let gate = background_tests::Gate::new();
        let inside = gate.clone();
        let future = spawn(move || {
            inside.pass();
            5
        });
        Background::on_ready(&future, |_| panic!("a callback, on purpose"));
        gate.open();
        assert_eq!(future, 5);
    });
}
