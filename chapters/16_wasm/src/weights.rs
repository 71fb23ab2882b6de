//! A file of weights as a page gets it: bytes that lie anywhere.

use crate::error::ModelError;
use safetensors::{Dtype, SafeTensors};

/// A file in safetensors' format, over bytes that stay where they are.
pub struct Weights<'a> {
    file: SafeTensors<'a>,
}

impl<'a> Weights<'a> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// If the bytes are no such file; what a server sends instead of one is often a page that says so.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let file =
            SafeTensors::deserialize(bytes).map_err(|error| ModelError::File(error.to_string()))?;
        Ok(Self { file })
    }

    /// The names of all tensors.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.file.names().into_iter()
    }

    /// The shape of a tensor, and its bytes.
    ///
    /// # Errors
    ///
    /// If there is none of that name, or it is of another type.
    pub fn bytes(&self, name: &str, dtype: Dtype) -> Result<(Vec<usize>, &'a [u8]), ModelError> {
        let Ok(tensor) = self.file.tensor(name) else {
            return Err(ModelError::File(format!("there is no '{name}'")));
        };
        if tensor.dtype() != dtype {
            let said = format!("'{name}' is {:?}, not {dtype:?}", tensor.dtype());
            return Err(ModelError::File(said));
        }
        Ok((tensor.shape().to_vec(), tensor.data()))
    }

    /// The shape of a tensor of `f32`, and its numbers: copied, since nobody promised that the file's bytes lie at a
    /// multiple of four.
    ///
    /// # Errors
    ///
    /// As for [`bytes`](Self::bytes).
    pub fn numbers(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), ModelError> {
        let (shape, bytes) = self.bytes(name, Dtype::F32)?;
        Ok((shape, numbers(bytes)))
    }

    /// The same for `i8`.
    ///
    /// # Errors
    ///
    /// As for [`bytes`](Self::bytes).
    pub fn small(&self, name: &str) -> Result<(Vec<usize>, Vec<i8>), ModelError> {
        let (shape, bytes) = self.bytes(name, Dtype::I8)?;
        Ok((shape, bytemuck::cast_slice(bytes).to_vec()))
    }
}

/// Four bytes a number, little-endian, wherever they lie.
fn numbers(bytes: &[u8]) -> Vec<f32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::{TensorView, serialize};

    #[test]
    fn numbers_are_read_from_any_address() {
        let data: Vec<u8> = [1.5_f32, -2.0]
            .iter()
            .flat_map(|n| n.to_le_bytes())
            .collect();
        let view = TensorView::new(Dtype::F32, vec![2], &data).unwrap();
        let file = serialize([("a", view)], None).unwrap();
        for shift in 0..4 {
            let moved = [vec![0; shift], file.clone()].concat();
            let weights = Weights::read(&moved[shift..]).unwrap();
            assert_eq!(weights.numbers("a").unwrap(), (vec![2], vec![1.5, -2.0]));
        }
        let weights = Weights::read(&file).unwrap();
        let said = weights.numbers("b").unwrap_err().to_string();
        assert_eq!(said, "the weights cannot be used: there is no 'b'");
        let said = weights.small("a").unwrap_err().to_string();
        assert!(said.ends_with("'a' is F32, not I8"), "{said}");
    }

    #[test]
    fn a_page_that_says_404_is_no_file_of_weights() {
        assert!(Weights::read(b"<!DOCTYPE html><title>Not found</title>").is_err());
        assert!(Weights::read(b"").is_err());
    }
}
