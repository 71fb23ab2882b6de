//! Chapter 14's language model, for Python.

use crate::functions::threads;
use crate::storage::named;
use llama::{Error, Finish, Gguf, Message, Options, Sampling};
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tokens that a generation has room for, where nobody says how many: a model may have been trained for more.
const ROOM: usize = 2_048;

/// A language model on the CPU, as chapter 14 writes it: any GGUF file of the Llama family with a byte-level vocabulary.
///
/// The file is mapped, so opening it takes milliseconds, and the weights are read when they are needed. Threads may share
/// one: each generation has its own memory.
///
/// Raises `OSError` if the file cannot be read, `ValueError` if it is broken or holds something else.
#[pyclass(frozen, module = "rust_ai_tools", name = "Llama")]
pub struct PyLlama {
    llama: Arc<llama::Llama>,
    name: String,
}

/// The text that a language model writes, piece by piece: what `Llama.generate` returns.
///
/// Each piece is computed when it is asked for, and other Python threads run meanwhile. Who has read enough stops asking. Ctrl-C
/// ends the waiting for a piece and loses nothing: the next one is the one that would have come.
#[pyclass(frozen, module = "rust_ai_tools", name = "Generation")]
pub struct PyGeneration {
    generation: Mutex<llama::Generation>,
    prompt: usize,
}

fn fault(error: &Error) -> PyErr {
    match error {
        Error::Read { path, source } => named(path, source),
        error => PyValueError::new_err(error.to_string()),
    }
}

/// A number from `least` on, which Python gives as any integer.
fn count(name: &str, given: i64, least: usize) -> PyResult<usize> {
    match usize::try_from(given) {
        Ok(count) if count >= least => Ok(count),
        _ => Err(PyValueError::new_err(format!(
            "{name} must be {least} or more, not {given}"
        ))),
    }
}

/// Texts at which an answer ends; Python may give one alone.
pub struct Stop(Vec<String>);

impl<'py> FromPyObject<'_, 'py> for Stop {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = given.cast::<PyString>() {
            return Ok(Self(vec![text.to_str()?.to_owned()]));
        }
        let texts = given.try_iter()?.map(|text| text?.extract());
        Ok(Self(texts.collect::<PyResult<_>>()?))
    }
}

/// A text to go on with, or a conversation to answer.
pub enum Prompt {
    Text(String),
    Chat(Vec<Message>),
}

impl<'py> FromPyObject<'_, 'py> for Prompt {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = given.cast::<PyString>() {
            return Ok(Self::Text(text.to_str()?.to_owned()));
        }
        let kind = given.get_type().name()?;
        if given.cast::<PyDict>().is_ok() {
            return Err(PyTypeError::new_err(
                "prompt must be a str or a list of messages; this is one message alone",
            ));
        }
        let messages = given.try_iter().map_err(|_| {
            PyTypeError::new_err(format!(
                "prompt must be a str or a list of messages, not {kind}"
            ))
        })?;
        let messages: Vec<Message> = messages
            .map(|said| message(&said?))
            .collect::<PyResult<_>>()?;
        if messages.is_empty() {
            return Err(PyValueError::new_err("the conversation has no messages"));
        }
        Ok(Self::Chat(messages))
    }
}

fn message(said: &Bound<'_, PyAny>) -> PyResult<Message> {
    let Ok(said) = said.cast::<PyDict>() else {
        let kind = said.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "a message must be a dict with 'role' and 'content', not {kind}"
        )));
    };
    let part = |key: &str| -> PyResult<String> {
        let Some(text) = said.get_item(key)? else {
            return Err(PyValueError::new_err(format!("a message has no '{key}'")));
        };
        let Ok(text) = text.cast::<PyString>() else {
            let kind = text.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "a message's '{key}' must be a str, not {kind}"
            )));
        };
        Ok(text.to_str()?.to_owned())
    };
    Ok(Message::new(&part("role")?, part("content")?))
}

#[pymethods]
impl PyLlama {
    #[new]
    #[allow(clippy::needless_pass_by_value)] // Python's path becomes a `PathBuf`.
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let pool = threads()?;
        let opened: llama::Result<_> =
            py.detach(|| pool.install(|| llama::Llama::load(&Gguf::open(&path)?)));
        Ok(Self {
            llama: Arc::new(opened.map_err(|error| fault(&error))?),
            name: path
                .file_name()
                .map_or_else(String::new, |name| Path::new(name).display().to_string()),
        })
    }

    /// Goes on with a text, or answers a conversation: an iterator over pieces of text, as they are computed.
    ///
    /// `prompt` is a text, which is continued as it is, or a list of messages, such as
    /// `[{"role": "user", "content": "What is 2 + 2?"}]`, which the model's own chat template makes a text of. What looks like a
    /// special token in either is text.
    ///
    /// It ends when the model says so, before one of the texts in `stop`, after `max_tokens`, or when `context` tokens are full,
    /// of which the prompt takes its part: 2,048 if nothing is said, or what the model was trained for if that is less.
    /// `temperature` 0 takes the likeliest token each time. Above that, one is drawn: of the `top_k` likeliest (0 for no limit), of
    /// the likeliest that together have `top_p`, of those that have at least `min_p` of the likeliest one's probability. What was said
    /// becomes less likely by `repetition_penalty`. The same `seed` gives the same text.
    ///
    /// Raises `ValueError` if a setting is impossible, the prompt is empty or does not fit, or the model's template refuses the
    /// messages, `TypeError` if `prompt` is neither text nor messages.
    #[pyo3(
        signature = (prompt, *, max_tokens = 512, temperature = 0.2, top_k = 0, top_p = 0.9, min_p = 0.0, repetition_penalty = 1.0, seed = 0, stop = Stop(Vec::new()), context = None),
        text_signature = "(self, prompt, *, max_tokens=512, temperature=0.2, top_k=0, top_p=0.9, min_p=0.0, repetition_penalty=1.0, seed=0, stop=(), context=None)"
    )]
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)] // They are Python's keywords.
    fn generate(
        &self,
        py: Python<'_>,
        prompt: Prompt,
        max_tokens: i64,
        temperature: f32,
        top_k: i64,
        top_p: f32,
        min_p: f32,
        repetition_penalty: f32,
        seed: i64,
        stop: Stop,
        context: Option<i64>,
    ) -> PyResult<PyGeneration> {
        let most = self.context_length();
        let context = match context {
            Some(context) => count("context", context, 1)?,
            None => ROOM.min(most),
        };
        let options = Options {
            sampling: Sampling {
                temperature,
                top_k: count("top_k", top_k, 0)?,
                top_p,
                min_p,
                repetition_penalty,
                seed: count("seed", seed, 0)? as u64,
                ..Sampling::default()
            },
            max_tokens: count("max_tokens", max_tokens, 1)?,
            stop: stop.0,
        };
        let begun: llama::Result<_> = py.detach(|| {
            let tokens = match &prompt {
                Prompt::Text(text) => self.llama.prompt(text),
                Prompt::Chat(messages) => self.llama.chat(messages)?,
            };
            let generation = self.llama.generate(&tokens, options, context)?;
            Ok((generation, tokens.len()))
        });
        let (generation, prompt) = begun.map_err(|error| fault(&error))?;
        Ok(PyGeneration {
            generation: Mutex::new(generation),
            prompt,
        })
    }

    /// The most tokens that the model was trained to look back on.
    #[getter]
    fn context_length(&self) -> usize {
        self.llama.model.config().context
    }

    fn __repr__(&self) -> String {
        let (layers, megabytes) = (
            self.llama.model.config().layers,
            self.llama.model.bytes() / 1_000_000,
        );
        format!(
            "<Llama: {}, {layers} layers, {megabytes} MB of weights>",
            self.name
        )
    }
}

impl PyGeneration {
    fn locked(&self) -> MutexGuard<'_, llama::Generation> {
        self.generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What `look` sees of the generation. Another thread may be in the middle of a piece, so it waits without the interpreter.
    fn of<T: Send>(&self, py: Python<'_>, look: impl FnOnce(&llama::Generation) -> T + Send) -> T {
        py.detach(|| look(&self.locked()))
    }
}

#[pymethods]
impl PyGeneration {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<String>> {
        let pool = threads()?;
        loop {
            // A pass over the model: some milliseconds, or for a part of a long prompt some tenths of a second.
            let piece = py.detach(|| {
                // The lock stays on this thread; what it guards may go to another.
                let mut locked = self.locked();
                let generation = &mut *locked;
                pool.install(|| generation.next())
            });
            match piece.transpose().map_err(|error| fault(&error))? {
                // No whole character yet, or what may be the beginning of a stop text.
                Some(text) if text.is_empty() => py.check_signals()?,
                piece => return Ok(piece),
            }
        }
    }

    /// Why it ended: "stop" if the model said so or a stop text came, "length" if there were enough tokens or no more room. `None`
    /// as long as it has not ended.
    #[getter]
    fn finish_reason(&self, py: Python<'_>) -> Option<&'static str> {
        self.of(py, |generation| {
            generation.sequence().finish().map(Finish::name)
        })
    }

    /// The ids of the tokens that were drawn so far, as an array of `uint32`.
    #[getter]
    fn tokens<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u32>> {
        self.of(py, |generation| generation.sequence().produced().to_vec())
            .into_pyarray(py)
    }

    /// How many tokens the prompt has.
    #[getter]
    fn prompt_tokens(&self) -> usize {
        self.prompt
    }

    /// Seconds from the call of `generate` until the first token was drawn; 0 before that.
    #[getter]
    fn first_token_seconds(&self, py: Python<'_>) -> f64 {
        self.of(py, |generation| generation.timing().first.as_secs_f64())
    }

    /// Tokens that were drawn after the first, a second. It counts the time in which nobody asked for a piece, too.
    #[getter]
    fn tokens_per_second(&self, py: Python<'_>) -> f64 {
        self.of(py, |generation| generation.timing().decode())
    }
}
