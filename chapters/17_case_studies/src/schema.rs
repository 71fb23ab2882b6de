//! A validator in small, built as pydantic-core is: a schema is compiled once, and every request goes through the result.

use serde_json::Value;
use std::fmt;
use thiserror::Error;

/// A step on the way to a value: a field's name, or a place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `prompt`
    Field(String),
    /// `[2]`
    Item(usize),
}

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, from the outside in.
    pub place: Vec<Step>,
    /// What was expected.
    pub expected: String,
}

impl fmt::Display for Fault {
    /// `messages[2].content: a text of at least 1 character`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, step) in self.place.iter().enumerate() {
            match step {
                Step::Field(name) if depth == 0 => write!(f, "{name}")?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Item(place) => write!(f, "[{place}]")?,
            }
        }
        write!(f, ": {}", self.expected)
    }
}

/// What a schema says that no validator can be made of.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("schema: {0}")]
pub struct SchemaError(String);

/// A compiled schema. Nothing of its text is looked at again.
///
/// ```
/// use case_studies::Schema;
/// use serde_json::json;
///
/// let schema = Schema::compile(&json!({
///     "type": "model",
///     "fields": {
///         "prompt": {"type": "str", "min_length": 1},
///         "stop": {"type": "list", "items": {"type": "str", "min_length": 1}},
///     },
/// }))?;
/// let faults = schema.validate(&json!({"prompt": "", "stop": ["###", ""]}));
/// let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
/// assert_eq!(told[0], "prompt: a text of at least 1 character(s)");
/// assert_eq!(told[1], "stop[1]: a text of at least 1 character(s)");
/// # Ok::<(), case_studies::SchemaError>(())
/// ```
#[derive(Debug)]
pub enum Schema {
    /// A text of at least so many characters.
    Text {
        /// Characters, not bytes.
        min_length: usize,
    },
    /// A whole number within bounds, which count.
    Int {
        /// The least that is allowed.
        ge: i64,
        /// The most that is allowed.
        le: i64,
    },
    /// Any number of one thing.
    List(Box<Schema>),
    /// An object with these fields, and no others.
    Model(Vec<(String, Schema)>),
}

impl Schema {
    /// Compiles a schema in JSON.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] where it has no type, or one that is not known: at start-up, not at the first request.
    pub fn compile(schema: &Value) -> Result<Self, SchemaError> {
        let kind = schema.get("type").and_then(Value::as_str);
        let bound = |name: &str| schema.get(name).and_then(Value::as_i64);
        match kind.ok_or_else(|| SchemaError(format!("no type in {schema}")))? {
            "str" => Ok(Self::Text {
                min_length: usize::try_from(bound("min_length").unwrap_or(0)).unwrap_or(0),
            }),
            "int" => Ok(Self::Int {
                ge: bound("ge").unwrap_or(i64::MIN),
                le: bound("le").unwrap_or(i64::MAX),
            }),
            "list" => {
                let items = schema.get("items");
                let items = items.ok_or_else(|| SchemaError("a list of what?".into()))?;
                Ok(Self::List(Box::new(Self::compile(items)?)))
            }
            "model" => {
                let fields = schema.get("fields").and_then(Value::as_object);
                let fields = fields.ok_or_else(|| SchemaError("a model has fields".into()))?;
                let compiled = fields
                    .iter()
                    .map(|(name, field)| Ok((name.clone(), Self::compile(field)?)));
                Ok(Self::Model(compiled.collect::<Result<_, SchemaError>>()?))
            }
            other => Err(SchemaError(format!("there is no type '{other}'"))),
        }
    }

    /// Everything that is wrong with `value`, in the order of the schema; empty if nothing is. A good value costs no
    /// allocation.
    pub fn validate(&self, value: &Value) -> Vec<Fault> {
        let mut faults = Vec::new();
        self.look(value, &mut faults);
        faults
    }

    fn look(&self, value: &Value, faults: &mut Vec<Fault>) {
        let mut expect = |expected: String| {
            faults.push(Fault {
                place: Vec::new(),
                expected,
            });
        };
        match (self, value) {
            (Self::Text { min_length }, Value::String(text)) => {
                if text.chars().count() < *min_length {
                    expect(format!("a text of at least {min_length} character(s)"));
                }
            }
            (Self::Int { ge, le }, Value::Number(number)) => {
                if !number.as_i64().is_some_and(|n| (*ge..=*le).contains(&n)) {
                    expect(format!("a whole number from {ge} to {le}"));
                }
            }
            (Self::List(items), Value::Array(values)) => {
                for (place, value) in values.iter().enumerate() {
                    let first = faults.len();
                    items.look(value, faults);
                    outwards(&mut faults[first..], || Step::Item(place));
                }
            }
            (Self::Model(fields), Value::Object(given)) => {
                for (name, field) in fields {
                    let first = faults.len();
                    match given.get(name) {
                        Some(value) => field.look(value, faults),
                        None => faults.push(Fault {
                            place: Vec::new(),
                            expected: "is required".into(),
                        }),
                    }
                    outwards(&mut faults[first..], || Step::Field(name.clone()));
                }
            }
            (Self::Text { .. }, _) => expect("a text".into()),
            (Self::Int { .. }, _) => expect("a whole number".into()),
            (Self::List(_), _) => expect("a list".into()),
            (Self::Model(_), _) => expect("an object".into()),
        }
    }
}

/// Puts one more step before the place of each fault. The way is written when something is wrong, from the inside out.
fn outwards(faults: &mut [Fault], step: impl Fn() -> Step) {
    for fault in faults {
        fault.place.insert(0, step());
    }
}
