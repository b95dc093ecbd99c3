//! The constructors that would have come after ours.
//!
//! A worker does not return from its constructor, so what stands behind it in the table (statics of
//! C++ libraries, for one) would never be made. The table is found in the way the dynamic loader
//! finds it; the symbols that the linker has for it do not exist in every shared library.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};

use crate::parcel::image;

/// What the entries of the table are: the C library passes on the arguments of `main`.
type Initialiser = extern "C" fn(c_int, *const *const c_char, *const *const c_char);

const ARRAY: u64 = 25;
const ARRAY_SIZE: u64 = 27;
const END: u64 = 0;

/// One line of the loader's table.
#[repr(C)]
struct Dynamic {
    tag: usize,
    value: usize,
}

/// Runs the entries behind `own` in the table that it is in.
pub(super) fn run_those_after(own: *const extern "C" fn()) {
    let Some(image) = image::containing(own.addr()) else { return };
    let Some(dynamic) = image.dynamic else { return };
    let (mut start, mut bytes) = (None, 0);
    let mut line = std::ptr::with_exposed_provenance::<Dynamic>(dynamic);
    loop {
        // SAFETY: the loader's table of a part that is loaded, up to the line that ends it.
        let Dynamic { tag, value } = unsafe { line.read() };
        match tag as u64 {
            END => break,
            ARRAY => start = Some(image.base.wrapping_add(value)),
            ARRAY_SIZE => bytes = value,
            _ => {}
        }
        // SAFETY: as above; the last line has not been reached.
        line = unsafe { line.add(1) };
    }
    let Some(start) = start else { return };
    let end = start.saturating_add(bytes);
    let mut entry = own.addr() + size_of::<Initialiser>();
    if !(start..end).contains(&own.addr()) {
        return;
    }
    // SAFETY: the C library's own variable.
    let environment = unsafe { environ };
    while entry < end {
        // SAFETY: the entry lies in the table, which holds functions, or marks of what is absent.
        let address = unsafe { std::ptr::with_exposed_provenance::<usize>(entry).read() };
        if address != 0 && address != usize::MAX {
            // SAFETY: a constructor of this part, which the system would have called next.
            let initialiser = unsafe { std::mem::transmute::<usize, Initialiser>(address) };
            initialiser(0, std::ptr::null(), environment);
        }
        entry += size_of::<Initialiser>();
    }
}

unsafe extern "C" {
    static environ: *const *const c_char;
}
