//! What `two_devices` must do: compute the same network in two places, and compare.

use super::compare;
use burn::prelude::*;
use burn_chapter::{SimpleNet, features};

/// A second backend that needs no driver.
#[expect(deprecated, reason = "the cheapest second backend there is")]
fn other() -> Device {
    Device::ndarray()
}

/// The network of seed 1 and the first ten digits, on the flex backend.
fn net_and_digits() -> (SimpleNet, Tensor<2>) {
    let device = Device::flex();
    let digits = features(&digits::held_out(), &device).slice([0..10, 0..128]);
    (SimpleNet::seeded(1, &device), digits)
}

#[test]
fn computes_the_scores_there() {
    let (net, x) = net_and_digits();
    let (scores, _) = compare(&net, x, &other());
    let got = (scores.device(), scores.dims());
    let want = (other(), [10, 10]);
    assert_eq!(got, want, "device and shape of the other scores");
}

#[test]
fn it_is_the_same_network() {
    let (net, x) = net_and_digits();
    let there: Vec<f32> = compare(&net, x.clone(), &other())
        .0
        .try_into_vec_as()
        .unwrap();
    let here: Vec<f32> = net.forward(x).try_into_vec_as().unwrap();
    let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
    let got = here.iter().zip(&there).filter(|pair| close(*pair)).count();
    let want = 100;
    assert_eq!(got, want, "scores of 100 that agree within 0.0001");
}

// The backends add in another order, so the last bits may differ. No more than that.
#[test]
fn says_how_far_apart_they_are() {
    let (net, x) = net_and_digits();
    let (there, apart) = compare(&net, x.clone(), &other());
    let measured = net.forward(x) - there.to_device(&Device::flex());
    let got = apart;
    let want = measured.max_abs().into_scalar::<f32>();
    assert_eq!(got, want, "largest distance between the scores");
}
