//! What other chapters teach, for notebooks: each function here calls a chapter's crate and adds nothing to it.

use crate::arrays::{Floats, empty};
use crate::functions::MOST_THREADS;
use allocation_counter::measure;
use numpy::{PyArrayDyn, PyArrayMethods};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::ThreadPoolBuilder;
use traits::{Activation, GELU, Identity, LeakyReLU, ReLU, Sigmoid, Tanh};

pub type Names = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// The names that `activation` and `activation_derivative` know.
pub const ACTIVATIONS: Names = ("relu", "leaky_relu", "sigmoid", "tanh", "gelu", "identity");

fn by_name(name: &str) -> PyResult<Box<dyn Activation + Sync>> {
    Ok(match name {
        "relu" => Box::new(ReLU),
        "leaky_relu" => Box::new(LeakyReLU { slope: 0.01 }),
        "sigmoid" => Box::new(Sigmoid),
        "tanh" => Box::new(Tanh),
        "gelu" => Box::new(GELU),
        "identity" => Box::new(Identity),
        _ => {
            return Err(PyValueError::new_err(format!(
                "there is no activation '{name}', only those of {ACTIVATIONS:?}"
            )));
        }
    })
}

/// A new array of the shape of `x`, with what `function` makes of each number.
fn map<'py>(
    py: Python<'py>,
    x: &Bound<'py, PyAny>,
    function: impl Fn(f32) -> f32 + Sync,
) -> PyResult<Bound<'py, PyArrayDyn<f32>>> {
    let x = Floats::new(x, "x")?;
    let result = empty::<f32>(py, x.shape())?;
    let numbers = x.numbers::<f32>();
    {
        let mut writer = result.readwrite();
        let out = writer.as_slice_mut()?;
        py.detach(|| {
            for (out, &x) in out.iter_mut().zip(&*numbers) {
                *out = function(x);
            }
        });
    }
    Ok(result)
}

/// The activation function `name` (one of `ACTIVATIONS`) of each number of `x`, as `float32`. From chapter 3.
///
/// Raises `ValueError` if there is no such function.
///
/// >>> activation("relu", [-1.0, 2.0])
/// array([0., 2.], dtype=float32)
#[pyfunction]
pub fn activation<'py>(
    py: Python<'py>,
    name: &str,
    x: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArrayDyn<f32>>> {
    let function = by_name(name)?;
    map(py, x, move |x| function.forward(x))
}

/// The derivative of the activation function `name` at each number of `x`, as `float32`. From chapter 3.
///
/// Raises `ValueError` if there is no such function.
///
/// >>> activation_derivative("sigmoid", [0.0])
/// array([0.25], dtype=float32)
#[pyfunction]
pub fn activation_derivative<'py>(
    py: Python<'py>,
    name: &str,
    x: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArrayDyn<f32>>> {
    let function = by_name(name)?;
    map(py, x, move |x| function.backward(x))
}

/// The sum of `weights`, which chapter 1's function borrows: with `float32` in one piece, nothing is allocated for it.
///
/// >>> compute_sum([0.5, 1.5])
/// 2.0
#[pyfunction]
pub fn compute_sum(weights: &Bound<'_, PyAny>) -> PyResult<f32> {
    let weights = Floats::new(weights, "weights")?;
    Ok(ownership::compute_sum(&weights.numbers::<f32>()))
}

/// The same sum of a copy of `weights`, as one writes who has not learned to borrow.
///
/// >>> compute_sum_of_clone([0.5, 1.5])
/// 2.0
#[pyfunction]
pub fn compute_sum_of_clone(weights: &Bound<'_, PyAny>) -> PyResult<f32> {
    let weights = Floats::new(weights, "weights")?;
    let copy = weights.numbers::<f32>().into_owned();
    Ok(ownership::compute_sum(&copy))
}

/// Calls `call()` and counts what Rust allocates meanwhile on this thread: a pair, how often and how many bytes.
///
/// What Python and NumPy allocate for themselves is not counted. Raises what `call()` raises.
///
/// >>> count_allocations(lambda: None)
/// (0, 0)
#[pyfunction]
pub fn count_allocations(call: &Bound<'_, PyAny>) -> PyResult<(u64, u64)> {
    let mut result = Ok(());
    let used = measure(|| result = call.call0().map(drop));
    result?;
    Ok((used.count_total, used.bytes_total))
}

/// Chapter 6's four threads over one set of weights, and what each returns.
///
/// >>> multi_thread_inference()
/// [0.0, 1.0, 2.0, 3.0]
#[pyfunction]
pub fn multi_thread_inference(py: Python<'_>) -> Vec<f32> {
    py.detach(concurrency::multi_thread_inference)
}

/// Rows that chapter 6 scores on one thread or on several, with a loop that is simple and not the fastest.
///
/// Keeps a copy of the table as `float32`. Raises `ValueError` unless `rows` has two dimensions and a width above 0.
#[pyclass(frozen, module = "rust_ai_tools")]
pub struct Embeddings {
    rows: concurrency::Embeddings,
    width: usize,
}

#[pymethods]
impl Embeddings {
    #[new]
    #[pyo3(signature = (rows))]
    fn new(rows: &Bound<'_, PyAny>) -> PyResult<Self> {
        let given = Floats::new(rows, "rows")?;
        let (&[_, width], false) = (given.shape(), given.width() == 0) else {
            return Err(PyValueError::new_err(
                "rows must have two dimensions and a width above 0",
            ));
        };
        let numbers = given.numbers::<f32>().into_owned();
        Ok(Self {
            rows: concurrency::Embeddings::new(numbers, width),
            width,
        })
    }

    /// The dot product of each row with `query`, as `float32`, computed on `threads` threads.
    ///
    /// With 1, chapter 6's `scores` runs; with more, its `par_scores`, on a pool that is started for the call. All give the
    /// same bits. Raises `ValueError` if `query` has another width or `threads`
    /// is not from 1 to 256.
    #[pyo3(signature = (query, threads = 1))]
    fn scores<'py>(
        &self,
        py: Python<'py>,
        query: &Bound<'py, PyAny>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyArrayDyn<f32>>> {
        let query = Floats::new(query, "query")?;
        if query.shape() != [self.width] {
            return Err(PyValueError::new_err(format!(
                "query must be one vector of {} numbers",
                self.width
            )));
        }
        let query = query.numbers::<f32>();
        let scores = match threads {
            1 => py.detach(|| self.rows.scores(&query)),
            2..=MOST_THREADS => {
                let pool = ThreadPoolBuilder::new().num_threads(threads).build();
                let pool = pool.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
                py.detach(|| pool.install(|| self.rows.par_scores(&query)))
            }
            _ => {
                let message = format!("threads must be from 1 to {MOST_THREADS}, not {threads}");
                return Err(PyValueError::new_err(message));
            }
        };
        let result = empty::<f32>(py, &[scores.len()])?;
        result.readwrite().as_slice_mut()?.copy_from_slice(&scores);
        Ok(result)
    }

    fn __len__(&self) -> usize {
        self.rows.len()
    }
}
