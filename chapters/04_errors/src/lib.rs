#![doc = include_str!("../README.md")]

mod matrix;
mod model;
mod report;
mod request;
mod safetensors;

pub use matrix::{Matrix, ShapeError};
pub use model::{ModelError, load_matrix, project};
pub use report::report;
pub use request::{CheckedRequest, InferenceRequest, RequestError, RequestFault};
pub use safetensors::{Dtype, Header, HeaderError, TensorFault, TensorInfo, read_header};
