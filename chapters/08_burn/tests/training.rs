//! What the lesson says of a trained network, at a size that debug builds bear.

use burn::prelude::*;
use burn::store::ModuleRecord;
use burn_chapter::{Plan, SimpleNet, accuracy, features, labels, train};

const PLAN: Plan = Plan {
    epochs: 3,
    batch: 32,
    rate: 1e-3,
    seed: 8,
};

fn trained(device: &Device) -> (SimpleNet, Vec<f32>) {
    let seen = digits::train();
    let model = SimpleNet::seeded(8, &device.clone().autodiff());
    train(
        model,
        &features(&seen, device),
        &labels(&seen, device),
        PLAN,
    )
}

#[test]
fn three_epochs_are_right_nine_times_in_ten() {
    let device = Device::flex();
    let (model, losses) = trained(&device);
    assert!(losses.is_sorted_by(|a, b| a > b), "losses {losses:?}");

    let held_out = digits::held_out();
    let x = features(&held_out, &device);
    let right = accuracy(&model, x.clone(), labels(&held_out, &device));
    assert!(right > 0.88, "held-out accuracy {right}");

    // The same weights on another backend.
    #[expect(deprecated, reason = "the cheapest second backend there is")]
    let ndarray = Device::ndarray();
    let model = model.valid();
    let here = model.forward(x.clone());
    let there = model
        .clone()
        .to_device(&ndarray)
        .forward(x.clone().to_device(&ndarray));
    assert_ne!(there.device(), here.device());
    let apart: f32 = (here.clone() - there.to_device(&device))
        .max_abs()
        .into_scalar();
    assert!(apart < 1e-4, "scores are up to {apart} apart");

    // And out of a record: not one bit changes.
    let bytes = model.into_record().into_bytes().unwrap();
    let record = ModuleRecord::from_bytes(bytes).unwrap();
    let loaded = SimpleNet::new(&device).try_load_record(record).unwrap();
    let again = loaded.forward(x);
    assert_eq!(again.into_data(), here.into_data());
}
