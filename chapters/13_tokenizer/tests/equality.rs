//! The fast tokenizer beside the plain one: the same merges, the same ids, whatever the text.

use proptest::prelude::*;
use std::fs;
use std::path::Path;
use tokenizer::{Allowed, PlainTokenizer, Split, StreamDecoder, Tokenizer, TokenizerError};

/// Texts with something of everything; the course's own lessons, which are there, and in English with Rust and Python.
fn texts() -> Vec<String> {
    let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts: Vec<String> = ["01_ownership", "06_concurrency", "12_pyo3"]
        .iter()
        .map(|chapter| {
            fs::read_to_string(chapters.join(chapter).join("README.md")).expect("a lesson")
        })
        .collect();
    texts.push("Straße, naïve café; Ελλάδα, Москва, 東京の地下鉄, 서울, กรุงเทพ, दिल्ली, القاهرة, תל אביב 👩‍👩‍👧‍👦🇩🇪".repeat(20));
    texts
}

fn both(size: usize, split: Split) -> (PlainTokenizer, Tokenizer) {
    let plain = PlainTokenizer::train(&texts(), size, split).expect("enough tokens");
    let fast = Tokenizer::train(&texts(), size, split).expect("enough tokens");
    (plain, fast)
}

#[test]
fn the_same_merges_and_the_same_ids() {
    for split in [
        Split::Gpt2,
        Split::SmolLm,
        Split::Gpt4,
        Split::Llama3,
        Split::Qwen2,
    ] {
        let (plain, fast) = both(500, split);
        assert_eq!(fast.merges(), plain.merges(), "{split:?}");
        assert_eq!(fast.vocabulary_size(), 500);
        for text in texts() {
            // Twice: the second time from the cache.
            for _ in 0..2 {
                assert_eq!(fast.encode(&text), plain.encode(&text), "{split:?}");
            }
        }
    }
}

#[test]
fn training_ends_when_nothing_is_left_to_learn() {
    let texts = ["abab abab abab"];
    let plain = PlainTokenizer::train(&texts, 1_000, Split::Gpt2).expect("enough tokens");
    let fast = Tokenizer::train(&texts, 1_000, Split::Gpt2).expect("enough tokens");
    assert_eq!(fast.merges(), plain.merges());
    assert_eq!(plain.merges().len(), 3);
    let untrained = Tokenizer::train::<&str>(&[], 300, Split::Gpt4).expect("enough tokens");
    assert!(untrained.merges().is_empty());
    assert!(matches!(
        Tokenizer::train(&["a"], 255, Split::Gpt2),
        Err(TokenizerError::TooSmall)
    ));
}

#[test]
fn no_two_tokens_have_the_same_bytes() {
    let (_, fast) = both(2_000, Split::Gpt4);
    let mut tokens: Vec<&[u8]> = (0..2_000).filter_map(|id| fast.token(id)).collect();
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), 2_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn few_letters_make_many_overlaps(
        texts in prop::collection::vec("[ab ]{0,40}", 1..6),
        size in 256..280_usize,
    ) {
        for split in [Split::Whole, Split::Gpt2] {
            let plain = PlainTokenizer::train(&texts, size, split).expect("enough tokens");
            let fast = Tokenizer::train(&texts, size, split).expect("enough tokens");
            prop_assert_eq!(fast.merges(), plain.merges());
            for text in &texts {
                prop_assert_eq!(fast.encode(text), plain.encode(text));
            }
        }
    }
}

#[test]
fn any_text_and_any_bytes_come_back() {
    let (plain, fast) = both(500, Split::Gpt4);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let text = prop_oneof![any::<String>(), "\\PC{0,40}", "[a-z ']{0,60}"];
    runner
        .run(&text, |text| {
            let ids = fast.encode(&text);
            prop_assert_eq!(&ids, &plain.encode(&text));
            prop_assert_eq!(fast.decode(&ids).expect("known ids"), &text[..]);
            prop_assert_eq!(fast.encode_bytes(text.as_bytes()), ids);
            Ok(())
        })
        .expect("every text");
    let bytes = prop::collection::vec(prop_oneof![any::<u8>(), 0xc0..=0xff_u8, b'a'..=b'z'], 0..60);
    runner
        .run(&bytes, |bytes| {
            let ids = fast.encode_bytes(&bytes);
            prop_assert_eq!(fast.decode_bytes(&ids).expect("known ids"), bytes);
            Ok(())
        })
        .expect("any bytes");
}

#[test]
fn bytes_that_are_no_text() {
    let (_, fast) = both(500, Split::Gpt2);
    // A text, what is none, and a text: nothing is merged across.
    let ids = fast.encode_bytes(b"the\xff\xfe the");
    let want = [fast.encode("the"), vec![0xff, 0xfe], fast.encode(" the")].concat();
    assert_eq!(ids, want);
    assert_eq!(
        fast.decode(&ids).expect("known ids"),
        "the\u{fffd}\u{fffd} the"
    );
    assert!(fast.encode_bytes(b"").is_empty());
}

#[test]
fn nothing_at_all() {
    let (plain, fast) = both(300, Split::Gpt4);
    assert!(fast.encode("").is_empty());
    assert!(plain.encode("").is_empty());
    assert_eq!(fast.decode(&[]).expect("no id"), "");
    assert_eq!(fast.encode_batch::<&str>(&[]), Vec::<Vec<u32>>::new());
    assert_eq!(fast.encode_batch(&["", "a"]), [vec![], vec![97]]);
}

// Quadratic time would be a million times a million steps, and would not end.
#[test]
fn a_megabyte_of_one_letter() {
    let megabyte = 1 << 20;
    for letter in ["a", " ", "7", "語", "!", "\n"] {
        let text = letter.repeat(megabyte / letter.len());
        let tokenizer = Tokenizer::train(&[&text], 280, Split::Gpt2).expect("enough tokens");
        let ids = tokenizer.encode(&text);
        assert!(ids.len() < text.len() / 64, "{letter:?}: {}", ids.len());
        assert_eq!(tokenizer.decode(&ids).expect("known ids"), text);
    }
}

#[test]
fn a_batch_is_each_text_by_itself() {
    let (_, fast) = both(400, Split::Gpt4);
    let texts: Vec<String> = texts()
        .iter()
        .flat_map(|text| text.lines().map(String::from).collect::<Vec<_>>())
        .collect();
    let want: Vec<Vec<u32>> = texts.iter().map(|text| fast.encode(text)).collect();
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        assert_eq!(pool.install(|| fast.encode_batch(&texts)), want);
        // Threads do not change what is learned, either.
        let again = pool
            .install(|| Tokenizer::train(&texts, 500, Split::Gpt4))
            .expect("enough tokens");
        let once = Tokenizer::train(&texts, 500, Split::Gpt4).expect("enough tokens");
        assert_eq!(again.merges(), once.merges());
    }
}

mod specials {
    use super::*;

    fn tokenizer() -> Tokenizer {
        let trained =
            Tokenizer::train(&["the end the end"], 260, Split::Gpt2).expect("enough tokens");
        trained
            .with_specials(&["<|end|>", "<|end|><|end|>", "Ende"])
            .expect("new ones")
    }

    #[test]
    fn are_text_unless_they_are_allowed() {
        let tokenizer = tokenizer();
        assert_eq!(
            tokenizer.specials(),
            [("<|end|>", 260), ("<|end|><|end|>", 261), ("Ende", 262)]
        );
        assert!(tokenizer.encode("the<|end|>").iter().all(|&id| id < 260));
        let ids = tokenizer
            .encode_with("the<|end|> end", Allowed::All)
            .expect("known");
        assert_eq!(
            ids,
            [tokenizer.encode("the"), vec![260], tokenizer.encode(" end")].concat()
        );
        assert_eq!(tokenizer.decode(&ids).expect("known ids"), "the<|end|> end");
        let only = Allowed::Only(&["Ende"]);
        assert_eq!(
            tokenizer.encode_with("<|end|>Ende", only).expect("known"),
            [tokenizer.encode("<|end|>"), vec![262]].concat()
        );
        assert_eq!(
            tokenizer
                .encode_with("<|end|>", Allowed::None)
                .expect("known"),
            tokenizer.encode("<|end|>")
        );
    }

    #[test]
    fn the_longest_is_meant() {
        let ids = tokenizer()
            .encode_with("<|end|><|end|><|end|>", Allowed::All)
            .expect("known");
        assert_eq!(ids, [261, 260]);
    }

    #[test]
    fn unknown_ones() {
        let tokenizer = tokenizer();
        let error = tokenizer
            .encode_with("a", Allowed::Only(&["<|begin|>"]))
            .expect_err("unknown");
        assert_eq!(
            error.to_string(),
            r#"no special token '<|begin|>'; there are ["<|end|><|end|>", "<|end|>", "Ende"]"#
        );
        // In a text, what nobody knows is text.
        let text = "<|begin|><|end";
        assert_eq!(
            tokenizer
                .encode_with(text, Allowed::All)
                .expect("no special"),
            tokenizer.encode(text)
        );
        assert!(matches!(
            tokenizer.decode(&[263]),
            Err(TokenizerError::UnknownId(263))
        ));
    }

    #[test]
    fn none_is_empty_and_none_is_there_twice() {
        for bad in ["", "Ende"] {
            assert!(matches!(
                tokenizer().with_specials(&[bad]),
                Err(TokenizerError::BadSpecial(_))
            ));
        }
    }
}

#[test]
fn a_stream_shows_whole_characters() {
    let tokenizer = Tokenizer::train(&[""], 256, Split::Gpt2).expect("the bytes");
    for text in ["aß東👩‍👧", "", "plain"] {
        let mut stream = StreamDecoder::new(&tokenizer);
        let mut shown = String::new();
        for id in tokenizer.encode(text) {
            let part = stream.push(id).expect("a byte");
            assert!(!part.contains('\u{fffd}'));
            shown += &part;
        }
        shown += &stream.finish();
        assert_eq!(shown, text);
    }
    // What no character begins with is shown at once, what breaks off when it is known to; as `decode` shows it.
    let bytes = b"\xffa\xe6\x9d\xe6\x9d\xb1\xf0\x9f";
    let ids: Vec<u32> = bytes.iter().map(|&byte| byte.into()).collect();
    let mut stream = StreamDecoder::new(&tokenizer);
    let mut shown: Vec<String> = ids
        .iter()
        .map(|&id| stream.push(id).expect("a byte"))
        .collect();
    assert!(matches!(
        stream.push(256),
        Err(TokenizerError::UnknownId(256))
    ));
    assert_eq!(
        shown,
        ["\u{fffd}", "a", "", "", "\u{fffd}", "", "東", "", ""]
    );
    shown.push(stream.finish());
    assert_eq!(shown.concat(), tokenizer.decode(&ids).expect("bytes"));
}
