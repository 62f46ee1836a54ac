"""Marker texts, and where they must never turn up: logs, files of the database, headers, problems."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import quote

_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_ARABIC: Final = "زمردابهجنوتكلم"
UNKNOWN: Final = "a field that can no longer be told"


def _letters(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))


@dataclass
class Markers:
    """Texts that nobody else writes: each begins with a word of this run and goes on with its number."""

    latin: str = field(default_factory=lambda: _letters(_LATIN, 10))
    arabic: str = field(default_factory=lambda: _letters(_ARABIC, 10))
    digits: str = field(default_factory=lambda: _letters("123456789", 10))
    planted: dict[str, str] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1000))

    def core(self, where: str) -> str:
        """A word of small letters and digits: it fits where ids of the content do."""
        return self.latin + self._next(where)

    def text(self, where: str, longest: int = 60) -> str:
        """A sentence in two scripts."""
        number = self._next(where)
        return f"{self.latin}{number} {self.arabic}{number}"[:longest]

    def number(self, where: str) -> str:
        """What a telephone number or the number of a document looks like."""
        return self.digits + self._next(where)

    def found_in(self, data: bytes) -> set[str]:
        """The fields whose markers stand in these bytes, in any way of writing that we use."""
        low = data.lower()
        if not any(form in low for form in self._forms):
            return set()
        names = {found[1].decode() for found in self._readable.finditer(low)}
        return {self.planted[name] for name in names if name in self.planted} or {UNKNOWN}

    def _next(self, where: str) -> str:
        number = str(next(self._numbers))
        self.planted[number] = where
        return number

    @cached_property
    def _readable(self) -> re.Pattern[bytes]:
        beginnings = "|".join(re.escape(word) for word in (self.latin, self.arabic, self.digits))
        return re.compile(f"(?:{beginnings})([0-9]{{4}})".encode())

    @cached_property
    def _forms(self) -> frozenset[bytes]:
        forms = set()
        for word in (self.latin, self.arabic, self.digits):
            raw = word.encode()
            forms |= {raw, word.encode("utf-16-le"), word.encode("utf-16-be"), raw.hex().encode()}
            forms |= {json.dumps(word).strip('"').encode(), quote(word).encode()}
            # Base64 writes the same bytes in three ways, and its ends depend on the neighbours.
            forms |= {base64.b64encode(b"\0" * shift + raw)[4:-4] for shift in (1, 2, 3)}
        return frozenset(form.lower() for form in forms)


@dataclass(frozen=True)
class Leak:
    """A field whose marker was found where it must not be."""

    field: str
    place: str


def search_files(markers: Markers, folders: Iterable[Path]) -> set[Leak]:
    """Every marker in every file below the folders."""
    leaks = set()
    for folder in folders:
        for path in folder.rglob("*"):
            if not path.is_file():
                continue
            try:
                data = path.read_bytes()
            except OSError:
                # A server may delete its own files at any moment.
                continue
            leaks |= {Leak(one, f"file below {folder.name}") for one in markers.found_in(data)}
    return leaks


def search_text(markers: Markers, text: str, place: str) -> set[Leak]:
    """Every marker in a text."""
    return {Leak(one, place) for one in markers.found_in(text.encode(errors="surrogateescape"))}


def search_headers(markers: Markers, headers: Mapping[str, str], place: str) -> set[Leak]:
    """Every marker in the headers of an answer."""
    return search_text(markers, "\n".join(f"{name}: {value}" for name, value in headers.items()), place)
