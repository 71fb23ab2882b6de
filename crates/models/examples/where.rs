//! Prints where each model lies: `cargo run -p workbook-models --example where`.

fn main() -> Result<(), workbook_models::NotHere> {
    for name in ["minilm", "smollm2"] {
        println!("{}", workbook_models::path(name)?.display());
    }
    Ok(())
}
