//! Formats that are read and not multiplied: their weights are widened to `f32` when a model is loaded, and rounded to
//! `Q8_0`, which keeps more than any of them has.
//!
//! The K formats have blocks of 256 weights, in groups of 16 or 32. Each group has a scale, and in some a minimum, of six
//! bits or four; what these are multiplied with stands once a block, in half precision. So a scale costs less than in `Q4_1`, and
//! there can be more of them. Layouts: `ggml-quants.c` of llama.cpp.

use crate::blocks::half;
use crate::gguf::Format;

/// Weights of a format that is not multiplied here. `None` if it is not read either.
pub fn widen(format: Format, bytes: &[u8]) -> Option<Vec<f32>> {
    let Format::Other(id, ..) = format else {
        return None;
    };
    Some(match id {
        6 => bytes.as_chunks().0.iter().flat_map(q5_0).collect(),
        7 => bytes.as_chunks().0.iter().flat_map(q5_1).collect(),
        10 => bytes.as_chunks().0.iter().flat_map(q2_k).collect(),
        11 => bytes.as_chunks().0.iter().flat_map(q3_k).collect(),
        12 => bytes.as_chunks().0.iter().flat_map(q4_k).collect(),
        13 => bytes.as_chunks().0.iter().flat_map(q5_k).collect(),
        14 => bytes.as_chunks().0.iter().flat_map(q6_k).collect(),
        30 => bytes.as_chunks().0.iter().map(|&x| bf16(x)).collect(),
        _ => return None,
    })
}

/// The upper half of an `f32`.
fn bf16([low, high]: [u8; 2]) -> f32 {
    f32::from_le_bytes([0, 0, low, high])
}

fn half_at(bytes: &[u8], at: usize) -> f32 {
    half([bytes[at], bytes[at + 1]])
}

/// 32 codes of five bits: four in `low`, as in `Q4_0`, and the fifth in `high`, a bit each.
fn five_bits(low: &[u8], high: &[u8], i: usize) -> f32 {
    let four = if i < 16 {
        low[i] & 15
    } else {
        low[i - 16] >> 4
    };
    f32::from(four | (high[i / 8] >> (i % 8) & 1) << 4)
}

fn q5_0(block: &[u8; 22]) -> [f32; 32] {
    let scale = half_at(block, 0);
    std::array::from_fn(|i| scale * (five_bits(&block[6..], &block[2..6], i) - 16.0))
}

fn q5_1(block: &[u8; 24]) -> [f32; 32] {
    let (scale, least) = (half_at(block, 0), half_at(block, 2));
    std::array::from_fn(|i| scale * five_bits(&block[8..], &block[4..8], i) + least)
}

/// 16 groups of 16. A byte of `codes` holds two bits of four weights, which are 32 apart.
fn q2_k(block: &[u8; 84]) -> [f32; 256] {
    let (scales, codes) = (&block[..16], &block[16..80]);
    let (scale, least) = (half_at(block, 80), half_at(block, 82));
    std::array::from_fn(|i| {
        let group = scales[i / 16];
        let code = codes[i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3;
        scale * f32::from(group & 15) * f32::from(code) - least * f32::from(group >> 4)
    })
}

/// As `Q2_K`, with a third bit of each weight in `high`, and signed scales of six bits.
fn q3_k(block: &[u8; 110]) -> [f32; 256] {
    let (high, codes, scales) = (&block[..32], &block[32..96], &block[96..108]);
    let scale = half_at(block, 108);
    std::array::from_fn(|i| {
        let group = i / 16;
        let four = scales[group % 8] >> (group / 8 * 4) & 15;
        let two = scales[8 + group % 4] >> (group / 4 * 2) & 3;
        let code = codes[i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3;
        let third = high[i % 32] >> (i / 32) & 1;
        scale * (f32::from(four | two << 4) - 32.0) * (f32::from(code | third << 2) - 4.0)
    })
}

/// The scale and the minimum of a group in `Q4_K` and `Q5_K`: six bits each, sixteen of them in twelve bytes.
fn scale_and_least(packed: &[u8], group: usize) -> (f32, f32) {
    let (scale, least) = if group < 4 {
        (packed[group] & 63, packed[group + 4] & 63)
    } else {
        let both = packed[group + 4];
        let upper = |byte: u8| byte >> 6 << 4;
        (
            both & 15 | upper(packed[group - 4]),
            both >> 4 | upper(packed[group]),
        )
    };
    (f32::from(scale), f32::from(least))
}

/// Eight groups of 32. A byte holds a weight of one group and one of the next.
fn q4_k(block: &[u8; 144]) -> [f32; 256] {
    let (scale, least) = (half_at(block, 0), half_at(block, 2));
    std::array::from_fn(|i| {
        let (s, m) = scale_and_least(&block[4..16], i / 32);
        let code = block[16 + i / 64 * 32 + i % 32] >> (i / 32 % 2 * 4) & 15;
        scale * s * f32::from(code) - least * m
    })
}

/// As `Q4_K`, with a fifth bit of each weight.
fn q5_k(block: &[u8; 176]) -> [f32; 256] {
    let (scale, least) = (half_at(block, 0), half_at(block, 2));
    std::array::from_fn(|i| {
        let (s, m) = scale_and_least(&block[4..16], i / 32);
        let four = block[48 + i / 64 * 32 + i % 32] >> (i / 32 % 2 * 4) & 15;
        let fifth = block[16 + i % 32] >> (i / 32) & 1;
        scale * s * f32::from(four | fifth << 4) - least * m
    })
}

/// 16 groups of 16, with a signed byte as scale. Four bits of a weight stand in the first 128 bytes, two in the next 64.
fn q6_k(block: &[u8; 210]) -> [f32; 256] {
    let (low, high, scales) = (&block[..128], &block[128..192], &block[192..208]);
    let scale = half_at(block, 208);
    std::array::from_fn(|i| {
        let (half, row) = (i / 128, i / 32 % 4);
        let four = low[half * 64 + row % 2 * 32 + i % 32] >> (row / 2 * 4) & 15;
        let two = high[half * 32 + i % 32] >> (row * 2) & 3;
        let group = f32::from(scales[i / 16].cast_signed());
        scale * group * (f32::from(four | two << 4) - 32.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A format, the bytes of its block, where its one or two halves are; and of its numbers, as the Python package `gguf` 0.19
    /// reads them: the fourth, the 32nd, the last, and the sum of each times its place. All are exact in an `f32`.
    type Row = (u32, usize, &'static [usize], [f64; 4]);
    const ROWS: [Row; 7] = [
        (6, 22, &[0], [-0.5, -7.0, -7.0, 333.5]),
        (7, 24, &[0, 2], [8.75, 6.75, 6.75, 4598.0]),
        (10, 84, &[80, 82], [5.5, 2.75, -1.25, 162_042.0]),
        (11, 110, &[108], [13.5, 11.5, 0.0, 15_532.0]),
        (12, 144, &[0, 2], [54.75, 84.75, 175.25, 4_243_744.0]),
        (13, 176, &[0, 2], [174.75, 204.75, 146.25, 8_818_544.0]),
        (14, 210, &[208], [185.5, -178.5, 1287.0, -1_289_552.0]),
    ];

    #[test]
    fn finds_the_numbers_that_the_makers_of_the_format_find() {
        for (id, length, halves, want) in ROWS {
            let mut block: Vec<u8> = (0..length)
                .map(|i| (i * i * 7 + i * 37 + 11) as u8)
                .collect();
            for (&at, number) in halves.iter().zip([0.5_f32, 0.25]) {
                block[at..at + 2].copy_from_slice(&half::f16::from_f32(number).to_le_bytes());
            }
            let got = widen(Format::Other(id, 0, 0), &block).expect("a format that is read");
            let got: Vec<f64> = got.into_iter().map(f64::from).collect();
            let sum = got
                .iter()
                .zip(1..)
                .map(|(x, place)| x * f64::from(place))
                .sum();
            assert_eq!(
                [got[3], got[31], got[got.len() - 1], sum],
                want,
                "format {id}"
            );
        }
        assert_eq!(
            widen(Format::Other(30, 1, 2), &[0x80, 0xbf]),
            Some(vec![-1.0])
        );
        assert_eq!(widen(Format::Other(19, 256, 50), &[0; 50]), None);
    }
}
