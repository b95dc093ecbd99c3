//! What the system allows: a child process and nothing around it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use rustix::fs::{MemfdFlags, ftruncate, memfd_create};

use super::child::{Kin, Role};
use super::shared::{Shared, length};

/// A child that takes messages and sends some back.
pub(super) trait Raw: Read + Write + Sized + 'static {
    /// What the table calls it.
    const NAME: &'static str;

    fn start(role: Role) -> Self;

    fn child(&mut self) -> &mut Child;

    /// Sends one, and receives one of the same size into the same place.
    fn exchange(&mut self, message: &mut [u8]) {
        self.write_all(message).expect("the child reads");
        self.read_exact(message).expect("the child writes");
    }

    /// Ends it, and waits for its end.
    fn kill(&mut self) {
        self.child().kill().expect("it was there");
        self.child().wait().expect("it was ours");
    }
}

/// Two pipes.
pub(super) struct Pipes {
    child: Kin,
    sending: ChildStdin,
    receiving: ChildStdout,
}

impl Raw for Pipes {
    const NAME: &'static str = "limit: two pipes";

    fn start(role: Role) -> Self {
        let mut child = role
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process is to be had");
        let sending = child.stdin.take().expect("it is piped");
        let receiving = child.stdout.take().expect("it is piped");
        Self { child: Kin(child), sending, receiving }
    }

    fn child(&mut self) -> &mut Child {
        &mut self.child.0
    }
}

impl Read for Pipes {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.receiving.read(buffer)
    }
}

impl Write for Pipes {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.sending.write(buffer)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A pair of sockets.
pub(super) struct Sockets {
    child: Kin,
    stream: UnixStream,
}

impl Sockets {
    pub(super) fn stream(&self) -> &UnixStream {
        &self.stream
    }
}

impl Raw for Sockets {
    const NAME: &'static str = "limit: socketpair";

    fn start(role: Role) -> Self {
        let (stream, other) = UnixStream::pair().expect("sockets are to be had");
        let again = other.try_clone().expect("a descriptor is to be had");
        let mut command = role.command();
        command.stdin(OwnedFd::from(other)).stdout(OwnedFd::from(again));
        let child = command.spawn().expect("a process is to be had");
        Self { child: Kin(child), stream }
    }

    fn child(&mut self) -> &mut Child {
        &mut self.child.0
    }
}

impl Read for Sockets {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.stream.read(buffer)
    }
}

impl Write for Sockets {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Shared memory, at which both sides look all the time.
pub(super) struct Memory {
    _child: Kin,
    pub(super) shared: Shared,
}

impl Memory {
    pub(super) const NAME: &'static str = "limit: shared memory + spin";

    pub(super) fn start(size: usize) -> Self {
        let file = memfd_create("peers", MemfdFlags::CLOEXEC).expect("memory is to be had");
        ftruncate(&file, length(size) as u64).expect("so much of it, too");
        let shared = Shared::map(&file, size).expect("it can be mapped");
        let mut command = Role::Share { size }.command();
        let child = command.stdin(File::from(file)).spawn().expect("a process is to be had");
        Self { _child: Kin(child), shared }
    }

    /// Lets the child change what is there.
    pub(super) fn exchange(&mut self) {
        self.shared.call();
        self.shared.wait_for_reply();
    }
}
