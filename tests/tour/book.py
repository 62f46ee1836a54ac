"""The walk through the pictures, as a page a language: what each shows, and who sees it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from api.access import PUBLIC, access_of, api_routes
from screening.people.access import load_permissions
from screening.phrases import Language
from tests.tour.pictures import LANGUAGES, Chapter, Numbered, Picture, load_words, number_pictures

FOLDER: Final = Path(__file__).parents[2] / "docs" / "tour"
PAGES: Final[dict[Language, str]] = {"en": "README.md", "ar": "README.ar.md"}
# A picture of a narrow screen is not drawn out to the width of the page.
_NARROW: Final = 390
_FIELD: Final = "/field"
_FIELD_PERMISSION: Final = "visits.write"


def page_routes(app: FastAPI) -> dict[str, str | None]:
    """Every address of a page of the desk, the field form or anybody's, with the permission it asks for."""
    found = {}
    for one in api_routes(app):
        path = str(one.path)
        if ("GET" in (one.methods or ()) and not one.include_in_schema) or path == "/":
            found[path] = access_of(one)
    return found


def route_of(picture: Picture, before: str, routes: dict[str, str | None]) -> str:
    """The route that a picture shows; one that goes on from the picture before shows that one's."""
    if picture.screen is not None:
        return _FIELD
    if picture.at is None and picture.shows is None:
        return before
    path = re.sub(r"\{[a-z_]+\}", "x", (picture.shows or picture.at or "").partition("?")[0])
    fitting = [one for one in routes if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", one), path)]
    assert fitting, picture.at
    # `/cases/emergency` is a page of its own, and would do for `/cases/{id}` as well.
    return min(fitting, key=lambda one: (one.count("{"), one))


def routes_shown(chapters: tuple[Chapter, ...], routes: dict[str, str | None]) -> dict[str, str]:
    """The route of every picture, by its name."""
    found: dict[str, str] = {}
    before = ""
    for one in (picture for chapter in chapters for picture in chapter.pictures):
        before = found[one.name] = route_of(one, before, routes)
    return found


def write_books(chapters: tuple[Chapter, ...], app: FastAPI) -> dict[str, str]:
    """The text of every page of the walk, by its file."""
    routes = page_routes(app)
    shown = routes_shown(chapters, routes)
    return {PAGES[lang]: _write(chapters, routes, shown, lang) for lang in LANGUAGES}


def _write(
    chapters: tuple[Chapter, ...], routes: dict[str, str | None], shown: dict[str, str], lang: Language
) -> str:
    words = {id: text[lang] for id, text in load_words().items()}
    numbered = {one.picture.name: one for one in number_pictures(chapters)}
    lines = [f"# {words['title']}", "", f"<!-- {words['made']} -->", ""]
    if lang == "ar":
        lines += ['<div dir="rtl" lang="ar">', ""]
    lines += [words["intro"], "", words["cut"], "", words["other"], ""]
    for number, chapter in enumerate(chapters, 1):
        lines.append(f"{number}. [{chapter.title.say(lang)}](#{chapter.chapter})")
    for chapter in chapters:
        lines += ["", f'<a id="{chapter.chapter}"></a>', "", f"## {chapter.title.say(lang)}", ""]
        lines.append(chapter.what.say(lang))
        for picture in chapter.pictures:
            one = numbered[picture.name]
            seen = _say_who(routes[shown[picture.name]], shown[picture.name], words, lang)
            lines += ["", f"### {one.number}. {picture.title.say(lang)}", ""]
            lines += [f"{picture.caption.say(lang)} {words['seen_by']} {seen}.", "", _show(one, lang)]
    if lang == "ar":
        lines += ["", "</div>"]
    return "\n".join(lines) + "\n"


def _show(one: Numbered, lang: Language) -> str:
    picture = one.picture
    narrow = picture.look in ("phone", "narrow") or picture.screen is not None
    width = f' width="{_NARROW}"' if narrow else ""
    return f'<img src="{lang}/{one.file}" alt="{picture.title.say(lang)}"{width}>'


def _say_who(access: str | None, route: str, words: dict[str, str], lang: Language) -> str:
    if route == _FIELD:
        access = _FIELD_PERMISSION
    if access is None or access == PUBLIC:
        return words["everybody"]
    if access == "self.manage":
        return words["signed_in"]
    permissions = load_permissions()
    reach = permissions.permissions[access].reach
    # Another system has no browser.
    roles = [
        role.label.say(lang) for id, role in permissions.roles.items() if id in reach and id != "service"
    ]
    return words["comma"].join(roles)
