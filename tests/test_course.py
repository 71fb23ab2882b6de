"""The course as its folders tell it: names, the cache, and a broken `chapter.toml` told with file, line and field."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from course_copy import COUNT, MEAN, ROOT, SCALE, Copy
from workbook import course as courses
from workbook import schema
from workbook.course import CourseError, UnknownName

REGISTRY = "chapters/01_tensors/chapter.toml"


def line_of(copy: Copy, text: str, nth: int = 1) -> int:
    lines = (copy.root / REGISTRY).read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, start=1) if line.startswith(text)][nth - 1]


def test_a_course_has_its_chapters_and_exercises_in_order(three: Copy) -> None:
    course = three.course()
    assert [chapter.name for chapter in course.chapters] == ["01_tensors", "02_layers", "03_models"]
    assert [chapter.package for chapter in course.chapters] == ["tensors", "layers", "models"]
    assert [item.name for item in course.exercises[:4]] == [COUNT, SCALE, MEAN, f"{COUNT}_layers"]
    item = course.exercises[1]
    assert (item.limit, item.fails, item.teaches) == (2.0, ("scales_each_value",), ("write",))
    for relative in (item.path, item.master, item.checks, item.wrong):
        assert course.file(relative).is_file()


@pytest.mark.parametrize(
    "name",
    [
        "scale_in_place",
        "scale_in_place.rs",
        "01_tensors/scale_in_place",
        "exercises/01_tensors/scale_in_place.rs",
        "./exercises/01_tensors/scale_in_place.rs",
    ],
)
def test_an_exercise_is_found_by_its_name_and_by_its_file(small: Copy, name: str) -> None:
    assert small.course().exercise(name).name == SCALE


@pytest.mark.parametrize("name", ["01_tensors", "tensors", "01", "1"])
def test_a_chapter_is_found_by_name_topic_and_number(small: Copy, name: str) -> None:
    assert small.course().chapter(name).name == "01_tensors"


def test_a_name_that_nobody_has_is_told_what_is_near(small: Copy) -> None:
    with pytest.raises(UnknownName, match=r"no exercise 'scale_in_plaec'\. Did you mean scale_in_place\?"):
        small.course().exercise("scale_in_plaec")
    with pytest.raises(UnknownName, match=r"no chapter '01_tensor'\. Did you mean 01_tensors\?"):
        small.course().chapter("01_tensor")
    with pytest.raises(UnknownName, match=r"no exercise 'zzz'\. 'python3 workbook list'"):
        small.course().exercise("zzz")


def test_the_second_reading_comes_from_the_cache_and_is_the_same(small: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    (small.root / ".workbook" / "course.json").unlink(missing_ok=True)
    first = small.course()

    def never(path: Path) -> None:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(schema, "read_chapter", never)
    assert small.course() == first
    # An edit makes the cache old, whatever it holds.
    text = (small.root / REGISTRY).read_text(encoding="utf-8")
    (small.root / REGISTRY).write_text(text + "\n# longer\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="was read again"):
        small.course()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"stamp": null}', '{"stamp": 1, "chapters": [{}]}', "\0\xff"])
def test_a_damaged_cache_is_read_past(small: Copy, content: str) -> None:
    first = small.course()
    cache = small.root / ".workbook" / "course.json"
    assert json.loads(cache.read_text(encoding="utf-8"))["chapters"]
    cache.write_text(content, encoding="latin-1")
    assert small.course() == first


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(small: Copy) -> None:
    first = small.course()
    cache = small.root / ".workbook" / "course.json"
    cache.unlink()
    cache.mkdir()
    assert small.course() == first
    assert [path.name for path in cache.parent.iterdir() if path.name.startswith("course.")] == ["course.json"]


def test_an_edit_that_keeps_the_size_is_seen(small: Copy) -> None:
    assert small.course().chapters[0].minutes == 40
    before = (small.root / REGISTRY).stat().st_mtime_ns
    small.edit(REGISTRY, "minutes = 40", "minutes = 41")
    while (small.root / REGISTRY).stat().st_mtime_ns == before:
        time.sleep(0.01)
        os.utime(small.root / REGISTRY)
    assert small.course().chapters[0].minutes == 41


def test_a_folder_that_is_no_course_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_ROOT", str(tmp_path))
    with pytest.raises(CourseError, match="is not the course: it has no folder 'chapters'"):
        courses.load()
    (tmp_path / "chapters").mkdir()
    with pytest.raises(CourseError, match="holds no chapter"):
        courses.load()


def test_without_a_name_the_course_is_where_the_package_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBOOK_ROOT", raising=False)
    assert courses.find_root() == ROOT


# What is broken, the line that is named (the text that opens it, and which one), the field, and the words.
FAULTS = {
    "type": ("limit = 2", "limit = 'two'", ("limit = 'two'", 1), "exercises[2].limit", "valid number"),
    "unknown key": ("limit = 2", "limits = 2", ("limits = 2", 1), "exercises[2].limits", "not permitted"),
    "out of range": ("minutes = 40", "minutes = 0", ("minutes = 0", 1), "minutes", "greater than or equal to 1"),
    "blank": (
        'title = "Scale in place"',
        'title = " "',
        ('title = " "', 1),
        "exercises[2].title",
        "at least 1 character",
    ),
    "missing": (
        'why = "It writes where the value stands."\n',
        "",
        ("[[exercises]]", 2),
        "exercises[2].why",
        "required",
    ),
    "two hints": (
        '    "`*value *= factor;` writes through it.",\n',
        "",
        ("hints = [", 2),
        "exercises[2].hints",
        "at least 3 items",
    ),
    "blank hint": (
        '"`values: &[f32]` takes them all."',
        '"  "',
        ("hints = [", 3),
        "exercises[3].hints[3]",
        "at least 1 character",
    ),
    "bad name": ('name = "mean_of_any"', 'name = "Mean"', ('name = "Mean"', 1), "exercises[3].name", "match pattern"),
    "bad cause": ('on = "E0600"', 'on = "E06"', ('on = "E06"', 1), "exercises[2].when[2].on", "match pattern"),
    "no concepts": (
        'move = "Give it away"\nwrite = "Write through a loan"\nany = "Ask for less"\n',
        "",
        ("[concepts]", 1),
        "concepts",
        "at least 1 item",
    ),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_broken_registry_is_told_with_file_line_and_field(small: Copy, kind: str) -> None:
    old, new, (opening, nth), field, words = FAULTS[kind]
    small.edit(REGISTRY, old, new)
    with pytest.raises(CourseError) as caught:
        small.course()
    told = str(caught.value)
    assert told.startswith(f"{REGISTRY}:{line_of(small, opening, nth)}: field '{field}': "), told
    assert words in told
    assert "\n" not in told, "one fault, one line"


def test_every_fault_of_a_registry_is_told(small: Copy) -> None:
    small.edit(REGISTRY, "minutes = 40", "minutes = 0")
    small.edit(REGISTRY, "limit = 2", "limit = 1000")
    with pytest.raises(CourseError) as caught:
        small.course()
    assert len(str(caught.value).splitlines()) == 2


def test_toml_that_is_none_is_told_with_its_line(small: Copy) -> None:
    small.edit(REGISTRY, "limit = 2", "limit = ")
    with pytest.raises(CourseError, match=rf"{REGISTRY}: .*line {line_of(small, 'limit')}\b"):
        small.course()


def test_a_registry_that_is_not_text_is_told_so(small: Copy) -> None:
    (small.root / REGISTRY).write_bytes(b'title = "\xff"')
    with pytest.raises(CourseError, match=rf"{REGISTRY} is not UTF-8 text \(byte 9\)"):
        small.course()


def test_a_broken_registry_ends_every_command_with_a_sentence(small: Copy) -> None:
    small.edit(REGISTRY, "limit = 2", "limit = 'two'")
    for command in (["run"], ["list"], ["status", "--json"], ["verify"], ["author", "check"], []):
        reply = small.call(*command)
        assert (reply.code, reply.out) == (2, ""), command
        assert f"{REGISTRY}:{line_of(small, 'limit')}: field 'exercises[2].limit'" in reply.err
