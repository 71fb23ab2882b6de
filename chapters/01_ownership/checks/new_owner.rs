//! What `new_owner` must do: count the parameters, and move the weights into the layer rather than copy them.

use super::load;
use allocation_counter::measure;

#[test]
fn counts_the_parameters() {
    let (_, got) = load("head".to_string(), vec![0.1, 0.2, 0.3]);
    let want = 3;
    assert_eq!(got, want, "parameters of a layer with 3 weights");

    let (_, got) = load("bias".to_string(), vec![0.5]);
    let want = 1;
    assert_eq!(got, want, "parameters of a layer with 1 weight");
}

#[test]
fn the_layer_has_its_name_and_weights() {
    let (layer, _) = load("head".to_string(), vec![0.1, 0.2, 0.3]);
    let got = (layer.name.as_str(), layer.weights.as_slice());
    let want = ("head", [0.1, 0.2, 0.3].as_slice());
    assert_eq!(got, want, "name and weights of the layer");
}

// A move hands over the address of the weights, however many there are. It asks for no memory.
#[test]
fn moves_without_copying() {
    let (name, weights) = ("head".to_string(), vec![1.0; 1_000]);
    let got = measure(|| {
        load(name, weights);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while a layer is built");
}
