//! From a conversation to tokens.
//!
//! A chat model was trained on conversations written in one certain way, and its file has a template for it, in Jinja:
//!
//! ```text
//! <|im_start|>user
//! What is 2 + 2?<|im_end|>
//! <|im_start|>assistant
//! ```
//!
//! The template's `<|im_end|>` is one token. If the *user* types those ten characters, they must stay ten characters, or
//! whoever talks to the model can end the system prompt and write another one. So what people say is not rendered: a
//! mark is, and the text takes its place when the template's own special tokens have been found.

use crate::error::{Error, Result};
use crate::vocab::Vocabulary;
use minijinja::{Environment, ErrorKind, context};
use serde::{Deserialize, Serialize};

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// The text.
    pub content: String,
}

impl Message {
    /// A message of `role`.
    pub fn new(role: &str, content: impl Into<String>) -> Self {
        Self {
            role: role.to_owned(),
            content: content.into(),
        }
    }
}

/// What many models use, and what is used if a file has `<|im_start|>` and no template.
const CHATML: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + \
                      '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}\
                      {% endif %}";

/// A model's chat template.
pub struct Template {
    source: String,
}

impl Template {
    /// The template from a file's header, if it has one.
    ///
    /// # Errors
    ///
    /// If there is none, and the vocabulary does not suggest one.
    pub fn new(source: Option<&str>, vocabulary: &Vocabulary) -> Result<Self> {
        let source = match source {
            Some(source) => source,
            None if vocabulary.special("<|im_start|>").is_some() => CHATML,
            None => {
                return Err(Error::Unsupported(
                    "the file has no chat template".to_owned(),
                ));
            }
        };
        Ok(Self {
            source: source.to_owned(),
        })
    }

    /// The tokens of a conversation, and of the beginning of the assistant's answer.
    ///
    /// # Errors
    ///
    /// If the template refuses the messages, as some do when two of one role follow each other.
    pub fn tokens(&self, messages: &[Message], vocabulary: &Vocabulary) -> Result<Vec<u32>> {
        let mark = |index: usize| format!("\u{f8ff}{index}\u{f8ff}");
        let marked: Vec<Message> = messages
            .iter()
            .enumerate()
            .map(|(index, said)| Message::new(&said.role, mark(index)))
            .collect();

        let mut environment = Environment::new();
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function(
            "raise_exception",
            |why: String| -> std::result::Result<String, minijinja::Error> {
                Err(minijinja::Error::new(ErrorKind::InvalidOperation, why))
            },
        );
        let name = |id: Option<u32>| id.and_then(|id| vocabulary.name(id)).unwrap_or_default();
        let rendered = environment.render_str(
            &self.source,
            context! {
                messages => marked,
                add_generation_prompt => true,
                bos_token => name(vocabulary.start()),
                eos_token => "",
            },
        )?;

        let mut tokens = Tokens {
            vocabulary,
            ids: Vec::new(),
            text: String::new(),
        };
        for (place, part) in rendered.split('\u{f8ff}').enumerate() {
            // Before, between and behind the marks: the template's words. Inside: which message.
            match part
                .parse::<usize>()
                .ok()
                .filter(|_| place % 2 == 1)
                .and_then(|index| messages.get(index))
            {
                Some(message) => tokens.text.push_str(&message.content),
                None => tokens.add_template(part),
            }
        }
        tokens.end_text();
        Ok(tokens.ids)
    }
}

/// Tokens so far, and text that has not been encoded yet. Text is encoded in one piece from special token to special
/// token: cut elsewhere, it could become other tokens.
struct Tokens<'a> {
    vocabulary: &'a Vocabulary,
    ids: Vec<u32>,
    text: String,
}

impl Tokens<'_> {
    fn add_template(&mut self, mut part: &str) {
        while let Some((at, name, id)) = self.first_special(part) {
            self.text.push_str(&part[..at]);
            self.end_text();
            self.ids.push(id);
            part = &part[at + name..];
        }
        self.text.push_str(part);
    }

    /// Where the first special token of `part` is, how long, and which; of those at one place, the longest.
    fn first_special(&self, part: &str) -> Option<(usize, usize, u32)> {
        let found = self
            .vocabulary
            .specials()
            .filter_map(|(name, id)| Some((part.find(name)?, name.len(), id)));
        found.min_by_key(|&(at, length, _)| (at, usize::MAX - length))
    }

    fn end_text(&mut self) {
        self.ids.extend(self.vocabulary.encode(&self.text));
        self.text.clear();
    }
}
