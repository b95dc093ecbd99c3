//! What workers send, and what becomes of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::cell::waiters::Waiter;
use crate::failure::Failure;
use crate::parcel::intake::{Overrun, Taken};
use crate::parcel::reply::Reply;
use crate::parcel::{Entry, Freight};
use crate::process::call::Flight;
use crate::process::channel::frame::{Head, Kind, Label, decode_reply};
use crate::process::channel::ring::Broken;
use crate::process::link::Frame;
use crate::process::member::{Duty, Member, Stage};
use crate::process::pool::{Shared, rejected};
use crate::sync::global::lock;
use crate::task::remote::Remote;

impl Shared {
    /// Deals with what a worker has sent, items excepted.
    pub(super) fn take(
        self: &Arc<Self>,
        member: &Arc<Member>,
        found: Result<Option<Frame>, Broken>,
    ) {
        match found {
            Ok(None) => {}
            Ok(Some((head, bytes))) if head.number == 0 => self.prepare(member, head, bytes),
            Ok(Some((head, bytes))) => {
                if let Some((flight, reply)) = self.land(member, head, bytes) {
                    self.settle(flight, reply);
                }
            }
            Err(Broken) => {
                let mut duty = member.duty();
                member.condemn(&mut duty);
            }
        }
    }

    /// Takes an item of a stream, and those that have come after it. Returns who waits for them, to be
    /// woken. Only the keeper comes here, so items keep their order.
    pub(super) fn pass_on(member: &Arc<Member>, head: Head, bytes: Vec<u8>) -> Option<Waiter> {
        let mut duty = member.duty();
        let flight = duty.flight.as_ref().filter(|flight| flight.number == head.number);
        // What has been told to end has no more items.
        if flight.is_some_and(|flight| flight.stop.is_some()) {
            return None;
        }
        let call = flight.map(|flight| Arc::clone(&flight.call));
        let stream = call.as_ref().and_then(|call| Some((call, call.parcel.intake.as_ref()?)));
        let most = member.pool().map_or(0, |pool| pool.settings.message_limit);
        if let Some((call, intake)) = stream.filter(|_| bytes.len() as u64 <= most) {
            drop(duty);
            let mut items = vec![bytes];
            member.take_items(head.number, &mut items);
            match intake.take(items) {
                Ok(Taken::Wanted(waiting)) => return waiting,
                Ok(Taken::Unwanted) => {
                    // The consumer has said so when it went, but perhaps before this worker had the
                    // call.
                    call.cut();
                    return None;
                }
                Err(Overrun) => duty = member.duty(),
            }
        }
        // Nobody has asked for it.
        if duty.stage == Stage::Serving {
            member.condemn(&mut duty);
        }
        None
    }

    /// Takes the answer of a call, and gives the worker its next one.
    pub(super) fn land(
        self: &Arc<Self>,
        member: &Arc<Member>,
        head: Head,
        bytes: Vec<u8>,
    ) -> Option<(Flight, Reply)> {
        let mut duty = member.duty();
        let reply = decode_reply(head.kind, bytes);
        let is_answered = |flight: &mut Flight| {
            reply.is_some() && flight.number == head.number && flight.stop.is_none()
        };
        let flight = duty.flight.take_if(is_answered);
        let (Some(flight), Some(reply)) = (flight, reply) else {
            // What has been told to end ends as it was told. Anything else nobody has asked for.
            if duty.stage == Stage::Serving {
                member.condemn(&mut duty);
            }
            return None;
        };
        duty.served += u64::from(flight.briefs.is_none());
        duty.cpu = None;
        duty.since = Instant::now();
        let is_worn = flight.call.limits.max_calls.is_some_and(|most| duty.served >= most);
        let goes_on = duty.stage == Stage::Serving;
        if is_worn && goes_on {
            self.retire(member, &mut duty);
        }
        drop(duty);
        if goes_on && !is_worn {
            self.next(member);
        }
        Some((flight, reply))
    }

    /// Deals with what a worker has sent before its first call.
    fn prepare(self: &Arc<Self>, member: &Arc<Member>, head: Head, bytes: Vec<u8>) {
        let mut duty = member.duty();
        match (duty.stage, head.kind, self.settings.init) {
            (Stage::Starting, Kind::Ready, Some(entry)) => {
                duty.stage = Stage::Initialising;
                if self.initialise(member, entry) == Err(Broken) {
                    member.condemn(&mut duty);
                }
            }
            (Stage::Starting | Stage::Initialising, Kind::Ready, _) => {
                duty.stage = Stage::Serving;
                duty.since = Instant::now();
                drop(duty);
                let mut state = lock(&self.state);
                (state.stillborn, state.not_before) = (0, None);
                drop(state);
                self.welcome(member);
            }
            (Stage::Initialising, ..) => {
                member.dismiss(&mut duty);
                drop(duty);
                let why = match decode_reply(head.kind, bytes) {
                    Some(Reply::Panicked(panic)) => match panic.location {
                        Some(location) => format!("panicked at {location}: {}", panic.message),
                        None => format!("panicked: {}", panic.message),
                    },
                    Some(Reply::Encoding(why) | Reply::Unsupported(why)) => why,
                    _ => "has not ended as it should".to_owned(),
                };
                let queue = std::mem::take(&mut lock(&self.state).queue);
                for queued in queue {
                    queued.fail(rejected(format!("the initialiser of its processes {why}")));
                }
            }
            _ => member.condemn(&mut duty),
        }
    }

    fn initialise(&self, member: &Member, entry: &'static Entry) -> Result<(), Broken> {
        let label = Label {
            address: entry.address().ok_or(Broken)?,
            name: "initialiser".to_owned(),
            remaining: None,
            memory: None,
            longest: self.settings.message_limit,
            look_ahead: 0,
        };
        let label = label.encode();
        let label_length = u32::try_from(label.len()).map_err(|_| Broken)?;
        let head = Head { kind: Kind::Initialise, number: 0, label: label_length, length: 0 };
        member.send(self.bell(), head, &label, Arc::new(Freight { bytes: Vec::new() }))
    }

    /// The call that this worker has uses too much processor time.
    pub(super) fn exceed_cpu(member: &Member, duty: &mut Duty, limit: Duration) {
        duty.cpu = None;
        let Some(flight) = &mut duty.flight else { return };
        // Somebody else may be ending it.
        if let Some(rights) = flight.job.begin_resolve() {
            let worker = flight.worker(member.number());
            flight.stop = Some((rights, Failure::CpuExceeded { worker, limit }));
            member.condemn(duty);
        }
    }

    fn retire(&self, member: &Member, duty: &mut Duty) {
        member.dismiss(duty);
        // Another one may be wanted.
        self.bell().ring();
    }

    /// Ends a call with the worker's answer. Runs code of the user's types, and callbacks.
    pub(super) fn settle(&self, flight: Flight, reply: Reply) {
        let Flight { call, job, .. } = flight;
        call.finish();
        match reply {
            Reply::TooLarge(bytes) => job.fail_remote(rejected(format!(
                "its value is {bytes} bytes, and {} may be sent",
                self.settings.message_limit
            ))),
            Reply::Unsupported(what) => {
                let call = job.call();
                job.fail_remote(Failure::Unsupported { call, what });
            }
            reply => job.settle(reply),
        }
    }
}
