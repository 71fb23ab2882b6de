//! # The checkpoint that was never written
//!
//! A training run saves its weights after every epoch. On Friday evening the disk is full; on Monday the newest
//! checkpoint is Friday's. `save` had said so each time, and nobody had listened.
//!
//! This compiles, and its checks pass: whatever happens to the disk, the training goes on, and so it should. But read
//! the warning. Somebody has to be told.

// Two easy ways to silence the compiler are not a way to tell anybody; clippy shall point at them.
#![warn(clippy::let_underscore_must_use, clippy::unused_result_ok)]

/// A disk that has room for so many checkpoints.
struct Disk {
    room: usize,
    saved: Vec<f32>,
}

#[derive(Debug)]
struct DiskFull;

impl Disk {
    /// Saves a checkpoint of a model with one weight.
    fn save(&mut self, weight: f32) -> Result<(), DiskFull> {
        if self.saved.len() == self.room {
            return Err(DiskFull);
        }
        self.saved.push(weight);
        Ok(())
    }
}

/// Halves the weight in each epoch and saves it. If that fails, says so on standard error and goes on.
fn train(mut weight: f32, epochs: usize, disk: &mut Disk) -> f32 {
    for epoch in 1..=epochs {
        weight *= 0.5;
        // TODO: The epoch's checkpoint may not have been saved. Tell whoever watches, and go on.
        println!("epoch {epoch}");
        disk.save(weight);
    }
    weight
}

#[path = "../../chapters/04_errors/checks/unsaved_checkpoint.rs"]
mod checks;
