//! What a touch has raised, so that the task it unwinds can say why it failed.
//!
//! A touch of a failed task panics, with the payload of the body's own panic or with a message. When
//! that unwinds the toucher's body, the toucher's failure is to be the same one, with the call in
//! between added. The payload alone does not tell; so the touch leaves a note that names the payload
//! by its address. A note is about the payload that is under way on this thread, and a panic that
//! starts afresh makes it void.

use std::any::Any;
use std::cell::RefCell;
use std::ptr;

use crate::failure::Failure;
use crate::sync::global::thread_local;
use crate::task::header::Header;
use crate::task::panics;

struct Note {
    payload: usize,
    failure: Failure,
}

thread_local! {
    static NOTE: RefCell<Option<Note>> = const { RefCell::new(None) };
}

/// A touch of `job`, which has failed so, is about to raise this payload.
pub(crate) fn note(payload: &(dyn Any + Send), failure: &Failure, job: &Header) {
    let failure = match failure.clone() {
        Failure::Panicked { message, location, chain, backtrace } => {
            let chain = chain.and(|| job.call());
            Failure::Panicked { message, location, chain, backtrace }
        }
        failure @ Failure::Deadlock { .. } => failure,
        // The message says it all, and the toucher has panicked with it.
        _ => return,
    };
    let note = Note { payload: address(payload), failure };
    swap(Some(note));
}

/// A panic starts afresh, unless it is the one that was noted.
pub(crate) fn forget_unless(payload: &(dyn Any + Send)) {
    let _ = NOTE.try_with(|noted| {
        if let Ok(mut noted) = noted.try_borrow_mut() {
            drop(noted.take_if(|note| note.payload != address(payload)));
        }
    });
}

/// The failure that a panic with this payload, caught just now, amounts to for the task whose body
/// it has unwound.
pub(crate) fn failure_of(payload: &(dyn Any + Send), job: &Header) -> Failure {
    let fresh = panics::failure_of(payload);
    let noted = swap(None).filter(|note| note.payload == address(payload));
    match noted.map(|note| note.failure) {
        Some(failure @ Failure::Panicked { .. }) => failure,
        Some(Failure::Deadlock { cycle }) if cycle.iter().any(|it| it.id == job.id().get()) => {
            Failure::Deadlock { cycle }
        }
        // Who only needs a member of a deadlock has panicked at its touch, whose message tells.
        _ => fresh,
    }
}

fn swap(note: Option<Note>) -> Option<Note> {
    // A thread that is being torn down, or a panic while a note is taken: not worth more.
    let swapped = NOTE.try_with(|noted| {
        noted.try_borrow_mut().ok().map(|mut it| std::mem::replace(&mut *it, note))
    });
    swapped.ok().flatten().flatten()
}

/// What stays the same while a payload travels: a text moves from box to box, its letters do not.
fn address(payload: &(dyn Any + Send)) -> usize {
    match payload.downcast_ref::<String>() {
        Some(text) => text.as_ptr().addr(),
        None => ptr::from_ref(payload).cast::<()>().addr(),
    }
}
