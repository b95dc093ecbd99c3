//! Many futures, of which one is wanted.

use std::sync::Arc;

use crate::call::Builder;
use crate::cell::parker::Parker;
use crate::cell::state::FAILED;
use crate::clock::Tick;
use crate::combine::any_end::AnyEnd;
use crate::combine::crew::Crew;
use crate::combine::keeping::Keeping;
use crate::combine::kept::Kept;
use crate::handle::Background;
use crate::handle::continuation::when_ended;
use crate::sentinel::Sentinel;
use crate::site::Site;
use crate::sync::global::{Mutex, lock};
use crate::task::Task;
use crate::task::job_ref::JobRef;
use crate::task::wait::Release;
use crate::task::wait_graph::Keepers;

/// What wins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The first to end.
    End,
    /// The first to end with a value.
    Value,
}

/// What the parts tell the whole.
pub(crate) struct Contest {
    wanted: Wanted,
    state: Mutex<State>,
    keeping: Keeping,
}

struct State {
    left: usize,
    winner: Option<usize>,
    /// Until it is time to run it.
    task: Option<Task>,
    /// The bed of the thread that has claimed the body.
    touched: Option<Arc<Parker>>,
}

impl State {
    fn is_decided(&self) -> bool {
        self.winner.is_some() || self.left == 0
    }
}

/// Starts the contest. The new future's body is `end`, given the contest and the parts.
///
/// # Panics
///
/// When there are no parts, with the name of `site`.
#[track_caller]
pub(crate) fn hold<T, S, U>(
    site: &'static Site,
    wanted: Wanted,
    parts: impl IntoIterator<Item = Background<T, S>>,
    end: impl FnOnce(&Contest, Crew<T, S>) -> U + Send + 'static,
) -> Background<U>
where
    T: Send + 'static,
    S: Sentinel,
    U: Send + 'static,
{
    let crew = Crew(parts.into_iter().collect());
    let jobs: Vec<_> = crew.0.iter().map(|part| JobRef::clone(&part.job())).collect();
    assert!(
        !jobs.is_empty(),
        "`{0}` of no futures has no winner; expected at least one, so ask before you call `{0}`",
        site.name()
    );
    let state = State { left: jobs.len(), winner: None, task: None, touched: None };
    let keeping = Keeping::default();
    let contest = Arc::new(Contest { wanted, state: Mutex::new(state), keeping });
    let own = Arc::clone(&contest);
    let kept = Kept::claimable();
    let future = Builder::new(site).on(&kept).spawn(move || end(&own, crew));
    contest.keeping.tell_parts(&future, &jobs, Keepers::OneOf);
    lock(&contest.state).task = kept.take();
    for (index, job) in jobs.into_iter().enumerate() {
        let (contest, part) = (Arc::clone(&contest), job.clone());
        when_ended(&job, move || contest.ended(index, &part));
    }
    future
}

impl Contest {
    fn ended(&self, index: usize, part: &JobRef) {
        let mut state = lock(&self.state);
        if state.is_decided() {
            return;
        }
        state.left -= 1;
        if self.wanted == Wanted::End || part.core.state.read() & FAILED == 0 {
            state.winner = Some(index);
        }
        let decided = state.is_decided();
        if let Some(parker) = &state.touched {
            // Those that are left may not be able to go on before their toucher does.
            if decided || state.left <= Release::MANY {
                parker.unpark();
            }
            return;
        }
        if !decided {
            return;
        }
        let task = state.task.take();
        drop(state);
        // Not here: to cancel the others may run any destructor.
        if let Some(task) = task {
            task.offload();
        }
    }

    /// Waits for the end of the contest. The winner; `None` when all have failed.
    pub(crate) fn decide<T, S: Sentinel>(&self, crew: &Crew<T, S>) -> Option<usize> {
        AnyEnd::new().wait(Tick::NEVER, |parker| self.is_decided(parker), || crew.0.iter());
        lock(&self.state).winner
    }

    /// It is; else `parker` will be woken when it is.
    fn is_decided(&self, parker: &Arc<Parker>) -> bool {
        let mut state = lock(&self.state);
        let decided = state.is_decided();
        if !decided {
            state.touched = Some(Arc::clone(parker));
        }
        decided
    }
}
