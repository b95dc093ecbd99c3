#![deny(warnings)]

use background::{Timeout, background};

#[background(timeout = 10ms)]
fn endless() -> u32 {
    loop {
        std::thread::yield_now();
    }
}

#[background(killable)]
fn loops(n: u32) -> u32 {
    let mut sum = 0;
    'outer: for a in 0..n {
        let mut b = 0;
        while b < a {
            b += 1;
            if b == 3 {
                continue 'outer;
            }
        }
        sum += b;
    }
    let mut stack = vec![1, 2];
    while let Some(x) = stack.pop() {
        sum += x;
    }
    let closure = |n: u32| {
        for x in 0..n {
            if x == 1 {
                return x;
            }
        }
        0
    };
    sum + closure(2)
        + [0; {
            let mut n = 0;
            while n < 2 {
                n += 1
            }
            n
        }]
            .len() as u32
        + loop {
            break 1;
        }
}

#[background(timeout = 1min, killable = false)]
fn spared(n: u32) -> u32 {
    (0..n).sum()
}

#[background(killable)]
async fn future(n: u32) -> u32 {
    let mut sum = 0;
    for x in 0..n {
        sum += async {
            loop {
                break x;
            }
        }
        .await;
    }
    sum
}

fn main() {
    assert_eq!(*endless(), Err(Timeout));
    assert_eq!(*loops(4), 0 + 1 + 2 + 3 + 1 + 2 + 1);
    assert_eq!(*spared(4), Ok(6));
    assert_eq!(*future(4), 6);
}
