//! # A row of the buffer
//!
//! A small trick saves a second file: the last row of a layer's matrix is its bias. `bias` lays a shape over the
//! buffer, takes that row and returns it. The view `weights` is gone after that, and may go: the row is in the
//! buffer, and the buffer is the caller's.
//!
//! Run it. The message claims that the result refers to something this function owns. Is that so? Who says it?

/// A matrix over somebody else's numbers, row after row.
struct ModelWeights<'a> {
    data: &'a [f32],
    shape: (usize, usize),
}

impl<'a> ModelWeights<'a> {
    fn new(data: &'a [f32], rows: usize, cols: usize) -> Self {
        let shape = (rows, cols);
        Self { data, shape }
    }

    /// Row `row`, a view of `cols` numbers.
    // TODO: Without a name, the result is a loan from `self`. Say from whom it is.
    fn row(&self, row: usize) -> &[f32] {
        let start = row * self.shape.1;
        &self.data[start..start + self.shape.1]
    }
}

/// The bias in a layer's buffer of `rows` × `cols` numbers: its last row.
fn bias(buffer: &[f32], rows: usize, cols: usize) -> &[f32] {
    let weights = ModelWeights::new(buffer, rows, cols);
    weights.row(rows - 1)
}

#[path = "../../chapters/02_lifetimes/checks/bias_row.rs"]
mod checks;
