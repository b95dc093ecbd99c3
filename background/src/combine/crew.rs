//! Futures that end together.

use std::collections::VecDeque;

use crate::handle::Background;
use crate::sentinel::Sentinel;

/// Futures of which those that are still there when it is dropped are cancelled.
pub(crate) struct Crew<T, S: Sentinel>(pub(crate) VecDeque<Background<T, S>>);

impl<T, S: Sentinel> Drop for Crew<T, S> {
    fn drop(&mut self) {
        for part in &self.0 {
            Background::cancel(part);
            if Background::is_ready(part) {
                // How one of them has failed is no news to whoever lets go of them all.
                let _ = Background::outcome(part);
            }
        }
    }
}
