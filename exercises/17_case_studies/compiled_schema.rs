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
        let dot = if fault.place.is_empty() || fault.place.starts_with('[') { "" } else { "." };
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
    interpret(&validator.0, value, String::new(), &mut faults);
    faults
}

fn interpret(schema: &Value, value: &Value, place: String, faults: &mut Vec<Fault>) {
    match (schema["type"].as_str().unwrap(), value) {
        ("str", Value::String(_)) => {}
        ("int", Value::Number(number)) if number.is_i64() => {}
        ("list", Value::Array(values)) => {
            for (index, value) in values.iter().enumerate() {
                interpret(&schema["items"], value, format!("{place}[{index}]"), faults);
            }
        }
        ("model", Value::Object(given)) => {
            for (name, field) in schema["fields"].as_object().unwrap() {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                interpret(field, given.get(name).unwrap_or(&Value::Null), place, faults);
            }
        }
        ("str", _) => faults.push(Fault { place, expected: "a text" }),
        ("int", _) => faults.push(Fault { place, expected: "a whole number" }),
        ("list", _) => faults.push(Fault { place, expected: "a list" }),
        ("model", _) => faults.push(Fault { place, expected: "an object" }),
        (other, _) => panic!("there is no type '{other}'"),
    }
}

#[path = "../../chapters/17_case_studies/checks/compiled_schema.rs"]
mod checks;
