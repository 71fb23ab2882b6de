//! What happens between the matrices: a few formulas on rows of `f32`.

use crate::simd::Level;

/// Divides by the root of the mean square, then multiplies by the weights. (`LayerNorm` would take the mean off first.)
///
/// # Panics
///
/// If `x` and `weights` differ in length.
pub fn rms_norm(x: &[f32], weights: &[f32], epsilon: f32) -> Vec<f32> {
    assert_eq!(x.len(), weights.len(), "a weight for each number");
    let squares: f32 = x.iter().map(|x| x * x).sum();
    let scale = 1.0 / (squares / x.len() as f32 + epsilon).sqrt();
    x.iter()
        .zip(weights)
        .map(|(x, weight)| x * scale * weight)
        .collect()
}

/// The cosines and sines for one position: pair `i` of a head turns by `position * speeds[i]`.
pub fn angles(position: usize, speeds: &[f32]) -> Vec<(f32, f32)> {
    speeds
        .iter()
        .map(|speed| {
            let (sin, cos) = (position as f32 * speed).sin_cos();
            (cos, sin)
        })
        .collect()
}

/// Rotary position embedding: turns each pair of neighbouring numbers of each head, in place.
///
/// A query turned by its position times a key turned by its own depends only on how far the two are apart.
pub fn rope(heads: &mut [f32], head_dim: usize, angles: &[(f32, f32)]) {
    for head in heads.chunks_exact_mut(head_dim) {
        for (pair, &(cos, sin)) in head.as_chunks_mut::<2>().0.iter_mut().zip(angles) {
            let [x, y] = *pair;
            *pair = [x * cos - y * sin, x * sin + y * cos];
        }
    }
}

/// `gate / (1 + exp(-gate)) * up`, number by number, into `gate`.
pub fn silu_times(level: Level, gate: &mut [f32], up: &[f32]) {
    with_instructions(level, || {
        for (gate, up) in gate.iter_mut().zip(up) {
            *gate = *gate / (1.0 + exp(-*gate)) * up;
        }
    });
}

/// One head's attention: `query` looks at the `keys` up to and with its own position, and `out` gets the mean of their
/// `values`, each weighted by the softmax of `query · key / √head_dim`.
///
/// What comes later is not in `keys`: that is the causal mask, without a mask.
pub fn attend(level: Level, query: &[f32], keys: &[f32], values: &[f32], out: &mut [f32]) {
    with_instructions(level, || attend_plainly(query, keys, values, out));
}

#[allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the caller's instructions"
)]
#[inline(always)]
fn attend_plainly(query: &[f32], keys: &[f32], values: &[f32], out: &mut [f32]) {
    let width = query.len();
    let scale = 1.0 / (width as f32).sqrt();
    // A loop and no `map`: an adapter's own functions are compiled without the caller's instructions.
    let mut weights = vec![0.0; keys.len() / width];
    for (weight, key) in weights.iter_mut().zip(keys.chunks_exact(width)) {
        *weight = scale * dot(query, key);
    }
    softmax(&mut weights);
    out.fill(0.0);
    for (weight, value) in weights.iter().zip(values.chunks_exact(width)) {
        for (out, value) in out.iter_mut().zip(value) {
            *out += weight * value;
        }
    }
}

/// Sixteen sums side by side, since the compiler must not change the order of one.
#[allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the caller's instructions"
)]
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 16];
    let (a, rest_a) = a.as_chunks::<16>();
    let (b, rest_b) = b.as_chunks::<16>();
    for (a, b) in a.iter().zip(b) {
        for i in 0..16 {
            sums[i] += a[i] * b[i];
        }
    }
    let mut total = 0.0;
    for (a, b) in rest_a.iter().zip(rest_b) {
        total += a * b;
    }
    for sum in sums {
        total += sum;
    }
    total
}

#[allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the caller's instructions"
)]
#[inline(always)]
fn softmax(x: &mut [f32]) {
    let mut largest = f32::NEG_INFINITY;
    for &x in &*x {
        largest = largest.max(x);
    }
    for x in x.iter_mut() {
        *x = exp(*x - largest);
    }
    let mut total = 0.0;
    for &x in &*x {
        total += x;
    }
    for x in x.iter_mut() {
        *x /= total;
    }
}

/// `e` to the power of `x`, to seven digits, in a form that the compiler can do for eight numbers at once; the library's
/// is a call for each.
///
/// `2^(n + f)` with `n` whole and `f` within a half of zero: `n` goes into the exponent's bits, and a polynomial does `f`
/// (Cephes' `expf`).
#[allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the caller's instructions"
)]
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: a number of this size has no bits behind the point
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let f = x - n * 0.693_359_4 - n * -2.121_944_4e-4;
    let p = 1.987_569_1e-4_f32;
    let p = p * f + 1.398_2e-3;
    let p = p * f + 8.333_452e-3;
    let p = p * f + 4.166_579_6e-2;
    let p = p * f + 1.666_666_5e-1;
    let p = p * f + 0.5;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
    (p * f * f + f + 1.0) * power
}

/// Runs `work` compiled for the level's instructions. No kernel of ours: the compiler finds the vectors by itself.
#[allow(
    clippy::inline_always,
    reason = "what is not inlined is compiled without the caller's instructions"
)]
#[inline(always)]
fn with_instructions(level: Level, work: impl FnOnce()) {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2,fma")]
        fn avx2(work: impl FnOnce()) {
            work();
        }
        if level.or_best() >= Level::Avx2 {
            #[allow(
                unsafe_code,
                reason = "only the caller can know that the processor has the instructions"
            )]
            // SAFETY: `or_best` returns `Avx2` or more only if this processor has AVX2 and FMA.
            return unsafe { avx2(work) };
        }
    }
    let _ = level;
    work();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_has_seven_digits() {
        for n in -8_700..=8_800 {
            let x = n as f32 / 100.0;
            let want = f64::from(x).exp();
            assert!(
                (f64::from(exp(x)) / want - 1.0).abs() < 3e-7,
                "exp({x}) is {} for {want}",
                exp(x)
            );
        }
    }

    #[test]
    fn turning_keeps_lengths_and_depends_on_the_distance_alone() {
        let speeds = [1.0, 0.1];
        let turned = |x: [f32; 4], position| {
            let mut x = x;
            rope(&mut x, 4, &angles(position, &speeds));
            x
        };
        let (q, k) = ([1.0, 2.0, -1.0, 0.5], [0.5, -1.0, 2.0, 1.5]);
        let near = dot(&turned(q, 7), &turned(k, 5));
        let far = dot(&turned(q, 107), &turned(k, 105));
        assert!((near - far).abs() < 1e-4, "{near} and {far}");
        assert!((dot(&turned(q, 9), &turned(q, 9)) - dot(&q, &q)).abs() < 1e-5);
    }

    #[test]
    fn attention_to_one_key_is_its_value() {
        for level in [Level::Plain, Level::best()] {
            let mut out = [0.0; 2];
            attend(level, &[3.0, 4.0], &[9.0, 9.0], &[0.25, -0.5], &mut out);
            assert_eq!(out, [0.25, -0.5]);
            attend(
                level,
                &[0.0, 0.0],
                &[9.0, 9.0, 1.0, 1.0],
                &[0.0, 1.0, 1.0, 0.0],
                &mut out,
            );
            assert_eq!(out, [0.5, 0.5]);
        }
    }
}
