"""Different ways to write the same: digits of several scripts, Arabic letters, marks nobody sees."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Vowel signs, the sign of a long vowel, and lengthening: two people write them differently.
_SIGNS: Final = re.compile("[\u0640\u064b-\u065f\u0670]")
_SAME: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه"})


def read_digits(text: str) -> str:
    """The text with every decimal digit (Arabic-Indic, Persian, Devanagari, Bengali …) as 0 to 9."""
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() and not letter.isascii() else letter
        for letter in text
    )


def fold(text: str) -> str:
    """The text as it is compared: without case, width, invisible marks and variants of Arabic letters."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    return _SIGNS.sub("", read_digits(plain)).translate(_SAME)


def fold_number(text: str) -> str:
    """A number of a document or register as it is compared: letters and digits only."""
    return "".join(letter for letter in fold(text) if letter.isalnum())
