//! The batch: several requests' sequences, one pass over the weights for all of them.

use crate::error::ServeError;
use crate::figures::Figures;
use crate::gate::Place;
use llama::{Finish, Llama, Options, Sequence};
use rayon::prelude::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// A request on its way to the batch, with the way back.
pub struct BatchRequest {
    /// Its number, for the log.
    pub id: u64,
    /// What the model is to read.
    pub prompt: Vec<u32>,
    /// What was asked for.
    pub options: Options,
    /// When it arrived.
    pub arrived: Instant,
    /// When nobody waits for it any more.
    pub deadline: Instant,
    /// Where text goes as soon as it is certain, if somebody wants to see it grow.
    ///
    /// It has no bound, and needs none: an answer has `max_tokens` pieces at most. With one, a reader that is slow would
    /// hold up the pass, and with it all others.
    pub text_tx: Option<mpsc::UnboundedSender<String>>,
    /// Where the answer goes. Whoever waits for it and hangs up drops the other end, and this one knows.
    pub response_tx: oneshot::Sender<Result<Answer, ServeError>>,
    /// Its place inside, which is freed with it.
    pub place: Place,
    /// The HTTP request that it came with, for the log.
    pub span: tracing::Span,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The text.
    pub text: String,
    /// Tokens of the prompt.
    pub prompt_tokens: usize,
    /// Tokens that were drawn.
    pub tokens_generated: usize,
    /// Why it ended.
    pub finish: Finish,
    /// From the request's arrival to its first token.
    pub first_token: Duration,
    /// From the request's arrival to its end.
    pub latency: Duration,
}

impl BatchRequest {
    /// Whether somebody still waits for an answer. Who has hung up is counted, who has waited too long is told.
    pub fn is_awaited(&self, now: Instant) -> bool {
        !self.response_tx.is_closed() && now < self.deadline
    }

    /// Ends it without an answer. The place is freed before anybody is told.
    pub fn refuse(self, error: ServeError, figures: &Figures) {
        let outcome = match error {
            _ if self.response_tx.is_closed() => "cancelled",
            ServeError::Late(_) => "timeout",
            _ => "failed",
        };
        figures.outcome(outcome);
        self.span
            .in_scope(|| tracing::info!(id = self.id, outcome, %error, "not answered"));
        drop(self.place);
        let _ = self.response_tx.send(Err(error));
    }

    /// Ends one that [`BatchRequest::is_awaited`] no longer.
    pub fn give_up(self, figures: &Figures) {
        let waited = self.deadline.saturating_duration_since(self.arrived);
        self.refuse(ServeError::Late(waited), figures);
    }
}

/// A request in the batch.
struct Running {
    request: BatchRequest,
    sequence: Sequence,
    text: String,
    first_token: Option<Duration>,
}

impl Running {
    /// Takes what a pass returned for it.
    fn accept(&mut self, scores: &[f32]) {
        let piece = self.sequence.accept(scores);
        if self.first_token.is_none() && !scores.is_empty() {
            self.first_token = Some(self.request.arrived.elapsed());
        }
        if piece.is_empty() {
            return;
        }
        self.text.push_str(&piece);
        if let Some(text_tx) = &self.request.text_tx {
            // An error means that the reader has gone; the next look at the batch finds that out.
            let _ = text_tx.send(piece);
        }
    }

    fn answer(self, finish: Finish, figures: &Figures) {
        let request = self.request;
        let latency = request.arrived.elapsed();
        let answer = Answer {
            text: self.text,
            prompt_tokens: request.prompt.len(),
            tokens_generated: self.sequence.produced().len(),
            finish,
            first_token: self.first_token.unwrap_or(latency),
            latency,
        };
        figures.answered(
            answer.prompt_tokens,
            answer.tokens_generated,
            answer.first_token,
            latency,
        );
        request.span.in_scope(|| {
            tracing::info!(
                id = request.id,
                prompt_tokens = answer.prompt_tokens,
                tokens = answer.tokens_generated,
                first_token_ms = answer.first_token.as_millis() as u64,
                latency_ms = latency.as_millis() as u64,
                finish = finish.name(),
                "answered"
            );
        });
        figures.outcome(if request.response_tx.is_closed() {
            "cancelled"
        } else {
            finish.name()
        });
        // Counted and free before the client knows, so that a client that asks again at once finds a place.
        drop(request.place);
        // In this order: whoever reads the text to its end then finds the answer there.
        let _ = request.response_tx.send(Ok(answer));
        drop(request.text_tx);
    }
}

/// Sequences that go through the model together.
pub struct Batch {
    llama: Arc<Llama>,
    size: usize,
    rows: usize,
    running: Vec<Running>,
    figures: Figures,
}

impl Batch {
    /// An empty batch for `size` sequences, which reads `rows` tokens in a pass: one for each sequence that is answering,
    /// and of the prompts what fits besides.
    ///
    /// # Panics
    ///
    /// If there are fewer rows than sequences, or none.
    pub fn new(llama: Arc<Llama>, size: usize, rows: usize, figures: Figures) -> Self {
        assert!(
            size > 0 && rows >= size,
            "a batch of {size} with {rows} rows"
        );
        Self {
            llama,
            size,
            rows,
            running: Vec::new(),
            figures,
        }
    }

    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// How many sequences are in it.
    pub fn len(&self) -> usize {
        self.running.len()
    }

    /// Whether one more may join.
    pub fn has_room(&self) -> bool {
        self.running.len() < self.size
    }

    /// Where outcomes are counted.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Takes a request in; from the next pass on it is one of the others. One that cannot begin is told why.
    pub fn join(&mut self, request: BatchRequest) {
        if !request.is_awaited(Instant::now()) {
            return request.give_up(&self.figures);
        }
        let capacity = request.prompt.len() + request.options.max_tokens;
        let started = self
            .llama
            .start(&request.prompt, request.options.clone(), capacity);
        match started {
            Ok(sequence) => self.running.push(Running {
                request,
                sequence,
                text: String::new(),
                first_token: None,
            }),
            Err(error) => request.refuse(error.into(), &self.figures),
        }
        self.count();
    }

    /// Lets those go who have hung up or waited too long; their part of the cache is freed.
    pub fn sweep(&mut self) {
        let now = Instant::now();
        let gone = self
            .running
            .extract_if(.., |running| !running.request.is_awaited(now));
        for running in gone {
            running.request.give_up(&self.figures);
        }
        self.count();
    }

    /// One pass: every sequence gets its next token, or reads a part of its prompt. Those that end are answered and leave.
    pub fn pass(&mut self) {
        let begun = Instant::now();
        let shares = self.shares();
        let mut steps = Vec::new();
        for (running, &share) in self.running.iter_mut().zip(&shares) {
            if share > 0 {
                steps.push(running.sequence.step(share));
            }
        }
        let together = steps.len();
        if together == 0 {
            return;
        }
        let scores = match self.llama.model.forward(&mut steps) {
            Ok(scores) => scores,
            Err(error) => return self.fail(&error.to_string()),
        };
        // Drawing a token looks at all 49,152 scores: worth a thread for each sequence.
        let mut stepped: Vec<&mut Running> = self
            .running
            .iter_mut()
            .zip(&shares)
            .filter_map(|(running, &share)| (share > 0).then_some(running))
            .collect();
        stepped
            .par_iter_mut()
            .zip(&scores)
            .for_each(|(running, scores)| running.accept(scores));
        self.figures.pass(together, begun.elapsed());
        let ended = self
            .running
            .extract_if(.., |running| running.sequence.finish().is_some());
        for running in ended {
            if let Some(finish) = running.sequence.finish() {
                running.answer(finish, &self.figures);
            }
        }
        self.count();
    }

    /// How many tokens each sequence reads in the next pass: one where an answer grows, and of the prompts as much as is
    /// left, the oldest first. So a long prompt slows the others down, and does not stop them.
    fn shares(&self) -> Vec<usize> {
        let unread = |running: &Running| running.sequence.unread();
        let growing = self.running.iter().filter(|r| unread(r) == 1).count();
        let mut left = self.rows - growing;
        let share = |running: &Running| {
            if unread(running) == 1 {
                return 1;
            }
            let share = unread(running).min(left);
            left -= share;
            share
        };
        self.running.iter().map(share).collect()
    }

    /// The model failed: nobody in the batch gets an answer, and everybody is told.
    fn fail(&mut self, why: &str) {
        for running in self.running.drain(..) {
            let error = ServeError::Model(why.to_owned());
            running.request.refuse(error, &self.figures);
        }
        self.count();
    }

    fn count(&self) {
        let running = self.running.len().cast_signed();
        self.figures.running.set(running as i64);
    }
}
