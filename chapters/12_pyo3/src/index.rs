//! `EmbeddingIndex`: rows that are scaled once and searched often.

use crate::arrays::Floats;
use crate::functions::{TopK, fill, normalized, pause, same_width, threads};
use crate::int8::Int8;
use crate::normalise::normalise;
use crate::number::Number;
use crate::search::search;
use crate::{arrays, storage};
use num_traits::NumCast;
use numpy::{PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::{PyMemoryError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyType;
use std::fs;
use std::path::PathBuf;

/// Embeddings that are searched by cosine.
///
/// Keeps the rows of `rows`, scaled to length 1, as `float32`. With `int8=True` it also keeps them as bytes, a quarter of the
/// memory again, and a search for few queries reads those: it finds the same rows and the same scores, in less time.
///
/// Rows and queries of zeros score 0 with everything; those with a NaN score NaN, and come last. An index cannot be changed,
/// so threads may share it. It can be pickled.
///
/// Raises `ValueError` unless `rows` has two dimensions, `TypeError` if there is something else than numbers in it.
///
/// >>> index = EmbeddingIndex([[0.0, 2.0], [4.0, 3.0]])
/// >>> indices, scores = index.search([1.0, 0.0], 1)
/// >>> indices, scores
/// (array([1]), array([0.8], dtype=float32))
#[pyclass(frozen, module = "rust_ai_tools")]
pub struct EmbeddingIndex {
    /// Float32, in C order, not writable, and nobody else's.
    rows: Py<PyArrayDyn<f32>>,
    int8: Option<Int8>,
}

/// Up to so many queries the bytes are faster; from there on the processor is the limit, and not its memory.
const FEW: usize = 2;

impl EmbeddingIndex {
    fn keep(py: Python<'_>, rows: Bound<'_, PyArrayDyn<f32>>, int8: bool) -> PyResult<Self> {
        rows.call_method1("setflags", (false,))?;
        let int8 = if int8 {
            let reader = rows.try_readonly()?;
            let (numbers, width) = (reader.as_slice()?, rows.shape()[1]);
            if width > Int8::WIDEST {
                let widest = Int8::WIDEST;
                return Err(PyValueError::new_err(format!(
                    "int8 takes rows of {widest} numbers at most, not {width}"
                )));
            }
            let pool = threads()?;
            let coded = py.detach(|| Int8::new(&pool, numbers, width));
            Some(coded.map_err(|error| PyMemoryError::new_err(error.to_string()))?)
        } else {
            None
        };
        Ok(Self {
            rows: rows.unbind(),
            int8,
        })
    }

    fn reader<'py>(&self, py: Python<'py>) -> PyResult<PyReadonlyArrayDyn<'py, f32>> {
        Ok(self.rows.bind(py).try_readonly()?)
    }
}

#[pymethods]
impl EmbeddingIndex {
    #[new]
    #[pyo3(signature = (rows, *, int8 = false))]
    fn new(py: Python<'_>, rows: &Bound<'_, PyAny>, int8: bool) -> PyResult<Self> {
        let rows = match Floats::new(rows, "rows")? {
            Floats::Single(rows) => normalized(py, &rows)?,
            Floats::Double(rows) => normalized(py, &rows)?,
        };
        Self::keep(py, rows, int8)
    }

    /// The indices of the `top_k` rows nearest to each query, best first, and their cosines: a pair of arrays.
    ///
    /// `queries` is one embedding, or several as rows of a table; the arrays have one row for each query then. Of equal
    /// cosines the earlier row comes first. Works on all cores, and lets other Python threads run meanwhile. Ctrl-C ends it.
    ///
    /// Raises `ValueError` if the widths differ, a shape does not fit or `top_k` is negative.
    fn search<'py>(
        &self,
        py: Python<'py>,
        queries: &Bound<'py, PyAny>,
        top_k: TopK,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let queries = Floats::new(queries, "queries")?;
        let count = arrays::vectors(&queries, "queries")?;
        let reader = self.reader(py)?;
        let rows = arrays::rows(&reader, "rows")?;
        let width = rows.width();
        same_width(&queries, "queries", width, "the index")?;
        let scaled = unit(&queries, width);
        fill(py, &queries, top_k.of(rows.len()), |found| {
            let pool = threads()?;
            let numbers = reader.as_slice()?;
            py.detach(|| match &self.int8 {
                Some(int8) if count <= FEW && width > 0 && scaled.iter().all(|x| x.is_finite()) => {
                    let mut found = found;
                    for (n, query) in scaled.chunks_exact(width).enumerate() {
                        let best = int8.search(&pool, numbers, query, found.k, pause())?;
                        found.write(n, best);
                    }
                    Ok(())
                }
                _ => search(&pool, rows, &scaled, count, found, pause()),
            })
        })
    }

    /// The rows, scaled to length 1: a view of the index's own memory, which cannot be written to.
    #[getter]
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.rows.bind(py).call_method0("view")
    }

    /// How many numbers a row has.
    #[getter]
    fn dimension(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).shape()[1]
    }

    /// Whether the rows are kept as bytes, too.
    #[getter]
    fn int8(&self) -> bool {
        self.int8.is_some()
    }

    /// How many bytes of memory the index takes.
    #[getter]
    fn nbytes(&self, py: Python<'_>) -> usize {
        size_of::<f32>() * self.rows.bind(py).len() + self.int8.as_ref().map_or(0, Int8::bytes)
    }

    // Python's path becomes a `PathBuf`; there is nothing to borrow from.
    #[allow(clippy::needless_pass_by_value)]
    /// Writes the index to a file in the safetensors format, with the rows as its tensor `rows`.
    ///
    /// The file takes its name when it is whole. Raises `OSError` if it cannot be written.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let reader = self.reader(py)?;
        let (numbers, shape) = (reader.as_slice()?, reader.shape());
        py.detach(|| storage::save(&path, numbers, shape, self.int8.is_some()))
    }

    #[allow(clippy::needless_pass_by_value)] // As in `save`.
    /// Reads an index from a file that `save` wrote.
    ///
    /// Raises `OSError` if the file cannot be read, `ValueError` if there is something else in it.
    #[classmethod]
    fn load(_: &Bound<'_, PyType>, py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let bytes = py
            .detach(|| fs::read(&path))
            .map_err(|error| storage::named(&path, &error))?;
        let stored = storage::read(&path, &bytes)?;
        let rows = arrays::empty(py, &stored.shape)?;
        stored.write(rows.readwrite().as_slice_mut()?);
        Self::keep(py, rows, stored.int8)
    }

    /// For `pickle`: from rows that are scaled already.
    #[classmethod]
    fn _restore(
        _: &Bound<'_, PyType>,
        py: Python<'_>,
        rows: &Bound<'_, PyAny>,
        int8: bool,
    ) -> PyResult<Self> {
        let Floats::Single(given) = Floats::new(rows, "rows")? else {
            return Err(PyTypeError::new_err("rows must be float32"));
        };
        let table = arrays::rows(&given, "rows")?;
        // A copy: the pickle's own memory may belong to somebody else.
        let rows = arrays::empty(py, &[table.len(), table.width()])?;
        rows.readwrite().as_array_mut().assign(&given.as_array());
        Self::keep(py, rows, int8)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (py, index) = (slf.py(), slf.get());
        let arguments = (index.rows(py)?, index.int8()).into_pyobject(py)?;
        Ok((slf.get_type().getattr("_restore")?, arguments.into_any()))
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).shape()[0]
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let int8 = if self.int8() { ", int8" } else { "" };
        format!(
            "<EmbeddingIndex: {} rows of {}{int8}>",
            self.__len__(py),
            self.dimension(py)
        )
    }
}

/// The queries, each scaled to length 1.
fn unit(queries: &Floats<'_>, width: usize) -> Vec<f32> {
    fn scaled<T: Number>(numbers: &[T], width: usize) -> Vec<f32> {
        let mut numbers = numbers.to_vec();
        numbers.chunks_exact_mut(width.max(1)).for_each(normalise);
        // Fails for no float.
        numbers
            .into_iter()
            .map(|x| NumCast::from(x).unwrap_or(f32::NAN))
            .collect()
    }
    match queries {
        Floats::Single(_) => scaled::<f32>(&queries.numbers(), width),
        Floats::Double(_) => scaled::<f64>(&queries.numbers(), width),
    }
}
