//! The plan of `src/pipeline.rs`, as it is written and as it will run:
//!
//! ```console
//! cargo run -p polars-chapter --example plan
//! ```

use polars::prelude::PolarsResult;
use polars_chapter::{training_data, training_plan};

fn main() -> PolarsResult<()> {
    let plan = training_plan(&training_data())?;
    println!("As written:\n\n{}\n", plan.describe_plan()?);
    println!("As it will run:\n\n{}", plan.describe_optimized_plan()?);
    Ok(())
}
