"""One server to one database file: a lock that the operating system takes back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from screening.refusals import refused


class FileLock:
    """Held from `hold` until `release`, or until the process ends, however it ends.

    The file stays behind and means nothing: what counts is the operating system's lock on it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Take the lock; raises `Refused`: S114 if another server has it, S119 if there can be no file."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise refused("S119", value=self.path.name) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise refused("S114", value=self.path.with_suffix("").name) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; nothing if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
