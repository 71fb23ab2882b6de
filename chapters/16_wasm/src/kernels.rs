//! The loops that take the time: products of rows. Each has one line of plain Rust as its definition, in the tests.

/// Sums that are kept apart, so that four registers of four numbers can be added to at once.
const LANES: usize = 16;

/// The dot product of two rows; the shorter one counts.
///
/// Sixteen sums instead of one: a chain of additions must be done in its order, and the compiler makes vector instructions of
/// what need not be (chapter 5). For WebAssembly it does so because the course's `.cargo/config.toml` asks for `simd128`.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let (a, b) = (&a[..length], &b[..length]);
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = length / LANES * LANES;
    let tail: f32 = a[rest..].iter().zip(&b[rest..]).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + tail
}

/// The dot product of a row of bytes and a row of 16-bit numbers, exactly.
///
/// The caller sees to it that the sum fits into 32 bits.
pub fn dot_bytes(weights: &[i8], numbers: &[i16]) -> i32 {
    let pairs = weights.iter().zip(numbers);
    pairs.map(|(w, n)| i32::from(*w) * i32::from(*n)).sum()
}

/// The products of every row of `weights` with each of up to four rows of `numbers`: `sums[row][number]`.
///
/// This is the inner loop of [`QuantisedMatrix`](crate::quantised::QuantisedMatrix): two rows of weights and four of numbers at a
/// time, so that each is loaded once for several products.
pub fn tile(weights: [&[i8]; 2], numbers: [&[i16]; 4]) -> [[i32; 4]; 2] {
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    {
        simd::tile(weights, numbers)
    }
    #[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
    {
        weights.map(|weights| numbers.map(|numbers| dot_bytes(weights, numbers)))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use super::dot_bytes;
    use std::arch::wasm32::{
        i16x8_load_extend_i8x8, i32x4_add, i32x4_dot_i16x8, i32x4_extract_lane, i32x4_splat, v128,
        v128_load,
    };

    /// Numbers in a register of 128 bits.
    const STEP: usize = 8;

    pub fn tile(weights: [&[i8]; 2], numbers: [&[i16]; 4]) -> [[i32; 4]; 2] {
        let length = weights[0].len();
        assert!(weights[1].len() == length && numbers.iter().all(|row| row.len() == length));
        let mut sums = [[i32x4_splat(0); 4]; 2];
        for at in (0..length / STEP * STEP).step_by(STEP) {
            // `i32x4_dot_i16x8` multiplies eight pairs and adds neighbours: half of the additions come for nothing.
            #[expect(
                unsafe_code,
                reason = "all rows have `length` numbers, and at + STEP <= length"
            )]
            let (weights, numbers): ([v128; 2], [v128; 4]) = unsafe {
                (
                    weights.map(|row| i16x8_load_extend_i8x8(row.as_ptr().add(at))),
                    numbers.map(|row| v128_load(row.as_ptr().add(at).cast())),
                )
            };
            for (sums, weights) in sums.iter_mut().zip(weights) {
                for (sum, numbers) in sums.iter_mut().zip(numbers) {
                    *sum = i32x4_add(*sum, i32x4_dot_i16x8(weights, numbers));
                }
            }
        }
        let rest = length / STEP * STEP;
        let mut done = [[0; 4]; 2];
        for row in 0..2 {
            for number in 0..4 {
                let sum = sums[row][number];
                done[row][number] = i32x4_extract_lane::<0>(sum)
                    + i32x4_extract_lane::<1>(sum)
                    + i32x4_extract_lane::<2>(sum)
                    + i32x4_extract_lane::<3>(sum)
                    + dot_bytes(&weights[row][rest..], &numbers[number][rest..]);
            }
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn dot_is_the_sum_of_the_products(pairs in prop::collection::vec((-9_i8..9, -9_i8..9), 0..70)) {
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.iter().map(|(a, b)| (f32::from(*a), f32::from(*b))).unzip();
            let want: i32 = pairs.iter().map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
            // Whole numbers of this size are exact in f32, in whatever order they are added.
            prop_assert_eq!(dot(&a, &b), want as f32);
        }
    }

    #[test]
    fn a_tile_is_eight_products() {
        let weights: Vec<i8> = (0..42).map(|n| (n * 37 % 255 - 127) as i8).collect();
        let numbers: Vec<i16> = (0..84).map(|n| (n * 7919 % 16383 - 8191) as i16).collect();
        let rows = [&weights[..21], &weights[21..]];
        let columns = [0, 1, 2, 3].map(|n| &numbers[21 * n..21 * (n + 1)]);
        let got = tile(rows, columns);
        for (row, weights) in rows.iter().enumerate() {
            for (column, numbers) in columns.iter().enumerate() {
                assert_eq!(got[row][column], dot_bytes(weights, numbers));
            }
        }
    }
}
