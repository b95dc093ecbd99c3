//! The constructors that would have come after ours.
//!
//! A worker does not return from its constructor, so what stands behind it in the table (statics of
//! C++ libraries, for one) would never be made. The table is found in the way the dynamic loader
//! finds it; the symbols that the linker has for it do not exist in every shared library.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int};
use std::ops::Range;

use crate::parcel::image::{self, Image};

/// What the entries of the table are: the C library passes on the arguments of `main`.
pub(super) type Initialiser = extern "C" fn(c_int, *const *const c_char, *const *const c_char);

/// The arguments of `main`, as a constructor gets them.
#[derive(Clone, Copy)]
pub(super) struct MainArguments {
    count: c_int,
    arguments: *const *const c_char,
    environment: *const *const c_char,
}

impl MainArguments {
    /// What a constructor was called with.
    pub(super) fn of(
        count: c_int,
        arguments: *const *const c_char,
        environment: *const *const c_char,
    ) -> Self {
        if cfg!(target_env = "gnu") {
            return Self { count, arguments, environment };
        }
        // Other C libraries pass nothing, so these may be anything.
        // SAFETY: the C library's own variable.
        Self { count: 0, arguments: std::ptr::null(), environment: unsafe { environ } }
    }
}

const ARRAY: u64 = 25;
const ARRAY_SIZE: u64 = 27;
const END: u64 = 0;

/// One line of the loader's table.
#[repr(C)]
struct Dynamic {
    tag: usize,
    value: usize,
}

/// Runs the entries behind `own` in the table that it is in: that of the executable, or of the shared
/// library in which it lies. Those of the executable come after a shared library's.
pub(super) fn run_those_after(own: Initialiser, arguments: MainArguments) {
    let own = own as *const () as usize;
    let executable = image::named("").as_ref().and_then(table_of);
    let library = image::containing(own).filter(|image| !image.name.is_empty());
    if let Some(table) = library.as_ref().and_then(table_of) {
        if let Some(rest) = behind(own, &table) {
            run(rest, arguments);
            run(executable.unwrap_or_default(), arguments);
            return;
        }
    }
    if let Some(rest) = executable.and_then(|table| behind(own, &table)) {
        run(rest, arguments);
    }
}

/// What stands behind the last entry for `own`. A linker may have left several.
fn behind(own: usize, table: &Range<usize>) -> Option<Range<usize>> {
    let mut entries = table.clone().step_by(size_of::<Initialiser>());
    let last = entries.rfind(|entry| address_at(*entry) == own)?;
    Some(last + size_of::<Initialiser>()..table.end)
}

/// What an entry of a table holds.
fn address_at(entry: usize) -> usize {
    // SAFETY: every caller has the entry from a table, which holds functions, or marks of what is absent.
    unsafe { std::ptr::with_exposed_provenance::<usize>(entry).read() }
}

/// Where the table of a part lies.
fn table_of(image: &Image) -> Option<Range<usize>> {
    let (mut start, mut bytes) = (None, 0);
    let Some(dynamic) = image.dynamic else { return table_without_loader() };
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
    Some(start?..start?.saturating_add(bytes))
}

/// Where the table lies in a program that no loader has to do with: the linker says so there.
#[cfg(target_feature = "crt-static")]
fn table_without_loader() -> Option<Range<usize>> {
    unsafe extern "C" {
        static __init_array_start: Initialiser;
        static __init_array_end: Initialiser;
    }
    Some((&raw const __init_array_start).addr()..(&raw const __init_array_end).addr())
}

#[cfg(not(target_feature = "crt-static"))]
fn table_without_loader() -> Option<Range<usize>> {
    None
}

/// Runs the entries of a part of a table.
fn run(entries: Range<usize>, arguments: MainArguments) {
    let MainArguments { count, arguments, environment } = arguments;
    for entry in entries.step_by(size_of::<Initialiser>()) {
        let address = address_at(entry);
        if address != 0 && address != usize::MAX {
            // SAFETY: a constructor of this part, which the system would have called next.
            let initialiser = unsafe { std::mem::transmute::<usize, Initialiser>(address) };
            initialiser(count, arguments, environment);
        }
    }
}

unsafe extern "C" {
    static environ: *const *const c_char;
}
