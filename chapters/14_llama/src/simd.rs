//! The dot products of [`crate::blocks`] with vector instructions, chosen when the program runs.
//!
//! A program for every x86-64 processor may use only what the first of them had, sixteen bytes at a time. What this one
//! has is asked once, and the same loop is compiled for each answer:
//!
//! | level | instructions | products in one |
//! |---|---|---|
//! | `Plain` | those of every processor; other architectures, too | |
//! | `Avx2` | AVX2, FMA, F16C: `maddubs` and `madd` | 32, in two steps |
//! | `Vnni` | and AVX-512 VNNI: `dpbusd` multiplies bytes and adds up four at a time | 64 |
//!
//! A block of weights that is unpacked serves four or eight rows of activations: a prompt's tokens, or one token each of several
//! conversations. Every sum is added up in one order, whatever is beside it; so a sequence gets the same bits alone and
//! among others.

use crate::blocks::{self, Activations};
use crate::gguf::Format;
use std::sync::OnceLock;

// The formats, as numbers that a function can be compiled for.
#[cfg(target_arch = "x86_64")]
const Q4_0: u8 = 0;
#[cfg(target_arch = "x86_64")]
const Q4_1: u8 = 1;
#[cfg(target_arch = "x86_64")]
const Q8_0: u8 = 2;

/// Which instructions the products are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No others than the compiler takes by itself.
    Plain,
    /// AVX2, FMA and F16C: since 2013.
    Avx2,
    /// AVX-512 with VNNI.
    Vnni,
}

impl Level {
    /// The best that this processor has.
    pub fn best() -> Self {
        static BEST: OnceLock<Level> = OnceLock::new();
        *BEST.get_or_init(|| {
            #[cfg(target_arch = "x86_64")]
            {
                use std::arch::is_x86_feature_detected as has;
                if has!("avx2") && has!("fma") && has!("f16c") {
                    let vnni = has!("avx512f")
                        && has!("avx512bw")
                        && has!("avx512vl")
                        && has!("avx512vnni");
                    return if vnni { Self::Vnni } else { Self::Avx2 };
                }
            }
            Self::Plain
        })
    }

    /// This level, or the best one if this processor lacks it.
    #[must_use]
    pub fn or_best(self) -> Self {
        self.min(Self::best())
    }
}

/// All rows of `weights` times all rows of `x`: `out[w * x.rows() + a]` gets row `w` times row `a`.
///
/// # Panics
///
/// If `out` has another length, or the format is not one of blocks.
pub fn products(level: Level, format: Format, weights: &[u8], x: &Activations, out: &mut [f32]) {
    match level.or_best() {
        #[cfg(target_arch = "x86_64")]
        #[allow(
            unsafe_code,
            reason = "only the caller can know that the processor has the instructions"
        )]
        // SAFETY: `or_best` returns `Avx2` only if `best` found AVX2, FMA and F16C on this processor.
        Level::Avx2 => unsafe { avx2::products(format, weights, x, out) },
        #[cfg(target_arch = "x86_64")]
        #[allow(
            unsafe_code,
            reason = "only the caller can know that the processor has the instructions"
        )]
        // SAFETY: `or_best` returns `Vnni` only if `best` found AVX-512 F, BW, VL and VNNI besides those of `Avx2`.
        Level::Vnni => unsafe { vnni::products(format, weights, x, out) },
        _ => plain(format, weights, x, out),
    }
}

/// The sums of the rows of `blocks`, one after another.
fn plain(format: Format, weights: &[u8], x: &Activations, out: &mut [f32]) {
    let (numbers, bytes) = format.block();
    let rows = weights.chunks_exact(x.cols / numbers * bytes);
    for (row, out) in rows.zip(out.chunks_exact_mut(x.rows())) {
        for (a, out) in out.iter_mut().enumerate() {
            let (codes, scales) = x.row(a);
            *out = blocks::dot(format, row, codes, scales).expect("a format of blocks");
        }
    }
}

/// One block at a time: 32 products in two steps, in registers of 256 bits.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Activations, Format, Q4_0, Q4_1, Q8_0};
    use bytemuck::{cast, pod_read_unaligned};
    #[allow(
        clippy::wildcard_imports,
        reason = "some thirty instructions, whose names say whose they are"
    )]
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx2,fma,f16c")]
    pub fn products(format: Format, weights: &[u8], x: &Activations, out: &mut [f32]) {
        match format {
            Format::Q4_0 => of_format::<Q4_0, 18>(weights, x, out),
            Format::Q4_1 => of_format::<Q4_1, 20>(weights, x, out),
            Format::Q8_0 => of_format::<Q8_0, 34>(weights, x, out),
            _ => super::plain(format, weights, x, out),
        }
    }

    #[target_feature(enable = "avx2,fma,f16c")]
    fn of_format<const FORMAT: u8, const BYTES: usize>(
        weights: &[u8],
        x: &Activations,
        out: &mut [f32],
    ) {
        let rows = weights.as_chunks::<BYTES>().0.chunks_exact(x.cols / 32);
        let count = x.rows();
        for (row, out) in rows.zip(out.chunks_exact_mut(count)) {
            // Four sums and their operands: with more, the sixteen registers overflow.
            let fours = count - count % 4;
            for a in (0..fours).step_by(4) {
                tile::<FORMAT, BYTES, 4>(row, x, a, out);
            }
            for a in fours..count {
                tile::<FORMAT, BYTES, 1>(row, x, a, out);
            }
        }
    }

    /// A row of weights with `N` rows of activations, from row `a` on. The weights are read in the order in which they
    /// lie in memory: the processor fetches what comes next by itself.
    #[target_feature(enable = "avx2,fma,f16c")]
    #[inline]
    fn tile<const FORMAT: u8, const BYTES: usize, const N: usize>(
        row: &[[u8; BYTES]],
        x: &Activations,
        a: usize,
        out: &mut [f32],
    ) {
        let mut sums = [_mm256_setzero_ps(); N];
        let mut least = [_mm_setzero_ps(); N];
        let given: [_; N] = x.some_rows(a, row.len());
        for (block, weights) in row.iter().enumerate() {
            let (w, scale) = unpack::<FORMAT>(weights);
            let wide_scale = _mm256_broadcastss_ps(scale);
            for n in 0..N {
                let codes: __m256i = cast(given[n].0[block]);
                let [s, sum] = given[n].1[block];
                let whole = if FORMAT == Q8_0 {
                    // One side has to be unsigned, so the weight's sign goes to the other.
                    multiply(_mm256_abs_epi8(w), _mm256_sign_epi8(codes, w))
                } else {
                    multiply(w, codes)
                };
                let both = _mm256_mul_ps(wide_scale, _mm256_set1_ps(s));
                sums[n] = _mm256_fmadd_ps(both, _mm256_cvtepi32_ps(whole), sums[n]);
                // The minimum's share; of interest is the second lane.
                least[n] = _mm_fmadd_ps(scale, _mm_set1_ps(sum), least[n]);
            }
        }
        for n in 0..N {
            let least: [f32; 4] = cast(least[n]);
            out[a + n] = add_up(sums[n]) + least[1];
        }
    }

    /// Sums of four products each. 15 times 127, twice, fits into 16 bits; so does 127 times 127, twice.
    #[target_feature(enable = "avx2,fma,f16c")]
    #[inline]
    fn multiply(w: __m256i, codes: __m256i) -> __m256i {
        _mm256_madd_epi16(_mm256_maddubs_epi16(w, codes), _mm256_set1_epi16(1))
    }

    /// A block's 32 codes, and its scale and minimum in the first two lanes.
    #[target_feature(enable = "avx2,fma,f16c")]
    #[inline]
    pub fn unpack<const FORMAT: u8>(block: &[u8]) -> (__m256i, __m128) {
        let scales = u32::from_le_bytes([block[0], block[1], block[2], block[3]]);
        let scales = _mm_cvtph_ps(_mm_cvtsi32_si128(scales.cast_signed()));
        let scale = _mm_shuffle_ps::<0>(scales, scales);
        if FORMAT == Q8_0 {
            // What stands behind the scale are codes, and there is no minimum.
            let scale = _mm_mul_ps(scale, _mm_setr_ps(1.0, 0.0, 0.0, 0.0));
            return (pod_read_unaligned(&block[2..34]), scale);
        }
        let start = if FORMAT == Q4_1 { 4 } else { 2 };
        let bytes: __m128i = pod_read_unaligned(&block[start..start + 16]);
        let both = _mm256_set_m128i(_mm_srli_epi16::<4>(bytes), bytes);
        let codes = _mm256_and_si256(both, _mm256_set1_epi8(15));
        if FORMAT == Q4_1 {
            return (codes, scales);
        }
        // Q4_0 has its zero at code 8, so its minimum is -8 scales.
        (codes, _mm_mul_ps(scale, _mm_setr_ps(1.0, -8.0, 0.0, 0.0)))
    }

    #[target_feature(enable = "avx2,fma,f16c")]
    #[inline]
    fn add_up(sums: __m256) -> f32 {
        let four = _mm_add_ps(
            _mm256_castps256_ps128(sums),
            _mm256_extractf128_ps::<1>(sums),
        );
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two)))
    }
}

/// Two blocks at a time: 64 products in one step, in registers of 512 bits.
#[cfg(target_arch = "x86_64")]
mod vnni {
    use super::avx2::unpack;
    use super::{Activations, Format, Q4_0, Q4_1, Q8_0};
    use bytemuck::cast;
    #[allow(
        clippy::wildcard_imports,
        reason = "some thirty instructions, whose names say whose they are"
    )]
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni")]
    pub fn products(format: Format, weights: &[u8], x: &Activations, out: &mut [f32]) {
        match format {
            Format::Q4_0 => of_format::<Q4_0, 18>(weights, x, out),
            Format::Q4_1 => of_format::<Q4_1, 20>(weights, x, out),
            Format::Q8_0 => of_format::<Q8_0, 34>(weights, x, out),
            _ => super::plain(format, weights, x, out),
        }
    }

    #[target_feature(enable = "avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni")]
    fn of_format<const FORMAT: u8, const BYTES: usize>(
        weights: &[u8],
        x: &Activations,
        out: &mut [f32],
    ) {
        let rows = weights.as_chunks::<BYTES>().0.chunks_exact(x.cols / 32);
        let count = x.rows();
        for (row, out) in rows.zip(out.chunks_exact_mut(count)) {
            // There are thirty-two registers here: eight sums fit.
            let eights = count - count % 8;
            let fours = count - count % 4;
            for a in (0..eights).step_by(8) {
                tile::<FORMAT, BYTES, 8>(row, x, a, out);
            }
            for a in (eights..fours).step_by(4) {
                tile::<FORMAT, BYTES, 4>(row, x, a, out);
            }
            for a in fours..count {
                tile::<FORMAT, BYTES, 1>(row, x, a, out);
            }
        }
    }

    /// As `avx2::tile`, two blocks at a time; a last one that is alone has a partner of zeros.
    #[target_feature(enable = "avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni")]
    #[inline]
    fn tile<const FORMAT: u8, const BYTES: usize, const N: usize>(
        row: &[[u8; BYTES]],
        x: &Activations,
        a: usize,
        out: &mut [f32],
    ) {
        let mut sums = [_mm512_setzero_ps(); N];
        let mut least = [_mm_setzero_ps(); N];
        let given: [_; N] = x.some_rows(a, row.len());
        let given = given.map(|(codes, scales)| (codes.as_chunks::<2>(), scales.as_chunks::<2>()));
        let (pairs, alone) = row.as_chunks::<2>();
        // Lanes 0 to 7 take the first block's scale, the others the second's.
        let spread = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2);
        for (pair, [first, second]) in pairs.iter().enumerate() {
            let ((w, scale), (w2, scale2)) = (unpack::<FORMAT>(first), unpack::<FORMAT>(second));
            let w = _mm512_inserti64x4::<1>(_mm512_castsi256_si512(w), w2);
            let scale = _mm_movelh_ps(scale, scale2);
            for n in 0..N {
                let whole = multiply::<FORMAT>(w, cast(given[n].0.0[pair]));
                // Scale, minimum, scale, minimum: each times what belongs to it.
                let both = _mm_mul_ps(scale, cast(given[n].1.0[pair]));
                let wide = _mm512_permutexvar_ps(spread, _mm512_castps128_ps512(both));
                sums[n] = _mm512_fmadd_ps(wide, whole, sums[n]);
                least[n] = _mm_add_ps(least[n], both);
            }
        }
        if let [last] = alone {
            let (w, scale) = unpack::<FORMAT>(last);
            let scale = _mm_movelh_ps(scale, _mm_setzero_ps());
            for n in 0..N {
                let codes = _mm512_zextsi256_si512(cast(given[n].0.1[0]));
                let whole = multiply::<FORMAT>(_mm512_zextsi256_si512(w), codes);
                let [s, sum] = given[n].1.1[0];
                let both = _mm_mul_ps(scale, _mm_setr_ps(s, sum, 0.0, 0.0));
                let wide = _mm512_permutexvar_ps(spread, _mm512_castps128_ps512(both));
                sums[n] = _mm512_fmadd_ps(wide, whole, sums[n]);
                least[n] = _mm_add_ps(least[n], both);
            }
        }
        for n in 0..N {
            let [_, first, _, second]: [f32; 4] = cast(least[n]);
            out[a + n] = _mm512_reduce_add_ps(sums[n]) + (first + second);
        }
    }

    /// Sums of four products each.
    #[target_feature(enable = "avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vnni")]
    #[inline]
    fn multiply<const FORMAT: u8>(w: __m512i, codes: __m512i) -> __m512 {
        let zero = _mm512_setzero_si512();
        let whole = if FORMAT == Q8_0 {
            // One side has to be unsigned, so the weight's sign goes to the other.
            let codes = _mm512_mask_sub_epi8(codes, _mm512_movepi8_mask(w), zero, codes);
            _mm512_dpbusd_epi32(zero, _mm512_abs_epi8(w), codes)
        } else {
            _mm512_dpbusd_epi32(zero, w, codes)
        };
        _mm512_cvtepi32_ps(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::{BLOCK, dequantise, quantise_q4_1, quantise_q8_0};
    use proptest::prelude::*;

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count)
            .map(|n| ((n + 1) * (7_919 + 2 * seed) % 2_003) as f32 / 1_001.5 - 1.0)
            .collect()
    }

    /// A row of `Q4_0` from one of `Q4_1`: other numbers, and all that matters is which ones.
    fn weights(format: Format, count: usize) -> Vec<u8> {
        let x = numbers(count, 3);
        match format {
            Format::Q8_0 => quantise_q8_0(&x),
            Format::Q4_1 => quantise_q4_1(&x),
            _ => {
                let blocks = quantise_q4_1(&x);
                blocks
                    .as_chunks::<20>()
                    .0
                    .iter()
                    .flat_map(|b| [&b[..2], &b[4..]].concat())
                    .collect()
            }
        }
    }

    proptest! {
        #[test]
        fn all_levels_and_tiles_agree(rows in 1_usize..10, given in 1_usize..10, blocks in 1_usize..6, kind in 0_usize..3) {
            let format = [Format::Q4_0, Format::Q4_1, Format::Q8_0][kind];
            let cols = blocks * BLOCK;
            let w = weights(format, rows * cols);
            let x = numbers(given * cols, 11);
            let exact = dequantise(format, &w).expect("a format of blocks");
            let x = Activations::new(&x, cols);
            for level in [Level::Plain, Level::Avx2, Level::Vnni] {
                let mut out = vec![f32::NAN; rows * given];
                products(level, format, &w, &x, &mut out);
                for (place, got) in out.iter().enumerate() {
                    let (row, a) = (place / given, place % given);
                    let (codes, scales) = x.row(a);
                    let rounded = codes.iter().zip(scales).flat_map(|(codes, [s, _])| codes.map(|c| s * f32::from(c)));
                    let want: f64 = exact[row * cols..].iter().zip(rounded).map(|(w, x)| f64::from(*w) * f64::from(x)).sum();
                    prop_assert!((f64::from(*got) - want).abs() < 1e-5 * cols as f64, "{level:?} {format:?}: {got} for {want}");

                    // Alone, it is the same to the bit.
                    let one = Activations { cols, codes: codes.to_vec(), scales: scales.to_vec() };
                    let (numbers, bytes) = format.block();
                    let row = &w[row * cols / numbers * bytes..][..cols / numbers * bytes];
                    let mut alone = [f32::NAN];
                    products(level, format, row, &one, &mut alone);
                    prop_assert_eq!(alone[0], *got);
                }
            }
        }
    }
}
