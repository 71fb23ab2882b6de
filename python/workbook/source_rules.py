"""What an answer may not say when it is graded: the words by which a program could leave Rust's own rules.

A check and the answer that it checks are one program. That the answer cannot touch what the check knows rests on Rust:
safe code sees no private name of another module and no memory that is not its own. So the words that switch this off,
that bring in other files, or that give a macro of the check another meaning, are refused before anything is compiled.
What the exercise's own master says is allowed there.

The text is cut into tokens as the compiler does it, so that comments and strings may say what they like, and no macro
can put a word together that is not in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from workbook.course import Exercise

WORDS = {
    "unsafe": "`unsafe` code could read what the check knows, and change it",
    "unsafe_code": "the lint against `unsafe` must stay as it is",
    "no_mangle": "a name for the linker could take the place of one of the system's",
    "export_name": "a name for the linker could take the place of one of the system's",
    "link_section": "code in a section of its own would run before the checks do",
    "link_name": "a name for the linker could stand for anything",
    "global_allocator": "an allocator sees all memory of the check",
    "no_main": "the checks start the program",
    "asm": "assembly is unsafe code",
    "global_asm": "assembly is unsafe code",
    "naked_asm": "assembly is unsafe code",
    "extern": "nothing from outside of Rust is needed here",
    "include": "an answer is one file",
    "include_str": "an answer is one file, and reads no other while it is compiled",
    "include_bytes": "an answer is one file, and reads no other while it is compiled",
}

# Ordinary words in ordinary code: `include` only counts as a macro, `asm` too.
MACROS = {"include", "include_str", "include_bytes", "asm", "global_asm", "naked_asm"}

MODULES = {
    "process": "other programs, and leaving early, are no part of an answer",
    "os": "what is particular to one system is no part of an answer",
}
"""Modules of `std` through which a program reaches others, and open files."""

PYTHON = dict.fromkeys(
    [
        *("import", "eval", "run", "run_code", "from_code", "py_run", "ffi", "import_exception"),
        *("getattr", "setattr", "delattr", "getattr_opt", "call_method", "call_method0", "call_method1", "dir"),
    ],
    "an answer that Python loads must not look for what else is loaded there",
)
"""Names of PyO3 by which a program reaches the Python that it runs in, where its checks are Python."""

NODE = dict.fromkeys(
    ["inline_js", "module", "raw_module", "js_sys", "web_sys", "eval", "Function"],
    "an answer that JavaScript calls must not bring JavaScript of its own",
)
"""Words of wasm-bindgen by which a module brings JavaScript, which could say what the checks say."""

INNER = {"allow", "warn", "deny", "expect", "doc", "recursion_limit", "type_length_limit"}
"""Attributes that may stand for the whole file."""

ASSERTING = {
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "matches",
}
"""Macros that no answer may define, whether its checks use them or not."""

PRELUDE = {
    *("tokio", "std", "core", "alloc", "Option", "Some", "None", "Result", "Ok", "Err", "Vec", "String", "Box", "drop"),
    *("bool", "char", "str", "f32", "f64", "usize", "isize"),
    *(f"{sign}{size}" for sign in "iu" for size in (8, 16, 32, 64, 128)),
}
"""Names that a check which takes all names of the answer must find as Rust has them."""

TOKEN = re.compile(
    r"""
    (?P<space>[\s\u200e\u200f]+)
  | (?P<line>//[^\n]*)
  | (?P<block>/\*)
  | (?P<raw>(?:b|c)?r(?P<hashes>\#*)")
  | (?P<string>(?:b|c)?")
  | (?P<char>b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]*\}|.)|[^'\\\n\r\t])')
  | (?P<lifetime>'(?:r\#)?[^\W\d]\w*)
  | (?P<word>(?:r\#)?[^\W\d]\w*)
  | (?P<number>\d(?:[\w]|\.(?=\d))*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True)
class Token:
    """A word, a sign, or something literal, with its line. Spaces and comments are none."""

    kind: str
    text: str
    line: int

    @property
    def word(self) -> str | None:
        """The identifier, without what makes a keyword one; None for everything else."""
        return self.text.removeprefix("r#") if self.kind == "word" else None


class Unclear(ValueError):
    """The text is no Rust: something in it never ends."""


def tokens(text: str) -> Iterator[Token]:
    """The text's tokens. Raises `Unclear`."""
    place, line = 0, 1
    while place < len(text):
        match = TOKEN.match(text, place)
        assert match, "the last alternative takes any character"
        kind, end = str(match.lastgroup if match["raw"] is None else "raw"), match.end()
        if kind == "block":
            end = _comment(text, end)
        elif kind == "raw":
            end = _after(text, f'"{match["hashes"]}', end)
        elif kind == "string":
            end = _string(text, end)
        if kind not in ("space", "line", "block"):
            yield Token(kind, text[place:end], line)
        line += text.count("\n", place, end)
        place = end


def _comment(text: str, place: int) -> int:
    depth = 1
    for match in re.compile(r"/\*|\*/").finditer(text, place):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    raise Unclear("a comment that never ends")


def _after(text: str, closing: str, place: int) -> int:
    found = text.find(closing, place)
    if found < 0:
        raise Unclear("a string that never ends")
    return found + len(closing)


def _string(text: str, place: int) -> int:
    match = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL).match(text, place)
    if not match:
        raise Unclear("a string that never ends")
    return match.end()


def fault(text: str, item: Exercise, master: str, checks: str) -> str | None:
    """Why an answer is not judged: its line and what it says there; None if nothing is against it."""
    if re.match(r"#!(?!\s*\[)", text):
        return "line 1: `#!`: what the compiler takes for the name of an interpreter is not read as Rust"
    try:
        found = list(tokens(text.replace("\r\n", "\n")))
    except Unclear as error:
        return f"it holds {error}"
    if item.footer:
        footer = list(tokens(item.footer))
        if [token.text for token in found[-len(footer) :]] == [token.text for token in footer]:
            found = found[: -len(footer)]
            if problem := _cut_off(found):
                return problem
    allowed = {token.word for token in _known(master) if token.word}
    taken = _known(checks) if item.checked_by == "rust" else []
    forbidden = WORDS | {"python": PYTHON, "node": NODE}.get(item.checked_by, {})
    problems = [*_words(found, forbidden, allowed), *_attributes(found, master), *_names(found, taken)]
    line, problem = min(problems, default=(0, ""))
    return f"line {line}: {problem}" if problem else None


@lru_cache(maxsize=256)
def _known(text: str) -> list[Token]:
    """The tokens of a text of the course's, which a class of answers asks for again and again."""
    return list(tokens(text))


def _cut_off(found: list[Token]) -> str | None:
    """What stands before the checks must be whole items, or it could swallow them."""
    waiting: list[str] = []
    for token in found:
        if token.text in PAIRS:
            waiting.append(PAIRS[token.text])
        elif token.text in PAIRS.values() and (not waiting or waiting.pop() != token.text):
            return f"line {token.line}: a bracket that does not fit"
    if waiting:
        return "a bracket is never closed"
    if found and found[-1].text not in ("}", ";"):
        return f"line {found[-1].line}: what stands before the checks must be whole, and end with }} or ;"
    return None


def _words(found: list[Token], forbidden: dict[str, str], allowed: set[str]) -> Iterator[tuple[int, str]]:
    for place, token in enumerate(found):
        word, before, after = token.word, _text(found, place - 1), _text(found, place + 1)
        if word == "mod" and not (_text(found, place + 2) == "{" and found[place + 1].word):
            yield token.line, "`mod` without its text: an answer is one file"
        if word is None or word in allowed:
            continue
        if word in forbidden and (
            word not in MACROS or "!" in after or before == ":" or (after == "as" and _in_use(found, place))
        ):
            yield token.line, f"`{word}`: {forbidden[word]}"
        path = before == ":" or (after == ":" and _text(found, place + 2) == ":")
        if word in MODULES and (path or _in_use(found, place)):
            yield token.line, f"`{word}`: {MODULES[word]}"


def _attributes(found: list[Token], master: str) -> Iterator[tuple[int, str]]:
    """Attributes for the whole file, of which few are harmless."""
    known = "".join(master.split())
    for place, token in enumerate(found):
        if token.text == "#" and _text(found, place + 1) == "!" and _text(found, place + 2) == "[":
            name = _text(found, place + 3)
            if name not in INNER and f"#![{name}" not in known:
                yield token.line, f"`#![{name}]`: what holds for the whole file is not the answer's to change"


def _names(found: list[Token], checks: list[Token]) -> Iterator[tuple[int, str]]:
    """Definitions of names that the checks rely on. `use super::*` in the checks takes more than the macros."""
    called = {
        token.word
        for place, token in enumerate(checks)
        if token.word and _text(checks, place + 1) == "!" and _text(checks, place + 2) != "="
    }
    macros = ASSERTING | {word for word in called if word}
    takes_all = any(
        [_text(checks, place + step) for step in range(5)] == ["use", "super", ":", ":", "*"]
        for place in range(len(checks))
    )
    for place, token in enumerate(found):
        word, after = token.word, _text(found, place + 1)
        if word == "macro_rules":
            name = found[place + 2].word if place + 2 < len(found) else None
            if after != "!" or name is None:
                yield token.line, "`macro_rules` without a plain name: what it defines cannot be told"
            elif name in macros:
                yield token.line, f"a macro `{name}` would take the place of the one that the checks use"
        elif word == "as" and (name := _text(found, place + 1)) in macros:
            yield token.line, f"a macro `{name}` would take the place of the one that the checks use"
        elif takes_all and word in ("fn", "struct", "enum", "union", "trait", "type", "mod", "const", "static", "as"):
            # `x as f32` is a conversion: in a `use` alone it gives a name.
            defines = word != "as" or _in_use(found, place)
            if defines and (name := _text(found, place + 1)) in PRELUDE:
                yield token.line, f"`{name}` would take the place of Rust's own in the checks"


def _in_use(found: list[Token], place: int) -> bool:
    """Whether a token stands in a `use`: between the word and its `;`."""
    for token in reversed(found[:place]):
        if token.text == ";":
            return False
        if token.word == "use":
            return True
        if token.kind != "word" and token.text not in ("{", "}", ":", ",", "*"):
            return False
    return False


def _text(found: list[Token], place: int) -> str:
    return found[place].text.removeprefix("r#") if 0 <= place < len(found) else ""
