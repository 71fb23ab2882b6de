//! What `ask_once` must do: the same numbers as before, with one call through each box.

use super::run;
use allocation_counter::measure;
use std::sync::atomic::{AtomicUsize, Ordering};
use traits::{Activation, LeakyReLU, ReLU};

/// Counts the calls through a box. Each check is a process of its own, so it starts at 0.
static CALLS: AtomicUsize = AtomicUsize::new(0);

/// Adds 1, and counts how often it is asked.
struct Counting;

impl Activation for Counting {
    fn forward(&self, x: f32) -> f32 {
        CALLS.fetch_add(1, Ordering::Relaxed);
        x + 1.0
    }

    fn backward(&self, _: f32) -> f32 {
        1.0
    }

    fn apply(&self, values: &mut [f32]) {
        CALLS.fetch_add(1, Ordering::Relaxed);
        for value in values {
            *value += 1.0;
        }
    }
}

/// Adds 1, and does not count.
struct Plus;

impl Activation for Plus {
    fn forward(&self, x: f32) -> f32 {
        x + 1.0
    }

    fn backward(&self, _: f32) -> f32 {
        1.0
    }
}

#[test]
fn applies_the_activations_in_their_order() {
    let leaky = LeakyReLU { slope: 0.5 };
    let mut got = [-4.0, 3.0];
    run(&[Box::new(leaky), Box::new(Plus)], &mut got);
    let want = [-1.0, 4.0];
    assert_eq!(got, want, "[-4.0, 3.0] leaky first, plus 1 second");

    let mut got = [-4.0, 3.0];
    run(&[Box::new(Plus), Box::new(leaky)], &mut got);
    let want = [-1.5, 4.0];
    assert_eq!(got, want, "[-4.0, 3.0] plus 1 first, leaky second");
}

#[test]
fn no_activation_changes_nothing() {
    let mut got = [-4.0, 3.0];
    run(&[], &mut got);
    let want = [-4.0, 3.0];
    assert_eq!(got, want, "[-4.0, 3.0] after no activation");
}

#[test]
fn asks_each_box_once() {
    let mut values = [0.0; 1_000];
    run(&[Box::new(Counting), Box::new(Counting)], &mut values);
    let got = CALLS.load(Ordering::Relaxed);
    let want = 2;
    assert_eq!(got, want, "calls through two boxes for 1,000 numbers");
}

#[test]
fn needs_no_second_buffer() {
    let activations: [Box<dyn Activation>; 2] = [Box::new(ReLU), Box::new(ReLU)];
    let mut values = [0.5; 1_000];
    let got = measure(|| run(&activations, &mut values)).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 1,000 numbers");
}
