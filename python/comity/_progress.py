"""Progress for work that takes longer than a second, where somebody watches."""

from __future__ import annotations

import sys
import time
from typing import Callable

#: Work shorter than this shows nothing.
PATIENCE = 1.0


class Progress:
    """A line on a terminal, a bar in a notebook, nothing elsewhere."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._since = time.monotonic()
        self._handle = None
        self._line = False
        self._notebook = "ipykernel" in sys.modules

    def __call__(self, done: int, of: int) -> None:
        if time.monotonic() - self._since < PATIENCE or not of:
            return
        if self._notebook:
            self._display(done, of)
        elif sys.stderr is not None and sys.stderr.isatty():
            width = 30
            full = done * width // of
            sys.stderr.write(f"\r{self._what} [{'=' * full}{' ' * (width - full)}] {done}/{of} ")
            sys.stderr.flush()
            self._line = True

    def _display(self, done: int, of: int) -> None:
        from IPython.display import HTML, display

        bar = HTML(f"{self._what} <progress value='{done}' max='{of}'></progress> {done}/{of}")
        if self._handle is None:
            self._handle = display(bar, display_id=True)
        else:
            self._handle.update(bar)

    def close(self) -> None:
        """Takes the bar away."""
        if self._line:
            sys.stderr.write("\r" + " " * 79 + "\r")
            sys.stderr.flush()
        if self._handle is not None:
            from IPython.display import HTML

            self._handle.update(HTML(""))


def watched(what: str, progress: Callable[[int, int], None] | bool | None):
    """What progress is told to: a function of the caller's, a bar, or nothing (``False``)."""
    if progress is False:
        return None
    if progress is None or progress is True:
        return Progress(what)
    return progress
