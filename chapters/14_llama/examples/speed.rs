//! One measurement in a fresh process: `speed ENGINE MODEL PROMPT_TOKENS DRAWN_TOKENS [SEQUENCES]`.
//!
//! ENGINE is `ours`, `plain` (ours, without vector instructions), `candle` (this chapter's version in Candle) or `stock` (Candle's own
//! `quantized_llama`; needs the feature `stock`). Prints one JSON object. `benches/peers.py` calls it, beside llama.cpp.

use llama::simd::Level;
use llama::{Gguf, Model, Session, Step, sampler::best};
use std::path::Path;
use std::time::Instant;

/// One sequence on one of the engines: reads tokens, returns the best next one.
type Read = Box<dyn FnMut(&[u32]) -> u32>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, model, prompt, drawn, ..] = &arguments[..] else {
        return Err("speed ENGINE MODEL PROMPT_TOKENS DRAWN_TOKENS [SEQUENCES]".into());
    };
    let (prompt, drawn): (usize, usize) = (prompt.parse()?, drawn.parse()?);
    let sequences: usize = arguments.get(4).map_or(Ok(1), |text| text.parse())?;
    let threads = std::thread::available_parallelism()?.get();

    let begun = Instant::now();
    let file = Gguf::open(Path::new(model))?;
    let room = prompt + drawn;
    if sequences > 1 {
        return batched(&file, prompt, drawn, sequences);
    }
    let mut read: Read = match engine.as_str() {
        "ours" | "plain" => {
            let level = if engine == "ours" {
                Level::best()
            } else {
                Level::Plain
            };
            let model = Model::load(&file)?.with_level(level);
            let mut session = model.session(room)?;
            Box::new(move |tokens| {
                let mut steps = [Step {
                    session: &mut session,
                    tokens,
                    scored: true,
                }];
                best(&model.forward(&mut steps).expect("a pass")[0])
            })
        }
        #[cfg(feature = "candle")]
        "candle" => {
            let mut model = llama::candle::CandleLlama::load(&file, room)?;
            Box::new(move |tokens| best(&model.forward(tokens).expect("a pass")))
        }
        #[cfg(feature = "stock")]
        "stock" => stock(&file)?,
        other => return Err(format!("no engine {other} in this build").into()),
    };
    let loaded = begun.elapsed();

    let tokens = tokens(prompt);
    let begun = Instant::now();
    let mut next = read(&tokens);
    let prefill = begun.elapsed();
    let mut sum = u64::from(next);
    let begun = Instant::now();
    for _ in 1..drawn {
        next = read(&[next]);
        sum = sum.wrapping_mul(31).wrapping_add(u64::from(next));
    }
    let decode = begun.elapsed();
    println!(
        "{{\"engine\": \"{engine}\", \"threads\": {threads}, \"load_ms\": {:.1}, \"prefill_ms\": {:.1}, \
         \"tokens_per_second\": {:.1}, \"peak_mb\": {}, \"sum\": {sum}}}",
        loaded.as_secs_f64() * 1e3,
        prefill.as_secs_f64() * 1e3,
        (drawn - 1) as f64 / decode.as_secs_f64(),
        peak_mb()
    );
    Ok(())
}

/// Tokens that mean nothing: the time does not depend on which they are.
fn tokens(count: usize) -> Vec<u32> {
    (0..count)
        .map(|n| (n * 7_919 % 40_000 + 100) as u32)
        .collect()
}

/// Several sequences, one token each in a pass.
fn batched(
    file: &Gguf,
    prompt: usize,
    drawn: usize,
    sequences: usize,
) -> Result<(), Box<dyn std::error::Error>> {
    let model = Model::load(file)?;
    let mut sessions: Vec<Session> = (0..sequences)
        .map(|_| model.session(prompt + drawn))
        .collect::<Result<_, _>>()?;
    let mut next = Vec::new();
    for session in &mut sessions {
        let mut steps = [Step {
            session,
            tokens: &tokens(prompt),
            scored: true,
        }];
        next.push(vec![best(&model.forward(&mut steps)?[0])]);
    }
    let begun = Instant::now();
    for _ in 1..drawn {
        let mut steps: Vec<Step> = sessions
            .iter_mut()
            .zip(&next)
            .map(|(session, tokens)| Step {
                session,
                tokens,
                scored: true,
            })
            .collect();
        let scores = model.forward(&mut steps)?;
        next = scores.iter().map(|scores| vec![best(scores)]).collect();
    }
    let each = (drawn - 1) as f64 / begun.elapsed().as_secs_f64();
    println!(
        "{{\"engine\": \"ours\", \"sequences\": {sequences}, \"tokens_per_second\": {:.1}, \"peak_mb\": {}}}",
        each * sequences as f64,
        peak_mb()
    );
    Ok(())
}

/// Candle's own model.
#[cfg(feature = "stock")]
fn stock(file: &Gguf) -> Result<Read, Box<dyn std::error::Error>> {
    use candle_core::{Device, Tensor, quantized::gguf_file::Content};
    use candle_transformers::models::quantized_llama::ModelWeights;
    let mut reader = std::io::Cursor::new((*file.bytes).as_ref());
    let content = Content::read(&mut reader)?;
    let mut model = ModelWeights::from_gguf(content, &mut reader, &Device::Cpu)?;
    let mut length = 0;
    Ok(Box::new(move |tokens| {
        let row = Tensor::new(tokens, &Device::Cpu)
            .and_then(|row| row.unsqueeze(0))
            .expect("a row");
        let scores = model
            .forward(&row, length)
            .and_then(|scores| scores.flatten_all()?.to_vec1())
            .expect("a pass");
        length += tokens.len();
        best(&scores)
    }))
}

/// The most memory that the process ever had, the used pages of the map included. 0 where the system does not say.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kb.unwrap_or(0) / 1_024
}
