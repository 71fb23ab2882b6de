//! What is in a weights file: names, shapes and rows, all of them views of the file's bytes.
//!
//! The format is the smallest that shows the point; chapter 4 reads safetensors. A tensor is, little-endian, one part
//! after another:
//!
//! ```text
//! rows, cols, length   three u32
//! name                 `length` bytes of UTF-8, filled up with zeros to a multiple of 4
//! numbers              rows × cols f32
//! ```

use crate::ModelWeights;

/// One tensor of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tensor<'b> {
    /// Its name, as it stands in the file.
    pub name: &'b str,
    /// Its numbers, laid out in rows.
    pub weights: ModelWeights<'b>,
}

/// Reads a file, tensor by tensor. It is a view of the bytes that are left.
#[derive(Clone, Debug)]
pub struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    /// Stands before the first tensor of `bytes`, which must begin at an address that is a multiple of 4, as every map
    /// does. (Elsewhere they could not be seen as `f32`, and no tensor is found.)
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next tensor; `None` at the end of the bytes, or where they are cut off or damaged.
    pub fn next_tensor(&mut self) -> Option<Tensor<'b>> {
        // `?` goes on with what there is, or returns `None` from here. `ok` makes `None` of an error.
        let (rows, cols) = (self.number()?, self.number()?);
        let length = self.number()?;
        let name = self.take(length.checked_next_multiple_of(4)?)?;
        let data = self.take(rows.checked_mul(cols)?.checked_mul(4)?)?;
        let data = bytemuck::try_cast_slice(data).ok()?;
        if cols == 0 {
            return None;
        }
        Some(Tensor {
            name: str::from_utf8(&name[..length]).ok()?,
            weights: ModelWeights::new(data, rows, cols),
        })
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(4)?;
        let number = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        Some(number as usize)
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }
}

/// The first tensor called `name`; `None` if there is none.
///
/// Two lifetimes: the tensor is a view of `bytes`, and `name` may be gone once it was found.
pub fn find<'b>(bytes: &'b [u8], name: &str) -> Option<Tensor<'b>> {
    let mut reader = Reader::new(bytes);
    while let Some(tensor) = reader.next_tensor() {
        if tensor.name == name {
            return Some(tensor);
        }
    }
    None
}

/// Writes tensors as they stand in a file. Each is a name, a number of columns, and its numbers, row after row.
///
/// # Panics
///
/// If `cols` is zero, if the numbers do not fill whole rows, or if something is too large for a u32.
pub fn pack(tensors: &[(&str, usize, &[f32])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for &(name, cols, numbers) in tensors {
        assert!(cols > 0, "a matrix has at least one column");
        assert_eq!(numbers.len() % cols, 0, "the numbers fill whole rows");
        for number in [numbers.len() / cols, cols, name.len()] {
            let number = u32::try_from(number).expect("what is counted fits a u32");
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(name.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        for number in numbers {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map_bytes;
    use allocation_counter::measure;
    use std::io;

    fn file() -> Vec<u8> {
        let layer: &[f32] = &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        pack(&[("tok.embed", 3, layer), ("größe", 1, &[0.5])])
    }

    #[test]
    fn reads_back_what_was_packed() -> io::Result<()> {
        let map = map_bytes(&file())?;
        let mut reader = Reader::new(&map);
        let first = reader.next_tensor().expect("two tensors were packed");
        let second = reader.next_tensor().expect("two tensors were packed");
        assert_eq!((first.name, first.weights.shape()), ("tok.embed", (2, 3)));
        assert_eq!(first.weights.row(1), [4.0, 5.0, 6.0]);
        assert_eq!((second.name, second.weights.get(0, 0)), ("größe", 0.5));
        assert_eq!(reader.next_tensor(), None);
        Ok(())
    }

    #[test]
    fn a_tensor_outlives_the_question() -> io::Result<()> {
        let map = map_bytes(&file())?;
        let tensor = {
            let name = String::from("größe");
            find(&map, &name).expect("it was packed")
        };
        assert_eq!(tensor.weights.row(0), [0.5]);
        assert_eq!(find(&map, "head"), None);
        Ok(())
    }

    // Bytes from outside: whatever they say, the reader answers and does not panic.
    #[test]
    fn a_file_cut_off_anywhere_has_fewer_tensors() -> io::Result<()> {
        let whole = file();
        let map = map_bytes(&whole)?;
        let second = whole.len() - pack(&[("größe", 1, &[0.5])]).len();
        for end in 1..whole.len() {
            let mut reader = Reader::new(&map[..end]);
            let mut count = 0;
            while reader.next_tensor().is_some() {
                count += 1;
            }
            assert_eq!(count, usize::from(end >= second), "cut off at {end}");
        }
        Ok(())
    }

    #[test]
    fn sizes_that_cannot_be_are_refused() -> io::Result<()> {
        for damaged in [[u32::MAX; 3], [u32::MAX, 0, 0], [1, 1, u32::MAX]] {
            let map = map_bytes(bytemuck::cast_slice(&damaged))?;
            assert_eq!(Reader::new(&map).next_tensor(), None, "{damaged:?}");
        }
        Ok(())
    }

    #[test]
    fn looking_costs_no_memory() -> io::Result<()> {
        let map = map_bytes(&file())?;
        let used = measure(|| {
            assert!(find(&map, "größe").is_some());
        });
        assert_eq!(used.count_total, 0);
        Ok(())
    }
}
