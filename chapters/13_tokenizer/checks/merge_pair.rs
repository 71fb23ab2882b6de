//! What `merge_pair` must do: merge from the left, use each id once, lose none, and pass through the list once.

use super::merge_pair;

#[test]
fn both_ids_are_used_up() {
    let got = merge_pair(&[1, 2, 3, 1, 2, 4], (1, 2), 9);
    let want = [9, 3, 9, 4];
    assert_eq!(got, want, "1 2 3 1 2 4 after 1 2 became 9");
}

#[test]
fn the_last_id_stays() {
    let got = merge_pair(&[5, 6, 7], (1, 2), 9);
    let want = [5, 6, 7];
    assert_eq!(got, want, "ids in which the pair is not");
}

// In minbpe's first example, `aaabdaaabac`, the first merge is of two `a`.
#[test]
fn of_three_equal_ids_the_first_two() {
    let got = merge_pair(&[7, 7, 7, 3, 7, 7], (7, 7), 9);
    let want = [9, 7, 3, 9];
    assert_eq!(got, want, "7 7 7 3 7 7 after 7 7 became 9");
}

#[test]
fn one_id_or_none() {
    let got = [merge_pair(&[], (1, 2), 9), merge_pair(&[1], (1, 2), 9)];
    let want = [vec![], vec![1]];
    assert_eq!(got, want, "nothing, and one id");
}

// A list that is closed up after each merge moves half of what is left each time: 250 billion ids.
#[test]
fn a_million_ids_in_one_pass() {
    let got = merge_pair(&vec![7; 1 << 20], (7, 7), 9).len();
    let want = 1 << 19;
    assert_eq!(got, want, "ids that are left of a million");
}
