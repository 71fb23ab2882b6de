//! # A viewer for weights files
//!
//! What is in this file, and how does row 7 of its head begin? A viewer answers that from the bytes of the file,
//! which are best mapped. This one works, and copies: the file when the reader is made, each tensor when it is
//! reached, each row when it is shown. Somebody wrote `String` and `Vec` wherever the compiler asked for a lifetime.
//! For a file of 14 GB that is not a viewer.
//!
//! A tensor in the file is, one after another, little-endian:
//!
//! ```text
//! rows, cols, length   three u32
//! name                 `length` bytes of UTF-8, filled up with zeros to a multiple of 4
//! numbers              rows × cols f32
//! ```
//!
//! Everything shown can be a view of `bytes`. Go from the struct that is shown to the one that reads, and give each
//! loan the lifetime of the bytes: neither the reader's, nor that of the question. (`.ok()` makes an `Option` of an
//! answer that may be an error; chapter 4 has more on it.)

/// One tensor of a file: its name, its rows and columns, its numbers.
// TODO: Name and numbers lie in the file. Hold loans of them.
struct Tensor {
    name: String,
    shape: (usize, usize),
    data: Vec<f32>,
}

// TODO: Show a row where it lies; it may outlive the tensor that showed it.
impl Tensor {
    /// Row `row`; `None` if there is no such row.
    fn row(&self, row: usize) -> Option<Vec<f32>> {
        if row >= self.shape.0 {
            return None;
        }
        let start = row * self.shape.1;
        Some(self.data[start..start + self.shape.1].to_vec())
    }
}

// TODO: Be a cursor: hold the bytes that are left, as a loan, and cut off what is read.
/// Reads a file, tensor by tensor.
struct Reader {
    rest: Vec<u8>,
}

impl Reader {
    fn new(bytes: &[u8]) -> Self {
        let rest = bytes.to_vec();
        Self { rest }
    }

    /// The next `count` bytes; `None` if fewer are left.
    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        if count > self.rest.len() {
            return None;
        }
        Some(self.rest.drain(..count).collect())
    }

    /// The next u32.
    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(4)?;
        let number = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        Some(number as usize)
    }

    /// The next tensor; `None` at the end of the file, or where it is cut off or damaged.
    fn next_tensor(&mut self) -> Option<Tensor> {
        let shape = (self.number()?, self.number()?);
        let length = self.number()?;
        let name = self.take(length.next_multiple_of(4))?;
        let data = self.take(shape.0.checked_mul(shape.1)?.checked_mul(4)?)?;
        Some(Tensor {
            name: str::from_utf8(&name[..length]).ok()?.to_string(),
            shape,
            data: data
                .chunks_exact(4)
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect(),
        })
    }
}

/// The tensor called `name`; `None` if the file has none of that name.
// TODO: The tensor is a view of the bytes. The name is only a question.
fn find(bytes: &[u8], name: &str) -> Option<Tensor> {
    let mut reader = Reader::new(bytes);
    while let Some(tensor) = reader.next_tensor() {
        if tensor.name == name {
            return Some(tensor);
        }
    }
    None
}

/// One line for each tensor of a file: its name and its shape.
fn list(bytes: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reader = Reader::new(bytes);
    while let Some(tensor) = reader.next_tensor() {
        let (rows, cols) = tensor.shape;
        lines.push(format!("{} {rows}x{cols}", tensor.name));
    }
    lines
}

#[path = "../../chapters/02_lifetimes/checks/weights_viewer.rs"]
mod checks;
