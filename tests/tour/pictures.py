"""What the tour shows, in order: read from `pages/`, checked, and numbered."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, Literal

import yaml
from pydantic import Field, model_validator

from indicators.models import Content, Text
from screening.phrases import Language

LANGUAGES: Final[tuple[Language, ...]] = ("en", "ar")
Look = Literal["plain", "dark", "phone", "narrow", "print"]


class Picture(Content):
    """One picture: where to go as whom, what to do first, and what to say about it."""

    name: str = Field(pattern=r"^[a-z][a-z-]*[a-z]$")
    by: str
    title: Text
    caption: Text
    at: str | None = None
    # A screen of the field form.
    screen: str | None = None
    # The page where the steps lead, if that is another one.
    shows: str | None = None
    # It goes on in the page of the picture before.
    then: bool = False
    do: tuple[dict[str, Any], ...] = ()
    look: Look = "plain"
    status: int = 200
    # The address answers a PDF.
    paper: bool = False
    # As long as there is no administrator.
    empty: bool = False
    # The page's own clock goes on by so many seconds.
    later: int = 0

    @model_validator(mode="after")
    def _come_from_somewhere(self) -> Picture:
        if [self.at is not None, self.screen is not None, self.then].count(True) != 1:
            raise ValueError(f"{self.name} needs one of `at`, `screen`, `then`")
        return self


class Chapter(Content):
    """Pictures that belong together."""

    chapter: str
    title: Text
    what: Text
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Numbered:
    """A picture with its place in the whole tour."""

    number: int
    picture: Picture

    @property
    def file(self) -> str:
        """Its file, in the folder of its language."""
        return f"{self.number:03}-{self.picture.name}.webp"


def load_chapters() -> tuple[Chapter, ...]:
    """The tour, in the order of work."""
    found = []
    for file in sorted((files("tests.tour") / "pages").iterdir(), key=lambda one: one.name):
        if file.name[0].isdigit() and file.name.endswith(".yaml"):
            found += [
                Chapter.model_validate(one, strict=False) for one in yaml.safe_load(file.read_text("utf-8"))
            ]
    return tuple(found)


def number_pictures(chapters: tuple[Chapter, ...]) -> tuple[Numbered, ...]:
    """Every picture of the tour with its number; no name occurs twice."""
    found = [one for chapter in chapters for one in chapter.pictures]
    names = [one.name for one in found]
    assert len(set(names)) == len(names), [name for name in names if names.count(name) > 1]
    return tuple(Numbered(number, one) for number, one in enumerate(found, 1))


def load_unpictured() -> dict[str, str]:
    """Routes without a picture, each with the reason."""
    found: dict[str, str] = yaml.safe_load(
        (files("tests.tour") / "pages" / "unpictured.yaml").read_text("utf-8")
    )
    return found


def load_words() -> dict[str, dict[Language, str]]:
    """What the walk says around the pictures."""
    found: dict[str, dict[Language, str]] = yaml.safe_load(
        (files("tests.tour") / "words.yaml").read_text("utf-8")
    )
    return found
