use background::background;
use std::sync::Arc;

struct Pool;

struct Service {
    pool: Arc<Pool>,
}

impl Service {
    #[background(on = self.pool)]
    fn add(self: Arc<Self>, a: u32, b: u32) -> u32 {
        a + b
    }
}

fn main() {
    let service = Arc::new(Service { pool: Arc::new(Pool) });
    assert_eq!(*service.add(1, 2), 3);
}
