//! # Who has the weights now?
//!
//! A loader builds a layer from a name and a list of weights, and counts the parameters on the way. In Python,
//! `weights` and `layer.weights` would be two names for one list. In Rust a list has one owner, and in `load`
//! the owner changes.
//!
//! Run it, and read the compiler's message before you change anything. It names two places: where the weights
//! leave `weights`, and where somebody still looks for them there. Who owns them at the second place?

/// One layer of a model.
struct Layer {
    name: String,
    weights: Vec<f32>,
}

/// Builds a layer. Returns it, and the number of its parameters.
fn load(name: String, weights: Vec<f32>) -> (Layer, usize) {
    // TODO: The second line asks for the weights at their old address. Ask whoever owns them now.
    let layer = Layer { name, weights };
    let parameters = weights.len();
    (layer, parameters)
}

#[path = "../../chapters/01_ownership/checks/new_owner.rs"]
mod checks;
