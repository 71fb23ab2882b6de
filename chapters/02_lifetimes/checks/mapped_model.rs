//! What `mapped_model` must do: show the weights where they are, in the mapped file, wherever the model itself goes.

use super::MappedModel;
use allocation_counter::measure;
use lifetimes::{map_bytes, map_file};
use memmap2::Mmap;
use std::{env, fs, process};

/// Six numbers, 2 × 3, as they stand in a file.
fn bytes() -> Vec<u8> {
    let numbers = [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0];
    bytemuck::cast_slice(&numbers).to_vec()
}

/// The same in a map that has no file.
fn map() -> Mmap {
    map_bytes(&bytes()).expect("memory for 24 bytes")
}

#[test]
fn shows_the_weights_of_a_file() {
    let path = env::temp_dir().join(format!("mapped_model-{}.bin", process::id()));
    fs::write(&path, bytes()).expect("a file can be written");
    #[allow(
        unsafe_code,
        reason = "this check wrote the file, and nobody else knows its name"
    )]
    // SAFETY: nobody writes to the file while the map lives.
    let map = unsafe { map_file(&path) }.expect("the file can be mapped");
    let model = MappedModel::new(map, 3);
    let got = model.weights().row(1).to_vec();
    let want = [4.0, 5.0, 6.0];
    drop(model);
    fs::remove_file(&path).expect("the file is there");
    assert_eq!(got, want, "row 1 of the file's 2 × 3 numbers");
}

// The numbers lie in the map, and stay there when the model moves: into a box, out of it, into an array.
#[test]
fn the_weights_stay_in_the_map() {
    let map = map();
    let want = map.as_ptr();
    let models = [*Box::new(MappedModel::new(map, 3))];
    let got = models[0].weights().row(0).as_ptr().cast();
    assert_eq!(got, want, "address of the weights, after the model moved");
}

#[test]
fn a_row_outlives_the_view() {
    let model = MappedModel::new(map(), 3);
    let row = {
        let weights = model.weights();
        weights.row(1)
    };
    let got = row[0];
    let want = 4.0;
    assert_eq!(got, want, "first number of row 1, after its view is gone");
}

#[test]
fn a_view_costs_no_memory() {
    let model = MappedModel::new(map(), 3);
    let got = measure(|| {
        model.weights();
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for a view of the weights");
}

// With the model, its map goes. What is never dropped keeps the file mapped for as long as the program runs.
#[test]
fn the_map_ends_with_the_model() {
    let map = map();
    let got = measure(|| drop(MappedModel::new(map, 3))).count_current;
    let want = 0;
    assert_eq!(got, want, "allocations left when the model is gone");
}
