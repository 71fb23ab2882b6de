//! What a monitor wants to know, in Prometheus' format.

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Http {
    route: String,
    status: u16,
}

/// Counters, gauges and histograms of one server. Clones share them.
#[derive(Clone)]
pub struct Figures {
    registry: Arc<Registry>,
    /// Requests that got a place.
    pub accepted: Counter,
    /// Requests that are inside, in the line or in the batch.
    pub inside: Gauge,
    /// Sequences in the batch.
    pub running: Gauge,
    outcomes: Family<Outcome, Counter>,
    rejected: Family<Reason, Counter>,
    tokens: Family<Kind, Counter>,
    http: Family<Http, Counter>,
    first_token: Histogram,
    whole: Histogram,
    pass: Histogram,
    together: Histogram,
}

impl Default for Figures {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("serving");
        let seconds = || Histogram::new(exponential_buckets(0.005, 2.0, 14));
        let figures = Self {
            accepted: Counter::default(),
            inside: Gauge::default(),
            running: Gauge::default(),
            outcomes: Family::default(),
            rejected: Family::default(),
            tokens: Family::default(),
            http: Family::default(),
            first_token: seconds(),
            whole: seconds(),
            pass: Histogram::new(exponential_buckets(0.001, 2.0, 12)),
            together: Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0]),
            registry: Arc::default(),
        };
        let f = &figures;
        registry.register("accepted", "Requests that got a place", f.accepted.clone());
        registry.register(
            "inside",
            "Requests in the line or in the batch",
            f.inside.clone(),
        );
        registry.register("running", "Sequences in the batch", f.running.clone());
        registry.register(
            "outcomes",
            "How accepted requests ended",
            f.outcomes.clone(),
        );
        registry.register("rejected", "Requests that got no place", f.rejected.clone());
        registry.register(
            "tokens",
            "Tokens that were read and drawn",
            f.tokens.clone(),
        );
        registry.register(
            "http_responses",
            "Responses by route and status",
            f.http.clone(),
        );
        registry.register(
            "first_token_seconds",
            "From the request to its first token",
            f.first_token.clone(),
        );
        registry.register(
            "request_seconds",
            "From the request to the end of its answer",
            f.whole.clone(),
        );
        registry.register("pass_seconds", "One pass over the weights", f.pass.clone());
        registry.register("pass_sequences", "Sequences in a pass", f.together.clone());
        Self {
            registry: Arc::new(registry),
            ..figures
        }
    }
}

impl Figures {
    /// Everything as text, for `GET /metrics`.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a `String` does not fail.
        let _ = text::encode(&mut out, &self.registry);
        out
    }

    /// Counts an accepted request as ended: `stop`, `length`, `cancelled`, `timeout` or `failed`.
    pub fn outcome(&self, outcome: &'static str) {
        self.outcomes.get_or_create(&Outcome { outcome }).inc();
    }

    /// Counts a request that got no place: `full`, `invalid` or `not_ready`.
    pub fn rejected(&self, reason: &'static str) {
        self.rejected.get_or_create(&Reason { reason }).inc();
    }

    /// Counts a response.
    pub fn response(&self, route: &str, status: u16) {
        let route = route.to_owned();
        self.http.get_or_create(&Http { route, status }).inc();
    }

    /// Notes a request that was answered.
    pub fn answered(&self, prompt: usize, drawn: usize, first: Duration, whole: Duration) {
        let count = |kind, tokens: usize| {
            self.tokens
                .get_or_create(&Kind { kind })
                .inc_by(tokens as u64);
        };
        count("prompt", prompt);
        count("answer", drawn);
        self.first_token.observe(first.as_secs_f64());
        self.whole.observe(whole.as_secs_f64());
    }

    /// Notes a pass of `sequences` together.
    pub fn pass(&self, sequences: usize, took: Duration) {
        self.together.observe(sequences as f64);
        self.pass.observe(took.as_secs_f64());
    }
}
