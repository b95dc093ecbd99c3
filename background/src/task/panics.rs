//! Panics: where they came from, and payloads that must not do harm.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use crate::cell::outcome::Payload;
use crate::failure::{Chain, Failure};
use crate::sync::global::{Once, thread, thread_local};
use crate::task::raised;
use crate::task::stopped::Stopped;

thread_local! {
    /// Where the latest panic of this thread was raised.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    static NOTING: Cell<Noting> = const { Cell::new(Noting::Off) };
}

/// Whether this thread runs tasks, so that the hook has something to note.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Noting {
    Off,
    On,
    /// And there is a place, perhaps that of a panic in an earlier task.
    Noted,
}

/// Starts to note where panics come from. Called before a body runs.
///
/// A payload does not know where it was raised; only the panic hook is told. So the first task
/// puts a hook before the program's own, which notes the place and calls on. A hook that the
/// program sets later replaces ours: then places are unknown, and nothing else changes.
#[inline]
pub(crate) fn note_places() {
    if NOTING.get() != Noting::On {
        note_afresh();
    }
}

#[cold]
fn note_afresh() {
    static HOOK: Once = Once::new();
    if NOTING.replace(Noting::On) == Noting::Off && !thread::panicking() {
        HOOK.call_once(|| {
            let next = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                note(info);
                next(info);
            }));
        });
    }
    keep_place(None);
}

fn note(info: &PanicHookInfo<'_>) {
    if NOTING.get() != Noting::Off {
        set_place(info.location().map(ToString::to_string));
        raised::forget_unless(info.payload());
    }
}

/// Says where the payload that is about to be raised again was raised first.
pub(crate) fn set_place(place: Option<String>) {
    if NOTING.get() == Noting::On {
        NOTING.set(Noting::Noted);
    }
    keep_place(place);
}

fn keep_place(place: Option<String>) {
    // A thread that is being torn down, or a panic while the place is being noted: not worth more.
    let _ = PLACE.try_with(|noted| {
        if let Ok(mut noted) = noted.try_borrow_mut() {
            *noted = place;
        }
    });
}

/// The failure that a panic with this payload, caught just now, amounts to.
pub(crate) fn failure_of(payload: &(dyn std::any::Any + Send)) -> Failure {
    let message = if let Some(text) = payload.downcast_ref::<&'static str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic with a payload that is no text".to_owned()
    };
    let location = PLACE.try_with(|place| place.try_borrow_mut().ok()?.take()).ok().flatten();
    Failure::Panicked { message, location, chain: Chain::default(), backtrace: None }
}

/// Drops a payload whose destructor may panic in turn.
///
/// The second payload is leaked: its destructor cannot be trusted either.
pub(crate) fn drop_payload(payload: Payload) {
    if let Err(again) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
        tell(format_args!("the payload of a panic panicked while it was dropped"));
    }
}

/// Runs foreign code that must not unwind into ours.
pub(crate) fn guarded(what: &str, foreign: impl FnOnce()) {
    if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(foreign)) {
        if payload.is::<Stopped>() {
            // A destructor came to a checkpoint. Nothing is amiss.
            return;
        }
        let failure = failure_of(&*payload);
        drop_payload(payload);
        tell(format_args!("{what} {failure}"));
    }
}

/// Tells the program's user on stderr. One write, so that lines of threads do not mix.
pub(crate) fn tell(message: fmt::Arguments<'_>) {
    if cfg!(background_loom) {
        // A model meets this in thousands of executions.
        return;
    }
    // Nobody is left to tell when stderr is closed.
    let _ = std::io::stderr().write_all(format!("background: {message}\n").as_bytes());
}
