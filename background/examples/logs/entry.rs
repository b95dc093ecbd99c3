//! What a worker tells about a log.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::record::Record;

/// What a worker tells, entry by entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Entry {
    /// Somebody has asked for a page.
    Visit { address: IpAddr, page: String, status: u16, bytes: u64 },
    /// Somebody has asked for something that only attackers ask for.
    Attack(IpAddr),
    /// So many lines were of addresses known to be bad, and so many no records at all. The last entry.
    End { ignored: u64, malformed: u64 },
}

impl From<Record<'_>> for Entry {
    fn from(record: Record<'_>) -> Self {
        if record.is_attack() {
            return Self::Attack(record.address);
        }
        let Record { address, page, status, bytes } = record;
        Self::Visit { address, page: page.to_owned(), status, bytes }
    }
}
