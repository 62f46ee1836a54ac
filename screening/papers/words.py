"""The fixed words of what is printed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from indicators.errors import ContentError
from indicators.fields import Id
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.phrases import Language

_FILE: Final = "screening/papers/words.yaml"


class _Word(Content):
    id: Id
    text: Text


class _Words(Content):
    referral_form: SomeOf[_Word]


@cache
def form_words(lang: Language) -> Mapping[str, str]:
    """The words of the referral form in a language; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "papers" / "words.yaml").read_bytes(), _FILE)
    words = None if node is None else validate(_Words, node, faults)
    if words is None or faults:
        raise ContentError(tuple(faults))
    return {word.id: getattr(word.text, lang) for word in words.referral_form}
