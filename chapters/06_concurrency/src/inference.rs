//! Several threads read one set of weights.

use std::sync::Arc;
use std::thread;

/// Runs four threads over the weights `[0.1, 0.2, 0.3, 0.4]` and returns their results, in the order of the threads.
pub fn multi_thread_inference() -> Vec<f32> {
    let model_weights: Arc<Vec<f32>> = Arc::new(vec![0.1, 0.2, 0.3, 0.4]);
    infer_on_threads(&model_weights, 4)
}

/// Sums `weights` on each of `threads` threads, and multiplies each sum with its thread's index.
///
/// The weights exist once, however many threads read them. The results come in the order of the indices: each thread
/// returns its own, and the handles are joined in order. A shared `Mutex<Vec<f32>>` would hold them in the order in
/// which the threads happened to finish.
///
/// # Panics
///
/// If a thread cannot be started.
pub fn infer_on_threads(weights: &Arc<Vec<f32>>, threads: usize) -> Vec<f32> {
    let mut handles = Vec::new();
    for index in 0..threads {
        let weights = Arc::clone(weights);
        handles.push(thread::spawn(move || {
            weights.iter().sum::<f32>() * index as f32
        }));
    }
    handles
        .into_iter()
        .map(|handle| handle.join().expect("a sum does not panic"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_multiplies_the_sum_with_its_index() {
        assert_eq!(multi_thread_inference(), [0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn when_all_are_joined_nobody_else_owns_the_weights() {
        let weights = Arc::new(vec![0.5; 8]);
        assert_eq!(infer_on_threads(&weights, 3), [0.0, 4.0, 8.0]);
        assert_eq!(Arc::strong_count(&weights), 1);
    }
}
