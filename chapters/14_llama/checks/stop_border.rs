//! What the stream must do: show as much as is certain, and never a part of the stop sequence.

use super::StopStream;

/// What is shown at each token, up to the stop.
fn shown(stop: &str, tokens: &[&str]) -> Vec<String> {
    let (stop, held) = (stop.to_owned(), String::new());
    let mut stream = StopStream { stop, held };
    let mut shown = Vec::new();
    for token in tokens {
        let (text, stopped) = stream.push(token);
        shown.push(text);
        if stopped {
            break;
        }
    }
    shown
}

#[test]
fn stops_within_a_token() {
    let got = shown("\nUser:", &["42.\nUser: thanks", " more"]);
    let want = ["42."];
    assert_eq!(got, want, "the stop sequence in one token");
}

#[test]
fn stops_across_tokens() {
    let got = shown("\nUser:", &["42.", "\nUs", "er", ": thanks"]).concat();
    let want = "42.";
    assert_eq!(got, want, "the stop sequence in three tokens");
}

#[test]
fn nothing_waits_without_a_reason() {
    let got = shown("\nUser:", &["It is", " 42, ", "and", "\n", "that is all"]);
    let want = ["It is", " 42, ", "and", "", "\nthat is all"];
    assert_eq!(got, want, "text without the stop sequence");
}

#[test]
fn a_beginning_may_lie_in_a_beginning() {
    let got = shown("aab", &["a", "a", "a", "b"]).concat();
    let want = "a";
    assert_eq!(got, want, "aaab, stopped at aab");
    let got = shown("abab!", &["abab", "ab!"]).concat();
    let want = "ab";
    assert_eq!(got, want, "ababab!, stopped at abab!");
}

#[test]
fn characters_are_not_cut() {
    let got = shown("🦀🦀", &["ä🦀", "ß", "🦀", "🦀"]);
    let want = ["ä", "🦀ß", "", ""];
    assert_eq!(got, want, "stopped at two crabs");
}
