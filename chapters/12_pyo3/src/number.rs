//! The two kinds of numbers that embeddings are made of, and what a vector register does with them.

// A call for each register would cost more than what it does.
#![allow(clippy::inline_always)]

use num_traits::Float;
use pulp::Simd;
use std::iter::Sum;

/// `f32` or `f64`.
///
/// `S` is an instruction set that `pulp` found on this processor, and `Lanes<S>` one of its registers: eight `f32` with
/// AVX2, four with NEON.
pub trait Number: Float + Sum + Send + Sync + 'static {
    /// As many numbers as one register holds.
    type Lanes<S: Simd>: Copy;

    /// The numbers in registers, and those at the end that do not fill one.
    fn lanes<S: Simd>(numbers: &[Self]) -> (&[Self::Lanes<S>], &[Self]);

    /// A register of zeros.
    fn zero_lanes<S: Simd>(simd: S) -> Self::Lanes<S>;

    /// `a · b + c`, lane by lane.
    fn mul_add_lanes<S: Simd>(
        simd: S,
        a: Self::Lanes<S>,
        b: Self::Lanes<S>,
        c: Self::Lanes<S>,
    ) -> Self::Lanes<S>;

    /// All lanes added up.
    fn sum_lanes<S: Simd>(simd: S, lanes: Self::Lanes<S>) -> Self;
}

impl Number for f32 {
    type Lanes<S: Simd> = S::f32s;

    #[inline(always)]
    fn lanes<S: Simd>(numbers: &[Self]) -> (&[S::f32s], &[Self]) {
        S::as_simd_f32s(numbers)
    }

    #[inline(always)]
    fn zero_lanes<S: Simd>(simd: S) -> S::f32s {
        simd.splat_f32s(0.0)
    }

    #[inline(always)]
    fn mul_add_lanes<S: Simd>(simd: S, a: S::f32s, b: S::f32s, c: S::f32s) -> S::f32s {
        simd.mul_add_e_f32s(a, b, c)
    }

    #[inline(always)]
    fn sum_lanes<S: Simd>(simd: S, lanes: S::f32s) -> Self {
        simd.reduce_sum_f32s(lanes)
    }
}

impl Number for f64 {
    type Lanes<S: Simd> = S::f64s;

    #[inline(always)]
    fn lanes<S: Simd>(numbers: &[Self]) -> (&[S::f64s], &[Self]) {
        S::as_simd_f64s(numbers)
    }

    #[inline(always)]
    fn zero_lanes<S: Simd>(simd: S) -> S::f64s {
        simd.splat_f64s(0.0)
    }

    #[inline(always)]
    fn mul_add_lanes<S: Simd>(simd: S, a: S::f64s, b: S::f64s, c: S::f64s) -> S::f64s {
        simd.mul_add_e_f64s(a, b, c)
    }

    #[inline(always)]
    fn sum_lanes<S: Simd>(simd: S, lanes: S::f64s) -> Self {
        simd.reduce_sum_f64s(lanes)
    }
}
