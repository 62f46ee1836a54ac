"""The words that people choose from about a case, with both languages, read from `words.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from indicators.errors import ContentError, listed, nearest
from indicators.fields import Id
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.refusals import refused

_FILE: Final = "screening/cases/words.yaml"


class CaseWord(Content):
    """One word and what it is called; `needs_note` asks for a sentence beside it."""

    id: Id
    label: Text
    needs_note: bool = False


class CaseWords(Content):
    """Every list of words."""

    closing_reasons: SomeOf[CaseWord]
    reopening_reasons: SomeOf[CaseWord]
    hold_reasons: SomeOf[CaseWord]
    erasure_reasons: SomeOf[CaseWord]
    consent_purposes: SomeOf[CaseWord]
    consent_states: SomeOf[CaseWord]
    consent_ways: SomeOf[CaseWord]
    break_glass_reviews: SomeOf[CaseWord]


@cache
def case_words() -> Mapping[str, Mapping[str, CaseWord]]:
    """Every list by its name; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "cases" / "words.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(CaseWords, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    lists = {name: getattr(found, name) for name in CaseWords.model_fields}
    return MappingProxyType(
        {name: MappingProxyType({word.id: word for word in words}) for name, words in lists.items()}
    )


def words_of(name: str) -> Mapping[str, CaseWord]:
    """One list by id, in the order of the file."""
    return case_words()[name]


def label_of(name: str, word: str) -> Text:
    """What a word is called; one that is no longer in the file is called by its id."""
    known = words_of(name).get(word)
    return known.label if known is not None else Text(en=word, ar=word)


def require_word(name: str, word: str, field: str) -> CaseWord:
    """The word; raises `Refused` with S159 naming the nearest and the known ones if there is no such."""
    known = words_of(name)
    if word not in known:
        raise refused("S159", field=field, nearest=nearest(word, known), known=listed(known))
    return known[word]


def require_reason(name: str, word: str, note: str | None) -> CaseWord:
    """The word as a reason; also raises `Refused` with S155 if it asks for a sentence and there is none."""
    found = require_word(name, word, "reason")
    if found.needs_note and not (note and note.strip()):
        raise refused("S155", field="note")
    return found
