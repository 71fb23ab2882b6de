//! What `steady_input` must do: stay where it is, since JavaScript keeps the address.

use super::InputBuffer;

#[test]
fn an_input_is_as_long_as_was_said() {
    let mut buffer = InputBuffer::new(784);
    buffer.set_length(3).unwrap();
    let got = buffer.input().len();
    let want = 3;
    assert_eq!(got, want, "numbers in the input");
    buffer.set_length(784).unwrap();
    let got = buffer.input().len();
    let want = 784;
    assert_eq!(got, want, "numbers in the longest input");
}

#[test]
fn every_length_has_the_same_address() {
    let mut buffer = InputBuffer::new(100_000);
    let want = buffer.pointer();
    for length in [1, 16, 17, 784, 100_000, 5] {
        buffer.set_length(length).unwrap();
        let got = buffer.pointer();
        assert_eq!(got, want, "the address for {length} numbers");
        let got = buffer.input().as_ptr();
        assert_eq!(got, want, "where the {length} numbers are read");
    }
}

#[test]
fn what_was_written_is_read() {
    let mut buffer = InputBuffer::new(100);
    buffer.set_length(2).unwrap();
    // As JavaScript writes: to the place, and past any length.
    buffer.numbers[..2].copy_from_slice(&[0.25, 0.75]);
    buffer.set_length(1).unwrap();
    buffer.set_length(2).unwrap();
    let got = buffer.input();
    let want = [0.25, 0.75];
    assert_eq!(got, want, "numbers after other lengths");
}

#[test]
fn a_longer_input_is_refused() {
    let mut buffer = InputBuffer::new(100);
    let got = buffer.set_length(101).is_err();
    let want = true;
    assert_eq!(got, want, "101 numbers in a buffer for 100");
    let message = buffer.set_length(101).unwrap_err();
    let got = message.contains("100");
    assert_eq!(got, want, "room for 100 in '{message}'");
}
