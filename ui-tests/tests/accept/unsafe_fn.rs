use background::background;

/// # Safety
///
/// None needed.
unsafe fn danger() -> u32 {
    1
}

#[background]
unsafe fn cautious(more: u32) -> u32 {
    more + unsafe { danger() }
}

#[background]
#[allow(unsafe_op_in_unsafe_fn)]
unsafe fn bold() -> u32 {
    danger()
}

fn main() {
    // SAFETY: nothing is asked for.
    assert_eq!(*unsafe { cautious(1) }, 2);
    // SAFETY: nothing is asked for.
    assert_eq!(*unsafe { bold() }, 1);
}
