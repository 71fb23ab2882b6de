//! What `read_list` must do: read what is there, and refuse what is not without asking for memory first.

use super::read_list;
use allocation_counter::measure;

/// A list that says it has `length` numbers, and has these.
fn list(length: u64, numbers: &[u32]) -> Vec<u8> {
    let numbers = numbers.iter().flat_map(|number| number.to_le_bytes());
    length.to_le_bytes().into_iter().chain(numbers).collect()
}

#[test]
fn reads_a_list_and_what_is_behind_it() {
    let mut bytes = list(2, &[7, 70_000]);
    bytes.extend(b"rest");
    let got = read_list(&bytes);
    let want = Ok((vec![7, 70_000], &b"rest"[..]));
    assert_eq!(got, want, "two numbers, then the rest");
    let empty = list(0, &[]);
    assert_eq!(read_list(&empty), Ok((vec![], &[][..])), "an empty list");
}

#[test]
fn a_list_that_is_cut_off_is_an_error() {
    for (length, numbers) in [(2, &[7][..]), (1, &[]), (3, &[1, 2])] {
        let mut bytes = list(length, numbers);
        bytes.push(1); // a part of the next number
        let got = read_list(&bytes).is_err();
        assert!(got, "{length} promised, {} there", numbers.len());
    }
    assert!(read_list(&[1, 0, 0]).is_err(), "a part of a length");
}

// A billion numbers are four gigabytes: more than is asked for here by anybody who looks at the file first.
#[test]
fn a_broken_promise_costs_no_memory() {
    let bytes = list(1_000_000_000, &[1, 2, 3]);
    let used = measure(|| assert!(read_list(&bytes).is_err()));
    assert!(
        used.bytes_max < 10_000,
        "bytes asked for: {}",
        used.bytes_max
    );
}

// These lengths times four begin again at nothing.
#[test]
fn a_length_beyond_all_memory_is_an_error() {
    for length in [u64::MAX, 1 << 62, (1 << 62) + 1, 1 << 63] {
        let got = read_list(&list(length, &[1, 2, 3])).is_err();
        assert!(got, "a list of {length} numbers in 12 bytes");
    }
}
