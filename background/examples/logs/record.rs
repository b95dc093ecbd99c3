//! A line of a log, in the combined format of Apache and nginx.

use std::net::IpAddr;

/// What is wanted of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Record<'a> {
    pub(crate) address: IpAddr,
    /// The path that was asked for, without the query.
    pub(crate) page: &'a str,
    pub(crate) status: u16,
    pub(crate) bytes: u64,
}

/// Parts of paths that only people ask for who look for a way in.
const TRAPS: [&str; 6] = ["/wp-login.php", "/xmlrpc.php", "/.env", "/.git/", "/phpmyadmin", "/../"];

impl<'a> Record<'a> {
    /// Reads `address user name [time] "GET /page HTTP/1.1" status bytes …`.
    pub(crate) fn parse(line: &'a str) -> Option<Self> {
        let (address, rest) = line.split_once(' ')?;
        let address = address.parse().ok()?;
        let (_, rest) = rest.split_once("] \"")?;
        let (request, rest) = split_quoted(rest)?;
        let mut numbers = rest.split_ascii_whitespace();
        let status = numbers.next()?.parse().ok()?;
        let bytes = match numbers.next()? {
            // Nothing but a head was sent.
            "-" => 0,
            number => number.parse().ok()?,
        };
        let target = request.split(' ').nth(1)?;
        let page = target.split_once('?').map_or(target, |(page, _)| page);
        Some(Self { address, page, status, bytes })
    }

    /// Whether nobody who means well asks for this.
    pub(crate) fn is_attack(&self) -> bool {
        TRAPS.iter().any(|trap| self.page.contains(trap))
    }
}

/// What stands before the next quotation mark that no backslash precedes, and what behind it.
fn split_quoted(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    })?;
    Some((&text[..end], &text[end + 1..]))
}
