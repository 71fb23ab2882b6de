#![doc = include_str!("../README.md")]

pub mod batch;
pub mod chat;
pub mod continuous;
mod engine;
mod error;
pub mod figures;
mod gate;
pub mod inference;
mod routes;
pub mod server;
mod settings;
mod stream;
pub mod window;

pub use batch::{Answer, Batch, BatchRequest};
pub use engine::{Batching, Engine, Ticket};
pub use error::ServeError;
pub use figures::Figures;
pub use gate::{Gate, Place};
pub use inference::{InferenceRequest, InferenceResponse};
pub use routes::{App, Limits, router};
pub use settings::{LogFormat, Schedule, Settings};
pub use window::batch_inference_worker;
