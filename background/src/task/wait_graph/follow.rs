//! Following who needs whom, until it leads back or ends.
//!
//! Nothing here knows of threads and tasks: there are nodes, each of which needs others. A node is
//! *stuck* when what it needs is stuck: one of those of which it needs all, or all of those of which
//! it needs one. Whoever asks, asks for the greatest set of stuck nodes: a node that needs nobody is
//! not stuck, nor is one that does not wait.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What a node needs to go on. Every need carries what the caller wants to know of it.
#[derive(Clone, Debug)]
pub(crate) enum Needs<N, E> {
    /// It goes on by itself.
    Nothing,
    /// This one.
    One(N, E),
    /// All of these.
    All(Vec<(N, E)>),
    /// Any one of these.
    Any(Vec<(N, E)>),
}

/// The way from `start` back to itself through stuck nodes: every node with the need that leads to
/// the next. `None` when `start` is not stuck, or does not lead back to itself.
pub(crate) fn circle<N: Copy + Ord, E: Clone>(
    start: N,
    mut needs: impl FnMut(N) -> Needs<N, E>,
) -> Option<Vec<(N, E)>> {
    // Nearly always there is one way to go, and it soon ends: this needs no memory.
    let mut at = start;
    let mut length = 0_usize;
    // Where a walk in circles that never comes back to `start` is noticed.
    let (mut mark, mut next_mark) = (start, 1);
    loop {
        match needs(at) {
            Needs::Nothing => return None,
            Needs::One(next, _) if next == start => return Some(walk(start, needs)),
            Needs::One(next, _) if length > 0 && next == mark => return None,
            Needs::One(next, _) => at = next,
            Needs::All(_) | Needs::Any(_) => return search(start, needs),
        }
        length += 1;
        if length == next_mark {
            (mark, next_mark) = (at, next_mark * 2);
        }
    }
}

/// The only way from `start` back to it.
fn walk<N: Copy + Ord, E>(start: N, mut needs: impl FnMut(N) -> Needs<N, E>) -> Vec<(N, E)> {
    let mut way = Vec::new();
    let mut at = start;
    while let Needs::One(next, need) = needs(at) {
        way.push((at, need));
        at = next;
        if at == start {
            break;
        }
    }
    way
}

/// The same where nodes need several others.
fn search<N: Copy + Ord, E: Clone>(
    start: N,
    mut needs: impl FnMut(N) -> Needs<N, E>,
) -> Option<Vec<(N, E)>> {
    let mut known = BTreeMap::new();
    let mut unseen = vec![start];
    while let Some(node) = unseen.pop() {
        if known.contains_key(&node) {
            continue;
        }
        let needs = needs(node);
        unseen.extend(needs.iter().map(|(next, _)| *next));
        known.insert(node, needs);
    }
    let free = free(&known);
    if free.contains(&start) {
        return None;
    }
    // Every stuck node has a way to `start` within the stuck ones, or there would be a stuck set
    // without `start`; the shortest one makes the clearest report.
    let mut from: BTreeMap<N, (N, E)> = BTreeMap::new();
    let mut front = VecDeque::from([start]);
    while let Some(node) = front.pop_front() {
        for (next, need) in known.get(&node).into_iter().flat_map(Needs::iter) {
            if free.contains(next) || from.contains_key(next) {
                continue;
            }
            from.insert(*next, (node, need.clone()));
            if *next == start {
                return Some(back(start, &from));
            }
            front.push_back(*next);
        }
    }
    None
}

/// The nodes that are not stuck: those that go on by themselves, and those for whom these suffice.
fn free<N: Copy + Ord, E>(known: &BTreeMap<N, Needs<N, E>>) -> BTreeSet<N> {
    let mut needed_by: BTreeMap<N, Vec<N>> = BTreeMap::new();
    // How many of a node's needs are still to be met.
    let mut open = BTreeMap::new();
    let mut free = BTreeSet::new();
    let mut found = Vec::new();
    for (node, needs) in known {
        for (next, _) in needs.iter() {
            needed_by.entry(*next).or_default().push(*node);
        }
        let count = match needs {
            Needs::Nothing => 0,
            Needs::Any(some) => some.len().min(1),
            Needs::One(..) | Needs::All(_) => needs.iter().count(),
        };
        open.insert(*node, count);
        if count == 0 {
            found.push(*node);
        }
    }
    while let Some(node) = found.pop() {
        if !free.insert(node) {
            continue;
        }
        for waiter in needed_by.get(&node).into_iter().flatten() {
            if let Some(count) = open.get_mut(waiter) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    found.push(*waiter);
                }
            }
        }
    }
    free
}

/// Reads the way off, from its end.
fn back<N: Copy + Ord, E: Clone>(start: N, from: &BTreeMap<N, (N, E)>) -> Vec<(N, E)> {
    let mut way = Vec::new();
    let mut at = start;
    while let Some((before, need)) = from.get(&at) {
        way.push((*before, need.clone()));
        at = *before;
        if at == start {
            break;
        }
    }
    way.reverse();
    way
}

impl<N, E> Needs<N, E> {
    fn iter(&self) -> impl Iterator<Item = (&N, &E)> {
        let (one, more) = match self {
            Self::Nothing => (None, &[][..]),
            Self::One(node, need) => (Some((node, need)), &[][..]),
            Self::All(more) | Self::Any(more) => (None, &more[..]),
        };
        one.into_iter().chain(more.iter().map(|(node, need)| (node, need)))
    }
}

#[cfg(all(test, not(background_loom)))]
mod tests {
    use super::*;

    /// A generator of numbers that look random.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % bound as u64).expect("it is below the bound")
        }
    }

    fn graph(dice: &mut Dice, size: usize) -> Vec<Needs<usize, ()>> {
        let some = |dice: &mut Dice| {
            let count = dice.below(4);
            (0..count).map(|_| (dice.below(size), ())).collect()
        };
        (0..size)
            .map(|_| match dice.below(5) {
                0 => Needs::Nothing,
                1 => Needs::All(some(dice)),
                2 => Needs::Any(some(dice)),
                _ => Needs::One(dice.below(size), ()),
            })
            .collect()
    }

    /// The greatest stuck set, by trying all subsets.
    fn stuck(graph: &[Needs<usize, ()>]) -> u32 {
        let holds = |set: u32| {
            let has = |node: usize| set & (1 << node) != 0;
            (0..graph.len()).filter(|node| has(*node)).all(|node| match &graph[node] {
                Needs::Nothing => false,
                Needs::One(next, ()) => has(*next),
                Needs::All(all) => all.iter().any(|(next, ())| has(*next)),
                Needs::Any(any) => !any.is_empty() && any.iter().all(|(next, ())| has(*next)),
            })
        };
        // Such sets can be united, so the union of all is the greatest.
        (0..1 << graph.len()).filter(|set| holds(*set)).fold(0, |all, set| all | set)
    }

    #[test]
    fn finds_what_trying_everything_finds() {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut circles = 0;
        for _ in 0..20_000 {
            let size = 1 + dice.below(6);
            let mut graph = graph(&mut dice, size);
            // As in life: before `start` sleeps, nobody is stuck.
            let start = 0;
            let waits = std::mem::replace(&mut graph[start], Needs::Nothing);
            for node in 1..size {
                if stuck(&graph) & (1 << node) != 0 {
                    graph[node] = Needs::Nothing;
                }
            }
            graph[start] = waits;
            let found = circle(start, |node| graph[node].clone());
            assert_eq!(found.is_some(), stuck(&graph) & 1 != 0, "{graph:?}");
            let Some(way) = found else { continue };
            circles += 1;
            assert_eq!(way[0].0, start);
            for (nth, (node, ())) in way.iter().enumerate() {
                let next = way[(nth + 1) % way.len()].0;
                assert!(stuck(&graph) & (1 << node) != 0, "{node} is not stuck: {graph:?}");
                assert!(graph[*node].iter().any(|(it, ())| *it == next), "{way:?} of {graph:?}");
            }
        }
        assert!(circles > 1_000, "only {circles} circles");
    }

    #[test]
    fn a_circle_elsewhere_is_somebody_elses() {
        // 0 leads into 1, 2, 3, 1, and never back.
        let next = |node| Needs::One(if node == 3 { 1 } else { node + 1 }, ());
        assert!(circle(0, next).is_none());
    }

    #[test]
    fn long_ways_are_followed_to_their_end() {
        let ring = |node: usize| Needs::One((node + 1) % 100_000, ());
        assert_eq!(circle(7, ring).map(|way| way.len()), Some(100_000));
    }
}
