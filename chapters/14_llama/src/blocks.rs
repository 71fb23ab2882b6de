//! Quantised numbers, plainly: what a block is, how activations are rounded, and a dot product of the two.
//!
//! This is the version to read. [`crate::simd`] computes the same with the processor's vector instructions.

use crate::gguf::Format;
use half::f16;
use rayon::prelude::*;

/// Numbers in a block, in all formats that are multiplied here.
pub const BLOCK: usize = 32;

/// Rows of activations, rounded to bytes.
///
/// A weight of four bits times an `f32` would have to be widened first. Times a byte it is a whole number, and the
/// scales are multiplied in once a block.
pub struct Activations {
    /// Numbers in a row.
    pub cols: usize,
    /// A byte for each number.
    pub codes: Vec<[i8; BLOCK]>,
    /// For each block its scale, and the scale times the sum of its codes: what a weight's minimum is multiplied with.
    pub scales: Vec<[f32; 2]>,
}

/// The codes and the scales of a row's blocks.
type Row<'a> = (&'a [[i8; BLOCK]], &'a [[f32; 2]]);

impl Activations {
    /// Rounds rows of `cols` numbers each; `cols` is a multiple of 32.
    ///
    /// # Panics
    ///
    /// If `x` is not whole rows of whole blocks.
    pub fn new(x: &[f32], cols: usize) -> Self {
        let (blocks, rest) = x.as_chunks::<BLOCK>();
        assert!(
            rest.is_empty() && cols.is_multiple_of(BLOCK) && x.len().is_multiple_of(cols),
            "whole blocks only"
        );
        // A thousand blocks are some microseconds: one thread's work, and a prompt's tokens are everybody's.
        let (codes, scales) = blocks.par_iter().with_min_len(1_024).map(round).unzip();
        Self {
            cols,
            codes,
            scales,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.codes.len() * BLOCK / self.cols
    }

    /// The blocks of `N` rows, from row `first` on; `blocks` is how many a row has.
    pub(crate) fn some_rows<const N: usize>(&self, first: usize, blocks: usize) -> [Row<'_>; N] {
        // The length is said once, so that a loop over the blocks needs no check of a bound.
        std::array::from_fn(|n| {
            let (codes, scales) = self.row(first + n);
            (&codes[..blocks], &scales[..blocks])
        })
    }

    /// The blocks of one row.
    pub(crate) fn row(&self, row: usize) -> Row<'_> {
        let blocks = self.cols / BLOCK;
        (
            &self.codes[row * blocks..][..blocks],
            &self.scales[row * blocks..][..blocks],
        )
    }
}

/// The largest of the numbers becomes 127 or -127.
pub(crate) fn round(x: &[f32; BLOCK]) -> ([i8; BLOCK], [f32; 2]) {
    let largest = x.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let scale = largest / 127.0;
    let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
    // `as` drops what is behind the point, and a half added first makes that rounding. (A call of `round` would be one
    // call a number.) No code leaves -127..=127: the largest number is 127 itself.
    let codes = x.map(|x| {
        let x = x * inverse;
        (x + 0.5_f32.copysign(x)) as i8
    });
    let sum: i32 = codes.iter().map(|&code| i32::from(code)).sum();
    (codes, [scale, scale * sum as f32])
}

/// A row of weights as `f32`. `None` if the format is not one that is computed with here.
pub fn dequantise(format: Format, row: &[u8]) -> Option<Vec<f32>> {
    Some(match format {
        Format::F32 => row
            .as_chunks()
            .0
            .iter()
            .map(|&x| f32::from_le_bytes(x))
            .collect(),
        Format::F16 => row.as_chunks().0.iter().map(|&x| half(x)).collect(),
        Format::Q4_0 => row.as_chunks().0.iter().flat_map(q4_0).collect(),
        Format::Q4_1 => row.as_chunks().0.iter().flat_map(q4_1).collect(),
        Format::Q8_0 => row.as_chunks().0.iter().flat_map(q8_0).collect(),
        Format::Other(..) => return None,
    })
}

/// A number of two bytes.
pub(crate) fn half(bytes: [u8; 2]) -> f32 {
    f16::from_le_bytes(bytes).to_f32()
}

/// The sixteen low halves of the bytes are numbers 0 to 15, the high halves 16 to 31.
fn nibbles(bytes: &[u8]) -> [u8; BLOCK] {
    std::array::from_fn(|i| {
        if i < 16 {
            bytes[i] & 15
        } else {
            bytes[i - 16] >> 4
        }
    })
}

fn q4_0(block: &[u8; 18]) -> [f32; BLOCK] {
    let scale = half([block[0], block[1]]);
    nibbles(&block[2..]).map(|code| scale * (f32::from(code) - 8.0))
}

fn q4_1(block: &[u8; 20]) -> [f32; BLOCK] {
    let (scale, least) = (half([block[0], block[1]]), half([block[2], block[3]]));
    nibbles(&block[4..]).map(|code| scale * f32::from(code) + least)
}

fn q8_0(block: &[u8; 34]) -> [f32; BLOCK] {
    let scale = half([block[0], block[1]]);
    std::array::from_fn(|i| scale * f32::from(block[2 + i].cast_signed()))
}

/// Rounds numbers to `Q8_0`, the format for weights that come in one we do not multiply.
pub fn quantise_q8_0(x: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(x.len() / BLOCK * 34);
    for block in x.as_chunks::<BLOCK>().0 {
        let (codes, [scale, _]) = round(block);
        bytes.extend(f16::from_f32(scale).to_le_bytes());
        bytes.extend(codes.map(i8::cast_unsigned));
    }
    bytes
}

/// Rounds numbers to `Q4_1`: the least is code 0, the largest code 15.
pub fn quantise_q4_1(x: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(x.len() / BLOCK * 20);
    for block in x.as_chunks::<BLOCK>().0 {
        let least = block.iter().copied().fold(f32::INFINITY, f32::min);
        let most = block.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let scale = (most - least) / 15.0;
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        bytes.extend(f16::from_f32(scale).to_le_bytes());
        bytes.extend(f16::from_f32(least).to_le_bytes());
        #[allow(clippy::cast_sign_loss, reason = "nothing is below the least")]
        let code = |x: f32| ((x - least) * inverse + 0.5).min(15.0) as u8;
        bytes.extend((0..16).map(|i| code(block[i]) | code(block[i + 16]) << 4));
    }
    bytes
}

/// The dot product of a row of weights with a row of activations.
///
/// With a weight `d·q + m` and an activation `s·a`, a block's products sum to `d·s·Σqa + m·s·Σa`: one sum of whole
/// numbers, and two multiplications. `None` if the format is not one of blocks.
pub fn dot(format: Format, row: &[u8], codes: &[[i8; BLOCK]], scales: &[[f32; 2]]) -> Option<f32> {
    let both = codes.iter().zip(scales);
    let whole = |q: [i32; BLOCK], a: &[i8; BLOCK]| -> f32 {
        q.iter().zip(a).map(|(q, &a)| q * i32::from(a)).sum::<i32>() as f32
    };
    Some(match format {
        Format::Q4_0 => (row.as_chunks::<18>().0.iter().zip(both))
            .map(|(w, (a, [s, sum]))| {
                let d = half([w[0], w[1]]);
                d * s * whole(nibbles(&w[2..]).map(i32::from), a) - 8.0 * d * sum
            })
            .sum(),
        Format::Q4_1 => (row.as_chunks::<20>().0.iter().zip(both))
            .map(|(w, (a, [s, sum]))| {
                let (d, m) = (half([w[0], w[1]]), half([w[2], w[3]]));
                d * s * whole(nibbles(&w[4..]).map(i32::from), a) + m * sum
            })
            .sum(),
        Format::Q8_0 => (row.as_chunks::<34>().0.iter().zip(both))
            .map(|(w, (a, [s, _]))| {
                let q = std::array::from_fn(|i| i32::from(w[2 + i].cast_signed()));
                half([w[0], w[1]]) * s * whole(q, a)
            })
            .sum(),
        _ => return None,
    })
}
