"""What `mutable_default` must do: find each default that is a list, a dict or a set, wherever it stands."""

import mutable_default


def lines(source: str) -> object:
    try:
        return mutable_default.mutable_defaults(source)
    except BaseException as error:  # A Rust panic is no `Exception`, and this is to see one.
        return type(error).__name__


def test_a_list_a_dict_and_a_set() -> None:
    got = lines("def f(a=[]):\n    pass\ndef g(a={}):\n    pass\ndef h(a={1, 2}, b=()):\n    pass\n")
    want = [1, 3, 5]
    assert got == want, "lines with a mutable default"


def test_a_text_about_python_is_no_code() -> None:
    got = lines('note = """\ndef f(a=[]):\n"""\n# def g(a=[]):\ndef h(a=None):  # not def h(a=[])\n    pass\n')
    want: list[int] = []
    assert got == want, "lines with a mutable default"


def test_parameters_over_several_lines() -> None:
    got = lines(
        "def f(\n    rows: list[int],\n    seen: dict = {},\n    *,\n    more=[\n        1,\n    ],\n):\n    pass\n"
    )
    want = [3, 5]
    assert got == want, "lines where the defaults begin"


def test_a_method_and_a_function_inside_a_function() -> None:
    got = lines(
        "class Model:\n    def fit(self, a=[]):\n        if a:\n            def step(b={}):\n                pass\n"
    )
    want = [2, 4]
    assert got == want, "lines with a mutable default"


def test_a_lambda_and_a_lambda_as_a_default() -> None:
    got = lines(
        "key = lambda row, seen=[]: row\ndef f(make=lambda a={}: a):\n    return sorted(a, key=lambda b={1}: b)\n"
    )
    want = [1, 2, 3]
    assert got == want, "lines with a mutable default"


def test_what_is_not_python_is_a_syntax_error() -> None:
    got = lines("def f(a=[]\n    pass\n")
    want = "SyntaxError"
    assert got == want, "exception for a source that does not parse"
