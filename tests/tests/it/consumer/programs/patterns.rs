//! A library of functions in every shape.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use background::background;

/// Three numbers.
#[derive(Debug, Clone, Copy)]
pub struct Three {
    /// The first.
    pub one: u8,
    /// The second.
    pub two: u8,
    /// The third.
    pub three: u8,
}

/// Takes things apart.
#[background]
pub fn apart((one, _): (u8, u8), Three { two, .. }: Three, [three, ..]: [u8; 2], _: u8) -> u8 {
    one + two + three
}

/// Changes its argument.
#[background]
pub fn changed(mut numbers: Vec<u8>) -> Vec<u8> {
    numbers.push(4);
    numbers
}

/// A name that is a word of the language.
#[background]
pub fn r#match(r#type: u8) -> u8 {
    r#type
}

/// Tells when it is gone.
#[derive(Debug)]
pub struct Alarm(pub Arc<AtomicBool>);

impl Drop for Alarm {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What is not named is kept for as long as the body runs.
#[background(inline)]
pub fn kept(_: Alarm, gone: Arc<AtomicBool>) -> bool {
    gone.load(Ordering::SeqCst)
}

/// Ends early.
#[background]
pub fn early(number: Option<u8>) -> Option<u8> {
    if number == Some(0) {
        return None;
    }
    let number = number?;
    Some(number - 1)
}

/// Gives something without a name.
#[background]
pub fn unnamed(number: u8) -> impl Iterator<Item = u8> + Clone + Send {
    0..number
}

/// Works with what must not travel, as long as it stays at home.
#[background]
pub fn local(number: u8) -> u8 {
    let shared = Rc::new(number);
    *Rc::clone(&shared)
}

/// Holds another.
#[background]
pub fn outer(number: u8) -> u8 {
    #[background]
    fn inner(number: u8) -> u8 {
        number + 1
    }
    inner(number) + 1
}

/// Where it was called.
#[background(inline)]
#[track_caller]
pub fn line() -> u32 {
    background::current().map_or(0, |task| task.call_site().line())
}

/// A constant beside a type.
#[background]
pub fn sum<const N: usize>(numbers: [u8; N]) -> u8 {
    numbers.iter().sum()
}

/// Takes things apart in another process.
#[background(process)]
pub fn apart_elsewhere(
    (one, _): (u8, u8),
    [two, ..]: [u8; 2],
    _: u8,
    _hidden: u8,
    mut changed: Vec<u8>,
    #[cfg(target_os = "none")] absent: Absent,
    #[cfg(not(target_os = "none"))]
    #[allow(unused_variables)]
    unused: u8,
) -> Option<u8> {
    #[allow(clippy::items_after_statements)]
    const THREE: u8 = 3;
    changed.push(THREE);
    if one == 0 {
        return None;
    }
    let last = *changed.last()?;
    Some(one + two + last)
}

/// Old.
#[background]
#[deprecated(note = "say something else")]
#[inline]
pub fn old() -> u8 {
    1
}

/// Sees that all of it does what it says.
///
/// # Panics
///
/// When it does not.
pub fn check() {
    let three = Three { one: 1, two: 2, three: 3 };
    assert_eq!(apart((1, 9), three, [3, 9], 9), 6);
    assert_eq!(changed(vec![1, 2, 3]), [1, 2, 3, 4]);
    assert_eq!(r#match(5), 5);
    let gone = Arc::new(AtomicBool::new(false));
    assert!(!*kept(Alarm(Arc::clone(&gone)), Arc::clone(&gone)));
    assert!(gone.load(Ordering::SeqCst));
    assert_eq!(early(Some(0)), None);
    assert_eq!(early(None), None);
    assert_eq!(early(Some(3)), Some(2));
    assert!(unnamed(3).clone().eq([0, 1, 2]));
    assert_eq!(local(3), 3);
    assert_eq!(outer(1), 3);
    assert_eq!(line(), line!());
    assert_eq!(sum([1, 2, 3]), 6);
    assert_eq!(apart_elsewhere((1, 9), [2, 9], 9, 9, Vec::new(), 9), Some(6));
    #[allow(deprecated)]
    let old = old();
    assert_eq!(old, 1);
}
