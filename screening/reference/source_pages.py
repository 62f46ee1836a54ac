"""Sources, what stands on them, the articles of laws, and what no text that was read stands behind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Final, get_args

from indicators.models import Source, SourceKind
from screening.phrases import say_both
from screening.reference.libraries import Cited, Library
from screening.reference.sheets import Page, Sheet, code

# How content writes places in laws: `article 1(4)`, `articles 19 to 21 and 144`; what follows is a remark.
_ONE: Final = r"\d+(?: bis)?(?:\([0-9a-z]+\))*"
_ARTICLES: Final = re.compile(rf"articles? ({_ONE}(?:(?:, | and | to ){_ONE})*)")
_RANGE: Final = re.compile(rf"({_ONE})(?: to ({_ONE}))?")
_NUMBER: Final = re.compile(r"\d+")


def source_pages(library: Library) -> Iterator[Page]:
    """Yield the sources by kind and the indexes that lead from them to what stands on them."""
    for kind in get_args(SourceKind):
        chosen = [one for one in library.catalogue.sources.values() if one.kind == kind]
        if chosen:
            title = say_both("reference.title.sources", kind=say_both(f"kind.{kind}"))
            yield Page(f"sources/{kind}.md", title, partial(_write_sources, chosen))
    yield Page("by-source.md", say_both("reference.title.by_source"), _write_by_source)
    yield Page("by-article.md", say_both("reference.title.by_article"), _write_by_article)
    yield Page("without-verified-text.md", say_both("reference.title.unverified"), _write_unverified)


def articles_named(locator: str) -> tuple[int, ...]:
    """Return the numbers of the articles that a place in a law names."""
    found = _ARTICLES.match(locator)
    if found is None:
        return ()
    numbers: set[int] = set()
    for first, last in _RANGE.findall(found[1]):
        begins = _first_number(first)
        numbers |= set(range(begins, _first_number(last or first) + 1))
    return tuple(sorted(numbers))


def articles_of(library: Library) -> Mapping[str, Mapping[int, tuple[Cited, ...]]]:
    """Return what cites each article of each source."""
    found: dict[str, dict[int, list[Cited]]] = defaultdict(lambda: defaultdict(list))
    for cited in library.citations:
        for number in articles_named(cited.citation.locator):
            found[cited.citation.source][number].append(cited)
    return {
        source: {number: tuple(cited) for number, cited in sorted(articles.items())}
        for source, articles in sorted(found.items())
    }


def _first_number(text: str) -> int:
    return int(next(iter(_NUMBER.findall(text))))


def _write_sources(sources: list[Source], sheet: Sheet) -> None:
    for source in sources:
        sheet.heading(2, sheet.text(source.title), source.id)
        sheet.field("id", code(source.id))
        sheet.item(sheet.say("describe.source.kind", kind=say_both(f"kind.{source.kind}")))
        if source.issued is not None:
            sheet.field("issued", source.issued.isoformat())
        unknown = sheet.say("describe.source.unknown_day")
        begins = unknown if source.in_force_from == "unknown" else str(source.in_force_from)
        ends = sheet.say("parameter.open_end") if source.in_force_to is None else str(source.in_force_to)
        sheet.item(sheet.say("describe.source.in_force", **{"from": begins, "to": ends}))
        confidence = say_both(f"confidence.{source.confidence}")
        day = source.last_checked.isoformat()
        sheet.item(sheet.say("describe.source.confidence", confidence=confidence, date=day))
        if source.arabic_wording is not None:
            sheet.item(sheet.say(f"reference.arabic_wording.{source.arabic_wording}"))
        if source.address is not None:
            sheet.item(sheet.say("describe.source.address", address=code(source.address)))
        if source.note is not None:
            sheet.item(sheet.say("describe.source.note", text=source.note))
        citing = sorted({cited.id for cited in sheet.library.citations if _is_rule_citing(cited, source.id)})
        sheet.field("rules_citing", sheet.links("rule", citing))


def _is_rule_citing(cited: Cited, source: str) -> bool:
    return cited.kind == "rule" and cited.citation.source == source


def _write_by_source(sheet: Sheet) -> None:
    citing: dict[str, list[Cited]] = defaultdict(list)
    for cited in sheet.library.citations:
        citing[cited.citation.source].append(cited)
    for source in sheet.library.catalogue.sources:
        sheet.heading(2, sheet.labelled("source", source))
        if source in citing:
            _write_places(sheet, citing[source])
        else:
            sheet.paragraph(sheet.say("reference.cited_nowhere"))


def _write_by_article(sheet: Sheet) -> None:
    sheet.paragraph(sheet.say("reference.by_article.intro"))
    articles = articles_of(sheet.library)
    sheet.table(
        ("source", "articles"),
        (
            (
                f"[{sheet.text(sheet.library.label('source', source))}](#{source})",
                ", ".join(f"[{number}](#{source}.{number})" for number in found),
            )
            for source, found in articles.items()
        ),
    )
    for source, found in articles.items():
        sheet.heading(2, sheet.labelled("source", source), source)
        for number, cited in found.items():
            sheet.heading(3, sheet.say("reference.article", number=number), f"{source}.{number}")
            _write_places(sheet, cited)


def _write_places(sheet: Sheet, citing: Iterable[Cited]) -> None:
    """A table of the places in a source, what is known of each, and what stands on it."""
    rows: dict[tuple[str, str], list[Cited]] = defaultdict(list)
    for cited in citing:
        rows[cited.citation.locator, cited.citation.confidence].append(cited)
    sheet.table(
        ("locator", "confidence", "stands_on_it"),
        (
            (
                sheet.locator(locator),
                sheet.say(f"confidence.{confidence}"),
                sheet.say("reference.comma").join(
                    dict.fromkeys(_link(sheet, one) for one in rows[locator, confidence])
                ),
            )
            for locator, confidence in sorted(rows, key=_as_people_count)
        ),
    )


def _link(sheet: Sheet, cited: Cited) -> str:
    if cited.kind == "module":
        return sheet.text(sheet.library.label("module", cited.id))
    return sheet.link(cited.kind, cited.id)


def _as_people_count(place: tuple[str, str]) -> tuple[list[tuple[bool, int, str]], str]:
    """The order in which article 2 comes before article 10."""
    parts = re.split(r"(\d+)", place[0].replace("articles", "article"))
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts], place[1]


def _write_unverified(sheet: Sheet) -> None:
    sheet.paragraph(sheet.say("reference.unverified.intro"))
    for confidence in ("secondary", "unverified", "own_design"):
        chosen = [
            one
            for one in sheet.library.rules.values()
            if sheet.library.best_confidence(one.rule) == confidence
        ]
        sheet.heading(2, sheet.say("reference.best_known", confidence=say_both(f"confidence.{confidence}")))
        sheet.field("number", str(len(chosen)))
        sheet.table(
            ("rule", "concludes", "sources"),
            (
                (
                    sheet.link("rule", one.rule.id),
                    sheet.labelled(one.kind, one.concludes),
                    "<br>".join(
                        sheet.say(
                            "reference.place.confidence",
                            source=sheet.link("source", cited.source),
                            locator=sheet.locator(cited.locator),
                            confidence=say_both(f"confidence.{cited.confidence}"),
                        )
                        for cited in one.rule.sources
                    ),
                )
                for one in chosen
            ),
        )
