"""The lessons' diagrams: as their script draws them, in their lessons, and legible in the light and in the dark."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET

import pytest

from browsing import ROOT, opened

sys.path.insert(0, str(ROOT / "docs"))

import diagrams

SVG = "{http://www.w3.org/2000/svg}"
FILES = [ROOT / file for file, _ in diagrams.drawn()]


def test_every_diagram_is_what_the_script_draws():
    assert diagrams.stale() == [], "python docs/diagrams.py writes them"
    assert diagrams.main(["--check"]) == 0


def test_a_stale_diagram_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(diagrams, "ROOT", tmp_path)
    for place in diagrams.DIAGRAMS:
        (tmp_path / "chapters" / place).parent.mkdir(parents=True, exist_ok=True)
    assert diagrams.main([]) == 0
    assert diagrams.stale() == []
    (tmp_path / "chapters/01_ownership/move.svg").write_text("<svg/>", encoding="utf-8")
    assert diagrams.main(["--check"]) == 1
    assert "chapters/01_ownership/move.svg is not what this script draws" in capsys.readouterr().err


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_diagram_says_what_it_shows(file):
    root = ET.parse(file).getroot()
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title about"
    assert (root.findtext(f"{SVG}title") or "").strip()
    about = root.findtext(f"{SVG}desc") or ""
    # What is read aloud in the lesson is the picture's description.
    lesson = (file.parent / "README.md").read_text(encoding="utf-8")
    shown = re.findall(rf"!\[([^\]]*)\]\({file.name}\)", lesson)
    assert [" ".join(text.split()) for text in shown] == [about]


def test_nothing_is_drawn_beyond_the_edge(browser):
    with opened(browser) as page:
        for file in FILES:
            page.set_content(file.read_text(encoding="utf-8"))
            outside = page.evaluate(
                """() => {
                    const { width, height } = document.querySelector("svg").viewBox.baseVal;
                    return [...document.querySelectorAll("text, rect, polyline")].filter(part => {
                        const box = part.getBBox();
                        return box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
                    }).map(part => part.textContent);
                }"""
            )
            assert outside == [], file


def _luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_word_can_be_read_on_every_ground():
    """WCAG's contrast, 4.5 to 1, as axe-core asks of the pages: it does not look into pictures."""
    light, dark = diagrams.STYLE.split("@media")
    for style in (light, dark):
        fills = dict(re.findall(r"^(\S+) \{.*?fill: (#\w{6})", style, re.MULTILINE))
        assert len(fills) >= 8
        for words in ("text", ".quiet", ".bad"):
            for ground in (".paper", ".owner", ".loan", ".heap", ".fault"):
                one, other = sorted((_luminance(fills[words]), _luminance(fills[ground])))
                assert (other + 0.05) / (one + 0.05) >= 4.5, f"{words} on {ground}"


def test_a_diagram_follows_the_page_into_the_dark(browser):
    """The theme is the reader's choice, not always the system's: the picture goes with the page that it stands on."""
    picture = (ROOT / "chapters/01_ownership/move.svg").read_text(encoding="utf-8")
    script = """async picture => {
        const image = document.querySelector("img");
        image.src = URL.createObjectURL(new Blob([picture], { type: "image/svg+xml" }));
        await image.decode();
    }"""
    seen = {}
    with opened(browser) as page:
        for scheme in ("light", "dark"):
            page.set_content(f'<html style="color-scheme: {scheme}"><img alt=""></html>')
            page.evaluate(script, picture)
            seen[scheme] = page.locator("img").screenshot()
    assert seen["light"] != seen["dark"]
