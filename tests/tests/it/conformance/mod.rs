//! Every strategy of the crate does what every strategy has to do.

use background::strategies::{Dedicated, Inline, Lazy, Thread};
use background::{DefaultPlace, Strategy, Task};

mod thread {
    background::conformance!(super::Thread);
}

mod dedicated {
    background::conformance!(super::Dedicated::new());
}

mod inline {
    background::conformance!(super::Inline);
}

mod lazy {
    background::conformance!(super::Lazy);
}

mod default {
    background::conformance!(super::DefaultPlace);
}

mod by_reference {
    background::conformance!(&super::Thread);
}

mod boxed {
    background::conformance!(Box::new(super::Thread) as Box<dyn super::Strategy>);
}

/// The least that a user may write.
struct Fresh;

impl Strategy for Fresh {
    fn start(&self, task: Task) {
        std::thread::spawn(|| task.run());
    }
}

mod of_a_user {
    background::conformance!(super::Fresh);
}

mod queue_of_threads {
    background::conformance!(background::TaskQueue::threads(2));
}

mod queue_of_one_thread {
    background::conformance!(background::TaskQueue::threads(1));
}

mod queue_over_the_pool {
    use background::{QueueWorker, TaskQueue, strategies::Thread};

    fn over_the_pool() -> TaskQueue {
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::new(Thread).capacity(4));
        queue
    }

    background::conformance!(over_the_pool());
}

mod queue_inline {
    use background::{QueueWorker, TaskQueue, strategies::Inline};

    fn inline() -> TaskQueue {
        let queue = TaskQueue::new();
        queue.attach(QueueWorker::new(Inline));
        queue
    }

    background::conformance!(inline());
}
