//! # No number there
//!
//! The layers of a model stand one after another in one buffer, and a view shows one of them. Whoever asks it for a
//! column that does not exist should hear so. `try_get` looks careful: it asks the slice's own `get`, which answers
//! `None` past the end. But past the end of what?
//!
//! This time it compiles. Read the checks that fail. Which number does a wrong index get instead?

/// A matrix over a part of somebody else's numbers, row after row. The buffer may go on after it.
struct ModelWeights<'a> {
    data: &'a [f32],
    shape: (usize, usize),
}

impl ModelWeights<'_> {
    /// The number in row `row` and column `col`; `None` if the matrix has no such row or no such column.
    // TODO: Ask whether row and column are inside the shape, before any number is worked out from them.
    // [starter]
    // fn try_get(&self, row: usize, col: usize) -> Option<f32> {
    //     self.data.get(row * self.shape.1 + col).copied()
    // }
    // [solution]
    fn try_get(&self, row: usize, col: usize) -> Option<f32> {
        if row < self.shape.0 && col < self.shape.1 {
            Some(self.data[row * self.shape.1 + col])
        } else {
            None
        }
    }
    // [end]
}

#[path = "../../chapters/02_lifetimes/checks/checked_get.rs"]
mod checks;
