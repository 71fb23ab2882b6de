"""What `stop_scan` must do: end with a KeyboardInterrupt soon after Ctrl-C, and else run to its end."""

import _thread

import numpy as np
import stop_scan

CORPUS = np.ones((20, 2), np.float32)
QUERY = np.array([1, 2], np.float32)


def scan(scores: np.ndarray, on_batch: object) -> str:
    """Scans, and says how it ended."""
    try:
        stop_scan.scan(CORPUS, QUERY, scores, on_batch)
        for _ in range(100):
            pass  # What was noted and not asked for comes up here, at the latest.
    except KeyboardInterrupt:
        return "KeyboardInterrupt"
    return "done"


def test_an_undisturbed_scan_scores_all_rows() -> None:
    scores, calls = np.zeros(20, np.float32), []
    got = [scan(scores, lambda: calls.append(1)), scores.tolist(), len(calls)]
    want = ["done", [3.0] * 20, 5]
    assert got == want, "how it ended, the scores, and the calls of on_batch"


def test_ctrl_c_stops_it_after_the_batch() -> None:
    scores = np.zeros(20, np.float32)
    # Called from Rust directly, this notes the signal and leaves it to be asked for.
    got = [scan(scores, _thread.interrupt_main), int(np.count_nonzero(scores))]
    want = ["KeyboardInterrupt", 4]
    assert got == want, "how it ended, and how many of 20 rows had been scored"


def test_an_error_of_the_progress_bar_comes_through() -> None:
    def broken() -> None:
        raise OSError("no terminal")

    try:
        got = scan(np.zeros(20, np.float32), broken)
    except OSError:
        got = "OSError"
    want = "OSError"
    assert got == want, "how it ended when on_batch raises an OSError"
