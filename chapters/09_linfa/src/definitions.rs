//! The chapter's documents: 726 dictionary definitions of eight topics, and their sentence embeddings.

use ndarray::{Array2, ShapeError};
use safetensors::{Dtype, SafeTensorError, SafeTensors};

static TEXTS: &str = include_str!("../../../data/definitions/texts.tsv");
static VECTORS: &[u8] = include_bytes!("../../../data/definitions/vectors.safetensors");

/// One document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// What WordNet's editors filed it under. No clustering here is shown this; it judges them afterwards.
    pub topic: &'static str,
    /// What is defined.
    pub word: &'static str,
    /// The definition. This is what was embedded.
    pub text: &'static str,
}

/// All documents, in the order of the rows of [`embeddings`].
pub fn definitions() -> Vec<Definition> {
    let rows = TEXTS.lines().skip(1);
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        Some(Definition {
            topic: fields.next()?,
            word: fields.next()?,
            text: fields.next()?,
        })
    })
    .collect()
}

/// The embeddings of all definitions: 726 rows of 384 numbers, as the encoder MiniLM has them, of different lengths.
///
/// # Panics
///
/// Never: the file is part of this program, and a test has read it.
pub fn embeddings() -> Array2<f32> {
    read_matrix(VECTORS, "vectors").expect("the chapter's own file")
}

/// Why a matrix could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MatrixError {
    /// Not a safetensors file, or one without this tensor.
    #[error(transparent)]
    File(#[from] SafeTensorError),
    /// Numbers of another type.
    #[error("expected f32, found {0:?}")]
    Dtype(Dtype),
    /// Not two axes.
    #[error("expected rows and columns, found the shape {0:?}")]
    Axes(Vec<usize>),
    /// More or fewer numbers than the shape says.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// Reads the tensor `name`, a matrix of `f32`, from the bytes of a safetensors file.
///
/// # Errors
///
/// If there is no such tensor, or if it is no matrix of `f32`.
pub fn read_matrix(file: &[u8], name: &str) -> Result<Array2<f32>, MatrixError> {
    let tensors = SafeTensors::deserialize(file)?;
    let tensor = tensors.tensor(name)?;
    if tensor.dtype() != Dtype::F32 {
        return Err(MatrixError::Dtype(tensor.dtype()));
    }
    let &[rows, columns] = tensor.shape() else {
        return Err(MatrixError::Axes(tensor.shape().to_vec()));
    };
    let (numbers, _) = tensor.data().as_chunks::<4>();
    let numbers = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes));
    Ok(Array2::from_shape_vec((rows, columns), numbers.collect())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::serialize;
    use safetensors::tensor::TensorView;
    use std::collections::BTreeSet;

    #[test]
    fn each_definition_has_its_row() {
        let (texts, rows) = (definitions(), embeddings());
        assert_eq!((texts.len(), rows.dim()), (726, (726, 384)));
        let topics: BTreeSet<_> = texts.iter().map(|text| text.topic).collect();
        assert_eq!(topics.len(), 8);
        assert!(rows.iter().all(|x| x.is_finite()));
    }

    #[test]
    fn another_type_and_another_shape_are_errors() {
        let bytes = [0; 16];
        let file = |dtype, shape: &[usize]| {
            let view = TensorView::new(dtype, shape.to_vec(), &bytes).unwrap();
            serialize([("x", view)], None).unwrap()
        };
        let read = |dtype, shape: &[usize]| read_matrix(&file(dtype, shape), "x");
        assert_eq!(read(Dtype::F32, &[2, 2]).unwrap().dim(), (2, 2));
        let error = read(Dtype::F64, &[1, 2]).unwrap_err().to_string();
        assert_eq!(error, "expected f32, found F64");
        let error = read(Dtype::F32, &[4]).unwrap_err().to_string();
        assert_eq!(error, "expected rows and columns, found the shape [4]");
        assert!(read_matrix(&file(Dtype::F32, &[4]), "y").is_err());
    }
}
