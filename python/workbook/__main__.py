"""`python -m workbook`: the quick way for `run`, and typer for everything else."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    flags = {argument for argument in arguments[1:] if argument.startswith("-")}
    names = [argument for argument in arguments[1:] if not argument.startswith("-")]
    # `run` is what editors and impatient people call: it must not wait for imports that it does not need.
    if arguments[:1] == ["run"] and flags <= {"--json", "--plain"} and len(names) <= 1:
        name = names[0] if names else None
        if name:
            from workbook import headstart

            headstart.begin(name)
        from workbook import run

        return run.guarded(lambda: run.run(name, as_json="--json" in flags, plain="--plain" in flags))
    from workbook import cli

    return cli.main(arguments)


def guarded() -> int:
    """`main`, and a way out for a `.venv` that has lost a package: the next call makes it anew."""
    try:
        return main()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "workbook":
            raise
        from workbook import groups

        groups.repair(str(error.name))


if __name__ == "__main__":
    sys.exit(guarded())
