//! # The checkpoint that was never written
//!
//! A training run saves its weights after every epoch. On Friday evening the disk is full; on Monday the newest
//! checkpoint is Friday's. `save` had said so each time, and nobody had listened.
//!
//! It compiles, and whatever happens to the disk, the training goes on; so it should. Run it. One check listens to
//! standard error and hears nothing. The compiler needs no check for that: read its warning, down to the help. Would
//! anybody be told if you did as it proposes?

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
