"""The HTML that the grader's pages share: one file each, without a script and without anything from elsewhere."""

from __future__ import annotations

import re
from html import escape

CODE = re.compile(r"`([^`]+)`")

STYLE = """
:root {
  color-scheme: light dark;
  --page: #fff; --text: #1f2328; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --good: #1a7f37; --bad: #b3261e; --open: #8a5a00; --link: #0a58ca; --track: #d8dee4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --soft: #9ba4ae; --line: #30363d; --panel: #161b22;
    --good: #56d364; --bad: #ff7b72; --open: #e3b341; --link: #79c0ff; --track: #2d333b;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 54rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: break-word;
}
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: .5rem 0; }
a { color: var(--link); }
code, pre {
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em;
}
pre code { font-size: 1em; }
pre {
  overflow-x: auto; padding: .75rem; margin: .75rem 0; background: var(--page); border: 1px solid var(--line);
  border-radius: 6px; line-height: 1.4;
}
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.mark { font-size: 1.25rem; margin: .25rem 0 .75rem; }
.points { font-weight: normal; color: var(--soft); font-size: 1rem; white-space: nowrap; }
.points b { color: var(--text); }
h2 .points, h3 .points { float: right; margin-left: 1rem; }
.note { border-left: 4px solid var(--open); padding: .25rem .75rem; background: var(--panel); }
.meter { display: block; width: 100%; height: .6rem; }
.meter .track { fill: var(--track); }
.meter .bar { fill: var(--good); }
.chapters { list-style: none; padding: 0; margin: 1.5rem 0; display: grid; gap: .4rem 1rem;
  grid-template-columns: max-content minmax(4rem, 1fr) max-content; align-items: center; }
.chapters li { display: contents; }
.passed { list-style: none; padding: 0; columns: 22rem auto; margin: .5rem 0 1rem; }
.passed li { break-inside: avoid; padding-left: 1.4em; text-indent: -1.4em; }
.passed li::before {
  content: "✓"; color: var(--good); font-weight: bold; display: inline-block; width: 1.4em; text-indent: 0;
}
article {
  border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px; background: var(--panel);
  padding: .75rem 1rem; margin: 1rem 0;
}
article.unchanged, article.missing { border-left-color: var(--soft); }
.state { color: var(--bad); font-weight: normal; margin-right: .5rem; }
.unchanged .state, .missing .state { color: var(--soft); }
.checks { padding-left: 1.2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; margin: .25rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.hint { border-top: 1px solid var(--line); padding-top: .5rem; margin-bottom: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td {
  text-align: right; white-space: nowrap; padding: .25rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top;
}
th:first-child, .text { text-align: left; }
td.text { white-space: normal; min-width: 9rem; }
thead th { border-bottom: 2px solid var(--line); vertical-align: bottom; }
tbody th { font-weight: normal; }
.facts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; padding: 0; margin: 1rem 0; }
.facts li { border: 1px solid var(--line); border-radius: 6px; background: var(--panel); padding: .5rem .9rem; }
.facts b { display: block; font-size: 1.35rem; }
figure { margin: 1.5rem 0; overflow-x: auto; }
figcaption { color: var(--soft); padding-bottom: .25rem; }
.picture { display: block; width: 100%; min-width: 34rem; height: auto; }
.picture text { fill: var(--text); font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }
.picture .soft { fill: var(--soft); }
.picture .grid { stroke: var(--line); }
.picture .track { fill: var(--track); }
.picture .good { fill: var(--good); }
.picture .bad { fill: var(--bad); }
.picture .open { fill: var(--open); }
.picture .link { fill: var(--link); }
footer { margin-top: 3rem; color: var(--soft); font-size: .9rem; }
@media (max-width: 34rem) {
  h2 .points, h3 .points { float: none; display: block; margin: 0; }
  .chapters { grid-template-columns: 1fr max-content; }
  .chapters .meter { display: none; }
}
@media print {
  @page { margin: 15mm; }
  :root { --page: #fff; --text: #000; --soft: #444; --line: #bbb; --panel: #fff; --good: #1a7f37; --bad: #b3261e;
    --open: #8a5a00; --link: #0a58ca; --track: #ddd; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  pre { white-space: pre-wrap; }
  figure, .scroll { overflow: visible; }
  .picture { min-width: 0; }
  article, figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .meter, .picture { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def shell(title: str, body: str) -> str:
    """A whole page around `body`."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def inline(text: str) -> str:
    """A sentence with back-ticks as HTML; everything else in it is text."""
    return CODE.sub(r"<code>\1</code>", escape(text))


def meter(value: float, total: float, label: str) -> str:
    """A bar that is filled by a share. What it shows stands beside it in words, too."""
    width = 100 * value / total if total else 0
    return (
        f'<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f'<rect class="track" width="100" height="6" rx="1"/>'
        f'<rect class="bar" width="{width:.2f}" height="6" rx="1"/></svg>'
    )
