//! What a child process of the limits does: this same program, told by its environment.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command};

use super::bodies::bump;
use super::shared::Shared;
use super::{bodies, ipc};

const ROLE: &str = "BACKGROUND_PEERS_CHILD";

/// What a child is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// Reads messages of so many bytes, and writes them back with a number bumped every `step` bytes.
    Bump { size: usize, step: usize },
    /// Reads messages of so many bytes, and writes them back.
    Echo { size: usize },
    /// Reads a message of 8 bytes, and dies.
    Die,
    /// Finds messages of so many bytes in the memory that it shares, and bumps a number there.
    Share { size: usize },
}

impl Role {
    /// This program in that role.
    pub(super) fn command(self) -> Command {
        let text = match self {
            Self::Bump { size, step } => format!("bump {size} {step}"),
            Self::Echo { size } => format!("echo {size}"),
            Self::Die => "die".to_owned(),
            Self::Share { size } => format!("share {size}"),
        };
        this_program(&text)
    }
}

/// A child that ends when nobody needs it any more.
pub(super) struct Kin(pub(super) Child);

impl Drop for Kin {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This program, whose child sees the text as its role.
pub(super) fn this_program(role: &str) -> Command {
    let this = std::env::current_exe().expect("the program knows where it is");
    let mut command = Command::new(this);
    command.env(ROLE, role);
    command
}

/// Serves, if that is what this process is for, until nobody wants it any more.
pub(super) fn has_served() -> bool {
    let Ok(role) = std::env::var(ROLE) else { return false };
    let mut words = role.split(' ');
    let (name, mut rest) = (words.next(), words.clone().map(|it| it.parse().unwrap_or(0)));
    let mut number = || rest.next().unwrap_or(0);
    match name {
        Some("bump") => {
            let (size, step) = (number(), number());
            answer(size, |message| message.chunks_mut(step).for_each(bump_first));
        }
        Some("echo") => answer(number(), |_| ()),
        Some("die") => answer(8, |_| {
            bodies::die(0);
        }),
        Some("share") => share(number()),
        Some("ipc") => ipc::serve(&mut words),
        _ => panic!("no such role: {role}"),
    }
    true
}

/// Standard input without the buffer that `std` puts before it.
fn input() -> impl Read {
    let input = std::io::stdin().as_fd().try_clone_to_owned();
    std::fs::File::from(input.expect("a descriptor is to be had"))
}

/// Standard output without a buffer, or standard input, if that is a socket.
fn output() -> impl Write {
    let output = std::io::stdout().as_fd().try_clone_to_owned();
    std::fs::File::from(output.expect("a descriptor is to be had"))
}

fn answer(size: usize, change: impl Fn(&mut [u8])) {
    let (mut input, mut output) = (input(), output());
    let mut message = vec![0; size];
    loop {
        match input.read_exact(&mut message) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return,
            read => read.expect("the parent writes"),
        }
        change(&mut message);
        output.write_all(&message).expect("the parent reads");
    }
}

/// Bumps the number at the beginning.
pub(super) fn bump_first(message: &mut [u8]) {
    if let Some((number, _)) = message.split_first_chunk_mut() {
        *number = bump(u64::from_le_bytes(*number)).to_le_bytes();
    }
}

fn share(size: usize) {
    let memory = std::io::stdin().as_fd().try_clone_to_owned().expect("a descriptor is to be had");
    let mut shared = Shared::map(&memory, size).expect("it can be mapped");
    while shared.wait_for_call() {
        shared.change(8.min(size), bump_first);
        shared.reply();
    }
}
