#![doc = include_str!("../README.md")]

mod amdahl;
mod lint;
mod pairs;
mod schema;
mod store;

pub use amdahl::{bound, overall};
pub use iterators::Hit;
pub use lint::{Finding, LintError, Report, check, check_tree};
pub use pairs::{jaccard, near_duplicates};
pub use schema::{Fault, Schema, SchemaError, Step};
pub use store::Points;
