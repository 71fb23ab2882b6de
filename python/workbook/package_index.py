"""The package index that this machine's pip is set up for: asked where one file is, and for that file, in parts.

pip itself begins a download of 90 MB again when it is interrupted. So pip is asked for its settings alone (its files,
its environment variables and its defaults, mirrors, proxies and certificates among them), and the file is taken here.
Whoever has set up uv and not pip has said it in uv's variables, which are read too.
"""

from __future__ import annotations

import base64
import contextlib
import json
import netrc
import os
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from workbook import groups
from workbook.course import CourseError

# One question to pip's own parser of options, which knows every place where an option may stand.
ASK = """
import json
from pip._internal.commands import create_command
options, _ = create_command("download").parse_args([])
names = ("index_url", "extra_index_urls", "no_index", "find_links", "proxy", "cert", "trusted_hosts", "timeout")
print(json.dumps({name: getattr(options, name) for name in names}))
"""
ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


class IndexFault(CourseError):
    """The index cannot be asked, or has not got the file; the message says why."""


@dataclass(frozen=True)
class Settings:
    """Where packages come from, as pip has it. The fields are called as pip's options are."""

    index_url: str
    extra_index_urls: Sequence[str] = ()
    no_index: bool = False
    find_links: Sequence[str] = ()
    proxy: str = ""
    cert: str | None = None
    trusted_hosts: Sequence[str] = ()
    timeout: float = 15.0

    @property
    def indexes(self) -> list[str]:
        return [] if self.no_index else [self.index_url, *self.extra_index_urls]


def settings() -> Settings:
    """Asks pip. Raises `IndexFault` if this Python has none."""
    command: list[str | Path] = [groups.python(), "-I", "-c", ASK]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if answer.returncode != 0:  # A `.venv` that uv made has no pip; Python brings one along.
        subprocess.run([str(groups.python()), "-I", "-m", "ensurepip"], capture_output=True)
        answer = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    try:
        told: dict[str, Any] = json.loads(answer.stdout)
        told["no_index"] = bool(told["no_index"])
        found = Settings(**told)
    except (ValueError, TypeError, KeyError):
        last = (answer.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise IndexFault(f"pip could not be asked which package index it uses: {last}") from None
    return with_uv(found, os.environ)


def with_uv(found: Settings, env: Any) -> Settings:
    """What uv's own variables say, where they say it."""
    main = env.get("UV_DEFAULT_INDEX") or env.get("UV_INDEX_URL") or found.index_url
    more = f"{env.get('UV_INDEX', '')} {env.get('UV_EXTRA_INDEX_URL', '')}".split()
    links = env.get("UV_FIND_LINKS", "").split(",")
    # `UV_INDEX` may give each a name: `inhouse=https://…`.
    return Settings(
        **{
            **vars(found),
            "index_url": _unnamed(main),
            "extra_index_urls": [*map(_unnamed, more), *found.extra_index_urls],
            "find_links": [*filter(None, links), *found.find_links],
            "no_index": found.no_index or env.get("UV_NO_INDEX", "") not in ("", "0", "false"),
        }
    )


def _unnamed(index: str) -> str:
    name, separator, url = index.partition("=")
    return url if separator and "/" not in name else index


def locate(package: str, filename: str, found: Settings) -> str:
    """The address of a package's file: from the folders that pip is told to look in, else from its indexes.

    Raises `IndexFault` if nobody has it; the message says what each of those who were asked has answered.
    """
    said: list[str] = []
    for place in found.find_links:
        folder = Path(urllib.request.url2pathname(urllib.parse.urlsplit(place).path) if "://" in place else place)
        if not place.startswith(("http:", "https:")) and (folder / filename).is_file():
            return (folder / filename).resolve().as_uri()
    pages = [place for place in found.find_links if place.startswith(("http:", "https:"))]
    pages += [f"{index.rstrip('/')}/{package}/" for index in found.indexes]
    for page in pages:
        try:
            for name, address in _links(page, found):
                if name == filename:
                    return address
            said.append(f"{_shown(page)} has no {filename}")
        except OSError as error:
            said.append(f"{_shown(page)}: {reason(error)}")
        except ValueError as error:
            said.append(f"{_shown(page)} is not an index of packages: {error}")
    raise IndexFault("; ".join(said) or "pip is told to ask no index (no-index)")


def _links(page: str, found: Settings) -> Iterator[tuple[str, str]]:
    """Names and addresses of the files on a page of the simple index, in either of its formats (PEP 503, PEP 691)."""
    with request(page, found, {"Accept": ACCEPT}) as answer:
        text = answer.read().decode("utf-8", "replace")
        base, kind = answer.geturl(), answer.headers.get_content_type()
    if kind.endswith("+json"):
        links = [(file["filename"], file["url"]) for file in json.loads(text)["files"]]
    else:
        parser = _Anchors()
        parser.feed(text)
        links = parser.links
    # What the page's address says of the user is good for its files, too, as long as the host is the same.
    user = urllib.parse.urlsplit(page).netloc.rpartition("@")[0]
    for name, link in links:
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(base, link))
        same = parts.netloc == urllib.parse.urlsplit(page).netloc.rpartition("@")[2]
        netloc = f"{user}@{parts.netloc}" if user and same else parts.netloc
        yield name, parts._replace(netloc=netloc, fragment="").geturl()


class _Anchors(HTMLParser):
    """The links of a page, each with its text."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self._href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href = dict(attrs).get("href")

    def handle_data(self, data: str) -> None:
        if self._href and data.strip():
            self.links.append((data.strip(), self._href))
            self._href = None


def request(address: str, found: Settings, headers: dict[str, str]) -> Any:
    """Opens an address as pip would: its proxy, its certificates, its user. Raises `OSError`."""
    parts = urllib.parse.urlsplit(address)
    host = parts.hostname or ""
    wanted = urllib.request.Request(
        parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl(),
        headers={"User-Agent": "rust-for-ai-workbook", **headers},
    )
    user, password = _login(parts, host)
    if user and parts.scheme != "file":
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        # Not sent on to where the server redirects.
        wanted.add_unredirected_header("Authorization", f"Basic {token}")
    context = ssl.create_default_context(cafile=found.cert or None)
    if any(trusted in (host, parts.netloc) for trusted in found.trusted_hosts):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    handlers: list[Any] = [urllib.request.HTTPSHandler(context=context)]
    if found.proxy:
        handlers.append(urllib.request.ProxyHandler({"http": found.proxy, "https": found.proxy}))
    return urllib.request.build_opener(*handlers).open(wanted, timeout=found.timeout)


def _login(parts: urllib.parse.SplitResult, host: str) -> tuple[str, str]:
    if parts.username:
        return urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")
    with contextlib.suppress(OSError, netrc.NetrcParseError):
        if known := netrc.netrc().authenticators(host):
            return known[0], known[2] or ""
    return "", ""


def _shown(address: str) -> str:
    """An address without whoever's password stands in it."""
    parts = urllib.parse.urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def reason(error: OSError) -> str:
    """What an `OSError` of a download means, in a few words."""
    if isinstance(error, urllib.error.HTTPError):
        return f"it answers {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        inner = error.reason
        return reason(inner) if isinstance(inner, OSError) else str(inner)
    return error.strerror or str(error) or type(error).__name__


def total_size(headers: Message, begun: int) -> int | None:
    """How long a file is of which this answer gives the part from `begun` on; None where the server does not say."""
    length = headers.get("Content-Length")
    return begun + int(length) if length and length.isdigit() else None
