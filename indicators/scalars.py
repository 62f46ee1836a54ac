"""The one scalar reader of content and answer files: YAML 1.2 core, without what is written by mistake."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Whole numbers beyond this are not the same in every language that reads a program (semantics.md section 1).
LARGEST: Final = 2**53 - 1

_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_PADDED: Final = re.compile(r"[-+]?0[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
)
_SHOUTED: Final = frozenset({"True", "TRUE", "False", "FALSE", "Null", "NULL"})
# Tab and line ends are the only control characters a text may hold; U+2028 and U+2029 break lines in some
# readers and not in others; surrogates and noncharacters are not text.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)


def read_plain(text: str) -> tuple[str | int | bool | None, str | None]:
    """Return the value of an unquoted scalar, and the code of the fault when it is refused."""
    if not text or text == "~" or text == "null":
        return None, None
    first = text[0]
    if first in "0123456789+-.":
        if _INTEGER.match(text):
            return read_integer(text)
        if _PADDED.match(text):
            return None, "Y014"
        if _FLOAT.match(text):
            return None, "Y012"
    elif text == "true":
        return True, None
    elif text == "false":
        return False, None
    elif text in _SHOUTED:
        return None, "Y015"
    return read_text(text)


def read_text(text: str) -> tuple[str | None, str | None]:
    """Return a text in Unicode's composed form (NFC), so that what looks alike is alike."""
    if text.isascii():
        return (None, "Y016") if _FORBIDDEN.search(text) else (text, None)
    if _FORBIDDEN.search(text):
        return None, "Y016"
    return unicodedata.normalize("NFC", text), None


def read_integer(text: str) -> tuple[int | None, str | None]:
    """Return a whole number that is the same in every language that reads it."""
    # The length first: converting a number of a million digits takes seconds.
    if len(text) > 17 or abs(int(text)) > LARGEST:
        return None, "Y013"
    return int(text), None


def find_forbidden(text: str) -> tuple[int, str] | None:
    """Return position and name (U+0007) of the first character that no file may hold, or None."""
    found = _FORBIDDEN.search(text)
    return None if found is None else (found.start(), f"U+{ord(found[0]):04X}")
