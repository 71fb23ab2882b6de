//! # Eight starts
//!
//! Where k-means ends depends on where it starts. To see how much, it is run several times with one start each, and the
//! inertias are compared. A seed makes the whole of it repeatable.
//!
//! It compiles. Run it: the eight runs agree to the last bit. Is the data that simple?

use linfa::prelude::*;
use linfa_clustering::{KMeans, KMeansError};
use ndarray::ArrayView2;
use rand_xoshiro::{Xoshiro256Plus, rand_core::SeedableRng};

/// The inertia of each of `restarts` runs, of one start each. The same `seed` gives the same runs.
fn inertias(
    rows: ArrayView2<f32>,
    clusters: usize,
    restarts: u64,
    seed: u64,
) -> Result<Vec<f32>, KMeansError> {
    let dataset = DatasetBase::from(rows);
    let run = |restart: u64| {
        // TODO: Each run needs numbers of its own, and the seed must still decide them all.
        let generator = Xoshiro256Plus::seed_from_u64(seed);
        let parameters = KMeans::params_with_rng(clusters, generator).n_runs(1);
        parameters.fit(&dataset).map(|model| model.inertia())
    };
    (0..restarts).map(run).collect()
}

#[path = "../../chapters/09_linfa/checks/restarts.rs"]
mod checks;
