"""The pages' own words in Arabic: gettext catalogues (`locale/ar/*.po`), read as they are written.

English is what the templates say. Nothing is compiled beforehand, so no compiled file can be out of date:
reading all of them takes a few hundredths of a second, once, at the start.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from screening.phrases import Language

DOMAIN: Final = "messages"
# The order of the six forms that translators and their tools know: none, one, two, few, many, other.
PLURALS: Final[Mapping[Language, str]] = MappingProxyType(
    {
        "en": "nplurals=2; plural=(n != 1);",
        "ar": (
            "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
            "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
        ),
    }
)


def load_translations(language: Language) -> NullTranslations:
    """The translations of a language; English needs none."""
    if language == "en":
        return NullTranslations()
    return _compile(language)


@cache
def _compile(language: Language) -> Translations:
    whole = new_catalogue(language)
    for _, part in read_catalogues(language):
        for message in messages_of(part):
            whole.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def new_catalogue(language: Language) -> Catalog:
    """An empty catalogue with our order of plural forms."""
    catalogue = Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
    return catalogue


def read_catalogues(language: Language) -> Iterator[tuple[str, Catalog]]:
    """Each catalogue of a language by its area, which is a folder of templates; `common` is the rest."""
    for path in sorted(catalogue_folder(language).iterdir(), key=lambda one: one.name):
        if path.name.endswith(".po"):
            yield (
                path.name.removesuffix(".po"),
                read_po(io.BytesIO(path.read_bytes()), locale=language, domain=DOMAIN),
            )


def catalogue_folder(language: Language) -> Traversable:
    """Where the catalogues of a language are."""
    return files("api").joinpath("locale", language)


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its heading."""
    return (message for message in catalogue if message.id)
