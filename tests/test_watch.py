"""`watch` in a real terminal: saves, keys, the screen, and what is left when it ends."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import signal
import statistics
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pexpect
import pytest

from course_copy import COUNT, MEAN, SCALE, Copy, processes
from workbook.progress import Progress
from workbook.verdict import strip_ansi

PATIENCE = 60.0
"""Seconds: far more than anything here takes, so that a busy machine breaks no test."""

QUIET = 0.6
"""Seconds without another run after which we believe that none is to come."""

CLEAR = "\x1b[H\x1b[2J\x1b[3J"
UP, DOWN, ESCAPE, ENTER, END = "\x1b[A", "\x1b[B", "\x1b", "\r", "\x04"


@dataclass
class Terminal:
    """A command in a terminal of its own. `frame` is what is on the screen: all since it was last cleared."""

    copy: Copy
    command: list[str]
    size: tuple[int, int] = (50, 110)
    env: dict[str, str] = field(default_factory=dict)
    text: str = ""
    ended: bool = False

    def __post_init__(self) -> None:
        program, *arguments = self.command
        env = self.copy.environment(**{"TERM": "xterm-256color", **self.env})
        self.child = pexpect.spawn(
            program, arguments, env=env, encoding="utf-8", dimensions=self.size, cwd=str(self.copy.root.parent)
        )
        # pexpect's own pause before each key is for passwords.
        self.child.delaybeforesend = None

    def read(self, seconds: float = 0.05) -> None:
        try:
            self.text += self.child.read_nonblocking(1 << 16, timeout=seconds)
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            self.ended = True

    @property
    def frame(self) -> str:
        return strip_ansi(self.text.rsplit(CLEAR, 1)[-1])

    @property
    def frames(self) -> int:
        return self.text.count(CLEAR)

    def see(self, pattern: str, *, after: int = 0) -> str:
        """Waits for a frame in which `pattern` is found, later than frame number `after`; returns the frame."""
        deadline = time.monotonic() + PATIENCE
        while not (self.frames > after and re.search(pattern, self.frame)):
            if self.ended or time.monotonic() > deadline:
                raise AssertionError(f"'{pattern}' was never seen. The last frame:\n{self.frame}")
            self.read()
        return self.frame

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def press_and_see(self, keys: str, pattern: str) -> str:
        before = self.frames
        self.press(keys)
        return self.see(pattern, after=before)

    def wait(self) -> int:
        """Waits for the end; returns the exit code."""
        deadline = time.monotonic() + PATIENCE
        while not self.ended:
            assert time.monotonic() < deadline, f"it goes on:\n{self.frame}"
            self.read()
        self.child.wait() if self.child.isalive() else None
        self.child.close()
        return self.child.exitstatus if self.child.exitstatus is not None else -int(self.child.signalstatus or 0)


@dataclass
class Cargo:
    """Stands before the real cargo: notes each build, and holds it for as long as a test wants."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        real = shutil.which("cargo")
        script = self.folder / "cargo"
        script.write_text(
            f'#!/bin/sh\n[ "$1" = build ] && date +%s.%N >>"{self.folder}/log"\n'
            f'while [ -e "{self.folder}/hold" ]; do sleep 0.02; done\nexec "{real}" "$@"\n',
            encoding="utf-8",
        )
        script.chmod(0o755)

    @property
    def env(self) -> dict[str, str]:
        # Every run must ask cargo, or there would be nothing to count.
        return {"PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}", "WORKBOOK_REPLAY": "0"}

    @property
    def builds(self) -> list[float]:
        log = self.folder / "log"
        return [float(line) for line in log.read_text().split()] if log.exists() else []

    def hold(self) -> None:
        (self.folder / "hold").touch()

    def release(self) -> None:
        (self.folder / "hold").unlink()

    def wait_for(self, terminal: Terminal, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while len(self.builds) < count:
            assert time.monotonic() < deadline, f"{len(self.builds)} builds, {count} are expected"
            terminal.read()

    def settle(self, terminal: Terminal) -> int:
        """The number of builds once no more come."""
        seen, since = len(self.builds), time.monotonic()
        while time.monotonic() - since < QUIET:
            terminal.read()
            if len(self.builds) != seen:
                seen, since = len(self.builds), time.monotonic()
        return seen


@pytest.fixture
def opened() -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.child.close(force=True)


@pytest.fixture
def cargo(tmp_path: Path) -> Cargo:
    return Cargo(tmp_path / "cargo")


class Opener:
    """Opens terminals that are closed when the test is over."""

    def __init__(self, opened: list[Terminal]) -> None:
        self.opened = opened

    def __call__(self, copy: Copy, *arguments: str, cargo: Cargo | None = None, **env: str) -> Terminal:
        both = {**(cargo.env if cargo else {}), **env}
        terminal = Terminal(copy, copy.command(*arguments), env=both)
        self.opened.append(terminal)
        return terminal

    def shell(self, copy: Copy, script: str) -> Terminal:
        terminal = Terminal(copy, ["sh", "-c", script])
        self.opened.append(terminal)
        return terminal


@pytest.fixture
def watch(opened: list[Terminal]) -> Opener:
    return Opener(opened)


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def nothing_left(copy: Copy) -> bool:
    return wait_until(lambda: not processes(str(copy.root)))


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_the_first_pending_exercise_is_shown_with_its_verdict(small: Copy, watch: Opener) -> None:
    frame = watch(small).see("(?s)does not compile.*q quit")
    lines = [line.rstrip("\r") for line in frame.splitlines()]
    assert lines[0].startswith(f"01_tensors / {COUNT}  Count before you give") and lines[0].endswith("1/3")
    assert "error[E0382]: borrow of moved value: `weights`" in lines
    assert "Hint (E0382)" in lines
    assert re.search(r"─+ 0/3", frame)
    assert lines[-1] == "n next  p previous  h hint  l list  s solution  r run  x reset  z quiz  q quit"


def test_the_compilers_colours_and_ours_are_there(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("(?s)does not compile.*q quit")
    assert "\x1b[1;31;7m" in terminal.text
    assert re.search(r"\x1b\[[0-9;]*merror\[E0382\]", terminal.text)


def test_plain_has_neither_colours_nor_moves_of_the_cursor(small: Copy, watch: Opener) -> None:
    terminal = watch(small, "watch", "--plain")
    deadline = time.monotonic() + PATIENCE
    while "q quit" not in terminal.text.rpartition("does not compile")[2]:
        assert time.monotonic() < deadline, terminal.text
        terminal.read()
    assert "\x1b" not in terminal.text


def test_no_color_takes_the_colours_and_leaves_the_screen(small: Copy, watch: Opener) -> None:
    terminal = watch(small, NO_COLOR="1")
    terminal.see("does not compile")
    assert "\x1b[" not in terminal.text.replace(CLEAR, "").replace("\r\x1b[2K", "")


def test_watch_needs_a_terminal(small: Copy) -> None:
    reply = small.call("watch")
    assert reply.code == 2
    assert "'watch' needs a terminal" in reply.err


def test_a_named_exercise_is_opened(small: Copy, watch: Opener) -> None:
    watch(small, "watch", MEAN).see("passes its checks, but not its lint")


def test_clippys_advice_comes_after_the_verdict(small: Copy, watch: Opener) -> None:
    small.body(SCALE, "*value = *value * factor;")
    watch(small, "watch", SCALE).see(r"(?s)passes.*Clippy, Rust's linter, adds:.*assign")


# --- saves ------------------------------------------------------------------------------------------------------------


def test_a_save_is_noticed(small: Copy, watch: Opener, cargo: Cargo) -> None:
    terminal = watch(small, "watch", SCALE, cargo=cargo)
    terminal.see("a check fails")
    noticed, shown = [], []
    for number in range(6):
        cargo.settle(terminal)
        before, runs = terminal.frames, len(cargo.builds)
        saved, at = time.time(), time.monotonic()
        if number % 2:
            small.body(SCALE, f"let _ = (&value, factor, {number});")
        else:
            small.solve(SCALE)
        terminal.see("a check fails" if number % 2 else "passes  2 checks", after=before)
        shown.append(time.monotonic() - at)
        noticed.append(cargo.builds[runs] - saved)
    print(f"\nsave to cargo's call: median {statistics.median(noticed) * 1000:.0f} ms, worst {max(noticed) * 1000:.0f}")
    print(f"save to the verdict:  median {statistics.median(shown) * 1000:.0f} ms, worst {max(shown) * 1000:.0f}")
    # Said in full seconds, because of machines that do other things as well. Fifty milliseconds are what we aim at.
    assert statistics.median(noticed) < 5.0


def test_a_save_during_a_run_starts_one_more_after_it(small: Copy, watch: Opener, cargo: Cargo) -> None:
    terminal = watch(small, "watch", SCALE, cargo=cargo)
    terminal.see("a check fails")
    begun = cargo.settle(terminal)
    cargo.hold()
    small.body(SCALE, "*value += factor;")
    cargo.wait_for(terminal, begun + 1)
    for change in ("*value -= factor;", "*value /= factor;"):
        small.body(SCALE, change)
        assert cargo.settle(terminal) == begun + 1, "two runs at once"
    small.solve(SCALE)
    cargo.settle(terminal)
    cargo.release()
    terminal.see("passes  2 checks")
    assert cargo.settle(terminal) == begun + 2


def test_a_burst_of_saves_is_two_runs_at_most(small: Copy, watch: Opener, cargo: Cargo) -> None:
    terminal = watch(small, "watch", SCALE, cargo=cargo)
    terminal.see("a check fails")
    begun = cargo.settle(terminal)
    cargo.hold()
    for number in range(9):
        small.body(SCALE, f"*value += factor * {number}.0;")
    small.solve(SCALE)
    cargo.wait_for(terminal, begun + 1)
    cargo.release()
    terminal.see("passes  2 checks")
    assert begun + 1 <= cargo.settle(terminal) <= begun + 2


def test_saving_what_is_there_already_in_the_middle_of_its_run_is_no_second_run(
    small: Copy, watch: Opener, cargo: Cargo
) -> None:
    terminal = watch(small, "watch", SCALE, cargo=cargo)
    terminal.see("a check fails")
    begun = cargo.settle(terminal)
    cargo.hold()
    small.solve(SCALE)
    cargo.wait_for(terminal, begun + 1)
    small.solve(SCALE)
    cargo.settle(terminal)
    cargo.release()
    terminal.see("passes  2 checks")
    assert cargo.settle(terminal) == begun + 1


def by_replacing(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.tmp")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def by_moving_the_old_away(path: Path, text: str) -> None:
    # vim, with a backup: a probe whether the folder can be written, the old file aside, a new one, the old one gone.
    probe, old = path.with_name("4913"), path.with_name(f"{path.name}~")
    probe.touch()
    probe.unlink()
    path.rename(old)
    path.write_text(text, encoding="utf-8")
    old.unlink()


def by_truncating_first(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.flush()
        time.sleep(0.03)
        file.write(text)


@pytest.mark.parametrize("save", [by_replacing, by_moving_the_old_away, by_truncating_first])
def test_every_way_of_saving_is_noticed(small: Copy, watch: Opener, save) -> None:  # type: ignore[no-untyped-def]
    terminal = watch(small, "watch", SCALE)
    terminal.see("a check fails")
    for text, verdict in ((small.solution(SCALE), "passes  2 checks"), (small.starter(SCALE), "a check fails")):
        before = terminal.frames
        save(small.path(SCALE), text)
        terminal.see(verdict, after=before)


def test_it_follows_to_another_exercise_that_is_edited(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("does not compile")
    small.body(SCALE, "*value += factor;")
    frame = terminal.see("a check fails")
    assert f"01_tensors / {SCALE}" in frame and COUNT not in frame
    small.write(COUNT, small.starter(COUNT) + "\n")
    assert f"01_tensors / {COUNT}" in terminal.see("does not compile")


def test_other_files_are_no_saves(small: Copy, watch: Opener, cargo: Cargo) -> None:
    terminal = watch(small, cargo=cargo)
    terminal.see("does not compile")
    begun = cargo.settle(terminal)
    (small.path(COUNT).parent / ".count_first.rs.swp").write_text("", encoding="utf-8")
    (small.path(COUNT).parent / "notes.txt").write_text("", encoding="utf-8")
    assert cargo.settle(terminal) == begun


def test_a_deleted_file_is_told_and_comes_back(small: Copy, watch: Opener) -> None:
    small.solve(SCALE)
    terminal = watch(small, "watch", SCALE)
    terminal.see("passes  2 checks")
    small.path(SCALE).unlink()
    terminal.see(f"exercises/01_tensors/{SCALE}.rs is not there. 'python3 workbook reset")
    # Keys that would read it say so, too, and do not end the session.
    assert "is not there" in terminal.press_and_see("s", "q quit")
    small.solve(SCALE)
    terminal.see("passes  2 checks")
    small.path(SCALE).write_bytes(b"\xff")
    terminal.see(r"is not UTF-8 text \(byte 0\)")
    small.write(SCALE, small.starter(SCALE))
    terminal.see("a check fails")


def test_a_damaged_progress_file_is_told(small: Copy, watch: Opener) -> None:
    (small.root / "progress.toml").write_text("[", encoding="utf-8")
    assert "progress.toml was damaged and is kept as progress.damaged-" in watch(small).see("does not compile")


# --- keys -------------------------------------------------------------------------------------------------------------


def test_next_and_previous_go_through_the_exercises(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("does not compile")
    assert SCALE in terminal.press_and_see("n", "a check fails")
    assert MEAN in terminal.press_and_see("n", "not its lint")
    # The last one has none after it.
    assert MEAN in terminal.press_and_see("n", "not its lint")
    assert SCALE in terminal.press_and_see("p", "a check fails")
    assert COUNT in terminal.press_and_see("p", "does not compile")
    assert COUNT in terminal.press_and_see("p", "does not compile")


def test_after_a_pass_next_is_the_next_to_do(small: Copy, watch: Opener) -> None:
    small.solve(COUNT, SCALE)
    assert small.call("run", SCALE).code == 0
    terminal = watch(small)
    terminal.see("passes  2 checks")
    assert f"01_tensors / {MEAN}" in terminal.press_and_see("n", "not its lint")


def test_keys_that_are_pressed_together_all_count(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("does not compile")
    terminal.press("nnp")
    terminal.see(f"(?s){SCALE}.*a check fails")


def test_hints_come_one_by_one(small: Copy, watch: Opener) -> None:
    hints = small.course().exercise(COUNT).hints
    terminal = watch(small)
    terminal.see("does not compile")
    for shown in (1, 2, 3):
        terminal.press_and_see("h", f"Hint {shown} of 3")
        frame = terminal.see("q quit")
        assert [f"Hint {number} of 3" in frame for number in (1, 2, 3)] == [number <= shown for number in (1, 2, 3)]
        assert hints[shown - 1].replace("`", "") in frame


def test_the_list_is_walked_with_arrows(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("does not compile")

    def chosen(keys: str) -> str:
        frame = terminal.press_and_see(keys, "Enter open")
        pointed = [line.split()[3] for line in frame.splitlines() if line.startswith("▶")]
        assert len(pointed) == 1, frame
        return pointed[0]

    assert chosen("l") == COUNT
    assert chosen(DOWN) == SCALE
    assert chosen("j") == MEAN
    assert chosen(DOWN) == MEAN
    assert chosen(UP) == SCALE
    assert chosen("k") == COUNT
    assert chosen(DOWN) == SCALE
    assert f"01_tensors / {SCALE}" in terminal.press_and_see(ENTER, "a check fails")
    assert chosen("l") == SCALE
    assert chosen(DOWN) == MEAN
    # Escape goes back to what was there.
    assert f"01_tensors / {SCALE}" in terminal.press_and_see(ESCAPE, "a check fails")


def test_a_key_that_means_nothing_in_the_list_leaves_the_keyboard_alive(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("does not compile")
    terminal.press_and_see("l", "Enter open")
    terminal.press("zhsx!")
    terminal.press_and_see(DOWN, "Enter open")
    terminal.press_and_see(ESCAPE, "does not compile")
    terminal.press_and_see("x", r"\[y/n\]")
    terminal.press_and_see("z", "q quit")
    assert SCALE in terminal.press_and_see("n", "a check fails")


def test_the_solution_is_shown_after_a_pass(small: Copy, watch: Opener) -> None:
    terminal = watch(small, "watch", SCALE)
    terminal.see("a check fails")
    frame = terminal.press_and_see("s", "The solution opens once your own passes")
    assert "*value *= factor;" not in frame
    small.body(SCALE, "*value = factor * *value;")
    terminal.see("passes  2 checks")
    frame = terminal.press_and_see("s", "It writes where the value stands")
    assert re.search(r"\*value = factor \* \*value; +│ +\*value \*= factor;", frame)


def test_run_runs_again(small: Copy, watch: Opener, cargo: Cargo) -> None:
    terminal = watch(small, cargo=cargo)
    terminal.see("does not compile")
    begun = cargo.settle(terminal)
    terminal.press("r")
    assert cargo.settle(terminal) == begun + 1


def test_reset_asks_first_and_keeps_what_it_replaces(small: Copy, watch: Opener) -> None:
    small.solve(COUNT)
    terminal = watch(small, "watch", COUNT)
    terminal.see("passes  2 checks")
    for answer in ("n", "q", ENTER):
        terminal.press_and_see("x", rf"Put {COUNT} back to its start\?.*\[y/n\]")
        frame = terminal.press_and_see(answer, "q quit")
        assert "[y/n]" not in frame
        assert small.path(COUNT).read_text(encoding="utf-8") == small.solution(COUNT)
    terminal.press_and_see("x", r"\[y/n\]")
    frame = terminal.press_and_see("y", "(?s)does not compile")
    assert small.path(COUNT).read_text(encoding="utf-8") == small.starter(COUNT)
    kept = list((small.root / ".workbook" / "backup").iterdir())
    assert [path.read_text(encoding="utf-8") for path in kept] == [small.solution(COUNT)]
    assert Progress.load(small.root).exercises == {}


def test_a_question_about_one_exercise_is_not_answered_for_another(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("does not compile")
    terminal.press_and_see("x", rf"Put {COUNT} back")
    small.body(SCALE, "*value += factor;")
    terminal.see(f"(?s)01_tensors / {SCALE}.*a check fails")
    terminal.press("y")
    terminal.press_and_see("h", "Hint 1 of 3")
    assert "*value += factor;" in small.path(SCALE).read_text(encoding="utf-8")


def test_a_reset_that_cannot_keep_a_backup_is_told(small: Copy, watch: Opener) -> None:
    small.solve(SCALE)
    terminal = watch(small, "watch", SCALE)
    terminal.see("passes  2 checks")
    (small.root / ".workbook" / "backup").write_text("in the way", encoding="utf-8")
    terminal.press_and_see("x", r"\[y/n\]")
    terminal.press_and_see("y", "was not touched: a backup could not be written")
    assert small.path(SCALE).read_text(encoding="utf-8") == small.solution(SCALE)


def test_a_chapter_that_is_done_offers_its_quiz(small: Copy, watch: Opener) -> None:
    small.solve(COUNT, SCALE)
    assert small.call("verify").code == 1
    terminal = watch(small)
    terminal.see("not its lint")
    small.solve(MEAN)
    frame = terminal.see("(?s)Chapter done.* quit")
    assert "Every exercise of 'The tensors' is done. Press z for its quiz" in " ".join(frame.split())
    assert re.search(r"━+ 3/3", frame)

    terminal.press_and_see("z", "(?s)The tensors: quiz.*Does this program compile")
    # Answered in line mode: no, its code, its line.
    terminal.press("n\n")
    terminal.see("as a letter or a code")
    terminal.press("E0382\n")
    terminal.see("At which line")
    terminal.press("4\n")
    terminal.see("Right")
    terminal.press(END)
    terminal.see("Press Enter to go back")
    frame = terminal.press_and_see("\n", "Chapter done")
    assert "Last time: 1 of 10" in " ".join(frame.split())
    # The keys are read one by one again.
    terminal.press_and_see("l", "Enter open")
    terminal.press_and_see(ESCAPE, "Chapter done")


# --- the end ----------------------------------------------------------------------------------------------------------


def endless(copy: Copy) -> None:
    copy.body(SCALE, "loop {\n    let _ = (&value, factor);\n    std::hint::spin_loop();\n}")
    registry = copy.root / "chapters/01_tensors/chapter.toml"
    registry.write_text(registry.read_text(encoding="utf-8").replace("limit = 2", "limit = 120"), encoding="utf-8")


def running(terminal: Terminal, copy: Copy) -> None:
    """Waits for the check to run; an endless one is then in full swing."""
    deadline = time.monotonic() + PATIENCE
    while not any("--exact" in command for command in processes(str(copy.root))):
        assert time.monotonic() < deadline, terminal.frame
        terminal.read()


@pytest.mark.parametrize("how", ["q", "\x03", "SIGTERM", "\x04"])
def test_the_end_restores_the_terminal_and_leaves_nothing_running(small: Copy, watch: Opener, how: str) -> None:
    endless(small)
    command = " ".join(f"'{word}'" for word in small.command("watch", SCALE))
    terminal = watch.shell(small, f"trap : INT; echo before $(stty -g); {command}; echo code $?; echo after $(stty -g)")
    running(terminal, small)
    if how == "SIGTERM":
        (pid,) = (child for child in children(terminal.child.pid))
        os.kill(pid, signal.SIGTERM)
    elif how == "\x04":
        # In single-key mode the end of input is a key like any other, and means nothing.
        terminal.press_and_see(how + "l", "Enter open")
        terminal.press_and_see(ESCAPE, "checking")
        terminal.press("q")
    else:
        terminal.press(how)
    terminal.wait()
    said = strip_ansi(terminal.text)
    before, after = re.search(r"before (\S+)", said), re.search(r"after (\S+)", said)
    assert before and after and before[1] == after[1]
    assert f"code {143 if how == 'SIGTERM' else 0}" in said
    assert "Traceback" not in said and "Exception" not in said
    if how != "SIGTERM":
        assert "0/3 done. Your work is saved." in said
    assert nothing_left(small), processes(str(small.root))


def children(pid: int | None) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [int(child) for child in text.split()]


def test_a_closed_terminal_ends_everything(small: Copy) -> None:
    endless(small)
    ours, theirs = pty.openpty()

    def take_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        # Whatever the tests were started under.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

    watching = subprocess.Popen(
        small.command("watch", SCALE),
        env=small.environment(TERM="xterm"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    os.close(theirs)
    try:
        assert wait_until(lambda: any("--exact" in command for command in processes(str(small.root))))
        # The window is closed: the kernel hangs up.
        os.close(ours)
        assert watching.wait(PATIENCE) != 0
    finally:
        watching.kill()
    assert nothing_left(small), processes(str(small.root))


def test_quitting_in_the_middle_of_a_build_ends_cargo(small: Copy, watch: Opener, cargo: Cargo) -> None:
    cargo.hold()
    terminal = watch(small, cargo=cargo)
    cargo.wait_for(terminal, 1)
    terminal.press("q")
    assert terminal.wait() == 0
    assert wait_until(lambda: not processes(str(cargo.folder)))


def test_two_do_not_watch_one_course(small: Copy, watch: Opener) -> None:
    first = watch(small)
    first.see("does not compile")
    second = watch(small)
    assert second.wait() == 2
    assert "This course is being watched already, in another terminal." in strip_ansi(second.text)
    # One that runs once works beside it, and the first one is not disturbed.
    assert small.call("run", SCALE).code == 1
    first.press("q")
    assert first.wait() == 0
    third = watch(small)
    third.see("does not compile")


def test_the_screen_follows_the_terminals_size(small: Copy, watch: Opener) -> None:
    terminal = watch(small)
    terminal.see("does not compile")
    widths = []
    for columns in (60, 80):
        before = terminal.frames
        terminal.child.setwinsize(40, columns)
        frame = terminal.see("(?s)does not compile.*q quit", after=before)
        widths.append(len(frame.splitlines()[0].rstrip()))
    assert widths[1] - widths[0] == 20


# --- more than one chapter --------------------------------------------------------------------------------------------


def test_the_keys_lead_from_chapter_to_chapter(three: Copy, watch: Opener) -> None:
    terminal = watch(three, "watch", MEAN)
    terminal.see("not its lint")
    assert "02_layers" in terminal.press_and_see("n", f"(?s){COUNT}_layers.*does not compile")
    frame = terminal.press_and_see("l", "Enter open")
    assert [name in frame for name in ("01_tensors", "02_layers", "03_models")] == [True] * 3
    terminal.press_and_see(ESCAPE, "does not compile")
    three.solve(f"{COUNT}_layers")
    assert re.search(r"1/9", terminal.see("passes  2 checks"))
    three.write(f"{SCALE}_models", three.starter(f"{SCALE}_models") + "\n")
    terminal.see("(?s)03_models.*a check fails")


def test_the_list_scrolls_where_the_terminal_is_low(three: Copy, watch: Opener) -> None:
    terminal = watch(three)
    terminal.see("does not compile")
    terminal.child.setwinsize(9, 100)
    frame = terminal.press_and_see("l", "Enter open")
    assert f"{MEAN}_models" not in frame
    for _ in range(8):
        frame = terminal.press_and_see(DOWN, "Enter open")
    assert re.search(rf"(?m)^▶ .*{MEAN}_models", frame)
    assert len(frame.splitlines()) <= 9
