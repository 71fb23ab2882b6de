//! Writes into each program of this package where LibTorch lies, so that it starts without `LD_LIBRARY_PATH`.
//!
//! tch's own build script knows the place, too, but a path for the loader is written only by the package whose program
//! it is. The exercises and the solutions use this same file.

fn main() {
    println!("cargo::rerun-if-env-changed=LIBTORCH");
    let unix = std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "unix");
    if let (true, Ok(libtorch)) = (unix, std::env::var("LIBTORCH")) {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{libtorch}/lib");
    }
}
