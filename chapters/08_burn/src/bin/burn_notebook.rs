//! What the chapter's notebook compares NumPy with, as one line of JSON: features, weights, scores, a gradient, losses.
//!
//! ```console
//! cargo run -p burn-chapter --bin burn_notebook
//! ```

use burn::nn::Linear;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::GradientsParams;
use burn::prelude::*;
use burn_chapter::{Plan, SimpleNet, accuracy, features, labels, train};
use serde_json::{Value, json};

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor
        .try_into_vec_as()
        .expect("the flex backend can be read")
}

/// Shape and numbers of a layer's weights, and its bias.
fn layer(layer: &Linear) -> Value {
    let weight = layer.weight.val();
    let shape = weight.dims();
    let bias = layer.bias.as_ref().map(|bias| numbers(bias.val()));
    json!({"shape": shape, "weight": numbers(weight), "bias": bias})
}

fn main() {
    let device = Device::flex();
    let (seen, held_out) = (digits::train(), digits::held_out());
    let (x, y) = (features(&seen, &device), labels(&seen, &device));
    let held_x = features(&held_out, &device);
    let held_y = labels(&held_out, &device);

    let start = SimpleNet::seeded(8, &device.clone().autodiff());
    let plan = |rate| Plan {
        epochs: 3,
        batch: 32,
        rate,
        seed: 8,
    };
    let curves = [0.0001, 0.001, 0.01, 0.3].map(|rate| {
        let (model, losses) = train(start.clone(), &x, &y, plan(rate));
        let right = accuracy(&model, held_x.clone(), held_y.clone());
        json!({"rate": rate, "losses": losses, "accuracy": right})
    });
    let (model, _) = train(start, &x, &y, plan(0.001));

    // The gradient of the last bias, for the first 32 held-out digits.
    let batch = held_x.clone().slice([0..32, 0..128]);
    let criterion = CrossEntropyLossConfig::new().init(&device);
    let loss = criterion.forward(model.forward(batch), held_y.clone().slice(0..32));
    let gradients = GradientsParams::from_grads(loss.backward(), &model);
    let bias = model.fc2.bias.as_ref().expect("the layer has a bias");
    let gradient = gradients.get::<1>(bias.id).expect("it was tracked");

    let report = json!({
        "features": numbers(held_x.clone().slice([0..10, 0..128])),
        "fc1": layer(&model.valid().fc1),
        "fc2": layer(&model.valid().fc2),
        "scores": numbers(model.valid().forward(held_x.clone())),
        "accuracy": accuracy(&model, held_x, held_y),
        "bias_gradient": numbers(gradient),
        "curves": curves,
    });
    println!("{report}");
}
