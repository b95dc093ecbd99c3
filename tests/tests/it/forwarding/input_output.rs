//! Reading from and writing to the value of a future, by value and by reference.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};

use background_tests::within;

use super::future;

#[test]
fn by_value() {
    fn exchange<T: Read + Write + Seek>(mut place: T) -> String {
        writeln!(place, "one {}", 1).unwrap();
        place.write_all(b"two").unwrap();
        place.flush().unwrap();
        assert_eq!(place.stream_position().unwrap(), 9);
        place.seek(SeekFrom::Start(2)).unwrap();
        place.seek_relative(-1).unwrap();
        let mut letter = [0];
        place.read_exact(&mut letter).unwrap();
        assert_eq!(&letter, b"n");
        place.rewind().unwrap();
        let mut text = String::new();
        place.read_to_string(&mut text).unwrap();
        text
    }
    within(|| {
        assert_eq!(exchange(future(Cursor::new(Vec::new()))), "one 1\ntwo");
        assert_eq!(exchange(&mut future(Cursor::new(Vec::new()))), "one 1\ntwo");
    });
}

/// `&File` reads and writes; so does a reference to a future of a `File`.
#[test]
fn by_reference() {
    within(|| {
        let file: File = tempfile::tempfile().unwrap();
        let f = future(file);
        let mut place = &f;
        place.write_all(b"text").unwrap();
        place.seek(SeekFrom::Start(1)).unwrap();
        let mut bytes = Vec::new();
        place.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"ext");
        assert_eq!(f.metadata().unwrap().len(), 4);
    });
}

#[test]
fn lines() {
    fn lines(text: impl BufRead) -> Vec<String> {
        text.lines().map(Result::unwrap).collect()
    }
    within(|| {
        assert_eq!(lines(future(Cursor::new("a\nb"))), ["a", "b"]);
        assert_eq!(lines(BufReader::new(future(Cursor::new("a\nb")))), ["a", "b"]);
        let mut f = future(Cursor::new("a;b\n"));
        let mut bytes = Vec::new();
        f.read_until(b';', &mut bytes).unwrap();
        let mut line = String::new();
        f.read_line(&mut line).unwrap();
        assert_eq!((&bytes[..], line.as_str()), (&b"a;"[..], "b\n"));
    });
}
