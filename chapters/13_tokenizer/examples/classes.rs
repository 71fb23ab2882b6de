//! Writes `src/tables.rs`: which characters are letters and which are numbers, as the regular expressions have it.
//!
//! ```console
//! cargo run -p tokenizer --example classes >chapters/13_tokenizer/src/tables.rs
//! ```

use fancy_regex::Regex;

fn main() {
    println!(
        "//! Unicode's letters and numbers, first and last of each range. Written by `examples/classes.rs`."
    );
    for (name, category) in [("LETTERS", "L"), ("NUMBERS", "N")] {
        let regex = Regex::new(&format!(r"\A\p{{{category}}}\z")).expect("a valid expression");
        let ranges = ranges(|c| regex.is_match(c.encode_utf8(&mut [0; 4])).unwrap_or(false));
        println!("\n/// Category {category}.");
        println!("pub const {name}: [(u32, u32); {}] = [", ranges.len());
        for line in ranges.chunks(6) {
            let line: Vec<String> = line
                .iter()
                .map(|(a, b)| format!("({a:#x}, {b:#x}),"))
                .collect();
            println!("    {}", line.join(" "));
        }
        println!("];");
    }
}

fn ranges(belongs: impl Fn(char) -> bool) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in (0..=0x10_ffff).filter(|&code| char::from_u32(code).is_some_and(&belongs)) {
        match ranges.last_mut() {
            Some(last) if last.1 + 1 == code => last.1 = code,
            _ => ranges.push((code, code)),
        }
    }
    ranges
}
