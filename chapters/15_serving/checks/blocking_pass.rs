//! What `blocking_pass` must do: leave the only thread to others while the model computes.

use super::infer;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::time::Duration;
use tokio::sync::oneshot;

// `/health` is asked when the model has begun, and the model is done when it was answered; if it waits in vain, it says so
// after a while.
#[tokio::test]
async fn others_are_served_meanwhile() {
    let (begun, begins) = oneshot::channel();
    let (answered, health) = mpsc::channel();
    tokio::spawn(async move {
        let _ = begins.await;
        answered.send("served")
    });
    let model = move || {
        let _ = begun.send(());
        health.recv_timeout(Duration::from_secs(4))
    };
    let got = infer(model).await;
    let want = Some(Ok("served"));
    assert_eq!(got, want, "/health, while the model computes");
}

#[tokio::test]
async fn returns_what_the_model_computes() {
    let got = infer(|| 6 * 7).await;
    let want = Some(42);
    assert_eq!(got, want, "a quick model");
}

// It dies as with `panic!`, but without a message on the screen.
#[tokio::test]
async fn a_panic_is_no_answer_and_no_end() {
    let got: Option<u32> = infer(|| resume_unwind(Box::new("a bad row"))).await;
    let want = None;
    assert_eq!(got, want, "a model that panics");
}
