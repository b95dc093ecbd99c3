//! Writes what values are made of.

use serde::ser::{Error, Serialize};

use super::compound::Compound;
use super::error::CodecError;
use super::only_u8::OnlyU8;
use super::run::Run;
use super::tag::{self, WIDEST};
use super::{DEEPEST, length};

/// A run costs ten bytes more than its numbers, so short tuples do without.
const SHORTEST_RUN: usize = 8;

/// Appends one value to a buffer.
pub(super) struct Writer<'a> {
    into: &'a mut Vec<u8>,
    /// How many levels may still be entered.
    pub(super) depth: usize,
    pub(super) run: Run,
}

impl<'a> Writer<'a> {
    pub(super) fn new(into: &'a mut Vec<u8>) -> Self {
        Self { into, depth: DEEPEST, run: Run::Not }
    }

    #[inline]
    pub(super) fn tag(&mut self, tag: u8) {
        self.end_run();
        self.into.push(tag);
    }

    #[inline]
    fn end_run(&mut self) {
        if let Run::Open { tag, start } = self.run {
            self.count_run(tag, start);
        }
        self.run = Run::Not;
    }

    #[cold]
    fn count_run(&mut self, tag: u8, start: usize) {
        let width = tag::width(tag).unwrap_or(1);
        let count = ((self.into.len() - start) / width) as u64;
        self.into[start - 8..start].copy_from_slice(&count.to_le_bytes());
    }

    fn open_run(&mut self, tag: u8) {
        self.into.extend_from_slice(&[tag::RUN, tag, 0, 0, 0, 0, 0, 0, 0, 0]);
        self.run = Run::Open { tag, start: self.into.len() };
    }

    #[inline]
    pub(super) fn number<const WIDTH: usize>(&mut self, tag: u8, bytes: [u8; WIDTH]) {
        match self.run {
            Run::Open { tag: open, .. } if open == tag => self.into.extend_from_slice(&bytes),
            Run::Next => {
                self.open_run(tag);
                self.into.extend_from_slice(&bytes);
            }
            Run::Not | Run::Open { .. } => {
                // In one piece: each append looks whether there is room.
                let mut tagged = [0; 1 + WIDEST];
                tagged[0] = tag;
                tagged[1..=WIDTH].copy_from_slice(&bytes);
                self.end_run();
                self.into.extend_from_slice(&tagged[..=WIDTH]);
            }
        }
    }

    pub(super) fn character(&mut self, character: char) {
        self.tag(tag::CHAR);
        self.into.extend_from_slice(&u32::from(character).to_le_bytes());
    }

    #[inline]
    pub(super) fn text(&mut self, tag: u8, bytes: &[u8]) {
        self.end_run();
        length::write(tag, bytes.len(), self.into);
        self.into.extend_from_slice(bytes);
    }

    #[inline]
    pub(super) fn enter(&mut self) -> Result<(), CodecError> {
        self.depth = self.depth.checked_sub(1).ok_or(CodecError::TooDeep)?;
        Ok(())
    }

    #[inline]
    fn open(&mut self, tag: u8, entries: Option<usize>) -> Result<(), CodecError> {
        self.enter()?;
        let hint = entries.map_or(0, |entries| u8::try_from(entries).unwrap_or(u8::MAX));
        self.end_run();
        self.into.extend_from_slice(&[tag, hint]);
        Ok(())
    }

    pub(super) fn sequence(
        &mut self,
        length: Option<usize>,
    ) -> Result<Compound<'_, 'a>, CodecError> {
        let outside = self.depth;
        self.open(tag::SEQ, length)?;
        let runs = length.is_none_or(|length| length >= SHORTEST_RUN);
        Ok(Compound { writer: self, outside, runs })
    }

    pub(super) fn map(&mut self, length: Option<usize>) -> Result<Compound<'_, 'a>, CodecError> {
        let outside = self.depth;
        self.open(tag::MAP, length)?;
        Ok(Compound { writer: self, outside, runs: false })
    }

    pub(super) fn variant(&mut self, name: &str) -> Result<(), CodecError> {
        self.enter()?;
        self.text(tag::VARIANT, name.as_bytes());
        Ok(())
    }

    /// Writes elements of a type called `u8` in one go: their iterator knows how many come, so the
    /// buffer grows once and the loop has no branch.
    pub(super) fn bytes(
        &mut self,
        bytes: impl Iterator<Item: Serialize>,
    ) -> Result<(), CodecError> {
        let (least, most) = bytes.size_hint();
        self.open(tag::SEQ, most.filter(|most| *most == least))?;
        self.open_run(tag::U8);
        let mut strange = false;
        self.into.extend(bytes.map(|byte| {
            byte.serialize(OnlyU8).unwrap_or_else(|_| {
                strange = true;
                0
            })
        }));
        // The name of a type is no proof.
        if strange {
            return Err(CodecError::custom("a type called `u8` is not serialised as one"));
        }
        self.tag(tag::END);
        self.depth += 1;
        Ok(())
    }
}
