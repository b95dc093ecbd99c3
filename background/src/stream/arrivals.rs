//! The consumer's end of a stream from another process.

use std::sync::Arc;

use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::parcel::intake::{Intake, Overrun, Taken};
use crate::stream::inbox::{Inbox, Local, Stopped};
use crate::stream::producer::Shared;
use crate::task::job_ref::JobRef;

/// An item, as it has come.
pub(crate) enum Arrival<T> {
    /// Made in this process, by a strategy that does not send calls away.
    Here(T),
    /// Made in another one.
    Encoded(Vec<u8>),
}

/// Where a pool of processes puts what arrives.
pub(crate) struct Landing<T>(pub(crate) Arc<Shared<Arrival<T>>>);

impl<T: Send> Intake for Landing<T> {
    fn look_ahead(&self) -> u64 {
        self.0.channel.look_ahead() as u64
    }

    fn take(&self, items: Vec<Vec<u8>>) -> Result<Taken, Overrun> {
        self.0.channel.push_all(items.into_iter().map(Arrival::Encoded))
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
}

/// The other process is told when so many bytes have been had, whatever the number of items.
const MANY: u64 = crate::parcel::outlet::BYTES_AHEAD / 2;

impl<T> Arrivals<T> {
    pub(crate) fn new(
        shared: Arc<Shared<Arrival<T>>>,
        decode: fn(Vec<u8>) -> Result<T, String>,
    ) -> Self {
        Self { local: Local::new(shared), decode, items: 0, bytes: 0, told: (0, 0) }
    }

    /// Counts an item, and tells the producer now and then.
    fn count(&mut self, bytes: usize, producer: &JobRef) {
        self.items += 1;
        self.bytes += bytes as u64;
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
