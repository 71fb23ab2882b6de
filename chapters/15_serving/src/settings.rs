//! Flags and environment.

use crate::engine::Batching;
use crate::routes::Limits;
use clap::{Parser, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Who joins a batch when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Schedule {
    /// Between two passes, whenever there is room.
    Continuous,
    /// Within a window; then the batch runs to the end of its longest answer.
    Window,
}

/// What the log looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// An object a line.
    Json,
    /// For people.
    Text,
}

/// Serves a language model over HTTP.
///
/// Each flag can be given as a variable of the environment instead; the flag wins.
#[derive(Clone, Debug, Parser)]
#[command(name = "serve", version)]
pub struct Settings {
    /// The model, a GGUF file of the Llama family [default: what `python3 workbook fetch smollm2` has fetched]
    #[arg(short, long, env = "SERVE_MODEL", value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Where to listen. Port 0 takes a free one; the log says which. 'none' for no TCP
    #[arg(short, long, env = "SERVE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = listen)]
    pub listen: Listen,
    /// A Unix socket to listen on, too; only its owner may connect
    #[arg(short, long, env = "SERVE_UNIX", value_name = "PATH")]
    pub unix: Option<PathBuf>,
    /// Sequences that go through the model together
    #[arg(short, long, env = "SERVE_BATCH_SIZE", default_value_t = 8, value_parser = at_least_1)]
    pub batch_size: usize,
    /// Who joins a batch when
    #[arg(long, env = "SERVE_SCHEDULE", value_enum, default_value_t = Schedule::Continuous)]
    pub schedule: Schedule,
    /// Milliseconds that a batch waits for others, with --schedule window
    #[arg(long, env = "SERVE_WINDOW_MS", default_value_t = 5)]
    pub window_ms: u64,
    /// Requests that may wait; one more gets 429
    #[arg(short, long, env = "SERVE_QUEUE", default_value_t = 64)]
    pub queue: usize,
    /// Tokens in a pass: one for each answer that grows, the rest for prompts
    #[arg(long, env = "SERVE_ROWS", default_value_t = 64, value_parser = at_least_1)]
    pub rows: usize,
    /// Tokens of a prompt and its answer together
    #[arg(short, long, env = "SERVE_CONTEXT", default_value_t = 2_048, value_parser = at_least_1)]
    pub context: usize,
    /// Tokens that an answer may have, whatever is asked for
    #[arg(long, env = "SERVE_MAX_TOKENS", default_value_t = 512, value_parser = at_least_1)]
    pub max_tokens: usize,
    /// Bytes that a request may have
    #[arg(long, env = "SERVE_MAX_BODY", default_value_t = 65_536, value_parser = at_least_1)]
    pub max_body: usize,
    /// Seconds that a request may take, waiting included
    #[arg(short, long, env = "SERVE_TIMEOUT", default_value = "120", value_parser = seconds, value_name = "SECONDS")]
    pub timeout: Duration,
    /// Seconds in which /ready says no before the server stops listening, so that a balancer sends nothing more
    #[arg(long, env = "SERVE_SETTLE", default_value = "0", value_parser = seconds, value_name = "SECONDS")]
    pub settle: Duration,
    /// Seconds that accepted requests have to end, after SIGTERM or Ctrl-C
    #[arg(long, env = "SERVE_DRAIN", default_value = "30", value_parser = seconds, value_name = "SECONDS")]
    pub drain: Duration,
    /// Threads that multiply [default: one a core]
    #[arg(long, env = "SERVE_THREADS", value_parser = at_least_1)]
    pub threads: Option<usize>,
    /// What the log looks like
    #[arg(long, env = "SERVE_LOG", value_enum, default_value_t = LogFormat::Json)]
    pub log: LogFormat,
    /// What is logged: error, warn, info, debug, or as `tracing` has it, `serving=debug,info`
    #[arg(
        long,
        env = "SERVE_LOG_LEVEL",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub log_level: String,
}

/// An address, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// TCP.
    At(SocketAddr),
    /// On the Unix socket alone.
    Nowhere,
}

impl Settings {
    /// What does not fit together, in a sentence.
    ///
    /// # Errors
    ///
    /// If something does not.
    pub fn check(&self) -> Result<(), String> {
        if self.rows < self.batch_size {
            return Err(format!(
                "{} tokens in a pass are too few for a batch of {}",
                self.rows, self.batch_size
            ));
        }
        if self.listen == Listen::Nowhere && self.unix.is_none() {
            return Err("nowhere to listen: give --listen an address, or --unix a path".to_owned());
        }
        if cfg!(not(unix)) && self.unix.is_some() {
            return Err("--unix needs a system with Unix sockets".to_owned());
        }
        Ok(())
    }

    /// How requests are put together.
    pub fn batching(&self) -> Batching {
        Batching {
            batch_size: self.batch_size,
            rows: self.rows,
            schedule: self.schedule,
            window_ms: self.window_ms,
            queue: self.queue,
            timeout: self.timeout,
        }
    }

    /// What a request may ask for.
    pub fn limits(&self) -> Limits {
        Limits {
            context: self.context,
            max_tokens: self.max_tokens,
            max_body: self.max_body,
            body_timeout: Duration::from_secs(10),
        }
    }
}

fn listen(text: &str) -> Result<Listen, String> {
    if text == "none" {
        return Ok(Listen::Nowhere);
    }
    match text.parse() {
        Ok(address) => Ok(Listen::At(address)),
        Err(_) => Err("an address and a port, as in 127.0.0.1:8080, or none".to_owned()),
    }
}

fn at_least_1(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("at least 1".to_owned()),
        Ok(number) => Ok(number),
        Err(error) => Err(format!("{error}")),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "a number of seconds".to_owned())?;
    // A day is more than any request or shutdown needs, and far below what a clock can add.
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err("between 0 and 86400".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Settings, String> {
        let all = ["serve"].iter().chain(arguments);
        Settings::try_parse_from(all).map_err(|error| error.to_string())
    }

    #[test]
    fn flags_are_read() {
        let settings = parsed(&["-b", "4", "--listen", "none", "-u", "/tmp/s", "-t", "1.5"]);
        let settings = settings.expect("sound flags");
        assert_eq!((settings.batch_size, settings.listen), (4, Listen::Nowhere));
        assert_eq!(settings.timeout, Duration::from_millis(1_500));
        assert_eq!(settings.check(), Ok(()));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for wrong in [
            ["-b", "0"],
            ["--listen", "8080"],
            ["-t", "nan"],
            ["-t", "-1"],
            ["--schedule", "never"],
        ] {
            assert!(parsed(&wrong).is_err(), "{wrong:?}");
        }
        let none = parsed(&["--listen", "none"]).expect("sound flags");
        assert!(none.check().expect_err("nowhere").starts_with("nowhere"));
        let few = parsed(&["-b", "8", "--rows", "7"]).expect("sound flags");
        assert!(few.check().expect_err("too few").starts_with("7 tokens"));
    }
}
