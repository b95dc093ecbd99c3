//! What a task is going to be.

use std::time::Duration;

use background::{OnDrop, WhenFull};

use crate::dice::Dice;

/// What was decided about a task before it was started; what may become of it follows from that.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) place: Place,
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    /// It is called under a deadline of somebody who has called it.
    pub(crate) hurried: bool,
    pub(crate) limit: Option<WhenFull>,
    pub(crate) panics: bool,
    pub(crate) on_drop: OnDrop,
    /// How many checkpoints its body comes to.
    pub(crate) work: u64,
    /// How many tasks it starts itself.
    pub(crate) children: u64,
    /// How deep tasks may start tasks.
    pub(crate) depth: u64,
}

/// Where it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Default,
    OwnPool,
    Dedicated,
    Inline,
    Lazy,
    /// A strategy that drops some tasks and rejects others.
    Careless,
    /// A strategy that lets nobody claim its tasks.
    Jealous,
}

impl Plan {
    pub(crate) fn roll(dice: &mut Dice, depth: u64, hurried: bool) -> Self {
        let place = match dice.below(64) {
            0 => Place::Dedicated,
            1..4 => Place::Careless,
            4..6 => Place::Jealous,
            6..14 => Place::OwnPool,
            14..22 => Place::Lazy,
            22..28 => Place::Inline,
            _ => Place::Default,
        };
        let limit = match dice.below(48) {
            0 => Some(WhenFull::Block),
            1 => Some(WhenFull::Inline),
            2 => Some(WhenFull::Reject),
            _ => None,
        };
        let on_drop = match dice.below(16) {
            0 | 1 => OnDrop::Cancel,
            2 => OnDrop::Join,
            _ => OnDrop::Detach,
        };
        // Whoever holds a permit waits for nobody: he might wait for one who waits for the permit.
        let is_leaf = depth == 0 || limit.is_some();
        let children = if is_leaf || !dice.once_in(4) { 0 } else { 1 + dice.below(3) };
        let mut budget = || Duration::from_micros(dice.below(60));
        let budgets = [budget(), budget()];
        Self {
            place,
            timeout: dice.once_in(10).then_some(budgets[0]),
            deadline: dice.once_in(10).then_some(budgets[1]),
            hurried,
            limit,
            panics: dice.once_in(4),
            on_drop,
            work: dice.below(200),
            children,
            depth: depth.saturating_sub(1),
        }
    }

    pub(crate) fn is_timed(&self) -> bool {
        self.timeout.is_some() || self.has_deadline()
    }

    /// Whatever its body starts has to hurry too.
    pub(crate) fn has_deadline(&self) -> bool {
        self.deadline.is_some() || self.hurried
    }

    pub(crate) fn may_be_rejected(&self) -> bool {
        matches!(self.limit, Some(WhenFull::Reject)) || self.place == Place::Careless
    }

    pub(crate) fn may_be_lost(&self) -> bool {
        self.place == Place::Careless
    }
}
