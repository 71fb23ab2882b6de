//! What `gguf_texts` must do: read texts of any length, and take no memory for a promise.

use super::read_texts;
use std::io::ErrorKind;

fn file(texts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = (texts.len() as u64).to_le_bytes().to_vec();
    for text in texts {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(*text);
    }
    bytes
}

#[test]
fn reads_what_is_there() {
    let got = read_texts(&mut &file(&[b"the", b"", "Ġcafé".as_bytes()])[..]).unwrap();
    let want = ["the", "", "Ġcafé"];
    assert_eq!(got, want, "three texts");
}

// A chat template may be long, and a limit that somebody guessed would refuse it.
#[test]
fn a_long_text_is_a_text() {
    let long = vec![b'a'; 20_000_000];
    let got = read_texts(&mut &file(&[&long])[..])
        .map(|texts| texts[0].len())
        .ok();
    let want = Some(20_000_000);
    assert_eq!(got, want, "the length of a text of 20 MB");
}

#[test]
fn what_breaks_off_is_an_error() {
    let mut cut = file(&[b"the", b"cathode"]);
    cut.truncate(cut.len() - 2);
    let got = read_texts(&mut &cut[..]).map_err(|error| error.kind());
    let want = Err(ErrorKind::UnexpectedEof);
    assert_eq!(got, want, "a file without its last two bytes");
}

#[test]
fn what_is_no_text_is_an_error() {
    let got = read_texts(&mut &file(&[b"\xff"])[..]).map_err(|error| error.kind());
    let want = Err(ErrorKind::InvalidData);
    assert_eq!(got, want, "a text that is not UTF-8");
}

// A gigabyte is promised in forty bytes.
#[test]
fn a_promise_takes_no_memory() {
    let mut promise = 1_u64.to_le_bytes().to_vec();
    promise.extend((1_u64 << 30).to_le_bytes());
    promise.extend(b"and that was all of it");
    let mut kind = None;
    let memory = allocation_counter::measure(|| {
        kind = read_texts(&mut &promise[..])
            .err()
            .map(|error| error.kind());
    });
    assert_eq!(
        kind,
        Some(ErrorKind::UnexpectedEof),
        "what it said of the broken promise"
    );
    let got = memory.bytes_max;
    assert!(
        got < 10_000,
        "it took {got} bytes of memory for a file of forty"
    );
}
