//! What `decode_stream` must do: show whole characters as soon as they are there, and never wait for ever.

use super::Stream;

fn shown(tokens: &[&[u8]]) -> Vec<String> {
    let mut stream = Stream::default();
    tokens.iter().map(|token| stream.push(token)).collect()
}

#[test]
fn a_character_in_two_tokens_is_one_character() {
    let got = shown(&[b"ok \xf0\x9f", b"\x91\x8d!"]);
    let want = ["ok ", "👍!"];
    assert_eq!(got, want, "'ok 👍!' in two tokens, cut in the middle");
}

#[test]
fn a_character_byte_by_byte() {
    let got = shown(&[b"\xe6", b"\x9d", b"\xb1"]);
    let want = ["", "", "東"];
    assert_eq!(got, want, "'東' in three tokens");
}

#[test]
fn text_is_shown_at_once() {
    let got = shown(&[b"the", b" caf\xc3\xa9"]);
    let want = ["the", " café"];
    assert_eq!(got, want, "two tokens of whole characters");
}

// 0xff begins no character. Whoever waits for its end shows nothing any more.
#[test]
fn a_wrong_byte_does_not_stop_the_answer() {
    let got = shown(&[b"a\xff", b"b", b"\xe6\x9d", b"c"]);
    let want = ["a\u{fffd}", "b", "", "\u{fffd}c"];
    assert_eq!(
        got, want,
        "a byte that is wrong, and a character that breaks off"
    );
}
