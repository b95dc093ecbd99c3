//! The channel between a program and one of its worker processes.
//!
//! Two rings of bytes in one piece of memory that both processes map: requests one way, replies the
//! other. What is written to a ring needs no system call; a reader that has just been busy looks for
//! a moment before it sleeps, and who writes makes a system call only if the reader sleeps. Whatever
//! is larger than a ring passes through it in parts, while the other side takes them out.
//!
//! * [`crate::flow`]: the words that say how far each side is and who sleeps
//! * [`mapping`]: the memory
//! * [`ring`]: the two ends of a ring
//! * [`frame`]: what is in the bytes
//! * [`bell`]: how a sleeper is woken
//!
//! The program trusts nothing that it finds there. A worker process may write anything anywhere in
//! this memory before it dies, so the program keeps its own positions, checks those of the worker
//! against them, and copies bytes out before it looks at them.

pub(super) mod bell;
pub(super) mod frame;
pub(super) mod mapping;
pub(super) mod ring;
