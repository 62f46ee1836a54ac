"""One page while it is written, in one language, and the Markdown it becomes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from indicators.conditions import All, AnyOf, AtLeast, Condition, Reference, Test
from indicators.models import Citation, Text
from screening.descriptions import source_line
from screening.phrases import Language, say
from screening.reference.libraries import Kind, Library, Location

_CODE: Final = re.compile(r"(`[^`]*`)")
_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST_CODE: Final = 240
INDENT: Final = "  "
CONTENTS: Final = "README.md"

Slot = str | int | Text


def escape(text: str) -> str:
    """Return text that Markdown shows as it is; what stands in backticks stays code."""
    pieces = _CODE.split(" ".join(text.split()))
    return "".join(piece if at % 2 else _escape_plain(piece) for at, piece in enumerate(pieces))


def _escape_plain(text: str) -> str:
    text = re.sub(r"([\\*\[\]`])", r"\\\1", text)
    return text.replace("&", "&amp;").replace("<", "&lt;")


def code(text: str) -> str:
    """Return text as code on one line; what cannot be seen is written out, what is very long is cut."""
    shown = _UNSEEN.sub(lambda found: _written_out(found[0]), text)
    if len(shown) > _LONGEST_CODE:
        shown = shown[:_LONGEST_CODE] + "…"
    if not shown:
        return ""
    fence = "``" if "`" in shown else "`"
    padding = " " if fence == "``" or shown.strip() != shown or shown.startswith("`") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def _written_out(character: str) -> str:
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character, f"\\u{ord(character):04x}")


class Sheet:
    """A page in one language: what is said on it goes through the phrases, what is shown is escaped."""

    def __init__(self, library: Library, page: str, lang: Language, *, shared: bool = False) -> None:
        self.library = library
        self.page = page
        self.lang = lang
        self.shared = shared
        self.lines: list[str] = []

    @property
    def path(self) -> str:
        """Where the page stands below the folder of the reference."""
        return path_in(self.page, self.lang, shared=self.shared)

    def say(self, id: str, /, **slots: Slot) -> str:
        """Return a phrase; a pair is escaped, a text is taken as Markdown already."""
        filled = {
            name: self.text(value) if isinstance(value, Text) else value for name, value in slots.items()
        }
        return say(id, self.lang, **filled)

    def text(self, text: Text) -> str:
        """Return one side of a pair, escaped."""
        return escape(text.say(self.lang))

    def locator(self, locator: str) -> str:
        """Return a place in a source."""
        return self.text(self.library.sentences.locator(locator))

    def heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """Begin a part; `anchor` is what links lead to."""
        if anchor is not None:
            self.lines += ["", f'<a id="{anchor}"></a>']
        self.lines += ["", f"{'#' * level} {text}", ""]

    def paragraph(self, text: str) -> None:
        """Write a paragraph of its own."""
        self.lines += ["", text, ""]

    def item(self, text: str, depth: int = 0) -> None:
        """Write one line of a list."""
        self.lines.append(f"{INDENT * depth}- {text}")

    def field(self, name: str, value: str | Text, depth: int = 0) -> None:
        """Write a name and what it is as one line of a list; `name` is the last part of a phrase's id."""
        shown = self.text(value) if isinstance(value, Text) else value
        self.item(self.say("reference.field", name=self.say(f"reference.name.{name}"), value=shown), depth)

    def opening(self, name: str, depth: int = 0) -> None:
        """Write a name as one line of a list; what it is follows below it."""
        self.item(self.say("reference.field.open", name=self.say(f"reference.name.{name}")), depth)

    def table(self, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table; `names` are the last parts of phrases' ids, cells are Markdown."""
        self.lines += ["", _row(self.say(f"reference.name.{name}") for name in names)]
        self.lines.append("|" + "---|" * len(names))
        self.lines += [_row(row) for row in rows]
        self.lines.append("")

    def link(self, kind: Kind, name: str, label: str | None = None) -> str:
        """Return a link to a thing: its id as code, or `label`, which is Markdown."""
        return f"[{code(name) if label is None else label}]({self.href(self.library.locate(kind, name))})"

    def links(self, kind: Kind, names: Iterable[str]) -> str:
        """Return links to several things of one kind."""
        found = [self.link(kind, name) for name in names]
        return self.say("reference.comma").join(found) if found else self.say("reference.none")

    def labelled(self, kind: Kind, name: str) -> str:
        """Return a link that says what the thing is called, followed by its id."""
        label = self.library.label(kind, name)
        return self.say("reference.labelled", label=self.link(kind, name, self.text(label)), id=code(name))

    def page_link(self, page: str, label: str, *, shared: bool = False) -> str:
        """Return a link to a page of the reference in the same language."""
        return f"[{label}]({self._relative(path_in(page, self.lang, shared=shared))})"

    def page_link_in(self, lang: Language, label: str) -> str:
        """Return a link to this page in a language."""
        return f"[{label}]({self._relative(path_in(self.page, lang))})"

    def href(self, location: Location) -> str:
        """Return the address of a place as seen from this page."""
        path = path_in(location.page, self.lang)
        if not location.anchor:
            return self._relative(path)
        return f"{'' if path == self.path else self._relative(path)}#{location.anchor}"

    def outside(self, path: str) -> str:
        """Return the address of a file that is given from the folder of the reference."""
        return self._relative(path)

    def cite(self, citation: Citation, depth: int = 0) -> None:
        """Write a citation with place and confidence, and whether its Arabic wording awaits review."""
        (cited,) = self.library.sentences.cite([citation.model_dump(mode="json")])
        source = self.library.catalogue.sources[citation.source]
        # The directory may cite what no rule does, and a program names only the sources of rules.
        titled = cited.model_copy(update={"title": source.title})
        line = self.link("source", citation.source, self.text(source_line(titled)))
        if self.lang == "ar" and source.arabic_wording == "awaiting_review":
            line = self.say("reference.citation.awaits", citation=line)
        self.item(line, depth)

    def tree(self, condition: Condition, depth: int = 0) -> None:
        """Write a condition as nested lines, each leading to what it names."""
        lines = self.library.sentences.written_condition(condition)
        for line, named in zip(lines, _named(condition), strict=True):
            said = self.text(line.text)
            match named:
                case Reference():
                    said = self.link(named.kind, named.id, said)
                case Test(parameter=None):
                    said = self.say(
                        "reference.test", test=said, question=self.link("question", named.question)
                    )
                case Test():
                    said = self.say(
                        "reference.test.parameter",
                        test=said,
                        question=self.link("question", named.question),
                        parameter=self.link("parameter", named.parameter or ""),
                    )
            self.item(said, depth + line.depth)

    def render(self, title: Text) -> str:
        """Return the whole page."""
        other: Language = "ar" if self.lang == "en" else "en"
        switch = self.page_link_in(other, say("reference.switch", other))
        contents = self.page_link(CONTENTS, self.say("reference.contents"))
        top = [say("reference.generated", "en"), ""]
        if self.lang == "ar":
            top += ['<div dir="rtl" lang="ar">', ""]
        ways = [] if self.page == CONTENTS else [contents]
        ways += [] if self.shared else [switch]
        top += [f"# {self.text(title)}", "", " · ".join(ways), ""]
        end = ["", "</div>"] if self.lang == "ar" else []
        text = "\n".join((*top, *self.lines, *end)).rstrip()
        return re.sub(r"\n{3,}", "\n\n", text) + "\n"

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, PurePosixPath(self.path).parent).replace(os.sep, "/")


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its place, its title, and what writes it; a shared page holds both languages."""

    path: str
    title: Text
    write: Callable[[Sheet], None]
    shared: bool = False


def path_in(page: str, lang: Language, *, shared: bool = False) -> str:
    """Return where a page stands in a language, below the folder of the reference."""
    return f"ar/{page}" if lang == "ar" and not shared else page


def _named(condition: Condition) -> list[Test | Reference | None]:
    match condition:
        case Test() | Reference():
            return [condition]
        case All() | AnyOf() | AtLeast():
            return [None, *(named for part in condition.parts for named in _named(part))]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
