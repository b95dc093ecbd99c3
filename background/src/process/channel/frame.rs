//! What is in the bytes of a ring.
//!
//! A frame is a head of fixed size and as many bytes as it says. A call is one frame in each
//! direction; the kind of a reply says whether it is the call's last, so there is room for calls with
//! more than one.

use std::time::Duration;

use crate::parcel::entry::Address;
use crate::parcel::reply::{Panic, Reply};
use crate::parcel::{Freight, Order, Outlet};

/// The bytes of a head.
pub(crate) const HEAD: usize = 24;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Kind {
    /// To the worker: run this.
    Call = 1,
    /// To the worker: run this before any call.
    Initialise = 2,
    /// From the worker: it can be given calls.
    Ready = 3,
    /// From the worker: the value.
    Value = 4,
    /// From the worker: the body panicked.
    Panicked = 5,
    /// From the worker: arguments or value could not be decoded or encoded.
    Encoding = 6,
    /// From the worker: the value is larger than the program takes.
    TooLarge = 7,
    /// From the worker: the function cannot be run there.
    Unsupported = 8,
    /// From the worker: the call's deadline has passed.
    TimedOut = 9,
    /// From the worker: an item of the call's stream.
    Item = 10,
    /// To the worker: how much of its stream the consumer has had.
    Credit = 11,
    /// To the worker: nobody wants more of its stream.
    Cut = 12,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::Call,
        Self::Initialise,
        Self::Ready,
        Self::Value,
        Self::Panicked,
        Self::Encoding,
        Self::TooLarge,
        Self::Unsupported,
        Self::TimedOut,
        Self::Item,
        Self::Credit,
        Self::Cut,
    ];
}

/// The front of every frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) kind: Kind,
    /// Which call; counted from 1 in every worker.
    pub(crate) number: u64,
    /// How many bytes of a label follow.
    pub(crate) label: u32,
    /// How many bytes follow after those.
    pub(crate) length: u64,
}

impl Head {
    pub(crate) fn encode(self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..8].copy_from_slice(&self.length.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.number.to_le_bytes());
        bytes[16..20].copy_from_slice(&(self.kind as u32).to_le_bytes());
        bytes[20..].copy_from_slice(&self.label.to_le_bytes());
        bytes
    }

    /// `None` when it is not one.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        let (length, number) = (fields.word()?, fields.word()?);
        let (code, label) = (fields.half()?, fields.half()?);
        let kind = Kind::ALL.into_iter().find(|kind| *kind as u32 == code)?;
        Some(Self { kind, number, label, length })
    }
}

/// What stands before the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) address: Address,
    pub(crate) name: String,
    pub(crate) remaining: Option<Duration>,
    /// Bytes that the call may add to what the worker holds.
    pub(crate) memory: Option<u64>,
    /// A longer value is not wanted.
    pub(crate) longest: u64,
    /// So many items may be ahead of their consumer; 0 for a call that makes none.
    pub(crate) look_ahead: u64,
}

impl Label {
    /// The label's bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.name.len() + self.address.image.len());
        let remaining = self
            .remaining
            .map_or(u64::MAX, |it| u64::try_from(it.as_nanos()).unwrap_or(u64::MAX - 1));
        for word in [
            self.address.offset,
            remaining,
            self.memory.unwrap_or(u64::MAX),
            self.longest,
            self.look_ahead,
            self.address.image.len() as u64,
            self.name.len() as u64,
        ] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(self.address.image.as_bytes());
        bytes.extend_from_slice(self.name.as_bytes());
        bytes
    }

    /// The label that these bytes are. `None` when they are not one.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        let (offset, remaining, memory) = (fields.word()?, fields.word()?, fields.word()?);
        let (longest, look_ahead) = (fields.word()?, fields.word()?);
        let (image, name) = (fields.word()?, fields.word()?);
        let (image, name) = (fields.text(image)?, fields.text(name)?);
        let label = Self {
            address: Address { image: image.into(), offset },
            name,
            remaining: (remaining != u64::MAX).then(|| Duration::from_nanos(remaining)),
            memory: (memory != u64::MAX).then_some(memory),
            longest,
            look_ahead,
        };
        fields.0.is_empty().then_some(label)
    }

    pub(crate) fn order(self, arguments: Freight, outlet: &'static dyn Outlet) -> Order {
        Order { arguments, name: self.name, remaining: self.remaining, outlet }
    }
}

/// How much of a stream its consumer has had: items and bytes, from the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Had {
    pub(crate) items: u64,
    pub(crate) bytes: u64,
}

impl Had {
    pub(crate) fn encode(self) -> Vec<u8> {
        [self.items.to_le_bytes(), self.bytes.to_le_bytes()].concat()
    }

    /// `None` when it is not one.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        Some(Self { items: fields.word()?, bytes: fields.word()? })
    }
}

/// The kind and the bytes of a reply.
pub(crate) fn encode_reply(reply: Reply) -> (Kind, Vec<u8>) {
    match reply {
        Reply::Value(freight) => (Kind::Value, freight.bytes),
        Reply::Panicked(panic) => (Kind::Panicked, encode_panic(&panic)),
        Reply::Encoding(what) => (Kind::Encoding, what.into_bytes()),
        Reply::Unsupported(what) => (Kind::Unsupported, what.into_bytes()),
        Reply::TimedOut => (Kind::TimedOut, Vec::new()),
        Reply::TooLarge(bytes) => (Kind::TooLarge, bytes.to_le_bytes().to_vec()),
    }
}

/// The bytes of a panic's reply.
pub(crate) fn encode_panic(panic: &Panic) -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in [Some(&panic.message), panic.location.as_ref(), panic.backtrace.as_ref()] {
        let length = text.map_or(u64::MAX, |text| text.len() as u64);
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(text.map_or(&[][..], |text| text.as_bytes()));
    }
    bytes
}

/// The reply in these bytes. `None` when they are not one.
pub(crate) fn decode_reply(kind: Kind, bytes: Vec<u8>) -> Option<Reply> {
    match kind {
        Kind::Value => Some(Reply::Value(Freight { bytes })),
        Kind::Encoding => Some(Reply::Encoding(String::from_utf8_lossy(&bytes).into_owned())),
        Kind::Unsupported => Some(Reply::Unsupported(String::from_utf8_lossy(&bytes).into_owned())),
        Kind::TimedOut => Some(Reply::TimedOut),
        Kind::TooLarge => Some(Reply::TooLarge(Fields(&bytes).word()?)),
        Kind::Panicked => {
            let mut fields = Fields(&bytes);
            let mut text = || match fields.word()? {
                u64::MAX => Some(None),
                length => Some(Some(fields.text(length)?)),
            };
            let (message, location, backtrace) = (text()?, text()?, text()?);
            Some(Reply::Panicked(Panic { message: message?, location, backtrace }))
        }
        _ => None,
    }
}

/// What is left to be read.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn half(&mut self) -> Option<u32> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*bytes))
    }

    fn word(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }

    fn text(&mut self, length: u64) -> Option<String> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        String::from_utf8(bytes.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, Kind, Label, decode_reply, encode_reply};
    use crate::parcel::Freight;
    use crate::parcel::entry::Address;
    use crate::parcel::reply::{Panic, Reply};
    use std::time::Duration;

    #[test]
    fn heads_travel() {
        for kind in Kind::ALL {
            let head = Head { kind, number: 7, label: 9, length: 1 << 40 };
            assert_eq!(Head::decode(&head.encode()), Some(head));
        }
        assert_eq!(Head::decode(&[0xff; super::HEAD]), None);
        assert_eq!(Head::decode(&[]), None);
    }

    #[test]
    fn labels_travel() {
        let label = Label {
            address: Address { image: "lib.so".into(), offset: 99 },
            name: "näme".to_owned(),
            remaining: Some(Duration::from_millis(3)),
            memory: None,
            longest: 1 << 30,
            look_ahead: 64,
        };
        let mut bytes = label.encode();
        assert_eq!(Label::decode(&bytes), Some(label));
        for cut in 0..bytes.len() {
            assert_eq!(Label::decode(&bytes[..cut]), None, "{cut} bytes are too few");
        }
        bytes.push(0);
        assert_eq!(Label::decode(&bytes), None, "one byte too many");
    }

    #[test]
    fn replies_travel() {
        let panic = Panic {
            message: "boom".to_owned(),
            location: Some("file:1:2".to_owned()),
            backtrace: None,
        };
        for reply in [
            || Reply::Value(Freight { bytes: vec![1, 2, 3] }),
            || Reply::Encoding("why".to_owned()),
            || Reply::Unsupported("how".to_owned()),
            || Reply::TooLarge(1 << 40),
            || Reply::TimedOut,
        ] {
            let (kind, bytes) = encode_reply(reply());
            assert_eq!(decode_reply(kind, bytes), Some(reply()));
        }
        let (kind, bytes) = encode_reply(Reply::Panicked(panic));
        assert!(matches!(
            decode_reply(kind, bytes.clone()),
            Some(Reply::Panicked(Panic { message, backtrace: None, .. })) if message == "boom"
        ));
        assert_eq!(decode_reply(kind, bytes[..9].to_vec()), None);
        assert_eq!(decode_reply(Kind::Ready, bytes), None);
    }
}
