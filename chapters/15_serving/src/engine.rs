//! The way from a handler to the batch and back.

use crate::batch::{Answer, Batch, BatchRequest};
use crate::continuous::continuous_worker;
use crate::error::ServeError;
use crate::figures::Figures;
use crate::gate::Gate;
use crate::settings::Schedule;
use crate::window::batch_inference_worker;
use llama::{Llama, Options};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// How requests are put together.
#[derive(Clone, Debug)]
pub struct Batching {
    /// Sequences in a pass at most.
    pub batch_size: usize,
    /// Tokens in a pass at most, those of prompts included.
    pub rows: usize,
    /// Who joins when.
    pub schedule: Schedule,
    /// Milliseconds that a batch waits for others, where the schedule is [`Schedule::Window`].
    pub window_ms: u64,
    /// Requests that may wait besides those in the batch.
    pub queue: usize,
    /// How long a request may take in all.
    pub timeout: Duration,
}

/// A model that answers, on a thread of its own.
pub struct Engine {
    /// The model and its vocabulary.
    pub llama: Arc<Llama>,
    tx: mpsc::Sender<BatchRequest>,
    gate: Gate,
    next_id: AtomicU64,
    batching: Batching,
    figures: Figures,
    /// Milliseconds that answers took lately.
    pace: Arc<AtomicU64>,
}

impl Engine {
    /// Starts the thread. It ends when the engine is dropped and everything that was accepted is answered.
    ///
    /// # Errors
    ///
    /// If the system gives no thread or no clock.
    pub fn start(
        llama: Arc<Llama>,
        batching: Batching,
        figures: Figures,
    ) -> io::Result<(Self, JoinHandle<()>)> {
        let (engine, rx) = Self::without_worker(llama, batching, figures);
        let mut batch = Batch::new(
            Arc::clone(&engine.llama),
            engine.batching.batch_size,
            engine.batching.rows,
            engine.figures.clone(),
        );
        let Batching {
            schedule,
            batch_size,
            window_ms,
            ..
        } = engine.batching;
        // A clock and nothing else: the passes block it.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        let work = move || match schedule {
            Schedule::Continuous => continuous_worker(rx, &mut batch),
            Schedule::Window => runtime.block_on(batch_inference_worker(
                rx, batch_size, window_ms, &mut batch,
            )),
        };
        let thread = Builder::new().name("batch".to_owned()).spawn(work)?;
        Ok((engine, thread))
    }

    /// An engine whose requests wait until somebody takes them out of the channel: for tests, and for a worker of one's own.
    pub fn without_worker(
        llama: Arc<Llama>,
        batching: Batching,
        figures: Figures,
    ) -> (Self, mpsc::Receiver<BatchRequest>) {
        let places = batching.batch_size + batching.queue;
        let (tx, rx) = mpsc::channel(places);
        let engine = Self {
            llama,
            tx,
            gate: Gate::new(places),
            next_id: AtomicU64::new(1),
            batching,
            figures,
            pace: Arc::default(),
        };
        (engine, rx)
    }

    /// Hands a request over. It is accepted when this returns `Ok`, and then it will be answered, or somebody hangs up.
    ///
    /// # Errors
    ///
    /// If all places are taken, or the worker is gone.
    pub fn submit(
        &self,
        prompt: Vec<u32>,
        options: Options,
        stream: bool,
    ) -> Result<Ticket, ServeError> {
        let place = self.gate.enter().map_err(|_| self.full())?;
        let channel = self.tx.try_reserve().map_err(|error| match error {
            // There are as many places in the channel; those who hung up in the last milliseconds may still take some.
            mpsc::error::TrySendError::Full(()) => self.full(),
            mpsc::error::TrySendError::Closed(()) => dead(),
        })?;
        let (response_tx, answer) = oneshot::channel();
        let (text_tx, text) = mpsc::unbounded_channel();
        let arrived = Instant::now();
        let request = BatchRequest {
            id: self.next_id.fetch_add(1, Ordering::Relaxed),
            prompt,
            options,
            arrived,
            deadline: arrived + self.batching.timeout,
            text_tx: stream.then_some(text_tx),
            response_tx,
            place,
            span: tracing::Span::current(),
        };
        let ticket = Ticket {
            id: request.id,
            text: stream.then_some(text),
            answer,
            pace: Arc::clone(&self.pace),
        };
        self.figures.accepted.inc();
        channel.send(request);
        Ok(ticket)
    }

    /// Whether the worker is there.
    pub fn is_alive(&self) -> bool {
        !self.tx.is_closed()
    }

    /// How many requests are inside.
    pub fn inside(&self) -> usize {
        self.gate.inside()
    }

    /// What a client is told that found no place: to come back when about one batch of those inside is answered.
    fn full(&self) -> ServeError {
        let seconds = self.pace.load(Ordering::Relaxed).div_ceil(1_000);
        ServeError::Full {
            places: self.batching.batch_size + self.batching.queue,
            retry_after: seconds.clamp(1, 60),
        }
    }
}

/// The client's end of an accepted request. Dropping it is hanging up.
pub struct Ticket {
    /// The request's number.
    pub id: u64,
    /// The text as it grows, if that was asked for; it ends when the answer is there.
    pub text: Option<mpsc::UnboundedReceiver<String>>,
    answer: oneshot::Receiver<Result<Answer, ServeError>>,
    pace: Arc<AtomicU64>,
}

impl Ticket {
    /// Waits for the whole answer.
    ///
    /// # Errors
    ///
    /// What the request failed with.
    pub async fn answer(self) -> Result<Answer, ServeError> {
        // The worker answers everybody; if it dropped the other end instead, it has panicked.
        let answer = self.answer.await.map_err(|_| dead())??;
        let ms = answer.latency.as_millis() as u64;
        // A mean that forgets: an eighth of it is the newest answer. Two at once may lose one of them, and it is a mean.
        let before = self.pace.load(Ordering::Relaxed);
        let after = if before == 0 {
            ms
        } else {
            before - before / 8 + ms / 8
        };
        self.pace.store(after, Ordering::Relaxed);
        Ok(answer)
    }
}

fn dead() -> ServeError {
    ServeError::Model("its thread has ended".to_owned())
}
