//! What `shared_weights` must do: four results in order, from threads that run at once, over weights that exist once.

use super::multi_thread_inference;
use concurrency::Meeting;

#[test]
fn infers_in_the_order_of_the_threads() {
    let infer = |weights: &[f32], index| weights.iter().sum::<f32>() * index as f32;
    let got = multi_thread_inference(vec![0.1, 0.2, 0.3, 0.4], infer);
    let want = [0.0, 1.0, 2.0, 3.0];
    assert_eq!(got, want, "sum of the weights, times the index");
}

// A copy for each thread: 28 GB become 112 for seven billion weights.
#[test]
fn all_threads_read_the_same_weights() {
    let weights = vec![0.5; 1_000];
    let want = [weights.as_ptr().addr(); 4];
    let got = multi_thread_inference(weights, |weights, _| weights.as_ptr().addr());
    assert_eq!(got, want, "addresses that the four threads read");
}

// Each thread waits until all four are there. If one is over before the next begins, they never meet.
static MEETING: Meeting = Meeting::of(4);

#[test]
fn the_four_run_at_the_same_time() {
    let got = multi_thread_inference(vec![0.5], |_, _| MEETING.wait());
    let want = [true; 4];
    assert_eq!(got, want, "threads that met the others");
}
