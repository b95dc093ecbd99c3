//! Size, alignment, and which threads may have it.

use std::cell::Cell;
use std::convert::Infallible;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Arc;

use background::{Background, Failure, Task, Timeout};

/// Whether a type implements a trait: an inherent constant, where its bound holds, goes before the
/// constant of a trait.
macro_rules! is {
    ($type:ty: $trait:path) => {{
        struct Question<T: ?Sized>(PhantomData<T>);
        #[allow(dead_code)]
        trait No {
            const ANSWER: bool = false;
        }
        impl<T: ?Sized> No for Question<T> {}
        #[allow(dead_code)]
        impl<T: ?Sized + $trait> Question<T> {
            const ANSWER: bool = true;
        }
        <Question<$type>>::ANSWER
    }};
}

#[test]
fn one_thin_pointer() {
    let pointer = size_of::<usize>();
    assert_eq!(size_of::<Background<[u8; 1000]>>(), pointer);
    assert_eq!(size_of::<Background<u8, Timeout>>(), pointer);
    assert_eq!(size_of::<Background<String, Failure>>(), pointer);
    assert_eq!(size_of::<Option<Background<u8>>>(), pointer);
}

/// A type that may be sent but not shared, one that may be neither, one that may be both.
#[test]
fn send_and_sync_exactly_as_the_value() {
    const {
        assert!(is!(Background<u8>: Send) && is!(Background<u8>: Sync));
        assert!(is!(Background<Cell<u8>>: Send) && !is!(Background<Cell<u8>>: Sync));
        assert!(!is!(Background<Rc<u8>>: Send) && !is!(Background<Rc<u8>>: Sync));
        assert!(
            is!(Background<Cell<u8>, Timeout>: Send) && !is!(Background<Cell<u8>, Timeout>: Sync)
        );
        assert!(!is!(Background<Rc<u8>, Failure>: Send) && !is!(Background<Rc<u8>, Failure>: Sync));
        assert!(is!(Background<u8, Infallible>: Unpin));
        assert!(is!(Arc<Background<u8>>: Send) && !is!(Arc<Background<Cell<u8>>>: Send));
    }
}

/// They would hide the value's own.
#[test]
fn none_of_the_traits_that_would_hide_the_values() {
    const {
        assert!(!is!(Background<u8>: Clone));
        assert!(!is!(Background<std::ops::Range<u8>>: Iterator));
        assert!(!is!(Background<std::future::Ready<u8>>: Future));
    }
}

#[test]
fn a_task_travels_to_any_thread() {
    const {
        assert!(is!(Task: Send) && is!(Task: Sync));
        assert!(is!(Failure: Send) && is!(Failure: Sync) && is!(Failure: std::error::Error));
        assert!(is!(Timeout: Send) && is!(Timeout: Copy) && is!(Timeout: std::error::Error));
    }
}
