"""Turns of those who write to one file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from screening.refusals import refused


class Turns:
    """Lets one at a time through, in the order in which they came.

    SQLite makes a writer that finds another one sleep and try again, and whoever tries in the right moment
    is next: of fifty at once, one can wait for ever. Between processes that remains so; a server is one.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._taken = False

    @contextmanager
    def take(self, seconds: float) -> Iterator[None]:
        """Wait for one's turn and keep it until left; raises `Refused` with S110 after so many seconds."""
        self._enter(seconds)
        try:
            yield
        finally:
            self._pass_on()

    def _enter(self, seconds: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return
        with self._guard:
            # It may have been passed on after the waiting had ended.
            if mine.is_set():
                return
            self._waiting.remove(mine)
        raise refused("S110")

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
