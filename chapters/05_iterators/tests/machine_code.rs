//! What becomes of a chain: `src/kernels.rs` is compiled alone, and the machine code of its functions is
//! compared.
//!
//! ```text
//! cargo test -p iterators --test machine_code -- --nocapture
//! ```
//!
//! prints one JSON line a function. Whether two functions become the same code is up to the compiler's version
//! and to the processor, so that is asserted for `x86_64` alone, and says when a new compiler changes what the
//! lesson tells.

use std::collections::BTreeMap;
use std::process::Command;

/// The instructions of each function of `src/kernels.rs`, by its name.
fn machine_code() -> BTreeMap<String, Vec<String>> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_string());
    let output = Command::new(rustc)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "--edition=2024",
            "--crate-type=lib",
            "-Copt-level=3",
            "--emit=asm=-",
            "src/kernels.rs",
        ])
        .output()
        .expect("rustc, which has just compiled this test, can be run");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    functions(&String::from_utf8_lossy(&output.stdout))
}

/// Cuts assembly into functions: a label in the first column opens one, indented lines without a dot are
/// instructions.
fn functions(assembly: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = None;
    for line in assembly.lines() {
        let code = line.trim();
        if let Some(label) = line.strip_suffix(':') {
            // Labels such as `.LBB0_1` are places inside a function.
            current = named(label).or(current);
        } else if let Some((copy, original)) = code.split_once(" = ") {
            // Two functions that came out the same have been made one.
            if let (Some(copy), Some(original)) = (named(copy), named(original)) {
                let instructions = found[&original].clone();
                found.insert(copy, instructions);
            }
        } else if code.starts_with(".size") || code.starts_with(".cfi_endproc") {
            current = None;
        } else if let Some(name) = &current
            && line.starts_with(char::is_whitespace)
            && code.starts_with(|first: char| first.is_ascii_alphabetic())
        {
            let instruction = without_numbers_of_labels(code);
            found.entry(name.clone()).or_default().push(instruction);
        }
    }
    found
}

/// Which of our functions a symbol stands for: in a symbol, the length of a name stands before it.
fn named(symbol: &str) -> Option<String> {
    let name = NAMES
        .iter()
        .find(|name| symbol.contains(&format!("{}{name}", name.len())))?;
    Some((*name).to_string())
}

const NAMES: [&str; 14] = [
    "count_chain",
    "count_indexed",
    "count_c_style",
    "count_boxed",
    "dot_chain",
    "dot_indexed",
    "dot_c_style",
    "dot_lanes",
    "add_bias_chain",
    "add_bias_indexed",
    "add_bias_c_style",
    "two_parts_sum",
    "two_parts_for",
    "two_parts_c_style",
];

/// `.LBB12_3` and `.LCPI12_3` name the function by number; without it, the same code in two functions reads the
/// same.
fn without_numbers_of_labels(code: &str) -> String {
    code.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .map(|word| match word.split_once('_') {
            Some((label, rest)) if label.starts_with("LBB") || label.starts_with("LCPI") => {
                format!(
                    "{}_{rest}",
                    label.trim_end_matches(|c: char| c.is_ascii_digit())
                )
            }
            _ => word.to_string(),
        })
        .collect()
}

/// The instructions, in the order of the alphabet.
fn sorted(code: &[String]) -> Vec<&String> {
    let mut instructions: Vec<&String> = code.iter().collect();
    instructions.sort();
    instructions
}

/// The instructions that work on several numbers at once, in their order: `xmm` are registers of 16 bytes.
fn on_vectors(code: &[String]) -> Vec<&String> {
    code.iter()
        .filter(|instruction| instruction.contains("%xmm"))
        .collect()
}

/// Whether one of the instructions has this in it.
fn has(code: &[String], part: &str) -> bool {
    code.iter().any(|instruction| instruction.contains(part))
}

#[test]
fn chains_become_what_the_lesson_says() {
    let code = machine_code();
    for name in NAMES {
        let instructions = &code[name];
        let checks = has(instructions, "panic_bounds_check");
        println!(
            r#"{{"name": "{name}", "instructions": {}, "bounds_checks": {checks}}}"#,
            instructions.len()
        );
    }

    // A chain cannot ask for an item that is not there. A loop up to `a.len()` can, in `b`.
    assert!(!has(&code["dot_chain"], "panic_bounds_check"));
    assert!(has(&code["dot_indexed"], "panic_bounds_check"));
    assert!(has(&code["dot_c_style"], "panic_bounds_check"));
    // The compiler cannot follow an index that is a product, either.
    assert!(!has(&code["add_bias_chain"], "panic_bounds_check"));
    assert!(has(&code["add_bias_indexed"], "panic_bounds_check"));
    assert!(has(&code["add_bias_c_style"], "panic_bounds_check"));
    // Up to `tokens.len()`, in `tokens`, the compiler sees that it cannot happen.
    assert!(!has(&code["count_indexed"], "panic_bounds_check"));
    assert!(!has(&code["count_c_style"], "panic_bounds_check"));

    if cfg!(target_arch = "x86_64") {
        // The same instructions; where two registers are set to zero, the order of the two may differ.
        let chain = &code["count_chain"];
        assert_eq!(sorted(chain), sorted(&code["count_c_style"]), "count");
        let (sum, loops) = (&code["two_parts_sum"], &code["two_parts_c_style"]);
        assert_eq!(sorted(sum), sorted(loops), "two parts");
        // The indexed loop adds 1 by another instruction, beside the part that does the work.
        let indexed = &code["count_indexed"];
        assert_eq!(on_vectors(chain), on_vectors(indexed), "count");
        assert_eq!(chain.len(), indexed.len(), "count");

        // `mulps` multiplies four floats at once, `addps` adds four; `mulss` and `addss` take one.
        for one_at_a_time in ["dot_chain", "dot_indexed", "dot_c_style"] {
            assert!(!has(&code[one_at_a_time], "addps"), "{one_at_a_time}");
        }
        assert!(has(&code["dot_lanes"], "mulps") && has(&code["dot_lanes"], "addps"));
        // `paddd` adds four integers.
        assert!(has(&code["two_parts_sum"], "paddd"));
        assert!(has(&code["two_parts_c_style"], "paddd"));
        assert!(!has(&code["two_parts_for"], "paddd"));
    }
}
