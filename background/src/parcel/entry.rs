//! A function as two processes of one program can name it.
//!
//! The same program lies at other addresses in every process, but each of its parts (the executable,
//! each shared library) keeps its inner distances. So a function is named by the part and the distance
//! of a constant from its start. Nothing has to be registered, each instance of a generic function has
//! its own constant, and a part that nobody names is not lost.
//!
//! A name that comes from another process is believed only if it leads to a constant: inside the
//! part's own bytes, aligned, and with the right words in front.
#![allow(unsafe_code)]

use std::borrow::Cow;

use crate::parcel::image::{self, Image};
use crate::parcel::{Order, Reply};
use crate::sync::global::OnceLock;

/// Marks an entry: two words that no other constant is likely to hold.
const MAGIC: [u64; 2] = [0x6261_636b_6772_6f75, 0x9e6b_1d07_55aa_c3f1];

/// A function that runs one call.
#[repr(C)]
pub(crate) struct Entry {
    magic: [u64; 2],
    run: fn(Order) -> Reply,
}

/// Stands for the part in which this library lies, whatever the loader was asked for to load it.
const OWN: &str = ".";

/// Something that lies in that part.
static MARK: u8 = 0;

/// An entry's name, the same in every process of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The file of the part; empty for the executable, and [`OWN`] where this library lies.
    pub(crate) image: Cow<'static, str>,
    pub(crate) offset: u64,
}

impl Entry {
    pub(crate) const fn new(run: fn(Order) -> Reply) -> Self {
        Self { magic: MAGIC, run }
    }

    pub(crate) fn run(&self, order: Order) -> Reply {
        (self.run)(order)
    }

    /// The entry's name; `None` when it lies in no part of the program.
    pub(crate) fn address(&'static self) -> Option<Address> {
        let here = std::ptr::from_ref(self).addr();
        if let Some(own) = own_image().filter(|own| own.contains(here)) {
            return Some(Address { image: OWN.into(), offset: here.wrapping_sub(own.base) as u64 });
        }
        let image = image::containing(here)?;
        let offset = here.wrapping_sub(image.base) as u64;
        Some(Address { image: image.name.into(), offset })
    }

    /// The entry of that name.
    ///
    /// # Errors
    ///
    /// Says why there is none.
    pub(crate) fn find(address: &Address) -> Result<&'static Self, String> {
        let found = match &*address.image {
            OWN => own_image().and_then(|own| Self::within(own, address.offset)),
            name => match image::named(name) {
                Some(image) => Self::within(&image, address.offset),
                None => {
                    return Err(format!(
                        "`{name}` is not loaded in the worker process: it has to be linked to the \
                         program"
                    ));
                }
            },
        };
        found.ok_or_else(|| {
            format!("there is no function at {:#x} of `{}`", address.offset, address.image)
        })
    }

    fn within(image: &Image, offset: u64) -> Option<&'static Self> {
        let start = image.base.checked_add(usize::try_from(offset).ok()?)?;
        let end = start.checked_add(size_of::<Self>())?;
        let lies_inside = image.constants.iter().any(|part| part.start <= start && end <= part.end);
        if !lies_inside || start % align_of::<Self>() != 0 {
            return None;
        }
        let magic = std::ptr::with_exposed_provenance::<[u64; 2]>(start);
        // SAFETY: the bytes lie in a part of the program that is mapped from its file for as long as
        // the process lives, can be read, and are aligned; any bytes are numbers.
        if unsafe { magic.read() } != MAGIC {
            return None;
        }
        // SAFETY: as above; and where the words are, which this file alone writes, an entry is: its
        // other field is a function.
        Some(unsafe { &*std::ptr::with_exposed_provenance::<Self>(start) })
    }
}

/// The part in which this library lies: mostly the only one that is ever asked for. It cannot be
/// unloaded while this library is there to ask.
fn own_image() -> Option<&'static Image> {
    static OWN_IMAGE: OnceLock<Option<Image>> = OnceLock::new();
    OWN_IMAGE.get_or_init(|| image::containing((&raw const MARK).addr())).as_ref()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Address, Entry};
    use crate::parcel::{Order, Reply};

    fn refuse(_: Order) -> Reply {
        Reply::Encoding("refused".to_owned())
    }

    static ENTRY: Entry = Entry::new(refuse);

    #[test]
    fn an_entry_is_found_by_its_name() {
        let address = ENTRY.address().expect("it lies in this program");
        let found = Entry::find(&address).expect("and is found there");
        assert!(std::ptr::eq(found, &raw const ENTRY));
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        let address = ENTRY.address().expect("it lies in this program");
        for offset in [0, 8, address.offset + 1, address.offset + 8, u64::MAX - 7, 1 << 40] {
            let wrong = Address { offset, ..address.clone() };
            assert!(Entry::find(&wrong).is_err(), "{offset:#x}");
        }
        let elsewhere = Address { image: "no/such.so".into(), ..address };
        let error = Entry::find(&elsewhere).map(drop).expect_err("no such part");
        assert!(error.contains("`no/such.so` is not loaded"), "{error}");
    }
}
