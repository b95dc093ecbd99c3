//! Futures made of futures, and futures made of nothing but a promise.
//!
//! None of these needs a strategy of its own. A combined future is an ordinary job whose task stays
//! [with its maker](kept) until its parts have come far enough; then it runs, or is started. Who
//! touches the combined future before that claims its body, as everywhere, and the body waits for
//! the parts; no worker sleeps for the sake of a combined future that nobody touches.
//!
//! * [`promise`]: filled by hand; its task is run by whoever has the value
//! * [`join_all`]: touches its parts one after the other, and hears of the first that fails
//! * [`race`], [`first`]: a [`contest`], whose body hears of every part that ends
//! * [`as_completed`], [`within`], [`unfinished`]: the parts themselves, as they end, out of
//!   [`completions`]
//! * [`map`], [`map_as_completed`]: a window of calls that moves over an iterator
//!
//! What waits for one part waits in a touch of it. What waits for [any part](any_end) sleeps until
//! one of them ends, and sees to it that they start.

pub(crate) mod any_end;
pub(crate) mod as_completed;
pub(crate) mod completions;
pub(crate) mod contest;
pub(crate) mod crew;
pub(crate) mod delivered;
pub(crate) mod delivery;
pub(crate) mod feed;
pub(crate) mod feeder;
pub(crate) mod first;
pub(crate) mod join_all;
pub(crate) mod keeping;
pub(crate) mod kept;
pub(crate) mod map;
pub(crate) mod map_as_completed;
pub(crate) mod promise;
pub(crate) mod race;
pub(crate) mod unfinished;
pub(crate) mod within;
