//! # A filter inside the search
//!
//! A user asks for the five documents nearest to a query, in German. The store finds the five nearest of all, and keeps
//! those in German. It returns two, one, or none, although there are thousands.
//!
//! Taking fifty instead of five makes it rarer. Qdrant and LanceDB look at the filter during the search.
//!
//! Run it. Which of the two questions should be asked first?

/// A document: its vector, and what is known of it.
struct Point {
    vector: Vec<f32>,
    language: &'static str,
}

/// The dot product; the checks count how often it is asked for.
fn score(a: &[f32], b: &[f32]) -> f32 {
    instruments::a_vector_is_read();
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The places of the `k` points nearest to `query` among those that `keep` lets through, best first.
fn search(points: &[Point], query: &[f32], k: usize, keep: impl Fn(&Point) -> bool) -> Vec<usize> {
    // TODO: What is not let through must not take a place among the `k`, and need not be scored.
    let mut scored: Vec<(usize, f32)> = points
        .iter()
        .enumerate()
        .map(|(place, point)| (place, score(&point.vector, query)))
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1));
    scored.truncate(k);
    scored.retain(|(place, _)| keep(&points[*place]));
    scored.into_iter().map(|(place, _)| place).collect()
}

mod instruments {
    use std::cell::Cell;

    thread_local! {
        static READ: Cell<usize> = const { Cell::new(0) };
    }

    pub fn a_vector_is_read() {
        READ.with(|count| count.set(count.get() + 1));
    }

    /// How many vectors were read since the last call.
    pub fn vectors_read() -> usize {
        READ.with(Cell::take)
    }
}

#[path = "../../chapters/17_case_studies/checks/filtered_search.rs"]
mod checks;
