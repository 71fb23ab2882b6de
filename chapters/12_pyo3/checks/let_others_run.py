"""What `let_others_run` must do: let other Python threads run while Rust computes."""

import threading
import time

import let_others_run
import numpy as np

CORPUS = np.array([[1, 0], [0, 1], [2, 2]], np.float32)
QUERY = np.array([0.5, -1], np.float32)


def search_with_a_visitor() -> tuple[list[float], bool]:
    """Searches, while another thread waits for the search to begin and answers a health request."""
    over = threading.Event()

    def visit() -> None:
        while not over.is_set():
            if let_others_run.is_searching():
                return let_others_run.answer_health()
            time.sleep(0.001)

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        return let_others_run.search(CORPUS, QUERY)
    finally:
        over.set()
        visitor.join()


def test_another_thread_is_answered_meanwhile() -> None:
    _, got = search_with_a_visitor()
    want = True
    assert got == want, "a health request answered while Rust was searching"


def test_the_scores_are_right() -> None:
    let_others_run.answer_health()  # Beforehand, so that nobody has to wait.
    got, _ = let_others_run.search(CORPUS, QUERY)
    want = [0.5, -1.0, -1.0]
    assert got == want, "dot products of three rows with [0.5, -1]"


def test_what_cannot_be_read_is_still_refused() -> None:
    try:
        got = str(let_others_run.search(CORPUS[:, ::-1], QUERY))
    except TypeError:
        got = "TypeError"
    want = "TypeError"
    assert got == want, "answer to a corpus with its columns turned round"
