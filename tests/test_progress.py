"""The progress file: what it means, and that nothing which can happen to a program loses it."""

from __future__ import annotations

import errno
import os
import re
import resource
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from course_copy import COUNT, MEAN, ROOT, SCALE, Copy
from workbook import files
from workbook.course import CourseError
from workbook.files import back_up, fingerprint, locked, write_atomically
from workbook.progress import Progress

# What processes that run beside the test do: one record each, for an exercise of its own.
RECORD = """
import sys
from pathlib import Path
from workbook.course import Course, Exercise
from workbook.progress import Progress
root, name = Path(sys.argv[1]), sys.argv[2]
item = Exercise("01_tensors", name, "", 1, (), (), (), (), "")
progress = Progress.load(root)
{before}
progress.record(Course(root, ()), item, passed=True, sha256="f00d")
"""


def recorder(copy: Copy, name: str, before: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RECORD.format(before=before), str(copy.root), name]
    return subprocess.Popen(
        command, env=copy.environment(), stdin=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


def states(copy: Copy) -> list[str]:
    progress = Progress.load(copy.root)
    return [progress.state(copy.course(), item) for item in copy.course().exercises]


def passed(copy: Copy, name: str) -> None:
    item = copy.course().exercise(name)
    Progress.load(copy.root).record(copy.course(), item, passed=True, sha256=fingerprint(copy.path(name)))


def leftovers(copy: Copy) -> list[str]:
    return sorted(path.name for path in copy.root.glob(".progress*"))


# --- what it means ----------------------------------------------------------------------------------------------------


def test_pending_done_stale_and_done_again(small: Copy) -> None:
    def state() -> str:
        reply = small.call("list", "--json")
        return next(row["state"] for row in reply.data if row["name"] == SCALE)

    assert state() == "pending"
    assert small.call("run", SCALE).code == 1
    assert state() == "pending"
    small.solve(SCALE)
    assert state() == "pending", "an edit is no pass"
    assert small.call("run", SCALE).code == 0
    assert state() == "done"
    small.body(SCALE, "*value = *value * factor;")
    assert state() == "stale"
    small.solve(SCALE)
    assert state() == "done", "the very file that passed is back"
    small.body(SCALE, "*value += factor;")
    assert small.call("run", SCALE).code == 1
    assert state() == "stale", "what was done once is not forgotten"
    small.body(SCALE, "*value = factor * *value;")
    assert small.call("run", SCALE).code == 0
    assert state() == "done"


def test_what_passed_under_other_checks_is_done_no_more(small: Copy) -> None:
    small.solve(SCALE)
    assert small.call("run", SCALE).code == 0
    assert states(small)[1] == "done"
    checks = small.root / f"chapters/01_tensors/checks/{SCALE}.rs"
    checks.write_text(checks.read_text(encoding="utf-8").replace("6.0, -2.0", "7.0, -2.0"), encoding="utf-8")
    assert small.call("run", SCALE).code == 1
    assert states(small)[1] == "stale"


def test_a_deleted_file_that_was_done_is_stale(small: Copy) -> None:
    passed(small, SCALE)
    assert states(small)[1] == "done"
    small.path(SCALE).unlink()
    assert states(small)[1] == "stale"


def test_the_status_counts_them(small: Copy) -> None:
    for name in (COUNT, SCALE):
        passed(small, name)
    small.body(SCALE, "*value += factor;")
    row = small.call("status", "--json").data["chapters"][0]
    assert (row["exercises"], row["done"], row["stale"], row["minutes_left"]) == (3, 1, 1, 10)
    shown = small.call("status").out
    assert "1/3, 1 edited since they passed, quiz not taken, about 10 min to go" in shown


def test_everything_that_is_kept_comes_back(small: Copy) -> None:
    course = small.course()
    progress = Progress.load(small.root)
    progress.record(course, course.exercise(SCALE), passed=True, sha256="abc")
    progress.record_hint(course.exercise(MEAN), 2)
    progress.record_quiz("01_tensors", 7, 10, ['odd "id"\\', "line\nend"])
    progress.set_current(course.exercise(MEAN))
    again = Progress.load(small.root)
    assert again.exercises == progress.exercises and list(again.exercises) == [f"01_tensors/{SCALE}"]
    assert again.hints_shown(course.exercise(MEAN)) == 2
    quiz = again.quiz("01_tensors")
    assert quiz and (quiz["score"], quiz["total"], quiz["missed"]) == (7, 10, ['odd "id"\\', "line\nend"])
    assert again.current == f"01_tensors/{MEAN}"
    again.forget(course.exercise(SCALE))
    assert Progress.load(small.root).exercises == {}


def test_the_file_can_be_read_by_people_and_by_others(small: Copy) -> None:
    passed(small, SCALE)
    path = small.root / "progress.toml"
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Your progress in Rust for AI.")
    assert tomllib.loads(text)["exercises"][f"01_tensors/{SCALE}"]["sha256"] == fingerprint(small.path(SCALE))
    assert path.stat().st_mode & 0o777 == 0o644


def test_what_others_add_to_an_entry_does_not_damage_it(small: Copy) -> None:
    passed(small, SCALE)
    path = small.root / "progress.toml"
    path.write_text(path.read_text(encoding="utf-8") + '"a note" = "mine"\n', encoding="utf-8")
    passed(small, COUNT)
    assert states(small) == ["done", "done", "pending"]
    assert Progress.load(small.root).damaged is None


# --- what can happen to it --------------------------------------------------------------------------------------------


def test_twenty_runners_at_once_lose_nothing(small: Copy) -> None:
    # Each waits for a line, so that all are there before the first begins.
    runners = [recorder(small, f"exercise_{number}", "sys.stdin.readline()") for number in range(20)]
    for runner in runners:
        assert runner.stdin
        runner.stdin.write("go\n")
        runner.stdin.flush()
    said = [runner.communicate(timeout=120)[1] for runner in runners]
    assert [(runner.returncode, text) for runner, text in zip(runners, said, strict=True)] == [(0, "")] * 20
    kept = Progress.load(small.root)
    assert kept.damaged is None
    assert set(kept.exercises) == {f"01_tensors/exercise_{number}" for number in range(20)}
    assert leftovers(small) == []


@pytest.mark.parametrize("moment", ["os.fsync", "Path.chmod", "Path.replace"])
def test_a_process_killed_while_it_writes_leaves_the_old_file_whole(small: Copy, moment: str) -> None:
    passed(small, SCALE)
    before = (small.root / "progress.toml").read_bytes()
    kill = f"import os, signal\n{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    killed = recorder(small, "never", kill)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert (small.root / "progress.toml").read_bytes() == before
    # The lock has gone with it, and the next one writes.
    after = recorder(small, "next")
    assert after.communicate(timeout=60)[1] == ""
    assert set(Progress.load(small.root).exercises) == {f"01_tensors/{SCALE}", "01_tensors/next"}


def limit_files() -> None:
    # Every write to a file fails from here on; Python ignores the signal and gets an error, as on a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_a_disk_that_takes_nothing_is_told_and_the_old_file_stays(small: Copy) -> None:
    passed(small, COUNT)
    before = (small.root / "progress.toml").read_bytes()
    done = subprocess.run(
        small.command("hint", SCALE),
        env=small.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        preexec_fn=limit_files,
        timeout=60,
    )
    assert done.returncode == 2
    assert re.fullmatch(r"workbook: progress\.toml could not be written: .+ The old one is untouched\.\n", done.stderr)
    assert (small.root / "progress.toml").read_bytes() == before
    assert leftovers(small) == []


def test_a_full_disk_does_not_hide_the_verdict(small: Copy) -> None:
    """The verdict is shown first; that it could not be kept is said after it."""
    small.solve(SCALE)
    assert small.call("verify", "--solutions").code == 0
    sabotage = """
import errno, os, sys
def full(_): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
os.fsync = full
from workbook.__main__ import main
sys.exit(main(["run", sys.argv[1]]))
"""
    done = subprocess.run(
        [sys.executable, "-c", sabotage, SCALE],
        env=small.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 2
    assert "passes  2 checks" in done.stdout
    assert "progress.toml could not be written: No space left on device. The old one is untouched." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (small.root / "progress.toml").exists() and leftovers(small) == []


DAMAGES = {
    "half a file": b'[exercises."01_tensors/scale',
    "no text": b"\xff\xfe\x00",
    "noughts": b"\0" * 300,
    "a list for a table": b"exercises = [1, 2]\n",
    "a text for a table": b'hints = "many"\n',
    "a text for a number": b'[hints]\n"01_tensors/mean_of_any" = "two"\n',
    "a number for a table": b'[exercises]\n"01_tensors/mean_of_any" = 7\n',
    "a quiz without a score": b'[quizzes."01_tensors"]\ntotal = 7\n',
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_file_is_kept_aside(small: Copy, kind: str) -> None:
    path = small.root / "progress.toml"
    path.write_bytes(DAMAGES[kind])
    progress = Progress.load(small.root)
    assert progress.exercises == {} and progress.damaged
    assert progress.damaged.read_bytes() == DAMAGES[kind]
    assert not path.exists()


def test_a_damaged_file_is_told_once_and_rebuilt_by_verify(small: Copy) -> None:
    small.solve(COUNT, SCALE)
    assert small.call("verify").code == 1
    for command in (["run", SCALE], ["list"], ["list", "--json"], ["status"], ["hint", SCALE], ["verify"], []):
        (small.root / "progress.toml").write_bytes(DAMAGES["half a file"])
        reply = small.call(*command)
        assert reply.err.count("progress.toml was damaged and is kept as progress.damaged-") == 1, command
        assert "'python3 workbook verify' fills a new one." in reply.err
    assert len(list(small.root.glob("progress.damaged-*.toml"))) == 7
    assert small.call("verify").err == ""
    assert states(small) == ["done", "done", "pending"]


def test_a_file_that_is_damaged_between_two_writes_is_kept_aside_too(small: Copy) -> None:
    progress = Progress.load(small.root)
    (small.root / "progress.toml").write_bytes(DAMAGES["no text"])
    course = small.course()
    progress.record(course, course.exercise(SCALE), passed=True, sha256="abc")
    assert progress.damaged and progress.damaged.read_bytes() == DAMAGES["no text"]
    assert list(Progress.load(small.root).exercises) == [f"01_tensors/{SCALE}"]


def test_two_that_find_it_damaged_do_not_put_the_new_one_aside(small: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.root / "progress.toml"
    path.write_bytes(DAMAGES["no text"])
    read = Progress._read
    first = True

    def slow(path: Path) -> Progress | None:
        nonlocal first
        found = read(path)
        if first:
            # Between this reader's look and its next step, another runner has done all that is needed.
            first = False
            passed(small, SCALE)
        return found

    monkeypatch.setattr(Progress, "_read", slow)
    assert list(Progress.load(small.root).exercises) == [f"01_tensors/{SCALE}"]
    assert len(list(small.root.glob("progress.damaged-*"))) == 1


def test_a_folder_in_its_place_is_told(small: Copy) -> None:
    (small.root / "progress.toml").mkdir()
    for command in (["list"], ["run", SCALE], []):
        reply = small.call(*command)
        assert reply.code == 2
        assert "progress.toml cannot be read: Is a directory." in reply.err


def test_a_lock_that_is_never_given_up_is_told(small: Copy) -> None:
    lock = small.root / ".workbook" / "some.lock"
    with (
        locked(lock),
        pytest.raises(CourseError, match=r"Another runner holds some\.lock"),
        locked(lock, wait=0.1),
    ):
        raise AssertionError("two hold it")
    with locked(lock, wait=0.0):
        pass


def test_a_folder_that_cannot_hold_a_lock_is_told(small: Copy) -> None:
    (small.root / "in the way").write_text("", encoding="utf-8")
    with pytest.raises(CourseError, match="cannot be written"), locked(small.root / "in the way" / "some.lock"):
        raise AssertionError("there is no such lock")


# --- the files below it -----------------------------------------------------------------------------------------------


def test_a_write_that_fails_leaves_the_old_text_and_no_part_of_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.txt"
    write_atomically(path, "old\n")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(CourseError, match=r"file\.txt could not be written: No space left on device\. The old one"):
        write_atomically(path, "new\n")
    assert [entry.read_text(encoding="utf-8") for entry in tmp_path.iterdir()] == ["old\n"]


def test_backups_of_one_moment_do_not_replace_each_other(tmp_path: Path) -> None:
    path = tmp_path / "01_tensors" / "scale.rs"
    path.parent.mkdir()
    kept = set()
    for number in range(50):
        path.write_text(f"{number}", encoding="utf-8")
        copy = back_up(tmp_path, path)
        assert copy
        kept.add(copy)
    assert {copy.read_text(encoding="utf-8") for copy in kept} == {f"{number}" for number in range(50)}
    assert back_up(tmp_path, tmp_path / "absent.rs") is None


def test_the_fingerprint_is_the_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    assert fingerprint(tmp_path / "a") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert fingerprint(tmp_path / "absent") == ""


def test_the_editors_check_is_on_the_exercise_in_hand(small: Copy) -> None:
    import json

    small.solve(COUNT)
    assert small.call("run", SCALE).code == 1
    reply = small.call("editor-check")
    targets = {json.loads(line).get("target", {}).get("name") for line in reply.out.splitlines() if line[:1] == "{"}
    assert SCALE in targets and not targets & {COUNT, MEAN}
    assert (small.root / "target" / "editor").is_dir()
    assert ROOT not in (small.root / "target").parents
