//! What `activation_by_name` must do: one type for all activations, chosen when the program runs.

use super::by_name;
use traits::gradcheck::snap_all;
use traits::{Activation, apply_activation};

#[test]
fn finds_relu_by_its_name() {
    let activation: Box<dyn Activation> = by_name("relu", 0.0).expect("'relu' is a name");
    let got = apply_activation(&activation, &[-1.0, 0.5, 2.0]);
    let want = [0.0, 0.5, 2.0];
    assert_eq!(got, want, "what 'relu' makes of [-1.0, 0.5, 2.0]");
}

// From Python: 1 / (1 + math.exp(-x)).
#[test]
fn finds_sigmoid_by_its_name() {
    let activation: Box<dyn Activation> = by_name("sigmoid", 0.0).expect("'sigmoid' is a name");
    let want = [0.268_941_43, 0.5];
    let got = snap_all(&apply_activation(&activation, &[-1.0, 0.0]), &want, 1e-6);
    assert_eq!(got, want, "what 'sigmoid' makes of [-1.0, 0.0]");
}

// The slope comes from the same file, so it has to live in the value that is returned.
#[test]
fn leaky_relu_keeps_its_slope() {
    for slope in [0.01, 0.25] {
        let activation: Box<dyn Activation> =
            by_name("leaky_relu", slope).expect("'leaky_relu' is a name");
        let got = activation.forward(-1.0);
        let want = -slope;
        assert_eq!(got, want, "what 'leaky_relu' makes of -1.0");
    }
}

#[test]
fn an_unknown_name_is_none() {
    let found: Option<Box<dyn Activation>> = by_name("reul", 0.0);
    let got = found.is_none();
    let want = true;
    assert_eq!(got, want, "whether 'reul' is none");
}

// Different activations in one list: what a type parameter could not do.
#[test]
fn a_list_holds_different_ones() {
    let mut list: Vec<Box<dyn Activation>> = Vec::new();
    list.extend(by_name("leaky_relu", 0.5));
    list.extend(by_name("relu", 0.0));
    let got: Vec<f32> = list
        .iter()
        .map(|activation| activation.forward(-4.0))
        .collect();
    let want = [-2.0, 0.0];
    assert_eq!(got, want, "what 'leaky_relu' and 'relu' make of -4.0");
}
