//! Ends the program when nothing happens any more.

use std::process::exit;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::account::Account;

/// Only a hang takes so long, even with a sanitizer on a busy machine.
const PATIENCE: u32 = 60;

/// A thread that watches the progress.
#[derive(Debug)]
pub(crate) struct Watchdog {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Watchdog {
    pub(crate) fn start(account: &Arc<Account>) -> Self {
        let (stop, stopped) = channel::<()>();
        let account = Arc::clone(account);
        let thread = thread::spawn(move || {
            let (mut before, mut still) = (0, 0);
            while stopped.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                let now = account.progress();
                still = if now == before { still + 1 } else { 0 };
                before = now;
                if still == PATIENCE {
                    eprintln!(
                        "HANG: nothing has happened for {PATIENCE} s; {} tasks and {} values are \
                         left\n{account}",
                        account.under_way(),
                        account.values_left(),
                    );
                    exit(3);
                }
            }
        });
        Self { stop, thread }
    }

    pub(crate) fn stop(self) {
        drop(self.stop);
        self.thread.join().expect("the watchdog only watches");
    }
}
