//! Traits that a future does not have, because method lookup would find them before the value's
//! own.

use std::future::Future;

use background::{Background, Timeout};
use background_tests::within;

use super::future;

/// `true` if the type has the trait: an inherent constant comes before a trait's.
macro_rules! has {
    ($T:ty: $($bound:tt)+) => {{
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "one of the two is never asked")]
        trait Otherwise {
            const HAS: bool = false;
        }
        impl<T: ?Sized> Otherwise for T {}
        #[allow(dead_code, reason = "one of the two is never asked")]
        impl<T: ?Sized + $($bound)+> Probe<T> {
            const HAS: bool = true;
        }
        Probe::<$T>::HAS
    }};
}

#[test]
fn clone_iterator_and_future() {
    const { assert!(has!(u8: Clone) && has!(Background<u8>: Send)) }
    const { assert!(!has!(Background<u8>: Clone) && !has!(Background<u8, Timeout>: Clone)) }
    const { assert!(!has!(Background<std::ops::Range<u8>>: Iterator)) }
    const { assert!(!has!(Background<std::future::Ready<u8>>: Future)) }
}

#[test]
fn the_values_own_are_found() {
    within(|| {
        let text: String = future(String::from("a")).clone();
        assert_eq!(text, "a");
        let mut range = future(0..3);
        assert_eq!((range.next(), range.by_ref().count()), (Some(0), 2));
        // `Borrow` is not in scope here; where it is, `RefCell::borrow` is written `(*f).borrow()`.
        let cell = future(std::cell::RefCell::new(1));
        *cell.borrow_mut() += 1;
        assert_eq!(*cell.borrow(), 2);
    });
}
