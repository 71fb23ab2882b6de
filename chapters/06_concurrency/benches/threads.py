"""What two Python threads gain on work that is Python's own, and what two processes pay for it.

    python3 chapters/06_concurrency/benches/threads.py

Prints one JSON line for each figure, in milliseconds: the median of the rounds. Standard library only.
"""

import json
import multiprocessing
import statistics
import threading
import time

ROUNDS = 7
NUMBERS = 1_000_000


def norm(start):
    """Pure Python, so it holds the GIL; NumPy would let it go inside its loops."""
    total = 0.0
    for number in range(start, start + NUMBERS):
        total += number * number
    return total


def size(rows):
    return len(rows)


def one_after_another():
    return [norm(0), norm(NUMBERS)]


def two_threads():
    threads = [threading.Thread(target=norm, args=(start,)) for start in (0, NUMBERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def report(name, work):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    print(json.dumps({"name": name, "ms": round(statistics.median(times), 1)}))


def main():
    report("one_after_another", one_after_another)
    report("two_threads", two_threads)
    rows = [[0.25] * 384 for _ in range(10_000)]
    with multiprocessing.Pool(2) as pool:
        report("two_processes", lambda: pool.map(norm, [0, NUMBERS]))
        # What a process shall work with is pickled, sent, and built anew: here 10,000 embeddings.
        report("send_10000_rows_to_a_process", lambda: pool.apply(size, [rows]))
    report("lend_10000_rows_to_a_function", lambda: size(rows))


if __name__ == "__main__":
    main()
