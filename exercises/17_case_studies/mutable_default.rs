//! # A rule for a linter
//!
//! `def train(rows, seen=[])` makes one list, when the function is defined, and every call adds to it. Ruff calls this
//! B006. A colleague's rule looks for `=[]` in lines that begin with `def`. It finds some, misses many, and objects to
//! texts about Python.
//!
//! Here is Ruff's own parser. It turns the source into a tree, and a `Visitor` is led through it: you say what to do at
//! the nodes that you care about, and the walk does the rest, if you let it go on.
//!
//! Run it. Where can a parameter stand that no line with `def` shows?

use pyo3::exceptions::PySyntaxError;
use pyo3::prelude::*;
use ruff_python_ast::visitor::{Visitor, walk_parameters};
use ruff_python_ast::{Expr, Parameters};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;

/// Where a mutable default begins, as offsets in bytes.
#[derive(Default)]
struct MutableDefaults {
    offsets: Vec<usize>,
}

/// A list, a dict or a set, written out.
fn is_mutable(expr: &Expr) -> bool {
    matches!(expr, Expr::List(_) | Expr::Dict(_) | Expr::Set(_))
}

/// The line, from 1, of an offset in bytes.
fn line_of(source: &str, offset: usize) -> usize {
    source[..offset].matches('\n').count() + 1
}

/// What was read has a syntax error.
fn syntax_error(error: &dyn std::error::Error) -> PyErr {
    PySyntaxError::new_err(error.to_string())
}

// TODO: Let the visitor look at all parameters, wherever they stand, and let the function parse and visit.
impl<'a> Visitor<'a> for MutableDefaults {}

/// The lines with a mutable default, in order. Raises `SyntaxError`.
#[pyfunction]
fn mutable_defaults(source: &str) -> PyResult<Vec<usize>> {
    let lines = source.lines().enumerate();
    let found =
        lines.filter(|(_, line)| line.trim_start().starts_with("def ") && line.contains("=[]"));
    Ok(found.map(|(index, _)| index + 1).collect())
}

/// What Python imports.
#[pymodule]
mod mutable_default {
    #[pymodule_export]
    use super::mutable_defaults;
}
