//! # Refuse a shape without a panic
//!
//! Chapter 1's matrix takes a buffer over and panics if it does not fill whole rows. For a test that is fine. Behind a
//! server it is not: the numbers come from a client, one client's mistake is an everyday event, and a panic would end
//! the thread that serves the others. Whoever calls `new` should get an answer either way.
//!
//! Run it and read the failed check. The return type promises a `Result`. Which lines do not keep the promise?

/// Numbers, row after row in one buffer.
#[derive(Debug, PartialEq)]
struct Matrix {
    data: Vec<f32>,
    cols: usize,
}

/// Numbers that do not fill whole rows.
#[derive(Debug, PartialEq)]
struct ShapeError {
    len: usize,
    cols: usize,
}

impl Matrix {
    /// Takes `data` over as rows of `cols` numbers.
    ///
    /// Returns an error if `cols` is zero or the last row would be short.
    fn new(data: Vec<f32>, cols: usize) -> Result<Matrix, ShapeError> {
        // TODO: Answer with an error where this panics. A panic ends the thread; an error can be handled.
        assert!(cols > 0, "a matrix has at least one column");
        assert!(data.len() % cols == 0, "data fills whole rows");
        Ok(Matrix { data, cols })
    }

    /// How many rows there are.
    fn rows(&self) -> usize {
        self.data.len() / self.cols
    }
}

#[path = "../../chapters/04_errors/checks/checked_shape.rs"]
mod checks;
