//! The `#[background]` attribute of the [`background`](https://docs.rs/background) crate.
//!
//! Use it through that crate, which re-exports it. A use of the attribute passes through here as
//! through these modules: `args` reads what stands in the parentheses and `item` what stands below,
//! `check` refuses what cannot run in the background, and `expand` writes the function that starts the
//! body, or `fallback`, if something was refused, one that has the same type and does nothing.

mod args;
mod call;
mod check;
mod checkpoints;
mod clash;
mod errors;
mod expand;
mod fallback;
mod format_strings;
mod item;
mod owned_self;
mod params;
mod post;
mod receiver;
mod signature;
mod span;
mod stream;
#[cfg(test)]
mod tests;
mod types;
mod wrapper;

/// Makes a function run in the background: a call starts it, and returns a `Background` that stands
/// for its result.
///
/// The function keeps its name, parameters and documentation; only its return type changes, from `T`
/// to `Background<T>` (to `Background<T, Timeout>` with a time limit, to `Background<T, Failure>`
/// with `catch`; with `stream` to a `BackgroundIter` of the items). The call does not block, except with `inline`, which runs the body there and then,
/// and as `limit` says. Reading the result blocks until it is there.
///
/// ```
/// use background::background;
///
/// #[background]
/// fn fib(n: u64) -> u64 {
///     if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
/// }
///
/// assert_eq!(fib(12), 144);
/// ```
///
/// # Arguments
///
/// A list in any order: `#[background(dedicated, timeout = 1.5s, name = "indexer")]`.
///
/// | argument | meaning |
/// |---|---|
/// | `thread`, `dedicated`, `inline`, `lazy` | the strategy: the shared pool, a thread of its own, at the call, at the first touch. Without one, the program's default |
/// | `process` | the body runs in [another process](#other-processes): one of the program's, or with `on` one of that pool's |
/// | `on = EXPR` | any value whose type implements `Strategy`; the expression may use `self` and the parameters. It is cloned if it can be and borrowed otherwise, so a strategy within an argument, which moves, has to be `Clone`: an `Arc` of one is |
/// | `timeout = 1s` | how long the body may run, from its start; the future yields `Result<T, Timeout>` |
/// | `deadline = 5s` | when the result is wanted, from the call, waiting for a thread included; also `Timeout`. Nested calls inherit what is left of it |
/// | `catch` | every failure becomes a value: the future yields `Result<T, Failure>` |
/// | `killable` | loops get a checkpoint at which a cancelled body unwinds. Implied by `timeout` and `deadline`; `killable = false` turns it off. With `process` there are none: what is to stop is killed |
/// | `to_owned` | `&self`, `&str`, `&[T]`, `&T` are copied for the task |
/// | `stream`, `stream = 64` | the body returns [an iterator](#streams), whose items the caller gets while it runs, at most so many of them made ahead; without a number 64. An integer or an expression of type `usize` |
/// | `limit = 4` | at most four calls of this function are under way at once |
/// | `when_full = block` | what a call does at the limit: `block` (the default), `inline` (runs the body itself) or `reject` (fails) |
/// | `priority = -5` | in a queue: how nice the call is to others, from -20, which is served first, to 20. An integer or an expression that can become an `i32` |
/// | `series = "uploads"` | in a queue: calls of one series are served in the order in which they were made. A text or an expression that lends one: `series = &owner` |
/// | `name = "…"` | the task's name; otherwise the function's |
/// | `stack_size = "2 MiB"` | the stack of a `dedicated` thread; an integer is in bytes |
/// | `memory = "256 MiB"` | how much memory the `process` may use; an integer or an expression of type `u64` is in bytes |
/// | `cpu = 2s` | how long the `process` may compute for this call |
/// | `max_calls = 100` | how many calls of this function a `process` serves before another takes its place; an integer or an expression of type `u64` |
/// | `on_drop = detach` | what dropping the future does to the task: `detach` (the default: it runs on), `cancel` or `join` |
/// | `crate = path` | where this library is found, if it is not `::background`: a renamed dependency, a re-export |
///
/// A flag can also be written `catch = true`. Durations are literals with a unit (`250ms`, `1.5s`,
/// `5min`, `2h`), strings (`"1m 30s"`), numbers with a point (`1.5`: seconds), or any expression of
/// type `Duration`.
///
/// ```
/// use background::{Timeout, background};
///
/// #[background(timeout = 20ms)]
/// fn forever() -> u32 {
///     loop {
///         std::thread::yield_now();
///     }
/// }
///
/// assert!(*forever() == Err(Timeout));
/// ```
///
/// # Functions and methods
///
/// Free functions, associated functions, methods with `self`, `mut self`, `self: Box<Self>` or
/// `self: Arc<Self>`, in inherent and trait impls; in a trait declaration the attribute changes the
/// signature (repeat it, with the same time limits, on the implementations), and a default method that
/// takes `self` needs `trait Name: Send + 'static`. Generic functions,
/// `impl Trait`, patterns, `unsafe fn` and `async fn`; the block of an `async fn` is polled to its end on the
/// strategy's thread, so it need not be `Send`.
///
/// The parameters move to the task and have to be `Send + 'static`, the result comes back and has to
/// be as well. With `to_owned`, borrowed parameters are copied and the body sees references to the
/// copies:
///
/// ```
/// use background::background;
///
/// struct Greeter { greeting: String }
///
/// impl Clone for Greeter {
///     fn clone(&self) -> Self {
///         Greeter { greeting: self.greeting.clone() }
///     }
/// }
///
/// impl Greeter {
///     #[background(to_owned)]
///     fn greet(&self, name: &str) -> String {
///         format!("{}, {name}!", self.greeting)
///     }
/// }
///
/// let greeter = Greeter { greeting: "Hello".into() };
/// assert_eq!(greeter.greet("world"), "Hello, world!");
/// ```
///
/// `on` binds a method to a strategy of its object, here to a pool that counts what it is given:
///
/// ```
/// use background::{Strategy, Task, background, strategies};
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// #[derive(Default)]
/// struct Counting(AtomicUsize);
///
/// impl Strategy for Counting {
///     fn start(&self, task: Task) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///         strategies::Thread.start(task);
///     }
/// }
///
/// #[derive(Default)]
/// struct Service { pool: Arc<Counting> }
///
/// impl Service {
///     #[background(on = self.pool)]
///     fn double(self: Arc<Self>, n: u32) -> u32 {
///         n * 2
///     }
/// }
///
/// let service = Arc::new(Service::default());
/// assert_eq!(service.clone().double(21), 42);
/// assert_eq!(service.pool.0.load(Ordering::Relaxed), 1);
/// ```
///
/// # Streams
///
/// With `stream` the body makes an iterator and the caller gets a `BackgroundIter`: an iterator over the
/// same items, which arrive while the producer runs. It runs at most `stream = 64` items ahead of the
/// caller and waits then; dropping the `BackgroundIter` stops it at its next item.
///
/// ```
/// use background::{BackgroundIter, background};
///
/// #[background(stream = 8)]
/// fn lines(text: String) -> impl Iterator<Item = String> {
///     let lines: Vec<String> = text.lines().map(String::from).collect();
///     lines.into_iter().filter(|line| !line.is_empty())
/// }
///
/// let mut lines: BackgroundIter<String> = lines("one\n\ntwo\n".into());
/// assert_eq!(lines.next().as_deref(), Some("one"));
/// assert_eq!(lines.collect::<Vec<_>>(), ["two"]);
/// ```
///
/// The body returns `impl Iterator<Item = Row>`, a `Box<dyn Iterator<Item = Row> + Send>` or an iterator
/// by its name, such as `std::vec::IntoIter<Row>`; both it and its items go from thread to thread and have to
/// be `Send + 'static`. With a time limit or `catch` the items are `Result`s, of which only the last can be
/// an error. What fails of itself is an item: `impl Iterator<Item = Result<Row, Error>>`. `killable`
/// makes checkpoints of the loops in the body's closures as well, as that is where the code of an iterator
/// stands. An `async fn` cannot be a stream.
///
/// With `to_owned` the iterator may hold on to the copies, as long as its items do not:
///
/// ```
/// use background::background;
///
/// #[background(stream, to_owned)]
/// fn words(text: &str) -> impl Iterator<Item = String> {
///     text.split(' ').map(String::from)
/// }
///
/// assert_eq!(words("so it goes").last().as_deref(), Some("goes"));
/// ```
///
/// With `process` the iterator stays in the other process and its items travel, so their type has to be
/// `serde::Serialize` and `serde::Deserialize`:
///
/// ```
/// use background::background;
///
/// #[background(process, stream)]
/// fn squares(count: u64) -> impl Iterator<Item = u64> {
///     (0..count).map(|n| n * n)
/// }
///
/// assert_eq!(squares(100).sum::<u64>(), 328_350);
/// ```
///
/// # Other processes
///
/// With `process` the body runs in a worker: another process of the same program, started for this
/// purpose. Whatever it does there, to memory, to the environment, to itself, does not reach the caller, and it
/// can be stopped anywhere. `memory`, `cpu` and `max_calls` limit it.
///
/// ```
/// use background::background;
///
/// #[background(process, memory = "1 GiB", cpu = 30s)]
/// fn sum(numbers: Vec<u64>) -> u64 {
///     numbers.iter().sum()
/// }
///
/// assert_eq!(sum(vec![1, 2, 3]), 6);
/// ```
///
/// The parameters are serialised at the call and the result when it is there, so their types have to be
/// `serde::Serialize` and `serde::Deserialize`; parameters need not be `Send`. The same is asked of `self`, and
/// of type parameters: `T: Serialize + DeserializeOwned + 'static`. With `to_owned` the body gets references to
/// copies, as in a thread.
///
/// ```
/// use background::background;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Serialize, Deserialize)]
/// struct Account {
///     balance: u32,
/// }
///
/// impl Account {
///     #[background(process)]
///     fn with(mut self, more: u32) -> Self {
///         self.balance += more;
///         self
///     }
///
///     #[background(process, to_owned)]
///     fn describe(&self, owner: &str) -> String {
///         format!("{owner}: {}", self.balance)
///     }
/// }
///
/// let account = Account { balance: 40 };
/// assert_eq!(account.describe("Ada"), "Ada: 40");
/// assert_eq!(account.with(2).balance, 42);
/// ```
///
/// What belongs to one process cannot travel: references, `'static` ones too, `Arc`, locks, open files,
/// closures. A static variable in the other process is another variable.
///
/// Everything else is as in a thread: methods and generic functions, `async fn`, `timeout`, `deadline` and
/// `catch`, `limit`, `on_drop`. The crate's feature `process`, which is on by default, has to be.
///
/// # Errors
///
/// What cannot run in the background is refused at the token in question with what to write instead:
/// borrowed parameters (without `to_owned`), `const` and `extern` functions, `main`, types that are
/// not `Send`, or that cannot be serialised where they have to be. A function that was refused still exists with the type it would have had, so that its
/// callers are not in error as well.
///
/// # Panics
///
/// The call panics if the strategy panics when it is given the task. A panic in the body is raised
/// again where the result is read.
#[proc_macro_attribute]
pub fn background(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    expand::expand(args.into(), item.into()).into()
}
