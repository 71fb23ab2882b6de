//! # Ask the next question
//!
//! Retrieval for several questions: each is scaled to length 1, the nearest row of the index is looked up, and the
//! rows found are put together as the context of a prompt. The error is the one of the first exercise: something does
//! not live long enough. There the view really was a view of what died.
//!
//! Run it. The help even speaks of unsafe code. But of what is a hit a view: of the index, or of the query? And what
//! does the signature of `nearest` say?

/// The question's embedding, scaled to length 1.
fn normalised(question: &[f32]) -> Vec<f32> {
    let norm = question.iter().map(|x| x * x).sum::<f32>().sqrt();
    question.iter().map(|x| x / norm).collect()
}

/// The row with the largest dot product with `query`. Rows are as long as the query and stand one after another.
// TODO: The signature ties the result to both parameters. Tie it to the one that it is a view of.
// [starter]
// fn nearest<'a>(rows: &'a [f32], query: &'a [f32]) -> &'a [f32] {
//     let mut best = (f32::NEG_INFINITY, rows);
//     for row in rows.chunks_exact(query.len()) {
//         let score = row.iter().zip(query).map(|(x, y)| x * y).sum();
//         if score > best.0 {
//             best = (score, row);
//         }
//     }
//     best.1
// }
// [solution]
fn nearest<'a>(rows: &'a [f32], query: &[f32]) -> &'a [f32] {
    let mut best = (f32::NEG_INFINITY, rows);
    for row in rows.chunks_exact(query.len()) {
        let score = row.iter().zip(query).map(|(x, y)| x * y).sum();
        if score > best.0 {
            best = (score, row);
        }
    }
    best.1
}
// [end]

/// The nearest row for each question, in the order of the questions, put together.
fn context(rows: &[f32], questions: &[[f32; 2]]) -> Vec<f32> {
    let mut hits = Vec::with_capacity(questions.len());
    for question in questions {
        let query = normalised(question);
        hits.push(nearest(rows, &query));
    }
    hits.concat()
}

#[path = "../../chapters/02_lifetimes/checks/nearest_rows.rs"]
mod checks;
