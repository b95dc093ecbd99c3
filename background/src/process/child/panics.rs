//! What is kept of a panic for the program: its backtrace, and, where a panic ends the process, the
//! message.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, PanicHookInfo};

use crate::parcel::reply::Panic;
use crate::process::channel::frame::{Kind, encode_panic};
use crate::process::child::serve;
use crate::sync::global::{Mutex, lock};

static BACKTRACE: Mutex<Option<String>> = Mutex::new(None);

/// Puts a hook before the present one.
pub(super) fn install() {
    let next = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        note(info);
        next(info);
        if cfg!(panic = "abort") {
            // This process ends here, and the program should know why.
            let panic = Panic {
                message: message(info),
                location: info.location().map(ToString::to_string),
                backtrace: take_backtrace(),
            };
            serve::answer_at_once(Kind::Panicked, &encode_panic(&panic));
        }
    }));
}

/// The backtrace of the latest panic, if there was one and `RUST_BACKTRACE` asks for it.
pub(super) fn take_backtrace() -> Option<String> {
    lock(&BACKTRACE).take()
}

fn note(_: &PanicHookInfo<'_>) {
    let backtrace = Backtrace::capture();
    let captured = backtrace.status() == BacktraceStatus::Captured;
    *lock(&BACKTRACE) = captured.then(|| backtrace.to_string());
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic with a payload that is no text".to_owned()
    }
}
