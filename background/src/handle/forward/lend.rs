//! References to the value, spelled so that the compiler looks at the value's type first.

/// `&'a T` and `&'a mut T`, as associated types of `T`.
///
/// A bound `&'a T: Add<U>` on an impl for `&'a Background<T>` says the same, and would break
/// programs that have nothing to do with this crate. Calling `fn f<T>(…) where for<'a> &'a T:
/// Neg<Output = T>`, the compiler asks which `T` could do that before it knows `T`; it would try
/// `Background<_>`, then `Background<Background<_>>`, and give up with "overflow evaluating the
/// requirement". Here it meets the unknown type itself, and waits until it knows more.
pub trait Lend<'a> {
    /// `&'a Self`.
    type Ref;

    /// `&'a mut Self`.
    type Mut;
}

impl<'a, T: 'a> Lend<'a> for T {
    type Ref = &'a T;
    type Mut = &'a mut T;
}
