//! A vector whose places are used again, and whose keys are not.

/// The place of an entry, and which of those that have had the place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    place: u32,
    turn: u32,
}

impl Key {
    /// Of no entry in any slab.
    pub(super) const NONE: Self = Self { place: u32::MAX, turn: u32::MAX };
}

struct Place<T> {
    turn: u32,
    entry: Option<T>,
}

/// Entries by keys, which stay unknown once their entry is gone.
pub(super) struct Slab<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    /// Panics when there are some four thousand million entries.
    pub(super) fn insert(&mut self, make: impl FnOnce(Key) -> T) -> Key {
        let place = self.free.pop().unwrap_or_else(|| {
            let place = u32::try_from(self.places.len()).expect("not that many routines");
            self.places.push(Place { turn: 0, entry: None });
            place
        });
        let at = &mut self.places[place as usize];
        let key = Key { place, turn: at.turn };
        at.entry = Some(make(key));
        key
    }

    #[inline]
    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let place = self.places.get_mut(key.place as usize)?;
        if place.turn == key.turn { place.entry.as_mut() } else { None }
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<T> {
        let place = self.places.get_mut(key.place as usize)?;
        if place.turn != key.turn {
            return None;
        }
        let entry = place.entry.take()?;
        place.turn = place.turn.wrapping_add(1);
        self.free.push(key.place);
        Some(entry)
    }

    /// Takes all entries out, in the order of their places.
    pub(super) fn drain(&mut self) -> Vec<T> {
        let mut all = Vec::with_capacity(self.len());
        for (place, at) in self.places.iter_mut().enumerate() {
            if let Some(entry) = at.entry.take() {
                at.turn = at.turn.wrapping_add(1);
                self.free.extend(u32::try_from(place));
                all.push(entry);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Slab};

    #[test]
    fn a_key_is_not_used_again() {
        let mut slab = Slab::new();
        let first = slab.insert(|_| "first");
        let second = slab.insert(|_| "second");
        assert_eq!((slab.remove(first), slab.remove(first)), (Some("first"), None));
        let third = slab.insert(|_| "third");
        assert_ne!(first, third);
        assert_eq!(slab.get_mut(first), None);
        assert_eq!(slab.get_mut(third), Some(&mut "third"));
        assert_eq!(slab.get_mut(Key::NONE), None);
        assert_eq!(slab.len(), 2);
        assert_eq!(slab.drain(), ["third", "second"]);
        assert_eq!((slab.len(), slab.get_mut(second)), (0, None));
    }
}
