//! `chat`: a conversation with a language model, in a terminal, on this machine.
//!
//! ```console
//! chat                                        # a conversation; /help says what there is
//! echo "What is a monad?" | chat              # one answer
//! chat --json -p "What is 2 + 2?"             # one answer, for a program
//! ```

use llama::{Error, Finish, Generation, Llama, Message, Options, Session, Timing};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

const HELP: &str = "\
A conversation with a language model, on this machine.

Usage: chat [OPTIONS]

With a terminal, a conversation; with input from a pipe, or with -p, one answer.

  -m, --model FILE        a GGUF file of the Llama family (default: SmolLM2, from 'python3 workbook fetch smollm2')
  -p, --prompt TEXT       answer this, then end
  -s, --system TEXT       the system prompt
  -n, --max-tokens N      tokens of an answer, at most (512)
  -c, --context N         tokens of the whole conversation, at most (2048, or what the model has)
  -t, --threads N         threads (one a core)
      --temperature X     0 takes the likeliest token each time (0.2)
      --top-k N           draw among the N likeliest; 0 is no limit (0)
      --top-p X           draw among the likeliest that together have X (0.9)
      --min-p X           draw only what has X of the likeliest one's probability (0)
      --repetition-penalty X
                          what was said becomes less likely by X (1)
      --seed N            the same seed, the same answer (0)
      --stop TEXT         end the answer before TEXT; may be given again
      --load FILE         go on with a conversation that was saved
      --json              print one JSON object an answer
      --raw               continue the prompt as it is, without the model's chat template
  -h, --help              print this

In a conversation: /reset begins anew, /save FILE saves it, /system TEXT changes the system prompt and begins anew,
/help, /quit. Ctrl-C stops an answer; at the prompt, twice, it ends the program.";

/// What the command line said.
struct Arguments {
    model: Option<PathBuf>,
    prompt: Option<String>,
    system: Option<String>,
    options: Options,
    context: Option<usize>,
    threads: Option<usize>,
    load: Option<PathBuf>,
    json: bool,
    raw: bool,
}

/// Why the program cannot go on: a wrong call, or something that failed.
enum Failure {
    Usage(String),
    Other(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error.to_string())
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

fn arguments() -> Result<Option<Arguments>, Failure> {
    use lexopt::prelude::*;
    let mut a = Arguments {
        model: None,
        prompt: None,
        system: None,
        options: Options::default(),
        context: None,
        threads: None,
        load: None,
        json: false,
        raw: false,
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        let sampling = &mut a.options.sampling;
        match argument {
            Short('m') | Long("model") => a.model = Some(parser.value()?.into()),
            Short('p') | Long("prompt") => a.prompt = Some(parser.value()?.string()?),
            Short('s') | Long("system") => a.system = Some(parser.value()?.string()?),
            Short('n') | Long("max-tokens") => a.options.max_tokens = parser.value()?.parse()?,
            Short('c') | Long("context") => a.context = Some(parser.value()?.parse()?),
            Short('t') | Long("threads") => a.threads = Some(parser.value()?.parse()?),
            Long("temperature") => sampling.temperature = parser.value()?.parse()?,
            Long("top-k") => sampling.top_k = parser.value()?.parse()?,
            Long("top-p") => sampling.top_p = parser.value()?.parse()?,
            Long("min-p") => sampling.min_p = parser.value()?.parse()?,
            Long("repetition-penalty") => sampling.repetition_penalty = parser.value()?.parse()?,
            Long("seed") => sampling.seed = parser.value()?.parse()?,
            Long("stop") => a.options.stop.push(parser.value()?.string()?),
            Long("load") => a.load = Some(parser.value()?.into()),
            Long("json") => a.json = true,
            Long("raw") => a.raw = true,
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    let sound = a.options.sampling.check();
    sound.map_err(|error| Failure::Usage(error.to_string()))?;
    if a.options.max_tokens == 0 {
        return Err(Failure::Usage("an answer of 0 tokens".to_owned()));
    }
    Ok(Some(a))
}

/// Set by Ctrl-C, taken by whoever is at work.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// Whether an answer is being written. At the prompt, Ctrl-C has nothing to stop.
static ANSWERING: AtomicBool = AtomicBool::new(false);

fn listen_for_ctrl_c(interactive: bool) -> Result<(), Failure> {
    let heard = move || {
        let again = INTERRUPTED.swap(true, Relaxed);
        if !ANSWERING.load(Relaxed) || again {
            if again || !interactive {
                std::process::exit(130);
            }
            eprintln!("\n(Ctrl-C once more, Ctrl-D or /quit ends the program.)");
        }
    };
    ctrlc::set_handler(heard)
        .map_err(|error| Failure::Other(format!("Ctrl-C cannot be heard: {error}")))
}

/// A conversation as it is saved.
#[derive(Default, Serialize, Deserialize)]
struct Conversation {
    messages: Vec<Message>,
}

/// One answer, for a program.
#[derive(Serialize)]
struct Answer<'a> {
    text: &'a str,
    finish_reason: &'a str,
    prompt_tokens: usize,
    completion_tokens: usize,
    first_token_ms: f64,
    tokens_per_second: f64,
    /// From the start of the program.
    start_to_first_token_ms: f64,
}

struct Chat {
    llama: Arc<Llama>,
    session: Option<Session>,
    conversation: Conversation,
    arguments: Arguments,
    context: usize,
    begun: Instant,
}

/// What came of an answer.
struct Done {
    text: String,
    finish: &'static str,
    prompt: usize,
    produced: usize,
    timing: Timing,
    first_seen: f64,
}

impl Chat {
    /// Answers the last message, or continues `raw`. Text goes to the screen as it comes, if `shown`.
    fn answer(&mut self, raw: Option<&str>, shown: bool) -> Result<Done, Error> {
        let tokens = match raw {
            Some(text) => self.llama.prompt(text),
            None => self.llama.chat(&self.conversation.messages)?,
        };
        let prompt = tokens.len();
        // The session comes out for the time of the answer. If it fails, the next answer reads everything again.
        let session = match self.session.take() {
            Some(session) => session,
            None => self.llama.model.session(self.context)?,
        };
        let mut answer = Generation::new(self.llama.resume(
            session,
            &tokens,
            self.arguments.options.clone(),
        )?);
        let mut text = String::new();
        let mut first_seen = None;
        let mut out = io::stdout().lock();
        INTERRUPTED.store(false, Relaxed);
        ANSWERING.store(true, Relaxed);
        while let Some(piece) = answer.next() {
            let piece = piece?;
            if first_seen.is_none() && !answer.sequence().produced().is_empty() {
                first_seen = Some(self.begun.elapsed().as_secs_f64() * 1e3);
            }
            text.push_str(&piece);
            // A reader that has gone is a reason to end, and no error.
            if shown && write!(out, "{piece}").and_then(|()| out.flush()).is_err() {
                break;
            }
            if INTERRUPTED.load(Relaxed) {
                break;
            }
        }
        ANSWERING.store(false, Relaxed);
        let finish = if INTERRUPTED.swap(false, Relaxed) {
            "interrupted"
        } else {
            answer.sequence().finish().map_or("closed", Finish::name)
        };
        let produced = answer.sequence().produced().len();
        let timing = answer.timing();
        self.session = Some(answer.into_session());
        Ok(Done {
            text,
            finish,
            prompt,
            produced,
            timing,
            first_seen: first_seen.unwrap_or_default(),
        })
    }

    fn print_json(done: &Done) {
        let answer = Answer {
            text: &done.text,
            finish_reason: done.finish,
            prompt_tokens: done.prompt,
            completion_tokens: done.produced,
            first_token_ms: done.timing.first.as_secs_f64() * 1e3,
            tokens_per_second: done.timing.decode(),
            start_to_first_token_ms: done.first_seen,
        };
        println!("{}", serde_json::to_string(&answer).expect("plain fields"));
    }

    /// One prompt, one answer.
    fn once(&mut self, prompt: String) -> Result<(), Failure> {
        let json = self.arguments.json;
        let done = if self.arguments.raw {
            self.answer(Some(&prompt), !json)?
        } else {
            self.conversation
                .messages
                .push(Message::new("user", prompt));
            self.answer(None, !json)?
        };
        if json {
            Self::print_json(&done);
        } else {
            let _ = writeln!(io::stdout());
        }
        Ok(())
    }

    /// Until somebody leaves.
    fn converse(&mut self) -> Result<(), Failure> {
        let c = self.llama.model.config();
        eprintln!(
            "{} layers, {} MB of weights, a context of {} tokens. /help says what there is.",
            c.layers,
            self.llama.model.bytes() / 1_000_000,
            self.context
        );
        let mut lines = io::stdin().lock();
        loop {
            eprint!("> ");
            let mut line = String::new();
            match lines.read_line(&mut line) {
                Ok(0) => {
                    eprintln!();
                    return Ok(());
                }
                Ok(_) => INTERRUPTED.store(false, Relaxed),
                Err(error) => {
                    eprintln!("this line is no text: {error}");
                    continue;
                }
            }
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            if let Some(command) = line.strip_prefix('/') {
                if !self.command(command) {
                    return Ok(());
                }
                continue;
            }
            self.turn(line);
        }
    }

    fn turn(&mut self, said: &str) {
        self.conversation.messages.push(Message::new("user", said));
        match self.answer(None, !self.arguments.json) {
            Ok(done) => {
                if self.arguments.json {
                    Self::print_json(&done);
                } else {
                    println!();
                    eprintln!(
                        "[{}: {} tokens, {:.0} a second; first after {:.0} ms]",
                        done.finish,
                        done.produced,
                        done.timing.decode(),
                        done.timing.first.as_secs_f64() * 1e3
                    );
                }
                self.conversation
                    .messages
                    .push(Message::new("assistant", done.text));
            }
            Err(error) => {
                self.conversation.messages.pop();
                eprintln!("{error}");
                if matches!(error, Error::ContextFull { .. }) {
                    eprintln!("/reset begins a new conversation; --context allows a longer one.");
                }
            }
        }
    }

    /// Whether the conversation goes on.
    fn command(&mut self, command: &str) -> bool {
        let (name, rest) = command
            .split_once(char::is_whitespace)
            .unwrap_or((command, ""));
        match name {
            "quit" | "exit" => return false,
            "help" => {
                eprintln!("/reset  /save FILE  /system TEXT  /quit   (Ctrl-C stops an answer.)");
            }
            "reset" => self.reset(),
            "system" => {
                self.arguments.system =
                    Some(rest.trim().to_owned()).filter(|text| !text.is_empty());
                self.reset();
            }
            "save" if rest.trim().is_empty() => eprintln!("/save FILE: which file?"),
            "save" => match self.save(Path::new(rest.trim())) {
                Ok(()) => eprintln!("saved; 'chat --load {}' goes on with it.", rest.trim()),
                Err(error) => eprintln!("cannot write {}: {error}", rest.trim()),
            },
            other => eprintln!("there is no /{other}; /help says what there is."),
        }
        true
    }

    /// A new conversation. The session stays: what the new one has in common with the old one is not read again.
    fn reset(&mut self) {
        self.conversation.messages = system(self.arguments.system.as_deref());
        eprintln!("a new conversation.");
    }

    fn save(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(&self.conversation)?;
        std::fs::write(path, text + "\n")
    }
}

fn system(prompt: Option<&str>) -> Vec<Message> {
    prompt
        .map(|text| Message::new("system", text))
        .into_iter()
        .collect()
}

fn run() -> Result<(), Failure> {
    let begun = Instant::now();
    let Some(mut arguments) = arguments()? else {
        println!("{HELP}");
        return Ok(());
    };
    if let Some(threads) = arguments.threads {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global();
        pool.map_err(|error| Failure::Other(format!("no {threads} threads: {error}")))?;
    }
    let mut conversation = Conversation {
        messages: system(arguments.system.as_deref()),
    };
    if let Some(path) = &arguments.load {
        let cannot =
            |error: String| Failure::Other(format!("cannot load {}: {error}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| cannot(error.to_string()))?;
        conversation = serde_json::from_str(&text).map_err(|error| cannot(error.to_string()))?;
    }
    // Before the model is loaded: who waits for input should not wait for both, and an empty one needs no model.
    let prompt = match arguments.prompt.take() {
        None if !io::stdin().is_terminal() => {
            let mut text = String::new();
            io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| Failure::Other(format!("the input: {error}")))?;
            Some(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        given => given,
    };
    if prompt.as_deref().is_some_and(|text| text.trim().is_empty()) {
        return Err(Failure::Usage("the prompt is empty".to_owned()));
    }
    let path = match arguments.model.take() {
        Some(path) => path,
        None => llama::models::smollm2()?,
    };
    let llama = Arc::new(Llama::open(&path)?);
    let context = arguments
        .context
        .unwrap_or(llama.model.config().context.min(2_048));
    listen_for_ctrl_c(prompt.is_none())?;
    let mut chat = Chat {
        llama,
        session: None,
        conversation,
        arguments,
        context,
        begun,
    };
    match prompt {
        Some(prompt) => chat.once(prompt),
        None => chat.converse(),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(message)) => {
            eprintln!("chat: {message}\n'chat --help' says what it takes.");
            ExitCode::from(2)
        }
        Err(Failure::Other(message)) => {
            eprintln!("chat: {message}");
            ExitCode::FAILURE
        }
    }
}
