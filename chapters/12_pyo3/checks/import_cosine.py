"""What `import_cosine` must do: be a module that Python imports, with a function in it that Python calls."""

import math

import import_cosine


def test_python_finds_the_function() -> None:
    got = import_cosine.fast_cosine_similarity([3.0, 4.0], [3.0, 4.0])
    want = 1.0
    assert got == want, "cosine of an embedding with itself"


def test_agrees_with_python() -> None:
    for step in range(1, 50):
        a = [math.sin(step * i) for i in range(16)]
        b = [math.cos(step + i) for i in range(16)]
        dot = sum(x * y for x, y in zip(a, b, strict=True))
        want = round(dot / (math.hypot(*a) * math.hypot(*b)), 4) + 0.0
        got = round(import_cosine.fast_cosine_similarity(a, b), 4) + 0.0
        assert abs(got - want) <= 0.0002, f"cosine of pair {step}: got {got}, Python's is {want}"


def test_takes_keywords() -> None:
    got = import_cosine.fast_cosine_similarity(b=[0.0, 2.0], a=[1.0, 0.0])
    want = 0.0
    assert got == want, "cosine of b=[0, 2] and a=[1, 0]"


def test_help_shows_the_comment() -> None:
    got = import_cosine.fast_cosine_similarity.__doc__
    want = "The cosine of the angle between two embeddings of the same length."
    assert got == want, "what help() prints"
