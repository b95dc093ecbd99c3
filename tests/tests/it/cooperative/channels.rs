//! Channels between routines, and between threads.

use std::cell::Cell;
use std::rc::Rc;

use background::Background;
use background::cooperative::{
    SendError, TrySendError, Worker, assign, channel, timeout, unbounded, wrap, yield_now,
};
use background_tests::within;

#[test]
fn a_full_channel_holds_its_senders_back() {
    let (worker, sent) = (Worker::new(), Rc::new(Cell::new(0)));
    let (sender, mut receiver) = channel(3);
    let own = Rc::clone(&sent);
    let _ = worker.assign(async move {
        for x in 0..10 {
            sender.send(x).await.unwrap();
            own.set(x + 1);
        }
    });
    while worker.tick() {}
    assert_eq!(sent.get(), 3);
    assert_eq!(receiver.try_recv(), Some(0));
    while worker.tick() {}
    assert_eq!(sent.get(), 4);
    let rest = worker.assign(async move {
        let mut rest = Vec::new();
        while let Some(x) = receiver.recv().await {
            rest.push(x);
        }
        rest
    });
    assert_eq!(*rest, (1..10).collect::<Vec<_>>());
}

#[test]
fn senders_come_in_the_order_they_waited() {
    let worker = Worker::new();
    let (sender, mut receiver) = channel(1);
    for x in 0..20 {
        let sender = sender.clone();
        let _ = worker.assign(async move { sender.send(x).await.unwrap() });
    }
    while worker.tick() {}
    assert_eq!(sender.try_send(99), Err(TrySendError::Full(99)));
    drop(sender);
    let all = worker.assign(async move {
        let mut all = Vec::new();
        while let Some(x) = receiver.recv().await {
            all.push(x);
            yield_now().await;
        }
        all
    });
    assert_eq!(*all, (0..20).collect::<Vec<_>>());
}

/// One that was woken for a room and gives up must not keep it from the next.
#[test]
fn a_sender_that_gives_up_lets_the_next_in() {
    within(|| {
        let worker = Worker::new();
        let (sender, mut receiver) = channel(1);
        sender.try_send(0).unwrap();
        let [first, second] = [1, 2].map(|x| {
            let sender = sender.clone();
            worker.assign(async move { sender.send(x).await })
        });
        while worker.tick() {}
        assert_eq!(receiver.try_recv(), Some(0)); // wakes the first
        Background::cancel(&first);
        assert_eq!(*second, Ok(()));
        assert_eq!(receiver.try_recv(), Some(2));
        assert_eq!(receiver.try_recv(), None);
    });
}

#[test]
fn values_that_nobody_receives_come_back_or_are_dropped() {
    let values: Vec<_> = (0..3).map(|_| Rc::new(())).collect();
    let (sender, receiver) = channel(2);
    wrap(async {
        sender.send(Rc::clone(&values[0])).await.unwrap();
        let waiting = assign({
            let (sender, value) = (sender.clone(), Rc::clone(&values[1]));
            async move {
                sender.send(Rc::clone(&value)).await.unwrap();
                sender.send(value).await.is_err()
            }
        });
        yield_now().await;
        drop(receiver);
        assert!(waiting.await);
        let SendError(value) = sender.send(Rc::clone(&values[2])).await.unwrap_err();
        assert!(Rc::ptr_eq(&value, &values[2]));
    });
    assert!(values.iter().all(|value| Rc::strong_count(value) == 1));
}

#[test]
fn threads_may_send_and_receive() {
    within(|| {
        const EACH: u64 = 5_000;
        let (sender, mut receiver) = channel(16);
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let sender = sender.clone();
                std::thread::spawn(move || {
                    wrap(async {
                        for x in 0..EACH {
                            sender.send(x).await.unwrap();
                        }
                    });
                })
            })
            .collect();
        drop(sender);
        let (mut sum, mut count) = (0, 0);
        wrap(async {
            while let Some(x) = receiver.recv().await {
                sum += x;
                count += 1;
            }
        });
        assert_eq!((count, sum), (4 * EACH, 4 * EACH * (EACH - 1) / 2));
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_receive_that_gives_up_loses_nothing() {
    let (sender, mut receiver) = unbounded();
    let nothing = std::time::Duration::from_millis(1);
    assert!(wrap(timeout(nothing, receiver.recv())).is_err());
    sender.try_send(1).unwrap();
    assert_eq!(wrap(receiver.recv()), Some(1));
    drop(sender);
    assert_eq!(wrap(receiver.recv()), None);
}

#[test]
#[should_panic(expected = "give it a capacity of at least 1")]
fn a_channel_without_room_is_refused() {
    let _ = channel::<u8>(0);
}
