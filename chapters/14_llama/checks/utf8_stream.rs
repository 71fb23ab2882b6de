//! What the stream must do: show characters when they are whole, and broken bytes when they are surely broken.

use super::Utf8Stream;

fn shown(tokens: &[&[u8]]) -> Vec<String> {
    let mut stream = Utf8Stream {
        waiting: Vec::new(),
    };
    tokens.iter().map(|token| stream.push(token)).collect()
}

#[test]
fn whole_characters_are_shown_at_once() {
    let got = shown(&[b"a", "ß".as_bytes(), "日本".as_bytes()]);
    let want = ["a", "ß", "日本"];
    assert_eq!(got, want, "tokens of whole characters");
}

#[test]
fn a_part_waits_for_the_rest() {
    let got = shown(&[b"a\xf0", b"\x9f\xa6", b"\x80!"]);
    let want = ["a", "", "🦀!"];
    assert_eq!(got, want, "a crab in three tokens");
}

#[test]
fn every_cut_gives_the_same_text() {
    let text = "aß日🦀z";
    for cut in 0..=text.len() {
        let (left, right) = text.as_bytes().split_at(cut);
        let got = shown(&[left, right]).concat();
        assert_eq!(got, text, "cut after {cut} bytes");
    }
}

#[test]
fn broken_bytes_do_not_wait() {
    let got = shown(&[b"a\xff", b"b\x80c", b"\xe6\x97", b"x"]);
    let want = ["a\u{fffd}", "b\u{fffd}c", "", "\u{fffd}x"];
    assert_eq!(got, want, "bytes that are no characters");
}

#[test]
fn broken_and_begun_in_one_token() {
    let got = shown(&[b"\xffok\xf0\x9f", b"\xa6\x80"]);
    let want = ["\u{fffd}ok", "🦀"];
    assert_eq!(got, want, "a broken byte, then the beginning of a crab");
}
