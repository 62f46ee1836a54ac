"""Warnings about what in a free text could be turned against the person it is about; never a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from indicators.errors import ContentError
from indicators.fields import Id
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.cases.writing import fold

_FILE: Final = "screening/cases/sensitive_notes.yaml"

# And, then, in, to, like, the: written onto the word that follows.
_PARTICLES: Final = "(?:[وف]?(?:[بك]?ال|لل|[بلك])?)?"
_SENTENCE_END: Final = re.compile(r"[.!?؟;؛\n\r]+")


class _Words(Content):
    """Words to look for, one list a language."""

    en: SomeOf[str]
    ar: SomeOf[str]


class NoteWarning(Content):
    """What was noticed: an id, what it is called, and what the writer is told."""

    id: Id
    label: Text
    says: Text
    words: _Words
    words_unless_forced: _Words | None = None


class _SensitiveNotes(Content):
    force_words: _Words
    warnings: SomeOf[NoteWarning]


@dataclass(frozen=True, slots=True)
class _Pattern:
    always: re.Pattern[str]
    unless_forced: re.Pattern[str] | None


def warn_about(*texts: str | None) -> tuple[str, ...]:
    """The ids of what in these texts could be turned against the person, in the order of the content.

    Nothing of the texts is kept. The ids may be audited and shown; `describe_warnings` says what they mean.
    """
    forced = _force()
    sentences = [
        sentence for text in texts if text for sentence in _SENTENCE_END.split(fold(text)) if sentence
    ]
    return tuple(
        id
        for id, pattern in _patterns().items()
        if any(
            pattern.always.search(sentence)
            or (
                pattern.unless_forced is not None
                and pattern.unless_forced.search(sentence)
                and not forced.search(sentence)
            )
            for sentence in sentences
        )
    )


def describe_warnings(ids: Iterable[str]) -> Sequence[NoteWarning]:
    """What the ids mean, in both languages."""
    wanted = set(ids)
    return [warning for warning in _content().warnings if warning.id in wanted]


@cache
def _content() -> _SensitiveNotes:
    node, faults = parse_yaml((files("screening") / "cases" / "sensitive_notes.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(_SensitiveNotes, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found


@cache
def _patterns() -> dict[str, _Pattern]:
    return {
        warning.id: _Pattern(
            _compile(warning.words),
            None if warning.words_unless_forced is None else _compile(warning.words_unless_forced),
        )
        for warning in _content().warnings
    }


@cache
def _force() -> re.Pattern[str]:
    return _compile(_content().force_words)


def _compile(words: _Words) -> re.Pattern[str]:
    english = "|".join(_read_word(word) for word in words.en)
    arabic = "|".join(_read_word(word) for word in words.ar)
    return re.compile(rf"(?<!\w)(?:(?:{english})|{_PARTICLES}(?:{arabic}))(?!\w)")


def _read_word(word: str) -> str:
    bare = re.escape(fold(word.strip("*"))).replace(r"\ ", r"\s+")
    return ("\\w*" if word.startswith("*") else "") + bare + ("\\w*" if word.endswith("*") else "")
