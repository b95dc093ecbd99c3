//! The demonstration of the original, David Baird's `pybackground` of 2008, line by line.
//!
//! It prints what the original prints, apart from the elapsed times, which vary:
//!
//! ```text
//! cargo run --example pybackground
//! cargo run --example pybackground -- --fast --strategy dedicated
//! ```

use std::process::{Command, ExitCode};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fmt};

use background::{DefaultPlace, Strategy, Timeout, background, strategies, task};
use clap::{Parser, ValueEnum};
use serde::{Deserialize, Serialize};

/// Show the transparent futures of 2008 in Rust
#[derive(Parser)]
#[command(name = "pybackground")]
struct Arguments {
    /// Sleep 50 times shorter
    #[arg(long)]
    fast: bool,

    /// Where the bodies run
    #[arg(long, value_name = "NAME", value_enum, default_value = "thread", env = VARIABLE)]
    strategy: Place,
}

/// Says where the calls of a program run that name no strategy.
const VARIABLE: &str = "BACKGROUND_STRATEGY";

static ARGUMENTS: LazyLock<Arguments> = LazyLock::new(Arguments::parse);

/// The strategies by their names.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Place {
    /// In a pool of threads
    Thread,
    /// Each on a thread of its own
    Dedicated,
    /// At the call
    Inline,
    /// At the first touch
    Lazy,
    /// In worker processes
    Process,
}

impl Place {
    fn strategy(self) -> &'static dyn Strategy {
        match self {
            Self::Thread => &strategies::Thread,
            Self::Dedicated => const { &strategies::Dedicated::new() },
            Self::Inline => &strategies::Inline,
            Self::Lazy => &strategies::Lazy,
            Self::Process => const { &strategies::Process::new() },
        }
    }

    fn is_concurrent(self) -> bool {
        matches!(self, Self::Thread | Self::Dedicated | Self::Process)
    }
}

/// Where a call runs that names no strategy. The environment does not speak of processes: only what is
/// written to travel can go there. All that follows is, as functions and their arguments, apart from
/// the decorators, whose place is named where they are written.
fn here() -> &'static dyn Strategy {
    if ARGUMENTS.strategy == Place::Process { Place::Process.strategy() } else { &DefaultPlace }
}

/// The length of a body.
fn seconds(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into()) / if ARGUMENTS.fast { 50 } else { 1 }
}

/// Prints the time since `begin`, in which so many bodies of this length ran.
fn print_elapsed(begin: Instant, bodies: u32, body: Duration) {
    println!("{:.3}", begin.elapsed().as_secs_f64());
    check_elapsed(begin, bodies, body);
}

/// Together the bodies take about as long as one of them.
fn check_elapsed(begin: Instant, bodies: u32, body: Duration) {
    let elapsed = begin.elapsed();
    assert!(elapsed >= body);
    assert!(elapsed < body * bodies || !ARGUMENTS.strategy.is_concurrent());
}

/// What is printed, as Python writes it.
fn python(value: impl fmt::Debug) -> String {
    match format!("{value:?}").as_str() {
        "true" => "True".to_owned(),
        "()" => "None".to_owned(),
        other => other.to_owned(),
    }
}

/// No timeouts: the call form, for a function that knows nothing of it.
fn call_form() {
    fn very_slow_task(arg: u32) -> u32 {
        sleep(seconds(5));
        arg
    }

    let t0 = Instant::now();
    let x = task().on(here()).spawn_with(very_slow_task, 1);
    let y = task().on(here()).spawn_with(very_slow_task, 2);
    let z = task().on(here()).spawn_with(very_slow_task, 3);
    println!("{z} {y} {x}");
    print_elapsed(t0, 3, seconds(5));
    assert_eq!([z, y, x], [3, 2, 1]);
}

/// No timeouts: the decorator.
fn attribute() {
    #[background]
    fn very_slow_task(arg: u32) -> u32 {
        sleep(seconds(5));
        arg
    }

    let t0 = Instant::now();
    let x = very_slow_task(1);
    let y = very_slow_task(2);
    let z = very_slow_task(3);
    println!("{z} {y} {x}");
    print_elapsed(t0, 3, seconds(5));
    assert_eq!([z, y, x], [3, 2, 1]);
}

/// No timeouts: a method, by the call form.
fn methods() {
    #[derive(Clone, Copy, Serialize, Deserialize)]
    struct SomeClass {
        pause: Duration,
    }

    impl SomeClass {
        fn method(self, arg: u32) -> u32 {
            sleep(self.pause);
            arg
        }
    }

    let method = |(object, arg): (SomeClass, u32)| object.method(arg);
    let my_object = SomeClass { pause: seconds(5) };
    let t0 = Instant::now();
    let x = task().on(here()).spawn_with(method, (my_object, 1));
    let y = task().on(here()).spawn_with(method, (my_object, 2));
    let z = task().on(here()).spawn_with(method, (my_object, 3));
    println!("{z} {y} {x}");
    check_elapsed(t0, 3, seconds(5));
    assert_eq!([z, y, x], [3, 2, 1]);
}

/// No timeouts: a method, by the decorator.
fn decorated_methods() {
    #[derive(Clone, Copy)]
    struct SomeOtherClass {
        pause: Duration,
    }

    impl SomeOtherClass {
        #[background]
        fn method(self, arg: u32) -> u32 {
            sleep(self.pause);
            arg
        }
    }

    let my_other_object = SomeOtherClass { pause: seconds(5) };
    let t0 = Instant::now();
    let x = my_other_object.method(1);
    let y = my_other_object.method(2);
    let z = my_other_object.method(3);
    println!("{z} {y} {x}");
    check_elapsed(t0, 3, seconds(5));
    assert_eq!([z, y, x], [3, 2, 1]);
}

/// Timeouts.
fn timeouts() {
    fn very_slow_task(arg: String) -> String {
        sleep(seconds(5));
        arg
    }

    let t0 = Instant::now();
    let on = || task().on(here());
    let x = on().timeout(seconds(1)).spawn_with(very_slow_task, "foobar1".to_owned());
    let y = on().timeout(enough()).spawn_with(very_slow_task, "foobar2".to_owned());
    println!("{}", python(x == Timeout));
    println!("{x} {y}");
    print_elapsed(t0, 2, seconds(5));
    assert!(x == Timeout && y == "foobar2");
}

/// Six seconds, for what has to be in time. Not 50 times shorter, because 20 ms are soon gone on a
/// busy machine.
fn enough() -> Duration {
    Duration::from_secs(6)
}

/// What the original runs when it is run itself: first with a strategy that is named, then with the
/// program's own.
fn with_and_without_timeout(strategy: impl Strategy + Copy) {
    fn longprocess((): ()) -> bool {
        sleep(seconds(4));
        true
    }

    fn system(command: String) -> i32 {
        let status = Command::new("sh").arg("-c").arg(command).status();
        status.expect("there is a shell").code().unwrap_or(-1)
    }

    // With
    let on = || task().on(strategy);
    let z = on().timeout(seconds(1)).spawn_with(longprocess, ());
    let w = on().timeout(enough()).spawn_with(longprocess, ());
    println!("z = {}", python(&z));
    println!("w = {}", python(&w));
    assert!(z == Timeout);
    assert!(w == true);

    // Without
    let x = on().spawn_with(sleep, seconds(4));
    let y = on().spawn_with(system, format!("sleep {}", seconds(2).as_secs_f32()));
    println!("y = {y}");
    println!("x = {}", python(&x));
    assert_eq!(y, 0);
    assert_eq!(x, ());
}

/// Runs the program once more, with the strategy in its environment: what the calls above do not
/// name is not for them to say.
fn run_again(strategy: &str) -> ExitCode {
    let program = env::current_exe().expect("a running program has a path");
    let mut again = Command::new(program);
    again.args(env::args_os().skip(1)).env(VARIABLE, strategy);
    let status = again.status().expect("the program can be run again");
    ExitCode::from(u8::from(!status.success()))
}

fn main() -> ExitCode {
    let strategy = ARGUMENTS.strategy;
    let name = strategy.to_possible_value().expect("every strategy has a name");
    let name = name.get_name();
    if strategy != Place::Process
        && env::var(VARIABLE).map_or(strategy != Place::Thread, |of_program| of_program != name)
    {
        return run_again(name);
    }
    call_form();
    attribute();
    methods();
    decorated_methods();
    timeouts();
    with_and_without_timeout(strategy.strategy());
    with_and_without_timeout(here());
    ExitCode::SUCCESS
}
