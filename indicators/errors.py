"""What can be wrong with a file, an answer or a request: a code, its place, and its words in two languages.

The words live in `faults/*.yaml`, so that a reviewer can read and correct them; Python knows codes and slots.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

import yaml

Severity = Literal["load", "publication", "request"]
Language = Literal["en", "ar"]


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """A slot that says something in both languages: the name of a case, the words of another fault."""

    en: str
    ar: str

    def __str__(self) -> str:
        return self.en

    def say(self, lang: Language) -> str:
        """Return the words in a language."""
        return self.ar if lang == "ar" else self.en


Slot = str | int | Words

_LONGEST_SLOT: Final = 240
_LONGEST_LIST: Final = 230
# What could break a line of a report, forge one, or turn its reading direction around.
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


@dataclasses.dataclass(frozen=True, slots=True)
class FaultDefinition:
    """One code of the catalogue, with its words."""

    code: str
    severity: Severity
    message: Mapping[str, str]
    advice: Mapping[str, str]
    nearest: Mapping[str, str] | None


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where; a log may carry code and field, never `slots` (answers)."""

    code: str
    slots: Mapping[str, Slot] = dataclasses.field(default_factory=dict, hash=False)
    file: str | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None

    @property
    def severity(self) -> Severity:
        """What the fault stops: loading, publishing, or this request."""
        return define(self.code).severity

    def at(self, file: str | None, line: int | None, column: int | None = None) -> Fault:
        """Return the same fault with its place in a file."""
        return dataclasses.replace(self, file=file, line=line, column=column)


class _FaultsError(Exception):
    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(render(one, "en") for one in self.faults)


class ContentError(_FaultsError):
    """Content that cannot be loaded; `faults` holds everything that is wrong with it."""


class AnswersError(_FaultsError):
    """Answers or a request that cannot be read; `faults` holds everything that is wrong with them."""


def fault(
    code: str,
    *,
    file: str | None = None,
    line: int | None = None,
    column: int | None = None,
    field: str | None = None,
    **slots: Slot | None,
) -> Fault:
    """Return a fault; slots that are None are left out, the others made safe for one line."""
    kept = {name: _safe(value) for name, value in slots.items() if value is not None}
    return Fault(code=code, slots=kept, file=file, line=line, column=column, field=field)


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that is most like `word`, or None when none is near."""
    found = difflib.get_close_matches(word[:_LONGEST_SLOT], sorted(candidates), n=1, cutoff=0.6)
    return found[0] if found else None


def listed(words: Iterable[str], most: int = 16) -> str:
    """Return ids for a slot, each in backticks, in the order given; a long list is cut with an ellipsis."""
    every = [f"`{word}`" for word in words]
    kept: list[str] = []
    for word in every[:most]:
        if sum(len(one) + 2 for one in kept) + len(word) > _LONGEST_LIST:
            break
        kept.append(word)
    return ", ".join(kept + (["…"] if len(kept) < len(every) else []))


def message(of: Fault, lang: Language = "en") -> str:
    """Return what is wrong, in one sentence without place and code."""
    definition = define(of.code)
    text = _fill(definition.message[lang], of.slots, lang)
    if definition.nearest is not None and "nearest" in of.slots:
        text += _fill(definition.nearest[lang], of.slots, lang)
    return text


def message_words(of: Fault) -> Words:
    """Return what is wrong in both languages, for the slot of another fault."""
    return Words(en=message(of, "en"), ar=message(of, "ar"))


def advice(of: Fault, lang: Language = "en") -> str:
    """Return what to do about it, in one or two sentences."""
    return _fill(define(of.code).advice[lang], of.slots, lang)


def render(of: Fault, lang: Language = "en") -> str:
    """Return one line: ``path:line: CODE what is wrong``; without a file, the field stands in its place."""
    file = of.file if of.line is None else f"{of.file or ''}:{of.line}".lstrip(":")
    # Messages about content and answers name what they are about; those of the readers know only where it is.
    field = of.field if of.file is None or of.code.startswith("Y") else None
    place = "".join(f"{_printable(one, most=None)}: " for one in (file, field) if one)
    return f"{place}{of.code} {message(of, lang)}"


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults without repetitions, by file, line, column and code, as people mend them."""
    distinct = {
        (one.code, one.file, one.line, one.column, one.field, tuple(sorted(one.slots.items()))): one
        for one in faults
    }
    return sorted(
        distinct.values(),
        key=lambda one: (one.file or "", one.line or 0, one.column or 0, one.code, one.field or ""),
    )


def define(code: str) -> FaultDefinition:
    """Return the catalogue's entry of a code; a code that is not there is a mistake in the program."""
    return fault_definitions()[code]


@cache
def fault_definitions() -> Mapping[str, FaultDefinition]:
    """Return every code of `faults/*.yaml`, sorted; each code stands in one file, once."""
    found: dict[str, FaultDefinition] = {}
    folder = files("indicators").joinpath("faults")
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if not path.name.endswith(".yaml"):
            continue
        # The strict reader reports with these very definitions, so it cannot read them; tests do.
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            definition = _define(entry)
            if definition.code in found:
                raise ValueError(f"{path.name}: {definition.code} is defined twice")
            found[definition.code] = definition
    return MappingProxyType(dict(sorted(found.items())))


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the slots in a message."""
    return frozenset(_PLACEHOLDER.findall(text))


def _define(entry: dict[str, Any]) -> FaultDefinition:
    return FaultDefinition(
        code=entry["code"],
        severity=entry["severity"],
        message=MappingProxyType(entry["message"]),
        advice=MappingProxyType(entry["advice"]),
        nearest=MappingProxyType(entry["nearest"]) if "nearest" in entry else None,
    )


def _fill(text: str, slots: Mapping[str, Slot], lang: Language) -> str:
    def said(name: str) -> str:
        value = slots.get(name, "…")
        return value.say(lang) if isinstance(value, Words) else str(value)

    # Not str.format: content may hold braces, and a slot is never a format of its own.
    return _PLACEHOLDER.sub(lambda found: said(found[1]), text)


def _safe(value: Slot) -> Slot:
    if isinstance(value, Words):
        return Words(en=_printable(value.en), ar=_printable(value.ar))
    return value if isinstance(value, int) else _printable(value)


def _printable(value: str, most: int | None = _LONGEST_SLOT) -> str:
    safe = _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", value if most is None else value[: most + 1])
    return safe if most is None or len(safe) <= most else f"{safe[:most]}…"
