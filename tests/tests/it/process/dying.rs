//! Workers that die at every stage of a call.

use std::thread;
use std::time::{Duration, Instant};

use background::{Background, Failure, processes, task};
use background_tests::faults::Fault;
use background_tests::{Note, until, within};
use rustix::process::Signal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{is_replaced, one, watched, worker};

/// Kills the process in which it is decoded.
#[derive(Debug, PartialEq, Serialize)]
struct KillsReader(Fault);

impl<'de> Deserialize<'de> for KillsReader {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Fault::deserialize(deserializer)?.strike()
    }
}

/// Kills the process in which it is encoded.
#[derive(Debug, PartialEq, Deserialize)]
struct KillsWriter(Fault);

impl Serialize for KillsWriter {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        self.0.strike()
    }
}

#[test]
fn dying_while_the_arguments_are_decoded() {
    within(|| {
        for fault in Fault::ALL {
            let pool = one();
            let pid = worker(&pool);
            let call = task().on(pool.clone()).catch();
            let failure =
                Background::join(call.spawn_with(|_: KillsReader| (), KillsReader(fault)));
            assert!(matches!(failure, Err(Failure::Crashed { signal, code, .. })
                if signal == fault.signal() && code == fault.code()));
            is_replaced(&pool, pid);
        }
    });
}

#[test]
fn dying_while_the_value_is_encoded() {
    within(|| {
        for fault in Fault::ALL {
            let pool = one();
            let pid = worker(&pool);
            let call = task().on(pool.clone()).catch();
            let failure = Background::join(call.spawn_with(KillsWriter, fault));
            assert!(matches!(failure, Err(Failure::Crashed { signal, code, .. })
                if signal == fault.signal() && code == fault.code()));
            is_replaced(&pool, pid);
        }
    });
}

/// The reply is larger than the ring, and its worker dies when some of it has been written: sooner
/// or later, from "the body has not ended" to "all was written".
#[test]
fn dying_with_half_a_value_written() {
    within(|| {
        const SIZE: usize = 24 << 20;
        let body = |micros: u64| {
            thread::spawn(move || {
                let end = Instant::now() + Duration::from_micros(micros);
                while Instant::now() < end {
                    thread::yield_now();
                }
                Fault::Signal(9).strike()
            });
            vec![7_u8; SIZE]
        };
        let (mut crashed, mut returned) = (0, 0);
        let pool = one();
        let mut micros = 0;
        while (crashed < 10 || returned < 3) && micros < 2_000_000 {
            let pid = worker(&pool);
            let call = task().on(pool.clone()).catch();
            match Background::join(call.spawn_with(body, micros)) {
                Ok(value) => {
                    assert!(value == vec![7; SIZE], "the bytes have changed");
                    returned += 1;
                }
                Err(Failure::Crashed { worker, signal, .. }) => {
                    assert_eq!((worker.pid(), signal), (pid, Some(9)));
                    crashed += 1;
                }
                Err(other) => panic!("{other:?}"),
            }
            until("it is dead", || background_tests::processes::is_gone(pid));
            micros += 500 + micros / 10;
        }
        assert!(crashed > 0 && returned > 0, "{crashed} {returned}");
    });
}

/// A worker that dies before it has begun a call has done nothing: the call goes to another one.
#[test]
fn dying_before_a_call_has_begun_costs_nothing() {
    within(|| {
        for size in [1, 8 << 20] {
            let pool = one();
            let note = Note::new();
            let stopped = watched(&pool);
            stopped.stop();
            let call = task().on(pool.clone()).spawn_with(
                |(at, bytes): (String, Vec<u8>)| {
                    Note::leave(&at, std::process::id());
                    (std::process::id(), bytes.len())
                },
                (note.at("ran"), vec![1; size]),
            );
            stopped.signal(Signal::KILL);
            let (pid, length) = Background::join(call);
            assert_eq!(length, size);
            assert_ne!(pid, stopped.pid);
            assert_eq!(note.wait_for_number("ran"), pid);
        }
    });
}

/// Each worker that is to take the call is killed first: at some point the pool gives up.
#[test]
fn a_pool_whose_workers_never_live_gives_up() {
    within(|| {
        let pool = processes().workers(1).current_dir("nowhere/at/all").build();
        let call = task().on(pool.clone()).catch();
        let failure = Background::join(call.spawn_with(|()| 1, ()));
        let Err(Failure::Rejected { reason, .. }) = &failure else { panic!("{failure:?}") };
        assert!(reason.contains("no worker process can be started"), "{reason}");
        let pool = processes().workers(1).init(|| Fault::Exit(5).strike()).build();
        let call = task().on(pool.clone()).catch();
        let failure = Background::join(call.spawn_with(|()| 1, ()));
        let Err(Failure::Rejected { reason, .. }) = &failure else { panic!("{failure:?}") };
        assert!(reason.contains("die before they are ready (code 5)"), "{reason}");
    });
}

/// The value arrives whole, and decoding it in the program fails: the worker has done its part.
#[test]
fn a_value_that_panics_in_the_program_leaves_the_worker_alone() {
    #[derive(Debug, Serialize)]
    struct Home(u32);
    impl<'de> Deserialize<'de> for Home {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let pid = u32::deserialize(deserializer)?;
            assert_eq!(pid, std::process::id(), "not at home");
            Ok(Self(pid))
        }
    }
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let call = task().on(pool.clone()).catch();
        let failure = Background::join(call.spawn_with(|()| Home(std::process::id()), ()));
        let failure = failure.expect_err("it cannot be decoded");
        assert!(failure.is_encoding() && failure.to_string().contains("not at home"), "{failure}");
        assert_eq!(worker(&pool), pid);
    });
}
