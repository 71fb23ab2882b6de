//! # A buffer that has to own
//!
//! A simulator writes each observation into the same two numbers, and a replay buffer collects the observations to
//! learn from them later. `replay.append(observation)` is what one writes in Python, and at the end the list holds
//! the last observation a hundred times. This struct collects views, so that nothing is copied, and does not get that
//! far.
//!
//! Run it. Which two lines cannot both have their way, from the second turn on? Could any lifetime help?

// TODO: What has to outlast its source cannot be a view of it. Let the buffer own what it collects.
// [starter]
// /// Collects observations.
// struct ReplayBuffer<'o> {
//     observations: Vec<&'o [f32]>,
// }
//
// impl<'o> ReplayBuffer<'o> {
//     /// Adds an observation as it is now.
//     fn add(&mut self, observation: &'o [f32]) {
//         self.observations.push(observation);
//     }
// }
// [solution]
/// Collects observations.
struct ReplayBuffer {
    observations: Vec<Vec<f32>>,
}

impl ReplayBuffer {
    /// Adds an observation as it is now.
    fn add(&mut self, observation: &[f32]) {
        self.observations.push(observation.to_vec());
    }
}
// [end]

/// One step of a cart: the action changes the speed, the speed changes the position.
fn step(observation: &mut [f32; 2], action: f32) {
    observation[1] += action;
    observation[0] += observation[1];
}

/// The positions of a cart that was pushed by `actions`, as they stand in the replay buffer at the end.
fn positions(actions: &[f32]) -> Vec<f32> {
    let mut observation = [0.0, 0.0];
    let mut replay = ReplayBuffer {
        observations: Vec::with_capacity(actions.len()),
    };
    for &action in actions {
        step(&mut observation, action);
        replay.add(&observation);
    }
    replay.observations.iter().map(|seen| seen[0]).collect()
}

#[path = "../../chapters/02_lifetimes/checks/replay_buffer.rs"]
mod checks;
