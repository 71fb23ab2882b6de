//! Where the course's real models lie on this machine: the same two places in which `python3 workbook fetch` looks.
//!
//! ```no_run
//! # fn main() -> Result<(), workbook_models::NotHere> {
//! let folder = workbook_models::fetch("minilm")?;
//! let weights = std::fs::read(folder.join("model.safetensors"));
//! # Ok(()) }
//! ```
//!
//! First where the model's variable points (`WORKBOOK_MINILM`, `WORKBOOK_SMOLLM2`), then in the user's cache, which all
//! clones share. Which package a model comes from and what its checksum is stands in `python/workbook/models.py`.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One model: what the runner's table says of it, as far as a program must know.
struct Model {
    name: &'static str,
    variable: &'static str,
    /// Its folder in the cache.
    folder: &'static str,
    /// Its files. Where there is one alone, the model is that file; otherwise, the folder.
    files: &'static [&'static str],
}

const MODELS: [Model; 2] = [
    Model {
        name: "minilm",
        variable: "WORKBOOK_MINILM",
        folder: "minilm-0.1.0",
        files: &["config.json", "model.safetensors", "tokenizer.json"],
    },
    Model {
        name: "smollm2",
        variable: "WORKBOOK_SMOLLM2",
        folder: "smollm2-0.1.2",
        files: &["SmolLM2-135M-Instruct.Q4_1.gguf"],
    },
];

/// A model that is not on this machine; the message says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotHere(String);

impl fmt::Display for NotHere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotHere {}

/// Where a model lies: for `minilm` a folder with `config.json`, `model.safetensors` and `tokenizer.json`, for `smollm2`
/// a GGUF file.
///
/// # Errors
///
/// If it is not on this machine, if its variable points to something else, or if there is no model of that name.
pub fn path(name: &str) -> Result<PathBuf, NotHere> {
    find(name, |variable| env::var_os(variable).map(PathBuf::from))
}

/// The same, after asking `python3 workbook fetch` to get the model if it is not here: 84 MB or 93 MB, once.
///
/// # Errors
///
/// As for [`path`], and if the runner cannot be started or cannot get the model: it says why on standard error.
pub fn fetch(name: &str) -> Result<PathBuf, NotHere> {
    let missing = match path(name) {
        Ok(found) => return Ok(found),
        Err(missing) => missing,
    };
    let python = if cfg!(windows) { "python" } else { "python3" };
    let launcher = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workbook");
    let status = Command::new(python)
        .arg(launcher)
        .args(["fetch", name])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => path(name),
        _ => Err(missing),
    }
}

fn find(name: &str, variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf, NotHere> {
    let Some(model) = MODELS.iter().find(|model| model.name == name) else {
        let names = MODELS.map(|model| model.name).join(", ");
        return Err(NotHere(format!(
            "there is no model '{name}'; the models are: {names}"
        )));
    };
    if let Some(named) = variable(model.variable).filter(|named| !named.as_os_str().is_empty()) {
        if model.is(&named) {
            return Ok(named);
        }
        return Err(NotHere(format!(
            "{} names {}, which is not the model '{name}'",
            model.variable,
            named.display()
        )));
    }
    let place = cache(&variable).map(|cache| model.at(&cache.join(model.folder)));
    match place {
        Some(place) if model.is(&place) => Ok(place),
        _ => Err(NotHere(format!(
            "the model '{name}' is not on this machine; `python3 workbook fetch {name}` gets it, once"
        ))),
    }
}

impl Model {
    fn at(&self, folder: &Path) -> PathBuf {
        match self.files {
            [only] => folder.join(only),
            _ => folder.to_path_buf(),
        }
    }

    fn is(&self, place: &Path) -> bool {
        match self.files {
            [_] => place.is_file(),
            files => files.iter().all(|file| place.join(file).is_file()),
        }
    }
}

/// The folder of the models: `RUST_FOR_AI_MODELS`, or in the cache that the system gives each user. As the Python package
/// `platformdirs` has it, which the runner asks.
fn cache(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|path| !path.as_os_str().is_empty());
    if let Some(named) = set("RUST_FOR_AI_MODELS") {
        return Some(named);
    }
    let course = if cfg!(windows) {
        set("LOCALAPPDATA")?.join("rust-for-ai").join("Cache")
    } else if let Some(cache) = set("XDG_CACHE_HOME").filter(|path| path.is_absolute()) {
        cache.join("rust-for-ai")
    } else if cfg!(target_os = "macos") {
        set("HOME")?.join("Library/Caches/rust-for-ai")
    } else {
        set("HOME")?.join(".cache/rust-for-ai")
    };
    Some(course.join("models"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_says_which_there_are() {
        let said = find("minilm2", |_| None).unwrap_err().to_string();
        assert_eq!(
            said,
            "there is no model 'minilm2'; the models are: minilm, smollm2"
        );
    }

    #[test]
    fn a_variable_comes_first_and_must_be_right() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let named = |path: PathBuf| {
            move |variable: &str| (variable == "WORKBOOK_SMOLLM2").then(|| path.clone())
        };
        let file = here.join("src/lib.rs");
        assert_eq!(find("smollm2", named(file.clone())), Ok(file));
        let said = find("smollm2", named(here.join("nothing"))).unwrap_err();
        assert!(
            said.to_string().contains("WORKBOOK_SMOLLM2 names"),
            "{said}"
        );
    }

    #[test]
    fn what_is_not_here_says_how_to_get_it() {
        let said = find("minilm", |_| None).unwrap_err().to_string();
        assert!(said.contains("`python3 workbook fetch minilm`"), "{said}");
    }
}
