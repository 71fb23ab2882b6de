//! What `status_code` must do: say with a number whether to change the request, to wait, or to call for help.

use super::Refusal;
use axum::body::to_bytes;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

/// Status, `Retry-After`, as text.
fn said(refusal: Refusal) -> (u16, String) {
    let response: Response = refusal.into_response();
    let wait = response.headers().get(RETRY_AFTER);
    let wait = wait.map_or("none", |wait| wait.to_str().unwrap_or("not text"));
    (response.status().as_u16(), wait.to_owned())
}

#[test]
fn what_does_not_fit_is_the_clients_to_change() {
    let got = said(Refusal::TooLong {
        prompt: 3_000,
        context: 2_048,
    });
    let want = (400, "none".to_owned());
    assert_eq!(got, want, "a prompt that is too long");
}

#[test]
fn a_full_line_says_when_to_come_again() {
    for retry_after in [1, 7] {
        let got = said(Refusal::Full { retry_after });
        let want = (429, retry_after.to_string());
        assert_eq!(got, want, "no place is free");
    }
}

#[test]
fn who_is_not_ready_yet_is_unavailable() {
    let got = said(Refusal::Loading);
    let want = (503, "1".to_owned());
    assert_eq!(got, want, "the model is being loaded");
}

#[test]
fn a_model_that_fails_is_the_servers_fault() {
    let got = said(Refusal::Model);
    let want = (500, "none".to_owned());
    assert_eq!(got, want, "the model failed");
}

#[tokio::test]
async fn the_reason_is_in_the_body() {
    let response = Refusal::Full { retry_after: 7 }.into_response();
    let body = to_bytes(response.into_body(), 1_000).await.unwrap();
    let got = String::from_utf8_lossy(&body);
    let want = r#"{"error":{"message":"all places are taken; ask again in 7 s"}}"#;
    assert_eq!(got, want, "the body");
}
