//! What `same_request` must do: equal where one embedding answers both requests, and nowhere else.

use super::{Cache, Request};

fn request(id: u64, model: &str, tokens: &[u32]) -> Request {
    let (model, tokens) = (model.to_string(), tokens.to_vec());
    Request { id, model, tokens }
}

/// What a cache that knows request 1, tokens 5 and 7 for 'small', has for another request.
fn found(request_: &Request) -> Option<Vec<f32>> {
    let known = vec![(request(1, "small", &[5, 7]), vec![0.6, 0.8])];
    Cache { known }.get(request_).map(<[f32]>::to_vec)
}

#[test]
fn the_same_tokens_hit_the_cache() {
    let got = found(&request(2, "small", &[5, 7]));
    let want = Some(vec![0.6, 0.8]);
    assert_eq!(got, want, "what is cached for request 2, the same tokens");
}

#[test]
fn other_tokens_miss_it() {
    for tokens in [&[5, 8][..], &[7, 5], &[5], &[5, 7, 7], &[]] {
        let got = found(&request(2, "small", tokens));
        let want = None;
        assert_eq!(got, want, "what is cached for the tokens {tokens:?}");
    }
}

#[test]
fn another_model_misses_it() {
    let got = found(&request(2, "large", &[5, 7]));
    let want = None;
    assert_eq!(got, want, "what is cached for another model");
}

#[test]
fn a_copy_is_equal_and_keeps_its_id() {
    let original = request(9, "small", &[5, 7]);
    let copy = original.clone();
    let got = (copy == original, copy.id);
    let want = (true, 9);
    assert_eq!(
        got, want,
        "whether a copy of request 9 is equal, and its id"
    );
}
