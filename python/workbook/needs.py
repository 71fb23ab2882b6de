"""What an exercise needs that cargo does not bring: real models, and, for an optional chapter, a group of packages."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from workbook import groups
from workbook.course import Chapter, CourseError, Exercise

# What a group takes: said before it is installed, since it may cost a quarter of an hour on a slow line.
SIZES = {"torch": "PyTorch, 0.5 GB to download, 1.2 GB on the disk"}


def provide(chapter: Chapter, items: Iterable[Exercise]) -> None:
    """Fetches and installs what is missing, and says so. Raises `CourseError`.

    On the way of every verdict: where there is nothing to do, nothing is imported.
    """
    models = dict.fromkeys(name for item in items for name in item.models)
    if models:
        from workbook import fetch

        for name in models:
            fetch.fetch(name)
    if chapter.group == "torch":
        libtorch()


def _link() -> Path:
    """Where `.cargo/config.toml` says that LibTorch is: a link into the group's packages."""
    return groups.ROOT / ".workbook" / "libtorch"


def libraries(chapter: Chapter) -> list[Path]:
    """The folders from which the chapter's programs load libraries that cargo does not build; nearly always none.

    They are named as cargo names them, and may be links.
    """
    if chapter.group != "torch":
        return []
    torch = Path(os.environ.get("LIBTORCH") or _link())
    # LibTorch asks for CUDA's runtime, where there is no GPU, too, and looks for it in the packages beside its own.
    beside = torch.resolve().parent / "nvidia"
    return [torch / "lib", *([beside] if beside.is_dir() else [])]


def libtorch() -> None:
    """Makes LibTorch ready for cargo: the group `torch`, and the place where `.cargo/config.toml` says that it is.

    Does nothing where the user has set `LIBTORCH` to a LibTorch of their own. Raises `CourseError`.
    """
    if os.environ.get("LIBTORCH"):
        return
    if not groups.installed("torch"):
        groups.launcher().say(f"Chapter 11 runs on LibTorch, which comes with {SIZES['torch']}.")
    groups.ensure("torch")
    (found,) = [*Path(groups.launcher().VENV).glob("[Ll]ib/**/site-packages/torch/lib"), None][:1]
    if found is None:
        raise CourseError(
            "PyTorch is installed and has no folder 'lib': set LIBTORCH to a LibTorch 2.13.0 of your own."
        )
    if os.name == "nt":
        # A link needs rights there that not everybody has; and the loader looks nowhere but along the PATH.
        os.environ["LIBTORCH"] = str(found.parent)
        os.environ["PATH"] = f"{found}{os.pathsep}{os.environ['PATH']}"
        return
    link = _link()
    target = os.path.relpath(found.parent, link.parent)
    if not link.is_symlink() or link.readlink() != Path(target):
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target, target_is_directory=True)
