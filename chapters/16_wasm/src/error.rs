//! What can be wrong with what a page hands over. `wasm-bindgen` makes a JavaScript `Error` of it, with this message.

use thiserror::Error;

/// A call that cannot be answered, and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// A model without inputs or outputs.
    #[error("a model needs at least one input and one output, not {inputs} and {outputs}")]
    NoSize {
        /// Numbers that go in.
        inputs: usize,
        /// Numbers that come out.
        outputs: usize,
    },
    /// More numbers than 32 bits can address.
    #[error("{rows} x {columns} numbers do not fit into a page's memory of 4 GB")]
    TooLarge {
        /// Rows of the matrix.
        rows: usize,
        /// Numbers in a row.
        columns: usize,
    },
    /// An input of another length than the model takes.
    #[error("the model takes {wanted} numbers, and was given {given}")]
    InputLength {
        /// What it takes.
        wanted: usize,
        /// What it got.
        given: usize,
    },
    /// Weights of another length than the model has.
    #[error(
        "a model of {inputs} inputs and {outputs} outputs has {wanted} weights, and was given {given}"
    )]
    WeightsLength {
        /// Numbers that go in.
        inputs: usize,
        /// Numbers that come out.
        outputs: usize,
        /// Weights that it has.
        wanted: usize,
        /// Weights that it got.
        given: usize,
    },
    /// Two vectors that cannot be compared.
    #[error("vectors of {a} and {b} numbers cannot be compared")]
    Lengths {
        /// Length of the first.
        a: usize,
        /// Length of the second.
        b: usize,
    },
    /// Rows that are not whole.
    #[error("{given} numbers are no whole rows of {columns}")]
    NoRows {
        /// Numbers in all.
        given: usize,
        /// Numbers in a row.
        columns: usize,
    },
    /// A file of weights that is none, or lacks something.
    #[error("the weights cannot be used: {0}")]
    File(String),
    /// The network failed.
    #[error("the encoder failed: {0}")]
    Encoder(String),
}
