use background::{Strategy, Task, background};

struct Pool;

impl Strategy for Pool {
    fn start(&self, task: Task) {
        task.run();
    }
}

struct Service {
    pool: Pool,
}

impl Service {
    #[background(on = self.pool)]
    fn add(self, a: u32, b: u32) -> u32 {
        a + b
    }
}

fn main() {
    assert_eq!(*Service { pool: Pool }.add(1, 2), 3);
}
