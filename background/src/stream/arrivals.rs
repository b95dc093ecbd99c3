//! The consumer's end of a stream from another process.

use std::sync::Arc;

use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::parcel::intake::{Intake, Overrun, Taken};
use crate::parcel::outlet::BYTES_AHEAD;
use crate::stream::inbox::{Inbox, Local, Stopped};
use crate::stream::producer::Shared;
use crate::sync::global::{AtomicU64, Ordering};
use crate::task::job_ref::JobRef;

/// An item, as it has come.
pub(crate) enum Arrival<T> {
    /// Made in this process, by a strategy that does not send calls away.
    Here(T),
    /// Made in another one.
    Encoded(Vec<u8>),
}

/// Where a pool of processes puts what arrives.
pub(crate) struct Landing<T> {
    shared: Arc<Shared<Arrival<T>>>,
    /// The bytes that have come so far.
    arrived: AtomicU64,
    /// Those of them that the consumer has had.
    had: Arc<AtomicU64>,
}

impl<T: Send> Landing<T> {
    /// An item may come when what is ahead of the consumer is less than so much: the other process keeps
    /// to that, and if it does not, it is not to have our memory for it.
    fn is_within(&self, items: &[Vec<u8>]) -> bool {
        // ORDERING: Relaxed, both. Only the keeper counts what arrives. What the other process has been
        // told that was had was counted before, and came here by way of that process.
        let (before, had) =
            (self.arrived.load(Ordering::Relaxed), self.had.load(Ordering::Relaxed));
        let mut arrived = before;
        for item in items {
            if arrived.saturating_sub(had) >= BYTES_AHEAD {
                return false;
            }
            arrived += item.len() as u64;
        }
        // ORDERING: Relaxed, as above.
        self.arrived.store(arrived, Ordering::Relaxed);
        true
    }
}

impl<T: Send> Intake for Landing<T> {
    fn look_ahead(&self) -> u64 {
        self.shared.channel.look_ahead() as u64
    }

    fn take(&self, items: Vec<Vec<u8>>) -> Result<Taken, Overrun> {
        if !self.is_within(&items) && !self.shared.channel.is_closed() {
            return Err(Overrun);
        }
        self.shared.channel.push_all(items.into_iter().map(Arrival::Encoded))
    }
}

/// Items that may have to be decoded, and what their consumer has had of them.
pub(crate) struct Arrivals<T> {
    local: Local<Arrival<T>>,
    decode: fn(Vec<u8>) -> Result<T, String>,
    /// In the other process' count.
    items: u64,
    bytes: u64,
    /// What that was when it was last told.
    told: (u64, u64),
    /// The bytes, for who looks whether more may come.
    had: Arc<AtomicU64>,
}

/// The other process is told when so many bytes have been had, whatever the number of items.
const MANY: u64 = BYTES_AHEAD / 2;

impl<T> Arrivals<T> {
    /// The consumer's end, and where items are to come.
    pub(crate) fn new(
        shared: Arc<Shared<Arrival<T>>>,
        decode: fn(Vec<u8>) -> Result<T, String>,
    ) -> (Self, Landing<T>) {
        let had = Arc::new(AtomicU64::new(0));
        let landing = Landing {
            shared: Arc::clone(&shared),
            arrived: AtomicU64::new(0),
            had: Arc::clone(&had),
        };
        (Self { local: Local::new(shared), decode, items: 0, bytes: 0, told: (0, 0), had }, landing)
    }

    /// Counts an item, and tells the producer now and then.
    fn count(&mut self, bytes: usize, producer: &JobRef) {
        self.items += 1;
        self.bytes += bytes as u64;
        // ORDERING: Relaxed, as in `is_within`.
        self.had.store(self.bytes, Ordering::Relaxed);
        let (items, bytes) = (self.items - self.told.0, self.bytes - self.told.1);
        if 2 * items >= self.local.look_ahead() as u64 || bytes >= MANY {
            self.told = (self.items, self.bytes);
            // Room in the channel before room for more of them.
            self.local.tell();
            if let Some(remote) = producer.remote() {
                remote.feed(self.items, self.bytes);
            }
        }
    }
}

impl<T: Send> Inbox<T> for Arrivals<T> {
    fn next(&mut self, producer: &JobRef) -> Option<Result<T, Stopped>> {
        match self.local.next(producer)? {
            Ok(Arrival::Here(item)) => Some(Ok(item)),
            Ok(Arrival::Encoded(bytes)) => {
                self.count(bytes.len(), producer);
                Some((self.decode)(bytes).map_err(|what| {
                    Stopped::Failed(Failure::Encoding { call: producer.call(), what })
                }))
            }
            Err(stopped) => Some(Err(stopped)),
        }
    }

    fn has_more(&self) -> bool {
        self.local.has_more()
    }

    fn len(&self) -> usize {
        self.local.len()
    }

    fn is_driven(&self) -> bool {
        self.local.is_driven()
    }

    fn drop_rest(&mut self) {
        self.local.drop_rest();
    }

    fn wait(&self, consumer: Waiter) -> Result<(), Waiter> {
        self.local.wait(consumer)
    }

    fn run_here(&self, producer: &JobRef) {
        self.local.run_here(producer);
    }

    fn close(&mut self, producer: &JobRef) {
        self.local.close();
        if let Some(remote) = producer.remote() {
            remote.cut();
        }
    }
}
