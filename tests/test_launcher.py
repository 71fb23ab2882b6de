"""The launcher, as a process, in clones with an empty home: cold, warm, interrupted, and with every fault it knows."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import PYTHON, ROOT, Clone, new_clone

UV = Path(sys.executable).with_name("uv")
RUSTC = 'echo "rustc 1.95.0 (59807616e 2026-04-14)"'

# Stands in for the package, so that a test sees what the launcher hands over and nothing else.
STUB = """\
import json, os, sys
import workbook
print(json.dumps({"args": sys.argv[1:], "path": os.environ["PATH"], "isolated": sys.flags.isolated}))
sys.exit(7 if "seven" in sys.argv else 0)
"""


def locked(*names: str) -> str:
    """The lock, cut down to some packages: quick to install, and with its real hashes."""
    text = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    blocks = [re.search(rf"^{name}==(?:.*\\\n)*.*\n", text, re.MULTILINE) for name in names]
    return "".join(block[0] for block in blocks if block)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A clone with a stub for the package, a lock of two small packages, Rust, and no uv."""
    clone = new_clone(tmp_path)
    (clone.root / "python" / "workbook" / "__main__.py").write_text(STUB, encoding="utf-8")
    (clone.root / "requirements" / "base.txt").write_text(locked("annotated-types", "mdurl"), encoding="utf-8")
    clone.program("cargo", "exit 0")
    clone.program("rustc", RUSTC)
    return clone


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A clone that uv has set up; tests copy it."""
    clone = new_clone(tmp_path_factory.mktemp("made"))
    (clone.root / "python" / "workbook" / "__main__.py").write_text(STUB, encoding="utf-8")
    (clone.root / "requirements" / "base.txt").write_text(locked("annotated-types", "mdurl"), encoding="utf-8")
    clone.program("cargo", "exit 0")
    clone.program("rustc", RUSTC)
    clone.link("uv", UV)
    assert clone.run("list").returncode == 0
    return clone


@pytest.fixture
def warm(made: Clone, tmp_path: Path) -> Clone:
    """A clone that is set up. (That a copied `.venv` works is a promise of its own: see `test_a_moved_clone`.)"""
    return made.copy_to(tmp_path)


def works(clone: Clone, *arguments: str, **more: str) -> str:
    """Asserts that the launcher hands over; returns what it said on the way."""
    result = clone.run(*(arguments or ("list",)), **more)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["args"] == list(arguments or ("list",))
    have = clone.call([clone.python, "-c", "import annotated_types, mdurl, workbook; print(workbook.__file__)"])
    assert have.returncode == 0, have.stderr
    # Its own package, and not that of the clone it was copied from.
    assert Path(have.stdout.strip()).is_relative_to(clone.root)
    return result.stderr


def refuses(clone: Clone, *arguments: str, **more: str) -> str:
    """Asserts that the launcher ends with one sentence after its progress lines; returns the sentence."""
    result = clone.run(*(arguments or ("list",)), **more)
    assert result.returncode == 3, (result.returncode, result.stderr)
    assert result.stdout == ""
    sentence = [line for line in result.stderr.splitlines() if not line.startswith(("Setting up", "  "))]
    assert len(sentence) == 1, result.stderr
    assert "Traceback" not in sentence[0]
    return sentence[0]


# Cold and warm.


@pytest.mark.parametrize("with_uv", [False, True], ids=["venv and pip", "uv"])
def test_cold_start_with_the_whole_lock(tmp_path: Path, with_uv: bool) -> None:
    clone = new_clone(tmp_path)
    (clone.root / "python" / "workbook" / "__main__.py").write_text(STUB, encoding="utf-8")
    clone.program("cargo", "exit 0")
    clone.program("rustc", RUSTC)
    if with_uv:
        clone.link("uv", UV)
    start = time.perf_counter()
    result = clone.run("run", "borrow_sum", "--json")
    seconds = time.perf_counter() - start
    assert result.returncode == 0, result.stderr
    # Progress must never get into `--json`.
    assert json.loads(result.stdout)["args"] == ["run", "borrow_sum", "--json"]
    assert ("with uv" in result.stderr) == with_uv
    assert "Ready after" in result.stderr
    assert seconds < 60

    names = "typer, rich, watchfiles, pydantic, platformdirs, tomlkit, junitparser, workbook"
    imports = clone.call([clone.python, "-I", "-c", f"import {names}"])
    assert imports.returncode == 0, imports.stderr
    # Whatever a .pth file imports, every start of every command pays for.
    hooks = list((clone.root / ".venv").glob("lib/*/site-packages/*.pth"))
    assert [hook.name for hook in hooks] == ["workbook.pth"]

    again = clone.run("seven", PYTHONPATH="/nowhere")
    assert again.returncode == 7
    assert again.stderr == ""
    assert json.loads(again.stdout)["isolated"] == 1
    as_module = clone.call([clone.python, "-m", "workbook", "list"])
    assert as_module.returncode == 0, as_module.stderr


def test_warm_start_costs_under_a_tenth_of_a_second(warm: Clone) -> None:
    """On top of Python's own start, which is measured beside it, turn by turn."""
    works(warm)
    bare: list[float] = []
    launched: list[float] = []
    for _ in range(20):
        for command, times in (([PYTHON, "-I", "-c", "1"], bare), (warm.command("list"), launched)):
            start = time.perf_counter()
            subprocess.run(command, env=warm.environment(), stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - start)
    added = statistics.median(launched) - statistics.median(bare)
    print(f"bare {statistics.median(bare) * 1000:.1f} ms, launcher adds {added * 1000:.1f} ms")
    assert added < 0.1


def test_a_moved_clone(warm: Clone) -> None:
    moved = warm.root.with_name("elsewhere")
    warm.root.rename(moved)
    warm.root = moved
    assert works(warm) == ""


def test_a_changed_lock_is_installed_in_place(warm: Clone) -> None:
    kept = warm.root / ".venv" / "mine"
    kept.touch()
    lock = warm.root / "requirements" / "base.txt"
    lock.write_text(lock.read_text(encoding="utf-8") + locked("tomlkit"), encoding="utf-8")
    assert "installing 3 packages" in works(warm)
    assert warm.call([warm.python, "-c", "import tomlkit"]).returncode == 0
    assert kept.exists()
    assert works(warm) == ""


def test_an_environment_of_the_users_own_is_used_and_kept(clone: Clone) -> None:
    subprocess.run([PYTHON, "-m", "venv", clone.root / ".venv"], check=True)
    kept = clone.root / ".venv" / "mine"
    kept.touch()
    assert "making" not in works(clone)
    assert kept.exists()


def test_exit_code_and_arguments_pass_through(warm: Clone) -> None:
    result = warm.run("seven", "--help", "a b", "ü")
    assert result.returncode == 7
    assert json.loads(result.stdout)["args"] == ["seven", "--help", "a b", "ü"]


# Set-ups that were interrupted, or two at once.


def start(clone: Clone) -> subprocess.Popen[str]:
    return subprocess.Popen(
        clone.command("list"),
        cwd=clone.home,
        env=clone.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    limit = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "the set-up ended before it could be interrupted"
        assert time.monotonic() < limit
        time.sleep(0.002)


def logged(clone: Clone, words: str) -> Callable[[], bool]:
    log = clone.root / ".workbook" / "setup.log"
    return lambda: log.exists() and words in log.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("words", ["-m venv", "-m pip", "Collecting", "Installing collected"])
def test_a_killed_set_up_repairs_itself(clone: Clone, words: str) -> None:
    first = start(clone)
    wait_for(logged(clone, words), first)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    assert not (clone.root / ".venv" / "workbook.stamp").exists()
    assert "making .venv" in works(clone)
    assert works(clone) == ""


def test_half_a_package_is_not_taken_for_a_whole_one(warm: Clone) -> None:
    """What a kill in the middle of unpacking leaves: the package's record is there, its files are not."""
    (warm.root / ".venv" / "workbook.stamp").unlink()
    (warm.root / ".workbook" / "setup-unfinished").touch()
    shutil.rmtree(next((warm.root / ".venv").glob("lib/*/site-packages/mdurl")))
    works(warm)


def test_control_c_during_the_set_up(clone: Clone) -> None:
    first = start(clone)
    wait_for(logged(clone, "-m pip"), first)
    os.killpg(first.pid, signal.SIGINT)
    _, said = first.communicate(timeout=60)
    assert first.returncode == 130
    assert "Stopped." in said and "Traceback" not in said
    works(clone)


def test_a_second_set_up_waits_for_the_first(clone: Clone) -> None:
    first = start(clone)
    wait_for(logged(clone, "-m venv"), first)
    second = clone.run("list")
    assert second.returncode == 0, second.stderr
    assert "Another set-up is running in this folder; waiting" in second.stderr
    assert "installing" not in second.stderr
    _, said = first.communicate(timeout=60)
    assert first.returncode == 0, said
    assert "installing" in said


def test_an_installer_that_outlives_its_launcher_is_waited_for(clone: Clone) -> None:
    # A uv that is slow to install: long enough for the second set-up to find it at work on any machine.
    at_work = clone.home / "at-work"
    clone.program("uv", f'if [ "$1" = pip ]; then : > "{at_work}"; /bin/sleep 5; fi; exec "{UV}" "$@"')
    first = start(clone)
    wait_for(at_work.exists, first)
    os.kill(first.pid, signal.SIGKILL)  # The launcher alone; its installer goes on.
    said = works(clone)
    first.communicate()
    assert "waiting for it to end" in said
    assert "making .venv" in said


# Environments that are broken.


def _garbage(clone: Clone) -> None:
    clone.python.unlink()
    clone.python.write_text("no program", encoding="utf-8")
    clone.python.chmod(0o755)


def _truncated(clone: Clone) -> None:
    """A damaged copy of Python, of the right name."""
    clone.python.unlink()
    clone.python.write_bytes(Path(os.path.realpath(PYTHON)).read_bytes()[:4096])
    clone.python.chmod(0o755)


def _dangling(clone: Clone) -> None:
    """What a removed or upgraded Python leaves."""
    clone.python.unlink()
    clone.python.symlink_to("/nowhere/python3.11")


def _empty(clone: Clone) -> None:
    shutil.rmtree(clone.root / ".venv")
    (clone.root / ".venv").mkdir()


def _a_file(clone: Clone) -> None:
    shutil.rmtree(clone.root / ".venv")
    (clone.root / ".venv").touch()


def _no_configuration(clone: Clone) -> None:
    (clone.root / ".venv" / "pyvenv.cfg").unlink()


def _stamp(clone: Clone) -> None:
    stamp = clone.root / ".venv" / "workbook.stamp"
    stamp.write_bytes(stamp.read_bytes()[:-1])


def _marked(clone: Clone) -> None:
    """A package is lost: what the runner does when an import fails."""
    shutil.rmtree(next((clone.root / ".venv").glob("lib/*/site-packages/mdurl")))
    result = clone.call([clone.python, "-c", "from workbook import groups; groups.repair('mdurl')"])
    assert result.returncode == 3
    assert "Type the same command again" in result.stderr


@pytest.mark.parametrize(
    "broken", [_garbage, _truncated, _dangling, _empty, _a_file, _no_configuration, _stamp, _marked]
)
def test_a_broken_environment_is_made_anew(warm: Clone, broken: Callable[[Clone], None]) -> None:
    broken(warm)
    assert "Ready after" in works(warm)
    assert works(warm) == ""


# Faults of the machine, one sentence each.


def namespaced(clone: Clone, mount: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the launcher where `mount` (shell, `$1` is the clone's root) has changed what is mounted."""
    unshare = shutil.which("unshare")
    assert unshare, "the tests of read-only folders and full disks need Linux's unshare"
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    script = f'PATH=/usr/sbin:/usr/bin:/sbin:/bin; {mount}; root=$1; shift; PATH={clone.programs}; exec "$@"'
    return clone.call(
        [unshare, *user, "--mount", "/bin/sh", "-ec", script, "sh", str(clone.root), *clone.command(*arguments)]
    )


READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"'


def test_a_read_only_folder(clone: Clone) -> None:
    result = namespaced(clone, READ_ONLY, "list")
    assert result.returncode == 3, result.stderr
    assert result.stderr == (
        f"{clone.root} cannot be written: clone or copy the course to a folder of your own, "
        "then type the same command again.\n"
    )


def test_a_read_only_folder_that_was_set_up_before(warm: Clone) -> None:
    result = namespaced(warm, READ_ONLY, "list")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("with_uv", "size"),
    # A venv with pip takes 20 MB, one by uv next to nothing; all packages together 15 MB.
    [(False, "2m"), (False, "24m"), (True, "100k"), (True, "8m")],
    ids=["venv", "pip half-way", "uv at once", "uv half-way"],
)
def test_a_full_disk(clone: Clone, with_uv: bool, size: str) -> None:
    shutil.copy(ROOT / "requirements" / "base.txt", clone.root / "requirements" / "base.txt")
    if with_uv:
        clone.link("uv", UV)
    # Only what the launcher needs: the chapters are not the disk that is to be full.
    spare = clone.root.with_name("spare")
    spare.mkdir()
    for name in ("workbook", "Cargo.toml", "requirements/base.txt"):
        (spare / name).parent.mkdir(exist_ok=True)
        (clone.root / name).rename(spare / name)
    mount = f'mount -t tmpfs -o size={size} none "$1"; cp -r "{spare}"/. "$1"'
    result = namespaced(clone, mount, "list")
    assert result.returncode == 3, result.stderr
    said = [line for line in result.stderr.splitlines() if not line.startswith(("Setting up", "  "))]
    assert said == [f"The disk is full: free 100 MB on the disk of {clone.root}, then type the same command again."]


NOWHERE = "http://127.0.0.1:9/simple"


@pytest.mark.parametrize(
    "offline",
    [
        {"PIP_INDEX_URL": NOWHERE},
        {"UV_DEFAULT_INDEX": NOWHERE, "uv": "yes"},
        {"UV_OFFLINE": "1", "uv": "yes"},
    ],
    ids=["pip", "uv", "uv told to stay offline"],
)
def test_no_network(clone: Clone, offline: dict[str, str]) -> None:
    more = dict(offline)
    if more.pop("uv", None):
        clone.link("uv", UV)
    clone.env = {"PIP_FIND_LINKS": ""}
    sentence = refuses(clone, **more)
    assert sentence.startswith("The Python packages could not be downloaded: check the network connection")
    # The noise is kept where the sentence says.
    log = Path(sentence.split("Details: ")[1])
    assert re.search("annotated-types|mdurl", log.read_text(encoding="utf-8"))
    # With the network back, the same command goes on.
    works(clone)


@pytest.mark.parametrize("with_uv", [False, True], ids=["pip", "uv"])
def test_a_package_that_is_not_the_locked_one(clone: Clone, with_uv: bool) -> None:
    if with_uv:
        clone.link("uv", UV)
    lock = clone.root / "requirements" / "base.txt"
    lock.write_text(re.sub(r"sha256:\w{8}", "sha256:00000000", lock.read_text(encoding="utf-8")), encoding="utf-8")
    sentence = refuses(clone)
    assert sentence.startswith("A downloaded package is not the one that the lock names, so it was not installed")


@pytest.mark.parametrize("with_uv", [False, True], ids=["pip", "uv"])
def test_a_lock_without_hashes_is_refused(clone: Clone, with_uv: bool) -> None:
    if with_uv:
        clone.link("uv", UV)
    (clone.root / "requirements" / "base.txt").write_text("mdurl==0.1.2\n", encoding="utf-8")
    assert refuses(clone).startswith("The Python packages could not be installed: ")


def test_no_rust(clone: Clone) -> None:
    for name in ("cargo", "rustc"):
        (clone.programs / name).unlink()
    for command in ([], ["run", "borrow_sum"], ["verify"], ["watch"]):
        result = clone.run(*command)
        assert result.returncode == 3
        assert result.stderr.startswith("Rust is not installed: install it from https://rustup.rs")
        assert len(result.stderr.splitlines()) == 1
    # Said before anything is installed in vain.
    assert not (clone.root / ".venv").exists()


@pytest.mark.parametrize("command", ["quiz", "list", "hint", "status", "doctor", "--help"])
def test_what_needs_no_rust(made: Clone, tmp_path: Path, command: str) -> None:
    clone = made.copy_to(tmp_path)
    for name in ("cargo", "rustc"):
        (clone.programs / name).unlink()
    (clone.root / ".venv" / "workbook.stamp").unlink()
    assert "Ready after" in works(clone, command)


def test_cargo_in_the_home_folder_alone(warm: Clone) -> None:
    """The shell was opened before rustup was installed."""
    folder = warm.home / ".cargo" / "bin"
    folder.mkdir(parents=True)
    for name in ("cargo", "rustc"):
        (warm.programs / name).rename(folder / name)
    (warm.root / ".venv" / "workbook.stamp").unlink()
    works(warm, "run")
    assert str(folder) in json.loads(warm.run("run").stdout)["path"].split(":")


@pytest.mark.parametrize(
    ("has_rustup", "advice"),
    [(True, "type `rustup update stable`"), (False, "install a newer one from https://rustup.rs")],
)
def test_old_rust(clone: Clone, has_rustup: bool, advice: str) -> None:
    clone.program("rustc", 'echo "rustc 1.70.0 (90c541806 2023-05-31)"')
    if has_rustup:
        clone.program("rustup", "exit 0")
    assert refuses(clone, "run") == (
        f"Rust 1.70 is too old, the course needs 1.95 or newer: {advice}, then type the same command again."
    )


def test_rust_that_does_not_start(clone: Clone) -> None:
    clone.program("rustc", "exit 1")
    assert refuses(clone, "run").startswith("Rust is installed but does not start: type `rustup toolchain install")


def test_python_without_its_venv_module(clone: Clone, tmp_path: Path) -> None:
    """Debian's python3 without python3-venv: the import of ensurepip is what fails there."""
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None", encoding="utf-8")
    sentence = refuses(clone, PYTHONPATH=str(tmp_path))
    version = ".".join(map(str, sys.version_info[:2]))
    assert sentence.startswith("Python's venv module is missing")
    assert f"`sudo apt install python{version}-venv`" in sentence


def test_a_lock_that_is_missing(clone: Clone) -> None:
    (clone.root / "requirements" / "base.txt").unlink()
    assert "`git checkout requirements`" in refuses(clone)


# Old Pythons.

OLD = "This is Python {} and the course needs 3.11 or newer: install one from https://www.python.org"


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13)])
def test_old_python(clone: Clone, version: tuple[int, int, int]) -> None:
    """The launcher's source in a process that says it is older."""
    program = (
        f"import runpy, sys; sys.version_info = {version}; sys.argv = ['workbook', 'list']; "
        f"runpy.run_path({str(clone.root / 'workbook')!r}, run_name='__main__')"
    )
    result = clone.call([PYTHON, "-c", program])
    assert result.returncode == 3
    assert result.stderr.startswith(OLD.format(f"{version[0]}.{version[1]}"))
    assert len(result.stderr.splitlines()) == 1


def test_the_source_parses_on_python_3_6() -> None:
    ast.parse((ROOT / "workbook").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("number", range(6, 11))
def test_a_real_old_python_if_there_is_one(clone: Clone, number: int) -> None:
    names = [f"python3.{number}", *map(str, Path.home().glob(f".pyenv/versions/3.{number}.*/bin/python3"))]
    for python in filter(None, map(shutil.which, names)):
        if subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
            break
    else:
        pytest.skip(f"no Python 3.{number} on this machine")
    result = clone.call([python, clone.root / "workbook", "list"])
    assert result.returncode == 3
    assert result.stderr.startswith(OLD.format(f"3.{number}"))
    assert len(result.stderr.splitlines()) == 1


# Groups.

ENSURE = "from workbook import groups; groups.ensure('extra'); import tomlkit"


@pytest.mark.parametrize("with_uv", [False, True], ids=["pip", "uv"])
def test_a_group_is_installed_when_it_is_first_needed(warm: Clone, with_uv: bool) -> None:
    if not with_uv:  # An environment that uv made has no pip; uv may be gone when a group is needed.
        (warm.programs / "uv").unlink()
    (warm.root / "requirements" / "extra.txt").write_text(locked("tomlkit"), encoding="utf-8")
    first = warm.call([warm.python, "-c", ENSURE])
    assert first.returncode == 0, first.stderr
    assert "group 'extra'; installing" in first.stderr
    second = warm.call([warm.python, "-c", ENSURE])
    assert (second.returncode, second.stderr) == (0, "")


def test_an_interrupted_group_is_installed_afresh(warm: Clone) -> None:
    (warm.root / "requirements" / "extra.txt").write_text(locked("tomlkit"), encoding="utf-8")
    assert warm.call([warm.python, "-c", ENSURE]).returncode == 0
    stamp = warm.root / ".venv" / "workbook-extra.stamp"
    stamp.rename(stamp.with_name("workbook-extra.stamp.unfinished"))
    shutil.rmtree(next((warm.root / ".venv").glob("lib/*/site-packages/tomlkit")))
    result = warm.call([warm.python, "-c", ENSURE])
    assert result.returncode == 0, result.stderr


def test_a_group_without_network(warm: Clone) -> None:
    (warm.root / "requirements" / "extra.txt").write_text(locked("tomlkit"), encoding="utf-8")
    program = (
        "from workbook import course, groups\n"
        "try: groups.ensure('extra')\n"
        "except course.CourseError as error: print(error)"
    )
    result = warm.call([warm.python, "-c", program], UV_OFFLINE="1", UV_NO_CACHE="1")
    assert result.stdout.startswith("The Python packages could not be downloaded")
