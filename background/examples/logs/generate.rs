//! Logs that no server has written, for tests.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::entry::Entry;
use crate::record::Record;
use crate::report::Report;

/// How many addresses visit.
const ADDRESSES: u64 = 2_000;

/// Every so manieth of them means no good.
const BAD: u64 = 100;

/// How many pages there are.
const PAGES: u64 = 300;

/// Numbers that look random, the same ones for the same seed: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// Writes a log of at least so many bytes, and says what is in it.
pub(crate) fn generate(path: &Path, bytes: u64, seed: u64, report: &mut Report) -> io::Result<()> {
    let file = BufWriter::with_capacity(1 << 16, File::create(path)?);
    if path.extension().is_some_and(|extension| extension == "gz") {
        let mut file = GzEncoder::new(file, Compression::fast());
        write(&mut file, bytes, seed, report)?;
        file.finish()?.flush()
    } else {
        let mut file = file;
        write(&mut file, bytes, seed, report)?;
        file.flush()
    }
}

fn write(file: &mut dyn Write, bytes: u64, seed: u64, report: &mut Report) -> io::Result<()> {
    let mut dice = Dice(seed);
    let mut written = 0;
    let mut malformed = 0;
    let mut line = Vec::new();
    let mut second = 0;
    while written < bytes {
        line.clear();
        second += dice.below(2);
        if dice.below(10_000) == 0 {
            line.extend(b"server restarted\n");
            malformed += 1;
        } else {
            report.add(visit(&mut line, &mut dice, second)?);
        }
        file.write_all(&line)?;
        written += line.len() as u64;
    }
    report.add(Entry::End { ignored: 0, malformed });
    Ok(())
}

/// Writes one line, and says what stands in it.
fn visit(line: &mut Vec<u8>, dice: &mut Dice, second: u64) -> io::Result<Entry> {
    let visitor = dice.below(ADDRESSES);
    let is_attack = visitor % BAD == 0 && dice.below(3) == 0;
    let page = match dice.below(PAGES) {
        _ if is_attack => "/blog/wp-login.php".to_owned(),
        0 => "/".to_owned(),
        // Some are visited more often than others.
        page => format!("/articles/{}.html", dice.below(page)),
    };
    let (status, bytes) = match dice.below(20) {
        _ if is_attack => (404, 162),
        0 => (404, 162),
        1 => (304, 0),
        2 => (500, 0),
        _ => (200, 200 + dice.below(30_000)),
    };
    let address = address(visitor);
    let (hour, minute) = (second / 3_600 % 24, second / 60 % 60);
    let query = if dice.below(8) == 0 { "?from=search&words=\\\"quoted\\\"" } else { "" };
    let size = if bytes == 0 { "-".to_owned() } else { bytes.to_string() };
    writeln!(
        line,
        "{address} - - [21/Nov/2026:{hour:02}:{minute:02}:{:02} +0000] \"GET {page}{query} HTTP/1.1\" \
         {status} {size} \"https://example.org/\" \"Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101\"",
        second % 60,
        100 + dice.below(40),
    )?;
    Ok(Record { address, page: &page, status, bytes }.into())
}

/// An address from a range that is kept for documentation.
fn address(visitor: u64) -> IpAddr {
    let [.., high, low] = visitor.to_be_bytes();
    if visitor % 7 == 0 {
        Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, high.into(), low.into()).into()
    } else {
        Ipv4Addr::new(198, 18, high, low).into()
    }
}
