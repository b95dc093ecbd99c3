//! What works on a future as if it were its value, and the few things for which one writes `*f`.
//!
//! A [`Background<T>`](crate::Background) stands wherever its `T` could. Methods, fields and calls
//! reach the value through `Deref`; operators, formatting, comparison, iteration and the
//! conversions of generic code are forwarded. Each of them is a *touch*: it blocks until the value
//! is there, and panics at your line if there never will be one.
//!
//! In the tables, `f` and `g` are futures of a `T`, `x` is a `T`; every row is asserted in the
//! example below it. "std" are the types of the standard library.
//!
//! # Looking at it
//!
//! | written | needs | gives |
//! |---|---|---|
//! | `f.len()`, `f.0`, `f.field` | | the value's own methods and fields |
//! | `f(2)` | a callable `T` | the call |
//! | `takes(&f)` | `&T`, or what `&T` coerces to | the value, by reference |
//! | `{f}`, `{f:?}`, `{f:08.3}`, `{f:#x}`, `f.to_string()` | the same of `T` | the value, formatted |
//! | `*f`, `Background::get(&f)` | | the value, by reference |
//! | `Background::join(f)` | | the value itself |
//!
//! ```
//! use background::{Background, background};
//!
//! #[background]
//! fn future<T: Send + 'static>(value: T) -> T { value }
//!
//! let f = future(String::from("text"));
//! assert_eq!(f.len() + f.trim_start_matches('t').len(), 7);
//! assert_eq!(future((1, 2)).1, 2);
//! assert_eq!(future(|n: u32| n + 1)(2), 3);
//! fn takes(text: &str) -> bool { text.starts_with('t') }
//! assert!(takes(&f));
//! assert_eq!(format!("{f}, {f:?}, {f:6}|"), r#"text, "text", text  |"#);
//! assert_eq!(format!("{:08.3} {:#x}", future(1.5), future(255)), "0001.500 0xff");
//! assert_eq!(future(5).to_string(), "5");
//! assert_eq!(*future(5), 5);
//! assert_eq!(Background::get(&f), "text");
//! let text: String = Background::join(f);
//! assert_eq!(text, "text");
//! ```
//!
//! # Comparing
//!
//! | written | needs |
//! |---|---|
//! | `f == x`, `f < x`, `assert_eq!(f, x)` | the same of `T`, your own types included |
//! | `x == f`, `x < f`, `assert_eq!(x, f)` | `x` a number, `bool`, `char`, `()`, string, path, `Vec`, array, slice, time, `NonZero`, `Wrapping`, `Saturating`, `Ordering` or IP address |
//! | `f == g`, `f < g` | a `T` as in the row above |
//! | `f` as a key of a map or set, `futures.sort()` | a `T` as in the row above |
//! | `map[&x]`, `map["text"]` with futures as keys | the same |
//!
//! ```
//! # use background::{Background, background};
//! # #[background]
//! # fn future<T: Send + 'static>(value: T) -> T { value }
//! use std::collections::HashMap;
//!
//! #[derive(Debug, PartialEq)]
//! struct Point(i32, i32);
//!
//! assert_eq!(future(Point(1, 2)), Point(1, 2));
//! assert!(future(5) > 4 && future(Some(5)) == Some(5));
//! assert!(5 == future(5) && 4 < future(5) && "a" == future(String::from("a")));
//! assert_eq!(vec![1, 2], future(vec![1, 2]));
//! assert!(future(4) < future(5) && future("a") == future("a"));
//! let mut futures = [future(2), future(1)];
//! futures.sort();
//! assert_eq!(futures, [1, 2]);
//! let map = HashMap::from([(future(String::from("one")), 1)]);
//! assert_eq!(map["one"], 1);
//! ```
//!
//! # Calculating
//!
//! | written | needs |
//! |---|---|
//! | `f + x`, `&f + x` and the other operators | the same of `T` or `&T`, your own types included |
//! | `x + f`, `x + &f`, `&x + f`, `&x + &f` | `x` an integer, a float, `bool`, `Wrapping`, `Saturating` |
//! | `x + f`, `x + &f`, also `-`, `*`, `/` | `x` a `Duration`, `Instant` or `SystemTime` |
//! | `f + g`, `f + &g`, `&f + g`, `&f + &g` | as in the two rows above |
//! | `text + &f` | `text` a `String`, `f` a future of one |
//! | `f += x`, `f <<= x` | the same of `T` |
//! | `x += f`, `x += &f`, `f += g` | `x` as above |
//! | `-f`, `!f`, `-&f`, `!&f` | the same of `T` or `&T` |
//! | `f << 2`, `1_u64 << f` | a `T` that stays a `T` when it is shifted |
//! | `futures.sum::<T>()`, `.product()` | numbers and `Duration`; of futures and of references to them |
//!
//! ```
//! # use background::background;
//! # #[background]
//! # fn future<T: Send + 'static>(value: T) -> T { value }
//! use std::time::Duration;
//!
//! #[background]
//! fn fib(n: u64) -> u64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
//! assert_eq!(fib(10), 55);
//!
//! let (f, g) = (future(6), future(2));
//! assert_eq!([&f + 1, 1 + &f, &1 + &f, &f - &g, &f % 4, 2 * &f & 4], [7, 7, 7, 4, 2, 4]);
//! assert_eq!(1.5 * future(2.0) + future(1.0), 4.0);
//! assert_eq!(2 * future(Duration::from_secs(1)), Duration::from_secs(2));
//! assert_eq!(String::from("a") + &future(String::from("b")), "ab");
//! assert_eq!(future(String::from("a")) + "b", "ab");
//! let (mut x, mut h) = (1, future(1));
//! x += &f;
//! x += f;
//! h += 1;
//! h <<= 2;
//! h += g;
//! assert_eq!((x, h), (13, future(10)));
//! assert_eq!((-future(1), !future(true), -&future(1.5)), (-1, false, -1.5));
//! assert_eq!((future(1_u8) << 2, 1_u64 << future(3)), (4, 8));
//! let futures = [future(1), future(2)];
//! assert_eq!(futures.iter().product::<u64>(), 2);
//! assert_eq!(futures.into_iter().sum::<u64>(), 3);
//! ```
//!
//! # Collections, readers, writers, and generic code
//!
//! | written | needs |
//! |---|---|
//! | `f[0]`, `f[1..]`, `f["key"]`, `f[0] = x` | the same of `T` |
//! | `for x in f`, `for x in &f`, `for x in &mut f` | the same of `T`, `&T`, `&mut T` |
//! | `f.iter().map(…)`, `f.into_iter().map(…)`, `f.next()` | the same of `T` |
//! | `futures.join(", ")`, `.concat()` | futures of strings or vectors |
//! | `impl AsRef<Path>`, `impl AsMut<[u8]>`, `impl Borrow<T>` | the same of `T` |
//! | `u64::from(f)`, `let x: u64 = f.into()` | numbers, `bool`, `char`, strings, paths, `Vec`, times |
//! | `impl Read`, `BufRead`, `Write`, `Seek`, `fmt::Write` | the same of `T`; of `&T` for `&f` |
//! | `Box<dyn Error>` from `f`, `f.source()` | an `Error` |
//! | `impl Serialize` | the same of `T`, and this crate's feature `serde` |
//! | `f.await`, `(&f).await` | any executor; blocks no thread |
//!
//! ```
//! # use background::background;
//! # #[background]
//! # fn future<T: Send + 'static>(value: T) -> T { value }
//! use std::collections::HashMap;
//! use std::io::{Cursor, Read};
//! use std::path::{Path, PathBuf};
//!
//! let mut f = future(vec![1, 2, 3]);
//! f[0] = 7;
//! assert_eq!((f[0], &f[1..]), (7, &[2, 3][..]));
//! assert_eq!(future(HashMap::from([("key", 1)]))["key"], 1);
//! for x in &mut f { *x += 1; }
//! let mut sum = 0;
//! for x in &f { sum += x; }
//! for x in f { sum += x; }
//! assert_eq!(sum, 30);
//! assert_eq!(future(vec![1, 2]).iter().map(|x| x * 2).max(), Some(4));
//! assert_eq!([future("a"), future("b")].join(", "), "a, b");
//! fn name(path: impl AsRef<Path>) -> usize { path.as_ref().as_os_str().len() }
//! assert_eq!(name(future(PathBuf::from("abc"))), 3);
//! let x: u64 = future(5).into();
//! assert_eq!(x, u64::from(future(5)));
//! let mut text = String::new();
//! future(Cursor::new("text")).read_to_string(&mut text).unwrap();
//! assert_eq!(text, "text");
//! let error: Box<dyn std::error::Error> = future("x".parse::<u8>().unwrap_err()).into();
//! assert_eq!(error.to_string(), "invalid digit found in string");
//! async fn both() -> u64 {
//!     let (f, g) = (future(1), future(2));
//!     *(&f).await + g.await
//! }
//! # let mut polled = Box::pin(both());
//! # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
//! # let sum = loop {
//! #     if let std::task::Poll::Ready(sum) = polled.as_mut().poll(&mut context) { break sum }
//! #     std::thread::yield_now();
//! # };
//! # assert_eq!(sum, 3);
//! ```
//!
//! # Futures that may yield a sentinel
//!
//! With a time limit, or with `catch`, the future is that of a `Result`: `w.is_ok()`,
//! `w.unwrap()`, `match &*w { … }`, `Background::join(w)?`. Besides, on either side:
//!
//! | written | true when |
//! |---|---|
//! | `w == Timeout`, `Timeout == w` | the time was over |
//! | `w == Failure::Cancelled` | that was the failure (`catch`) |
//! | `w == x`, `x == w` | there is a value, and it is `x` (an `x` of std; `Option`, tuples, maps first only) |
//! | `w == Ok(x)`, `Ok(x) == w`, `w == Err(Timeout)` | the `Result` is that, your own types included |
//! | `w == v`, with another future | both have equal values, or the same sentinel |
//!
//! They print the value or the sentinel's word, in the column that was asked for. There is no
//! arithmetic and no `<`: `Timeout + 1` has no answer.
//!
//! ```
//! use background::{Background, Failure, Timeout, background};
//!
//! #[background(timeout = 1h)]
//! fn fast(word: &'static str) -> String { word.into() }
//! #[background(timeout = 0s)]
//! fn slow(word: &'static str) -> String { word.into() }
//! #[background(lazy, catch)]
//! fn watched(n: u32) -> u32 { n }
//!
//! let (v, w) = (fast("foobar1"), slow("foobar2"));
//! assert!(w == Timeout && Timeout == w && v != Timeout);
//! assert!(v == "foobar1" && "foobar1" == v && w != "foobar2");
//! assert!(v == Ok("foobar1".into()) && w == Err(Timeout) && Err(Timeout) == w);
//! assert!(v == fast("foobar1") && w == slow("another"));
//! assert_eq!(format!("{v} {w:>9}"), "foobar1   Timeout");
//! let f = watched(1);
//! Background::cancel(&f);
//! assert!(f == Failure::Cancelled && f != 1);
//! fn length() -> Result<usize, Timeout> { Ok(Background::join(slow("word"))?.len()) }
//! assert_eq!(length(), Err(Timeout));
//! ```
//!
//! # Streams
//!
//! A function with `stream` returns no future of one value, but a
//! [`BackgroundIter`](crate::BackgroundIter): an iterator whose items arrive while the producer runs. It
//! is used as what it is; there is nothing to forward.
//!
//! | written in the attribute | means |
//! |---|---|
//! | `stream` | the producer runs at most 64 items ahead |
//! | `stream = n` | at most `n`, which may use the parameters |
//! | `stream, timeout = 1s`, `stream, catch` | items are `Result`s, and only the last can be an error |
//! | `stream, process` | the items travel from another process |
//! | `stream, to_owned` | the iterator may borrow from the copies, its items may not |
//!
//! | written for the caller | gives |
//! |---|---|
//! | `for item in rows(…)`, `rows(…).map(…)` | the items, each when it is there |
//! | `BackgroundIter::try_next(&mut rows)` | the next item if it is there |
//! | `drop(rows)` | the producer ends at its next item |
//!
//! ```
//! use background::{BackgroundIter, background};
//! use std::task::Poll;
//!
//! #[background(stream = ahead, catch)]
//! fn halves(n: u32, ahead: usize) -> impl Iterator<Item = u32> {
//!     std::iter::successors(Some(n), |n| Some(n / 2)).inspect(|n| assert!(*n > 0))
//! }
//!
//! let mut rows = halves(5, 1);
//! assert!(matches!(rows.next(), Some(Ok(5))));
//! assert_eq!(rows.by_ref().filter_map(Result::ok).sum::<u32>(), 2 + 1);
//! assert_eq!(BackgroundIter::try_next(&mut rows), Poll::Ready(None));
//! assert!(halves(5, 8).last().unwrap().unwrap_err().is_panic());
//! drop(halves(5, 1));
//! ```
//!
//! # Where one writes `*f` or `join`
//!
//! What the language decides by the type alone, and what belongs to the crate that owns the type on
//! the left:
//!
//! | instead of | because | write |
//! |---|---|---|
//! | `if f`, `while f`, `f && g` | needs a `bool` | `if *f`, `while *f`, `*f && *g` |
//! | `f?` | `Try` is not stable | `Background::join(f)?` |
//! | `f as u32` | casts know primitive types only | `*f as u32` |
//! | `match f { 1 => … }`, `if let Some(x) = f` | patterns look at the type | `match *f`, `if let Some(x) = &*f` |
//! | `let x: u64 = f`, `takes(f)` | no conversion is implied | `*f`, `Background::join(f)`, `f.into()` |
//! | `f.unwrap()`, `f.into_bytes()` | takes the value, `Deref` only lends it | `Background::join(f).unwrap()` |
//! | `f(…)` of an `FnOnce` | likewise | `Background::join(f)(…)` |
//! | `point == f`, `point + f` | your type is on the left; or write that impl, see below | `point == *f`, `point + *f` |
//! | `f == g`, `f + g` of your own types | they are the case above | `*f == *g`, `f + *g` |
//! | `Some(1) == f`, also a `Result`, a tuple, a map, a set, a socket address | see below | `f == Some(1)` |
//! | `text + f` | see below | `text + &f` |
//! | `f.max(5)`, `f.cmp(&5)` of an `Ord` type | they are found for futures: `f.max(g)` | `(*f).max(5)` |
//! | `f.borrow()` of a `RefCell`, with `Borrow` in scope | as for an `Rc` of one | `(*f).borrow()` |
//! | `1 << f` for a `u64` | all integers shift: the literal alone is an `i32` | `1_u64 << f` |
//! | `&f + &d` of times | std has no operators on references to them | `*f + d` |
//!
//! ```
//! use background::{Background, background};
//! # #[background]
//! # fn future<T: Send + 'static>(value: T) -> T { value }
//!
//! #[derive(Clone, Copy, Debug, PartialEq)]
//! struct Point(i32);
//! impl std::ops::Add for Point {
//!     type Output = Point;
//!     fn add(self, other: Point) -> Point { Point(self.0 + other.0) }
//! }
//!
//! assert!(if *future(true) { *future(1) as u8 == 1 } else { false });
//! fn half(text: &'static str) -> Result<u32, std::num::ParseIntError> {
//!     Ok(Background::join(future(text.parse::<u32>()))? / 2)
//! }
//! assert_eq!(half("6"), Ok(3));
//! assert!(matches!(*future(1), 1) && matches!(&*future(Some("a")), Some(text) if text == &"a"));
//! let number: u64 = *future(5);
//! assert_eq!(number, Background::join(future(Some(5))).unwrap());
//! let once: Box<dyn FnOnce() -> u8 + Send> = Box::new(|| 7);
//! assert_eq!(Background::join(future(once))(), 7);
//! let (f, g) = (future(Point(1)), future(Point(2)));
//! assert!(Point(1) == *f && Point(1) + *f == Point(2) && *f != *g);
//! assert_eq!(f + *g, Point(3));
//! assert!(future(Some(1)) == Some(1));
//! assert_eq!(String::from("a") + &future(String::from("b")), "ab");
//! assert_eq!((*future(3)).max(5), 5);
//! assert_eq!(1_u64 << future(40), 1 << 40);
//! ```
//!
//! For a type of your own the left side is three lines, and everything that builds on it (`f == g`,
//! keys of maps) follows:
//!
//! ```
//! use background::{Background, spawn};
//!
//! #[derive(Debug, PartialEq, Eq, Hash)]
//! struct Key(u64);
//! impl PartialEq<Background<Key>> for Key {
//!     fn eq(&self, future: &Background<Key>) -> bool { *self == **future }
//! }
//!
//! let (f, g) = (spawn(|| Key(1)), spawn(|| Key(1)));
//! assert!(Key(1) == f && f == g);
//! assert!(std::collections::HashSet::from([f]).contains(&g));
//! ```
//!
//! # What this crate's operators cost the rest of a program
//!
//! The compiler sometimes finds a type because only one impl fits. `5 == f` is one impl more for
//! integers, so with this crate among the dependencies (as with `serde_json`) the right side of
//! `==` and `<` no longer follows from the left alone, for the types of the second row of
//! *Comparing*:
//!
//! | was enough | is needed |
//! |---|---|
//! | `assert_eq!(n, text.parse().unwrap())` | `assert_eq!(n, text.parse::<u64>().unwrap())` |
//! | `assert_eq!(n, numbers.iter().sum())` | `assert_eq!(n, numbers.iter().sum::<u64>())` |
//! | `n == small.into()` | `n == u64::from(small)` |
//! | `second * n.try_into().unwrap()`, of a `Duration` | `second * u32::try_from(n).unwrap()` |
//!
//! The last holds for `+`, `-`, `*` and `/` after a `Duration`, `Instant` or `SystemTime`. Types of
//! literals are found as before.
//!
//! Where more than that would have been lost, an impl was left out: `String + f` would end the
//! coercion in `string + &other`; `Option == f` the one in `option == Some(&string)`; `map == f`
//! the inference in `assert_eq!(map, pairs.collect())`; and a socket address that in `address ==
//! "[::1]:80".parse().unwrap()`.
//!
//! ```
//! let (string, option) = (String::from("a"), Some("a"));
//! assert!(option == Some(&string));
//! assert_eq!(string.clone() + &string, "aa");
//! let map = std::collections::HashMap::from([("a", 1)]);
//! assert_eq!(map, [("a", 1)].into_iter().collect());
//! assert_eq!(1 + "5".parse::<u64>().unwrap(), 6);
//! ```
