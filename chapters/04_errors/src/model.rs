//! The errors of a whole program: what lies below is converted or wrapped, and each says where.

use crate::{Dtype, HeaderError, Matrix, ShapeError, read_header};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a model cannot be loaded or run.
///
/// Chapter 12 turns errors like these into Python exceptions, chapter 15 into answers of a server.
#[derive(Debug, Error)]
pub enum ModelError {
    /// The operating system would not give us the file.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is there, and not what it should be.
    #[error("{} is not a safetensors file", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: HeaderError,
    },
    /// The file has no tensor of this name.
    #[error("no tensor is called '{name}'; there are: {}", known.join(", "))]
    MissingTensor {
        /// The name that was looked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The tensor's numbers are stored in another way.
    #[error("tensor '{name}' is stored as {found}, not as F32: convert it first")]
    Dtype {
        /// The tensor.
        name: String,
        /// How its numbers are stored.
        found: Dtype,
    },
    /// The tensor has more or fewer than two dimensions.
    #[error("tensor '{name}' has shape {shape:?}: a matrix has two lengths")]
    NotAMatrix {
        /// The tensor.
        name: String,
        /// Its lengths.
        shape: Vec<usize>,
    },
    /// Shapes do not fit together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// Reads the matrix called `name` from the safetensors file at `path`.
///
/// # Errors
///
/// [`ModelError`]: the file cannot be read, is no safetensors file, has no such tensor, or one that is no matrix of
/// F32.
pub fn load_matrix(path: &Path, name: &str) -> Result<Matrix, ModelError> {
    let file = fs::read(path).map_err(|source| ModelError::Read {
        path: path.to_path_buf(),
        source,
    })?;
    let (header, data) = read_header(&file).map_err(|source| ModelError::Header {
        path: path.to_path_buf(),
        source,
    })?;
    let tensor = header
        .tensors
        .get(name)
        .ok_or_else(|| ModelError::MissingTensor {
            name: name.to_string(),
            known: header.tensors.keys().cloned().collect(),
        })?;
    if tensor.dtype != Dtype::F32 {
        return Err(ModelError::Dtype {
            name: name.to_string(),
            found: tensor.dtype,
        });
    }
    let [_, cols] = tensor.shape[..] else {
        return Err(ModelError::NotAMatrix {
            name: name.to_string(),
            shape: tensor.shape.clone(),
        });
    };
    // Plain indexing: `read_header` has checked that the range lies in the data. Were it wrong, that would be our bug.
    let (numbers, _) = data[tensor.range()].as_chunks();
    let numbers = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes));
    let matrix = Matrix::new(numbers.collect(), cols)?;
    Ok(matrix)
}

/// Loads a matrix and multiplies it with `input`: one number for each of its rows.
///
/// # Errors
///
/// As [`load_matrix`]; and [`ModelError::Shape`] if `input` does not have one number for each column.
pub fn project(path: &Path, name: &str, input: &[f32]) -> Result<Vec<f32>, ModelError> {
    let matrix = load_matrix(path, name)?;
    let output = matrix.matvec(input)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safetensors::tests::FILE;
    use std::error::Error;

    /// Writes `bytes` to a file that no other test has.
    fn written(name: &str, bytes: &[u8]) -> PathBuf {
        let path = std::env::temp_dir().join(format!("errors-{}-{name}", std::process::id()));
        fs::write(&path, bytes).expect("a folder for temporary files");
        path
    }

    #[test]
    fn projects_through_a_matrix_from_python() {
        let path = written("good", FILE);
        // numpy: np.array([[0.5, -1.0, 2.0], [0.25, 0.0, -0.5]]) @ [2.0, 1.0, 0.5]
        let output = project(&path, "fc1.weight", &[2.0, 1.0, 0.5]).expect("a whole file");
        assert_eq!(output, [1.0, 0.25]);

        let say = |name: &str, input: &[f32]| project(&path, name, input).unwrap_err().to_string();
        assert_eq!(
            say("fc2.weight", &[]),
            "no tensor is called 'fc2.weight'; there are: fc1.bias, fc1.weight"
        );
        assert_eq!(
            say("fc1.bias", &[]),
            "tensor 'fc1.bias' is stored as F16, not as F32: convert it first"
        );
        assert_eq!(
            say("fc1.weight", &[1.0]),
            "an input of width 1 for a matrix of 3 columns"
        );
        fs::remove_file(path).expect("it was just written");
    }

    #[test]
    fn a_vector_is_not_a_matrix() {
        // What safetensors 0.8.0 writes for {"b": np.array([0.5], dtype=np.float32)}.
        let file = b"\x38\0\0\0\0\0\0\0{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  \0\0\0\x3f";
        let path = written("vector", file);
        let error = load_matrix(&path, "b").unwrap_err();
        assert_eq!(
            error.to_string(),
            "tensor 'b' has shape [1]: a matrix has two lengths"
        );
        fs::remove_file(path).expect("it was just written");
    }

    #[test]
    fn no_columns_are_a_shape_error() {
        let json = br#"{"w":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]}}"#;
        let file = [&(json.len() as u64).to_le_bytes(), json.as_slice()].concat();
        let path = written("empty", &file);
        let error = load_matrix(&path, "w").unwrap_err();
        assert!(matches!(
            error,
            ModelError::Shape(ShapeError::Rows { len: 0, cols: 0 })
        ));
        fs::remove_file(path).expect("it was just written");
    }

    #[test]
    fn a_missing_file_leads_to_what_the_system_said() {
        let error = load_matrix(Path::new("no/such/file"), "w").unwrap_err();
        assert_eq!(error.to_string(), "cannot read no/such/file");
        let below = error.source().expect("the system's error");
        let below: &io::Error = below.downcast_ref().expect("an io::Error");
        assert_eq!(below.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_cut_file_is_reported_as_what_it_is() {
        let path = written("cut", &FILE[..100]);
        let error = load_matrix(&path, "fc1.weight").unwrap_err();
        let below = error.source().expect("the header's error").to_string();
        assert_eq!(
            below,
            "its header should have 160 bytes, and 92 are left: is it whole?"
        );
        fs::remove_file(path).expect("it was just written");
    }
}
