"""The runner, the author's rules and the grader of Rust for AI.

What an edit-to-verdict cycle needs (`course`, `exercise`, `cargo`, `verdict`, `progress`, `show`) uses the standard
library alone, so that a one-shot run spends its time in the compiler and not in Python's imports. Everything else
(typer, rich, pydantic, watchfiles) is imported by the command that wants it.
"""
