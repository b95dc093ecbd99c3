//! What is planned for a call, and what is right for its end.

use background::Failure;
use background_tests::faults::Fault;
use serde::{Deserialize, Serialize};

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Plan {
    /// Nothing is wrong with it.
    Sound,
    /// Nothing is wrong with a value of many bytes.
    Large,
    Panics,
    /// With a payload that panics when it is dropped.
    PanicsTwice,
    Strikes(Fault),
    /// While its arguments are decoded.
    StrikesEarly(Fault),
    /// While its value is encoded.
    StrikesLate(Fault),
    /// It leaves a child behind that holds everything, and dies.
    Orphans,
    /// It waits for ever, and has a time-out.
    Hangs,
    /// It stops itself, and has a time-out.
    Stops,
    /// It waits for ever, and is cancelled.
    Cancelled,
    /// Its value cannot be encoded.
    Refuses,
    /// It uses more memory than it may.
    Eats,
    /// It uses more processor time than it may.
    Spins,
    /// It closes all descriptors.
    Closes,
    /// Its worker dies at any time, perhaps when this call is over.
    Murdered,
}

impl Plan {
    /// The numbers from 0 on stand for plans; about a third are sound.
    pub(crate) fn of(number: u64) -> Self {
        let fault = Fault::ALL[usize::try_from(number / 32).unwrap_or(0) % Fault::ALL.len()];
        match number % 32 {
            0..9 => Self::Sound,
            9 => Self::Large,
            10 | 11 => Self::Panics,
            12 => Self::PanicsTwice,
            13..20 => Self::Strikes(fault),
            20 => Self::StrikesEarly(fault),
            21 => Self::StrikesLate(fault),
            22 => Self::Orphans,
            23 => Self::Hangs,
            24 => Self::Stops,
            25 | 26 => Self::Cancelled,
            27 => Self::Refuses,
            28 => Self::Eats,
            29 => Self::Spins,
            30 => Self::Closes,
            _ => Self::Murdered,
        }
    }

    pub(crate) fn is_fault(self) -> bool {
        !matches!(self, Self::Sound | Self::Large)
    }

    /// Its place in a table of kinds.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Large => "large",
            Self::Panics => "panics",
            Self::PanicsTwice => "panics twice",
            Self::Strikes(_) => "dies",
            Self::StrikesEarly(_) => "dies decoding",
            Self::StrikesLate(_) => "dies encoding",
            Self::Orphans => "dies, child stays",
            Self::Hangs => "hangs",
            Self::Stops => "stops",
            Self::Cancelled => "is cancelled",
            Self::Refuses => "cannot be encoded",
            Self::Eats => "eats memory",
            Self::Spins => "spins",
            Self::Closes => "closes all",
            Self::Murdered => "dies at any time",
        }
    }

    /// This is a right end for a call with that number.
    pub(crate) fn is_right(self, number: u64, outcome: &Result<Vec<u64>, Failure>) -> bool {
        let own = |value: &[u64]| value.iter().all(|it| *it == number) && !value.is_empty();
        match (self, outcome) {
            (
                Self::Strikes(fault) | Self::StrikesEarly(fault) | Self::StrikesLate(fault),
                Err(Failure::Crashed { signal, code, .. }),
            ) => (*signal, *code) == (fault.signal(), fault.code()),
            (Self::Large, Ok(value)) => value.len() == crate::bodies::LARGE && own(value),
            (Self::Sound | Self::Closes | Self::Murdered | Self::Cancelled, Ok(value)) => {
                value[..] == [number]
            }
            (Self::Panics, Err(Failure::Panicked { message, .. })) => {
                *message == format!("call {number}")
            }
            (_, Ok(_)) => false,
            (plan, Err(failure)) => match plan {
                Self::PanicsTwice => failure.is_panic(),
                Self::Orphans | Self::Closes | Self::Murdered => failure.is_crash(),
                Self::Hangs | Self::Stops => failure.is_timeout(),
                Self::Cancelled => failure.is_cancelled(),
                Self::Refuses => failure.is_encoding(),
                Self::Eats => failure.is_out_of_memory(),
                Self::Spins => failure.is_cpu_exceeded(),
                _ => false,
            },
        }
    }
}
