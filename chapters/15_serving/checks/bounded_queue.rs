//! What `bounded_queue` must do: take as many as there are places, and tell the next one at once.

use super::{Line, Refused};

fn request(number: usize) -> String {
    format!("prompt {number}")
}

#[test]
fn a_full_line_says_so() {
    for places in [1, 3] {
        let (line, _rx) = Line::new(places);
        let got: Vec<_> = (0..places + 2)
            .map(|number| line.enter(request(number)).is_ok())
            .collect();
        let want: Vec<_> = (0..places + 2).map(|number| number < places).collect();
        assert_eq!(got, want, "who got one of {places} places");
    }
}

#[test]
fn the_reason_is_that_it_is_full() {
    let (line, _rx) = Line::new(1);
    line.enter(request(0)).unwrap();
    let got = line.enter(request(1));
    let want = Err(Refused::Full);
    assert_eq!(got, want, "a second request for one place");
}

#[test]
fn a_place_is_free_when_a_request_was_taken() {
    let (line, mut rx) = Line::new(1);
    line.enter(request(0)).unwrap();
    let taken = rx.try_recv().unwrap();
    let got = (taken, line.enter(request(1)));
    let want = (request(0), Ok(()));
    assert_eq!(got, want, "taken, and then entered");
}

#[test]
fn a_closed_line_is_not_a_full_one() {
    let (line, rx) = Line::new(1);
    drop(rx);
    let got = line.enter(request(0));
    let want = Err(Refused::Stopping);
    assert_eq!(got, want, "nobody takes requests any more");
}
