use background::{Strategy, Task, background};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

// Neither `Clone` nor `Copy`.
struct Counting(AtomicUsize);

impl Counting {
    const fn new() -> Self {
        Counting(AtomicUsize::new(0))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Strategy for Counting {
    fn start(&self, task: Task) {
        self.0.fetch_add(1, Ordering::SeqCst);
        task.run();
    }
}

static POOL: Counting = Counting::new();

#[background(on = POOL)]
fn on_static() -> u32 {
    1
}

#[background(on = &POOL)]
fn on_reference() -> u32 {
    2
}

#[background(on = Counting::new())]
fn on_temporary() -> u32 {
    3
}

#[background(on = pool)]
fn on_argument(pool: Arc<Counting>, n: u32) -> u32 {
    n + pool.count() as u32
}

#[background(on = if first { &POOL } else { &OTHER })]
fn on_computed(first: bool) -> u32 {
    u32::from(first)
}

static OTHER: Counting = Counting::new();

#[background(on = strategy)]
fn on_generic<S: Strategy + Clone + Send + 'static>(strategy: S) -> u32 {
    drop(strategy);
    6
}

#[background(on = _pool)]
fn on_underscore(_pool: Arc<Counting>) -> u32 {
    7
}

struct Service {
    pool: Arc<Counting>,
    dynamic: Box<dyn Strategy + Send + Sync>,
}

impl Service {
    #[background(on = self.pool)]
    fn shared(self: Arc<Self>, n: u32) -> u32 {
        n
    }

    #[background(on = self.pool.clone())]
    fn taken(self) -> u32 {
        1
    }

    #[background(on = self.dynamic)]
    fn borrowed(&'static self) -> u32 {
        2
    }
}

#[derive(Clone)]
struct Copied {
    pool: Arc<Counting>,
}

impl Copied {
    #[background(on = self.pool, to_owned)]
    fn copied(&self, text: &str) -> usize {
        text.len() + self.pool.count()
    }

    #[background(on = *pool, to_owned)]
    fn from_parameter(&self, pool: &Arc<Counting>) -> usize {
        pool.count()
    }
}

fn main() {
    assert_eq!(*on_static(), 1);
    assert_eq!(*on_reference(), 2);
    assert_eq!(POOL.count(), 2);
    assert_eq!(*on_temporary(), 3);

    let pool = Arc::new(Counting::new());
    assert_eq!(*on_argument(pool.clone(), 1), 2);
    assert_eq!(*on_computed(false), 0);
    assert_eq!(OTHER.count(), 1);
    assert_eq!(*on_generic(pool.clone()), 6);
    assert_eq!(*on_underscore(pool.clone()), 7);
    assert_eq!(pool.count(), 3);

    let service = || Service { pool: pool.clone(), dynamic: Box::new(Counting::new()) };
    assert_eq!(*Arc::new(service()).shared(5), 5);
    assert_eq!(*service().taken(), 1);
    assert_eq!(*Box::leak(Box::new(service())).borrowed(), 2);
    assert_eq!(pool.count(), 5);
    let copied = Copied { pool: pool.clone() };
    assert_eq!(*copied.copied("abc"), 3 + 6);
    assert_eq!(*copied.from_parameter(&pool), 7);
}
