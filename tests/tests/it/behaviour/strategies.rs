//! Where bodies run.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use background::strategies::{Dedicated, Inline, Lazy, Thread};
use background::{Background, Strategy, Task, background, current, spawn, task};
use background_tests::within;

fn here() -> thread::ThreadId {
    thread::current().id()
}

#[background(inline)]
fn inline() -> thread::ThreadId {
    here()
}

#[background(lazy)]
fn lazy() -> thread::ThreadId {
    here()
}

#[background(dedicated, name = "of its own")]
fn dedicated() -> (thread::ThreadId, Option<String>) {
    (here(), thread::current().name().map(str::to_owned))
}

#[test]
fn bodies_run_where_their_strategy_says() {
    within(|| {
        let inlined = inline();
        assert!(Background::is_ready(&inlined));
        assert_eq!(inlined, here());
        let put_off = lazy();
        assert!(!Background::is_ready(&put_off));
        assert_eq!(thread::spawn(move || *put_off == here()).join().ok(), Some(true));
        let (id, name) = Background::join(dedicated());
        assert_ne!(id, here());
        assert_eq!(name.as_deref(), Some("of its own"));
        assert_eq!(Background::join(task().on(Inline).spawn(here)), here());
        assert_eq!(Background::join(task().on(Lazy).spawn(here)), here());
        assert_ne!(Background::join(task().on(Dedicated::new()).spawn(here)), here());
        let elsewhere = task().on(Thread).timeout(std::time::Duration::from_secs(3600)).spawn(here);
        assert_ne!(Background::join(elsewhere), Ok(here()));
    });
}

#[test]
fn a_dedicated_thread_has_the_stack_that_was_asked_for() {
    /// More than a thread has by default, in frames of 8 KiB.
    const DEPTH: u32 = 1024;

    fn sink(depth: u32) -> u32 {
        let frame = std::hint::black_box([0_u8; 8192]);
        if depth == 0 { u32::from(frame[0]) } else { sink(depth - 1) + 1 }
    }

    #[background(dedicated, stack_size = "64 MiB")]
    fn deep() -> u32 {
        sink(DEPTH)
    }

    within(|| assert_eq!(deep(), DEPTH));
}

/// One thread that takes what it is sent, as a user would write it.
#[derive(Clone)]
struct Single(Sender<Task>);

impl Single {
    fn new() -> Self {
        let (sender, receiver) = channel::<Task>();
        thread::spawn(move || receiver.into_iter().for_each(Task::run));
        Self(sender)
    }
}

impl Strategy for Single {
    fn start(&self, task: Task) {
        self.0.send(task).expect("the thread lives as long as its sender");
    }
}

struct Service {
    pool: Single,
}

impl Service {
    #[background(on = self.pool)]
    fn ask(self: Arc<Self>) -> thread::ThreadId {
        here()
    }
}

#[background(on = pool)]
fn by_argument(pool: Single) -> thread::ThreadId {
    drop(pool);
    here()
}

#[test]
fn a_strategy_of_the_users() {
    within(|| {
        let pool = Single::new();
        let service = Arc::new(Service { pool: pool.clone() });
        let thread = Background::join(Arc::clone(&service).ask());
        assert_ne!(thread, here());
        assert_eq!(service.ask(), thread);
        assert_eq!(by_argument(pool.clone()), thread);
        assert_eq!(task().on(&pool).spawn(here), thread);
        assert_eq!(task().on(Box::new(pool.clone()) as Box<dyn Strategy>).spawn(here), thread);
        assert_eq!(task().on(Arc::new(pool)).spawn(here), thread);
    });
}

#[test]
fn a_task_knows_what_it_is() {
    struct Look(Sender<(String, String, u32)>);
    impl Strategy for Look {
        fn start(&self, task: Task) {
            let facts = (task.name().into(), task.site().to_string(), task.call_site().line());
            self.0.send(facts).unwrap();
            task.run();
        }
    }
    #[background(on = Look(sender.clone()))]
    fn looked_at(sender: Sender<(String, String, u32)>) -> u8 {
        drop(sender);
        1
    }
    within(|| {
        let (sender, receiver) = channel();
        let line = line!() + 1;
        let future = looked_at(sender);
        let (name, site, called) = receiver.recv().unwrap();
        assert_eq!((name.as_str(), called), ("looked_at", line));
        assert!(site.contains("looked_at") && site.contains(file!()), "{site}");
        assert_eq!(Background::call_site(&future).line(), line);
        let status = Background::status(&future).to_string();
        assert!(status.contains("looked_at") && status.contains(&format!(":{line}:")), "{status}");
        assert_eq!(future, 1);
    });
}

#[test]
fn the_current_task_is_the_innermost() {
    within(|| {
        assert!(current().is_none());
        let names = task().name("outer").spawn(|| {
            let name = || current().map(|it| it.name().to_owned()).unwrap_or_default();
            let before = name();
            let inner = Background::join(task().name("inner").inline().spawn(name));
            (before, inner, current().unwrap().name().to_owned())
        });
        let names = Background::join(names);
        assert_eq!(names, ("outer".into(), "inner".into(), "outer".into()));
        assert_eq!(spawn(|| current().unwrap().name().to_owned()), "closure");
    });
}
