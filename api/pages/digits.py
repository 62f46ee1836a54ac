"""Digits as people type them: Latin, Arabic-Indic or Persian, with or without marks that nobody sees."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = str.maketrans(
    {chr(first + digit): str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
)
_UNSEEN: Final = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SPACES: Final = re.compile(r"\s+")
_GROUPED: Final = re.compile("-?[0-9]{1,3}(?:([,\u066c ])[0-9]{3})(?:\\1[0-9]{3})*\\Z")
_PLAIN: Final = re.compile(r"-?[0-9]{1,16}\Z")


def normalise_digits(text: str) -> str:
    """The text with Latin digits, plain spaces, no unseen marks and nothing around it."""
    shown = _UNSEEN.sub("", text.translate(_DIGITS)).replace("\u2212", "-")
    return _SPACES.sub(" ", shown).strip()


def read_whole_number(text: str) -> int | None:
    """The whole number that was typed, groups of three or not; None for anything else.

    `12,5` is no whole number and not 125: a separator counts only between groups of three.
    """
    shown = normalise_digits(text)
    if _GROUPED.match(shown):
        shown = re.sub("[,\u066c ]", "", shown)
    return int(shown) if _PLAIN.match(shown) else None
