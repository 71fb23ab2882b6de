"""`wasm`: chapter 16's modules for the browser and the pages that use them, built by one command.

The compiler for WebAssembly is rustup's, whose target is added if need be; where rustup cannot fetch it, Debian's. What
was made is kept in the user's cache under the sum of what it was made from, so that a fresh clone builds nothing twice.
The pages come to lie in `.workbook/wasm/`, and `python3 workbook book` takes them into the site.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_dir

from workbook import cargo, tools
from workbook.course import Course, CourseError
from workbook.files import locked

TARGET = cargo.TARGET
CHAPTER = "16_wasm"
CRATE = "rust_ai_wasm"
BINDGEN = "0.2.130"
"""Of the program and of the crate in Cargo.lock: the two must be the same."""
DEBIAN = ("rustc-web", "cargo-web", "rust-web-src")
OPTIMISE = ("-O3", "--all-features", "--disable-gc", "--enable-simd")
SOUND = """
const module = new WebAssembly.Module(require("fs").readFileSync(process.argv[1]));
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
const { __wbindgen_externrefs: table } = new WebAssembly.Instance(module, imports).exports;
if (table) table.set(table.grow(1), {});
"""
"""For Node: whether a module can be loaded, and its table of JavaScript's objects takes an object."""
WAIT = 3600.0
"""Seconds to wait for another process that builds the same."""
MODULES = {"digits": ["--no-default-features"], "encoder": []}
"""By name, what cargo is told: without the encoder, and with it."""


class WasmError(CourseError):
    """A module or a page could not be built; the message says why and what to do."""


@dataclass(frozen=True)
class Route:
    """A cargo that compiles for WebAssembly: what to call, in which environment, and what to add behind `build`."""

    name: str
    cargo: str
    flags: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)


def cache() -> Path:
    """Where modules and their builds are kept; `RUST_FOR_AI_WASM` names another place."""
    named = os.environ.get("RUST_FOR_AI_WASM")
    return Path(named) if named else Path(user_cache_dir("rust-for-ai", appauthor=False)) / "wasm"


def find_route() -> Route | None:
    """The way that is open without installing anything; `WORKBOOK_WASM` may name one: `rustup` or `debian`."""
    wanted = os.environ.get("WORKBOOK_WASM", "")
    sysroot = _say("rustc", "--print", "sysroot")
    if wanted != "debian" and sysroot and Path(sysroot, "lib", "rustlib", TARGET, "lib").is_dir():
        return Route("rustup", cargo.cargo())
    return _debian(sysroot) if wanted != "rustup" else None


def _debian(sysroot: str | None) -> Route | None:
    """Debian's compiler and sources, which build the standard library, and a linker: rustup's or Debian's."""
    system_cargo, rustc = Path("/usr/bin/cargo"), Path("/usr/bin/rustc")
    home = _say(str(rustc), "--print", "sysroot") if rustc.exists() else None
    if not (system_cargo.exists() and home and Path(home, "lib/rustlib/src/rust/library").exists()):
        return None
    linkers = [*(Path(sysroot, "lib/rustlib").glob("*/bin/rust-lld") if sysroot else ())]
    linkers += [Path(found) for found in map(shutil.which, ("rust-lld", "wasm-ld", "lld")) if found]
    env = {"RUSTC": str(rustc), "RUSTC_BOOTSTRAP": "1", "PATH": f"/usr/bin{os.pathsep}{os.environ.get('PATH', '')}"}
    if linkers:
        env["CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER"] = str(linkers[0])
    return Route("debian", str(system_cargo), ("-Zbuild-std=std,panic_abort",), env)


@functools.cache
def ensure_route() -> Route:
    """The way to WebAssembly, installed if need be: by rustup, else from Debian's packages. Raises `WasmError`."""
    if found := find_route():
        return found
    tried = []
    if (rustup := shutil.which("rustup")) and os.environ.get("WORKBOOK_WASM") != "debian":
        _tell(f"Adding {TARGET} to the Rust toolchain, once: 'rustup target add {TARGET}'.")
        tried.append(_try([rustup, "target", "add", TARGET]))
        if found := find_route():
            return found
    if shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0:
        _tell(f"rustup has no {TARGET} here. Installing Debian's packages {', '.join(DEBIAN)}, once.")
        tried.append(_try(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *DEBIAN]))
        if found := find_route():
            return found
    said = "\n".join(f"  {line}" for line in filter(None, tried))
    raise WasmError(
        f"There is no compiler for {TARGET} on this machine. 'rustup target add {TARGET}' gets it; on Debian and "
        f"Ubuntu, 'sudo apt install {' '.join(DEBIAN)}' does, too.{said and chr(10)}{said}"
    )


def _try(command: Sequence[str]) -> str:
    """Runs what installs; its last line, if it failed."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]}: {error}"
    lines = (done.stderr or done.stdout).strip().splitlines()
    return f"{Path(command[0]).name}: {lines[-1]}" if done.returncode and lines else ""


def _say(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def bindgen() -> Path:
    """The program that writes the JavaScript around a module."""
    # Its release was locked to versions that are gone from the registry.
    return tools.ensure_tool("wasm-bindgen-cli", BINDGEN, binary="wasm-bindgen", minutes=1.5, is_locked=False)


def for_node(wasm: Path, name: str, target: Path) -> None:
    """Writes the JavaScript with which Node loads a module. A module that exports nothing gets none."""
    command = [str(bindgen()), "--target", "nodejs", "--no-typescript", "--out-name", name]
    command += ["--out-dir", str(target), str(wasm)]
    for old in target.glob(f"{name}*.js"):
        old.unlink()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode == 0:
        with (target / f"{name}.js").open("a", encoding="utf-8") as script:
            # What a page gets from `init`: the memory is in it.
            script.write("exports.__wasm = wasm;\n")


# --- the pages ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Size:
    """One file that a page loads."""

    name: str
    bytes: int
    packed: int
    """Its bytes as a server sends them, in gzip."""


def folder(course: Course) -> Path:
    return course.root / ".workbook" / "wasm"


def pages(course: Course) -> Path | None:
    """The demonstrations as files for the site, or None where the course has none. Builds nothing.

    What was not built, or from other sources than there are now, comes as pages that say so.
    """
    source = course.root / "chapters" / CHAPTER / "web"
    if not source.is_dir():
        return None
    built = folder(course)
    if _stamp(course) == _read(built / "stamp"):
        return built / "pages"
    plain = built / "unbuilt"
    shutil.rmtree(plain, ignore_errors=True)
    plain.mkdir(parents=True)
    for page in source.iterdir():
        if page.suffix == ".html":
            text = page.read_text(encoding="utf-8").replace(' type="module" ', ' type="text/plain" data-unbuilt ')
            text = text.replace(
                "Loading …", "This page was built without its module: 'python3 workbook wasm' builds it."
            )
            (plain / page.name).write_text(text, encoding="utf-8")
        elif page.suffix in (".css", ".js"):
            shutil.copyfile(page, plain / page.name)
    return plain


def build(course: Course) -> Path:
    """Builds modules, weights and pages where they are not up to date; returns the pages. Raises `CourseError`."""
    stamp, place = _stamp(course), folder(course)
    if stamp == _read(place / "stamp"):
        return place / "pages"
    cache().mkdir(parents=True, exist_ok=True)
    with locked(cache() / ".lock", wait=WAIT):
        root, own = course.root, course.root / "chapters" / CHAPTER
        encoder = root / "chapters/07_candle/src"
        parts = {name: module(course, name) for name in MODULES}
        made = {
            "digits": _native(
                course, "digits", "make_digits", [], [encoder, root / "data/digits", own / "examples/make_digits.rs"]
            ),
            "minilm": _native(course, "minilm", "make_weights", [], [own / "src", own / "examples/make_weights.rs"]),
            "passages": _native(
                course,
                "passages",
                "make_passages",
                ["chapters"],
                [encoder, own / "src/passages.rs", own / "examples/make_passages.rs", *_lessons(course)],
            ),
        }
    shutil.rmtree(place, ignore_errors=True)
    new = place / "pages"
    shutil.copytree(own / "web", new)
    for name, found in parts.items():
        shutil.copytree(found, new / "pkg" / name)
    (new / "data").mkdir()
    for found in made.values():
        for file in found.iterdir():
            shutil.copyfile(file, new / "data" / file.name)
    manifest = {
        path.relative_to(new).as_posix(): {"bytes": path.stat().st_size, "sum": _sum([path])[:16]}
        for path in sorted([*(new / "data").iterdir(), *new.glob("pkg/*/*.wasm")])
    }
    (new / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    (place / "stamp").write_text(stamp, encoding="utf-8")
    return new


def module(course: Course, name: str) -> Path:
    """The folder of one module: its `.wasm`, its JavaScript and its types."""
    own = course.root / "chapters" / CHAPTER

    def make(target: Path) -> None:
        route = ensure_route()
        _tell(f"Compiling the module '{name}' for WebAssembly{', once: about 3 minutes' * (name == 'encoder')}.")
        built = cache() / f"build-{route.name}-{name}"
        command = [route.cargo, "build", "--locked", "-p", CRATE, "--lib", "--profile", "wasm", "--target", TARGET]
        _run([*command, *MODULES[name], *route.flags, "--target-dir", str(built)], course.root, route.env)
        wasm = built / TARGET / "wasm" / f"{CRATE}.wasm"
        _run([str(bindgen()), "--target", "web", "--out-dir", str(target), str(wasm)], course.root)
        optimise(target / f"{CRATE}_bg.wasm")

    inputs = [own / "src", own / "Cargo.toml", course.root / "Cargo.lock", course.root / ".cargo/config.toml"]
    return _kept(
        name, [*inputs, course.root / "chapters/07_candle/src"], make, extra=str(bool(shutil.which("wasm-opt")))
    )


def optimise(wasm: Path) -> None:
    """Lets Binaryen's `wasm-opt` shrink a module, where there is one; a module that it spoils stays as it was.

    Debian's version 108 takes a module's two tables for each other. So Node looks whether the result is still good.
    """
    program, node = shutil.which("wasm-opt"), shutil.which("node")
    if not program or not node:
        return
    smaller = wasm.with_suffix(".opt")
    reason = _try([program, *OPTIMISE, str(wasm), "-o", str(smaller)])
    reason = reason or _try([node, "-e", SOUND, str(smaller)])
    if not reason:
        smaller.replace(wasm)
        return
    smaller.unlink(missing_ok=True)
    _tell("wasm-opt is left out: this version of it spoils the module.")


def _native(course: Course, name: str, example: str, arguments: list[str], inputs: list[Path]) -> Path:
    """What one of the chapter's programs makes on this machine."""

    def make(target: Path) -> None:
        _tell(f"Making the pages' {name}, by the program '{example}'.")
        place = target / "digits.safetensors" if name == "digits" else target
        command = [cargo.cargo(), "run", "--locked", "--quiet", "-p", CRATE, "--example", example, "--"]
        _run([*command, *arguments, str(place)], course.root)

    return _kept(name, inputs, make)


def _kept(name: str, inputs: Iterable[Path], make: Callable[[Path], None], extra: str = "") -> Path:
    """The folder that `make` has filled from these inputs, now or before."""
    place = cache() / "made" / f"{name}-{_sum(inputs, extra)[:16]}"
    if not place.exists():
        partial = place.with_name(f".partial-{name}")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        make(partial)
        partial.rename(place)
    place.touch()
    others = sorted(place.parent.glob(f"{name}-*"), key=lambda other: other.stat().st_mtime)
    for old in others[:-4]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def _lessons(course: Course) -> list[Path]:
    return sorted((course.root / "chapters").glob("*/README.md"))


def _stamp(course: Course) -> str:
    """Changes with whatever the pages are made from."""
    own = course.root / "chapters" / CHAPTER
    settings = [course.root / name for name in ("Cargo.lock", ".cargo/config.toml", "data/digits")]
    code = [own / "src", own / "web", own / "examples", own / "Cargo.toml", course.root / "chapters/07_candle/src"]
    return _sum([*settings, *code, *_lessons(course), Path(__file__)], str(bool(shutil.which("wasm-opt"))))


def _sum(paths: Iterable[Path], extra: str = "") -> str:
    """A sum of the contents of files, and of all files in folders, with their names."""
    total = hashlib.sha256(f"{BINDGEN} {extra}".encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in (file for file in files if file.is_file()):
            total.update(f"\0{file.name}\0".encode() + file.read_bytes())
    return total.hexdigest()


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _run(command: Sequence[str], root: Path, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=root,
        env={**os.environ, "CARGO_TERM_PROGRESS_WHEN": "never", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join(f"  {line}" for line in done.stdout.strip().splitlines()[-12:])
        raise WasmError(f"{Path(command[0]).name} failed:\n{said}")


def sizes(place: Path) -> list[Size]:
    """What the pages in `place` load, largest first."""
    files = [file for file in place.rglob("*") if file.suffix in (".wasm", ".js", ".json", ".safetensors", ".txt")]
    found = []
    for file in files:
        content = file.read_bytes()
        packed = len(gzip.compress(content, compresslevel=6))
        found.append(Size(file.relative_to(place).as_posix(), len(content), packed))
    return sorted(found, key=lambda size: -size.bytes)


def main(course: Course, as_json: bool = False) -> int:
    """The `wasm` command: builds the pages and prints what each of their files weighs."""
    if not (course.root / "chapters" / CHAPTER).is_dir():
        raise WasmError(f"This course has no chapter {CHAPTER}.")
    place = build(course)
    found = sizes(place)
    if as_json:
        print(json.dumps([vars(size) for size in found], indent=2))
        return 0
    print(f"{'bytes':>12} {'in gzip':>12}  file")
    for size in found:
        print(f"{size.bytes:12,} {size.packed:12,}  {size.name}")
    print(f"\nThe pages are in {place.relative_to(course.root)}; 'python3 workbook book' shows them in the site.")
    return 0
