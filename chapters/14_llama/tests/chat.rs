//! `chat` as a program: what it prints, what it says when it cannot, and its exit codes. The model is a random one.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A model of this test's own.
fn model(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("chat-{name}-{}.gguf", std::process::id()));
    std::fs::write(&path, llama::tiny(14)).expect("a place for the model");
    path
}

/// Runs `chat` with `input` on a pipe.
fn chat(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chat"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    // It may have ended before it read anything: that is its right.
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("its output")
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_pipe_gets_one_answer_and_the_same_each_time() {
    let model = model("pipe");
    let path = model.to_str().expect("a name in UTF-8");
    let answers = [(); 2].map(|()| chat(&["-m", path, "-n", "8", "-c", "256"], "Hello\n"));
    assert!(answers[0].status.success(), "{}", said(&answers[0].stderr));
    assert!(answers[0].stdout.len() > 1);
    assert_eq!(answers[0].stdout, answers[1].stdout);
    let given = chat(&["-m", path, "-n", "8", "-c", "256", "-p", "Hello"], "");
    assert_eq!(given.stdout, answers[0].stdout);
    std::fs::remove_file(model).expect("it was there");
}

#[test]
fn json_is_one_object() {
    let model = model("json");
    let path = model.to_str().expect("a name in UTF-8");
    let answer = chat(
        &[
            "-m",
            path,
            "-n",
            "5",
            "--json",
            "-p",
            "Hello",
            "--temperature",
            "0",
        ],
        "",
    );
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    // Two turns' marks, "user\nHello" and "\nassistant\n", a token a byte.
    assert_eq!(answer["prompt_tokens"], 3 + 10 + 11);
    assert!(answer["completion_tokens"].as_u64().is_some_and(|n| n <= 5));
    assert!(["stop", "length"].contains(&answer["finish_reason"].as_str().expect("a reason")));
    std::fs::remove_file(model).expect("it was there");
}

#[test]
fn a_conversation_that_was_saved_goes_on() {
    let model = model("load");
    let path = model.to_str().expect("a name in UTF-8");
    let saved = model.with_extension("json");
    let text = r#"{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]}"#;
    std::fs::write(&saved, text).expect("a place");
    let load = saved.to_str().expect("a name in UTF-8");
    let answer = chat(
        &[
            "-m", path, "-n", "1", "--json", "--load", load, "-p", "Hello",
        ],
        "",
    );
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    assert_eq!(
        answer["prompt_tokens"],
        3 + 10 + 11 + (2 + 7 + 1) + (2 + 12 + 1)
    );
    std::fs::write(&saved, "{}").expect("a place");
    let broken = chat(&["-m", path, "--load", load, "-p", "Hello"], "");
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        said(&broken.stderr).starts_with("chat: cannot load "),
        "{}",
        said(&broken.stderr)
    );
    std::fs::remove_file(model).expect("it was there");
    std::fs::remove_file(saved).expect("it was there");
}

#[test]
fn what_cannot_be_done_is_said() {
    let model = model("error");
    let path = model.to_str().expect("a name in UTF-8");
    let long = "word ".repeat(100);
    for (arguments, code, message) in [
        (
            vec!["-m", "no such file", "-p", "Hello"],
            1,
            "chat: cannot read no such file: ",
        ),
        (
            vec!["-m", path, "-p", &long],
            1,
            "chat: the context is full: ",
        ),
        (
            vec!["-m", path, "-c", "999", "-p", "Hello"],
            1,
            "chat: a context of 999 tokens: ",
        ),
        (vec!["--temperature", "-1"], 2, "chat: "),
        (vec!["--top-p", "0", "-p", "Hello"], 2, "chat: "),
        (vec!["--colour"], 2, "chat: invalid option '--colour'"),
        (vec!["-n", "0"], 2, "chat: an answer of 0 tokens"),
        (vec![], 2, "chat: the prompt is empty"),
    ] {
        let output = chat(&arguments, "");
        let stderr = said(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with(message), "{arguments:?}: {stderr}");
    }
    std::fs::remove_file(model).expect("it was there");
}

#[test]
fn a_missing_model_names_the_command_that_gets_it() {
    let output = Command::new(env!("CARGO_BIN_EXE_chat"))
        .args(["-p", "Hello"])
        .env_remove("WORKBOOK_SMOLLM2")
        .env(
            "RUST_FOR_AI_MODELS",
            std::env::temp_dir().join("no models here"),
        )
        .output()
        .expect("the program");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output.stderr).contains("python3 workbook fetch smollm2"),
        "{}",
        said(&output.stderr)
    );
}
