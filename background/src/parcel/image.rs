//! The parts of the program in memory: the executable and its shared libraries.
#![allow(unsafe_code)]

use std::ops::Range;
#[cfg(target_os = "linux")]
use std::path::PathBuf;

/// One part, as the dynamic loader has it.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    /// The file; empty for the executable.
    pub(crate) name: String,
    /// What its own addresses count from.
    pub(crate) base: usize,
    /// What is mapped from its file and can be read.
    pub(crate) constants: Vec<Range<usize>>,
    /// Where the loader's table of it is.
    pub(crate) dynamic: Option<usize>,
    /// It says which loader is to load it.
    names_loader: bool,
}

impl Image {
    pub(crate) fn contains(&self, address: usize) -> bool {
        self.constants.iter().any(|part| part.contains(&address))
    }
}

/// The part in which an address lies.
pub(crate) fn containing(address: usize) -> Option<Image> {
    find(|image| image.contains(address))
}

/// The part of that name.
pub(crate) fn named(name: &str) -> Option<Image> {
    find(|image| image.name == name)
}

/// The file of the part in which an address lies, as the system has it: the loader knows it by the name
/// by which it was asked for it, which may be relative to where the program was then.
#[cfg(target_os = "linux")]
pub(crate) fn file_at(address: usize) -> Option<PathBuf> {
    let maps = std::fs::read("/proc/self/maps").ok()?;
    let line = maps.split(|byte| *byte == b'\n').find(|line| {
        let range = line.split(|byte| *byte == b' ').next().unwrap_or_default();
        let range = std::str::from_utf8(range).ok().and_then(|range| range.split_once('-'));
        let number = |text: &str| usize::from_str_radix(text, 16).ok();
        let range = range.and_then(|(start, end)| Some(number(start)?..number(end)?));
        range.is_some_and(|range| range.contains(&address))
    })?;
    let path = line.iter().position(|byte| *byte == b'/').map(|at| &line[at..])?;
    Some(PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path)))
}

/// The program was started as an argument of its loader, so that the system takes the loader for the
/// program.
#[cfg(target_os = "linux")]
pub(crate) fn is_argument_of_loader() -> bool {
    // SAFETY: the call asks for a number and gives one.
    let loader = unsafe { libc::getauxval(libc::AT_BASE) };
    loader == 0 && named("").is_some_and(|executable| executable.names_loader)
}

#[cfg(not(target_os = "linux"))]
fn find(_: impl FnMut(&Image) -> bool) -> Option<Image> {
    None
}

#[cfg(target_os = "linux")]
fn find(mut wanted: impl FnMut(&Image) -> bool) -> Option<Image> {
    let mut search = Search { wanted: &mut wanted, found: None };
    // SAFETY: `look` is given the address of `search` back, which is used by nobody else meanwhile.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut search).cast()) };
    search.found
}

#[cfg(target_os = "linux")]
struct Search<'a> {
    wanted: &'a mut dyn FnMut(&Image) -> bool,
    found: Option<Image>,
}

/// # Safety
///
/// `info` is the loader's, and `search` the address of a [`Search`] that nobody else uses.
#[cfg(target_os = "linux")]
unsafe extern "C" fn look(
    info: *mut libc::dl_phdr_info,
    _: libc::size_t,
    search: *mut libc::c_void,
) -> libc::c_int {
    // SAFETY: by contract.
    let (info, search) = unsafe { (&*info, &mut *search.cast::<Search<'_>>()) };
    let name = if info.dlpi_name.is_null() {
        String::new()
    } else {
        // SAFETY: the loader gives a text that ends in a zero byte and stays for this call.
        unsafe { std::ffi::CStr::from_ptr(info.dlpi_name) }.to_string_lossy().into_owned()
    };
    let base = usize::try_from(info.dlpi_addr).unwrap_or_default();
    let (mut constants, mut dynamic, mut names_loader) = (Vec::new(), None, false);
    for nth in 0..info.dlpi_phnum {
        // SAFETY: the loader has so many of them, and they stay for this call.
        let header = unsafe { &*info.dlpi_phdr.add(usize::from(nth)) };
        let start = base.wrapping_add(usize::try_from(header.p_vaddr).unwrap_or_default());
        let bytes = usize::try_from(header.p_filesz).unwrap_or_default();
        match header.p_type {
            libc::PT_LOAD if header.p_flags & libc::PF_R != 0 => {
                constants.push(start..start.saturating_add(bytes));
            }
            libc::PT_DYNAMIC => dynamic = Some(start),
            libc::PT_INTERP => names_loader = true,
            _ => {}
        }
    }
    let image = Image { name, base, constants, dynamic, names_loader };
    let is_wanted = (search.wanted)(&image);
    if is_wanted {
        search.found = Some(image);
    }
    libc::c_int::from(is_wanted)
}
