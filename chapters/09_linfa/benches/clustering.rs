//! k-means on the chapter's embeddings, repeated to a size where it matters: linfa, and this crate's plain version.
//!
//! ```text
//! cargo bench -p linfa-chapter
//! ```
//!
//! Prints one JSON line for each figure: the median and the least of the rounds, in milliseconds. `clustering.py` has
//! scikit-learn do the same: the same rows, the same start, the same number of steps. The inertia is printed so that
//! the results can be compared before the times are.
//!
//! linfa takes as many threads as rayon has; `RAYON_NUM_THREADS=1` makes it one.

use linfa::prelude::*;
use linfa_chapter::{assign, density_clusters, embeddings, inertia, lloyd};
use linfa_clustering::{Dbscan, KMeans, KMeansInit};
use ndarray::{Array2, Axis, concatenate};
use std::hint::black_box;
use std::time::Instant;

const COPIES: usize = 14;
const CLUSTERS: usize = 32;
const STEPS: usize = 10;
const ROUNDS: usize = 7;

/// Copies of all rows, each a little different: 10,164 rows of 384 numbers.
fn rows() -> Array2<f32> {
    let rows = embeddings();
    let copies: Vec<Array2<f32>> = (0..COPIES)
        .map(|copy| {
            let mut copied = rows.clone();
            for ((i, j), x) in copied.indexed_iter_mut() {
                // Whole numbers, so that Python computes the same to the last bit.
                *x += ((i * 31 + j * 17 + copy * 101) % 64) as f32 / 1024.0;
            }
            copied
        })
        .collect();
    let views: Vec<_> = copies.iter().map(Array2::view).collect();
    concatenate(Axis(0), &views).expect("copies of one width")
}

fn time<T>(name: &str, rounds: usize, work: impl Fn() -> T) -> T {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..rounds {
        let start = Instant::now();
        last = Some(black_box(work()));
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!(
        r#"{{"name": "{name}", "ms": {:.1}, "least_ms": {:.1}}}"#,
        times[times.len() / 2],
        times[0]
    );
    last.expect("at least one round")
}

fn main() {
    let rows = rows();
    let places: Vec<usize> = (0..CLUSTERS).map(|k| k * 22).collect();
    let start = rows.select(Axis(0), &places);

    let plain = time("lloyd", ROUNDS, || lloyd(rows.view(), start.view(), STEPS));
    println!(r#"{{"name": "lloyd", "inertia": {:.2}}}"#, plain.inertia);

    let dataset = DatasetBase::from(rows.view());
    let model = time("linfa", ROUNDS, || {
        KMeans::params(CLUSTERS)
            .init_method(KMeansInit::Precomputed(start.clone()))
            .n_runs(1)
            .max_n_iterations(STEPS as u64)
            .tolerance(1e-9)
            .fit(&dataset)
            .expect("these settings make sense")
    });
    let centroids = model.centroids().view();
    let sum = inertia(rows.view(), centroids, &assign(rows.view(), centroids));
    println!(r#"{{"name": "linfa", "inertia": {sum:.2}}}"#);

    let few = embeddings();
    let clusters = time("dbscan_linear_search", 3, || {
        density_clusters(few.view(), 1.0, 5).expect("these settings make sense")
    });
    let by_tree = time("dbscan_kd_tree", 3, || {
        Dbscan::params(5)
            .tolerance(1.0)
            .transform(&few)
            .expect("these settings make sense")
    });
    println!(
        r#"{{"name": "dbscan", "the_same": {}}}"#,
        clusters == by_tree
    );
}
