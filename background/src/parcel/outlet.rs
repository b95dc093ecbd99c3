//! Where the items of a stream leave the process that makes them.

/// The way to whoever has made the call that runs.
pub(crate) trait Outlet: Sync {
    /// Waits until another item may be sent. `false` when nobody wants more.
    fn wait_for_room(&self) -> bool;

    /// Sends an item, for which there is room.
    fn send(&self, item: &[u8]) -> Sent;
}

/// For calls that make no stream.
pub(crate) struct Nowhere;

impl Outlet for Nowhere {
    fn wait_for_room(&self) -> bool {
        false
    }

    fn send(&self, _: &[u8]) -> Sent {
        Sent::Gone
    }
}

/// What has become of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It is on its way.
    Well,
    /// It is longer than may be sent; so many bytes.
    TooLarge(u64),
    /// There is nobody to send it to.
    Gone,
}

/// So many bytes may be ahead of the consumer, and one item more.
pub(crate) const BYTES_AHEAD: u64 = 4 << 20;
