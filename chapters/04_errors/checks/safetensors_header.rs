//! What `safetensors_header` must do: read what the Python package writes, and for any other bytes return an error that
//! tells people which tensor, and programs what lies below.

use super::{Fault, HeaderError, read};
use std::error::Error;

/// What the Python package safetensors 0.8 writes for a weight of shape (2, 3) in `float32` and a bias of 2 in `float16`.
const FILE: &[u8] = b"\xa0\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"np\"},\
    \"fc1.weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\
    \"fc1.bias\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[24,28]}} \
    \0\0\0\x3f\0\0\x80\xbf\0\0\0\x40\0\0\x80\x3e\0\0\0\0\0\0\0\xbf\0\x38\0\xb8";

/// A file with this header and so many bytes of data.
fn file(header: &str, data: usize) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), &vec![0; data]].concat()
}

/// The faults of a file that has some.
fn faults(file: &[u8]) -> Vec<Fault> {
    match read(file) {
        Err(HeaderError::Faults(faults)) => faults,
        Err(error) => panic!("faults of tensors are wanted, not: {error}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn reads_what_safetensors_wrote() {
    let header = read(FILE).map_err(|error| error.to_string());
    let got = header.map(|tensors| {
        let all = tensors.into_iter();
        all.map(|(name, tensor)| (name, tensor.shape, tensor.data_offsets))
            .collect()
    });
    let want = Ok(vec![
        ("fc1.bias".to_string(), vec![2], (24, 28)),
        ("fc1.weight".to_string(), vec![2, 3], (0, 24)),
    ]);
    assert_eq!(got, want, "names, shapes and offsets");
}

#[test]
fn what_is_no_json_is_an_error() {
    for header in ["", "weights", r#"{"b":1}"#, r#"{"b":{"dtype":"F17"}}"#] {
        let got = read(&file(header, 0)).map_err(|error| error.source().is_some());
        let want = Err(true);
        assert_eq!(got, want, "an error with a source, for {header:?}");
    }
}

// In a release build 4 x 2^32 x 2^32 is 0, and 0 bytes are what this tensor has: a plain product would let it pass.
#[test]
fn a_shape_too_large_is_a_fault() {
    let header = r#"{"b":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#;
    let got = faults(&file(header, 0));
    let want = [Fault::Shape {
        name: "b".to_string(),
        shape: vec![4_294_967_296, 4_294_967_296],
        bytes: 0,
    }];
    assert_eq!(got, want, "a shape of 2^32 times 2^32");
}

#[test]
fn reports_the_faults_of_all_tensors() {
    let header = r#"{
        "a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]},
        "b":{"dtype":"I8","shape":[],"data_offsets":[4,5]},
        "c":{"dtype":"BF16","shape":[2],"data_offsets":[8,4]},
        "d":{"dtype":"F16","shape":[2],"data_offsets":[6,10]}
    }"#;
    let got = faults(&file(header, 8));
    let (shape, bytes) = (vec![2], 4);
    let offsets = |name: &str, begin, end| Fault::Offsets {
        name: name.to_string(),
        begin,
        end,
        data: 8,
    };
    let name = "a".to_string();
    let want = [
        Fault::Shape { name, shape, bytes },
        offsets("c", 8, 4),
        offsets("d", 6, 10),
    ];
    assert_eq!(got, want, "faults of a, c and d in 8 bytes of data");
}

// How a text says it is free. That it names the tensor and each number is not.
#[test]
fn tells_people_which_tensor_and_which_numbers() {
    let name = "fc1.bias".to_string();
    let (begin, end, data) = (24, 29, 28);
    let offsets = Fault::Offsets {
        name,
        begin,
        end,
        data,
    };
    let (name, shape, bytes) = ("fc2.weight".to_string(), vec![31, 17], 99);
    let shape = Fault::Shape { name, shape, bytes };
    for (fault, words) in [
        (offsets, vec!["fc1.bias", "24", "29", "28"]),
        (shape, vec!["fc2.weight", "31", "17", "99"]),
    ] {
        let text = fault.to_string();
        let got: Vec<&str> = words.iter().copied().filter(|w| text.contains(w)).collect();
        assert_eq!(got, words, "what {text:?} mentions");
    }
}

// Each byte of the header in turn becomes another, and the file is cut at each length. All that is asked is an answer.
#[test]
fn no_damage_makes_it_panic() {
    let mut file = FILE.to_vec();
    let mut answers = 0;
    for place in 0..168 {
        for byte in *b"\0 \"19[]{}-\xff" {
            file[place] = byte;
            answers += usize::from(read(&file).is_ok() || read(&file).is_err());
        }
        file[place] = FILE[place];
        answers += usize::from(read(&file[..place]).is_err());
    }
    let got = answers;
    let want = 168 * 12;
    assert_eq!(got, want, "answers to 168 x 12 damaged files");
}
