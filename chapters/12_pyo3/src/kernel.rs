//! Dot products of many rows with many queries: the loop in which a search spends its time.
//!
//! One dot product reads two numbers for each multiplication, and a processor multiplies faster than it reads. A block of
//! four rows and three queries needs seven registers read for twelve multiplied: each row is used three times while it is
//! at hand, and each query four times. The twelve running sums stay in registers; with the operands that makes the sixteen
//! that AVX2 has.
//!
//! Every score is added up in the same order, whatever block it is computed in. So a query finds the same bits alone and
//! among others. Another processor, with wider registers, may round the last digit differently.

// What is not inlined is compiled without the instructions that `dispatch` chose.
#![allow(clippy::inline_always)]

use crate::number::Number;
use pulp::{Arch, Simd, WithSimd};
use std::array;

/// The queries that are kept near while a tile of rows goes by: 72 kB of them, at a width of 384.
pub const QUERIES_AT_ONCE: usize = 48;

/// The dot product of two vectors of the same length.
pub fn dot<T: Number>(a: &[T], b: &[T]) -> T {
    let mut score = [T::zero()];
    dots(a, b, a.len(), &mut score);
    score[0]
}

/// The dot product of every row with every query.
///
/// `rows` and `queries` hold vectors of `width` numbers, one after another. `scores` gets those of the first query with
/// all rows, then those of the second.
///
/// # Panics
///
/// If `scores` is not as long as rows times queries, or a buffer does not hold whole vectors.
pub fn dots<T: Number>(rows: &[T], queries: &[T], width: usize, scores: &mut [T]) {
    if width == 0 {
        // Sums of nothing. How many there are, only `scores` knows.
        scores.fill(T::zero());
        return;
    }
    assert!(
        rows.len().is_multiple_of(width) && queries.len().is_multiple_of(width),
        "whole vectors only"
    );
    let count = rows.len() / width;
    assert_eq!(
        scores.len(),
        count * (queries.len() / width),
        "a place for each score"
    );
    if count == 0 {
        return;
    }
    let queries = queries.chunks(QUERIES_AT_ONCE * width);
    for (queries, scores) in queries.zip(scores.chunks_mut(QUERIES_AT_ONCE * count)) {
        // `dispatch` compiles the loop for each instruction set, and takes the best that is here when it runs.
        Arch::new().dispatch(Dots {
            rows,
            queries,
            width,
            scores,
        });
    }
}

struct Dots<'a, T> {
    rows: &'a [T],
    queries: &'a [T],
    width: usize,
    scores: &'a mut [T],
}

impl<T: Number> WithSimd for Dots<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let count = self.rows.len() / self.width;
        // One query uses each row once, so memory is the limit, and a processor reads ahead best in one stream: on the
        // machine of the lesson's figures one row at a time took 32 ms where four took 39, and eight 45.
        let whole = match self.queries.len() / self.width {
            1 => 0,
            _ => count - count % 4,
        };
        for row in (0..whole).step_by(4) {
            self.beside_all_queries::<S, 4>(simd, row);
        }
        for row in whole..count {
            self.beside_all_queries::<S, 1>(simd, row);
        }
    }
}

impl<T: Number> Dots<'_, T> {
    /// Rows `row..row + R` with all queries, three at a time while there are three.
    #[inline(always)]
    fn beside_all_queries<S: Simd, const R: usize>(&mut self, simd: S, row: usize) {
        let count = self.queries.len() / self.width;
        let mut query = 0;
        while query < count {
            match count - query {
                1 => self.block::<S, R, 1>(simd, row, query),
                2 => self.block::<S, R, 2>(simd, row, query),
                _ => self.block::<S, R, 3>(simd, row, query),
            }
            query += 3;
        }
    }

    /// Rows `row..row + R` with queries `query..query + Q`.
    #[inline(always)]
    fn block<S: Simd, const R: usize, const Q: usize>(
        &mut self,
        simd: S,
        row: usize,
        query: usize,
    ) {
        let width = self.width;
        let rows: [_; R] = array::from_fn(|r| T::lanes::<S>(vector(self.rows, row + r, width)));
        let queries: [_; Q] =
            array::from_fn(|q| T::lanes::<S>(vector(self.queries, query + q, width)));

        let mut sums = [[T::zero_lanes(simd); Q]; R];
        // All are equally long; said once, so that the loop needs no check of a bound.
        let steps = rows[0].0.len();
        let row_lanes: [&[T::Lanes<S>]; R] = rows.map(|row| &row.0[..steps]);
        let query_lanes: [&[T::Lanes<S>]; Q] = queries.map(|query| &query.0[..steps]);
        for step in 0..steps {
            let y: [T::Lanes<S>; Q] = array::from_fn(|q| query_lanes[q][step]);
            for r in 0..R {
                let x = row_lanes[r][step];
                for q in 0..Q {
                    sums[r][q] = T::mul_add_lanes(simd, x, y[q], sums[r][q]);
                }
            }
        }

        let count = self.rows.len() / width;
        for r in 0..R {
            for q in 0..Q {
                let rest: T = rows[r]
                    .1
                    .iter()
                    .zip(queries[q].1)
                    .map(|(&x, &y)| x * y)
                    .sum();
                self.scores[(query + q) * count + row + r] = T::sum_lanes(simd, sums[r][q]) + rest;
            }
        }
    }
}

/// The vector at `place` among those of `all`.
#[inline(always)]
fn vector<T>(all: &[T], place: usize, width: usize) -> &[T] {
    &all[place * width..][..width]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Numbers that look random and are the same in every run.
    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count)
            .map(|n| ((n + 1) * (7_919 + seed) % 2_003) as f32 / 1_001.5 - 1.0)
            .collect()
    }

    proptest! {
        #[test]
        fn blocks_and_single_products_agree_to_the_bit(rows in 0_usize..11, queries in 0_usize..60, width in 0_usize..40) {
            let (a, b) = (numbers(rows * width, 0), numbers(queries * width, 5));
            let mut scores = vec![f32::NAN; rows * queries];
            dots(&a, &b, width, &mut scores);
            for q in 0..queries {
                for r in 0..rows {
                    let (row, query) = (&a[r * width..][..width], &b[q * width..][..width]);
                    prop_assert_eq!(scores[q * rows + r], dot(row, query));
                    let exact: f64 = row.iter().zip(query).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
                    // Each product and each sum rounds once.
                    prop_assert!((f64::from(dot(row, query)) - exact).abs() <= 1e-6 * (1.0 + width as f64));
                }
            }
        }

        #[test]
        fn doubles_are_doubles(width in 0_usize..40) {
            let a: Vec<f64> = numbers(width, 0).into_iter().map(|x| f64::from(x) + 1e-9).collect();
            let b: Vec<f64> = numbers(width, 5).into_iter().map(f64::from).collect();
            let plain: f64 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
            prop_assert!((dot(&a, &b) - plain).abs() <= 1e-14 * (1.0 + width as f64));
        }
    }
}
