//! The colours of a picture.

use crate::picture::Picture;

/// Red, green and blue.
pub(crate) type Colour = [u8; 3];

/// A colour for each count.
pub(crate) struct Palette(Vec<Colour>);

impl Palette {
    pub(crate) fn new(picture: &Picture) -> Self {
        let mut colours: Vec<Colour> = (0..picture.inside()).map(|n| mix(n, picture)).collect();
        // The set itself is black.
        colours.push([0; 3]);
        Self(colours)
    }

    pub(crate) fn colour(&self, count: u16) -> Colour {
        self.0[usize::from(count)]
    }

    /// The bytes of a row.
    pub(crate) fn row(&self, counts: &[u16]) -> Vec<u8> {
        counts.iter().flat_map(|count| self.colour(*count)).collect()
    }
}

/// From blue over green to red, and dark at both ends.
fn mix(count: u16, picture: &Picture) -> Colour {
    // Most of a picture leaves early, so the first counts get most of the colours.
    let far = f64::from(count).ln_1p() / f64::from(picture.inside()).ln_1p();
    let near = 1.0 - far;
    let red = 9.0 * near * far.powi(3);
    let green = 15.0 * near.powi(2) * far.powi(2);
    let blue = 8.5 * near.powi(3) * far;
    [red, green, blue].map(byte)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
fn byte(share: f64) -> u8 {
    (share * 255.0).round().clamp(0.0, 255.0) as u8
}
