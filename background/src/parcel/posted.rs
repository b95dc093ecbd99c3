//! Arguments on their way, with the proof that their types can be serialised.
//!
//! What needs a proof and how it comes about is told where it is made, in the module that expansions
//! name; here is what is done with it.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The proof that a type can be serialised.
#[derive(Debug)]
pub enum Proven {}

/// What can be done with a proof: all that serde's traits do.
pub trait Witness<T>: Sized {
    /// `T::serialize`
    ///
    /// # Errors
    ///
    /// The same.
    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;

    /// `T::deserialize`
    ///
    /// # Errors
    ///
    /// The same.
    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

impl<T: Serialize + DeserializeOwned> Witness<T> for Proven {
    #[inline]
    fn serialize<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    #[inline]
    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// What can be done with a proof about a copy: to lend what was copied.
pub trait Lender<O, B: ?Sized> {
    /// `O::borrow`
    fn lend(copy: &O) -> &B;
}

impl<O: Borrow<B>, B: ?Sized> Lender<O, B> for Proven {
    #[inline]
    fn lend(copy: &O) -> &B {
        copy.borrow()
    }
}

/// An argument on its way, which serialises as the value does.
pub struct Posted<T, P> {
    value: T,
    proof: PhantomData<fn() -> P>,
}

impl<T, P> Posted<T, P> {
    #[inline]
    pub(crate) fn new(value: T) -> Self {
        Self { value, proof: PhantomData }
    }

    /// Hands the value out again, in the process where the body runs.
    #[inline]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T, P: Witness<T>> Serialize for Posted<T, P> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        P::serialize(&self.value, serializer)
    }
}

impl<'de, T, P: Witness<T>> Deserialize<'de> for Posted<T, P> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        P::deserialize(deserializer).map(Self::new)
    }
}

impl<T, P> fmt::Debug for Posted<T, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Posted").finish_non_exhaustive()
    }
}

/// The copy of a borrowed argument on its way, which serialises as the copy does.
pub struct Copied<B: ?Sized, O, P> {
    copy: O,
    proof: PhantomData<fn(&B) -> P>,
}

impl<B: ?Sized, O, P> Copied<B, O, P> {
    #[inline]
    pub(crate) fn new(copy: O) -> Self {
        Self { copy, proof: PhantomData }
    }

    pub(crate) fn into_inner(self) -> O {
        self.copy
    }

    /// Lends the copy to the body, which sees the reference its signature says.
    #[inline]
    pub fn lend(&self) -> &B
    where
        P: Lender<O, B>,
    {
        P::lend(&self.copy)
    }
}

impl<B: ?Sized, O, P: Witness<O>> Serialize for Copied<B, O, P> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        P::serialize(&self.copy, serializer)
    }
}

impl<'de, B: ?Sized, O, P: Witness<O>> Deserialize<'de> for Copied<B, O, P> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        P::deserialize(deserializer).map(|copy| Self { copy, proof: PhantomData })
    }
}

impl<B: ?Sized, O, P> fmt::Debug for Copied<B, O, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Copied").finish_non_exhaustive()
    }
}
