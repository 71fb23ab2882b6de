//! # A view on something that moved
//!
//! To hand over an image without a copy, the page asks once where the model reads its input, lays a `Float32Array` over that
//! place in the module's memory, and writes into it from then on. It works for the first image. The second is larger, and the
//! model reads zeros: the buffer has moved, and the page writes where it used to be.
//!
//! Rust would not let a loan live that long. An address that went to JavaScript is not a loan; nobody checks it. What must be
//! true of the buffer for all its life?

/// Numbers that JavaScript writes and the model reads.
struct InputBuffer {
    numbers: Vec<f32>,
    length: usize,
}

impl InputBuffer {
    /// A buffer for inputs of up to `most` numbers.
    fn new(most: usize) -> Self {
        // TODO: Take all the room that will ever be needed.
        // [starter]
        // let numbers = Vec::with_capacity(most.min(16));
        // [solution]
        let numbers = vec![0.0; most];
        // [end]
        Self { numbers, length: 0 }
    }

    /// Where the input lies.
    fn pointer(&self) -> *const f32 {
        self.numbers.as_ptr()
    }

    /// Says how long the next input is. Its numbers stay where they are.
    ///
    /// An input of more than `most` numbers is an error that says how many there is room for.
    fn set_length(&mut self, length: usize) -> Result<(), String> {
        // TODO: Another length must not be another address.
        // [starter]
        // self.numbers = vec![0.0; length];
        // [solution]
        if length > self.numbers.len() {
            let most = self.numbers.len();
            return Err(format!("{length} numbers, and there is room for {most}"));
        }
        // [end]
        self.length = length;
        Ok(())
    }

    /// The input, as the model reads it.
    fn input(&self) -> &[f32] {
        &self.numbers[..self.length]
    }
}

#[path = "../../chapters/16_wasm/checks/steady_input.rs"]
mod checks;
