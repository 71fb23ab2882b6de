//! # Two networks from one
//!
//! Deep Q-learning holds two networks that start from the same weights: `online` learns, `target` stays behind to be
//! compared with. `target = online` in Python gives one network with two names, both of them learn, and the loss
//! looks wonderful. Python needs `copy.deepcopy` there, and nothing reminds you.
//!
//! Run it. Two owners, one buffer: how many copies does the agent need, and which of the two fields is filled first?

/// What learns, and what it is compared with.
struct Agent {
    online: Vec<f32>,
    target: Vec<f32>,
}

/// Starts both networks from the same weights.
fn start(weights: Vec<f32>) -> Agent {
    // TODO: Both networks need a buffer of their own. Copy the weights once, while they are there to be copied.
    Agent {
        online: weights,
        target: weights,
    }
}

#[path = "../../chapters/01_ownership/checks/target_network.rs"]
mod checks;
