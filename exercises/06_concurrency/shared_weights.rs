//! # Four threads, one set of weights
//!
//! Four requests run on four threads, and all of them read the same weights. One owner is not enough here: nobody
//! knows which of the threads ends last, and the weights must live until then. So the owners are counted. `Rc` counts
//! them, and the compiler will not have it.
//!
//! Run it. The message is long; its first line says it all. What would happen to a plain counter that two threads
//! change at the same time?

use std::thread;

/// Runs `infer` on four threads at once, each with the same weights and its own index. The results come in the order
/// of the indices.
fn multi_thread_inference<T: Send + 'static>(
    model_weights: Vec<f32>,
    infer: fn(&[f32], usize) -> T,
) -> Vec<T> {
    // TODO: Each thread needs a share in the weights. `Rc` gives shares within one thread; which type gives them
    // across?
    use std::rc::Rc;

    let model_weights = Rc::new(model_weights);
    let mut handles = Vec::new();
    for index in 0..4 {
        let weights = Rc::clone(&model_weights);
        handles.push(thread::spawn(move || infer(&weights, index)));
    }
    handles
        .into_iter()
        .map(|handle| handle.join().expect("this inference does not panic"))
        .collect()
}

#[path = "../../chapters/06_concurrency/checks/shared_weights.rs"]
mod checks;
