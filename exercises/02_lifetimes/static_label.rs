//! # Labels that outlive the model
//!
//! A classifier labels its inputs. Then model and inputs are freed, and the report is written: by then only the
//! labels are needed. They are two words that stand in the program's text. Nobody frees those.
//!
//! Run it. Whose lifetime has a label, if the rules of elision decide? And whose has it in truth?

/// A linear classifier.
struct Classifier {
    weights: Vec<f32>,
    threshold: f32,
}

impl Classifier {
    /// What the model says of an input: `positive` or `negative`.
    // TODO: Say how long a label lasts: longer than the model, longer than the input.
    fn label(&self, input: &[f32]) -> &str {
        let score: f32 = self.weights.iter().zip(input).map(|(w, x)| w * x).sum();
        if score < self.threshold {
            "negative"
        } else {
            "positive"
        }
    }
}

/// One line for each input. Model and inputs are freed before the report is written.
fn report(model: Classifier, inputs: Vec<[f32; 2]>) -> String {
    let mut labels = Vec::with_capacity(inputs.len());
    for input in &inputs {
        labels.push(model.label(input));
    }
    drop(model);
    drop(inputs);
    labels.join("\n")
}

#[path = "../../chapters/02_lifetimes/checks/static_label.rs"]
mod checks;
