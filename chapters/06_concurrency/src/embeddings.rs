//! Scores against many rows: on one core, and on all.

use rayon::prelude::*;

/// The dot product of two vectors.
///
/// # Panics
///
/// If they have different lengths.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len(), "dot product of two lengths");
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Rows of one width, one after another in one buffer.
pub struct Embeddings {
    width: usize,
    rows: Vec<f32>,
}

impl Embeddings {
    /// Takes over a buffer of rows that have `width` numbers each.
    ///
    /// # Panics
    ///
    /// If the buffer does not hold a whole number of rows, or if `width` is 0.
    pub fn new(rows: Vec<f32>, width: usize) -> Self {
        assert!(rows.len().is_multiple_of(width), "whole rows only");
        Self { width, rows }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len() / self.width
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at `place`.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn row(&self, place: usize) -> &[f32] {
        &self.rows[place * self.width..(place + 1) * self.width]
    }

    /// One score for each row, in order, computed on the caller's thread.
    ///
    /// # Panics
    ///
    /// If `query` has another width.
    pub fn scores(&self, query: &[f32]) -> Vec<f32> {
        let rows = self.rows.chunks_exact(self.width);
        rows.map(|row| dot(row, query)).collect()
    }

    /// The same scores, bit for bit and in the same order, computed on all cores.
    ///
    /// Each score is one thread's work from its first product to its last, so nothing is added up in another order.
    ///
    /// # Panics
    ///
    /// If `query` has another width.
    pub fn par_scores(&self, query: &[f32]) -> Vec<f32> {
        let rows = self.rows.par_chunks_exact(self.width);
        rows.map(|row| dot(row, query)).collect()
    }
}

/// Sums on all cores, with the same result on every machine and in every run.
///
/// Where rayon cuts depends on who is idle, and float sums depend on the cuts. Here the cuts are fixed: 4,096 numbers
/// each, and the sums of the pieces are added in order.
pub fn sum_in_chunks(values: &[f32]) -> f32 {
    let sums: Vec<f32> = values
        .par_chunks(4_096)
        .map(|chunk| chunk.iter().sum())
        .collect();
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embeddings() -> Embeddings {
        let rows = (0_u16..4_800)
            .map(|i| (f32::from(i) * 0.37).sin())
            .collect();
        Embeddings::new(rows, 48)
    }

    #[test]
    fn scores_are_dot_products() {
        let embeddings = Embeddings::new(vec![1.0, 0.0, 0.5, 1.5], 2);
        assert_eq!(embeddings.scores(&[1.0, 1.0]), [1.0, 2.0]);
        assert_eq!((embeddings.len(), embeddings.is_empty()), (2, false));
    }

    #[test]
    fn parallel_scores_are_the_serial_ones_to_the_last_bit() {
        let embeddings = embeddings();
        for place in 0..embeddings.len() {
            let query = embeddings.row(place);
            assert_eq!(embeddings.par_scores(query), embeddings.scores(query));
        }
    }

    #[test]
    fn a_sum_in_chunks_does_not_depend_on_the_number_of_threads() {
        // 1e8 swallows a 1.0 that is added to it alone, so each way to cut shows.
        let mut values = vec![1.0; 100_000];
        values[0] = 1e8;
        let sums = [1, 2, 3, 7].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| sum_in_chunks(&values))
        });
        assert_eq!(sums, [sums[0]; 4]);
        // 4,095 ones are swallowed; the other pieces arrive as thousands.
        assert_eq!(sums[0], 100_095_904.0);
    }
}
