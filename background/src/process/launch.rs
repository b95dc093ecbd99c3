//! Starting a worker.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Weak};

use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
    sendmsg, socketpair,
};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use crate::parcel::image;
use crate::process::channel::bell::Bell;
use crate::process::channel::mapping::{Direction, Mapping};
use crate::process::channel::ring::End;
use crate::process::child::boot::{PRELOAD, VARIABLE, constructor};
use crate::process::depth;
use crate::process::member::Member;
use crate::process::pool::Shared;
use crate::process::settings::{Output, Settings};

/// This program's own file, even when it has been replaced or deleted.
const EXECUTABLE: &str = "/proc/self/exe";

/// Starts a worker process. Does not wait for it.
pub(super) fn launch(settings: &Settings, bell: &Bell, pool: Weak<Shared>) -> io::Result<Member> {
    let kind = (AddressFamily::UNIX, SocketType::STREAM, SocketFlags::CLOEXEC);
    let (control, theirs) = socketpair(kind.0, kind.1, kind.2, None)?;
    let (memory, descriptor) = Mapping::make()?;
    let memory = Arc::new(memory);
    let ends = End::pair(&memory, Direction::Replies).ok_or(io::ErrorKind::AlreadyExists)?;
    // Sent first: it is there when the worker looks for it.
    greet(&control, &[descriptor.as_fd(), bell.descriptor()])?;
    let mut child = command(settings, theirs)?.spawn()?;
    let pid = Pid::from_child(&child);
    let pidfd = pidfd_open(pid, PidfdFlags::empty()).inspect_err(|_| {
        // Without it nobody would see its end. It dies at once, having done nothing yet.
        let _ = child.kill().and_then(|()| child.wait());
    })?;
    Ok(Member::new(pid, pidfd, control, memory, ends, pool))
}

fn greet(control: &OwnedFd, descriptors: &[std::os::fd::BorrowedFd<'_>]) -> io::Result<()> {
    let mut space = [std::mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let greeting = [io::IoSlice::new(b"welcome!")];
    sendmsg(control, &greeting, &mut ancillary, SendFlags::NOSIGNAL)?;
    Ok(())
}

fn command(settings: &Settings, control: OwnedFd) -> io::Result<Command> {
    if image::is_argument_of_loader() {
        return Err(io::Error::other("the program was started as an argument of its loader"));
    }
    let mut command = Command::new(EXECUTABLE);
    let mut arguments = std::env::args_os();
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    command.args(arguments);
    settings.adorn(&mut command);
    command
        .env(VARIABLE, format!("{}:{}", std::process::id(), depth::get() + 1))
        .stdin(Stdio::from(control))
        .process_group(0);
    for (output, set) in [
        (settings.stdout, Command::stdout as fn(&mut Command, Stdio) -> &mut Command),
        (settings.stderr, Command::stderr),
    ] {
        match output {
            Output::Inherit => {}
            Output::Null => drop(set(&mut command, Stdio::null())),
        }
    }
    // Where the executable is not ours but loads us, it has to load us before it begins.
    let here = constructor();
    if image::containing(here).is_some_and(|own| !own.name.is_empty()) {
        let original = std::env::var_os("LD_PRELOAD");
        let mut preload = library(here)?.into_os_string();
        let mut kept = OsString::new();
        if let Some(original) = original {
            preload.push(":");
            preload.push(&original);
            kept.push("=");
            kept.push(original);
        }
        command.env("LD_PRELOAD", preload).env(PRELOAD, kept);
    }
    Ok(command)
}

/// The shared library in which we are, by a name that the loader will understand.
fn library(here: usize) -> io::Result<PathBuf> {
    let path = image::file_at(here)
        .ok_or_else(|| io::Error::other("the library's own file cannot be found"))?;
    if path.as_os_str().as_bytes().iter().any(|byte| b" :".contains(byte)) {
        let path = path.display();
        return Err(io::Error::other(format!("`{path}` cannot be named in LD_PRELOAD")));
    }
    if !path.is_file() {
        return Err(io::Error::other(format!("`{}` is gone", path.display())));
    }
    Ok(path)
}
