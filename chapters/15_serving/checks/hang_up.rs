//! What `hang_up` must do: draw no token for a client that has gone.

use super::generate;
use tokio::sync::oneshot;

/// How many of 100 tokens are drawn when the client hangs up during the one of this number, and the answer if it stays.
fn drawn(hangs_up_at: usize) -> (usize, Option<String>) {
    let (response_tx, response) = oneshot::channel();
    let mut client = Some(response);
    let mut drawn = 0;
    if hangs_up_at == 0 {
        client = None;
    }
    let next_token = || {
        if drawn == 100 {
            return None;
        }
        drawn += 1;
        if drawn == hangs_up_at {
            client = None;
        }
        Some("x".to_owned())
    };
    generate(next_token, response_tx);
    let answer = client.and_then(|mut client| client.try_recv().ok());
    (drawn, answer)
}

#[test]
fn who_stays_gets_the_whole_answer() {
    let got = drawn(1_000);
    let want = (100, Some("x".repeat(100)));
    assert_eq!(got, want, "tokens drawn, and the answer");
}

#[test]
fn who_goes_costs_no_token_more() {
    for at in [3, 64] {
        let got = drawn(at).0;
        assert_eq!(got, at, "tokens drawn for one who left at {at}");
    }
}

#[test]
fn who_had_gone_before_costs_nothing() {
    let got = drawn(0).0;
    let want = 0;
    assert_eq!(got, want, "tokens drawn for nobody");
}
