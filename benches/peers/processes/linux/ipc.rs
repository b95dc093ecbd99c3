//! ipc-channel: typed channels between a program and a child that it starts itself.

use std::process::Stdio;
use std::str::Split;

use ipc_channel::ipc::{
    IpcBytesReceiver, IpcBytesSender, IpcOneShotServer, IpcReceiver, IpcSender, IpcSharedMemory,
    bytes_channel, channel,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::bodies::{bump, bump_bytes};
use super::child::{Kin, this_program};

/// Both ends that the parent needs, as the child sends them.
#[derive(Serialize, Deserialize)]
enum Ends {
    Numbers(IpcSender<u64>, IpcReceiver<u64>),
    Bytes(IpcBytesSender, IpcBytesReceiver),
    Shared(IpcSender<IpcSharedMemory>, IpcReceiver<IpcSharedMemory>),
}

fn start(what: &str) -> (Kin, Ends) {
    let (server, name) = IpcOneShotServer::<Ends>::new().expect("a socket is to be had");
    let child = this_program(&format!("ipc {what} {name}"))
        .stdin(Stdio::null())
        .spawn()
        .expect("a process is to be had");
    let (_, ends) = server.accept().expect("the child calls");
    (Kin(child), ends)
}

/// What the child does until the parent hangs up.
pub(super) fn serve(words: &mut Split<'_, char>) {
    let (what, name) = (words.next(), words.next().unwrap_or_default());
    let parent = IpcSender::connect(name.to_owned()).expect("the parent waits");
    let send = |ends| parent.send(ends).expect("the parent waits");
    match what {
        Some("numbers") => {
            let (calls, receiver) = channel().expect("a channel is to be had");
            let (sender, replies) = channel().expect("a channel is to be had");
            send(Ends::Numbers(calls, replies));
            reply(&receiver, &sender, bump);
        }
        Some("shared") => {
            let (calls, receiver) = channel().expect("a channel is to be had");
            let (sender, replies) = channel().expect("a channel is to be had");
            send(Ends::Shared(calls, replies));
            reply(&receiver, &sender, |it| it);
        }
        _ => {
            let (calls, receiver) = bytes_channel().expect("a channel is to be had");
            let (sender, replies) = bytes_channel().expect("a channel is to be had");
            send(Ends::Bytes(calls, replies));
            while let Ok(message) = receiver.recv() {
                let message = if what == Some("echo") { message } else { bump_bytes(message) };
                sender.send(&message).expect("the parent waits");
            }
        }
    }
}

fn reply<T: Serialize + DeserializeOwned>(
    receiver: &IpcReceiver<T>,
    sender: &IpcSender<T>,
    function: impl Fn(T) -> T,
) {
    while let Ok(call) = receiver.recv() {
        sender.send(function(call)).expect("the parent waits");
    }
}

/// Calls a child that bumps numbers.
pub(super) fn numbers() -> impl FnMut(u64) -> u64 + 'static {
    let (child, Ends::Numbers(sender, receiver)) = start("numbers") else { unreachable!() };
    move |number| {
        let _ = &child;
        sender.send(number).expect("the child reads");
        receiver.recv().expect("the child writes")
    }
}

/// Calls a child that bumps the first of the bytes, or sends all of them back as they are.
pub(super) fn bytes(bumps: bool) -> impl FnMut(&[u8]) -> Vec<u8> + 'static {
    let (child, Ends::Bytes(sender, receiver)) = start(if bumps { "bump" } else { "echo" }) else {
        unreachable!()
    };
    move |data| {
        let _ = &child;
        sender.send(data).expect("the child reads");
        receiver.recv().expect("the child writes")
    }
}

/// Calls a child that sends shared memory back.
pub(super) fn shared() -> impl FnMut(IpcSharedMemory) -> IpcSharedMemory + 'static {
    let (child, Ends::Shared(sender, receiver)) = start("shared") else { unreachable!() };
    move |memory| {
        let _ = &child;
        sender.send(memory).expect("the child reads");
        receiver.recv().expect("the child writes")
    }
}
