//! A linter in small: each file is parsed once and walked once, and files are looked at on all cores.
//!
//! Ruff has over 800 rules; here are three of them, under the codes that it gives them.

use rayon::prelude::*;
use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_parameters};
use ruff_python_ast::{CmpOp, ExceptHandler, Expr, Parameters};
use ruff_python_parser::parse_module;
use ruff_text_size::Ranged;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// One place in a file that a rule objects to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Counted from 1.
    pub line: usize,
    /// The rule, as Ruff calls it: `B006`, `E711` or `E722`.
    pub code: &'static str,
    /// What is wrong, for people.
    pub message: &'static str,
}

/// Why a file could not be looked at.
#[derive(Debug, Error)]
pub enum LintError {
    /// The text is not Python.
    #[error("line {line}: {message}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// The file or folder could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What was found below a folder, by path.
#[derive(Debug, Default)]
pub struct Report {
    /// Each finding with its file, in the order of the paths and lines.
    pub findings: Vec<(PathBuf, Finding)>,
    /// Files that could not be looked at.
    pub errors: Vec<(PathBuf, LintError)>,
    /// How many files there were.
    pub files: usize,
}

/// Looks at one file's text.
///
/// # Errors
///
/// [`LintError::Syntax`] if it is not Python.
///
/// ```
/// let found = case_studies::check("def train(rows, seen=[]):\n    seen += rows\n")?;
/// assert_eq!((found[0].line, found[0].code), (1, "B006"));
/// # Ok::<(), case_studies::LintError>(())
/// ```
pub fn check(source: &str) -> Result<Vec<Finding>, LintError> {
    let parsed = parse_module(source).map_err(|error| LintError::Syntax {
        line: line_of(source, error.location.start().to_usize()),
        message: error.error.to_string(),
    })?;
    let mut rules = Rules {
        source,
        found: Vec::new(),
    };
    rules.visit_body(parsed.suite());
    rules.found.sort();
    Ok(rules.found)
}

/// Looks at every `.py` below `folder`, on all cores. The report does not depend on their number.
///
/// # Errors
///
/// [`LintError::Read`] if a folder cannot be listed. A file that cannot be read or parsed is in the report.
pub fn check_tree(folder: &Path) -> Result<Report, LintError> {
    let mut paths = Vec::new();
    list(folder, &mut paths)?;
    paths.sort();
    // Each file is read, parsed and walked by one worker; rayon keeps the order.
    let looked_at: Vec<_> = paths.par_iter().map(|path| check_file(path)).collect();
    let mut report = Report {
        files: paths.len(),
        ..Report::default()
    };
    for (path, result) in paths.into_iter().zip(looked_at) {
        match result {
            Ok(found) => {
                let named = found.into_iter().map(|finding| (path.clone(), finding));
                report.findings.extend(named);
            }
            Err(error) => report.errors.push((path, error)),
        }
    }
    Ok(report)
}

fn check_file(path: &Path) -> Result<Vec<Finding>, LintError> {
    let source = std::fs::read_to_string(path).map_err(|source| LintError::Read {
        path: path.to_path_buf(),
        source,
    })?;
    check(&source)
}

/// Adds the Python files below `folder`. Links are not followed: they may lead in a circle.
fn list(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), LintError> {
    let unreadable = |source| LintError::Read {
        path: folder.to_path_buf(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let kind = entry.file_type().map_err(unreadable)?;
        let path = entry.path();
        if kind.is_dir() {
            list(&path, paths)?;
        } else if kind.is_file() && path.extension().is_some_and(|suffix| suffix == "py") {
            paths.push(path);
        }
    }
    Ok(())
}

/// All rules at once, so that a file is walked once, however many there are.
struct Rules<'s> {
    source: &'s str,
    found: Vec<Finding>,
}

impl Rules<'_> {
    fn object(&mut self, node: &impl Ranged, code: &'static str, message: &'static str) {
        let line = line_of(self.source, node.start().to_usize());
        self.found.push(Finding {
            line,
            code,
            message,
        });
    }
}

impl<'a> Visitor<'a> for Rules<'_> {
    fn visit_parameters(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = parameter.default.as_deref().filter(|expr| is_mutable(expr)) {
                let message = "the default is made once, and shared by all calls";
                self.object(default, "B006", message);
            }
        }
        // A default may hold a lambda, which has parameters of its own.
        walk_parameters(self, parameters);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if inner.type_.is_none() {
            let message = "catches Ctrl-C and the interpreter's exit, too";
            self.object(handler, "E722", message);
        }
        walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Compare(compare) = expr {
            for (operator, right) in compare.ops.iter().zip(&compare.comparators) {
                if matches!(operator, CmpOp::Eq | CmpOp::NotEq) && right.is_none_literal_expr() {
                    self.object(right, "E711", "compare with None by `is`");
                }
            }
        }
        walk_expr(self, expr);
    }
}

fn is_mutable(expr: &Expr) -> bool {
    match expr {
        Expr::List(_)
        | Expr::Dict(_)
        | Expr::Set(_)
        | Expr::ListComp(_)
        | Expr::DictComp(_)
        | Expr::SetComp(_) => true,
        Expr::Call(call) => {
            matches!(&*call.func, Expr::Name(name) if matches!(name.id.as_str(), "list" | "dict" | "set"))
        }
        _ => false,
    }
}

/// The line of a byte in `source`, from 1.
fn line_of(source: &str, offset: usize) -> usize {
    let before = source.get(..offset).unwrap_or(source);
    before.matches('\n').count() + 1
}
