"""The extension module `rust_ai_tools`: its numbers beside NumPy's, and what a user may rightly expect of it.

Where exact results are compared, the numbers are small integers: sums of their products are exact in every order, so
that ties are ties.
"""

from __future__ import annotations

import contextlib
import copy
import doctest
import inspect
import math
import pickle
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from workbook import extension, groups

Array = np.ndarray[Any, Any]

# The machine may be busy; what is tested here has no time limit.
settings.register_profile(
    "course", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("course")

FLOATS = st.sampled_from([np.float32, np.float64])


@pytest.fixture(scope="session")
def rat() -> Any:
    extension.ensure()
    import rust_ai_tools

    return rust_ai_tools


def laid_out(array: Array, how: str) -> Array:
    """The same numbers, laid out in memory in another way."""
    if how == "column-major":
        return np.asfortranarray(array)
    if how == "every second":
        wide = np.zeros([2 * n for n in array.shape], array.dtype)
        view = wide[tuple(slice(None, None, 2) for _ in array.shape)]
        view[...] = array
        return view
    if how == "backwards":
        return array[::-1].copy()[::-1]
    if how == "read-only":
        array = array.copy()
        array.flags.writeable = False
        return array
    if how == "other byte order":
        return array.astype(array.dtype.newbyteorder())
    if how == "not aligned":
        raw = bytearray(1) + array.tobytes()
        return np.frombuffer(raw, array.dtype, offset=1).reshape(array.shape)
    return array


LAYOUTS = st.sampled_from(
    ["plain", "column-major", "every second", "backwards", "read-only", "other byte order", "not aligned"]
)


@st.composite
def whole_numbers(draw: st.DrawFn, shape: tuple[int, ...] | None = None) -> Array:
    """A table of small integers as floats, in some type and layout."""
    if shape is None:
        shape = (draw(st.integers(0, 12)), draw(st.integers(0, 20)))
    array = draw(hnp.arrays(draw(FLOATS), shape, elements=st.integers(-4, 4)))
    return laid_out(array, draw(LAYOUTS))


def ranked(scores: Array, top_k: int) -> Array:
    """As the module ranks: best first, of equal scores the earlier, NaN last."""
    order = sorted(
        range(len(scores)), key=lambda place: (np.isnan(scores[place]), -np.nan_to_num(scores[place]), place)
    )
    return np.array(order[:top_k], np.intp)


class TestCosine:
    def test_of_the_seed(self, rat: Any) -> None:
        assert rat.fast_cosine_similarity([1.0, 0.0], [0.0, 1.0]) == 0.0
        assert rat.fast_cosine_similarity([3.0, 4.0], [6.0, 8.0]) == 1.0

    def test_lengths_must_be_equal(self, rat: Any) -> None:
        with pytest.raises(ValueError, match="a and b must have the same length, not 2 and 3"):
            rat.fast_cosine_similarity([1.0, 2.0], [1.0, 2.0, 3.0])

    @given(st.data())
    def test_is_numpys(self, rat: Any, data: st.DataObject) -> None:
        length = data.draw(st.integers(1, 70))
        number = st.floats(-1e3, 1e3, width=32)
        a, b = (
            laid_out(data.draw(hnp.arrays(data.draw(FLOATS), length, elements=number)), data.draw(LAYOUTS))
            for _ in "ab"
        )
        x, y = a.astype(np.float64), b.astype(np.float64)
        norms = math.sqrt(x @ x) * math.sqrt(y @ y)
        got = rat.fast_cosine_similarity(a, b)
        assert abs(got) <= 1
        if norms == 0:
            assert got == 0
        else:
            # By size: a `float32` in the other byte order is another dtype, and as coarse.
            coarse = min(a.dtype.itemsize, b.dtype.itemsize) == 4
            assert got == pytest.approx(x @ y / norms, abs=1e-5 if coarse else 1e-12)

    @pytest.mark.parametrize("scale", [1e-38, 1e-30, 1e30, 1e38])
    def test_squares_that_no_float32_can_hold(self, rat: Any, scale: float) -> None:
        a, b = np.array([scale, scale], np.float32), np.array([scale, 0], np.float32)
        assert rat.fast_cosine_similarity(a, b) == pytest.approx(math.sqrt(0.5), abs=1e-6)

    @pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
    def test_what_is_no_number_gives_nan(self, rat: Any, bad: float) -> None:
        assert math.isnan(rat.fast_cosine_similarity([bad, 1.0], [1.0, 1.0]))

    def test_zeros_have_no_direction(self, rat: Any) -> None:
        assert rat.fast_cosine_similarity([0.0, 0.0], [1.0, 2.0]) == 0.0
        assert rat.fast_cosine_similarity([], []) == 0.0

    def test_integers_and_half_floats_are_converted(self, rat: Any) -> None:
        assert rat.fast_cosine_similarity(np.array([3, 4]), np.array([6, 8], np.float16)) == 1.0


class TestNormalize:
    @given(st.data())
    def test_is_numpys(self, rat: Any, data: st.DataObject) -> None:
        shape = (data.draw(st.integers(0, 12)), data.draw(st.integers(0, 40)))
        number = st.floats(-1e3, 1e3, width=32)
        table = laid_out(data.draw(hnp.arrays(data.draw(FLOATS), shape, elements=number)), data.draw(LAYOUTS))
        before = table.copy()
        got = rat.batch_normalize(table)
        exact = table.astype(np.float64)
        norms = np.sqrt((exact * exact).sum(1, keepdims=True))
        want = np.divide(exact, norms, out=np.zeros_like(exact), where=norms != 0)
        assert got.dtype == table.dtype.newbyteorder("=")
        assert got.flags.c_contiguous and got.flags.writeable
        np.testing.assert_allclose(got, want, atol=1e-6 if got.dtype == np.float32 else 1e-14)
        np.testing.assert_array_equal(table, before)

    def test_lists_become_float64(self, rat: Any) -> None:
        got = rat.batch_normalize([[3.0, 4.0], [0.0, 0.0]])
        assert got.dtype == np.float64
        assert got.tolist() == [[0.6, 0.8], [0.0, 0.0]]

    def test_a_nan_takes_its_row_and_no_other(self, rat: Any) -> None:
        got = rat.batch_normalize([[math.nan, 1.0], [0.0, 2.0]])
        assert np.isnan(got[0]).all()
        assert got[1].tolist() == [0.0, 1.0]

    def test_large_tables_are_shared_out_among_threads(self, rat: Any) -> None:
        table = np.random.default_rng(1).standard_normal((20_000, 65), np.float32)
        np.testing.assert_allclose(
            rat.batch_normalize(table), table / np.linalg.norm(table, axis=1, keepdims=True), rtol=1e-5, atol=1e-7
        )

    def test_rows_that_have_no_memory(self, rat: Any) -> None:
        with pytest.raises(MemoryError):
            rat.batch_normalize(np.broadcast_to(np.float32(1), (1 << 40, 1 << 10)))


class TestSearch:
    def test_of_the_seed(self, rat: Any) -> None:
        places = rat.parallel_embedding_search([1.0, 0.0], [[0.0, 1.0], [0.8, 0.6], [1.0, 0.0]], 2)
        assert places.dtype == np.intp
        assert places.tolist() == [2, 1]

    @given(st.data())
    def test_is_numpys_with_ties_in_order(self, rat: Any, data: st.DataObject) -> None:
        corpus = data.draw(whole_numbers())
        rows, width = corpus.shape
        several = data.draw(st.booleans())
        queries = data.draw(whole_numbers((data.draw(st.integers(0, 7)), width) if several else (width,)))
        top_k = data.draw(st.integers(0, 15))
        places, scores = rat.parallel_embedding_search(queries, corpus, top_k, return_scores=True)
        assert places.shape == scores.shape == (*queries.shape[:-1], min(top_k, rows))
        assert scores.dtype == corpus.dtype.newbyteorder("=")
        want = np.atleast_2d(queries).astype(np.float64) @ corpus.T.astype(np.float64)
        for query, (found, its_scores) in enumerate(zip(np.atleast_2d(places), np.atleast_2d(scores), strict=True)):
            np.testing.assert_array_equal(found, ranked(want[query], top_k))
            np.testing.assert_array_equal(its_scores, want[query][found])
        alone = rat.parallel_embedding_search(queries, corpus, top_k)
        np.testing.assert_array_equal(alone, places)

    @given(hnp.arrays(np.float32, (30, 2), elements=st.sampled_from([0.0, 1.0, math.nan, math.inf, -math.inf])))
    def test_nan_comes_after_every_number(self, rat: Any, corpus: Array) -> None:
        with np.errstate(invalid="ignore"):
            scores = corpus[:, 0] * np.float32(1) + corpus[:, 1] * np.float32(1)
        # Infinities have no order by subtraction, so they are told apart by hand.
        rank = {
            place: (np.isnan(score), -score if not np.isnan(score) else 0, place) for place, score in enumerate(scores)
        }
        want = sorted(rank, key=lambda place: rank[place])
        assert rat.parallel_embedding_search([1.0, 1.0], corpus, 30).tolist() == want

    def test_a_query_finds_the_same_bits_alone_and_among_others(self, rat: Any) -> None:
        generator = np.random.default_rng(2)
        corpus = generator.standard_normal((3_000, 97), np.float32)
        queries = generator.standard_normal((101, 97), np.float32)
        places, scores = rat.parallel_embedding_search(queries, corpus, 20, return_scores=True)
        for n, query in enumerate(queries):
            found, its_scores = rat.parallel_embedding_search(query, corpus, 20, return_scores=True)
            assert found.tolist() == places[n].tolist()
            assert its_scores.tobytes() == scores[n].tobytes()
        exact = queries.astype(np.float64) @ corpus.T.astype(np.float64)
        np.testing.assert_allclose(scores, -np.sort(-exact, axis=1)[:, :20], rtol=1e-5)

    @pytest.mark.parametrize("threads", [1, 2, 5])
    def test_the_number_of_threads_changes_nothing(self, rat: Any, threads: int) -> None:
        corpus = np.random.default_rng(3).integers(-2, 3, (60_000, 8)).astype(np.float32)
        want = rat.parallel_embedding_search(corpus[:3], corpus, 50)
        rat.set_num_threads(threads)
        try:
            assert rat.get_num_threads() == threads
            np.testing.assert_array_equal(rat.parallel_embedding_search(corpus[:3], corpus, 50), want)
        finally:
            rat.set_num_threads(0)

    def test_messages_say_what_is_wrong(self, rat: Any) -> None:
        corpus = np.ones((4, 3), np.float32)
        for call, error, message in [
            (
                lambda: rat.parallel_embedding_search([1.0], corpus, 1),
                ValueError,
                "query is 1 wide and corpus is 3 wide",
            ),
            (
                lambda: rat.parallel_embedding_search([1.0] * 3, corpus, -1),
                ValueError,
                "top_k must be 0 or more, not -1",
            ),
            (lambda: rat.parallel_embedding_search([1.0] * 3, corpus[0], 1), ValueError, r"its shape is \(3,\)"),
            (lambda: rat.parallel_embedding_search(corpus[None], corpus, 1), ValueError, r"its shape is \(1, 4, 3\)"),
            (lambda: rat.parallel_embedding_search(["a"] * 3, corpus, 1), TypeError, "query must hold numbers"),
            (lambda: rat.parallel_embedding_search([1.0] * 3, None, 1), TypeError, "corpus must hold numbers"),
            (lambda: rat.parallel_embedding_search([1.0] * 3, [[1.0], [1.0, 2.0]], 1), ValueError, "inhomogeneous"),
            (lambda: rat.parallel_embedding_search([1.0] * 3, corpus, 1.5), TypeError, "float"),
        ]:
            with pytest.raises(error, match=message):
                call()


class TestIndex:
    @given(st.data())
    def test_int8_finds_the_same_bits(self, rat: Any, data: st.DataObject) -> None:
        shape = (data.draw(st.integers(0, 40)), data.draw(st.integers(0, 30)))
        number = st.floats(-1, 1, width=32) | st.sampled_from([0.0, 1.0, math.nan])
        table = data.draw(hnp.arrays(np.float32, shape, elements=number))
        query = data.draw(hnp.arrays(np.float32, shape[1], elements=number))
        top_k = data.draw(st.integers(0, 50))
        exact, coded = (rat.EmbeddingIndex(table, int8=int8).search(query, top_k) for int8 in (False, True))
        np.testing.assert_array_equal(coded[0], exact[0])
        np.testing.assert_array_equal(coded[1], exact[1])

    def test_int8_among_many_rows(self, rat: Any) -> None:
        generator = np.random.default_rng(4)
        # Around few centres, as embeddings are: many rows are nearly as good as the best.
        table = generator.standard_normal((20, 96))[generator.integers(0, 20, 30_000)]
        table += 0.1 * generator.standard_normal(table.shape)
        exact, coded = rat.EmbeddingIndex(table), rat.EmbeddingIndex(table, int8=True)
        for query in table[:20]:
            want, got = exact.search(query, 10), coded.search(query, 10)
            assert got[0].tolist() == want[0].tolist()
            assert got[1].tobytes() == want[1].tobytes()

    def test_scores_are_cosines(self, rat: Any) -> None:
        generator = np.random.default_rng(5)
        table, query = generator.standard_normal((50, 20)) * 1e30, generator.standard_normal(20)
        places, scores = rat.EmbeddingIndex(table).search(query, 5)
        want = [rat.fast_cosine_similarity(row, query) for row in table]
        np.testing.assert_allclose(scores, sorted(want, reverse=True)[:5], atol=1e-6)
        assert places.tolist() == ranked(np.array(want), 5).tolist()

    def test_rows_are_the_indexs_own_memory_and_cannot_be_written(self, rat: Any) -> None:
        given = np.array([[3.0, 4.0], [0.0, 0.0]], np.float32)
        index = rat.EmbeddingIndex(given)
        assert not np.shares_memory(index.rows, given)
        assert index.rows.ctypes.data == index.rows.ctypes.data
        assert index.rows.tolist() == rat.batch_normalize(given).tolist()
        with pytest.raises(ValueError, match="read-only"):
            index.rows[0] = 1
        with pytest.raises(ValueError, match="WRITEABLE"):
            index.rows.flags.writeable = True

    def test_what_it_says_of_itself(self, rat: Any) -> None:
        index = rat.EmbeddingIndex(np.ones((7, 5)), int8=True)
        assert (len(index), index.dimension, index.int8) == (7, 5, True)
        assert index.nbytes == 7 * 5 * 4 + 7 * 5 + 7 * 8
        assert repr(index) == "<EmbeddingIndex: 7 rows of 5, int8>"

    @pytest.mark.parametrize("int8", [False, True])
    @pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
    def test_pickles(self, rat: Any, int8: bool, protocol: int) -> None:
        index = rat.EmbeddingIndex(np.random.default_rng(6).standard_normal((9, 4)), int8=int8)
        same(rat, pickle.loads(pickle.dumps(index, protocol)), index)

    def test_pickles_without_a_copy_of_the_rows_and_copies(self, rat: Any) -> None:
        index = rat.EmbeddingIndex(np.random.default_rng(7).standard_normal((900, 4)))
        buffers: list[pickle.PickleBuffer] = []
        short = pickle.dumps(index, 5, buffer_callback=buffers.append)
        assert len(short) < 500
        assert np.frombuffer(buffers[0].raw(), np.uint8).ctypes.data == index.rows.ctypes.data
        same(rat, pickle.loads(short, buffers=buffers), index)
        same(rat, copy.deepcopy(index), index)

    @given(st.integers(0, 9), st.integers(0, 9), st.booleans())
    @settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_saves_and_loads(self, rat: Any, tmp_path: Path, rows: int, width: int, int8: bool) -> None:
        index = rat.EmbeddingIndex(np.random.default_rng(8).standard_normal((rows, width)), int8=int8)
        index.save(tmp_path / "öl.safetensors")
        same(rat, rat.EmbeddingIndex.load(str(tmp_path / "öl.safetensors")), index)

    def test_files_that_are_none_of_ours(self, rat: Any, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"not there\.safetensors"):
            rat.EmbeddingIndex.load(tmp_path / "not there.safetensors")
        with pytest.raises(FileNotFoundError):
            rat.EmbeddingIndex([[1.0]]).save(tmp_path / "no folder" / "index.safetensors")
        good = tmp_path / "good"
        rat.EmbeddingIndex(np.ones((3, 4))).save(good)
        whole = good.read_bytes()
        for text in (
            b"",
            b"PK\3\4",
            whole[:-1],
            whole + b"x",
            whole[:20],
            whole.replace(b"EmbeddingIndex", b"SomethingElse!"),
        ):
            (tmp_path / "bad").write_bytes(text)
            with pytest.raises(ValueError, match="bad "):
                rat.EmbeddingIndex.load(tmp_path / "bad")


def same(rat: Any, one: Any, other: Any) -> None:
    assert type(one) is rat.EmbeddingIndex
    assert one.rows.tobytes() == other.rows.tobytes()
    assert (one.rows.shape, one.int8, repr(one)) == (other.rows.shape, other.int8, repr(other))


class TestNothingIsCopied:
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_neither_rust_nor_numpy_copies_an_array(self, rat: Any, dtype: Any) -> None:
        corpus = np.ones((4_000, 500), dtype)
        read_only = corpus[:]
        read_only.flags.writeable = False
        calls: list[Callable[[], object]] = [
            lambda: rat.parallel_embedding_search(corpus[0], corpus, 3),
            lambda: rat.parallel_embedding_search(read_only[0], read_only, 3),
            # Rows that are not one after another are put in order tile by tile: 128 kB a thread.
            lambda: rat.parallel_embedding_search(corpus[0, ::2], corpus[:, ::2], 3),
            lambda: rat.fast_cosine_similarity(corpus.ravel(), read_only.ravel()),
        ]
        rat.set_num_threads(1)
        for call in calls:
            call()
            tracemalloc.start()
            (_, rust), numpy = rat.count_allocations(call), tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert rust + numpy < corpus.nbytes / 10
        rat.set_num_threads(0)

    def test_a_copy_would_be_seen(self, rat: Any) -> None:
        weights = np.ones(100_000, np.float32)
        assert rat.count_allocations(lambda: rat.compute_sum(weights))[1] < 1_000
        assert rat.count_allocations(lambda: rat.compute_sum_of_clone(weights))[1] >= weights.nbytes


def run(script: str, *, seconds: float = 120) -> str:
    """A Python of its own, for what would not come back if it failed."""
    answer = subprocess.run(
        [groups.python(), "-W", "error", "-c", script], capture_output=True, encoding="utf-8", timeout=seconds
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def interrupted(call: str, setup: str = "") -> str:
    """What `run` prints where another thread counts to a million and then presses Ctrl-C, in the middle of `call`.

    It is the count, and nothing where the call came to its end.
    """
    # The handler is set again, for a shell's background job hands down that Ctrl-C is ignored.
    return run(f"""
import signal, threading
{setup}
signal.signal(signal.SIGINT, signal.default_int_handler)
counted = 0
def count():
    global counted
    while counted < 1_000_000:
        counted += 1
    signal.raise_signal(signal.SIGINT)
threading.Thread(target=count).start()
try:
    {call}
except KeyboardInterrupt:
    print(counted)
""")


class TestTheInterpreterIsFree:
    # No thread is made to give way, so another one runs only where the first lets go. It may take the operating system
    # a while to wake it; that is why the call is repeated. What does not let go never lets it run.
    PROGRAM = """
import sys, threading
import numpy as np
import rust_ai_tools as rat
table = np.ones((3000, 64), np.float32)
index = rat.EmbeddingIndex(table, int8=True)
chapter = rat.Embeddings(table)
gate, seen = threading.Lock(), []
gate.acquire()
def wait():
    gate.acquire()
    seen.append(True)
other = threading.Thread(target=wait, daemon=True)
other.start()
sys.setswitchinterval(1e6)
gate.release()
for n in range(REPEAT):
    CALL
    if seen:
        break
print(bool(seen))
"""

    @pytest.mark.parametrize(
        "call",
        [
            "rat.batch_normalize(table)",
            "rat.parallel_embedding_search(table[0], table, 3)",
            "rat.EmbeddingIndex(table)",
            "index.search(table[0], 3)",
            "index.search(table[:9], 3)",
            "rat.activation('tanh', table)",
            "chapter.scores(table[0], threads=2)",
        ],
    )
    def test_another_thread_runs_meanwhile(self, rat: Any, call: str) -> None:
        assert run(self.PROGRAM.replace("CALL", call).replace("REPEAT", "100_000")) == "True"

    def test_what_is_over_at_once_does_not_let_go(self, rat: Any) -> None:
        program = self.PROGRAM.replace("CALL", "rat.fast_cosine_similarity(table[0], table[1])")
        assert run(program.replace("REPEAT", "1_000")) == "False"

    @pytest.mark.parametrize(
        "call",
        [
            # 2 to the power of 40 rows, all in the same four bytes; nobody can wait for that.
            "rat.parallel_embedding_search([1.0], np.broadcast_to(np.float32(1), (1 << 40, 1)), 3)",
            "rat.parallel_embedding_search(np.ones((9, 400)), np.broadcast_to(1.0, (1 << 40, 400)), 3)",
        ],
    )
    def test_ctrl_c_ends_a_long_call_while_others_count(self, rat: Any, call: str) -> None:
        setup = "import numpy as np\nimport rust_ai_tools as rat"
        assert interrupted(call, setup) == "1000000"

    @pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no fork on this system")
    def test_a_forked_process_has_threads_of_its_own(self, rat: Any) -> None:
        program = """
import os, sys, warnings
warnings.simplefilter("ignore")
import numpy as np
import rust_ai_tools as rat
table = np.random.default_rng(1).standard_normal((20_000, 64), np.float32)
want = rat.parallel_embedding_search(table[:2], table, 5).tolist()
child = os.fork()
if child == 0:
    os._exit(0 if rat.parallel_embedding_search(table[:2], table, 5).tolist() == want else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
        assert run(program) == "0"


class TestLessons:
    # Chapter 3 compares values and derivatives with Python's `math`; here it is to be seen that they arrive.
    @pytest.mark.parametrize("name", ["relu", "leaky_relu", "sigmoid", "tanh", "gelu", "identity"])
    def test_activations_and_their_slopes(self, rat: Any, name: str) -> None:
        assert name in rat.ACTIVATIONS
        x = np.linspace(-3, 3, 24, dtype=np.float64).reshape(4, 6)
        step = 1e-2
        y, slope = rat.activation(name, x), rat.activation_derivative(name, x)
        assert (y.shape, y.dtype) == (x.shape, np.float32)
        difference = (rat.activation(name, x + step) - rat.activation(name, x - step)) / (2 * step)
        np.testing.assert_allclose(slope, difference, atol=2e-3)

    def test_an_activation_that_is_not_there(self, rat: Any) -> None:
        with pytest.raises(ValueError, match=r"no activation 'swish'.*relu"):
            rat.activation("swish", [1.0])

    def test_scores_of_chapter_6(self, rat: Any) -> None:
        table = np.random.default_rng(9).integers(-3, 4, (500, 16)).astype(np.float32)
        rows = rat.Embeddings(table)
        assert len(rows) == 500
        for threads in (1, 2, 3):
            np.testing.assert_array_equal(rows.scores(table[0], threads=threads), table @ table[0])
        with pytest.raises(ValueError, match="threads must be from 1 to 256, not 0"):
            rows.scores(table[0], threads=0)
        with pytest.raises(ValueError, match="16 numbers"):
            rows.scores([1.0])

    def test_counting_passes_errors_on(self, rat: Any) -> None:
        with pytest.raises(ZeroDivisionError):
            rat.count_allocations(lambda: 1 / 0)
        assert rat.count_allocations(lambda: None) == (0, 0)


ANYTHING = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.lists(st.floats(width=32), max_size=4),
    st.lists(st.lists(st.integers(-9, 9), max_size=3), max_size=3),
    st.builds(
        laid_out,
        hnp.arrays(
            st.one_of(
                hnp.floating_dtypes(endianness="?"),
                hnp.integer_dtypes(endianness="?"),
                hnp.boolean_dtypes(),
                hnp.complex_number_dtypes(),
                hnp.datetime64_dtypes(max_period="D", min_period="D"),
                hnp.unicode_string_dtypes(max_len=2),
                st.just(np.dtype([("x", "f4"), ("y", "f4")])),
            ),
            hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
        ),
        st.sampled_from(["plain", "column-major", "read-only"]),
    ),
    whole_numbers(),
)
COUNTS = st.one_of(st.integers(-3, 9), st.integers(), st.none(), st.floats(), st.just(2**63 - 1))


# A panic reaches Python as a BaseException that is no Exception: nothing here would catch it.
@settings(max_examples=300)
@given(ANYTHING, ANYTHING, COUNTS, st.booleans())
@pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")
def test_whatever_is_thrown_at_it_an_answer_or_the_right_error_comes_back(
    rat: Any, one: Any, other: Any, count: Any, flag: bool
) -> None:
    functions: list[Callable[[], object]] = [
        lambda: rat.fast_cosine_similarity(one, other),
        lambda: rat.batch_normalize(one),
        lambda: rat.parallel_embedding_search(one, other, count, return_scores=flag),
        lambda: rat.parallel_embedding_search(one, one, count),
        lambda: rat.EmbeddingIndex(other, int8=flag).search(one, count),
        lambda: rat.EmbeddingIndex(one, int8=True).search(one, count),
        lambda: rat.activation("gelu", one),
        lambda: rat.activation_derivative(other, one),
        lambda: rat.compute_sum(one),
        lambda: rat.compute_sum_of_clone(one),
        lambda: rat.Embeddings(one).scores(other, count),
        lambda: rat.count_allocations(one),
        lambda: rat.EmbeddingIndex.load(one),
    ]
    with np.errstate(all="ignore"):
        for function in functions:
            with contextlib.suppress(ValueError, TypeError, OverflowError, OSError):
                function()


class TestWhatOthersSee:
    def test_the_stubs_are_those_of_the_module(self, rat: Any, tmp_path: Path) -> None:
        # The compiled half, which maturin puts under the same name, is not for users.
        (tmp_path / "known").write_text("rust_ai_tools\\.rust_ai_tools\n")
        answer = subprocess.run(
            [groups.python(), "-m", "mypy.stubtest", "rust_ai_tools", "--allowlist", tmp_path / "known"],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
        )
        assert answer.returncode == 0, answer.stdout

    def test_type_checkers_know_what_comes_back(self, rat: Any) -> None:
        import rust_ai_tools

        table = np.ones((3, 2), np.float32)
        assert_type(rust_ai_tools.batch_normalize(table), NDArray[np.float32])
        assert_type(rust_ai_tools.parallel_embedding_search([1.0, 0.0], table, 1), NDArray[np.intp])
        assert_type(rust_ai_tools.EmbeddingIndex(table).search(table, 1)[1], NDArray[np.float32])
        assert_type(rust_ai_tools.fast_cosine_similarity([1.0], [2.0]), float)

    def test_help_has_something_to_say(self, rat: Any) -> None:
        assert rat.__doc__ and "NumPy" in rat.__doc__
        public = {name: getattr(rat, name) for name in rat.__all__ if callable(getattr(rat, name))}
        assert len(public) >= 12
        for name, thing in public.items():
            assert thing.__doc__, name
            inspect.signature(thing)
        assert str(inspect.signature(rat.parallel_embedding_search)) == "(query, corpus, top_k, *, return_scores=False)"

    def test_the_samples_in_the_docstrings_are_true(self, rat: Any) -> None:
        parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
        for name in rat.__all__:
            text = inspect.getdoc(getattr(rat, name)) or ""
            runner.run(parser.get_doctest(text, vars(rat).copy(), name, None, 0))
        assert runner.tries >= 10
        assert runner.failures == 0


class TestWheel:
    def test_it_works_in_a_clean_environment(self, rat: Any, tmp_path: Path) -> None:
        uv = groups.python().with_name("uv")
        chapter = groups.ROOT / "chapters" / "12_pyo3"

        def call(*command: str | Path) -> str:
            answer = subprocess.run(command, cwd=chapter, capture_output=True, encoding="utf-8")
            assert answer.returncode == 0, answer.stderr
            return answer.stdout

        call(groups.python(), "-m", "maturin", "build", "--release", "--out", tmp_path)
        (wheel,) = tmp_path.glob("*.whl")
        assert "-cp311-abi3-" in wheel.name
        names = zipfile.ZipFile(wheel).namelist()
        assert {"rust_ai_tools/__init__.pyi", "rust_ai_tools/py.typed"} <= set(names)

        call(uv, "venv", "--python", sys.executable, tmp_path / "clean")
        python = tmp_path / "clean" / "bin" / "python"
        call(uv, "pip", "install", "--python", python, wheel, f"numpy=={np.__version__}")
        script = (
            "import rust_ai_tools as r; print(r.parallel_embedding_search([1.0, 0.0], [[0.0, 1.0], [1.0, 0.0]], 1))"
        )
        assert call(python, "-I", "-c", script).strip() == "[1]"
        # It came from there, and not from this project's own environment.
        where = call(python, "-I", "-c", "import rust_ai_tools as r; print(r.__file__)").strip()
        assert Path(where).is_relative_to(tmp_path)


class TestBuilding:
    def test_a_second_call_has_nothing_to_do(self, rat: Any) -> None:
        assert extension.is_current()
        assert not extension.ensure(notify=pytest.fail)

    def test_another_source_makes_it_old(self, rat: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        chapter = groups.ROOT / "chapters" / "12_pyo3"
        ours = [path for path in extension._files(chapter) if path.suffix == ".rs"]
        assert chapter / "src" / "lib.rs" in ours
        assert groups.ROOT / "chapters" / "03_traits" / "src" / "activation.rs" in ours
        monkeypatch.setattr(extension, "_files", lambda crate: [*ours, Path(__file__)])
        assert not extension.is_current()

    def test_a_crate_that_does_not_compile_is_told_of(
        self, rat: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "Cargo.toml").write_text("[package]\nname = 1\n")
        monkeypatch.setitem(extension.MODULES, "broken", str(tmp_path))
        with pytest.raises(extension.ExtensionError, match="broken could not be built"):
            extension._call("broken", [groups.python(), "-m", "maturin", "build"])
