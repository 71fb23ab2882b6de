//! What Python hands over, seen as Rust's numbers.
//!
//! An array of `float32` or `float64` is read where it is, whatever its strides, writable or not. Everything else that NumPy
//! makes numbers of (lists, integers, `float16`, numbers of another byte order) becomes an array first, and that is a copy.

use crate::number::Number;
use crate::rows::Rows;
use numpy::ndarray::ArrayViewD;
use numpy::{
    Element, PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArray,
    PyUntypedArrayMethods, dtype,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::IntoPyDict;
use std::borrow::Cow;

/// Numbers of one of the two kinds that the kernels are written for.
pub enum Floats<'py> {
    /// `float32`
    Single(PyReadonlyArrayDyn<'py, f32>),
    /// `float64`
    Double(PyReadonlyArrayDyn<'py, f64>),
}

impl<'py> Floats<'py> {
    /// Takes the argument `name` of a call. Fails with `TypeError` if it holds no numbers, with `ValueError` if it is ragged.
    pub fn new(given: &Bound<'py, PyAny>, name: &str) -> PyResult<Self> {
        let py = given.py();
        if let Some(floats) = Self::in_place(given)? {
            return Ok(floats);
        }
        let numpy = py.import("numpy")?;
        let array = numpy.getattr("asarray")?.call1((given,))?;
        if let Some(floats) = Self::in_place(&array)? {
            return Ok(floats);
        }
        let kind = array.cast::<PyUntypedArray>()?.dtype();
        let target = match (kind.kind(), kind.itemsize()) {
            (b'f', 2 | 4) => dtype::<f32>(py),
            (b'f', 8) | (b'b' | b'i' | b'u', _) => dtype::<f64>(py),
            _ => {
                return Err(PyTypeError::new_err(format!(
                    "{name} must hold numbers (float32 or float64), not {kind}"
                )));
            }
        };
        // Always a copy: it is of this machine's byte order, and begins where such a number may begin.
        let array = numpy
            .getattr("array")?
            .call((array,), Some(&[("dtype", target)].into_py_dict(py)?))?;
        if let Ok(array) = array.cast::<PyArrayDyn<f32>>() {
            Ok(Self::Single(array.try_readonly()?))
        } else {
            Ok(Self::Double(
                array.cast::<PyArrayDyn<f64>>()?.try_readonly()?,
            ))
        }
    }

    /// The array itself, if it can be read where it is.
    fn in_place(given: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        Ok(match given.cast::<PyUntypedArray>() {
            // NumPy lets an empty array begin anywhere; Rust does not.
            Ok(array) if array.is_aligned() && !array.is_empty() => {
                if let Ok(array) = given.cast::<PyArrayDyn<f32>>() {
                    Some(Self::Single(array.try_readonly()?))
                } else if let Ok(array) = given.cast::<PyArrayDyn<f64>>() {
                    Some(Self::Double(array.try_readonly()?))
                } else {
                    None
                }
            }
            _ => None,
        })
    }

    /// How many numbers there are in each dimension.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::Single(array) => array.shape(),
            Self::Double(array) => array.shape(),
        }
    }

    /// The last dimension: how wide a vector is.
    pub fn width(&self) -> usize {
        self.shape().last().copied().unwrap_or(0)
    }

    /// All numbers in order: those of the array itself where they are so and of kind `T`, else converted.
    pub fn numbers<T: Number>(&self) -> Cow<'_, [T]>
    where
        Self: View<T>,
    {
        if let Some(view) = self.view()
            && let Some(numbers) = view.to_slice()
        {
            return Cow::Borrowed(numbers);
        }
        // `from` fails for no `f32` and no `f64`: one that is too large becomes infinite.
        let convert = |number: f64| T::from(number).unwrap_or(T::nan());
        Cow::Owned(match self {
            Self::Single(array) => array
                .as_array()
                .iter()
                .map(|&x| convert(x.into()))
                .collect(),
            Self::Double(array) => array.as_array().iter().map(|&x| convert(x)).collect(),
        })
    }
}

/// The array, if its numbers are of kind `T`.
pub trait View<T> {
    /// A view of the array.
    fn view(&self) -> Option<ArrayViewD<'_, T>>;
}

impl View<f32> for Floats<'_> {
    fn view(&self) -> Option<ArrayViewD<'_, f32>> {
        match self {
            Self::Single(array) => Some(array.as_array()),
            Self::Double(_) => None,
        }
    }
}

impl View<f64> for Floats<'_> {
    fn view(&self) -> Option<ArrayViewD<'_, f64>> {
        match self {
            Self::Single(_) => None,
            Self::Double(array) => Some(array.as_array()),
        }
    }
}

/// A table of rows. Fails with `ValueError` if it has not two dimensions.
pub fn rows<'a, T: Number + Element>(
    table: &'a PyReadonlyArrayDyn<'_, T>,
    name: &str,
) -> PyResult<Rows<'a, T>> {
    let shape = table.shape();
    match table.as_array().into_dimensionality() {
        Ok(view) => Ok(Rows(view)),
        Err(_) => Err(PyValueError::new_err(format!(
            "{name} must have two dimensions, one row for each embedding; its shape is {}",
            shown(shape)
        ))),
    }
}

/// How many vectors there are in an array of one vector, or of one for each row. Fails with `ValueError` for others.
pub fn vectors(floats: &Floats<'_>, name: &str) -> PyResult<usize> {
    match floats.shape() {
        [_] => Ok(1),
        [count, _] => Ok(*count),
        shape => Err(PyValueError::new_err(format!(
            "{name} must be one embedding, or one for each row; its shape is {}",
            shown(shape)
        ))),
    }
}

/// A shape as Python writes it.
pub fn shown(shape: &[usize]) -> String {
    match shape {
        [only] => format!("({only},)"),
        _ => format!(
            "({})",
            shape
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// A new array for a result, in C order. Fails with `MemoryError`, where `PyArray::zeros` would panic.
pub fn empty<'py, T: Element>(
    py: Python<'py>,
    shape: &[usize],
) -> PyResult<Bound<'py, PyArrayDyn<T>>> {
    let empty = py.import("numpy")?.getattr("empty")?;
    Ok(empty.call1((shape, dtype::<T>(py)))?.cast_into()?)
}
