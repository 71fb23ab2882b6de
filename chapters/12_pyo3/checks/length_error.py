"""What `length_error` must do: tell Python about the caller's mistake as Python tells about mistakes."""

import length_error


def raised(a: list[float], b: list[float]) -> BaseException | None:
    """What the function raises, whatever it is."""
    try:
        length_error.fast_cosine_similarity(a, b)
    except BaseException as error:  # A Rust panic is no `Exception`, and this is to see one.
        return error
    return None


def test_equal_lengths_are_fine() -> None:
    got = length_error.fast_cosine_similarity([3.0, 4.0], [4.0, 3.0])
    want = 0.96
    assert abs(got - want) < 1e-6, f"cosine of [3, 4] and [4, 3]: got {got}, wanted {want}"


def test_other_lengths_are_a_value_error() -> None:
    got = type(raised([1.0] * 384, [1.0] * 512)).__name__
    want = "ValueError"
    assert got == want, "exception for lengths 384 and 512"


def test_the_message_names_both_lengths() -> None:
    for a, b in ((384, 512), (5, 0), (0, 1)):
        message = str(raised([1.0] * a, [1.0] * b))
        got = [str(length) in message for length in (a, b)]
        want = [True, True]
        assert got == want, f"lengths {a} and {b} in the message '{message}'"


def test_the_job_goes_on() -> None:
    got = []
    for document in ([1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0]):
        try:
            got.append(length_error.fast_cosine_similarity([1.0, 0.0], document))
        except Exception:
            got.append("skipped")
    want = [1.0, "skipped", 0.0]
    assert got == want, "three documents, the second too long"
