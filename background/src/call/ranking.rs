//! What a call says about its place in a queue.

use crate::call::Builder;
use crate::task::rank::{Rank, Turn};

impl<S, P> Builder<S, P> {
    /// Weighs the task among those that wait in a [`TaskQueue`](crate::TaskQueue): −20 is served
    /// soonest, 20 latest, 0 unless said. Nobody starves: the weight divides the turns, see there.
    ///
    /// Strategies that are no queues need not look at it. Never blocks.
    ///
    /// # Panics
    ///
    /// With a number beyond that.
    ///
    /// ```
    /// use background::{Background, TaskQueue};
    ///
    /// let queue = TaskQueue::threads(1);
    /// assert_eq!(queue.task().priority(-5).spawn(|| 7), 7);
    /// ```
    ///
    /// ```should_panic
    /// // Niceness must be an integer between -20 and +20
    /// background::task().priority(21);
    /// ```
    #[track_caller]
    pub fn priority(self, niceness: impl Into<i32>) -> Self {
        let niceness = niceness.into();
        assert!(
            (-20..=20).contains(&niceness),
            "Niceness must be an integer between -20 and +20, and is {niceness}"
        );
        self.ranked(|rank| {
            rank.niceness = i8::try_from(niceness).unwrap_or_default();
        })
    }

    /// Enters the task into a series: a [`TaskQueue`](crate::TaskQueue) begins the tasks of one series
    /// in the order in which they were called, weighs each series for itself, and may have workers
    /// for some series only.
    ///
    /// Strategies that are no queues need not look at it. Never blocks, never panics.
    ///
    /// ```
    /// use background::{Background, TaskQueue};
    ///
    /// let queue = TaskQueue::threads(1);
    /// let pages: Vec<_> = (0..3).map(|n| queue.task().series("pages").spawn(move || n)).collect();
    /// assert_eq!(pages.into_iter().map(Background::join).collect::<Vec<_>>(), [0, 1, 2]);
    /// ```
    pub fn series(self, series: impl AsRef<str>) -> Self {
        self.ranked(|rank| rank.series = Some(series.as_ref().into()))
    }

    /// Puts the task before all that are weighed; among several of these the first comes first.
    ///
    /// Strategies that are no queues need not look at it. Never blocks, never panics.
    ///
    /// ```
    /// use background::{QueueWorker, TaskQueue, strategies::Inline};
    /// use std::sync::mpsc::channel;
    ///
    /// let queue = TaskQueue::new();
    /// let (sender, order) = channel();
    /// let say = |n: u32, sender: &std::sync::mpsc::Sender<u32>| {
    ///     let sender = sender.clone();
    ///     move || sender.send(n).unwrap()
    /// };
    /// drop(queue.task().spawn(say(1, &sender)));
    /// drop(queue.task().spawn(say(2, &sender)));
    /// drop(queue.task().next().spawn(say(3, &sender)));
    /// queue.attach(QueueWorker::new(Inline));
    /// assert_eq!(order.try_iter().collect::<Vec<_>>(), [3, 1, 2]);
    /// ```
    #[allow(clippy::should_implement_trait, reason = "a description is no iterator")]
    pub fn next(self) -> Self {
        self.ranked(|rank| rank.turn = Turn::Next)
    }

    /// Puts the task behind all that are weighed, those that come later too.
    ///
    /// Strategies that are no queues need not look at it. Never blocks, never panics.
    ///
    /// ```
    /// use background::TaskQueue;
    ///
    /// assert_eq!(TaskQueue::threads(1).task().last().spawn(|| 7), 7);
    /// ```
    pub fn last(self) -> Self {
        self.ranked(|rank| rank.turn = Turn::Last)
    }

    pub(super) fn ranked(mut self, change: impl FnOnce(&mut Rank)) -> Self {
        change(self.rank.get_or_insert_default());
        self
    }
}
