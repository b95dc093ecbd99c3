//! What a pool of processes can be told, and what a worker finds when it comes to life.

use std::io::{Read, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use background::{Background, Failure, Output, processes, task};
use background_tests::processes::{Watched, children, is_gone, threads};
use background_tests::{Note, until, within};

use super::{lives_on, one, worker};

static PREPARED: AtomicU32 = AtomicU32::new(0);

#[test]
fn the_initialiser_runs_once_before_the_first_call_of_each_worker() {
    within(|| {
        let init = || PREPARED.store(PREPARED.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
        let pool = processes().workers(2).max_calls(5).init(init).build();
        let seen = |()| (std::process::id(), PREPARED.load(Ordering::SeqCst));
        let calls: Vec<_> = (0..20).map(|_| task().on(pool.clone()).spawn_with(seen, ())).collect();
        let mut pids: Vec<u32> = Vec::new();
        for call in calls {
            let (pid, prepared) = Background::join(call);
            assert_eq!(prepared, 1);
            pids.push(pid);
        }
        pids.sort_unstable();
        pids.dedup();
        assert!(pids.len() >= 4, "{pids:?}");
        assert_eq!(PREPARED.load(Ordering::SeqCst), 0, "not in the program itself");
    });
}

#[test]
fn a_panic_of_the_initialiser_is_told_and_the_next_call_tries_anew() {
    within(|| {
        let note = Note::new();
        let init = || {
            let place = std::env::var("PLACE").expect("it was set");
            let tries = std::fs::read_to_string(&place).map_or(0, |it| it.len());
            Note::leave(&place, "x".repeat(tries + 1));
            assert!(tries >= 2, "not yet, after {tries}");
        };
        let pool = processes().workers(1).env("PLACE", note.at("tries")).init(init).build();
        for tries in 0..2 {
            let call = task().on(pool.clone()).catch();
            match Background::join(call.spawn_with(|()| 1, ())) {
                Err(Failure::Rejected { reason, .. }) => {
                    for part in ["initialiser", "panicked at", file!(), &format!("after {tries}")] {
                        assert!(reason.contains(part), "`{part}` in `{reason}`");
                    }
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(note.read("tries").map(|it| it.len()), Some(tries + 1));
        }
        assert_eq!(task().on(pool.clone()).spawn_with(|()| 1, ()), 1);
        let pid = worker(&pool);
        lives_on(&pool, pid);
    });
}

#[test]
fn an_initialiser_can_set_what_calls_need() {
    static TABLE: OnceLock<Vec<u32>> = OnceLock::new();
    within(|| {
        let init = || TABLE.set(vec![3, 1, 2]).expect("once");
        let pool = processes().workers(1).init(init).build();
        for (index, value) in [(0, Some(3)), (2, Some(2)), (3, None)] {
            let look = |index: usize| TABLE.get()?.get(index).copied();
            assert_eq!(Background::join(task().on(pool.clone()).spawn_with(look, index)), value);
        }
        assert!(TABLE.get().is_none());
    });
}

#[test]
fn environment_and_directory_are_as_told() {
    within(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().canonicalize().expect("it is there");
        let pool = processes()
            .workers(1)
            .env("GREETING", "hello")
            .env("OTHER", "gone")
            .env_remove("OTHER")
            .env_remove("PATH")
            .current_dir(&place)
            .build();
        let look = |name: String| std::env::var(name).ok();
        let ask = |name: &str| {
            Background::join(task().on(pool.clone()).spawn_with(look, name.to_owned()))
        };
        assert_eq!(ask("GREETING").as_deref(), Some("hello"));
        assert_eq!(ask("OTHER"), None);
        assert_eq!(ask("PATH"), None);
        assert_eq!(ask("HOME"), std::env::var("HOME").ok());
        let here = |()| std::env::current_dir().ok();
        assert_eq!(Background::join(task().on(pool.clone()).spawn_with(here, ())), Some(place));
        // What made it a worker is nobody else's business.
        let ours = |()| {
            std::env::vars_os().any(|(name, _)| name.to_string_lossy().contains("__BACKGROUND"))
        };
        assert!(!Background::join(task().on(pool.clone()).spawn_with(ours, ())));
    });
}

#[test]
fn a_worker_has_the_programs_arguments_and_an_empty_input() {
    within(|| {
        let pool = one();
        let arguments = |()| std::env::args().collect::<Vec<_>>();
        let call = task().on(pool.clone()).spawn_with(arguments, ());
        assert_eq!(Background::join(call), std::env::args().collect::<Vec<_>>());
        let read = |()| {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|count| (count, text)).ok()
        };
        let call = task().on(pool.clone()).spawn_with(read, ());
        assert_eq!(Background::join(call), Some((0, String::new())));
    });
}

#[test]
fn a_closed_pipe_is_an_error_and_no_signal() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        let write = |()| {
            let (reader, mut writer) = std::io::pipe().expect("a pipe");
            drop(reader);
            writer.write_all(b"hello").map_err(|error| error.kind().to_string())
        };
        let kind = std::io::ErrorKind::BrokenPipe.to_string();
        let written = task().on(pool.clone()).spawn_with(write, ());
        assert_eq!(Background::join(written), Err(kind));
        lives_on(&pool, pid);
    });
}

#[test]
fn output_goes_where_it_was_told() {
    within(|| {
        let pool = processes().workers(1).stdout(Output::Null).stderr(Output::Null).build();
        let look = |()| {
            println!("nobody reads this");
            eprintln!("nor this");
            [1, 2].map(|number| {
                let link = std::fs::read_link(format!("/proc/self/fd/{number}"));
                link.is_ok_and(|it| it.to_str() == Some("/dev/null"))
            })
        };
        assert_eq!(Background::join(task().on(pool).spawn_with(look, ())), [true; 2]);
    });
}

/// Workers that are started at the same time do not inherit each other's descriptors: what a worker
/// has is the same for all.
#[test]
fn no_worker_holds_what_is_another_ones() {
    within(|| {
        let pool = processes().workers(8).build();
        let look = |at: String| {
            Note::leave(&at, "");
            let folder = std::path::Path::new(&at).parent().expect("a folder").to_owned();
            // All are there at once, so all are different processes.
            until("all are there", || {
                let names = std::fs::read_dir(&folder).expect("it is there");
                names.flatten().filter(|it| !it.file_name().to_string_lossy().contains('.')).count()
                    == 8
            });
            let entries = std::fs::read_dir("/proc/self/fd").expect("Linux");
            let links = entries.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
            let links = links.map(|link| link.to_string_lossy().into_owned());
            let kinds: Vec<String> = links
                .filter(|it| it.contains("background-worker") || it.starts_with("socket:"))
                .collect();
            (std::process::id(), kinds)
        };
        let note = Note::new();
        let calls: Vec<_> = (0..8)
            .map(|n| task().on(pool.clone()).spawn_with(look, note.at(&n.to_string())))
            .collect();
        for call in calls {
            let (pid, kinds) = Background::join(call);
            let memories = kinds.iter().filter(|it| it.contains("background-worker")).count();
            let sockets = kinds.iter().filter(|it| it.starts_with("socket:")).count();
            // The memory is mapped and needs no descriptor; the socket tells that the program lives.
            assert_eq!((memories, sockets), (0, 1), "{pid}: {kinds:?}");
        }
    });
}

/// A worker is small: its main thread and the one that watches the program.
#[test]
fn a_worker_has_two_threads_and_no_children() {
    within(|| {
        let pool = one();
        let pid = worker(&pool);
        assert_eq!(threads(pid), 2);
        assert_eq!(children(pid), Vec::<u32>::new());
    });
}

#[test]
fn no_more_workers_than_were_asked_for() {
    within(|| {
        let pool = processes().workers(3).build();
        assert_eq!(pool.workers(), 0);
        let calls: Vec<_> = (0..60)
            .map(|_| task().on(pool.clone()).spawn_with(|()| std::process::id(), ()))
            .collect();
        let mut pids: Vec<u32> = calls.into_iter().map(Background::join).collect();
        pids.sort_unstable();
        pids.dedup();
        assert!(pids.len() <= 3, "{pids:?}");
        assert!((1..=3).contains(&pool.workers()));
        let watched: Vec<_> = pids.iter().map(|pid| Watched::new(*pid)).collect();
        drop(pool);
        watched.iter().for_each(Watched::wait);
        until("they are reaped", || pids.iter().all(|pid| is_gone(*pid)));
    });
}
