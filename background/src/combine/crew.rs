//! Futures that end together.

use std::collections::VecDeque;

use crate::handle::Background;
use crate::sentinel::Sentinel;
use crate::task::frame::Place;
use crate::task::job_ref::JobRef;
use crate::task::wait::Release;

/// The jobs of those that have not ended, unless that are too many to follow.
pub(crate) fn waiting<'a, T: 'a, S: Sentinel>(
    parts: impl IntoIterator<Item = &'a Background<T, S>>,
) -> Vec<(JobRef, Place)> {
    let jobs = parts.into_iter().filter(|part| !Background::is_ready(part));
    let few: Vec<_> =
        jobs.take(Release::MANY + 1).map(|part| (JobRef::clone(&part.job()), None)).collect();
    if few.len() <= Release::MANY { few } else { Vec::new() }
}

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
