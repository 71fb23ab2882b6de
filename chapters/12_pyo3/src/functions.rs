//! The three functions that the module is named for, as Python calls them.

use crate::arrays::{Floats, View, empty, rows, shown, vectors};
use crate::normalise::{cosine, normalise_rows};
use crate::number::Number;
use crate::pool::{pool, set_threads};
use crate::search::{Found, search};
use numpy::{Element, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::ThreadPool;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// The cosine of the angle between two vectors: 1 for the same direction, 0 for a right angle, -1 for opposite ones.
///
/// Takes NumPy arrays of `float32` or `float64` without a copy, or lists of numbers. A vector of zeros has no direction, and its
/// cosine is 0. A NaN or an infinity gives NaN.
///
/// Raises `ValueError` if the lengths differ, `TypeError` if there is something else than numbers in them.
///
/// >>> fast_cosine_similarity([3.0, 4.0], [6.0, 8.0])
/// 1.0
#[pyfunction]
pub fn fast_cosine_similarity(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> PyResult<f64> {
    let (a, b) = (vector(a, "a")?, vector(b, "b")?);
    if a.width() != b.width() {
        let (a, b) = (a.width(), b.width());
        return Err(PyValueError::new_err(format!(
            "a and b must have the same length, not {a} and {b}"
        )));
    }
    Ok(match (&a, &b) {
        (Floats::Single(_), Floats::Single(_)) => cosine::<f32>(&a.numbers(), &b.numbers()).into(),
        _ => cosine::<f64>(&a.numbers(), &b.numbers()),
    })
}

fn vector<'py>(given: &Bound<'py, PyAny>, name: &str) -> PyResult<Floats<'py>> {
    let floats = Floats::new(given, name)?;
    match floats.shape() {
        [_] => Ok(floats),
        shape => {
            let shape = shown(shape);
            Err(PyValueError::new_err(format!(
                "{name} must be one vector; its shape is {shape}"
            )))
        }
    }
}

/// The rows of a table, each scaled to length 1, as a new array of the same type.
///
/// Rows of zeros stay zeros; a row with a NaN in it becomes NaN. Works on all cores, and lets other Python threads run
/// meanwhile: do not write to the array while it is being read.
///
/// Raises `ValueError` unless `embeddings` has two dimensions, `TypeError` if there is something else than numbers in it.
///
/// >>> batch_normalize([[3.0, 4.0], [0.0, 0.0]])
/// array([[0.6, 0.8],
///        [0. , 0. ]])
#[pyfunction]
pub fn batch_normalize<'py>(
    py: Python<'py>,
    embeddings: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    match Floats::new(embeddings, "embeddings")? {
        Floats::Single(table) => Ok(normalized::<f32, f32>(py, &table)?.into_any()),
        Floats::Double(table) => Ok(normalized::<f64, f64>(py, &table)?.into_any()),
    }
}

/// A new array of `table`'s rows, scaled to length 1.
pub fn normalized<'py, T: Number + Element, O: Number + Element>(
    py: Python<'py>,
    table: &PyReadonlyArrayDyn<'py, T>,
) -> PyResult<Bound<'py, PyArrayDyn<O>>> {
    let rows = rows(table, "embeddings")?;
    let result = empty::<O>(py, &[rows.len(), rows.width()])?;
    let mut writer = result.readwrite();
    let out = writer.as_slice_mut()?;
    let pool = threads()?;
    py.detach(|| normalise_rows(&pool, rows, out, pause()))?;
    drop(writer);
    Ok(result)
}

/// The rows of `corpus` that have the largest dot products with `query`, best first, as an array of their indices.
///
/// `query` is one embedding, or several as rows of a table; the result is an array of `top_k` indices, or a table of them
/// with one row for each query. With `return_scores=True` a pair comes back: the indices, and the dot products. Scale the
/// rows with `batch_normalize` first, and the dot products are cosines.
///
/// NumPy arrays of `float32` or `float64` are read without a copy, and `query` is converted to the type of `corpus`. Of equal
/// scores the earlier row comes first; NaN comes after every number. If `corpus` has fewer than `top_k` rows, all are
/// returned. Works on all cores, and lets other Python threads run meanwhile: do not write to the arrays while they are
/// being read. Ctrl-C ends it.
///
/// Raises `ValueError` if the widths differ, a shape does not fit or `top_k` is negative, `TypeError` if there is something else
/// than numbers in an array.
///
/// >>> parallel_embedding_search([1.0, 0.0], [[0.0, 1.0], [0.8, 0.6], [1.0, 0.0]], 2)
/// array([2, 1])
#[pyfunction]
#[pyo3(signature = (query, corpus, top_k, *, return_scores = false))]
pub fn parallel_embedding_search<'py>(
    py: Python<'py>,
    query: &Bound<'py, PyAny>,
    corpus: &Bound<'py, PyAny>,
    top_k: TopK,
    return_scores: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let query = Floats::new(query, "query")?;
    let (places, scores) = match Floats::new(corpus, "corpus")? {
        Floats::Single(corpus) => best_of(py, &query, &corpus, top_k)?,
        Floats::Double(corpus) => best_of(py, &query, &corpus, top_k)?,
    };
    if return_scores {
        Ok((places, scores).into_pyobject(py)?.into_any())
    } else {
        Ok(places)
    }
}

fn best_of<'py, T: Number + Element>(
    py: Python<'py>,
    query: &Floats<'py>,
    corpus: &PyReadonlyArrayDyn<'py, T>,
    top_k: TopK,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>
where
    Floats<'py>: View<T>,
{
    let rows = rows(corpus, "corpus")?;
    let count = vectors(query, "query")?;
    same_width(query, "query", rows.width(), "corpus")?;
    let k = top_k.of(rows.len());
    let queries = query.numbers();
    fill(py, query, k, |found| {
        let pool = threads()?;
        py.detach(|| search(&pool, rows, &queries, count, found, pause()))
    })
}

/// Makes the arrays of indices and scores that a search for `query` fills, and has `work` fill them.
pub fn fill<'py, T: Number + Element>(
    py: Python<'py>,
    query: &Floats<'py>,
    k: usize,
    work: impl FnOnce(Found<'_, T>) -> PyResult<()>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let mut shape = query.shape().to_vec();
    if let Some(last) = shape.last_mut() {
        *last = k;
    }
    let (places, scores) = (empty::<isize>(py, &shape)?, empty::<T>(py, &shape)?);
    {
        let (mut places, mut scores) = (places.readwrite(), scores.readwrite());
        work(Found {
            k,
            places: places.as_slice_mut()?,
            scores: scores.as_slice_mut()?,
        })?;
    }
    Ok((places.into_any(), scores.into_any()))
}

/// Fails with `ValueError` unless the vectors of `floats` are `width` wide.
pub fn same_width(floats: &Floats<'_>, name: &str, width: usize, other: &str) -> PyResult<()> {
    let found = floats.width();
    if found == width {
        return Ok(());
    }
    Err(PyValueError::new_err(format!(
        "{name} is {found} wide and {other} is {width} wide; they must be equal"
    )))
}

/// How many hits are wanted; any number from 0 on.
#[derive(Clone, Copy)]
pub struct TopK(usize);

impl TopK {
    /// As many as wanted and there.
    pub fn of(self, rows: usize) -> usize {
        self.0.min(rows)
    }
}

impl<'py> FromPyObject<'_, 'py> for TopK {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let wanted: i64 = given.extract()?;
        match usize::try_from(wanted) {
            Ok(wanted) => Ok(Self(wanted)),
            Err(_) => Err(PyValueError::new_err(format!(
                "top_k must be 0 or more, not {wanted}"
            ))),
        }
    }
}

/// The pool that all calls share.
pub fn threads() -> PyResult<Arc<ThreadPool>> {
    pool().map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

/// For long work without the interpreter: returns to it ten times a second and asks whether Ctrl-C was pressed.
pub fn pause() -> impl FnMut() -> PyResult<()> {
    let mut last = Instant::now();
    move || {
        if last.elapsed() < Duration::from_millis(100) {
            return Ok(());
        }
        // Waits for other threads of Python to let go, so it is not done more often.
        // Clippy would pass the method itself, which has not the lifetimes that are asked for.
        #[allow(clippy::redundant_closure_for_method_calls)]
        let result = Python::attach(|py| py.check_signals());
        last = Instant::now();
        result
    }
}

/// Runs `work` on a thread of its own, while this one asks for Ctrl-C ten times a second: only the thread that Python began
/// with gets an answer. `work` is given a function that returns false from then on, and should come to an end.
pub fn until_ctrl_c<T: Send>(
    work: impl FnOnce(&(dyn Fn() -> bool + Sync)) -> T + Send,
) -> PyResult<T> {
    let stopped = &AtomicBool::new(false);
    let (done, result) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let go_on = || !stopped.load(Relaxed);
            // Nobody waits for it any more after Ctrl-C.
            let _ = done.send(work(&go_on));
        });
        let mut pause = pause();
        loop {
            match result.recv_timeout(Duration::from_millis(100)) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Timeout) => {
                    pause().inspect_err(|_| stopped.store(true, Relaxed))?;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(PyRuntimeError::new_err("the work ended without a result"));
                }
            }
        }
    })
}

/// More would only stand in each other's way, and may be more than the system has to give.
pub const MOST_THREADS: usize = 256;

/// How many threads the searches of this module run on: one a core, or as many as the variable `RAYON_NUM_THREADS` said when
/// the first search began, or as `set_num_threads` said.
#[pyfunction]
pub fn get_num_threads() -> PyResult<usize> {
    Ok(threads()?.current_num_threads())
}

/// Lets the searches of this module run on `threads` threads; 0 for as many as there were at first.
///
/// Raises `ValueError` if `threads` is negative or above 256.
#[pyfunction]
pub fn set_num_threads(threads: i64) -> PyResult<()> {
    match usize::try_from(threads) {
        Ok(threads @ 0..=MOST_THREADS) => {
            set_threads(threads).map_err(|error| PyRuntimeError::new_err(error.to_string()))
        }
        _ => Err(PyValueError::new_err(format!(
            "threads must be from 0 to {MOST_THREADS}, not {threads}"
        ))),
    }
}
