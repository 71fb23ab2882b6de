//! What `prefill_share` must do: let every answer grow in every pass, and read prompts with what is left.

use super::shares;

#[test]
fn every_answer_grows_in_every_pass() {
    for unread in [[500, 1, 1], [1, 500, 1], [1, 1, 500]] {
        let got = shares(&unread, 8);
        let want: Vec<_> = unread.iter().map(|&n| if n == 1 { 1 } else { 6 }).collect();
        assert_eq!(got, want, "shares of 8 rows for {unread:?}");
    }
}

#[test]
fn a_pass_full_of_answers_reads_nothing() {
    let got = shares(&[1, 9, 1, 1], 3);
    let want = [1, 0, 1, 1];
    assert_eq!(got, want, "shares of 3 rows for three answers and a prompt");
}

#[test]
fn a_pass_has_no_more_rows_than_it_has() {
    for unread in [vec![500], vec![40, 40, 40], vec![1, 500, 1, 500]] {
        let got: usize = shares(&unread, 64).iter().sum();
        let want = 64;
        assert_eq!(got, want, "rows of a pass for {unread:?}");
    }
}

#[test]
fn the_oldest_prompt_is_read_first() {
    let got = shares(&[50, 50, 50], 64);
    let want = [50, 14, 0];
    assert_eq!(got, want, "shares of 64 rows for three prompts");
}

#[test]
fn what_is_not_needed_is_not_taken() {
    let got = shares(&[1, 3, 1, 2], 64);
    let want = [1, 3, 1, 2];
    assert_eq!(got, want, "shares where there is enough");
}
