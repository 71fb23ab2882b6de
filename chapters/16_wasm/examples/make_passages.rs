//! The lessons for the page's search: `make_passages CHAPTERS FOLDER` cuts each `README.md` below CHAPTERS into passages, lets
//! chapter 7's encoder make their vectors, here and with all of its bits, and writes `passages.json` and `vectors.safetensors`.

use candle_half::encoder::SentenceEncoder;
use rust_ai_wasm::passages::passages;
use safetensors::tensor::{Dtype, TensorView, serialize_to_file};
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [chapters, folder] = &arguments[..] else {
        return Err("usage: make_passages CHAPTERS FOLDER".into());
    };
    let mut lessons: Vec<_> = std::fs::read_dir(chapters)?
        .filter_map(|entry| Some(entry.ok()?.path().join("README.md")))
        .filter(|path| path.is_file())
        .collect();
    lessons.sort();
    let mut found = Vec::new();
    for path in lessons {
        let lesson = std::fs::read_to_string(&path)?;
        let title = lesson
            .lines()
            .next()
            .unwrap_or("")
            .trim_start_matches('#')
            .trim()
            .to_owned();
        let chapter = path
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str());
        let chapter = chapter.ok_or("a chapter's folder has no name")?.to_owned();
        found.extend(
            passages(&lesson)
                .into_iter()
                .map(|passage| (chapter.clone(), title.clone(), passage)),
        );
    }
    let encoder = SentenceEncoder::load(workbook_models::fetch("minilm")?)?;
    // The heading is part of what a passage is about.
    let texts: Vec<String> = found
        .iter()
        .map(|(_, title, p)| format!("{title}: {}. {}", p.heading, p.text))
        .collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rows = encoder.encode(&texts)?;
    let columns = rows.first().map_or(0, Vec::len);
    let numbers: Vec<f32> = rows.concat();
    let view = TensorView::new(
        Dtype::F32,
        vec![rows.len(), columns],
        bytemuck::cast_slice(&numbers),
    )?;
    serialize_to_file(
        [("vectors", view)],
        None,
        &Path::new(folder).join("vectors.safetensors"),
    )?;
    let listed: Vec<_> = found
        .iter()
        .map(|(chapter, title, p)| {
            serde_json::json!({
                "href": format!("{chapter}/index.html#{}", p.anchor),
                "title": title,
                "heading": p.heading,
                "text": p.text,
            })
        })
        .collect();
    std::fs::write(
        Path::new(folder).join("passages.json"),
        serde_json::to_vec(&listed)?,
    )?;
    println!("{} passages of {} numbers", rows.len(), columns);
    Ok(())
}
