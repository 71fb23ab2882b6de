//! A batch of texts and embeddings that others read where it is: the Arrow `PyCapsule` interface.
//!
//! Two structs of C, which Arrow has laid down, say what the columns are and where they lie in memory. Each goes to Python in
//! a capsule, an object that holds a pointer and a name; whoever knows the interface takes them out.

use crate::arrays::Floats;
use arrow::array::{Array, AsArray, RecordBatch, StructArray};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, to_ffi};
use arrow_half::embeddings_of;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// Texts and their embeddings as one Arrow batch, with the columns `text` and `embedding`. From chapter 10.
///
/// What knows Arrow reads it without a copy: `pyarrow.record_batch(batch)`, `polars.DataFrame(batch)`. It cannot be changed.
#[pyclass(frozen, module = "rust_ai_tools")]
pub struct EmbeddingBatch {
    batch: RecordBatch,
}

/// A batch of the strings `texts` and the rows of `embeddings`, one for each text. From chapter 10.
///
/// Raises `ValueError` unless there is one row for each text, and at least one number.
///
/// >>> len(create_embedding_batch("wow dull".split(), [[0.5, 1.5], [2.5, 3.5]]))
/// 2
#[pyfunction]
pub fn create_embedding_batch(
    texts: Vec<String>,
    embeddings: &Bound<'_, PyAny>,
) -> PyResult<EmbeddingBatch> {
    let embeddings = Floats::new(embeddings, "embeddings")?;
    let &[_, width] = embeddings.shape() else {
        return Err(PyValueError::new_err("embeddings must be a table"));
    };
    let numbers = embeddings.numbers::<f32>();
    let rows = numbers.chunks_exact(width.max(1)).map(<[f32]>::to_vec);
    let batch = arrow_half::create_embedding_batch(texts, rows.collect())
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(EmbeddingBatch { batch })
}

impl EmbeddingBatch {
    /// The two structs: where the columns are, with a share in their memory, and what they are.
    fn export(&self) -> PyResult<(FFI_ArrowArray, FFI_ArrowSchema)> {
        let columns = StructArray::from(self.batch.clone());
        to_ffi(&columns.into_data()).map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}

#[pymethods]
impl EmbeddingBatch {
    /// For others: what the columns are.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        PyCapsule::new_with_value(py, self.export()?.1, c"arrow_schema")
    }

    /// For others: what the columns are, and where. The memory lives until the last one lets go of it.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        // Somebody may wish for other types. The interface allows to give what there is.
        let _ = requested_schema;
        let (array, schema) = self.export()?;
        // Who takes a struct out leaves an empty one behind. What nobody has taken is released with its capsule.
        Ok((
            PyCapsule::new_with_value(py, schema, c"arrow_schema")?,
            PyCapsule::new_with_value(py, array, c"arrow_array")?,
        ))
    }

    /// How many numbers an embedding has.
    #[getter]
    fn dimension(&self) -> usize {
        embeddings_of(&self.batch).map_or(0, |(_, width)| width)
    }

    /// Where in memory the first number of the first embedding is, and where the first byte of the first text.
    #[getter]
    fn addresses(&self) -> (usize, usize) {
        let numbers = embeddings_of(&self.batch).map_or(0, |(numbers, _)| numbers.as_ptr().addr());
        let texts = self.batch.column(0).as_string::<i32>();
        (numbers, texts.value_data().as_ptr().addr())
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        let (rows, width) = (self.batch.num_rows(), self.dimension());
        format!("<EmbeddingBatch: {rows} texts, embeddings of {width}>")
    }
}
