//! What `compiled_schema` must do: refuse a bad schema at once, tell every fault with its place, and charge a good
//! request nothing.

use super::{compile, validate};
use allocation_counter::measure;
use serde_json::{Value, json};

fn chat() -> Value {
    json!({"type": "model", "fields": {
        "messages": {"type": "list", "items": {"type": "model", "fields": {
            "content": {"type": "str"},
            "role": {"type": "str"},
        }}},
        "stop": {"type": "list", "items": {"type": "list", "items": {"type": "str"}}},
        "tokens": {"type": "int"},
    }})
}

fn told(schema: &Value, value: &Value) -> Vec<String> {
    let validator = compile(schema).expect("a schema that compiles");
    validate(&validator, value)
        .iter()
        .map(|fault| format!("{}: {}", fault.place, fault.expected))
        .collect()
}

#[test]
fn a_good_request_has_no_fault() {
    let request =
        json!({"messages": [{"role": "user", "content": "Hallo"}], "stop": [], "tokens": 8});
    let got = told(&chat(), &request);
    assert_eq!(got, Vec::<String>::new(), "faults of a good request");
}

#[test]
fn every_fault_is_told_with_its_place() {
    let request = json!({
        "messages": [{"role": "user", "content": "Hallo"}, {"role": 3}, "Hi"],
        "stop": [["a"], ["b", 1]],
        "tokens": 1.5,
    });
    let got = told(&chat(), &request);
    let want = [
        "messages[1].content: a text",
        "messages[1].role: a text",
        "messages[2]: an object",
        "stop[1][1]: a text",
        "tokens: a whole number",
    ];
    assert_eq!(got, want, "faults of a bad request");
}

#[test]
fn what_is_no_object_is_told_without_a_place() {
    let got = told(&chat(), &json!([]));
    assert_eq!(got, [": an object"], "a list in the place of a request");
}

#[test]
fn a_bad_schema_is_refused_before_any_request() {
    let good = json!({"type": "int"});
    let deep =
        json!({"type": "model", "fields": {"stop": {"type": "list", "items": {"type": "itn"}}}});
    let none = json!({"type": "list"});
    let got = [good, deep, none].map(|schema| compile(&schema).is_ok());
    let want = [true, false, false];
    assert_eq!(
        got, want,
        "compiles: an int, a list of 'itn', a list of nothing"
    );
}

#[test]
fn a_good_request_costs_no_allocation() {
    let message = json!({"role": "user", "content": "Hallo"});
    let request = json!({"messages": vec![message; 50], "stop": [["a", "b"]], "tokens": 8});
    let validator = compile(&chat()).expect("a schema that compiles");
    let mut faults = 0;
    let got = measure(|| faults = validate(&validator, &request).len()).count_total;
    assert_eq!(
        (got, faults),
        (0, 0),
        "allocations and faults for 50 messages"
    );
}
