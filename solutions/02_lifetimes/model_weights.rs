//! # Lay a shape over a buffer
//!
//! The weights of a layer are in a buffer already: read from a file, or mapped. To use them as a matrix nothing has
//! to be copied; `buffer.reshape(rows, cols)` in numpy copies nothing either. `ModelWeights` is such a view: a loan
//! of the numbers, and a shape.
//!
//! Run it, and follow one message after the other. A struct with a loan in it must not outlive what it borrows. Where
//! does it say so?

/// A matrix over somebody else's numbers, row after row.
// TODO: This struct holds a loan. Give its lifetime a name, wherever the compiler asks for one, and copy nothing.
// [starter]
// struct ModelWeights {
//     data: &[f32],
//     shape: (usize, usize),
// }
//
// impl ModelWeights {
//     fn new(data: &[f32], rows: usize, cols: usize) -> Self {
//         let shape = (rows, cols);
//         Self { data, shape }
//     }
//
//     /// The number in row `row` and column `col`.
//     fn get(&self, row: usize, col: usize) -> f32 {
//         self.data[row * self.shape.1 + col]
//     }
// }
// [solution]
struct ModelWeights<'a> {
    data: &'a [f32],
    shape: (usize, usize),
}

impl<'a> ModelWeights<'a> {
    fn new(data: &'a [f32], rows: usize, cols: usize) -> Self {
        let shape = (rows, cols);
        Self { data, shape }
    }

    /// The number in row `row` and column `col`.
    fn get(&self, row: usize, col: usize) -> f32 {
        self.data[row * self.shape.1 + col]
    }
}
// [end]

#[path = "../../chapters/02_lifetimes/checks/model_weights.rs"]
mod checks;
