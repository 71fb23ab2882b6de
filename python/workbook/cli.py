"""The command line: what each command is called and takes. What it does is in the module it names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from workbook.run import guarded

app = typer.Typer(
    name="workbook",
    help="Rust for AI: learn Rust by building AI systems. Without a command: go on with the exercises.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
author_app = typer.Typer(help="For those who write exercises.", no_args_is_help=True)
grade_app = typer.Typer(help="Grades what learners hand in.", no_args_is_help=True)
app.add_typer(author_app, name="author")
app.add_typer(grade_app, name="grade")

Json = Annotated[bool, typer.Option("--json", help="Print JSON (docs/json.md).")]
Plain = Annotated[bool, typer.Option("--plain", help="No colours, no cursor movement.")]
Name = Annotated[Optional[str], typer.Argument(metavar="NAME", help="An exercise; default: the next to do.")]  # noqa: UP045
NameGiven = Annotated[str, typer.Argument(metavar="NAME", help="An exercise.")]


def main(arguments: list[str]) -> int:
    """Runs the command that `arguments` name and returns its exit code; a wrong call exits 2."""

    def command() -> int:
        result = app(arguments, standalone_mode=False, prog_name="python3 workbook")
        return result if isinstance(result, int) else 0

    try:
        return guarded(command)
    except typer.Abort:
        return 130
    except typer.Exit as leave:
        return leave.exit_code
    except Exception as problem:
        # typer's own faults of the call (unknown command, bad option) know how to show themselves.
        if hasattr(problem, "show") and hasattr(problem, "exit_code"):
            problem.show()
            return 2
        raise


@app.callback(invoke_without_command=True)
def default(context: typer.Context, plain: Plain = False) -> int:
    if context.invoked_subcommand:
        return 0
    if sys.stdin.isatty() and sys.stdout.isatty() and not plain:
        from workbook import watch

        return watch.main()
    from workbook import run

    return run.overview(plain=plain)


@app.command()
def watch(name: Name = None, plain: Plain = False) -> int:
    """Show an exercise and judge it at every save."""
    from workbook import watch as watching
    from workbook.course import CourseError

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CourseError("'watch' needs a terminal; 'python3 workbook run' judges once and works everywhere.")
    return watching.main(plain=plain, name=name)


@app.command(name="list")
def list_exercises(as_json: Json = False, plain: Plain = False) -> int:
    """Show all exercises and what is done."""
    from workbook import assist

    return assist.listing(as_json=as_json, plain=plain)


@app.command()
def run(name: Name = None, as_json: Json = False, plain: Plain = False) -> int:
    """Judge one exercise: exit code 0 if it passes, 1 if not, 2 if there is no verdict."""
    from workbook import run as running

    return running.run(name, as_json=as_json, plain=plain)


@app.command()
def hint(name: Name = None, plain: Plain = False) -> int:
    """Show a hint; each call shows one more."""
    from workbook import assist

    return assist.hint(name, plain=plain)


@app.command()
def solution(
    name: NameGiven,
    reveal: Annotated[bool, typer.Option("--reveal", help="Even before your own passes.")] = False,
    plain: Plain = False,
) -> int:
    """Compare your file with the course's solution."""
    from workbook import assist

    return assist.solution(name, reveal=reveal, plain=plain)


@app.command()
def reset(name: NameGiven, plain: Plain = False) -> int:
    """Put an exercise back to its start; your version is kept."""
    from workbook import assist

    return assist.reset(name, plain=plain)


@app.command()
def verify(
    chapters: Annotated[Optional[list[str]], typer.Argument(metavar="[CHAPTER]...", help="Default: all.")] = None,  # noqa: UP045
    solutions: Annotated[
        bool, typer.Option("--solutions", help="The course's solutions instead of your files.")
    ] = False,
    as_json: Json = False,
    junit: Annotated[Optional[Path], typer.Option("--junit", metavar="FILE", help="Write JUnit XML.")] = None,  # noqa: UP045
    plain: Plain = False,
) -> int:
    """Judge every exercise: exit code 0 if all pass."""
    from workbook import run as running

    return running.verify(chapters or [], solutions=solutions, as_json=as_json, junit=junit, plain=plain)


@app.command()
def quiz(
    chapter: Annotated[Optional[str], typer.Argument(metavar="[CHAPTER]", help="Default: the one you are in.")] = None,  # noqa: UP045
    answers: Annotated[Path | None, typer.Option("--answers", metavar="FILE", help="Grade a file of answers.")] = None,
    as_json: Json = False,
    plain: Plain = False,
) -> int:
    """Take a chapter's quiz, or grade a file of answers."""
    from workbook import course as courses
    from workbook import quiz as quizzes

    return quizzes.main(courses.load(), chapter, answers, as_json, plain)


@app.command()
def interview(
    level: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[LEVEL]", help="mid, senior or principal; default: where you are."),
    ] = None,
    answers: Annotated[bool, typer.Option("--answers", help="Print questions and answers; ask nothing.")] = False,
    as_json: Json = False,
    plain: Plain = False,
) -> int:
    """Practise interview questions: short ones are marked, open ones you mark yourself by a rubric."""
    from workbook import course as courses
    from workbook import interview as interviews

    return interviews.main(courses.load(), level, answers=answers, as_json=as_json, plain=plain)


@app.command()
def status(as_json: Json = False, plain: Plain = False) -> int:
    """Show how far you are."""
    from workbook import assist

    return assist.status(as_json=as_json, plain=plain)


@app.command()
def doctor(as_json: Json = False) -> int:
    """Show what this machine has, lacks, and how to get it."""
    from workbook import course as courses
    from workbook import doctor as doctors

    try:
        course = courses.load()
    except courses.CourseError:
        course = None
    return doctors.main(course, as_json)


@app.command()
def lab(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[NOTEBOOK]", help="What to open: 03_traits_curves, or a chapter."),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")] = True,
    port: Annotated[Optional[int], typer.Option(help="The port; default: the first free one from 8888.")] = None,  # noqa: UP045
    python_only: Annotated[bool, typer.Option("--python-only", help="Do not build the Rust kernel.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin NOTEBOOK anew; yours is kept as a backup.")] = False,
) -> int:
    """Open the notebooks in JupyterLab; what they need is built the first time."""
    from workbook import course as courses
    from workbook import lab as labs

    return labs.main(courses.load(), name, browser=browser, port=port, python_only=python_only, fresh=fresh)


@app.command()
def fetch(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[MODEL]...", help="Default: list them.")] = None,  # noqa: UP045
    as_json: Json = False,
    plain: Plain = False,
) -> int:
    """Get a real model into your cache, and print where it lies."""
    from workbook import fetch as fetching

    return fetching.main(names or [], as_json=as_json, plain=plain)


@app.command()
def book(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it on this machine after building.")] = True,
    port: Annotated[int, typer.Option(help="The port to serve on.")] = 8000,
    out: Annotated[Optional[Path], typer.Option("--out", metavar="DIR", help="Build into this folder.")] = None,  # noqa: UP045
) -> int:
    """Build the course as a web site and serve it."""
    from workbook import book as books
    from workbook import course as courses

    return books.main(courses.load(), serve=serve, port=port, out=out)


@app.command()
def wasm(as_json: Json = False) -> int:
    """Build chapter 16's modules and pages for the browser, and print what they weigh."""
    from workbook import course as courses
    from workbook import wasm as modules

    return modules.main(courses.load(), as_json)


@app.command()
def claims(
    names: Annotated[Optional[list[str]], typer.Argument(metavar="[NAME]...", help="Default: all.")] = None,  # noqa: UP045
    only_list: Annotated[bool, typer.Option("--list", help="Show what is claimed; measure nothing.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Three runs, nothing kept: can it all be measured?")] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Write the report of what was measured; measure nothing.")
    ] = False,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Where the report is written; default: .workbook/claims/report."),
    ] = None,
    as_json: Json = False,
    plain: Plain = False,
) -> int:
    """Measure what the field claims for Rust, on this machine: exit code 1 if a claim could not be measured."""
    from workbook import claims as claiming
    from workbook import course as courses

    return claiming.main(
        courses.load(), names or [], as_json, only_list=only_list, quick=quick, only_report=report, out=out, plain=plain
    )


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test() -> int:
    """Run the project's whole test suite, installing what it needs. --list shows its steps, --only STEP runs one."""
    from workbook import suite

    # As they were typed: click has taken the `--` out, and what stands behind it is pytest's.
    return suite.main(sys.argv[sys.argv.index("test") + 1 :])


@author_app.command()
def sync(
    rerun: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--rerun", metavar="NOTEBOOK", help="Run this notebook anew; repeatable."),
    ] = None,
) -> int:
    """Write what is generated: the learners' files, manifests and notebooks, the book's table of contents."""
    from workbook import author
    from workbook import course as courses

    course = courses.load()
    for path in author.sync(course, rerun or []):
        print(f"wrote {path.relative_to(course.root).as_posix()}")
    return 0


@author_app.command()
def check(
    chapters: Annotated[Optional[list[str]], typer.Argument(metavar="[CHAPTER]...", help="Default: all.")] = None,  # noqa: UP045
) -> int:
    """Prove that every exercise keeps the course's rules."""
    import time

    from workbook import author
    from workbook import course as courses

    started = time.perf_counter()
    course = courses.load()
    chosen = [course.chapter(name) for name in chapters or []]

    def judged(chapter: courses.Chapter, seconds: float) -> None:
        # A quarter of an hour for all chapters: whoever waits sees how far it is, and where the time goes.
        print(f"{chapter.name}: {len(chapter.exercises)} exercises judged in {seconds:.1f} s", flush=True)

    faults = author.check(course, chosen, judged)
    for fault in faults:
        print(fault)
    count = sum(len(chapter.exercises) for chapter in chosen or course.chapters)
    print(f"{count} exercises, {len(faults)} faults, {time.perf_counter() - started:.1f} s")
    return 1 if faults else 0


@author_app.command()
def mutants(
    chapters: Annotated[Optional[list[str]], typer.Argument(metavar="[CHAPTER]...", help="Default: all.")] = None,  # noqa: UP045
    as_json: Json = False,
) -> int:
    """Change every solution a little: do the checks notice? Exit code 1 where one survives for no known reason."""
    from workbook import course as courses
    from workbook import mutants as mutating

    course = courses.load()
    chosen = [course.chapter(name) for name in chapters or []]
    return mutating.main(course, chosen or [each for each in course.chapters if not each.group], as_json=as_json)


@author_app.command()
def new(
    chapter: Annotated[str, typer.Argument(metavar="CHAPTER")],
    name: Annotated[str, typer.Argument(metavar="NAME")],
    python: Annotated[bool, typer.Option("--python", help="An extension module, with checks in Python.")] = False,
) -> int:
    """Lay down the files of a new exercise."""
    from workbook import author
    from workbook import course as courses

    course = courses.load()
    for path in author.new(course, course.chapter(chapter), name, python=python):
        print(f"wrote {path.relative_to(course.root).as_posix()}")
    author.sync(courses.load())
    print("Fill in what says FILL IN, then: python3 workbook author sync && python3 workbook author check")
    return 0


@author_app.command(name="class")
def synthetic_class(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Gets class/ and expected.json.")],
    learners: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed makes the same class.")] = 1,
    chapter: Annotated[
        list[str] | None, typer.Option("--chapter", metavar="NAME", help="Only this; repeatable.")
    ] = None,
    different: Annotated[
        float, typer.Option(min=0, max=1, help="The share of answers that nobody else has, byte for byte.")
    ] = 0.25,
    attacks: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of hostile answers, as tests/attacks.")
    ] = None,
) -> int:
    """Make a class of learners who do not exist, with the mark that each must get."""
    from workbook import course as courses
    from workbook import synthetic

    course = courses.load()
    chosen = [course.chapter(name) for name in chapter or []]
    hostile = synthetic.attacks(course, attacks) if attacks else []
    made = synthetic.make(
        course, folder, learners=learners, seed=seed, chapters=chosen, different=different, attacks=hostile
    )
    count = sum(len(one.exercises) for one in made)
    print(f"{len(made)} submissions for {count} exercises: {folder / 'class'}")
    print(f"The marks that they must get: {folder / synthetic.EXPECTED}")
    return 0


@grade_app.command()
def submissions(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Folders, zips, checkouts.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where marks and feedback are written.")] = Path(
        "marks"
    ),
    class_folder: Annotated[
        Path | None, typer.Option("--class", metavar="DIR", help="Its entries are submissions.")
    ] = None,
    chapter: Annotated[
        list[str] | None, typer.Option("--chapter", metavar="NAME", help="Only this; repeatable.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", metavar="FILE", help="Points, deadlines, attempts: a TOML file.")
    ] = None,
    roster: Annotated[
        Path | None, typer.Option("--roster", metavar="FILE", help="The class list, as CSV: for Canvas and Moodle.")
    ] = None,
    checks: Annotated[
        Path | None, typer.Option("--checks", metavar="DIR", help="Your own checks, which no learner sees.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask cluster that judges: tcp://HOST:8786.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Answers judged at once; default: half as many again as there are cores.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Judge everything anew, whatever was judged before.")] = False,
    trust: Annotated[bool, typer.Option("--trust", help="Run the learners' programs as you, in no sandbox.")] = False,
    as_json: Json = False,
    plain: Plain = False,
) -> int:
    """Grade what learners handed in: exercises and quiz answers (docs/grading.md)."""
    from workbook import course as courses
    from workbook import grade as grading

    return grading.main(
        courses.load(),
        paths or [],
        class_folder=class_folder,
        out=out,
        trust=trust,
        extra=checks,
        scheduler=scheduler,
        jobs=jobs,
        again=again,
        chapters=chapter or [],
        policy=policy,
        roster=roster,
        as_json=as_json,
        plain=plain,
    )


@grade_app.command(name="quizzes")
def export_quizzes(
    chapters: Annotated[Optional[list[str]], typer.Argument(metavar="[CHAPTER]...", help="Default: all.")] = None,  # noqa: UP045
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files are written.")] = Path(
        "quizzes-export"
    ),
) -> int:
    """Write the quizzes for course platforms: QTI for Canvas, GIFT for Moodle (docs/grading.md)."""
    from workbook import course as courses
    from workbook import groups

    course = courses.load()
    chosen = [course.chapter(name) for name in chapters or []]
    groups.ensure("quizzes")
    from workbook import quiz_export

    return quiz_export.main(course, chosen, out)


@grade_app.command(hidden=True)
def batch() -> int:
    """What a cluster's worker calls: judges what comes in by standard input."""
    from workbook import grade_batch

    return grade_batch.main()


@grade_app.command()
def notebooks(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Its entries are learners: folders, zips, .ipynb.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where marks and feedback are written.")] = Path(
        "marks"
    ),
    name: Annotated[list[str] | None, typer.Option("--notebook", metavar="NAME", help="Only this; repeatable.")] = None,
    cell_limit: Annotated[int, typer.Option(metavar="SECONDS", min=1, help="For one cell.")] = 60,
    notebook_limit: Annotated[int, typer.Option(metavar="SECONDS", min=1, help="For one run of a notebook.")] = 300,
    trust: Annotated[bool, typer.Option("--trust", help="Run the learners' programs as you, in no sandbox.")] = False,
    as_json: Json = False,
    plain: Plain = False,
) -> int:
    """Grade the turns in learners' notebooks (docs/grading.md)."""
    from workbook import course as courses
    from workbook import groups, sandbox

    course = courses.load()
    if not trust:
        sandbox.find()
    groups.ensure("notebooks")
    from workbook import grade_notebooks as grading
    from workbook.notebook_bench import Limits

    return grading.main(
        course,
        folder,
        out=out,
        trust=trust,
        names=name or [],
        limits=Limits(cell_limit, notebook_limit),
        as_json=as_json,
        plain=plain,
    )


@app.command(name="editor-check", hidden=True)
def editor_check() -> int:
    """What an editor's check-on-save calls: cargo's JSON for the current exercise alone."""
    from workbook import editor

    return editor.check()
