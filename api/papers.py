"""Papers as answers: which language was asked for, and that nobody keeps them."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Query, Response

from screening.phrases import Language

Asked = Literal["en", "ar", "both"]
PaperLanguage = Annotated[Asked, Query(description="the language of the paper; `both` has a page in each")]

_LANGUAGES: Final[dict[Asked, tuple[Language, ...]]] = {
    "en": ("en",),
    "ar": ("ar",),
    "both": ("ar", "en"),
}


def languages_of(asked: Asked) -> tuple[Language, ...]:
    """The languages of the pages, in their order."""
    return _LANGUAGES[asked]


def paper(pdf: bytes, name: str) -> Response:
    """A PDF that a browser shows and nobody on the way keeps; `name` must say nothing about anybody."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)
