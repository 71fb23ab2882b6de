//! A vector store with a filter: what Qdrant and LanceDB do, without an index.

use iterators::{Hit, cosine_similarity, top_k};

/// Vectors of one width, each with something that is known of it (a *payload*): the text, its language, its year.
///
/// ```
/// use case_studies::Points;
///
/// let mut points = Points::new(2);
/// points.push(&[1.0, 0.0], "de");
/// points.push(&[0.9, 0.1], "fr");
/// points.push(&[0.0, 1.0], "de");
/// let found = points.search(&[1.0, 0.0], 2, |language| *language == "de");
/// assert_eq!(found.iter().map(|hit| hit.place).collect::<Vec<_>>(), [0, 2]);
/// ```
#[derive(Debug)]
pub struct Points<P> {
    width: usize,
    vectors: Vec<f32>,
    payloads: Vec<P>,
}

impl<P> Points<P> {
    /// No points yet; each will have `width` numbers.
    ///
    /// # Panics
    ///
    /// If `width` is 0.
    pub fn new(width: usize) -> Self {
        assert!(width > 0, "a vector has at least one number");
        Self {
            width,
            vectors: Vec::new(),
            payloads: Vec::new(),
        }
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.payloads.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.payloads.is_empty()
    }

    /// Adds a point.
    ///
    /// # Panics
    ///
    /// If `vector` has another width than the store.
    pub fn push(&mut self, vector: &[f32], payload: P) {
        assert_eq!(vector.len(), self.width, "numbers in a vector");
        self.vectors.extend_from_slice(vector);
        self.payloads.push(payload);
    }

    /// The `k` points most similar to `query` among those that `keep` lets through, best first; fewer only if fewer are
    /// let through. Vectors of the others are not read.
    ///
    /// # Panics
    ///
    /// If `query` has another width than the store.
    pub fn search(&self, query: &[f32], k: usize, keep: impl Fn(&P) -> bool) -> Vec<Hit> {
        assert_eq!(query.len(), self.width, "numbers in a query");
        let kept: Vec<usize> = (0..self.len())
            .filter(|place| keep(&self.payloads[*place]))
            .collect();
        let row = |place: usize| &self.vectors[place * self.width..(place + 1) * self.width];
        let scores = kept
            .iter()
            .map(|place| cosine_similarity(row(*place), query));
        top_k(scores, k)
            .into_iter()
            .map(|hit| Hit {
                place: kept[hit.place],
                score: hit.score,
            })
            .collect()
    }
}
