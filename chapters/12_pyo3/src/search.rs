//! The best rows for each query, on all threads.

use crate::hits::Best;
use crate::kernel::{QUERIES_AT_ONCE, dots};
use crate::number::Number;
use crate::rows::Rows;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::ops::Range;

/// Multiplications between two calls of `pause`: some hundredths of a second.
const STRIP: usize = 1 << 28;

/// What goes on around a dot product, in multiplications: short rows are not free.
pub const PER_ROW: usize = 16;

/// Hits that a thread may keep at a time, over all queries: 64 MB of them.
const MOST_HITS: usize = 1 << 22;

/// What a search finds: for each query `k` places, best first, and their scores beside them.
pub struct Found<'a, T> {
    /// How many a query gets; not more than there are rows.
    pub k: usize,
    /// `queries · k` places.
    pub places: &'a mut [isize],
    /// The same number of scores.
    pub scores: &'a mut [T],
}

impl<T: Number> Found<'_, T> {
    /// Writes down what `best` kept for the query `query`.
    pub fn write(&mut self, query: usize, best: Best<T>) {
        let range = query * self.k..(query + 1) * self.k;
        let places = &mut self.places[range.clone()];
        for ((place, score), hit) in places
            .iter_mut()
            .zip(&mut self.scores[range])
            .zip(best.into_sorted())
        {
            // No row's place is above `isize::MAX`: the table would not fit into memory.
            *place = hit.place.cast_signed();
            *score = hit.score;
        }
    }
}

/// Finds the rows that have the largest dot products with each of `count` queries.
///
/// `queries` holds them one after another, as wide as the rows. `pause` is called now and then, on the caller's thread; an
/// error of it ends the search.
pub fn search<T: Number, E>(
    pool: &ThreadPool,
    rows: Rows<'_, T>,
    queries: &[T],
    count: usize,
    mut found: Found<'_, T>,
    mut pause: impl FnMut() -> Result<(), E>,
) -> Result<(), E> {
    let (width, k) = (rows.width(), found.k);
    let at_once = (MOST_HITS / k.max(1)).clamp(1, QUERIES_AT_ONCE);
    for first in (0..count).step_by(at_once) {
        let group = at_once.min(count - first);
        let queries = &queries[first * width..][..group * width];
        let mut best = vec![Best::new(k); group];
        for strip in strips(rows.len(), rows.tile_len(), (width + PER_ROW) * group) {
            let state = tiles(
                pool,
                strip,
                rows.tile_len(),
                || State::new(k, group),
                |state, tile| {
                    state.look_at(rows, queries, tile);
                },
                State::merge,
            );
            best = merge_all(best, state.best);
            pause()?;
        }
        for (query, best) in (first..).zip(best) {
            found.write(query, best);
        }
    }
    Ok(())
}

/// Ranges of rows that are worked through between two pauses, when a row costs `per_row` multiplications.
pub fn strips(rows: usize, tile: usize, per_row: usize) -> impl Iterator<Item = Range<usize>> {
    let len = (STRIP / per_row.max(1)).max(tile);
    (0..rows)
        .step_by(len)
        .map(move |start| start..rows.min(start + len))
}

/// Shows the tiles of `strip` to states of `new`, on the threads of `pool`, and merges them to one.
///
/// Each state sees its tiles in order. How many states there are depends on who is idle.
pub fn tiles<S: Send>(
    pool: &ThreadPool,
    strip: Range<usize>,
    tile: usize,
    new: impl Fn() -> S + Sync,
    look: impl Fn(&mut S, Range<usize>) + Sync,
    merge: impl Fn(S, S) -> S + Sync,
) -> S {
    let end = strip.end;
    if strip.len() <= tile {
        // To wake a thread would cost more.
        let mut state = new();
        look(&mut state, strip);
        return state;
    }
    let starts: Vec<usize> = strip.step_by(tile).collect();
    pool.install(|| {
        starts
            .into_par_iter()
            .fold(&new, |mut state, start| {
                look(&mut state, start..end.min(start + tile));
                state
            })
            .reduce(&new, &merge)
    })
}

/// Merges what was kept for each query.
pub fn merge_all<T: Number>(one: Vec<Best<T>>, other: Vec<Best<T>>) -> Vec<Best<T>> {
    one.into_iter()
        .zip(other)
        .map(|(one, other)| one.merge(other))
        .collect()
}

/// What one thread keeps while it goes through its tiles.
struct State<T> {
    best: Vec<Best<T>>,
    scores: Vec<T>,
    scratch: Vec<T>,
}

impl<T: Number> State<T> {
    fn new(k: usize, queries: usize) -> Self {
        Self {
            best: vec![Best::new(k); queries],
            scores: Vec::new(),
            scratch: Vec::new(),
        }
    }

    fn look_at(&mut self, rows: Rows<'_, T>, queries: &[T], tile: Range<usize>) {
        let (first, len) = (tile.start, tile.len());
        self.scores.resize(len * self.best.len(), T::zero());
        let numbers = rows.tile(tile, &mut self.scratch);
        dots(numbers, queries, rows.width(), &mut self.scores);
        for (best, scores) in self.best.iter_mut().zip(self.scores.chunks_exact(len)) {
            best.push_all(first, scores);
        }
    }

    fn merge(self, other: Self) -> Self {
        Self {
            best: merge_all(self.best, other.best),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hits::Hit;
    use crate::kernel::dot;
    use crate::pool::pool;
    use numpy::ndarray::ArrayView2;
    use proptest::prelude::*;
    use std::convert::Infallible;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        // Wide rows, so that there are many tiles, and few different ones, so that there are ties.
        #[test]
        fn agrees_with_sorting_all_scores(rows in 0_usize..60, count in 0_usize..8, k in 0_usize..70, wide in any::<bool>()) {
            let width = if wide { 10_000 } else { 3 };
            let vector = |n: usize| (0..width).map(move |column| ((n * 7 + column) % 5) as f32 - 2.0);
            let table: Vec<f32> = (0..rows).flat_map(|row| vector(row % 9)).collect();
            let queries: Vec<f32> = (0..count).flat_map(|query| vector(query + 2)).collect();
            let k = k.min(rows);
            let (mut places, mut scores) = (vec![-1; count * k], vec![0.0; count * k]);
            let found = Found { k, places: &mut places, scores: &mut scores };
            let view = ArrayView2::from_shape((rows, width), &table).expect("whole rows");
            let pool = pool().expect("a pool");
            search(&pool, Rows(view), &queries, count, found, || Ok::<_, Infallible>(())).expect("no pause fails");

            for query in 0..count {
                let asked = &queries[query * width..][..width];
                let score = |row: usize| dot(&table[row * width..][..width], asked);
                let mut want: Vec<_> = (0..rows).map(|place| Hit { place, score: score(place) }).collect();
                want.sort_by(|a, b| b.cmp(a));
                for (n, hit) in want[..k].iter().enumerate() {
                    prop_assert_eq!(places[query * k + n], hit.place.cast_signed());
                    prop_assert_eq!(scores[query * k + n], hit.score);
                }
            }
        }
    }

    #[test]
    fn a_pause_ends_a_search() {
        let zero = [0.0_f32];
        // Rows of stride 0: more than anybody could wait for, in four bytes.
        let endless = ArrayView2::from_shape((1, 1), &zero).expect("one row");
        let endless = endless.broadcast((1 << 40, 1)).expect("one row, often");
        let found = Found {
            k: 1,
            places: &mut [0],
            scores: &mut [0.0],
        };
        let pool = pool().expect("a pool");
        let result = search(&pool, Rows(endless), &[1.0], 1, found, || Err("enough"));
        assert_eq!(result, Err("enough"));
    }
}
