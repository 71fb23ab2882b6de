//! What it costs to look at one row of a weights file: by reading the file, and by mapping it.
//!
//! ```text
//! cargo bench -p lifetimes
//! ```
//!
//! Prints one JSON line for each figure, in nanoseconds: the median of the rounds. The file has 4,096 × 4,096 weights,
//! 67 MB, and is in the system's cache: it was written a moment before. From a disk, reading all of it costs more.

use lifetimes::{MappedModel, ModelWeights, map_file};
use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read};
use std::path::Path;
use std::time::Instant;
use std::{env, fs, process};

const WIDTH: usize = 4_096;
const ROUNDS: usize = 31;

/// The sum of one row in the middle: 16 kB of the file.
fn middle_row(weights: ModelWeights<'_>) -> f32 {
    weights.row(WIDTH / 2).iter().sum()
}

fn read(path: &Path) -> io::Result<f32> {
    let mut numbers = vec![0.0; WIDTH * WIDTH];
    File::open(path)?.read_exact(bytemuck::cast_slice_mut(&mut numbers))?;
    Ok(middle_row(ModelWeights::new(&numbers, WIDTH, WIDTH)))
}

fn map(path: &Path) -> io::Result<f32> {
    #[allow(
        unsafe_code,
        reason = "this program wrote the file, and nobody else knows its name"
    )]
    // SAFETY: nobody writes to the file while the map lives.
    let map = unsafe { map_file(path)? };
    Ok(middle_row(MappedModel::new(map, WIDTH, WIDTH).weights()))
}

/// Runs `work` and prints the median time of one call.
fn report(name: &str, work: impl Fn() -> io::Result<f32>) -> io::Result<()> {
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let sum = black_box(work()?);
        rounds.push(start.elapsed().as_nanos());
        assert_eq!(sum, WIDTH as f32 / 2.0, "the sum of a row of halves");
    }
    rounds.sort_unstable();
    println!(r#"{{"name": "{name}", "ns": {}}}"#, rounds[ROUNDS / 2]);
    Ok(())
}

fn main() -> io::Result<()> {
    let path = env::temp_dir().join(format!("lifetimes-bench-{}.bin", process::id()));
    fs::write(&path, 0.5_f32.to_le_bytes().repeat(WIDTH * WIDTH))?;
    let result = report("read_the_file", || read(&path))
        .and_then(|()| report("map_the_file", || map(&path)));
    fs::remove_file(&path)?;
    result
}
