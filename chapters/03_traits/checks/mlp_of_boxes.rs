//! What `mlp_of_boxes` must do: a network of any layers, whose derivative is the slope that one can measure.

use super::{Dense, Layer, Mlp, network};
use std::sync::atomic::{AtomicUsize, Ordering};
use traits::gradcheck::{slope, snap_all};
use traits::{LeakyReLU, ReLU};

/// Where the derivatives are checked.
const PLACES: [[f32; 2]; 4] = [[0.0, 0.0], [0.4, -0.9], [-1.3, 2.1], [3.0, 0.5]];

/// The slope of `layer`'s one output along each input, measured: (f(x + h) - f(x - h)) / 2h with h = 1/128.
fn measured(layer: &dyn Layer, input: [f32; 2]) -> [f32; 2] {
    [0, 1].map(|place| {
        let along = |x| {
            let mut moved = input;
            moved[place] = x;
            layer.forward(&moved)[0]
        };
        slope(along, input[place])
    })
}

// From Python: tanh and sigmoid from `math`, GELU in its form with tanh, lists for the sums.
#[test]
fn the_output_is_pythons() {
    let got = PLACES.map(|input| network().forward(&input)[0]);
    let want = [0.628_533_7, 0.254_361_1, 0.577_909_5, 0.109_309];
    let got = snap_all(&got, &want, 1e-5);
    assert_eq!(got, want, "outputs at {PLACES:?}");
}

#[test]
fn a_layer_with_another_activation_is_a_layer() {
    let relu = Dense {
        weights: vec![1.0, -2.0],
        bias: vec![0.5],
        activation: ReLU,
    };
    let leaky = Dense {
        weights: vec![1.0, -2.0],
        bias: vec![0.5],
        activation: LeakyReLU { slope: 0.5 },
    };
    let layers: [Box<dyn Layer>; 2] = [Box::new(relu), Box::new(leaky)];
    let got = layers.map(|layer| layer.gradient(&[1.0, 3.0]));
    let want = [[0.0, 0.0], [0.5, -1.0]];
    assert_eq!(got, want, "gradients of two layers below 0");
}

#[test]
fn the_gradient_is_the_slope() {
    for input in PLACES {
        let want = measured(&network(), input);
        let got = snap_all(&network().gradient(&input), &want, 1e-3);
        assert_eq!(
            got, want,
            "gradient at {input:?}, beside the measured slope"
        );
    }
}

#[test]
fn a_network_inside_a_network() {
    let last = Dense {
        weights: vec![-2.0],
        bias: vec![0.5],
        activation: LeakyReLU { slope: 0.5 },
    };
    let layers: Vec<Box<dyn Layer>> = vec![Box::new(network()), Box::new(last)];
    let nested = Mlp { layers };
    for input in PLACES {
        let want = measured(&nested, input);
        let got = snap_all(&nested.gradient(&input), &want, 1e-3);
        assert_eq!(
            got, want,
            "gradient at {input:?}, beside the measured slope"
        );
    }
}

#[test]
fn no_layers_pass_the_gradient_on() {
    let got = Mlp { layers: Vec::new() }.backward(&[1.0, 2.0], &[3.0, 4.0]);
    let want = [3.0, 4.0];
    assert_eq!(
        got, want,
        "what a network without layers makes of [3.0, 4.0]"
    );
}

/// Counts how often any layer is run forward.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// Adds 1 to its one number.
struct Counting;

impl Layer for Counting {
    fn forward(&self, input: &[f32]) -> Vec<f32> {
        RUNS.fetch_add(1, Ordering::Relaxed);
        vec![input[0] + 1.0]
    }

    fn backward(&self, _: &[f32], upstream: &[f32]) -> Vec<f32> {
        upstream.to_vec()
    }
}

// Running the first layers again for each of the later ones makes 28 runs out of 8, and 4,950 out of 100.
#[test]
fn no_layer_runs_twice() {
    let mut layers: Vec<Box<dyn Layer>> = Vec::new();
    for _ in 0..8 {
        layers.push(Box::new(Counting));
    }
    Mlp { layers }.gradient(&[0.0]);
    // The last layer's output is not needed, so 7 runs would do.
    let got = RUNS.load(Ordering::Relaxed).max(8);
    let want = 8;
    assert_eq!(got, want, "layers run forward for the gradient of 8");
}
