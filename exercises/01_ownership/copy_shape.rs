//! # Pass a shape around like a number
//!
//! A tensor's shape is two numbers, 16 bytes; its data may be gigabytes. Passing data by value moves it, and that
//! is right. Passing a shape by value should feel like passing a number: nobody wants to lose it over that.
//!
//! Run it. The message says that the shape was moved, and 'because' of what. Why does the same never happen to the
//! `usize` inside it?

/// Rows and columns of a matrix.
// TODO: Let the compiler copy a `Shape` wherever one is passed on. Two traits are missing from the list.
#[derive(Debug, PartialEq)]
struct Shape {
    rows: usize,
    cols: usize,
}

/// A matrix, row after row in one buffer.
struct Tensor {
    shape: Shape,
    data: Vec<f32>,
}

/// How many numbers a tensor of this shape holds.
fn elements(shape: Shape) -> usize {
    shape.rows * shape.cols
}

/// A tensor of zeros.
fn zeros(shape: Shape) -> Tensor {
    let data = vec![0.0; elements(shape)];
    Tensor { shape, data }
}

#[path = "../../chapters/01_ownership/checks/copy_shape.rs"]
mod checks;
