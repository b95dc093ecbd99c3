//! The first of many to end.

use crate::combine::contest::{Wanted, hold};
use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::site::Site;

static SITE: Site = Site::new("race", "", "", 0);

/// Makes one future of many: that of the first to end, with a value or with a failure.
///
/// The others are cancelled, and by the time the new future is ready they have been: those that have
/// not started never run, those that run unwind at their next checkpoint. How they end is reported
/// to nobody. Cancelling the new future cancels them all. For the first *value*, see
/// [`first`](crate::first).
///
/// Returns at once. No thread waits while the parts run, unless somebody touches the new future. A
/// toucher runs no part, as it could not see then that another has won; where nobody starts a pool's
/// tasks for some time, it gives them threads. Lazy parts are started in the pool. If several have
/// ended by now, the first of them wins.
///
/// # Panics
///
/// When there are no parts: of those none ever ends first.
///
/// ```
/// use background::{Background, Failure, promise, race, spawn};
///
/// let (promise, never) = promise::<&str>();
/// let winner = race([never, spawn(|| "fast")]);
/// assert_eq!(winner, "fast");
/// assert!(!promise.is_wanted()); // the other was cancelled
///
/// // A failure wins, too.
/// let failed = race([spawn(|| -> u8 { panic!("no luck") })]);
/// assert!(Background::outcome(&failed).unwrap_err().is_panic());
/// ```
#[track_caller]
pub fn race<T, S>(parts: impl IntoIterator<Item = Background<T, S>>) -> Background<S::Yields<T>>
where
    T: Send + 'static,
    S: Sentinel,
    S::Yields<T>: Send,
{
    hold(&SITE, Wanted::End, parts, |contest, mut crew| {
        let winner = contest.decide(&crew).and_then(|winner| crew.0.swap_remove_back(winner));
        let winner = winner.unwrap_or_else(|| unreachable!("of some parts, one ends first"));
        drop(crew);
        Background::join(winner)
    })
}
