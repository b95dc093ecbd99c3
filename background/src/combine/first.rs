//! The first value of many.

use crate::combine::contest::{Wanted, hold};
use crate::failure::Failure;
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::task::current;

static SITE: Site = Site::new("first", "", "", 0);

/// Makes one future of many: that of the first value among them.
///
/// Failures, time-outs among them, do not count, and nobody hears of them; unless all parts fail:
/// then the new future fails as [`Failure::AllFailed`](crate::Failure::AllFailed), which names each
/// with its cause. As with [`race`](crate::race), the others are cancelled by the time the new
/// future is ready, cancelling the new future cancels them all, and no thread waits but its
/// touchers.
///
/// # Panics
///
/// When there are no parts: those have no value.
///
/// ```
/// use background::{Background, Failure, first, spawn};
///
/// let value = first([spawn(|| panic!("no luck")), spawn(|| 7)]);
/// assert_eq!(value, 7);
///
/// let none = first([spawn(|| -> u8 { panic!("no luck") }), spawn(|| panic!("at all"))]);
/// let failure = Background::outcome(&none).unwrap_err();
/// let Failure::AllFailed { failures, .. } = failure else { unreachable!() };
/// assert!(failures.len() == 2 && failures[0].1.is_panic());
/// assert!(failure.to_string().starts_with("all 2 failed: `closure` (called at "));
/// ```
#[track_caller]
pub fn first<T, S>(parts: impl IntoIterator<Item = Background<T, S>>) -> Background<T>
where
    T: Send + 'static,
    S: Sentinel,
{
    hold(&SITE, Wanted::Value, parts, |contest, mut crew| {
        let Some(winner) = contest.decide(&crew).and_then(|winner| crew.0.swap_remove_back(winner))
        else {
            let failures = crew.0.iter().map(failure_of).collect();
            drop(crew);
            current::fail(Failure::AllFailed { failures });
        };
        drop(crew);
        match S::into_outcome(Background::join(winner)) {
            Ok(value) => value,
            Err(failure) => unreachable!("a winner has a value, but this one {failure}"),
        }
    })
}

/// Who has failed, and how.
fn failure_of<T, S: Sentinel>(part: &Background<T, S>) -> (String, Failure) {
    match Background::outcome(part) {
        Err(failure) => (part.job().to_string(), failure.clone()),
        Ok(_) => unreachable!("with a value it would have won"),
    }
}
