"""Whole sentences with named slots, in English and Arabic, read from `phrases/*.yaml`.

No sentence is ever put together from pieces: what depends on a number has its plural forms (two in English,
six in Arabic) as data, and the rules of plural come from Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal

from babel import Locale
from babel.lists import format_list

from indicators.models import Text
from indicators.nodes import Node
from indicators.yaml_reading import read_yaml

Language = Literal["en", "ar"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "ar")
Slot = str | int | Text

FIRST_STRONG_ISOLATE: Final = "\u2068"
POP_ISOLATE: Final = "\u2069"

_PLURAL_FORMS: Final[Mapping[Language, frozenset[str]]] = MappingProxyType(
    {
        "en": frozenset({"one", "other"}),
        "ar": frozenset({"zero", "one", "two", "few", "many", "other"}),
    }
)
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
# A number with what hangs on it: the paragraph of an article, the year of a decision.
_NUMBER: Final = re.compile(r"[0-9]+(?:[(./][0-9]+\)?)*")
# What could move the cursor, forge a line or turn what follows around; isolates stay, they are ours.
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\ud800-\udfff\ufeff]")


# Hebrew, Arabic and their presentation forms: every letter that Unicode gives this direction and people use.
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence: its forms by language and plural form (`other` alone when no number decides)."""

    id: str
    count: str | None
    forms: Mapping[Language, Mapping[str, str]]


def say(id: str, lang: Language, /, **slots: Slot) -> str:
    """Return the sentence in one language; slots that could upset the direction of the line are isolated."""
    phrase = phrases()[id]
    forms = phrase.forms[lang]
    form = "other"
    if phrase.count is not None:
        number = slots[phrase.count]
        if not isinstance(number, int):
            raise TypeError(f"{id}: {phrase.count} chooses the plural form and must be a number")
        form = _plural_form(number, lang)
        if number == 0 and "zero" in forms:
            form = "zero"
    text = forms[form]
    return _SLOT.sub(lambda found: _fill(slots[found[1]], lang), text) if "{" in text else text


def say_both(id: str, /, **slots: Slot) -> Text:
    """Return the sentence in both languages; a slot that is itself a pair gives each language its own."""
    return Text(en=say(id, "en", **slots), ar=say(id, "ar", **slots))


def knows(id: str) -> bool:
    """Return whether there is such a phrase."""
    return id in phrases()


def in_language(text: Text, lang: Language) -> str:
    """Return one side of a pair."""
    return text.say(lang)


def list_either(items: Iterable[Text]) -> Text:
    """Return quoted items as one list joined by *or*, as each language writes it."""
    texts = list(items)
    return Text(
        en=format_list([f"“{_fill(item, 'en')}”" for item in texts], style="or", locale=_locale("en")),
        ar=format_list([f"«{_fill(item, 'ar')}»" for item in texts], style="or", locale=_locale("ar")),
    )


def list_together(items: Iterable[Text]) -> Text:
    """Return quoted items as one list joined by *and*, as each language writes it."""
    texts = list(items)
    return Text(
        en=format_list([f"“{_fill(item, 'en')}”" for item in texts], style="standard", locale=_locale("en")),
        ar=format_list([f"«{_fill(item, 'ar')}»" for item in texts], style="standard", locale=_locale("ar")),
    )


def list_ids(ids: Iterable[str]) -> Text:
    """Return ids as one list, each kept apart from the direction of the line."""
    found = list(ids)
    return Text(en=", ".join(found), ar="، ".join(_fill(id, "ar") for id in found))


def isolate_numbers(text: str) -> str:
    """Return Arabic text in which a number with its brackets, such as `22(4)`, keeps its own direction."""
    return _NUMBER.sub(lambda found: f"{FIRST_STRONG_ISOLATE}{found[0]}{POP_ISOLATE}", text)


def make_printable(text: str) -> str:
    """Return text in which nothing can move a cursor, forge a line or turn its direction around."""
    return _UNSAFE.sub("\ufffd", text)


@cache
def phrases() -> Mapping[str, Phrase]:
    """Return every phrase that is shipped; each id stands in one file, once, complete in both languages."""
    found: dict[str, Phrase] = {}
    folder = files("screening") / "phrases"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if not path.name.endswith(".yaml"):
            continue
        for phrase in _read(read_yaml(path.read_text(encoding="utf-8"), path.name), path.name):
            if phrase.id in found:
                raise ValueError(f"{path.name}: `{phrase.id}` is there twice")
            found[phrase.id] = phrase
    return MappingProxyType(found)


def slots_of(text: str) -> frozenset[str]:
    """Return the names of the slots in a sentence."""
    return frozenset(_SLOT.findall(text))


def _read(node: Node, file: str) -> Iterable[Phrase]:
    for entry in node.plain():
        if set(entry) - {"count"} != {"id", "text"} or set(entry["text"]) != set(LANGUAGES):
            raise ValueError(f"{file}: a phrase has `id`, `text: {{en, ar}}` and at most `count`: {entry!r}")
        count = entry.get("count")
        forms: dict[Language, Mapping[str, str]] = {}
        for lang in LANGUAGES:
            text = entry["text"][lang]
            forms[lang] = MappingProxyType({"other": text} if isinstance(text, str) else dict(text))
            wanted = _PLURAL_FORMS[lang] if count else frozenset({"other"})
            if not set(forms[lang]) >= wanted or set(forms[lang]) - wanted - {"zero"}:
                raise ValueError(f"{file}: `{entry['id']}` needs the forms {sorted(wanted)} in `{lang}`")
        slots = {lang: slots_of(forms[lang]["other"]) | {count or ""} for lang in LANGUAGES}
        if slots["en"] != slots["ar"]:
            raise ValueError(f"{file}: `{entry['id']}` has different slots in its two languages")
        yield Phrase(id=entry["id"], count=count, forms=MappingProxyType(forms))


@cache
def _plural_form(number: int, lang: Language) -> str:
    return str(_locale(lang).plural_form(number))


@cache
def _locale(lang: Language) -> Locale:
    # Babel looks for the file of a language each time it is named.
    return Locale.parse(lang)


def _fill(value: Slot, lang: Language) -> str:
    text = (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int)
        else in_language(value, lang)
    )
    text = make_printable(text)
    if lang == "ar" or _RIGHT_TO_LEFT.search(text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text
