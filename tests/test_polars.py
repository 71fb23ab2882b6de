"""Chapter 10 from Python: batches that cross without a copy, and the figures that pandas gives."""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbook import extension, groups

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = ROOT / "chapters" / "10_polars"
TEXTS = ["wow", "Touché!", "well worth the money"]
NUMBERS = np.arange(12, dtype=np.float32).reshape(3, 4)


@pytest.fixture(scope="session")
def arrow() -> Any:
    groups.ensure("peers")
    importlib.invalidate_caches()
    import pyarrow

    return pyarrow


@pytest.fixture(scope="session")
def polars(arrow: Any) -> Any:
    import polars

    return polars


@pytest.fixture
def batch() -> Any:
    extension.ensure()
    import rust_ai_tools

    return rust_ai_tools.create_embedding_batch(TEXTS, NUMBERS)


class TestCrossing:
    def test_pyarrow_reads_the_columns(self, arrow: Any, batch: Any) -> None:
        table = arrow.record_batch(batch)
        assert table.schema.field("text").type == arrow.string()
        assert table.schema.field("embedding").type == arrow.list_(arrow.field("item", arrow.float32(), False), 4)
        table.validate(full=True)
        assert table["text"].to_pylist() == TEXTS
        assert table["embedding"].to_pylist() == NUMBERS.tolist()

    def test_pyarrow_reads_them_where_they_are(self, arrow: Any, batch: Any) -> None:
        table = arrow.record_batch(batch)
        numbers, texts = batch.addresses
        assert table["embedding"].flatten().buffers()[1].address == numbers
        assert table["embedding"].flatten().to_numpy(zero_copy_only=True).ctypes.data == numbers
        assert table["text"].buffers()[2].address == texts

    def test_polars_reads_the_columns(self, polars: Any, batch: Any) -> None:
        frame = polars.DataFrame(batch)
        assert dict(frame.schema) == {"text": polars.String, "embedding": polars.Array(polars.Float32, 4)}
        assert frame["text"].to_list() == TEXTS
        np.testing.assert_array_equal(frame["embedding"].to_numpy(), NUMBERS)

    def test_polars_reads_the_numbers_where_they_are(self, polars: Any, batch: Any) -> None:
        numbers = polars.DataFrame(batch)["embedding"].to_numpy(allow_copy=False)
        assert numbers.ctypes.data == batch.addresses[0]

    def test_the_memory_outlives_the_batch(self, arrow: Any, batch: Any) -> None:
        extension.ensure()
        import rust_ai_tools

        other = rust_ai_tools.create_embedding_batch(TEXTS, NUMBERS)
        table = arrow.record_batch(other)
        del other
        gc.collect()
        assert table["embedding"].to_pylist() == NUMBERS.tolist()
        assert table["text"].to_pylist() == TEXTS

    def test_it_can_be_read_again_and_left_unread(self, arrow: Any, batch: Any) -> None:
        first, second = arrow.record_batch(batch), arrow.record_batch(batch)
        assert first.equals(second)
        for _ in range(100):
            batch.__arrow_c_array__()
            batch.__arrow_c_schema__()
        assert arrow.schema(batch) == first.schema

    def test_a_wish_for_another_type_changes_nothing(self, arrow: Any, batch: Any) -> None:
        wish = arrow.schema([("text", arrow.large_string()), ("embedding", arrow.list_(arrow.float32(), 4))])
        schema, _ = batch.__arrow_c_array__(wish.__arrow_c_schema__())
        assert 'arrow_schema"' in repr(schema)

    def test_what_it_says_of_itself(self, batch: Any) -> None:
        assert (len(batch), batch.dimension) == (3, 4)
        assert repr(batch) == "<EmbeddingBatch: 3 texts, embeddings of 4>"

    @pytest.mark.parametrize(
        ("texts", "embeddings", "message"),
        [
            (["a", "b"], [[1.0]], "2 texts and 1 embeddings"),
            ([], np.ones((0, 4)), "no numbers"),
            (["a"], np.ones((1, 0)), "1 texts and 0 embeddings"),
            (["a"], [1.0], "must be a table"),
        ],
    )
    def test_what_makes_no_batch(self, batch: Any, texts: Any, embeddings: Any, message: str) -> None:
        import rust_ai_tools

        with pytest.raises(ValueError, match=message):
            rust_ai_tools.create_embedding_batch(texts, embeddings)


class TestPandas:
    def test_the_stored_figures_are_those_of_pandas(self, arrow: Any) -> None:
        script = CHAPTER / "tests" / "pandas_figures.py"
        program = f"import json, runpy; print(json.dumps(runpy.run_path({str(script)!r})['figures']()))"
        answer = subprocess.run([groups.python(), "-c", program], capture_output=True, encoding="utf-8", check=True)
        stored = json.loads((CHAPTER / "tests" / "pandas.json").read_text())
        got, want = flat(json.loads(answer.stdout)), flat(stored)
        assert [x for x in got if isinstance(x, str)] == [x for x in want if isinstance(x, str)]
        numbers = [x for x in want if not isinstance(x, str)]
        assert [x for x in got if not isinstance(x, str)] == pytest.approx(numbers, rel=1e-9, abs=1e-12)
        # The checks of two exercises quote them.
        quoted = (CHAPTER / "checks" / "training_set.rs").read_text().replace("_", "")
        for key in ("rows", "characters"):
            assert str(stored["lesson"][key]) in quoted
        for key in ("first", "last"):
            assert f"{stored['training_set'][key]:.6f}" in quoted
        quoted = (CHAPTER / "checks" / "normalise_scores.rs").read_text().replace("_", "")
        for number in stored["normalise_scores"]:
            assert f"{number:.6f}" in quoted


def flat(figures: Any) -> list[Any]:
    """All numbers and words in their order."""
    if isinstance(figures, dict):
        return [number for key, value in figures.items() for number in [*flat(key), *flat(value)]]
    if isinstance(figures, list):
        return [number for value in figures for number in flat(value)]
    return [figures]


@pytest.mark.skipif(sys.platform == "win32", reason="measures with wait4")
def test_the_benchmark_compares_before_it_measures(arrow: Any) -> None:
    """Small, and without Rust's release build: the Python sides, and the files that all of them read."""
    import runpy
    import tempfile

    bench = runpy.run_path(str(CHAPTER / "benches" / "frames.py"))
    with tempfile.TemporaryDirectory() as folder:
        texts, authors = (str(path) for path in bench["make"](Path(folder), 5_000, 300))
        answers = {name: function(texts, authors) for name, (_, function) in bench["PYTHON"].items()}
    assert len(answers["pandas"]) > 200
    for name, answer in answers.items():
        assert bench["same"](answers["pandas"], answer), name
    counted = [[*row[:3], row[3] + 1] for row in answers["polars"]]
    assert not bench["same"](answers["pandas"], counted)
