//! An index in a file: safetensors, the format in which models are handed round (chapter 4 reads its header by hand).

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError, SafeTensors};
use std::collections::HashMap;
use std::io;
use std::path::Path;

const FORMAT: &str = "rust_ai_tools.EmbeddingIndex";

/// Writes `rows`, of the given shape. The file is written under another name first, by `safetensors` itself.
pub fn save(path: &Path, rows: &[f32], shape: &[usize], int8: bool) -> PyResult<()> {
    let little_endian: Vec<u8>;
    let bytes = if cfg!(target_endian = "little") {
        bytemuck::cast_slice(rows)
    } else {
        little_endian = rows.iter().flat_map(|x| x.to_le_bytes()).collect();
        &little_endian
    };
    let tensor =
        TensorView::new(Dtype::F32, shape.to_vec(), bytes).map_err(|error| fault(path, error))?;
    let about = [
        ("format", FORMAT),
        ("int8", if int8 { "true" } else { "false" }),
    ];
    let about: HashMap<String, String> =
        about.map(|(key, value)| (key.into(), value.into())).into();
    safetensors::serialize_to_file([("rows", tensor)], Some(about), path)
        .map_err(|error| fault(path, error))
}

/// What a file said.
pub struct Stored<'a> {
    /// Rows and their width.
    pub shape: [usize; 2],
    /// Whether the index kept its rows as bytes, too.
    pub int8: bool,
    numbers: &'a [u8],
}

impl Stored<'_> {
    /// Writes the numbers to `rows`, which has room for as many as the shape says.
    pub fn write(&self, rows: &mut [f32]) {
        let (chunks, _) = self.numbers.as_chunks();
        for (x, bytes) in rows.iter_mut().zip(chunks) {
            *x = f32::from_le_bytes(*bytes);
        }
    }
}

/// Looks into the bytes of the file at `path`. Fails with `ValueError` if `save` has not written them.
pub fn read<'a>(path: &Path, bytes: &'a [u8]) -> PyResult<Stored<'a>> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| fault(path, error))?;
    let about = header.metadata().clone().unwrap_or_default();
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| fault(path, error))?;
    let tensor = tensors.tensor("rows").map_err(|error| fault(path, error))?;
    match (
        tensor.dtype(),
        tensor.shape(),
        about.get("format").map(String::as_str),
    ) {
        (Dtype::F32, &[rows, width], Some(FORMAT)) => Ok(Stored {
            shape: [rows, width],
            int8: about.get("int8").is_some_and(|value| value == "true"),
            numbers: tensor.data(),
        }),
        _ => Err(PyValueError::new_err(format!(
            "{} holds no index: it was not written by save()",
            path.display()
        ))),
    }
}

fn fault(path: &Path, error: SafeTensorError) -> PyErr {
    match error {
        SafeTensorError::IoError(error) => named(path, &error),
        error => PyValueError::new_err(format!(
            "{} is no safetensors file: {error}",
            path.display()
        )),
    }
}

/// The same error with the file's name in it; Python gets the `OSError` of its kind, such as `FileNotFoundError`.
pub fn named(path: &Path, error: &io::Error) -> PyErr {
    io::Error::new(error.kind(), format!("{}: {error}", path.display())).into()
}
