"""The notebooks as pages: nbconvert writes them as Markdown, with the outputs of the committed run.

A reader sees what a learner would: each turn with its starter, its solution folded below, and what the cells print once
it is right. Imported only where nbconvert is: it comes with the group `book`.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import MarkdownExporter

from workbook import book_exercises, notebook
from workbook.course import Chapter, Course
from workbook.notebook import Notebook

# `ax.set_xlabel("KiB of weights")`, `ylabel="loss"`.
CALLED = re.compile(r"""(xlabel|ylabel|title)(?:=|\()f?["']([^"'{]+)["']""")

TEMPLATE = """
{%- extends 'markdown/index.md.j2' -%}

{% block input %}
{%- set own = cell.metadata.get('workbook', {}) -%}
{%- if own.turn %}
<p class="turn">Your turn: <code>{{ own.turn }}</code></p>
{% endif %}
{{ (own.starter or cell.source) | fenced(nb.metadata.kernelspec.language) }}
{% if own.turn %}
{{ cell.source | solution(nb.metadata.kernelspec.language) }}
{% endif %}
{% endblock input %}

{% block output_group %}
<div class="printed">
{% if cell.metadata.get('workbook', {}).get('varies') %}
<p>It differs from run to run. {{ cell.metadata.workbook.varies }}</p>
{% endif %}
{{ super() }}

</div>
{% endblock output_group %}

{% block stream %}
{{ output.text | strip_ansi | fenced('text') }}
{% endblock stream %}

{% block data_text %}
{{ output.data['text/plain'] | strip_ansi | fenced('text') }}
{% endblock data_text %}

{% block error %}
{{ '\n'.join(output.traceback) | strip_ansi | fenced('text') }}
{% endblock error %}

{% block data_png %}
![{{ cell.source | chart }}]({{ output.metadata.filenames['image/png'] }})
{% endblock data_png %}

{% block data_svg %}
![{{ cell.source | chart }}]({{ output.metadata.filenames['image/svg+xml'] }})
{% endblock data_svg %}
"""


def page(course: Course, chapter: Chapter, item: Notebook) -> tuple[str, dict[str, bytes]]:
    """The Markdown of a notebook's page and the pictures beside it, by name."""
    outputs = notebook.stored_outputs(course, item)
    document = item.solved(outputs)
    for cell, written in zip(item.cells, document["cells"], strict=True):
        if cell.turn:
            written["metadata"]["workbook"]["starter"] = item.master(cell).starter().rstrip("\n")
    stem = Path(book_exercises.notebook_page(chapter, item)).stem
    exporter = MarkdownExporter(
        raw_template=TEMPLATE,
        filters={"fenced": book_exercises.fenced, "chart": chart, "solution": solution},
    )
    text, resources = exporter.from_notebook_node(
        nbformat.reads(notebook.render(document), as_version=4), resources={"unique_key": stem, "output_files_dir": "."}
    )
    heading, _, rest = text.strip().partition("\n")
    about = (
        f"A notebook, as it was run. To run it yourself and take your turns: `python3 workbook lab {item.name}`. "
        "**Say what a cell will print before you read on.**"
    )
    pictures: dict[str, Any] = resources.get("outputs", {})
    return f"{heading}\n\n{about}\n{rest}\n", {Path(name).name: data for name, data in pictures.items()}


def solution(source: str, language: str) -> str:
    """A turn's solution, folded."""
    code = f'<pre><code class="language-{language}">{html.escape(source)}\n</code></pre>'
    return book_exercises.folded("A solution", code)


def chart(source: str) -> str:
    """What a picture shows, for those who do not see it: its title and axes, as the cell that draws it names them."""
    named = dict(CALLED.findall(source))
    axes = " over ".join(named[key] for key in ("ylabel", "xlabel") if key in named)
    words = ", ".join(filter(None, (named.get("title"), axes)))
    return f"What this cell draws: {words}" if words else "What this cell draws"
