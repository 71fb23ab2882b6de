//! What `swap_weights` must do: hand out the weights without a copy, and keep nobody from exchanging them.

use super::Model;
use std::sync::{Arc, RwLock};

/// A model with one weight.
fn model(weight: f32) -> Model {
    Model {
        weights: RwLock::new(Arc::new(vec![weight])),
    }
}

#[test]
fn a_request_gets_the_newest_weights() {
    let model = model(1.0);
    let before = model.current()[0];
    model.swap(vec![2.0]);
    let got = [before, model.current()[0]];
    let want = [1.0, 2.0];
    assert_eq!(got, want, "the weight before and after the swap");
}

#[test]
fn requests_share_the_weights() {
    let model = model(1.0);
    let (one, other) = (model.current(), model.current());
    let got = one.as_ptr();
    let want = other.as_ptr();
    assert_eq!(got, want, "addresses of two requests' weights");
}

// `try_write` does not wait: it gives up if there is a guard anywhere.
#[test]
fn a_request_does_not_hold_up_a_swap() {
    let model = model(1.0);
    let weights = model.current();
    let got = match model.weights.try_write() {
        Ok(mut slot) => {
            *slot = Arc::new(vec![2.0]);
            "swapped"
        }
        Err(_) => "the lock was taken",
    };
    let want = "swapped";
    assert_eq!(got, want, "a swap while a request is answered");
    let got = weights[0];
    let want = 1.0;
    assert_eq!(got, want, "the weight that the request began with");
}
