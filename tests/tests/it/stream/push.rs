//! The push side: items for consumers and writers, and items from who pushes.

use std::io::{BufRead, Read, Write};
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use background::{
    Background, BackgroundIter, DeliveryEnd, Failure, deliver, feeder, feeder_with, map, spawn,
    task,
};
use background_tests::{Gate, PATIENCE, until, within};

/// Numbers that look random and are the same every time.
fn dice(seed: u32) -> u32 {
    seed.wrapping_mul(2_654_435_761).rotate_left(13) % 2000
}

/// What a consumer was given.
#[derive(Clone, Default)]
struct Given(Arc<Mutex<Vec<u32>>>);

impl Given {
    fn consumer(&self) -> impl FnMut(u32) + Send + 'static {
        let own = Arc::clone(&self.0);
        move |item| own.lock().unwrap().push(item)
    }

    fn all(&self) -> Vec<u32> {
        self.0.lock().unwrap().clone()
    }
}

/// `AsynQueue`'s ordered producer: the calls take their time, the items keep their order.
#[test]
fn a_hundred_items_of_random_delay_arrive_in_order() {
    within(|| {
        let given = Given::default();
        let slow = |n: u32| {
            for _ in 0..dice(n) {
                thread::yield_now();
            }
            n
        };
        let delivered = deliver(map(0..100, slow), given.consumer()).wait();
        assert!(given.all().into_iter().eq(0..100));
        assert_eq!((delivered.items(), delivered.is_complete()), (100, true));
        assert_eq!(delivered.to_string(), "complete after 100 items");
    });
}

#[test]
fn a_stream_of_any_kind_is_delivered() {
    within(|| {
        let streams = [
            task().stream(|| 0..100),
            task().inline().look_ahead(3).stream(|| 0..100),
            task().lazy().stream(|| 0..100),
        ];
        for stream in streams {
            let given = Given::default();
            assert!(BackgroundIter::for_each(stream, given.consumer()).wait().is_complete());
            assert!(given.all().into_iter().eq(0..100));
        }
    });
}

#[cfg(target_os = "linux")]
#[test]
fn the_items_of_a_process_are_delivered() {
    within(|| {
        let given = Given::default();
        let stream = task().process().stream_with(|n: u32| 0..n, 5000);
        assert!(BackgroundIter::for_each(stream, given.consumer()).wait().is_complete());
        assert!(given.all().into_iter().eq(0..5000));
    });
}

#[test]
fn a_paused_consumer_is_given_nothing() {
    within(|| {
        let (sender, receiver) = mpsc::sync_channel(0);
        let stream = task().look_ahead(4).stream(|| 0..100_u32);
        let delivery = BackgroundIter::for_each(stream, move |item| sender.send(item));
        assert_eq!(receiver.recv_timeout(PATIENCE), Ok(0));
        delivery.pause();
        assert!(delivery.is_paused());
        // One may have been on its way.
        let mut got = vec![0];
        got.extend(receiver.recv_timeout(Duration::from_millis(50)));
        assert!(receiver.recv_timeout(Duration::from_millis(50)).is_err());
        assert!(!delivery.is_done());
        delivery.resume();
        got.extend(receiver.iter());
        assert!(got.into_iter().eq(0..100));
        assert!(delivery.wait().is_complete());
    });
}

/// The case that `AsynQueue`'s author had to leave out, because it hung.
#[test]
fn a_consumer_that_fails_cuts_the_delivery() {
    within(|| {
        let (sender, receiver) = mpsc::channel::<()>();
        let endless = move || {
            let told = sender.clone();
            (0_u32..).inspect(move |_| {
                let _ = &told;
            })
        };
        let refuses = |item: u32| if item < 5 { Ok(()) } else { Err(format!("no {item}, please")) };
        let delivered = BackgroundIter::for_each(task().stream(endless), refuses).wait();
        assert_eq!(delivered.items(), 6);
        assert_eq!(delivered.end(), &DeliveryEnd::ConsumerFailed("no 5, please".to_owned()));
        // And the producer ends.
        assert_eq!(receiver.recv_timeout(PATIENCE), Err(mpsc::RecvTimeoutError::Disconnected));

        let panics = |item: u32| {
            if item == 5 {
                resume_unwind(Box::new("enough of that"));
            }
        };
        let delivered = BackgroundIter::for_each(task().stream(|| 0..), panics).wait();
        assert_eq!((delivered.items(), delivered.is_complete()), (6, false));
        let text = delivered.to_string();
        assert!(text.contains("the consumer failed") && text.contains("enough of that"), "{text}");
    });
}

#[test]
fn a_consumer_may_have_enough() {
    within(|| {
        let takes_five = |item: u32| {
            if item == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let delivered = BackgroundIter::for_each(task().stream(|| 0..), takes_five).wait();
        assert_eq!((delivered.items(), delivered.end()), (5, &DeliveryEnd::Enough));
    });
}

#[test]
fn a_delivery_can_be_stopped() {
    within(|| {
        let (entered, stuck) = (Gate::new(), Gate::new());
        let (told, closed) = (entered.clone(), stuck.clone());
        // While its producer is stuck,
        let stream = task().dedicated().stream(move || {
            std::iter::once_with(move || {
                told.open();
                closed.pass();
                1_u32
            })
        });
        let delivery = BackgroundIter::for_each(stream, |_| ());
        entered.pass();
        delivery.stop();
        assert_eq!(delivery.wait().end(), &DeliveryEnd::Stopped);
        stuck.open();
        // while it is paused,
        let delivery = BackgroundIter::for_each(task().stream(|| 0..), |_: u32| ());
        delivery.pause();
        delivery.stop();
        assert_eq!(delivery.wait().end(), &DeliveryEnd::Stopped);
        // and after its end.
        let delivery = deliver(0..3, |_| ());
        until("it ends", || delivery.is_done());
        delivery.stop();
        assert!(delivery.wait().is_complete());
    });
}

#[test]
fn a_producer_that_fails_cuts_the_delivery() {
    within(|| {
        let broken = || {
            (0..9).inspect(|n| {
                if *n == 3 {
                    resume_unwind(Box::new("boom"));
                }
            })
        };
        for caught in [false, true] {
            let given = Given::default();
            let delivery = if caught {
                BackgroundIter::for_each(task().catch().stream(broken), given.consumer())
            } else {
                BackgroundIter::for_each(task().stream(broken), given.consumer())
            };
            let delivered = delivery.wait();
            assert_eq!(given.all(), [0, 1, 2]);
            let DeliveryEnd::ProducerFailed(failure) = delivered.end() else {
                panic!("{delivered}");
            };
            assert!(failure.is_panic(), "{failure}");
        }
    });
}

#[test]
fn a_delivery_can_be_awaited() {
    within(|| {
        let delivered = task().dedicated().spawn_async(async {
            let (writer, written) = feeder::<Vec<u8>>();
            let lines = task().stream(|| (0..3).map(|n| format!("{n}\n")));
            let writing = BackgroundIter::write_to(lines, writer);
            let reading = spawn(move || BackgroundIter::into_reader(written).lines().count());
            (deliver(0..3, |_| ()).await, writing.await.items(), reading.await)
        });
        let (delivered, written, read) = Background::join(delivered);
        assert_eq!((delivered.items(), written, read), (3, 3, 3));
    });
}

/// Fails at the third write.
struct Full(u32);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += 1;
        if self.0 > 2 { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn items_are_written_in_order_and_a_full_disk_is_told() {
    within(|| {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let lines = task().stream(|| (0..1000).map(|n| format!("line {n}\n")));
        let writer = file.reopen().expect("it can be opened once more");
        let delivered = BackgroundIter::write_to(lines, writer).wait();
        assert_eq!((delivered.items(), delivered.is_complete()), (1000, true));
        let text = std::fs::read_to_string(file.path()).expect("a text");
        assert!(text.lines().eq((0..1000).map(|n| format!("line {n}"))));

        let delivered = BackgroundIter::write_to(task().stream(|| ["a"; 9].into_iter()), Full(0));
        let delivered = delivered.wait();
        assert_eq!(delivered.items(), 3);
        assert!(delivered.to_string().contains("the consumer failed"), "{delivered}");
    });
}

#[test]
fn what_is_pushed_can_be_iterated() {
    within(|| {
        for look_ahead in [0, 1, 2, 64] {
            let (feeder, items) = feeder_with(look_ahead);
            let pushing = spawn(move || (0..500_u32).try_for_each(|item| feeder.push(item)));
            assert!(items.eq(0..500), "{look_ahead}");
            assert_eq!(*pushing, Ok(()));
        }
    });
}

#[test]
fn who_pushes_hears_that_nobody_wants_more() {
    within(|| {
        let (feeder, mut items) = feeder_with(2);
        let pushing = spawn(move || (0_u32..).find_map(|item| feeder.push(item).err()));
        assert_eq!(items.by_ref().take(3).last(), Some(2));
        drop(items);
        assert!((*pushing).is_some_and(|refused| (3..=5).contains(&refused)));

        let (feeder, items) = feeder_with(1);
        let pushing = spawn(move || (0_u32..).find_map(|item| feeder.push(item).err()));
        until("it is full", || BackgroundIter::ahead(&items) == 1);
        BackgroundIter::cancel(&items);
        assert_eq!(*pushing, Some(1));
    });
}

#[test]
fn a_feeder_that_fails_or_goes_ends_the_stream() {
    within(|| {
        let (feeder, mut items) = feeder::<u8>();
        feeder.push(1).expect("there is room");
        drop(feeder);
        assert_eq!((items.next(), items.next()), (Some(1), None));
        let (feeder, items) = background::feeder::<u8>();
        feeder.fail("no more today");
        let delivered = BackgroundIter::for_each(items, |_| ()).wait();
        let DeliveryEnd::ProducerFailed(failure) = delivered.end() else { panic!("{delivered}") };
        assert!(failure.to_string().contains("no more today"), "{failure}");
    });
}

#[test]
fn bytes_are_read_as_they_were_written() {
    within(|| {
        let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        let (mut writer, written) = feeder_with::<Vec<u8>>(3);
        let sent = bytes.clone();
        let writing = spawn(move || {
            let mut rest = &sent[..];
            for seed in 0.. {
                if rest.is_empty() {
                    break;
                }
                let count = (dice(seed) as usize).min(rest.len());
                writer.write_all(&rest[..count]).expect("somebody reads");
                rest = &rest[count..];
            }
        });
        let mut read = Vec::new();
        BackgroundIter::into_reader(written).read_to_end(&mut read).expect("all of it");
        assert_eq!(read, bytes);
        Background::join(writing);

        let late = task().timeout(Duration::ZERO).stream(|| ["never"].into_iter());
        let error = BackgroundIter::into_reader(late).read(&mut [0; 8]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        let (mut writer, written) = feeder::<Vec<u8>>();
        drop(written);
        let error = writer.write(b"text").unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
    });
}

#[test]
fn a_delivery_that_is_dropped_goes_on() {
    within(|| {
        let (sender, receiver) = mpsc::channel();
        drop(deliver(0..10, move |item| sender.send(item)));
        assert!(receiver.iter().eq(0..10));
    });
}

#[test]
fn a_cancelled_task_cuts_what_it_delivers_from() {
    within(|| {
        let cancelled = Background::outcome(&task().catch().spawn(|| {
            let (_feeder, items) = feeder::<u8>();
            let delivery = BackgroundIter::for_each(items, |_| ());
            delivery.stop();
            delivery.wait().end() == &DeliveryEnd::Stopped
        }))
        .copied()
        .map_err(Failure::clone);
        assert_eq!(cancelled, Ok(true));
    });
}
