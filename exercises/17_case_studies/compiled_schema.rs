//! # A schema, compiled
//!
//! This validator takes a schema in JSON and looks at requests. It reads the schema again for each of them: the word
//! `"list"` is compared with five others ten thousand times a second, and that somebody wrote `"itn"` comes out at the
//! first request, on a Sunday. It also writes down the way to each value, though most values are fine.
//!
//! pydantic-core compiles a schema once, into validators that contain validators, and writes a way only when something
//! is wrong.
//!
//! Run it. What could be known when the schema arrives?

use serde_json::Value;

/// One thing that is wrong: where (`messages[2].content`), and what was expected.
#[derive(Debug, PartialEq)]
struct Fault {
    place: String,
    expected: &'static str,
}

/// Puts a step before the place of each fault: `[2]`, and then `messages`, makes `messages[2]`.
fn outwards(faults: &mut [Fault], step: &str) {
    for fault in faults {
        let dot = if fault.place.is_empty() || fault.place.starts_with('[') {
            ""
        } else {
            "."
        };
        fault.place = format!("{step}{dot}{}", fault.place);
    }
}

// TODO: Make `compile` an enum of validators out of the schema. Write a place only when there is a fault.
struct Validator(Value);

/// Makes a validator of a schema. An unknown type is an error.
fn compile(schema: &Value) -> Result<Validator, String> {
    Ok(Validator(schema.clone()))
}

/// Every fault of `value`, in the order of the schema.
fn validate(validator: &Validator, value: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    interpret(&validator.0, value, "", &mut faults);
    faults
}

fn interpret(schema: &Value, value: &Value, place: &str, faults: &mut Vec<Fault>) {
    let expected = match (schema["type"].as_str().unwrap(), value) {
        ("str", Value::String(_)) => return,
        ("int", Value::Number(number)) if number.is_i64() => return,
        ("list", Value::Array(values)) => {
            for (index, value) in values.iter().enumerate() {
                let place = format!("{place}[{index}]");
                interpret(&schema["items"], value, &place, faults);
            }
            return;
        }
        ("model", Value::Object(given)) => {
            for (name, field) in schema["fields"].as_object().unwrap() {
                let dot = if place.is_empty() { "" } else { "." };
                let value = given.get(name).unwrap_or(&Value::Null);
                interpret(field, value, &format!("{place}{dot}{name}"), faults);
            }
            return;
        }
        ("str", _) => "a text",
        ("int", _) => "a whole number",
        ("list", _) => "a list",
        ("model", _) => "an object",
        (other, _) => panic!("there is no type '{other}'"),
    };
    let place = place.to_string();
    faults.push(Fault { place, expected });
}

#[path = "../../chapters/17_case_studies/checks/compiled_schema.rs"]
mod checks;
