"""What runs in a direction of its own inside a sentence: numbers, dates, names, words of the other language.

Without a wall around it a telephone number in an Arabic sentence comes out back to front. These are the
filters of the templates; each gives markup that is safe to place, of text that is not.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from markupsafe import Markup, escape

from indicators.answers import Day, read_partial_day
from indicators.models import Text
from screening.phrases import Language

_LOCALES: Final[dict[Language, str]] = {"en": "en_GB", "ar": "ar_KW"}
_QUOTES: Final[dict[Language, tuple[str, str]]] = {"en": ("“", "”"), "ar": ("«", "»")}
_DIRECTIONS: Final[dict[Language, str]] = {"en": "ltr", "ar": "rtl"}
# The offices are in Kuwait, whatever clock the server has.
_ZONE: Final = ZoneInfo("Asia/Kuwait")


def direction_of(language: Language) -> str:
    """`ltr` or `rtl`."""
    return _DIRECTIONS[language]


def isolate_ltr(value: object) -> Markup:
    """For telephone, case and passport numbers, article numbers, addresses, codes: left to right always."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(value)


def isolate_name(value: object) -> Markup:
    """For names and whatever else may be in either direction: its own first letter decides."""
    return Markup("<bdi>{}</bdi>").format(value)


def write_quoted(text: str, language: Language) -> Markup:
    """A message, with what it quotes between backticks in the quotation marks of the language, isolated."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    opening, closing = _QUOTES[language]
    quoted = Markup("{}<bdi>{}</bdi>{}")
    return Markup("").join(
        quoted.format(opening, part, closing) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def write_number(value: int) -> Markup:
    """A whole number in Latin digits with groups of three, in both languages."""
    return isolate_ltr(f"{value:,}")


def write_part(text: Text | str, language: Language) -> Markup:
    """Words in a language that is not the page's, marked as such, so that they are read out rightly."""
    said = text.say(language) if isinstance(text, Text) else text
    return Markup('<span lang="{}" dir="{}">{}</span>').format(language, direction_of(language), said)


def write_day(value: date | Day | str, language: Language) -> Markup:
    """A day, or only its month or year, in words; what is no date is shown as it is written."""
    shown = read_partial_day(value) if isinstance(value, str) else value
    if shown is None:
        return isolate_ltr(value)
    iso = shown.text if isinstance(shown, Day) else shown.isoformat()
    first = shown.first if isinstance(shown, Day) else shown
    pattern = {4: "y", 7: "MMMM y"}.get(len(iso), "d MMMM y")
    words = format_date(first, pattern, locale=_LOCALES[language])
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(iso, words)


def write_moment(value: datetime, language: Language) -> Markup:
    """A moment as a day and a time in Kuwait; a moment without a zone is taken as UTC."""
    moment = (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).astimezone(_ZONE)
    words = format_datetime(moment, "d MMMM y, HH:mm", locale=_LOCALES[language], tzinfo=_ZONE)
    if language == "ar":
        words = words.replace(",", "،")
    iso = moment.isoformat(timespec="minutes")
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(iso, words)


def write_lines(value: str) -> Markup:
    """Free text with its own line breaks and direction; an empty text gives nothing."""
    lines = [escape(line) for line in value.splitlines()]
    return Markup('<span dir="auto">{}</span>').format(Markup("<br>").join(lines)) if lines else Markup()
