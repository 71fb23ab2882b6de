"""data/texts: the file is what data/README.md says it is. What it says of columns, chapter 10 tests."""

import re
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
FILE = DATA / "texts" / "texts.parquet"


def test_the_page_names_the_file_and_its_size():
    page = (DATA / "README.md").read_text()
    assert [path.name for path in (DATA / "texts").iterdir()] == [FILE.name]
    assert f"`texts/{FILE.name}`" in page
    stated = re.search(r"([\d,]+) bytes\.", page)
    assert stated
    assert int(stated[1].replace(",", "")) == FILE.stat().st_size < 2_000_000


def test_it_is_parquet_from_end_to_end():
    content = FILE.read_bytes()
    assert content[:4] == content[-4:] == b"PAR1"
    # The footer's length stands before the last mark, and the column names stand in the footer.
    footer = content[-8 - int.from_bytes(content[-8:-4], "little") : -8]
    for column in ("id", "source", "text", "label", "score", "raters"):
        assert column.encode() in footer
