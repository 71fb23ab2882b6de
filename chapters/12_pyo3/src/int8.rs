//! Rows in a quarter of the memory, and a search among them that finds what a search among the rows finds.
//!
//! One query against a million rows is limited by memory: the processor waits for the rows. So each number is kept a second
//! time as a byte, with one scale for each row, and the search reads the bytes. They say where a score must lie:
//!
//! ```text
//! x · q  =  x̂ · q̂  +  (x − x̂) · q  +  x̂ · (q − q̂)
//! ```
//!
//! `x̂ · q̂` is computed in whole numbers, without an error. The other two are not known, but by the inequality of Cauchy and
//! Schwarz they are at most `‖x − x̂‖ ‖q‖` and `‖x̂‖ ‖q − q̂‖`. A row whose score cannot reach that of `k` others is out; the
//! few that are left get their exact score. Nothing is approximate in what comes out.

use crate::hits::{Best, Hit};
use crate::kernel::dot;
use crate::search::{PER_ROW, strips, tiles};
use pulp::Arch;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::collections::TryReserveError;
use std::ops::Range;

/// The largest code; the smallest is its negative.
const CODES: f32 = 127.0;

/// Bytes in a tile of codes.
const TILE: usize = 64 << 10;

/// Rows as bytes. They have length 1, or are zeros, or are no numbers.
pub struct Int8 {
    width: usize,
    /// `scale · code` is nearly the number.
    codes: Vec<i8>,
    scales: Vec<f32>,
    /// The length of what is missing, `‖x − x̂‖`, rounded up. Infinite for a row that is no number.
    errors: Vec<f32>,
}

impl Int8 {
    /// The widest row whose sums are sure to fit into 32 bits with a query of seven bits at least.
    pub const WIDEST: usize = 1 << 17;

    /// Codes `rows` of `width` numbers each. Fails if there is no memory for it.
    pub fn new(pool: &ThreadPool, rows: &[f32], width: usize) -> Result<Self, TryReserveError> {
        let count = rows.len().checked_div(width).unwrap_or(0);
        let mut codes = filled(rows.len(), 0)?;
        let mut scales = filled(count, 0.0)?;
        let mut errors = filled(count, 0.0)?;
        if width > 0 {
            pool.install(|| {
                rows.par_chunks_exact(width)
                    .zip(codes.par_chunks_exact_mut(width))
                    .zip(scales.par_iter_mut().zip(&mut errors))
                    .for_each(|((row, codes), (scale, error))| (*scale, *error) = code(row, codes));
            });
        }
        Ok(Self {
            width,
            codes,
            scales,
            errors,
        })
    }

    /// How much memory it takes.
    pub fn bytes(&self) -> usize {
        self.codes.len() + size_of_val(&self.scales[..]) + size_of_val(&self.errors[..])
    }

    /// The best `k` of `rows`, which are those that were coded, for a query of length 1. Scores and places are those of
    /// `search`, to the bit.
    ///
    /// `pause` is called now and then, on the caller's thread; an error of it ends the search.
    pub fn search<E>(
        &self,
        pool: &ThreadPool,
        rows: &[f32],
        query: &[f32],
        k: usize,
        mut pause: impl FnMut() -> Result<(), E>,
    ) -> Result<Best<f32>, E> {
        let coded = Query::new(query);
        let tile = (TILE / self.width.max(1)).max(1);
        let mut state = State::new(k);
        for strip in strips(self.scales.len(), tile, self.width + PER_ROW) {
            let found = tiles(
                pool,
                strip,
                tile,
                || State::new(k),
                |state, tile| state.look_at(self, &coded, tile),
                State::merge,
            );
            state = state.merge(found);
            pause()?;
        }
        state.prune();
        let mut best = Best::new(k);
        for (place, _) in state.candidates {
            let row = &rows[place * self.width..][..self.width];
            best.push(Hit {
                place,
                score: dot(row, query),
            });
        }
        Ok(best)
    }
}

/// A query in whole numbers of up to 16 bits.
struct Query {
    codes: Vec<i16>,
    scale: f32,
    /// A row whose error is `e` has a score at most `by_error · e + offset` away from the estimate.
    by_error: f32,
    offset: f32,
}

impl Query {
    fn new(query: &[f32]) -> Self {
        // `width · 127 · most` must fit into 32 bits.
        let most = (i32::MAX as f32 * 0.999 / (CODES * query.len().max(1) as f32))
            .min(32_767.0)
            .floor();
        let largest = query.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let scale = if largest > 0.0 { largest / most } else { 0.0 };
        let codes: Vec<i16> = query
            .iter()
            .map(|x| {
                if scale > 0.0 {
                    (x / scale).round() as i16
                } else {
                    0
                }
            })
            .collect();
        let error = distance(query, scale, codes.iter().map(|&code| f32::from(code)));
        // ‖q‖ is 1 and ‖x̂‖ at most 1 + e, but for rounding, for which the thousandth is more than enough. The exact score
        // rounds as well, at most once for each product and sum.
        let rounding = (query.len() + 16) as f32 * f32::EPSILON;
        Self {
            codes,
            scale,
            by_error: 1.001 + error,
            offset: 1.001 * (error + rounding),
        }
    }
}

/// What one thread keeps while it goes through its tiles.
struct State {
    /// The best `k` of the lowest scores that rows can have.
    floor: Best<f32>,
    /// Rows that may be among the best, with the highest score they can have.
    candidates: Vec<(usize, f32)>,
    /// So many candidates are worth another look at the floor.
    limit: usize,
    dots: Vec<i32>,
}

impl State {
    fn new(k: usize) -> Self {
        Self {
            floor: Best::new(k),
            candidates: Vec::new(),
            limit: 1_024,
            dots: Vec::new(),
        }
    }

    fn look_at(&mut self, rows: &Int8, query: &Query, tile: Range<usize>) {
        self.dots.resize(tile.len(), 0);
        let codes = &rows.codes[tile.start * rows.width..tile.end * rows.width];
        dots(codes, &query.codes, &mut self.dots);
        for (place, &dot) in tile.zip(&self.dots) {
            let estimate = dot as f32 * (rows.scales[place] * query.scale);
            let off = rows.errors[place] * query.by_error + query.offset;
            let highest = estimate + off;
            // Nearly every row of a long list ends here.
            if self.floor.worst().is_some_and(|worst| highest < worst) {
                continue;
            }
            self.floor.push(Hit {
                place,
                score: estimate - off,
            });
            self.candidates.push((place, highest));
        }
        if self.candidates.len() > self.limit {
            self.prune();
            self.limit = 1_024.max(2 * self.candidates.len());
        }
    }

    /// Drops those that the floor has overtaken.
    fn prune(&mut self) {
        if let Some(worst) = self.floor.worst() {
            self.candidates.retain(|&(_, highest)| highest >= worst);
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.floor = self.floor.merge(other.floor);
        self.candidates.extend(other.candidates);
        self
    }
}

/// The dot product of every row of codes with the query's: sums of whole numbers, exact in every order.
fn dots(rows: &[i8], query: &[i16], dots: &mut [i32]) {
    if query.is_empty() {
        dots.fill(0);
        return;
    }
    // Plain Rust that a compiler turns into the right instructions, once for each instruction set that `pulp` knows.
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for (dot, row) in dots.iter_mut().zip(rows.chunks_exact(query.len())) {
                *dot = row
                    .iter()
                    .zip(query)
                    .map(|(&x, &y)| i32::from(x) * i32::from(y))
                    .sum();
            }
        },
    );
}

/// Writes the codes of a row; returns their scale and the error.
fn code(row: &[f32], codes: &mut [i8]) -> (f32, f32) {
    let largest = row.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    if row.iter().any(|x| !x.is_finite()) {
        codes.fill(0);
        return (0.0, f32::INFINITY);
    }
    if largest == 0.0 {
        codes.fill(0);
        return (0.0, 0.0);
    }
    let scale = largest / CODES;
    for (code, x) in codes.iter_mut().zip(row) {
        *code = (x / scale).round() as i8;
    }
    (
        scale,
        distance(row, scale, codes.iter().map(|&code| f32::from(code))),
    )
}

/// `‖x − scale · codes‖`, rounded up.
fn distance(numbers: &[f32], scale: f32, codes: impl Iterator<Item = f32>) -> f32 {
    let missing = numbers
        .iter()
        .zip(codes)
        .map(|(&x, code)| f64::from(x) - f64::from(scale) * f64::from(code));
    let square: f64 = missing.map(|x| x * x).sum();
    (square.sqrt() * 1.000_01) as f32
}

fn filled<T: Clone>(len: usize, value: T) -> Result<Vec<T>, TryReserveError> {
    let mut items = Vec::new();
    items.try_reserve_exact(len)?;
    items.resize(len, value);
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::normalise;
    use crate::pool::pool;
    use crate::rows::Rows;
    use crate::search::{Found, search};
    use numpy::ndarray::ArrayView2;
    use proptest::prelude::*;
    use std::convert::Infallible;

    /// Rows near each other, far apart, the same, zero, or no numbers.
    fn table(count: usize, width: usize) -> impl Strategy<Value = Vec<f32>> {
        let number = prop_oneof![
            8 => -1.0_f32..1.0,
            2 => prop::sample::select(vec![0.0, 1.0, -1.0]),
            1 => 0.5_f32..0.501,
        ];
        let row = prop_oneof![
            8 => prop::collection::vec(number, width),
            1 => Just(vec![0.0; width]),
            1 => Just(vec![1.0; width]),
            1 => Just(vec![f32::NAN; width]),
        ];
        prop::collection::vec(row, count).prop_map(|rows| {
            rows.into_iter()
                .flat_map(|mut row| {
                    normalise(&mut row);
                    row
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn finds_the_same_bits_as_the_exact_search(
            (width, rows, query) in (1_usize..40).prop_flat_map(|width| (Just(width), table(50, width), table(1, width))),
            k in 0_usize..55,
        ) {
            prop_assume!(query.iter().all(|x| x.is_finite()));
            let pool = pool().expect("a pool");
            let k = k.min(50);
            let (mut places, mut scores) = (vec![-1; k], vec![0.0; k]);
            let found = Found { k, places: &mut places, scores: &mut scores };
            let view = ArrayView2::from_shape((50, width), &rows).expect("whole rows");
            search(&pool, Rows(view), &query, 1, found, || Ok::<_, Infallible>(())).expect("no pause fails");

            let int8 = Int8::new(&pool, &rows, width).expect("memory");
            let hits = int8.search(&pool, &rows, &query, k, || Ok::<_, Infallible>(())).expect("no pause fails").into_sorted();
            let got: Vec<_> = hits.iter().map(|hit| (hit.place.cast_signed(), hit.score.to_bits())).collect();
            let want: Vec<_> = places.iter().zip(&scores).map(|(&place, score)| (place, score.to_bits())).collect();
            prop_assert_eq!(got, want);
        }

        #[test]
        fn the_score_lies_within_the_bound(
            (row, query) in (1_usize..300).prop_flat_map(|width| (table(1, width), table(1, width))),
        ) {
            prop_assume!(row.iter().chain(&query).all(|x| x.is_finite()));
            let mut codes = vec![0; row.len()];
            let (scale, error) = code(&row, &mut codes);
            let coded = Query::new(&query);
            let mut product = [0];
            dots(&codes, &coded.codes, &mut product);
            let estimate = product[0] as f32 * (scale * coded.scale);
            let off = error * coded.by_error + coded.offset;
            prop_assert!((dot(&row, &query) - estimate).abs() <= off);
            // A bound that excludes nothing would be no use: 2 % of the length, for rows of this kind.
            prop_assert!(off < 0.03, "{off}");
        }
    }

    #[test]
    fn the_widest_row_does_not_overflow() {
        let mut row = vec![1.0; Int8::WIDEST];
        normalise(&mut row);
        let mut codes = vec![0; row.len()];
        code(&row, &mut codes);
        let query = Query::new(&row);
        assert!(query.codes[0] >= 127, "{}", query.codes[0]);
        let mut product = [0];
        dots(&codes, &query.codes, &mut product);
        let exact: i64 = codes
            .iter()
            .zip(&query.codes)
            .map(|(&x, &y)| i64::from(x) * i64::from(y))
            .sum();
        assert_eq!(i64::from(product[0]), exact);
    }

    #[test]
    fn few_rows_are_left_for_the_exact_score() {
        let width = 64;
        let mut numbers: Vec<f32> = (0..4_099_usize * width)
            .map(|n| ((n + 1) * 7_919 % 2_003) as f32 / 1_001.5 - 1.0)
            .collect();
        numbers.chunks_exact_mut(width).for_each(normalise);
        let int8 = Int8::new(&pool().expect("a pool"), &numbers, width).expect("memory");
        let mut state = State::new(5);
        state.look_at(&int8, &Query::new(&numbers[..width]), 0..4_099);
        state.prune();
        assert!(state.candidates.len() < 50, "{}", state.candidates.len());
    }
}
