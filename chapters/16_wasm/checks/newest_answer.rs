//! What `newest_answer` must do: show the answer to what was asked last.

use super::Searches;

#[test]
fn one_question_is_answered() {
    let mut searches = Searches::new();
    let number = searches.ask();
    let got = searches.answer(number, &["Move", "Borrow"]);
    let want = true;
    assert_eq!(got, want, "the only answer is shown");
    let got = &searches.shown;
    let want = ["Move", "Borrow"];
    assert_eq!(got, &want, "passages on the page");
}

#[test]
fn an_answer_that_comes_late_is_dropped() {
    let mut searches = Searches::new();
    let (first, second) = (searches.ask(), searches.ask());
    searches.answer(second, &["new"]);
    let got = searches.answer(first, &["old"]);
    let want = false;
    assert_eq!(got, want, "the older answer is shown");
    let got = &searches.shown;
    let want = ["new"];
    assert_eq!(got, &want, "passages on the page");
}

#[test]
fn an_answer_to_an_older_question_does_not_flash_up() {
    let mut searches = Searches::new();
    let first = searches.ask();
    let second = searches.ask();
    let got = searches.answer(first, &["old"]);
    let want = false;
    assert_eq!(got, want, "shown while a newer is awaited");
    let got = searches.answer(second, &["new"]);
    let want = true;
    assert_eq!(got, want, "the newest is shown");
}

#[test]
fn questions_go_on_after_an_answer() {
    let mut searches = Searches::new();
    for round in 0..3 {
        let old = searches.ask();
        let new = searches.ask();
        let got = (
            searches.answer(old, &["old"]),
            searches.answer(new, &["new"]),
        );
        let want = (false, true);
        assert_eq!(got, want, "shown in round {round}");
    }
}
