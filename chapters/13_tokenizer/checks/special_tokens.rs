//! What `special_tokens` must do: find them in the order of the text, and the longest in each place.

use super::Part::{Special, Text};
use super::cut;

const CHAT: [(&str, u32); 2] = [("<|im_end|>", 2), ("<|im_start|>", 1)];

#[test]
fn in_the_order_of_the_text() {
    let got = cut("<|im_start|>user\nhello<|im_end|>", &CHAT);
    let want = [Special(1), Text("user\nhello"), Special(2)];
    assert_eq!(got, want, "a turn of a chat");
}

// Qwen has `<tool_call>`, and a vocabulary may well have `<tool>` and `<tool><tool>` as well.
#[test]
fn the_longest_of_one_place() {
    let specials = [("<br>", 7), ("<br><br>", 8), ("<b", 9)];
    let got = cut("a<br><br><br><b", &specials);
    let want = [Text("a"), Special(8), Special(7), Special(9)];
    assert_eq!(got, want, "specials 7 '<br>', 8 '<br><br>', 9 '<b'");
}

#[test]
fn a_long_one_further_on_has_to_wait() {
    let got = cut("<s>a<|im_end|>", &[("<|im_end|>", 2), ("<s>", 3)]);
    let want = [Special(3), Text("a"), Special(2)];
    assert_eq!(got, want, "a short one first, a long one behind it");
}

#[test]
fn what_nobody_knows_is_text() {
    let text = "<|begin|>a<|im_end";
    let got = cut(text, &CHAT);
    let want = [Text(text)];
    assert_eq!(got, want, "a text without special tokens");
    let got = cut("", &CHAT);
    assert_eq!(got, [], "an empty text");
}
