//! The Mandelbrot set, and nothing else: what a row of a picture of it is.

use serde::{Deserialize, Serialize};

/// The counts of a row, from left to right.
pub(crate) type Row = Vec<u16>;

/// A part of the complex plane, and how closely it is looked at.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The middle.
    pub(crate) real: f64,
    pub(crate) imaginary: f64,
    /// From the middle to the first and to the last column.
    pub(crate) radius: f64,
    /// How long a point is followed.
    pub(crate) iterations: u16,
}

impl Picture {
    /// A row of it; the first is the uppermost.
    pub(crate) fn row(&self, y: u32) -> Row {
        let step = 2.0 * self.radius / f64::from(self.width.max(2) - 1);
        let left = if self.width == 1 { self.real } else { self.real - self.radius };
        let middle = f64::from(self.height - 1) / 2.0;
        let imaginary = self.imaginary + step * (middle - f64::from(y));
        let points = (0..self.width).map(|x| left + step * f64::from(x));
        points.map(|real| count(real, imaginary, self.iterations)).collect()
    }

    /// What a point has that never leaves: as if it had left when one stopped looking.
    pub(crate) fn inside(&self) -> u16 {
        self.iterations - 1
    }

    pub(crate) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// The number of the first point that has left the circle around the set, counted from 1 along the way
/// 0, c, c² + c, (c² + c)² + c …; at most one less than `iterations`.
fn count(real: f64, imaginary: f64, iterations: u16) -> u16 {
    let (mut x, mut y) = (0.0, 0.0);
    for number in 1..iterations {
        let (x2, y2) = (x * x, y * y);
        if x2 + y2 > 4.0 {
            return number;
        }
        (x, y) = (x2 - y2 + real, 2.0 * x * y + imaginary);
    }
    iterations - 1
}
