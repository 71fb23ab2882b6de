//! What `restarts` must do: as many different runs as asked for, all of them decided by the seed.

use super::inertias;
use ndarray::Array2;
use std::collections::BTreeSet;

/// 60 rows in a ring: wherever the clusters lie, they could lie elsewhere.
fn ring() -> Array2<f32> {
    Array2::from_shape_fn((60, 2), |(i, j)| {
        let angle = i as f32 * std::f32::consts::TAU / 60.0;
        let bend = 1.0 + 0.1 * (i as f32 * 0.7).sin();
        bend * if j == 0 { angle.cos() } else { angle.sin() }
    })
}

fn run(restarts: u64, seed: u64) -> Vec<f32> {
    inertias(ring().view(), 7, restarts, seed).unwrap()
}

#[test]
fn there_is_one_inertia_a_run() {
    let got = run(5, 1).len();
    let want = 5;
    assert_eq!(got, want, "inertias of 5 runs");
}

#[test]
fn the_runs_differ() {
    for seed in [1, 0] {
        let different: BTreeSet<u32> = run(8, seed).iter().map(|x| x.to_bits()).collect();
        let got = different.len() > 3;
        let want = true;
        assert_eq!(
            got, want,
            "whether 8 runs from seed {seed} gave more than 3 results"
        );
    }
}

#[test]
fn the_seed_repeats_them() {
    let got = run(8, 1) == run(8, 1);
    let want = true;
    assert_eq!(got, want, "whether seed 1 gives the same twice");
}

#[test]
fn another_seed_is_another_choice() {
    let got = run(8, 1) == run(8, 1_000);
    let want = false;
    assert_eq!(got, want, "whether seeds 1 and 1000 give the same");
}
