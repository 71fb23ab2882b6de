//! What `sse_events` must do: carry any text unchanged, and mark the end.

use super::events;
use axum::body::to_bytes;
use axum::response::IntoResponse;
use axum::response::sse::Sse;

/// The data of each event, read as a browser would.
async fn sent(pieces: &[&str]) -> Vec<String> {
    let pieces = pieces.iter().map(|piece| (*piece).to_owned()).collect();
    let response = Sse::new(events(pieces)).into_response();
    let body = to_bytes(response.into_body(), 100_000).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let data = |event: &str| -> Vec<String> {
        let lines = event.lines().filter_map(|line| line.strip_prefix("data:"));
        lines
            .map(|value| value.strip_prefix(' ').unwrap_or(value).to_owned())
            .collect()
    };
    let events = body.split("\n\n").filter(|event| !event.is_empty());
    events.map(|event| data(event).join("\n")).collect()
}

/// The texts of all events but the last.
fn texts(sent: &[String]) -> Vec<String> {
    let text = |data: &String| {
        let event: serde_json::Value = serde_json::from_str(data).ok()?;
        Some(event["text"].as_str()?.to_owned())
    };
    let pieces = &sent[..sent.len().saturating_sub(1)];
    pieces
        .iter()
        .map(|data| text(data).unwrap_or_else(|| format!("not {{\"text\": …}}: {data}")))
        .collect()
}

#[tokio::test]
async fn the_end_is_marked() {
    for pieces in [vec!["a"], vec![]] {
        let got = sent(&pieces).await.pop().unwrap_or_default();
        let want = "[DONE]";
        assert_eq!(got, want, "the last event's data");
    }
}

#[tokio::test]
async fn pieces_come_one_by_one() {
    let got = texts(&sent(&["It", " is", " 4."]).await);
    let want = ["It", " is", " 4."];
    assert_eq!(got, want, "texts of the events");
}

#[tokio::test]
async fn any_text_arrives_as_it_is() {
    let pieces = ["a\nb", "\r\n", "\"", " \u{2028}", "data: x", "[DONE]", ""];
    let got = texts(&sent(&pieces).await);
    assert_eq!(got, pieces, "texts of the events");
}
