//! Chapter 13's tokenizer, for Python.

use crate::functions::{threads, until_ctrl_c};
use crate::storage::named;
use numpy::ndarray::ArrayView1;
use numpy::{
    IntoPyArray, PyArray1, PyArrayDescrMethods, PyArrayMethods, PyReadonlyArray1, PyUntypedArray,
    PyUntypedArrayMethods,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{IntoPyDict, PyBytes, PyDict, PyString, PyType};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use tokenizer::{Allowed, Split, TokenizerError};

type Ids<'py> = Bound<'py, PyArray1<u32>>;

/// A byte-level BPE tokenizer, as chapter 13 writes it.
///
/// Make one with `Tokenizer.train`, `Tokenizer.load`, `Tokenizer.from_gguf` or `Tokenizer.from_tiktoken`. It cannot be changed,
/// so threads may share it; it can be pickled. All calls let other Python threads run while Rust works.
///
/// >>> texts = "the cat and the hat", "the bat"
/// >>> tokenizer = Tokenizer.train(texts, 260)
/// >>> ids = tokenizer.encode("the hat")
/// >>> tokenizer.decode(ids)
/// 'the hat'
#[pyclass(frozen, module = "rust_ai_tools", name = "Tokenizer")]
pub struct PyTokenizer(tokenizer::Tokenizer);

fn fault(error: TokenizerError) -> PyErr {
    match error {
        TokenizerError::Io { path, error } => named(&path, &error),
        error => PyValueError::new_err(error.to_string()),
    }
}

fn rule(name: &str) -> PyResult<Split> {
    Split::by_name(name).ok_or_else(|| {
        let names = Split::ALL.map(Split::name).join(", ");
        PyValueError::new_err(format!("no split '{name}'; there are {names}"))
    })
}

/// Which special tokens a text may contain: `"none"`, `"all"`, or texts of some.
enum Special {
    None,
    All,
    Only(Vec<String>),
}

impl<'py> FromPyObject<'_, 'py> for Special {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(word) = given.cast::<PyString>() {
            return match word.to_str()? {
                "none" => Ok(Self::None),
                "all" => Ok(Self::All),
                other => Err(PyValueError::new_err(format!(
                    "allowed_special must be 'none', 'all', or a collection of special tokens, not '{other}'"
                ))),
            };
        }
        let names = given.try_iter()?.map(|name| name?.extract());
        Ok(Self::Only(names.collect::<PyResult<_>>()?))
    }
}

impl Special {
    /// Calls `work` with the same, as the tokenizer wants it.
    fn with<T>(&self, work: impl FnOnce(Allowed<'_>) -> T) -> T {
        match self {
            Self::None => work(Allowed::None),
            Self::All => work(Allowed::All),
            Self::Only(names) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                work(Allowed::Only(&names))
            }
        }
    }
}

#[pymethods]
impl PyTokenizer {
    /// Learns a vocabulary of `vocab_size` tokens from a list of texts.
    ///
    /// Ids 0 to 255 are the bytes; each further one is a merge of the most frequent pair of neighbours, and of equally frequent
    /// ones of the pair with the smaller ids. It stops early when no pair is left that stands somewhere twice. `split` says
    /// where a text is cut before anything is merged: "gpt2", "gpt4", "llama3", "qwen2", "smollm", or "whole" for nowhere.
    /// `special_tokens` get the ids after the last one. Ctrl-C ends it.
    ///
    /// Raises `ValueError` for fewer than 256 tokens, an unknown split, or a special token that is empty or there twice.
    #[classmethod]
    #[pyo3(signature = (texts, vocab_size, *, split = "gpt4", special_tokens = Vec::new()))]
    #[allow(clippy::needless_pass_by_value)] // Converted from Python's lists; there is nothing to borrow from.
    fn train(
        _: &Bound<'_, PyType>,
        py: Python<'_>,
        texts: Vec<PyBackedStr>,
        vocab_size: usize,
        split: &str,
        special_tokens: Vec<String>,
    ) -> PyResult<Self> {
        let (pool, split) = (threads()?, rule(split)?);
        let specials: Vec<&str> = special_tokens.iter().map(String::as_str).collect();
        let trained = py.detach(|| {
            until_ctrl_c(|go_on| {
                pool.install(|| tokenizer::Tokenizer::train_while(&texts, vocab_size, split, go_on))
            })
        })?;
        trained
            .and_then(|trained| trained.with_specials(&specials))
            .map(Self)
            .map_err(fault)
    }

    /// Reads a `tokenizer.json`: one that `save` wrote, or a model's from Hugging Face.
    ///
    /// Raises `OSError` if the file cannot be read, `ValueError` if it is broken, or holds something else than a byte-level BPE
    /// that is cut by one of the known rules.
    #[classmethod]
    #[allow(clippy::needless_pass_by_value)] // Python's path becomes a `PathBuf`.
    fn load(_: &Bound<'_, PyType>, py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| tokenizer::Tokenizer::load(&path))
            .map(Self)
            .map_err(fault)
    }

    /// Reads the tokenizer inside a GGUF file, and none of its weights.
    ///
    /// Raises `OSError` if the file cannot be read, `ValueError` if it is broken, or its tokenizer is no byte-level BPE.
    #[classmethod]
    #[allow(clippy::needless_pass_by_value)] // As in `load`.
    fn from_gguf(_: &Bound<'_, PyType>, py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        py.detach(|| tokenizer::Tokenizer::load_gguf(&path))
            .map(Self)
            .map_err(fault)
    }

    /// Reads a file of tiktoken's, such as `cl100k_base.tiktoken`. Split and special tokens, with their ids, are not in it.
    ///
    /// Raises `OSError` if the file cannot be read, `ValueError` if it is broken.
    #[classmethod]
    #[pyo3(signature = (path, *, split = "gpt4", special_tokens = HashMap::new()))]
    #[allow(clippy::needless_pass_by_value)] // As in `load`.
    fn from_tiktoken(
        _: &Bound<'_, PyType>,
        py: Python<'_>,
        path: PathBuf,
        split: &str,
        special_tokens: HashMap<String, u32>,
    ) -> PyResult<Self> {
        let split = rule(split)?;
        let mut specials: Vec<(&str, u32)> = special_tokens
            .iter()
            .map(|(text, &id)| (&text[..], id))
            .collect();
        specials.sort_unstable_by_key(|&(_, id)| id);
        py.detach(|| tokenizer::Tokenizer::load_tiktoken(&path, split, &specials))
            .map(Self)
            .map_err(fault)
    }

    /// Writes a `tokenizer.json` that `load` and Hugging Face's `tokenizers` read. The file takes its name when it is whole.
    ///
    /// Raises `OSError` if it cannot be written.
    #[allow(clippy::needless_pass_by_value)] // As in `load`.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.0.save(&path)).map_err(fault)
    }

    /// The ids of a text, as an array of `uint32`.
    ///
    /// `text` may be `bytes`, too: what is UTF-8 in them is text, and everything has ids and comes back. `allowed_special`
    /// names the special tokens that may stand in the text: "none", so that nobody can type one, "all", or a collection of
    /// them. Others, and what nobody knows, are text.
    ///
    /// Raises `ValueError` for a special token that this tokenizer does not have, `UnicodeEncodeError` for half a surrogate pair.
    #[pyo3(signature = (text, *, allowed_special = Special::None), text_signature = "(self, text, *, allowed_special='none')")]
    #[allow(clippy::needless_pass_by_value)] // Made for this call.
    fn encode<'py>(
        &self,
        py: Python<'py>,
        text: &Bound<'py, PyAny>,
        allowed_special: Special,
    ) -> PyResult<Ids<'py>> {
        if let Ok(bytes) = text.cast::<PyBytes>() {
            let bytes = bytes.as_bytes();
            if !matches!(allowed_special, Special::None) {
                return Err(PyValueError::new_err(
                    "special tokens are texts; decode the bytes to allow some",
                ));
            }
            return Ok(py.detach(|| self.0.encode_bytes(bytes)).into_pyarray(py));
        }
        let Ok(text) = text.cast::<PyString>() else {
            let kind = text.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "text must be str or bytes, not {kind}"
            )));
        };
        let text = text.to_str()?;
        let ids = py.detach(|| allowed_special.with(|allowed| self.0.encode_with(text, allowed)));
        Ok(ids.map_err(fault)?.into_pyarray(py))
    }

    /// The ids of each of a list of texts, as a list of arrays, computed on all cores. See `encode`.
    #[pyo3(signature = (texts, *, allowed_special = Special::None), text_signature = "(self, texts, *, allowed_special='none')")]
    #[allow(clippy::needless_pass_by_value)] // Made for this call.
    fn encode_batch<'py>(
        &self,
        py: Python<'py>,
        texts: Vec<PyBackedStr>,
        allowed_special: Special,
    ) -> PyResult<Vec<Ids<'py>>> {
        let pool = threads()?;
        let encoded: Result<Vec<Vec<u32>>, TokenizerError> = py.detach(|| {
            allowed_special.with(|allowed| {
                let each = |text: &PyBackedStr| self.0.encode_with(text, allowed);
                pool.install(|| texts.par_iter().map(each).collect())
            })
        });
        let arrays = encoded.map_err(fault)?.into_iter();
        Ok(arrays.map(|ids| ids.into_pyarray(py)).collect())
    }

    /// The text of ids, which may be a list or an array of integers. What is no text becomes `�`.
    ///
    /// Raises `ValueError` for an id that no token has.
    ///
    /// >>> Tokenizer.train([], 256).decode([104, 105])
    /// 'hi'
    fn decode(&self, py: Python<'_>, ids: &Bound<'_, PyAny>) -> PyResult<String> {
        with_ids(ids, |ids| py.detach(|| self.0.decode(ids)).map_err(fault))
    }

    /// The bytes of ids, exactly. See `decode`.
    fn decode_bytes<'py>(
        &self,
        py: Python<'py>,
        ids: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = with_ids(ids, |ids| {
            py.detach(|| self.0.decode_bytes(ids)).map_err(fault)
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// How many ids there are, special ones included.
    #[getter]
    fn vocab_size(&self) -> usize {
        self.0.vocabulary_size()
    }

    /// The name of the rule that cuts texts.
    #[getter]
    fn split(&self) -> &'static str {
        self.0.split().name()
    }

    /// The regular expression that cuts where `split` cuts, for tiktoken or the package `regex`.
    #[getter]
    fn pattern(&self) -> &'static str {
        self.0.split().regex()
    }

    /// The special tokens, and their ids, in the order of the ids.
    #[getter]
    fn special_tokens<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.0.specials().into_py_dict(py)
    }

    /// The tokens' bytes and their ids, without special ones: tiktoken's `mergeable_ranks`.
    #[getter]
    fn mergeable_ranks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let ranks = PyDict::new(py);
        let specials: HashSet<u32> = self.0.specials().into_iter().map(|(_, id)| id).collect();
        for id in 0..self.0.vocabulary_size() as u32 {
            if let Some(token) = self.0.token(id)
                && !specials.contains(&id)
            {
                ranks.set_item(PyBytes::new(py, token), id)?;
            }
        }
        Ok(ranks)
    }

    /// The merges in the order in which they were learned, as pairs of ids.
    #[getter]
    fn merges(&self) -> Vec<(u32, u32)> {
        self.0.merges().to_vec()
    }

    /// The bytes that no token stands for, and that are left out of a text: none, unless the vocabulary was read from a file.
    #[getter]
    fn missing_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.missing_bytes())
    }

    /// The bytes of one token.
    ///
    /// Raises `ValueError` for an id that no token has.
    fn token<'py>(&self, py: Python<'py>, id: u32) -> PyResult<Bound<'py, PyBytes>> {
        let token = self.0.token(id).ok_or(TokenizerError::UnknownId(id));
        Ok(PyBytes::new(py, token.map_err(fault)?))
    }

    /// For `pickle`.
    #[classmethod]
    fn _restore(_: &Bound<'_, PyType>, py: Python<'_>, json: &str) -> PyResult<Self> {
        py.detach(|| tokenizer::Tokenizer::from_json(json))
            .map(Self)
            .map_err(fault)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        let json = slf.get().0.to_json();
        Ok((slf.get_type().getattr("_restore")?, (json,)))
    }

    fn __len__(&self) -> usize {
        self.0.vocabulary_size()
    }

    fn __repr__(&self) -> String {
        let (size, split) = (self.0.vocabulary_size(), self.split());
        format!("<Tokenizer: {size} tokens, split as {split}>")
    }
}

/// Calls `work` with the ids in an array or a list; an array of `uint32` is read where it is.
fn with_ids<T>(given: &Bound<'_, PyAny>, work: impl FnOnce(&[u32]) -> PyResult<T>) -> PyResult<T> {
    if let Ok(ids) = given.extract::<PyReadonlyArray1<'_, u32>>()
        && let Ok(ids) = ids.as_slice()
    {
        return work(ids);
    }
    let array = given
        .py()
        .import("numpy")?
        .getattr("asarray")?
        .call1((given,))?;
    let about = array.cast::<PyUntypedArray>()?;
    let (kind, shape) = (about.dtype().kind(), about.shape());
    if shape.len() != 1 || !(matches!(kind, b'i' | b'u') || shape == [0]) {
        return Err(PyTypeError::new_err(
            "ids must be integers, in one dimension",
        ));
    }
    let wide = array.call_method1("astype", ("int64",))?;
    let wide = wide.cast::<PyArray1<i64>>()?.try_readonly()?;
    let view: ArrayView1<'_, i64> = wide.as_array();
    let ids: PyResult<Vec<u32>> = view
        .iter()
        .map(|&id| {
            let no_token = |_| PyValueError::new_err(format!("no token has the id {id}"));
            u32::try_from(id).map_err(no_token)
        })
        .collect();
    work(&ids?)
}
