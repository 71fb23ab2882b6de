//! What `longest_sequence` must do: show the longer sequence, whichever it is and however short-lived the other.

use super::longest_sequence;

#[test]
fn shows_the_longer() {
    let (short, long) = (vec![0.1], vec![0.2, 0.3]);
    let got = (
        longest_sequence(&long, &short).to_vec(),
        longest_sequence(&short, &long).to_vec(),
    );
    let want = (long.clone(), long);
    assert_eq!(got, want, "the longer of [0.1] and [0.2, 0.3], both ways");
}

// For each pair of lengths: the result lies where the longer sequence lies, the second if there is no longer one.
#[test]
fn is_a_view_of_the_longer() {
    let (first, second) = (vec![1.0; 4], vec![2.0; 4]);
    for (long, short) in [(0, 0), (1, 0), (2, 2), (3, 1), (4, 4), (1, 4), (0, 3)] {
        let (seq1, seq2) = (&first[..long], &second[..short]);
        let got = longest_sequence(seq1, seq2).as_ptr();
        let want = if long > short {
            seq1.as_ptr()
        } else {
            seq2.as_ptr()
        };
        assert_eq!(got, want, "address for lengths {long} and {short}");
    }
}

// The second sequence is gone at the inner brace; the result is not used after it. One name for both is enough.
#[test]
fn one_sequence_may_be_shorter_lived() {
    let prompt = vec![0.1, 0.2, 0.3];
    let got = {
        let answer = vec![0.4];
        longest_sequence(&prompt, &answer).len()
    };
    let want = 3;
    assert_eq!(got, want, "length of the longer");
}
