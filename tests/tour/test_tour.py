"""The tour has every page, its pictures are those it names, and its texts say the same in both languages."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from api.app import create_app
from screening.engines import Engines
from tests.services import fresh_settings
from tests.tour.book import FOLDER, page_routes, routes_shown, write_books
from tests.tour.pictures import (
    LANGUAGES,
    Chapter,
    Picture,
    load_chapters,
    load_unpictured,
    number_pictures,
)
from tests.tour.site import load_texts

# What a repository can carry, and what somebody waits for.
MOST_BYTES = 15_000_000


@pytest.fixture(scope="module")
def app(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(fresh_settings(tmp_path_factory.mktemp("tour")), engines=kuwait_engines)


@pytest.fixture(scope="module")
def chapters() -> tuple[Chapter, ...]:
    return load_chapters()


def missing_pages(chapters: tuple[Chapter, ...], routes: dict[str, str | None]) -> set[str]:
    """The pages that neither the tour shows nor a reason excuses."""
    return set(routes) - set(routes_shown(chapters, routes).values()) - set(load_unpictured())


def test_every_page_has_a_picture_or_a_reason(app: FastAPI, chapters: tuple[Chapter, ...]) -> None:
    routes = page_routes(app)
    assert len(routes) > 80
    assert missing_pages(chapters, routes) == set()
    assert set(load_unpictured()) <= set(routes), "a reason for what is not there any more"
    both = set(load_unpictured()) & set(routes_shown(chapters, routes).values())
    assert not both, f"these have a picture and a reason for having none: {both}"


def test_a_new_page_without_a_picture_is_noticed(app: FastAPI, chapters: tuple[Chapter, ...]) -> None:
    routes = {**page_routes(app), "/something/new": "cases.read"}
    assert missing_pages(chapters, routes) == {"/something/new"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_are_those_that_the_tour_names(language: str, chapters: tuple[Chapter, ...]) -> None:
    named = {one.file for one in number_pictures(chapters)}
    there = {one.name for one in (FOLDER / language).iterdir()}
    assert there - named == set(), "left over: make tour"
    assert named - there == set(), "missing: make tour"


def test_the_pictures_are_pictures_and_not_too_heavy() -> None:
    files = [one for language in LANGUAGES for one in (FOLDER / language).iterdir()]
    for file in files:
        head = file.read_bytes()[:12]
        assert (head[:4], head[8:]) == (b"RIFF", b"WEBP"), file
        assert file.stat().st_size > 2_000, f"{file} shows nothing"
    assert sum(file.stat().st_size for file in files) < MOST_BYTES


def test_the_walk_is_written_as_the_tables_say(app: FastAPI, chapters: tuple[Chapter, ...]) -> None:
    for file, text in write_books(chapters, app).items():
        assert (FOLDER / file).read_text("utf-8") == text, "write it again: make tour"


def test_both_languages_are_written(chapters: tuple[Chapter, ...]) -> None:
    texts = [text for one in chapters for text in (one.title, one.what)]
    texts += [
        text for one in chapters for picture in one.pictures for text in (picture.title, picture.caption)
    ]
    for text in texts:
        assert any("\u0600" <= letter <= "\u06ff" for letter in text.ar), text
        assert not any("\u0600" <= letter <= "\u06ff" for letter in text.en), text
    for group in load_texts().values():
        assert all(set(said) == set(LANGUAGES) for said in group.values())


def test_a_picture_comes_from_one_place() -> None:
    words = {"en": "Words", "ar": "كلمات"}
    fields = {"name": "x-y", "by": "nobody", "title": words, "caption": words}
    assert Picture.model_validate({**fields, "at": "/x"}, strict=False).at == "/x"
    for wrong in ({}, {"at": "/x", "then": True}):
        with pytest.raises(ValueError, match="needs one of"):
            Picture.model_validate({**fields, **wrong}, strict=False)
