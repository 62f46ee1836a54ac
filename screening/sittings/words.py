"""The words that people choose from about an interview, with both languages, read from `words.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field

from indicators.errors import ContentError, listed, nearest
from indicators.fields import Id
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.refusals import refused

_FILE: Final = "screening/sittings/words.yaml"


class SittingWord(Content):
    """One word and what it is called; `needs_note` asks for a sentence beside it."""

    id: Id
    label: Text
    needs_note: Annotated[bool, Field(default=False)]


class SittingWords(Content):
    """Every list of words."""

    interview_statuses: SomeOf[SittingWord]
    pause_reasons: SomeOf[SittingWord]
    abandon_reasons: SomeOf[SittingWord]
    follow_reasons: SomeOf[SittingWord]
    decision_stances: SomeOf[SittingWord]


@cache
def sitting_words() -> Mapping[str, Mapping[str, SittingWord]]:
    """Every list by its name; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "sittings" / "words.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(SittingWords, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    lists = {name: getattr(found, name) for name in SittingWords.model_fields}
    return MappingProxyType(
        {name: MappingProxyType({word.id: word for word in words}) for name, words in lists.items()}
    )


def label_of(name: str, word: str) -> Text:
    """What a word is called; one that is no longer in the file is called by its id."""
    known = sitting_words()[name].get(word)
    return known.label if known is not None else Text(en=word, ar=word)


def require_word(name: str, word: str, field: str, note: str | None = None) -> SittingWord:
    """The word, if there is such: `Refused` with S256 otherwise, with S257 if it needs a note beside it."""
    known = sitting_words()[name]
    if word not in known:
        raise refused("S256", field=field, value=word, nearest=nearest(word, known), known=listed(known))
    if known[word].needs_note and not (note and note.strip()):
        raise refused("S257", field="note")
    return known[word]
