//! The batch: what joins, what leaves, and that nobody's answer depends on the others.

mod common;

use common::{batching, figure, greedy, llama};
use llama::{Finish, Options, Sampling};
use serving::continuous::{continuous_worker, turn};
use serving::{
    Answer, Batch, BatchRequest, Batching, Engine, Figures, Schedule, ServeError, Ticket,
};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;

/// An engine whose requests this test takes out of the channel itself, one after the other.
struct Bench {
    engine: Engine,
    rx: mpsc::Receiver<BatchRequest>,
    line: VecDeque<BatchRequest>,
    batch: Batch,
    figures: Figures,
}

impl Bench {
    fn new(batching: Batching) -> Self {
        let figures = Figures::default();
        let batch = Batch::new(llama(), batching.batch_size, batching.rows, figures.clone());
        let (engine, rx) = Engine::without_worker(llama(), batching, figures.clone());
        Self {
            engine,
            rx,
            line: VecDeque::new(),
            batch,
            figures,
        }
    }

    fn submit(&mut self, text: &str, options: Options) -> Ticket {
        let prompt = self.engine.llama.prompt(text);
        let ticket = self.engine.submit(prompt, options, true).expect("a place");
        self.line
            .push_back(self.rx.try_recv().expect("it was sent"));
        ticket
    }

    fn turns(&mut self, count: usize) {
        for _ in 0..count {
            turn(&mut self.line, &mut self.batch);
        }
    }

    fn outcome(&self, outcome: &str) -> f64 {
        let name = format!("serving_outcomes_total{{outcome=\"{outcome}\"}}");
        figure(&self.figures.text(), &name)
    }
}

fn text_so_far(ticket: &mut Ticket) -> String {
    let text = ticket.text.as_mut().expect("a stream");
    std::iter::from_fn(|| text.try_recv().ok()).collect()
}

fn answer(ticket: Ticket) -> Result<Answer, ServeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(ticket.answer())
}

/// What the model says to a prompt without any server.
fn alone(text: &str, options: Options) -> String {
    let llama = llama();
    let generation = llama.generate(&llama.prompt(text), options, 200);
    let pieces = generation.expect("a start");
    pieces.map(|piece| piece.expect("a pass")).collect()
}

const PROMPTS: [&str; 7] = [
    "a",
    "Guten Tag",
    "what is a tensor, and how many numbers are in one?",
    "b",
    "zwei",
    "a longer prompt than fits into one pass of sixteen rows",
    "c",
];

fn warm(seed: u64, max_tokens: usize) -> Options {
    let sampling = Sampling {
        temperature: 0.8,
        seed,
        ..Sampling::default()
    };
    Options {
        sampling,
        max_tokens,
        ..Options::default()
    }
}

// Greedy or drawn, alone or among others that come and go: the same text, since a pass gives each sequence the same bits.
#[test]
fn an_answer_does_not_depend_on_the_others() {
    for schedule in [Schedule::Continuous, Schedule::Window] {
        for batch_size in [1, 3, 8] {
            let batching = Batching {
                batch_size,
                schedule,
                ..batching()
            };
            let (engine, worker) =
                Engine::start(llama(), batching, Figures::default()).expect("a thread");
            let submit = |(number, text): (usize, &&str)| {
                let prompt = engine.llama.prompt(text);
                loop {
                    let options = warm(number as u64, 5 + 7 * number);
                    match engine.submit(prompt.clone(), options, false) {
                        Ok(ticket) => return ticket,
                        Err(ServeError::Full { .. }) => std::thread::yield_now(),
                        Err(error) => panic!("{error}"),
                    }
                }
            };
            let tickets: Vec<_> = PROMPTS.iter().enumerate().map(submit).collect();
            for (number, (ticket, text)) in tickets.into_iter().zip(PROMPTS).enumerate() {
                let got = answer(ticket).expect("an answer");
                let want = alone(text, warm(number as u64, 5 + 7 * number));
                assert_eq!(
                    got.text, want,
                    "{schedule:?}, {batch_size} together, {text:?}"
                );
            }
            drop(engine);
            worker.join().expect("it ended well");
        }
    }
}

#[test]
fn who_arrives_joins_before_the_next_pass_and_who_is_done_leaves() {
    let mut bench = Bench::new(batching());
    let mut long = bench.submit("a", greedy(20));
    bench.turns(3);
    assert!(!text_so_far(&mut long).is_empty());
    let mut short = bench.submit("b", greedy(2));
    bench.turns(1);
    assert_eq!(bench.batch.len(), 2, "both are in");
    assert!(
        !text_so_far(&mut short).is_empty(),
        "and the new one has begun"
    );
    bench.turns(1);
    assert_eq!(bench.batch.len(), 1, "the short one has left");
    let short = answer(short).expect("an answer");
    assert_eq!((short.tokens_generated, short.finish), (2, Finish::Length));
    bench.turns(15);
    assert!(bench.batch.is_empty());
    assert_eq!(answer(long).expect("an answer").tokens_generated, 20);
    assert_eq!(bench.outcome("length"), 2.0);
}

#[test]
fn a_full_batch_lets_the_others_wait_in_order() {
    let mut bench = Bench::new(batching());
    let tickets: Vec<_> = (0..6)
        .map(|number| bench.submit("a", greedy(2 + number)))
        .collect();
    bench.turns(1);
    assert_eq!((bench.batch.len(), bench.line.len()), (4, 2));
    // The first is done after the second pass, and the second after the third, in which the fifth is in.
    bench.turns(2);
    assert_eq!((bench.batch.len(), bench.line.len()), (3, 1));
    bench.turns(20);
    for (number, ticket) in tickets.into_iter().enumerate() {
        let answer = answer(ticket).expect("an answer");
        assert_eq!(answer.tokens_generated, 2 + number);
    }
}

#[test]
fn a_long_prompt_is_read_in_parts_beside_an_answer_that_grows() {
    let mut bench = Bench::new(batching());
    let mut growing = bench.submit("a", greedy(30));
    bench.turns(1);
    let before = text_so_far(&mut growing);
    assert!(!before.is_empty());
    // 16 rows a pass, one of them for the answer: 100 bytes of prompt are 100 tokens, so seven passes.
    let mut reading = bench.submit(&"x".repeat(100), greedy(1));
    for pass in 0..6 {
        bench.turns(1);
        assert!(
            !bench.batch.is_empty() && text_so_far(&mut reading).is_empty(),
            "pass {pass}"
        );
    }
    bench.turns(1);
    assert_eq!(
        bench.outcome("length"),
        1.0,
        "the seventh pass ends the prompt"
    );
    let passes = figure(&bench.figures.text(), "serving_pass_sequences_sum");
    assert_eq!(passes, 1.0 + 7.0 * 2.0, "both were in each of the seven");
}

#[test]
fn who_hangs_up_leaves_the_batch_and_the_line() {
    let mut bench = Bench::new(Batching {
        batch_size: 1,
        queue: 3,
        ..batching()
    });
    let first = bench.submit("a", greedy(100));
    let second = bench.submit("b", greedy(100));
    let third = bench.submit("c", greedy(3));
    bench.turns(2);
    assert_eq!((bench.engine.inside(), bench.line.len()), (3, 2));
    drop(second);
    bench.turns(1);
    assert_eq!(
        (bench.engine.inside(), bench.line.len()),
        (2, 1),
        "one waits less"
    );
    drop(first);
    bench.turns(3);
    assert_eq!(answer(third).expect("an answer").tokens_generated, 3);
    assert_eq!(bench.engine.inside(), 0);
    assert_eq!(
        (bench.outcome("cancelled"), bench.outcome("length")),
        (2.0, 1.0)
    );
}

#[test]
fn who_waits_too_long_is_told_and_makes_room() {
    let mut bench = Bench::new(Batching {
        timeout: Duration::ZERO,
        ..batching()
    });
    let ticket = bench.submit("a", greedy(100));
    bench.turns(1);
    assert!(matches!(answer(ticket), Err(ServeError::Late(_))));
    assert_eq!((bench.engine.inside(), bench.batch.len()), (0, 0));
    assert_eq!(bench.outcome("timeout"), 1.0);
}

#[test]
fn all_places_taken_is_an_error_at_once() {
    let mut bench = Bench::new(Batching {
        batch_size: 1,
        queue: 1,
        ..batching()
    });
    let _inside = [bench.submit("a", greedy(1)), bench.submit("b", greedy(1))];
    let prompt = bench.engine.llama.prompt("c");
    let full = bench.engine.submit(prompt, greedy(1), false).err();
    assert!(matches!(
        full,
        Some(ServeError::Full {
            places: 2,
            retry_after: 1
        })
    ));
    bench.turns(4);
    assert_eq!(bench.engine.inside(), 0, "answered requests take no place");
}

// A reader that never reads costs the others nothing: its text has a place to wait that has no end.
#[test]
fn a_reader_that_does_not_read_stalls_nobody() {
    let mut bench = Bench::new(batching());
    let slow = bench.submit("a", greedy(60));
    let quick = bench.submit("b", greedy(60));
    bench.turns(60);
    assert!(bench.batch.is_empty());
    assert_eq!(answer(quick).expect("an answer").tokens_generated, 60);
    assert_eq!(
        answer(slow).expect("an answer").text,
        alone("a", greedy(60))
    );
}

#[test]
fn the_worker_answers_what_was_accepted_before_it_ends() {
    for schedule in [Schedule::Continuous, Schedule::Window] {
        let figures = Figures::default();
        let batching = Batching {
            batch_size: 2,
            queue: 10,
            schedule,
            ..batching()
        };
        let (engine, worker) = Engine::start(llama(), batching, figures.clone()).expect("a thread");
        let prompt = engine.llama.prompt("a");
        let tickets: Vec<_> = (0..10)
            .map(|_| {
                engine
                    .submit(prompt.clone(), greedy(9), false)
                    .expect("a place")
            })
            .collect();
        drop(engine);
        worker.join().expect("it ended well");
        for ticket in tickets {
            assert_eq!(answer(ticket).expect("an answer").tokens_generated, 9);
        }
        let text = figures.text();
        assert_eq!(figure(&text, "serving_accepted_total"), 10.0);
        assert_eq!(
            figure(&text, "serving_outcomes_total{outcome=\"length\"}"),
            10.0
        );
    }
}

#[test]
fn a_stop_sequence_ends_the_answer() {
    let whole = alone("a", greedy(40));
    let stop: String = whole.chars().skip(3).take(2).collect();
    let options = Options {
        stop: vec![stop.clone()],
        ..greedy(40)
    };
    let mut bench = Bench::new(batching());
    let ticket = bench.submit("a", options);
    bench.turns(41);
    let got = answer(ticket).expect("an answer");
    let cut = whole.find(&stop).expect("it is there");
    assert_eq!(
        (got.text.as_str(), got.finish),
        (&whole[..cut], Finish::Stop)
    );
}

// A worker of which nothing is left answers nobody, and says so.
#[test]
fn a_dead_worker_is_an_error_and_not_silence() {
    let (engine, rx) = Engine::without_worker(llama(), batching(), Figures::default());
    let ticket = engine.submit(vec![1], greedy(1), false).expect("a place");
    drop(rx);
    assert!(!engine.is_alive());
    assert!(matches!(answer(ticket), Err(ServeError::Model(_))));
    let late = engine.submit(vec![1], greedy(1), false).err();
    assert!(matches!(late, Some(ServeError::Model(_))));
    // And one that has nothing to do ends with its last sender.
    let (engine, rx) = Engine::without_worker(llama(), batching(), Figures::default());
    drop(engine);
    continuous_worker(rx, &mut Batch::new(llama(), 1, 1, Figures::default()));
}
