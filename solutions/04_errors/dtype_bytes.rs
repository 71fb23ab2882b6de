//! # A number format is added
//!
//! How many bytes does a weight take? `{"F32": 4, "F16": 2, "I8": 1}.get(dtype, 4)` was right until somebody loaded a
//! model in bfloat16, and from then on every size was wrong by a factor of two, without a word. Here bfloat16 was
//! added to the enum this morning, and to nothing else.
//!
//! Run it. How does the compiler know that something is missing, and what does it propose?

/// How a tensor's numbers are stored, by the names that a safetensors file gives them.
#[derive(Clone, Copy)]
enum Dtype {
    F32,
    F16,
    BF16,
    I8,
}

/// The bytes that one number takes.
fn bytes_each(dtype: Dtype) -> usize {
    // TODO: Say how many bytes a bfloat16 takes; the 16 are bits.
    // [starter]
    // match dtype {
    //     Dtype::F32 => 4,
    //     Dtype::F16 => 2,
    //     Dtype::I8 => 1,
    // }
    // [solution]
    match dtype {
        Dtype::F32 => 4,
        Dtype::F16 | Dtype::BF16 => 2,
        Dtype::I8 => 1,
    }
    // [end]
}

/// The bytes that a matrix takes.
fn matrix_bytes(rows: usize, cols: usize, dtype: Dtype) -> usize {
    rows * cols * bytes_each(dtype)
}

#[path = "../../chapters/04_errors/checks/dtype_bytes.rs"]
mod checks;
