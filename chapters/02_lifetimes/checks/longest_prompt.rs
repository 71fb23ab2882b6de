//! What `longest_prompt` must do: find the longest prompt's tokens, and keep the very tokens that were made.

use super::longest;
use allocation_counter::measure;

#[test]
fn finds_the_longest() {
    let got = longest(&["Hi", "Hello", "Hey"]);
    let want = [72, 101, 108, 108, 111];
    assert_eq!(got, want, "tokens of the longest of Hi, Hello, Hey");
}

#[test]
fn keeps_the_first_of_equals() {
    let got = longest(&["ab", "cd"]);
    let want = [97, 98];
    assert_eq!(got, want, "tokens of the longest of ab, cd");
}

#[test]
fn no_prompt_has_no_tokens() {
    let got = longest(&[]);
    let want = [0_u32; 0];
    assert_eq!(got, want, "tokens of the longest of no prompts");
}

// One allocation for each prompt that is tokenised. What is kept was made already: it is moved, not made again.
#[test]
fn keeps_tokens_without_copying_them() {
    let prompts = ["a", "ab", "abc"];
    let made = measure(|| {
        longest(&prompts);
    })
    .count_total;
    let got = made.saturating_sub(3);
    let want = 0;
    assert_eq!(got, want, "allocations besides one for each prompt");
}
