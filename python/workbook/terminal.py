"""The keyboard, one key at a time, and a terminal that is as it was when we leave."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
from collections.abc import Callable, Iterator

_SEQUENCE = re.compile(r"\x1b[\[O][0-9;]*([A-Za-z~])")
_ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}


class Keyboard:
    """Single keys from the terminal, without Enter. `read` is for one thread; `pause` gives the line mode back."""

    def __init__(self) -> None:
        self._wake_read, self._wake_write = os.pipe()
        self._saved: object = None
        # Keys that arrived together, typed fast or pasted, and are still to be handed out.
        self._typed = ""

    def __enter__(self) -> Keyboard:
        self._raw()
        if os.name == "posix":
            # After Ctrl-Z and `fg` the shell has put its own mode back.
            signal.signal(signal.SIGCONT, lambda *_: self._raw())
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()
        if os.name == "posix":
            signal.signal(signal.SIGCONT, signal.SIG_DFL)
        os.write(self._wake_write, b"x")

    def _raw(self) -> None:
        if os.name != "posix":
            return
        import termios
        import tty

        # A terminal that was closed has no mode; it is a hang-up then that ends us, not this.
        with contextlib.suppress(termios.error):
            if self._saved is None:
                self._saved = termios.tcgetattr(sys.stdin)
            # cbreak, not raw: Ctrl-C and Ctrl-Z keep their meaning, and output is left alone.
            tty.setcbreak(sys.stdin, termios.TCSANOW)

    def _restore(self) -> None:
        if os.name == "posix" and self._saved is not None:
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(sys.stdin, termios.TCSANOW, self._saved)  # type: ignore[arg-type]

    @contextlib.contextmanager
    def pause(self) -> Iterator[None]:
        """Ordinary line input while another part of the program asks questions. No `read` may be under way."""
        self._restore()
        try:
            yield
        finally:
            self._raw()

    def read(self) -> str | None:
        """Waits for a key: a character, `up`, `down`, `enter`, `escape`; None when the keyboard is closed."""
        if os.name != "posix":
            return self._read_windows()
        if not self._typed:
            ready, _, _ = select.select([sys.stdin, self._wake_read], [], [])
            if self._wake_read in ready:
                return None
            with contextlib.suppress(OSError):
                self._typed = os.read(sys.stdin.fileno(), 256).decode("utf-8", "ignore")
            if not self._typed:
                return None
        if match := _SEQUENCE.match(self._typed):
            self._typed = self._typed[match.end() :]
            return _ARROWS.get(match[1], "")
        key, self._typed = self._typed[0], self._typed[1:]
        return {"\r": "enter", "\n": "enter", "\x1b": "escape"}.get(key, key)

    def _read_windows(self) -> str | None:
        import msvcrt
        import time

        while not msvcrt.kbhit():  # type: ignore[attr-defined]
            time.sleep(0.03)
        key = msvcrt.getwch()  # type: ignore[attr-defined]
        if key in "\x00\xe0":
            return {"H": "up", "P": "down", "M": "right", "K": "left"}.get(msvcrt.getwch(), "")  # type: ignore[attr-defined]
        if key == "\x03":
            raise KeyboardInterrupt
        return {"\r": "enter", "\x1b": "escape"}.get(key, key)


def on_resize(action: Callable[[], None]) -> None:
    """Calls `action` when the terminal's size changes; from the main thread only."""
    if hasattr(signal, "SIGWINCH"):
        signal.signal(signal.SIGWINCH, lambda *_: action())
