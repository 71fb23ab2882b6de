//! # The configuration decides
//!
//! Which activation a model uses stands in its `config.json`. The program reads the name when it runs; the compiler was
//! done long before that. In Python: `{"relu": ReLU(), "sigmoid": Sigmoid()}.get(name)`.
//!
//! This function is generic, as `apply_activation` was. Run it, and read the message's note: who chooses what `A` is?

use traits::{Activation, LeakyReLU, ReLU, Sigmoid};

/// The activation of that name, or `None` if there is none. `slope` is for `leaky_relu`.
// TODO: Return one type, whichever activation it is. The name is known at run time only.
fn by_name<A: Activation>(name: &str, slope: f32) -> Option<A> {
    match name {
        "relu" => Some(ReLU),
        "leaky_relu" => Some(LeakyReLU { slope }),
        "sigmoid" => Some(Sigmoid),
        _ => None,
    }
}

#[path = "../../chapters/03_traits/checks/activation_by_name.rs"]
mod checks;
