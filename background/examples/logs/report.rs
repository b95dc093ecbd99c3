//! What is found in all files together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::net::IpAddr;

use crate::entry::Entry;

/// How many pages and addresses are listed.
const LISTED: usize = 10;

/// The visits of everybody who means well, and who does not.
///
/// An address may turn out to be bad when much of what it did has been counted. So visits are kept by
/// address, and the report does not depend on when that was.
#[derive(Default)]
pub(crate) struct Report {
    visitors: HashMap<IpAddr, Visitor>,
    /// Each page by its number, and back.
    pages: HashMap<String, usize>,
    names: Vec<String>,
    bad: HashSet<IpAddr>,
    lines: u64,
    malformed: u64,
    ignored: u64,
}

/// What one address did.
#[derive(Default)]
struct Visitor {
    visits: u64,
    bytes: u64,
    statuses: BTreeMap<u16, u64>,
    pages: HashMap<usize, u64>,
}

impl Report {
    /// Counts an entry.
    pub(crate) fn add(&mut self, entry: Entry) {
        match entry {
            Entry::Visit { address, page, status, bytes } => {
                self.lines += 1;
                if !self.bad.contains(&address) {
                    let page = self.number(page);
                    self.visitors.entry(address).or_default().add(page, status, bytes);
                }
            }
            Entry::Attack(address) => {
                self.lines += 1;
                self.bad.insert(address);
                self.visitors.remove(&address);
            }
            Entry::End { ignored, malformed } => {
                self.lines += ignored + malformed;
                self.malformed += malformed;
                self.ignored += ignored;
            }
        }
    }

    /// How many lines have been counted.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// How many of them workers have kept to themselves.
    pub(crate) fn ignored(&self) -> u64 {
        self.ignored
    }

    fn number(&mut self, page: String) -> usize {
        if let Some(number) = self.pages.get(&page) {
            return *number;
        }
        let number = self.names.len();
        self.names.push(page.clone());
        self.pages.insert(page, number);
        number
    }

    /// Counts what another report has counted.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.lines += other.lines;
        self.malformed += other.malformed;
        self.ignored += other.ignored;
        self.bad.extend(other.bad);
        let numbers: Vec<usize> = other.names.into_iter().map(|page| self.number(page)).collect();
        for (address, visitor) in other.visitors {
            self.visitors.entry(address).or_default().absorb(visitor, &numbers);
        }
        self.visitors.retain(|address, _| !self.bad.contains(address));
    }
}

impl Visitor {
    fn add(&mut self, page: usize, status: u16, bytes: u64) {
        self.visits += 1;
        self.bytes += bytes;
        *self.statuses.entry(status).or_default() += 1;
        *self.pages.entry(page).or_default() += 1;
    }

    fn absorb(&mut self, other: Self, numbers: &[usize]) {
        self.visits += other.visits;
        self.bytes += other.bytes;
        for (status, visits) in other.statuses {
            *self.statuses.entry(status).or_default() += visits;
        }
        for (page, visits) in other.pages {
            *self.pages.entry(numbers[page]).or_default() += visits;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut statuses = BTreeMap::<u16, u64>::new();
        let mut pages = vec![0; self.names.len()];
        for visitor in self.visitors.values() {
            for (status, visits) in &visitor.statuses {
                *statuses.entry(*status).or_default() += visits;
            }
            for (page, visits) in &visitor.pages {
                pages[*page] += visits;
            }
        }
        let visits: u64 = self.visitors.values().map(|visitor| visitor.visits).sum();
        let bytes: u64 = self.visitors.values().map(|visitor| visitor.bytes).sum();
        writeln!(f, "{} lines, {} of them no records", self.lines, self.malformed)?;
        writeln!(f, "{visits} visits of {} addresses, {bytes} bytes", self.visitors.len())?;
        for (status, visits) in statuses {
            writeln!(f, "  {visits:>10}  status {status}")?;
        }
        writeln!(f, "pages")?;
        let mut pages: Vec<(u64, &str)> =
            pages.into_iter().zip(self.names.iter().map(String::as_str)).collect();
        pages.retain(|(visits, _)| *visits > 0);
        pages.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        for (visits, page) in pages.iter().take(LISTED) {
            writeln!(f, "  {visits:>10}  {page}")?;
        }
        writeln!(f, "{} bad addresses", self.bad.len())?;
        for address in self.bad.iter().collect::<BTreeSet<_>>() {
            writeln!(f, "  {address}")?;
        }
        Ok(())
    }
}
