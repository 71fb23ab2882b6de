"""The course as a site: built with mdBook, read in a real browser; and the tools that it is built with."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest

from browsing import opened, serving
from workbook import book, book_sources, quiz, quiz_proof, tools, wasm
from workbook import course as courses
from workbook.course import Course, CourseError

ROOT = Path(__file__).resolve().parents[1]

CHAPTER = """
title = "Ownership"
summary = "Who owns a tensor."
minutes = 10
[concepts]
move = "More"
[[exercises]]
name = "only"
title = "Title"
minutes = 1
teaches = ["move"]
fails = "E0382"
hints = ["a", "b", "c"]
why = "So `it` is."
"""

LESSON = """# Ownership

See [the code](src/lib.rs), [its folder](src/), [the start](../introduction.md), [this page](README.md#more),
[the quiz](quiz.md) and [a picture](pic.svg).

**Exercise** `only`: whose is it?

Close with `python3 workbook quiz 01_own`.

```compile_fail,E0382
# // hidden
let a = vec![1.0_f32]; // [not a link](nowhere.md)
```

## More
"""

MASTER = """\
//! # Title
//!
//! Say who *owns* it.

/// ```
fn taken() {
    // TODO: Lend it.
    // [starter]
    // let given = 1;
    // [solution]
    let lent_at_last = 1;
    // [end]
}

#[path = "../../chapters/01_own/checks/only.rs"]
mod checks;
"""

QUIZ = '''
[[questions]]
id = "frees"
type = "MultipleChoice"
concept = "move"
prompt.prompt = "Who frees the weights? <b>&amp;</b> \\"quoted\\""
prompt.distractors = ["The collector"]
answer.answer = "The owner"
context = "CONTEXT-A"

[[questions]]
id = "moved"
type = "Tracing"
concept = "move"
prompt.program = """
fn main() {
    let weights = vec![0.5_f32];
    let taken = weights;

    println!("{} {}", taken.len(), weights.len());
}
"""
answer.doesCompile = false
answer.code = "E0382"
answer.lineNumber = 5
context = "CONTEXT-B"

[[questions]]
id = "order"
type = "ShortAnswer"
concept = "move"
prompt.prompt = """
```text
A: println!("{b}");
B: let b = 1;
```
"""
answer.answer = "B A"
context = "CONTEXT-C"
[questions.order]
lines = ['println!("{b}");', "let b = 1;"]
program = "fn main() { {lines} }"
stdout = "1"

[[questions]]
id = "edition"
type = "Tracing"
concept = "move"
prompt.program = """
use std::cell::RefCell;
fn count() -> usize {
    let cell = RefCell::new(vec![1]);
    cell.borrow().len()
}
fn main() {
    println!("{}", count());
}
"""
answer.doesCompile = true
answer.stdout = "1"
context = "Before edition 2024 this did not compile."
'''


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """A course of one chapter, with the real book's settings and introduction."""
    root = tmp_path / "course"
    chapter = root / "chapters/01_own"
    (chapter / "src").mkdir(parents=True)
    (chapter / "chapter.toml").write_text(CHAPTER, encoding="utf-8")
    (chapter / "README.md").write_text(LESSON, encoding="utf-8")
    (chapter / "pic.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    (chapter / "quiz.md").write_text("# Quiz\n\n{{#quiz ../../quizzes/01_own.toml}}\n\nAfter.\n", encoding="utf-8")
    (chapter / "src/lib.rs").write_text("fn größe() {}\n", encoding="utf-8")
    (root / "quizzes").mkdir()
    (root / "quizzes/01_own.toml").write_text(QUIZ, encoding="utf-8")
    for name, text in (("solutions/01_own/only.rs", MASTER), ("chapters/01_own/checks/only.rs", "// asked\n")):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text, encoding="utf-8")
    for file in ("book.toml", *book.ASSETS, "chapters/introduction.md"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, root / file)
    return courses.load(root)


# The table of contents


def test_the_table_of_contents_is_the_registrys(small):
    assert "- [Ownership](01_own/README.md)\n    - [Quiz](01_own/quiz.md)\n" in book.summary(small)
    file = small.root / "chapters/SUMMARY.md"
    assert "is missing" in (book.stale(small) or "")
    file.write_text(book.summary(small), encoding="utf-8")
    assert book.stale(small) is None
    file.write_text(book.summary(small) + "- [More](more.md)\n", encoding="utf-8")
    assert "is stale" in (book.stale(small) or "")


def test_the_courses_own_table_of_contents_is_up_to_date():
    assert book.stale(courses.load(ROOT)) is None


# The site


def test_the_site_is_built_and_whole(small, tmp_path):
    site = tmp_path / "out" / "site"
    assert book.build(small, site) == []
    assert book_sources.foreign(site) == []
    lesson = (site / "01_own/index.html").read_text(encoding="utf-8")
    assert 'href="../source/chapters/01_own/src/lib.rs.html"' in lesson
    assert 'href="../source/chapters/01_own/src/index.html"' in lesson
    assert 'href="index.html#more"' in lesson
    assert "[not a link](nowhere.md)" in lesson
    assert "language-rust compile_fail E0382" in lesson
    assert (site / "01_own/pic.svg").exists()
    source = (site / "source/chapters/01_own/src/lib.rs.html").read_text(encoding="utf-8")
    assert "größe" in source
    # Nothing is written among the chapters.
    assert sorted(file.name for file in (small.root / "chapters").iterdir()) == ["01_own", "introduction.md"]


def test_dead_links_are_named(small, tmp_path):
    lesson = small.root / "chapters/01_own/README.md"
    text = LESSON + "\n[a](src/none.rs) [b](#none) [c](quiz.md#none) [d](https://example.com) ![e](none.png)\n"
    lesson.write_text(text, encoding="utf-8")
    found = "\n".join(book.build(small, tmp_path / "site"))
    assert "01_own/index.html: the link to 'src/none.rs' leads nowhere" in found
    assert "01_own/index.html: '#none' names a heading that is not there" in found
    assert "01_own/index.html: 'quiz.html#none' names a heading" in found
    assert "'none.png' leads nowhere" in found
    assert "example.com" not in found


def test_a_thing_loaded_from_elsewhere_is_named(small, tmp_path):
    lesson = small.root / "chapters/01_own/README.md"
    lesson.write_text(LESSON + '\n<img src="https://example.com/a.png">\n', encoding="utf-8")
    site = tmp_path / "site"
    elsewhere = "is loaded from elsewhere"
    assert book.build(small, site) == [f"01_own/index.html: 'https://example.com/a.png' {elsewhere}"]
    (site / "quiz/style.css").write_text("@import '//example.com/a.css';", encoding="utf-8")
    assert book_sources.foreign(site)[1:] == [f"quiz/style.css: '//example.com/a.css' {elsewhere}"]


def test_a_broken_page_leaves_the_old_site(small, tmp_path):
    site = tmp_path / "site"
    book.build(small, site)
    (small.root / "quizzes/01_own.toml").write_text(QUIZ.replace('id = "moved"', ""), encoding="utf-8")
    with pytest.raises(CourseError, match=r"01_own.toml:\d+: field 'questions\[2\].id'"):
        book.build(small, site)
    assert (site / "01_own/quiz.html").exists()


@pytest.mark.parametrize("name", ["introduction.md", "01_own/README.md"])
def test_a_missing_page_is_named(small, tmp_path, name):
    (small.root / "chapters" / name).unlink()
    with pytest.raises(CourseError, match=re.escape(f"chapters/{name} is missing")):
        book.build(small, tmp_path / "site")


def test_a_page_that_is_no_text_is_named(small, tmp_path):
    (small.root / "chapters/01_own/README.md").write_bytes(b"\xff\xfe")
    with pytest.raises(CourseError, match=r"README\.md is not UTF-8"):
        book.build(small, tmp_path / "site")


def test_other_peoples_files_are_not_replaced(small, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="holds other files"):
        book.build(small, tmp_path)
    with pytest.raises(CourseError, match="holds other files"):
        book.build(small, tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_mdbook_quiz_itself_takes_our_files(small, tmp_path):
    """Our extra keys are tolerated by its own reader, which checks the schema and compiles the tracing programs.

    It calls a bare `rustc`, so under edition 2015 and without crates; a shim gives it the course's. That, and that it
    does so at each build, is why `book` lets it bring its scripts but does not let it read the quizzes.
    """
    helper = tools.ensure_tool("mdbook-quiz", book.MDBOOK_QUIZ)
    shims = tmp_path / "shims"
    shims.mkdir()
    rustc = shutil.which("rustc")
    path = f"{shims}{os.pathsep}{helper.parent}{os.pathsep}{os.environ['PATH']}"
    files = [small.root / "quizzes/01_own.toml", *sorted((ROOT / "quizzes").glob("*.toml"))]
    for number, file in enumerate(files):
        crates = ""
        if re.search(r"(?m)^crates = ", file.read_text(encoding="utf-8")):
            known = quiz_proof._externs(courses.load(ROOT), file.stem)
            crates = " ".join(f"--extern '{name}={library}'" for name, library in known.items())
            crates += "".join(f" -L 'dependency={place}'" for place in {library.parent for library in known.values()})
        shim = f'#!/bin/sh\nexec "{rustc}" --edition 2024 {crates} "$@"\n'
        (shims / "rustc").write_text(shim, encoding="utf-8")
        (shims / "rustc").chmod(0o755)
        folder = tmp_path / f"book-{number}"
        (folder / "src").mkdir(parents=True)
        (folder / "book.toml").write_text('[book]\ntitle = "T"\n[preprocessor.quiz]\n', encoding="utf-8")
        (folder / "src/SUMMARY.md").write_text("- [Quiz](quiz.md)\n", encoding="utf-8")
        (folder / "src/quiz.md").write_text(f"{{{{#quiz {file}}}}}\n", encoding="utf-8")
        built = subprocess.run(
            [tools.ensure_tool("mdbook", book.MDBOOK), "build", folder],
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert built.returncode == 0, f"{file.name}:\n{built.stdout}{built.stderr}"
        assert "quiz-placeholder" in (folder / "book/quiz.html").read_text(encoding="utf-8")


def test_an_exercise_is_shown_with_its_hints_folded_and_its_solution_elsewhere(small, tmp_path):
    site = tmp_path / "site"
    book.build(small, site)
    shown = (site / "01_own/exercises.html").read_text(encoding="utf-8")
    assert '<h2 id="only">' in shown
    assert "<em>owns</em>" in shown
    assert "let given = 1;" in shown
    assert "mod checks" not in shown
    assert "python3 workbook run only" in shown
    assert 'href="index.html#more"' in shown
    assert [text.strip() for text in re.findall(r"</summary>\s*<p>(.*?)</p>\s*</details>", shown)] == ["a", "b", "c"]
    assert "<details open" not in shown
    lesson = (site / "01_own/index.html").read_text(encoding="utf-8")
    assert '<strong>Exercise</strong> <a href="exercises.html#only"><code>only</code></a>: whose is it?' in lesson
    assert '<a href="quiz.html"><code>python3 workbook quiz 01_own</code></a>' in lesson
    # Neither the page nor the search gives the solution away.
    assert [file for file in site.rglob("*") if file.is_file() and b"lent_at_last" in file.read_bytes()] == [
        site / "source/solutions/01_own/only.rs.html"
    ]
    solution = (site / "source/solutions/01_own/only.rs.html").read_text(encoding="utf-8")
    assert "So <code>it</code> is." in solution
    assert "given" not in solution
    assert 'href="../../../01_own/exercises.html#only"' in solution


def test_a_missing_master_is_named(small, tmp_path):
    (small.root / "solutions/01_own/only.rs").unlink()
    with pytest.raises(CourseError, match=r"solutions/01_own/only\.rs: No such file"):
        book.build(small, tmp_path / "site")


def test_the_demonstrations_are_pages_of_the_site(small, tmp_path, monkeypatch):
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "digit.html").write_text('<a href="../../01_own/index.html">x</a><a href="gone">y</a>', "utf-8")
    monkeypatch.setattr(wasm, "pages", lambda course: pages)
    lesson = small.root / "chapters/01_own/README.md"
    lesson.write_text(LESSON + "\n[The demo](../16_wasm/web/digit.html)\n", encoding="utf-8")
    assert book.build(small, tmp_path / "site") == ["16_wasm/web/digit.html: the link to 'gone' leads nowhere"]


# In a browser


def test_a_quiz_is_answered_wrong_and_then_right(small, tmp_path, browser):
    site = tmp_path / "site"
    book.build(small, site)
    with serving(site) as address, opened(browser) as page:
        page.goto(f"{address}01_own/quiz.html")
        page.get_by_role("button", name="Start").click()
        page.get_by_text('Who frees the weights? & "quoted"').wait_for()
        page.get_by_label("The collector").check()
        page.get_by_role("button", name="Submit").click()
        # The program's empty line is a line too, so the numbers agree with the compiler's.
        assert page.locator(".line-number").count() == 6
        page.get_by_label("does NOT compile").check()
        page.get_by_role("button", name="Submit").click()
        page.get_by_placeholder("Write your answer here...").fill("ba")
        page.get_by_role("button", name="Submit").click()
        page.get_by_label("DOES compile").check()
        page.get_by_placeholder("Write the program's stdout here...").fill("1")
        page.get_by_role("button", name="Submit").click()
        page.get_by_text("You answered 3/4 questions correctly").wait_for()
        assert "CONTEXT" not in page.inner_text("main")
        page.get_by_role("button", name="retry the quiz").first.click()
        page.get_by_text("Question 1 / 1").wait_for()
        page.get_by_label("The owner").check()
        page.get_by_role("button", name="Submit").click()
        page.get_by_text("You answered 4/4 questions correctly").wait_for()
        said = page.inner_text("main")
        assert "CONTEXT-A" in said
        assert "The compiler says E0382 and points at line 5." in said
        # The answers are still there after a visit elsewhere.
        page.goto(f"{address}01_own/index.html")
        page.goto(f"{address}01_own/quiz.html")
        page.get_by_text("You answered 4/4 questions correctly").wait_for()


def test_every_quiz_of_the_course_is_in_the_book(real_site):
    for file in sorted((ROOT / "quizzes").glob("*.toml")):
        # The interview's questions are on a page with their answers, and of no chapter.
        name = "interview.html" if file.stem == "interview" else f"{file.stem}/quiz.html"
        page = (real_site / name).read_text(encoding="utf-8")
        assert (
            f"&quot;{file.stem}&quot;" in page or file.stem in re.findall(r"data-quiz-name=[\"'](.*?)[\"'] ", page)[0]
        )


def test_the_browser_is_given_no_key_of_ours(small):
    shown = book.web(quiz.load(small, "01_own"))
    assert {key for question in shown["questions"] for key in question} == {"id", "type", "prompt", "answer", "context"}
    assert "code" not in shown["questions"][1]["answer"]
    for number, question in enumerate(tomllib.loads(QUIZ)["questions"]):
        assert shown["questions"][number]["prompt"] == question["prompt"]


# The command


def start(course: Course, port: int, *, serve: bool = True) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from workbook import book, course; "
        f"sys.exit(book.main(course.load(Path({str(course.root)!r})), serve={serve}, port={port}))"
    )
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "python")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said_by(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout
    lines = ""
    for line in process.stdout:
        lines += line
        if word in line:
            return lines
    pytest.fail(f"'{word}' was never said, but:\n{lines}")


def test_the_book_is_served_follows_edits_and_stops(small):
    process = start(small, 0)
    try:
        address = re.search(r"http://127.0.0.1:\d+/", said_by(process, "The book is at"))
        assert address
        page = f"{address[0]}01_own/index.html"
        assert "Ownership" in urllib.request.urlopen(page, timeout=5).read().decode()
        lesson = small.root / "chapters/01_own/README.md"
        # The watcher starts after the address is printed.
        time.sleep(0.5)
        lesson.write_text(LESSON + "\nEDITED\n", encoding="utf-8")
        said_by(process, "Built again")
        assert "EDITED" in urllib.request.urlopen(page, timeout=5).read().decode()
        lesson.write_bytes(b"\xff")
        assert "not UTF-8" in said_by(process, "The site is as it was")
        assert "EDITED" in urllib.request.urlopen(page, timeout=5).read().decode()
        process.send_signal(signal.SIGINT)
        said_by(process, "Stopped.")
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_port_in_use_is_told_before_anything_is_built(small, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert book.main(small, port=port) == 2
    assert f"Port {port} cannot be used" in capsys.readouterr().err
    assert not (small.root / "book").exists()
    assert book.main(small, port=70000) == 2
    assert "no port 70000" in capsys.readouterr().err


def test_build_only(small, tmp_path, capsys):
    assert book.main(small, serve=False, out=tmp_path / "site") == 0
    assert "open" in capsys.readouterr().out
    lesson = small.root / "chapters/01_own/README.md"
    lesson.write_text(LESSON + "\n[gone](gone.md)\n", encoding="utf-8")
    assert book.main(small, serve=False, out=tmp_path / "site") == 1
    assert "the link to 'gone.html' leads nowhere" in capsys.readouterr().err
    (small.root / "quizzes/01_own.toml").write_text("x", encoding="utf-8")
    assert book.main(small, serve=False, out=tmp_path / "site") == 2


# The tools. Cargo is played here by a script, since what is tested is what becomes of its work and its failures.


@pytest.fixture
def cargo(tmp_path, monkeypatch):
    """Puts a `cargo` first on the PATH that does what the test says, and keeps the tools in a folder of the test's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("RUST_FOR_AI_TOOLS", str(tmp_path / "tools"))

    def play(script: str) -> Path:
        calls = tmp_path / "calls"
        installs = (
            'while [ "$1" != "--root" ]; do shift; done\n'
            'mkdir -p "$2/bin"; printf "#!/bin/sh\\necho thing 1.2.3\\n" >"$2/bin/thing"; chmod +x "$2/bin/thing"\n'
        )
        text = f'#!/bin/sh\necho "$@" >>"{calls}"\n{script.replace("INSTALL", installs)}'
        (folder / "cargo").write_text(text, encoding="utf-8")
        (folder / "cargo").chmod(0o755)
        return calls

    return play


def test_a_tool_is_installed_once_and_says_so(cargo, tmp_path):
    calls = cargo("INSTALL")
    said: list[str] = []
    found = tools.ensure_tool("thing", "1.2.3", minutes=2, notify=said.append)
    assert found == tmp_path / "tools/thing-1.2.3/bin/thing"
    assert len(said) == 1
    assert "Installing thing 1.2.3 with cargo, once: about 2 minutes" in said[0]
    assert tools.ensure_tool("thing", "1.2.3", notify=said.append) == found
    assert len(calls.read_text().splitlines()) == 1
    assert "install --locked" in calls.read_text()
    assert "--version =1.2.3 thing" in calls.read_text()


def test_two_at_once_install_once(cargo):
    calls = cargo("sleep 0.5\nINSTALL")
    threads = [threading.Thread(target=tools.ensure_tool, args=("thing", "1.2.3")) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls.read_text().splitlines()) == 1


def test_a_tool_on_the_path_is_taken_in_its_version_only(cargo, tmp_path):
    cargo("INSTALL")
    program = tmp_path / "bin/thing"
    program.write_text("#!/bin/sh\necho thing v1.2.3\n", encoding="utf-8")
    program.chmod(0o755)
    assert tools.ensure_tool("thing", "1.2.3") == program
    program.write_text("#!/bin/sh\necho thing v1.2.4\n", encoding="utf-8")
    assert tools.ensure_tool("thing", "1.2.3") != program


def test_an_interrupted_install_is_repaired(cargo, tmp_path):
    cargo(
        'while [ "$1" != "--root" ]; do shift; done\n'
        'mkdir -p "$2/bin"; echo half >"$2/bin/thing"; echo begun >&2; exec sleep 60'
    )
    code = "from workbook import tools; tools.ensure_tool('thing', '1.2.3')"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    process = subprocess.Popen([sys.executable, "-c", code], env=env, start_new_session=True)
    half = tmp_path / "tools/.partial-thing-1.2.3/bin/thing"
    for _ in range(100):
        if half.exists():
            break
        time.sleep(0.05)
    # The whole session, as when the terminal is closed.
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert tools.find_tool("thing", "1.2.3") is None
    cargo("INSTALL")
    found = tools.ensure_tool("thing", "1.2.3")
    assert "1.2.3" in found.read_text(encoding="utf-8")
    assert not (tmp_path / "tools/.partial-thing-1.2.3").exists()


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("error: failed to download from `x`", "could not reach the registry: check the network"),
        ("error: No space left on device (os error 28)", "The disk is full"),
        ("error: package requires rustc 2.0", "rustup update stable"),
        ("error: something else", "Cargo's last words"),
    ],
)
def test_a_failed_install_says_what_to_do(cargo, said, advice):
    cargo(f"echo '{said}' >&2; exit 101")
    with pytest.raises(CourseError, match=re.escape(advice)) as caught:
        tools.ensure_tool("thing", "1.2.3")
    assert f"cargo: {said}" in str(caught.value)
    assert tools.find_tool("thing", "1.2.3") is None


def test_no_cargo_and_no_place(cargo, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path))
    # Debian has a cargo of its own.
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(CourseError, match=r"rustup\.rs"):
        tools.ensure_tool("thing", "1.2.3")
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("RUST_FOR_AI_TOOLS", str(tmp_path / "file/tools"))
    with pytest.raises(CourseError, match="RUST_FOR_AI_TOOLS"):
        tools.ensure_tool("thing", "1.2.3")
