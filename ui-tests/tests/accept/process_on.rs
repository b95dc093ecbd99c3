use background::{Strategy, Task, background, strategies};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Stands in for a pool of processes.
struct Pool;

impl Strategy for Pool {
    fn start(&self, task: Task) {
        strategies::Thread.start(task);
    }
}

static POOL: Pool = Pool;

#[background(process, on = POOL, cpu = 2s)]
fn double(n: u32) -> u32 {
    n * 2
}

#[background(on = Arc::new(Pool), process = true)]
fn triple(n: u32) -> u32 {
    n * 3
}

#[derive(Serialize, Deserialize, Clone)]
struct Service {
    n: u32,
    #[serde(skip, default = "pool")]
    pool: Arc<Pool>,
}

fn pool() -> Arc<Pool> {
    Arc::new(Pool)
}

impl Service {
    #[background(process, on = self.pool)]
    fn plus(self, n: u32) -> u32 {
        self.n + n
    }

    #[background(process, to_owned, on = self.pool)]
    fn minus(&self, n: u32) -> u32 {
        self.n - n
    }
}

fn main() {
    assert_eq!(double(2), 4);
    assert_eq!(triple(2), 6);
    let service = Service { n: 5, pool: pool() };
    assert_eq!(service.minus(2), 3);
    assert_eq!(service.plus(2), 7);
}
