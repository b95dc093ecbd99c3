//! A type that holds itself in every way there is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dice::Dice;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Tree {
    Leaf,
    Small(u8),
    Large(i128),
    Float(f64),
    Letter(char),
    Text(String),
    Bytes(Vec<u8>),
    Numbers(Vec<i64>),
    Maybe(Option<Box<Tree>>),
    #[expect(clippy::option_option, reason = "formats confuse the two")]
    Nested(Option<Option<()>>),
    Many(Vec<Tree>),
    Pair(Box<Tree>, Box<Tree>),
    Struct {
        left: Box<Tree>,
        right: Option<Box<Tree>>,
    },
    Map(BTreeMap<(u8, String), Tree>),
    Result(Result<Box<Tree>, String>),
}

impl Tree {
    pub(super) fn random(dice: &mut Dice, depth: usize) -> Self {
        let kinds = if depth == 0 { 9 } else { 15 };
        let few = |dice: &mut Dice| dice.below(12);
        match dice.below(kinds) {
            0 => Self::Leaf,
            1 => Self::Small(dice.byte()),
            2 => Self::Large(i128::from(dice.next()) - (i128::from(dice.next()) << 60)),
            3 => Self::Float(dice.float()),
            4 => Self::Letter(dice.letter()),
            5 => Self::Text(dice.text()),
            6 => Self::Bytes((0..few(dice)).map(|_| dice.byte()).collect()),
            7 => Self::Numbers((0..few(dice)).map(|_| dice.signed()).collect()),
            8 => Self::Nested([None, Some(None), Some(Some(()))][dice.below(3)]),
            9 => Self::Maybe((dice.below(2) == 0).then(|| Box::new(Self::random(dice, depth - 1)))),
            10 => Self::Many((0..few(dice)).map(|_| Self::random(dice, depth - 1)).collect()),
            11 => Self::Pair(Self::boxed(dice, depth), Self::boxed(dice, depth)),
            12 => Self::Struct { left: Self::boxed(dice, depth), right: None },
            13 => {
                let entry =
                    |dice: &mut Dice| ((dice.byte(), dice.text()), Self::random(dice, depth - 1));
                Self::Map((0..few(dice)).map(|_| entry(dice)).collect())
            }
            _ => Self::Result(if dice.below(2) == 0 {
                Ok(Self::boxed(dice, depth))
            } else {
                Err(dice.text())
            }),
        }
    }

    fn boxed(dice: &mut Dice, depth: usize) -> Box<Self> {
        Box::new(Self::random(dice, depth - 1))
    }
}
