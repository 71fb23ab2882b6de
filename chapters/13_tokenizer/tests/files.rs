//! Files: what is written is read again, what models have is read as it is meant, and what is broken is an error.

use std::collections::HashMap;
use tokenizer::{
    Allowed, GgufValue, Split, Tokenizer, TokenizerError, char_of, read_gguf_metadata,
};

const TEXT: &str = "the cat and the hat, the café and the bat: 1234  the\n\nend 東京 👍";

fn trained(split: Split) -> Tokenizer {
    Tokenizer::train(&[TEXT.repeat(9)], 280, split)
        .and_then(|trained| trained.with_specials(&["<|end|>"]))
        .expect("enough tokens")
}

fn same(one: &Tokenizer, other: &Tokenizer) {
    assert_eq!(one.split(), other.split());
    assert_eq!(one.specials(), other.specials());
    assert_eq!(one.vocabulary_size(), other.vocabulary_size());
    assert_eq!(one.encode(TEXT), other.encode(TEXT));
    let with = |tokenizer: &Tokenizer| tokenizer.encode_with("a<|end|>the", Allowed::All);
    assert_eq!(with(one).expect("known"), with(other).expect("known"));
}

#[test]
fn saved_and_loaded() {
    let folder = std::env::temp_dir().join(format!("tokenizer-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("tokenizer.json");
    for split in Split::ALL {
        let tokenizer = trained(split);
        tokenizer.save(&path).expect("written");
        let loaded = Tokenizer::load(&path).expect("read");
        same(&tokenizer, &loaded);
        assert_eq!(loaded.merges(), tokenizer.merges());
        assert_eq!(loaded.to_json(), tokenizer.to_json());
    }
    let names: Vec<_> = std::fs::read_dir(&folder).expect("a folder").collect();
    assert_eq!(names.len(), 1, "nothing is left beside it");
    std::fs::remove_dir_all(&folder).expect("ours");
    let missing = Tokenizer::load(&path).err().expect("gone").to_string();
    assert!(
        missing.starts_with(path.to_str().expect("a name")),
        "{missing}"
    );
}

mod json {
    use super::*;
    use serde_json::{Value, json};

    fn changed(change: impl FnOnce(&mut Value)) -> Result<Tokenizer, TokenizerError> {
        let mut file: Value = serde_json::from_str(&trained(Split::Gpt2).to_json()).expect("JSON");
        change(&mut file);
        Tokenizer::from_json(&file.to_string())
    }

    #[test]
    fn older_files_have_merges_as_lines_and_no_use_regex() {
        let older = changed(|file| {
            for merge in file["model"]["merges"].as_array_mut().expect("a list") {
                *merge = format!(
                    "{} {}",
                    merge[0].as_str().unwrap(),
                    merge[1].as_str().unwrap()
                )
                .into();
            }
            file["pre_tokenizer"] =
                json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false});
            file["model"]
                .as_object_mut()
                .expect("an object")
                .remove("type");
        });
        same(&older.expect("understood"), &trained(Split::Gpt2));
    }

    #[test]
    fn what_it_does_not_do_is_an_error() {
        for (what, change) in [
            ("a normalizer", json!({"normalizer": {"type": "NFC"}})),
            ("a model", json!({"model": {"type": "WordPiece"}})),
            ("byte fallback", json!({"model": {"byte_fallback": true}})),
            (
                "a prefix",
                json!({"model": {"continuing_subword_prefix": "##"}}),
            ),
            ("dropout", json!({"model": {"dropout": 0.1}})),
            (
                "cut by",
                json!({"pre_tokenizer": {"add_prefix_space": true}}),
            ),
            ("cut by", json!({"pre_tokenizer": {"type": "Metaspace"}})),
        ] {
            let result = changed(|file| merge(file, &change));
            let Err(error @ TokenizerError::Unsupported(_)) = result else {
                panic!("{what} was accepted");
            };
            assert!(
                error
                    .to_string()
                    .contains(what.split(' ').next_back().unwrap())
                    || error.to_string().contains(what),
                "{error}"
            );
        }
        let stripped = changed(|file| file["added_tokens"][0]["lstrip"] = true.into());
        assert!(matches!(stripped, Err(TokenizerError::Unsupported(_))));
    }

    fn merge(into: &mut Value, from: &Value) {
        for (key, value) in from.as_object().expect("an object") {
            match value {
                Value::Object(_) if into[key].is_object() => merge(&mut into[key], value),
                _ => into[key] = value.clone(),
            }
        }
    }

    #[test]
    fn what_contradicts_itself_is_an_error() {
        for change in [
            |file: &mut Value| file["model"]["merges"][0] = json!(["a", "nothing"]),
            |file: &mut Value| file["model"]["merges"][0] = json!(["x", "x"]),
            |file: &mut Value| file["model"]["merges"][0] = json!("nospace"),
            |file: &mut Value| file["model"]["vocab"]["a"] = 98.into(),
            |file: &mut Value| file["model"]["vocab"]["a"] = 4_000_000_000_u32.into(),
            |file: &mut Value| file["model"]["vocab"]["語"] = 290.into(),
            |file: &mut Value| file["model"]["vocab"][""] = 290.into(),
            |file: &mut Value| file["added_tokens"][0]["id"] = 97.into(),
        ] {
            let result = changed(change);
            assert!(matches!(result, Err(TokenizerError::Malformed(_))));
        }
        for text in ["", "{", "[]", "{}", "{\"model\": 1}"] {
            assert!(matches!(
                Tokenizer::from_json(text),
                Err(TokenizerError::Json(_))
            ));
        }
    }

    // As in SmolLM2: some bytes have no token, and the ids begin with the special ones.
    #[test]
    fn a_byte_without_a_token_is_left_out() {
        let file = json!({
            "added_tokens": [{"id": 0, "content": "<|end|>"}],
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
            "model": {
                "type": "BPE",
                "vocab": {"<|end|>": 0, "a": 1, "b": 2, "ab": 3},
                "merges": ["a b"],
            },
        });
        let tokenizer = Tokenizer::from_json(&file.to_string()).expect("a vocabulary");
        assert_eq!(tokenizer.missing_bytes().len(), 254);
        assert_eq!(tokenizer.encode("axb"), [3]);
        assert!(tokenizer.encode("xyz").is_empty());
        let ids = tokenizer
            .encode_with("ab<|end|>", Allowed::All)
            .expect("known");
        assert_eq!(ids, [3, 0]);
    }
}

mod tiktoken {
    use super::*;

    #[test]
    fn ranks_are_tokens_and_merges() {
        let tokenizer = trained(Split::Gpt4);
        let ranks = tokenizer.to_tiktoken();
        assert!(ranks.starts_with("AA== 0\nAQ== 1\n"));
        let loaded =
            Tokenizer::from_tiktoken(&ranks, Split::Gpt4, &[("<|end|>", 280)]).expect("ranks");
        same(&tokenizer, &loaded);
        // The file has tokens only; the merges can be worked out.
        assert_eq!(loaded.merges(), tokenizer.merges());
    }

    #[test]
    fn broken_lines() {
        for (ranks, what) in [
            ("AA== 0\nAQ==", "line 2: no token and rank"),
            ("AA 0", "line 1: the token is no base 64"),
            ("AA== x", "line 1: the rank is no number"),
            ("AA== -1", "line 1: the rank is no number"),
            (
                "AA== 4000000000",
                "line 1: the rank is far beyond the number of tokens",
            ),
            (
                "AA== 0\nAQ== 0",
                "line 2: an empty token, or a rank that is there already",
            ),
        ] {
            let error = Tokenizer::from_tiktoken(ranks, Split::Gpt4, &[]).err();
            assert_eq!(error.expect("broken").to_string(), what);
        }
        let taken = Tokenizer::from_tiktoken("AA== 0", Split::Gpt4, &[("<|end|>", 0)]).err();
        assert!(
            taken
                .expect("the id is taken")
                .to_string()
                .contains("has the id 0")
        );
    }
}

mod gguf {
    use super::*;

    fn text(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.as_bytes());
    }

    fn entry(out: &mut Vec<u8>, name: &str, kind: u32, value: &[u8]) {
        text(out, name);
        out.extend(kind.to_le_bytes());
        out.extend(value);
    }

    fn list(kind: u32, length: usize, items: &[u8]) -> Vec<u8> {
        [
            &kind.to_le_bytes()[..],
            &(length as u64).to_le_bytes(),
            items,
        ]
        .concat()
    }

    fn texts(items: &[String]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for item in items {
            text(&mut bytes, item);
        }
        list(8, items.len(), &bytes)
    }

    fn one(value: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        text(&mut bytes, value);
        bytes
    }

    /// A small file as llama.cpp would write it: a model of no weights, with the tokenizer of `trained`.
    fn file(pre: &str) -> Vec<u8> {
        let tokenizer = trained(Split::SmolLm);
        let written = |id: u32| -> String {
            tokenizer
                .token(id)
                .expect("a token")
                .iter()
                .map(|&byte| char_of(byte))
                .collect()
        };
        let mut tokens: Vec<String> = (0..280).map(written).collect();
        tokens.push("<|end|>".into());
        let merges: Vec<String> = tokenizer
            .merges()
            .iter()
            .map(|&(left, right)| format!("{} {}", written(left), written(right)))
            .collect();
        let kinds: Vec<u8> = (0..281_i32)
            .flat_map(|id| (if id == 280 { 3_i32 } else { 1 }).to_le_bytes())
            .collect();
        let mut out = b"GGUF".to_vec();
        out.extend(3_u32.to_le_bytes());
        out.extend(0_u64.to_le_bytes());
        out.extend(9_u64.to_le_bytes());
        entry(&mut out, "general.architecture", 8, &one("llama"));
        entry(&mut out, "llama.block_count", 4, &30_u32.to_le_bytes());
        entry(&mut out, "llama.rope.freq_base", 6, &1e5_f32.to_le_bytes());
        entry(&mut out, "tokenizer.ggml.add_bos_token", 7, &[0]);
        entry(&mut out, "tokenizer.ggml.model", 8, &one("gpt2"));
        entry(&mut out, "tokenizer.ggml.pre", 8, &one(pre));
        entry(&mut out, "tokenizer.ggml.tokens", 9, &texts(&tokens));
        entry(
            &mut out,
            "tokenizer.ggml.token_type",
            9,
            &list(5, 281, &kinds),
        );
        entry(&mut out, "tokenizer.ggml.merges", 9, &texts(&merges));
        out
    }

    #[test]
    fn has_the_same_tokenizer() {
        let mut bytes = file("smollm");
        bytes.extend(b"weights, which nobody reads");
        same(
            &Tokenizer::from_gguf(&bytes[..]).expect("a header"),
            &trained(Split::SmolLm),
        );
        let header = read_gguf_metadata(&bytes[..]).expect("a header");
        assert_eq!(header["llama.block_count"], GgufValue::Unsigned(30));
        assert_eq!(header["llama.rope.freq_base"], GgufValue::Float(1e5));
        assert_eq!(
            header["tokenizer.ggml.add_bos_token"],
            GgufValue::Bool(false)
        );
    }

    #[test]
    fn one_that_breaks_off_anywhere_is_an_error() {
        let bytes = file("smollm");
        for length in (0..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
            let result = Tokenizer::from_gguf(&bytes[..length]);
            assert!(
                matches!(result, Err(TokenizerError::Malformed(_))),
                "{length} bytes"
            );
        }
    }

    // Each byte in turn is another: whatever comes of it, no panic, and no memory that the file does not have.
    #[test]
    fn whatever_byte_is_wrong_it_answers() {
        let bytes = file("smollm");
        let mut errors = 0;
        for place in (0..bytes.len()).step_by(3) {
            for value in [0, 0xff, bytes[place] ^ 1] {
                let mut broken = bytes.clone();
                broken[place] = value;
                errors += usize::from(Tokenizer::from_gguf(&broken[..]).is_err());
            }
        }
        assert!(errors > 1_000, "{errors}");
    }

    #[test]
    fn lengths_are_not_believed() {
        let mut promise = b"GGUF\x03\0\0\0".to_vec();
        promise.extend(0_u64.to_le_bytes());
        promise.extend(1_u64.to_le_bytes());
        let mut endless_text = promise.clone();
        endless_text.extend(u64::MAX.to_le_bytes());
        let mut endless_list = promise.clone();
        entry(&mut endless_list, "a", 9, &list(8, usize::MAX, &[]));
        // A list in a list in a list: 12 bytes for each level.
        let mut deep = promise;
        text(&mut deep, "a");
        deep.extend(9_u32.to_le_bytes());
        for _ in 0..100_000 {
            deep.extend(list(9, 1, &[]));
        }
        for bytes in [endless_text, endless_list, deep] {
            let result = read_gguf_metadata(&bytes[..]);
            assert!(matches!(result, Err(TokenizerError::Malformed(_))));
        }
    }

    #[test]
    fn other_files_and_other_tokenizers() {
        let fault = |bytes: &[u8]| {
            Tokenizer::from_gguf(bytes)
                .err()
                .expect("an error")
                .to_string()
        };
        assert!(fault(b"PK\x03\x04, and so on").contains("does not begin with 'GGUF'"));
        assert!(fault(b"GGUF\x01\0\0\0").contains("GGUF version 1"));
        assert!(fault(&file("chameleon")).contains("cut as 'chameleon' does it"));
        let model = String::from_utf8_lossy(&file("smollm")).into_owned();
        assert!(model.contains("gpt2"));
        let mut other = file("smollm");
        let place = other
            .windows(4)
            .position(|four| four == b"gpt2")
            .expect("there");
        other[place..place + 4].copy_from_slice(b"rwkv");
        assert!(fault(&other).contains("the kind 'rwkv'"));
    }

    // The real model, where it is: `WORKBOOK_SMOLLM2` names the file.
    #[test]
    fn smollm2() {
        let Some(path) = std::env::var_os("WORKBOOK_SMOLLM2") else {
            return;
        };
        let tokenizer = Tokenizer::load_gguf(path).expect("SmolLM2's GGUF");
        assert_eq!(tokenizer.vocabulary_size(), 49_152);
        assert_eq!(tokenizer.split(), Split::SmolLm);
        let ids = tokenizer.encode_with("<|im_start|>user\nHello<|im_end|>", Allowed::All);
        assert_eq!(ids.expect("known"), [1, 4093, 198, 19556, 2]);
        assert_eq!(tokenizer.missing_bytes().len(), 21);
        assert_eq!(tokenizer.encode("!\u{4}!"), tokenizer.encode("!!"));
        let specials: HashMap<_, _> = tokenizer.specials().into_iter().collect();
        assert_eq!(specials["<|im_end|>"], 2);
    }
}
