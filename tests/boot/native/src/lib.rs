//! What has to be made before `main`, in C and C++.

unsafe extern "C" {
    safe fn boot_words() -> i32;
    safe fn boot_made() -> i32;
    safe fn boot_of_late() -> i64;
}

/// How many words a vector in a C++ static has: 2 when it was made.
pub fn words((): ()) -> i32 {
    boot_words()
}

/// What a C constructor has written: 42 when it has run.
pub fn made((): ()) -> i32 {
    boot_made()
}

/// What was made by the part that is linked last: the sum of a vector in a C++ static, 42 when it was
/// made and 0 where there is no such part; and with how many arguments its constructor was called.
pub fn late((): ()) -> (i64, i64) {
    let packed = boot_of_late();
    (packed >> 32, packed & 0xffff_ffff)
}
