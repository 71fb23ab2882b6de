//! Token after token: a sequence that can be one of many in a pass, and the loop for one alone.

use crate::error::{Error, Result};
use crate::gguf::Gguf;
use crate::model::{Model, ROWS_AT_ONCE, Session, Step};
use crate::sampler::{Sampler, Sampling};
use crate::stream::{Shown, TextStream};
use crate::template::{Message, Template};
use crate::vocab::Vocabulary;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A model with its vocabulary and its chat template: all that is in one file.
pub struct Llama {
    /// The weights.
    pub model: Model,
    /// Tokens and text.
    pub vocabulary: Vocabulary,
    template: Result<Template>,
}

impl Llama {
    /// Loads the file at `path`.
    ///
    /// # Errors
    ///
    /// If it is missing, is no sound GGUF file, or holds something else than a Llama with a byte-level vocabulary.
    pub fn open(path: &Path) -> Result<Self> {
        Self::load(&Gguf::open(path)?)
    }

    /// Loads an open file.
    ///
    /// # Errors
    ///
    /// If it holds something else than a Llama with a byte-level vocabulary.
    pub fn load(file: &Gguf) -> Result<Self> {
        // Half a hundred thousand merges take longer to sort than the weights to find; so both at once.
        let (model, vocabulary) = rayon::join(|| Model::load(file), || Vocabulary::new(file));
        let (model, vocabulary) = (model?, vocabulary?);
        let template = Template::new(file.text("tokenizer.chat_template"), &vocabulary);
        Ok(Self {
            model,
            vocabulary,
            template,
        })
    }

    /// A conversation's tokens, ready for the model's answer.
    ///
    /// # Errors
    ///
    /// If the file has no chat template, or its template refuses the messages.
    pub fn chat(&self, messages: &[Message]) -> Result<Vec<u32>> {
        match &self.template {
            Ok(template) => template.tokens(messages, &self.vocabulary),
            Err(error) => Err(Error::Unsupported(error.to_string())),
        }
    }

    /// A text's tokens, to be continued as it is.
    pub fn prompt(&self, text: &str) -> Vec<u32> {
        self.vocabulary
            .start()
            .into_iter()
            .chain(self.vocabulary.encode(text))
            .collect()
    }

    /// A sequence that begins with `prompt`, in a session of its own.
    ///
    /// # Errors
    ///
    /// As [`Llama::resume`], or if `capacity` is not one of the model's.
    pub fn start(
        self: &Arc<Self>,
        prompt: &[u32],
        options: Options,
        capacity: usize,
    ) -> Result<Sequence> {
        let session = self.model.session(capacity)?;
        self.resume(session, prompt, options)
    }

    /// A sequence that begins with `prompt`. What `session` has read of it already is not read again.
    ///
    /// # Errors
    ///
    /// If the prompt is empty or does not fit, or a setting is impossible.
    pub fn resume(
        self: &Arc<Self>,
        mut session: Session,
        prompt: &[u32],
        options: Options,
    ) -> Result<Sequence> {
        if prompt.is_empty() {
            return Err(Error::Request("the prompt is empty".to_owned()));
        }
        let sampler = Sampler::new(options.sampling)?;
        let same = session
            .tokens()
            .iter()
            .zip(prompt)
            .take_while(|(a, b)| a == b)
            .count();
        // At least one token must be read: the scores behind it are wanted.
        session.truncate(same.min(prompt.len() - 1));
        let unread = prompt[session.tokens().len()..].to_vec();
        if unread.len() > session.room() {
            let used = session.tokens().len();
            return Err(Error::ContextFull {
                used,
                more: unread.len(),
                capacity: used + session.room(),
            });
        }
        Ok(Sequence {
            llama: Arc::clone(self),
            session,
            sampler,
            stream: TextStream::new(&options.stop),
            unread,
            reading: 0,
            produced: Vec::new(),
            max_tokens: options.max_tokens,
            finish: None,
        })
    }

    /// The answer to `prompt`, piece by piece.
    ///
    /// # Errors
    ///
    /// As [`Llama::start`].
    pub fn generate(
        self: &Arc<Self>,
        prompt: &[u32],
        options: Options,
        capacity: usize,
    ) -> Result<Generation> {
        Ok(Generation::new(self.start(prompt, options, capacity)?))
    }
}

/// What a caller may ask for.
#[derive(Clone, Debug)]
pub struct Options {
    /// How tokens are drawn.
    pub sampling: Sampling,
    /// Tokens after which it is enough.
    pub max_tokens: usize,
    /// Texts at which the answer ends; they are not part of it.
    pub stop: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sampling: Sampling::default(),
            max_tokens: 512,
            stop: Vec::new(),
        }
    }
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The model said so.
    End,
    /// A stop sequence came.
    Stop,
    /// As many tokens as were asked for, or as fit.
    Length,
}

impl Finish {
    /// As the field's APIs call it: `stop` or `length`.
    pub fn name(self) -> &'static str {
        match self {
            Self::End | Self::Stop => "stop",
            Self::Length => "length",
        }
    }
}

/// A prompt and the answer to it, as far as it has come. Whoever has several of them puts a step of each into one pass:
///
/// ```
/// # use llama::{Gguf, Llama, Options, tiny};
/// # use std::sync::Arc;
/// # fn main() -> llama::Result<()> {
/// let llama = Arc::new(Llama::load(&Gguf::from_bytes(Arc::new(tiny(1)))?)?);
/// let mut running = Vec::new();
/// for text in ["Guten Tag", "Ciao"] {
///     let options = Options { max_tokens: 4, ..Options::default() };
///     running.push(llama.start(&llama.prompt(text), options, 64)?);
/// }
/// while running.iter().any(|sequence| sequence.finish().is_none()) {
///     running.retain(|sequence| sequence.finish().is_none());
///     let mut steps: Vec<_> = running.iter_mut().map(|sequence| sequence.step(32)).collect();
///     let scores = llama.model.forward(&mut steps)?;
///     for (sequence, scores) in running.iter_mut().zip(&scores) {
///         print!("{}", sequence.accept(scores));
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct Sequence {
    llama: Arc<Llama>,
    session: Session,
    sampler: Sampler,
    stream: TextStream,
    unread: Vec<u32>,
    /// How many of the unread are in the pass that is under way.
    reading: usize,
    produced: Vec<u32>,
    max_tokens: usize,
    finish: Option<Finish>,
}

impl Sequence {
    /// What the next pass has to read: `most` tokens at most, which is one after the prompt.
    ///
    /// # Panics
    ///
    /// If the sequence is finished, or `most` is 0.
    pub fn step(&mut self, most: usize) -> Step<'_> {
        assert!(
            self.finish.is_none() && most > 0,
            "a step of a finished sequence, or of no tokens"
        );
        self.reading = most.min(self.unread.len());
        let scored = self.reading == self.unread.len();
        Step {
            session: &mut self.session,
            tokens: &self.unread[..self.reading],
            scored,
        }
    }

    /// Takes what the pass returned for this sequence's step, and returns the text that is certain now.
    pub fn accept(&mut self, scores: &[f32]) -> String {
        self.unread.drain(..self.reading);
        self.reading = 0;
        if !self.unread.is_empty() || scores.is_empty() {
            return String::new();
        }
        let token = self.sampler.sample(scores, self.session.tokens());
        if self.llama.vocabulary.is_end(token) {
            self.finish = Some(Finish::End);
            return self.stream.finish();
        }
        self.produced.push(token);
        self.unread.push(token);
        let Shown { mut text, stopped } = self.stream.push(self.llama.vocabulary.bytes(token));
        if stopped {
            self.finish = Some(Finish::Stop);
        } else if self.produced.len() >= self.max_tokens || self.session.room() == 0 {
            self.finish = Some(Finish::Length);
            text.push_str(&self.stream.finish());
        }
        text
    }

    /// Why it ended, when it has.
    pub fn finish(&self) -> Option<Finish> {
        self.finish
    }

    /// Tokens of the prompt that no pass has read yet, or the one that was drawn last.
    pub fn unread(&self) -> usize {
        self.unread.len()
    }

    /// The tokens that were drawn, without the one that ended it.
    pub fn produced(&self) -> &[u32] {
        &self.produced
    }

    /// What was read so far, for a sequence that goes on from here.
    pub fn into_session(self) -> Session {
        self.session
    }
}

/// How long a generation took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timing {
    /// Tokens of the prompt that were read; those that a session had read before do not count.
    pub read: usize,
    /// Until the first token was drawn.
    pub first: Duration,
    /// Tokens that were drawn after the first.
    pub drawn: usize,
    /// How long those took.
    pub rest: Duration,
}

impl Timing {
    /// Tokens read, a second.
    pub fn prefill(&self) -> f64 {
        self.read as f64 / self.first.as_secs_f64().max(1e-9)
    }

    /// Tokens drawn, a second, the first not counted.
    pub fn decode(&self) -> f64 {
        self.drawn as f64 / self.rest.as_secs_f64().max(1e-9)
    }
}

/// One sequence's answer, as an iterator over pieces of text.
pub struct Generation {
    sequence: Sequence,
    begun: Instant,
    timing: Timing,
}

impl Generation {
    /// Goes on with a sequence until it ends.
    pub fn new(sequence: Sequence) -> Self {
        let timing = Timing {
            read: sequence.unread(),
            ..Timing::default()
        };
        Self {
            sequence,
            begun: Instant::now(),
            timing,
        }
    }

    /// The sequence, for its tokens and the reason of its end.
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// How long it took so far.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    /// Gives the session back, for the next turn of the conversation.
    pub fn into_session(self) -> Session {
        self.sequence.into_session()
    }
}

impl Iterator for Generation {
    type Item = Result<String>;

    /// The next piece of text; an empty one for a part of the prompt, or a token that is no whole character yet. So a caller
    /// that wants to stop is asked at least once a pass.
    fn next(&mut self) -> Option<Self::Item> {
        if self.sequence.finish.is_some() {
            return None;
        }
        let llama = Arc::clone(&self.sequence.llama);
        let scores = match llama.model.forward(&mut [self.sequence.step(ROWS_AT_ONCE)]) {
            Ok(scores) => scores,
            Err(error) => {
                self.sequence.finish = Some(Finish::Length);
                return Some(Err(error));
            }
        };
        let before = self.sequence.produced.len();
        let text = self.sequence.accept(&scores[0]);
        if !scores[0].is_empty() {
            if before == 0 {
                self.timing.first = self.begun.elapsed();
            } else {
                self.timing.drawn = before;
                self.timing.rest = self.begun.elapsed().saturating_sub(self.timing.first);
            }
        }
        Some(Ok(text))
    }
}
