#![allow(warnings)]
use super::limits::*;
use super::tree::*;
use super::types::*;
use crate::codec::*;
use serde::{Deserialize, Serialize};
use std::thread;
use std::time::Instant;

fn run<T: Serialize + DeserializeOwned + PartialEq + 'static>(
    make: fn(usize) -> T,
    most: usize,
    stack: usize,
) {
    let t = move || {
        let d = make(most);
        let mut b = Vec::new();
        if std::env::var("PART").unwrap() == "enc" {
            encode(&d, &mut b).unwrap();
            std::process::exit(0)
        }
        let b = thread::Builder::new()
            .stack_size(64 << 20)
            .spawn(move || {
                let d = make(most);
                let mut b = Vec::new();
                encode(&d, &mut b).unwrap();
                b
            })
            .unwrap()
            .join()
            .unwrap();
        let v = decode::<T>(&b).unwrap();
        std::process::exit(0)
    };
    thread::Builder::new().stack_size(stack).spawn(t).unwrap().join();
}
#[test]
fn stack() {
    let Ok(kind) = std::env::var("KIND") else { return };
    let stack: usize = std::env::var("KIB").unwrap().parse::<usize>().unwrap() << 10;
    match &*kind {
        "json" => run(json, 128, stack),
        "untagged" => run(untagged, 128, stack),
        "tree" => run(tree, 64, stack),
        "internal" => run(internal, 63, stack),
        "wide" => run(wide, 63, stack),
        _ => {}
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Small {
    id: u64,
    name: String,
    ratio: f64,
    flag: bool,
    tags: Vec<u32>,
    opt: Option<i32>,
}

fn time(what: &str, n: u32, mut f: impl FnMut()) {
    let mut best = f64::MAX;
    for _ in 0..7 {
        let t = Instant::now();
        for _ in 0..n {
            f()
        }
        best = best.min(t.elapsed().as_nanos() as f64 / n as f64);
    }
    if best > 1e5 {
        println!("{what}: {:.1} ms", best / 1e6)
    } else {
        println!("{what}: {best:.0} ns")
    }
}
#[test]
fn speed() {
    use std::hint::black_box;
    let small = Small {
        id: 42,
        name: "a name".into(),
        ratio: 0.5,
        flag: true,
        tags: vec![1, 2, 3],
        opt: Some(-1),
    };
    let mut b = Vec::with_capacity(1000);
    time("small enc", 200_000, || {
        b.clear();
        encode(black_box(&small), &mut b).unwrap();
        black_box(&b);
    });
    println!("{} bytes", b.len());
    time("small dec", 200_000, || {
        black_box(decode::<Small>(black_box(&b)).unwrap());
    });
    let p = Point { x: 1, y: 2 };
    let mut b = Vec::with_capacity(1000);
    time("point enc", 200_000, || {
        b.clear();
        encode(black_box(&p), &mut b).unwrap();
        black_box(&b);
    });
    time("point dec", 200_000, || {
        black_box(decode::<Point>(black_box(&b)).unwrap());
    });
    let v: Vec<Point> = vec![p; 1000];
    let mut b = Vec::with_capacity(100_000);
    time("1000 points enc", 2000, || {
        b.clear();
        encode(black_box(&v), &mut b).unwrap();
        black_box(&b);
    });
    time("1000 points dec", 2000, || {
        black_box(decode::<Vec<Point>>(black_box(&b)).unwrap());
    });
    let v = vec![7u8; 1000];
    let mut b = Vec::with_capacity(100_000);
    time("1000 u8 enc", 20000, || {
        b.clear();
        encode(black_box(&v), &mut b).unwrap();
        black_box(&b);
    });
    time("1000 u8 dec", 20000, || {
        black_box(decode::<Vec<u8>>(black_box(&b)).unwrap());
    });
    for _ in 0..2 {
        let v: Vec<u8> = (0..64 << 20).map(|i| i as u8).collect();
        time("64M memcpy fresh", 1, || {
            black_box(v.clone());
        });
        time("64M enc", 1, || {
            let mut b = Vec::new();
            encode(black_box(&v), &mut b).unwrap();
            black_box(b);
        });
        let mut b = Vec::new();
        encode(&v, &mut b).unwrap();
        time("64M dec", 1, || {
            black_box(decode::<Vec<u8>>(black_box(&b)).unwrap());
        });
        time("64M dec Bytes", 1, || {
            black_box(decode::<Bytes>(black_box(&b)).unwrap());
        });
    }
    let v: Vec<f64> = (0..8 << 20).map(|i| i as f64).collect();
    time("64M f64 enc", 1, || {
        let mut b = Vec::new();
        encode(black_box(&v), &mut b).unwrap();
        black_box(b);
    });
    let mut b = Vec::new();
    encode(&v, &mut b).unwrap();
    time("64M f64 dec", 1, || {
        black_box(decode::<Vec<f64>>(black_box(&b)).unwrap());
    });
    let v: Vec<Vec<u8>> = vec![vec![1; 64 << 10]; 1024];
    time("1024x64K enc", 1, || {
        let mut b = Vec::new();
        encode(black_box(&v), &mut b).unwrap();
        black_box(b);
    });
    let mut b = Vec::new();
    encode(&v, &mut b).unwrap();
    time("1024x64K dec", 1, || {
        black_box(decode::<Vec<Vec<u8>>>(black_box(&b)).unwrap());
    });
}
