//! Vectors of length 1, and the cosine of two that are not.

use crate::kernel::dot;
use crate::number::Number;
use crate::rows::Rows;
use crate::search::{PER_ROW, strips};
use rayon::ThreadPool;
use rayon::prelude::*;

/// The cosine of the angle between two vectors of the same length; between -1 and 1.
///
/// A vector of zeros has no direction: its cosine with anything is 0. A NaN or an infinity gives NaN.
pub fn cosine<T: Number>(a: &[T], b: &[T]) -> T {
    let (aa, bb) = (dot(a, a), dot(b, b));
    let cosine = if aa.is_normal() && bb.is_normal() {
        dot(a, b) / (aa.sqrt() * bb.sqrt())
    } else {
        let (mut a, mut b) = (a.to_vec(), b.to_vec());
        normalise(&mut a);
        normalise(&mut b);
        dot(&a, &b)
    };
    // Rounding may have gone past the ends. NaN stays NaN.
    if cosine.is_nan() {
        cosine
    } else {
        cosine.max(-T::one()).min(T::one())
    }
}

/// Scales a vector in place to length 1. Zeros stay zeros; with a NaN in it, all becomes NaN.
pub fn normalise<T: Number>(vector: &mut [T]) {
    let mut square = dot(vector, vector);
    if !square.is_normal() {
        // Squares leave the range of `T` long before the numbers do. Scaled to 1 at most, they stay in it.
        let largest = vector.iter().fold(T::zero(), |most, x| most.max(x.abs()));
        if largest == T::zero() && !square.is_nan() {
            return;
        }
        for x in &mut *vector {
            *x = *x / largest;
        }
        square = dot(vector, vector);
    }
    let norm = square.sqrt();
    for x in vector {
        *x = *x / norm;
    }
}

/// Writes every row, scaled to length 1, into `out`, which holds as many numbers; they may be of another kind.
///
/// `pause` is called now and then, on the caller's thread; an error of it ends the work.
pub fn normalise_rows<T: Number, O: Number, E>(
    pool: &ThreadPool,
    rows: Rows<'_, T>,
    out: &mut [O],
    mut pause: impl FnMut() -> Result<(), E>,
) -> Result<(), E> {
    let (width, tile_len) = (rows.width(), rows.tile_len());
    if width == 0 {
        return Ok(());
    }
    for strip in strips(rows.len(), tile_len, 4 * width + PER_ROW) {
        let strip_out = &mut out[strip.start * width..strip.end * width];
        let write = |(tile, out): (usize, &mut [O])| {
            let start = strip.start + tile * tile_len;
            let (mut scratch, mut row) = (Vec::new(), vec![T::zero(); width]);
            let tile = rows.tile(start..start + out.len() / width, &mut scratch);
            for (given, out) in tile.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
                row.copy_from_slice(given);
                normalise(&mut row);
                for (out, &x) in out.iter_mut().zip(&row) {
                    // Fails for no float.
                    *out = O::from(x).unwrap_or(O::nan());
                }
            }
        };
        if strip.len() <= tile_len {
            // To wake a thread would cost more.
            write((0, strip_out));
        } else {
            let tiles = strip_out.par_chunks_mut(tile_len * width).enumerate();
            pool.install(|| tiles.for_each(write));
        }
        pause()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zeros_have_no_direction() {
        assert_eq!(cosine::<f32>(&[0.0, 0.0], &[1.0, 2.0]), 0.0);
        assert_eq!(cosine::<f64>(&[], &[]), 0.0);
        let mut zeros = [0.0_f32, -0.0];
        normalise(&mut zeros);
        assert_eq!(zeros, [0.0, 0.0]);
    }

    #[test]
    fn what_is_no_number_is_not_hidden() {
        for bad in [f32::NAN, f32::INFINITY] {
            assert!(cosine(&[bad, 1.0], &[1.0, 1.0]).is_nan());
            assert!(cosine(&[1.0, 1.0], &[0.0, bad]).is_nan());
        }
        let mut row = [f32::NAN, 0.0];
        normalise(&mut row);
        assert!(row.iter().all(|x| x.is_nan()));
    }

    proptest! {
        // From the smallest numbers there are to the largest: their squares are 0 or infinite.
        #[test]
        fn does_not_depend_on_the_scale(angle in 0.0_f32..6.3, power in -126_i32..126) {
            let scale = 2.0_f32.powi(power);
            let cosine = cosine(&[angle.cos() * scale, angle.sin() * scale], &[scale, 0.0]);
            prop_assert!((cosine - angle.cos()).abs() <= 1e-6, "{cosine}");
            prop_assert!(cosine.abs() <= 1.0);
        }
    }
}
