//! Says what is in a safetensors file, or what is wrong with it.
//!
//! ```text
//! cargo run -p errors --example inspect -- model.safetensors
//! ```

use errors::{ModelError, read_header, report};
use std::error::Error;
use std::process::ExitCode;

/// At a program's edge any error may leave, in a box; nobody further up will ask which it was.
fn run() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os()
        .nth(1)
        .ok_or("which file? cargo run -p errors --example inspect -- FILE")?;
    let path = std::path::PathBuf::from(path);
    let file = match std::fs::read(&path) {
        Ok(file) => file,
        Err(source) => return Err(ModelError::Read { path, source }.into()),
    };
    let (header, data) =
        read_header(&file).map_err(|source| ModelError::Header { path, source })?;
    for (name, tensor) in &header.tensors {
        println!(
            "{name}  {}  {:?}  {} bytes",
            tensor.dtype,
            tensor.shape,
            tensor.range().len()
        );
    }
    println!("{} bytes of data in all", data.len());
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // `main` may return the `Result` itself, but then the error is printed as `Debug` has it.
        Err(error) => {
            eprintln!("{}", report(&*error));
            ExitCode::FAILURE
        }
    }
}
