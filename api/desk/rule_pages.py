"""The rules for those who review them: what is in force, the list of all, and one rule as a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.access import Caller
from api.desk.viewing import opens
from api.pages.preferences import preferences_of
from api.pages.rendering import page
from api.problems import refuse
from api.routes.shared import engines_of
from indicators.models import Text
from rules.revisions import Revision
from screening.clock import day_in_kuwait
from screening.descriptions import describe, source_line
from screening.interviews import DEFAULT_RULE_SET
from screening.phrases import knows, say_both
from screening.rulebooks.books import RULE_KINDS, WEIGHTS, Book, choose_rules, fold
from screening.rulebooks.conditions import Clause, read_clause
from screening.sentences import as_text, sentences_of

router = APIRouter(include_in_schema=False)

# Ids of rules, questions and conclusions in addresses.
NamedId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.-]{1,80}$")]
FILTERS: Final = ("text", "kind", "element", "list", "source", "place", "instrument", "weight")
_ON_A_PAGE: Final = 40
_LONGEST_ASKED: Final = 200
_ADDRESSES: Final = {"test": "/rules/questions/{}", "conclusion": "/rules/named/{}"}


@dataclass(frozen=True, slots=True)
class Line:
    """A clause as pages show it: its sentence, where it leads, and the clauses below it."""

    text: Text
    href: str | None
    parameter: str | None
    lines: tuple[Line, ...]


def open_book(request: Request, caller: Caller, rule_set: str = DEFAULT_RULE_SET) -> Book:
    """The book of the rules in force today; made once for each program."""
    engines = engines_of(request)
    today = day_in_kuwait(caller.service.clock())
    program = engines.program_for(rule_set, None, today)
    known: Book | None = getattr(request.app.state, "rule_book", None)
    if known is None or known.program.digest != program.digest:
        known = Book(program, engines.catalogue(), engines.rule_set(rule_set))
        request.app.state.rule_book = known
    return known


def lines_of(clause: Clause) -> Line:
    """A clause with the address of what it names."""
    href = None if clause.names is None else _ADDRESSES[clause.kind].format(clause.names)
    return Line(clause.text, href, clause.parameter, tuple(lines_of(one) for one in clause.clauses))


def say_element(element: str) -> Text:
    """What the group is called that a rule belongs to: an element, a kind of finding, or the rest."""
    if element in ("route", "outcome"):
        return say_both(f"rulebook.{element}")
    return say_both(f"element.{element}" if knows(f"element.{element}") else f"class.{element}")


@router.get("/rules")
def show_rule_sets(request: Request, caller: Caller = opens("rules.read")) -> Response:
    """What is in force, what was published before and comes later, and how much there is of everything."""
    book = open_book(request, caller)
    engines = engines_of(request)
    today = day_in_kuwait(caller.service.clock())
    rule_sets = [
        (name, engines.rule_set(name).head.title, _standing(engines.revisions(name), today))
        for name in engines.rule_set_names()
    ]
    kinds = [(kind, sum(one.kind == kind for one in book.rules.values())) for kind in RULE_KINDS]
    return page(
        request,
        "desk/rules/overview.html",
        rule_sets=rule_sets,
        kinds=kinds,
        rules=len(book.rules),
        questions=len(book.data["questions"]),
        signs=sum(item["kind"] == "indicator" for item in book.data["conclusions"]),
        lists=[(id, label) for id, label in book.lists.items()],
        sources=book.cited_sources,
        cases=sum(len(module.cases) for module in book.rule_set.modules),
        awaiting=sum(one.awaits_arabic for one in book.rules.values()),
    )


def _standing(revisions: tuple[Revision, ...], today: date) -> list[tuple[Revision, str]]:
    begun = [one.number for one in revisions if one.in_force_from <= today]
    in_force = max(begun, default=None)
    return [
        (
            one,
            "now" if one.number == in_force else "later" if one.in_force_from > today else "before",
        )
        for one in reversed(revisions)
    ]


@router.get("/rules/list")
def show_rule_list(request: Request, caller: Caller = opens("rules.read")) -> Response:
    """The rules that fit what was asked for, a page at a time."""
    book = open_book(request, caller)
    asked = _asked(request, FILTERS)
    lang = preferences_of(request).language
    found = choose_rules(book, lang, **asked)
    pages = max(1, math.ceil(len(found) / _ON_A_PAGE))
    number = min(pages, _page(request))
    query = urlencode({name: value for name, value in asked.items() if value})
    return page(
        request,
        "desk/rules/list.html",
        rules=found[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE],
        found=len(found),
        all=len(book.rules),
        number=number,
        pages=pages,
        query=query,
        fields={name: [value] for name, value in asked.items()},
        say_element=say_element,
        options=_options(book),
    )


@router.get("/rules/rule/{id}")
def show_one_rule(request: Request, id: NamedId, caller: Caller = opens("rules.read")) -> Response:
    """One rule as a sentence, with all that holds it up and all that it may pass over."""
    book = open_book(request, caller)
    found = book.read_rule(id)
    if found is None:
        raise refuse("S022")
    titles = {name: as_text(one["title"]) for name, one in book.data["instruments"].items()}
    asked = {name for one in found.out_of_reach for name in one.questions}
    return page(
        request,
        "desk/rules/rule.html",
        found=found,
        when=lines_of(found.when),
        element=say_element(found.rule.element),
        instruments=[titles[name] for name in found.rule.instruments],
        list_labels=book.lists,
        questions={name: book.sentences.question(name) for name in asked},
        values={name: as_text(book.sentences.parameters[name]["label"]) for name in found.parameters},
        users=[(name, _label(book, name)) for name in found.used_by],
        kinds={one.cited.source: say_both(f"kind.{one.kind}") for one in found.rule.citations},
    )


@router.get("/rules/named/{id}")
def show_named(request: Request, id: NamedId, caller: Caller = opens("rules.read")) -> Response:
    """A sign, a list, a finding, a referral, a result, a dated value or a source, with its rules."""
    book = open_book(request, caller)
    found = describe(book.sentences, id)
    if found is None or found.kind == "rule":
        raise refuse("S022")
    rules = [one for one in book.rules.values() if one.conclusion == found.id]
    # Its rules, and the signs of a list, are shown with links instead.
    told_with_links = {*(one.sentence.en for one in rules), say_both("describe.dimension.list").en}
    lines = list(takewhile(lambda line: line.text.en not in told_with_links, found.lines))
    return page(
        request,
        "desk/rules/named.html",
        found=found,
        rules=rules,
        lines=lines,
        facts=_own_lines(book, found.id),
        sources=[source_line(one) for one in found.sources],
        users=[(name, _label(book, name)) for name in found.used_by],
    )


@router.get("/rules/questions")
def show_question_bank(request: Request, caller: Caller = opens("rules.read")) -> Response:
    """Every question, by the words in it, its topic or the instrument that asks it."""
    book = open_book(request, caller)
    asked = _asked(request, ("text", "topic", "instrument"))
    words = fold(asked["text"]).split()
    found = []
    for id in book.data["questions"]:
        question = book.catalogue.questions.get(id)
        if question is None:
            continue
        told = fold(f"{id} {question.text.en} {question.text.ar}")
        fits = (
            all(word in told for word in words)
            and asked["topic"] in ("", question.topic)
            and (not asked["instrument"] or asked["instrument"] in book.instruments_asking(id))
        )
        if fits:
            found.append((question, len(book.readers_of(id))))
    return page(
        request,
        "desk/rules/questions.html",
        questions=found,
        all=len(book.data["questions"]),
        fields={name: [value] for name, value in asked.items()},
        topics=sorted({one.topic for one in book.catalogue.questions.values()}),
        instruments=_instruments(book),
    )


@router.get("/rules/questions/{id}")
def show_bank_question(request: Request, id: NamedId, caller: Caller = opens("rules.read")) -> Response:
    """One question as it is asked, why, and the rules that read its answer."""
    book = open_book(request, caller)
    question = book.catalogue.questions.get(id)
    if question is None:
        raise refuse("S022")
    bank = sentences_of(book.catalogue)
    conditions = {
        name: None if one is None else [(line.depth, line.text) for line in bank.written_condition(one)]
        for name, one in (("applies", question.applies_when), ("asked", question.ask_when))
    }
    titles = dict(_instruments(book))
    return page(
        request,
        "desk/rules/question.html",
        question=question,
        conditions=conditions,
        instruments=[titles[name] for name in book.instruments_asking(id)],
        rules=[book.rules[name] for name in book.readers_of(id)],
    )


@router.get("/rules/signs")
def show_signs(request: Request, caller: Caller = opens("rules.read")) -> Response:
    """Every sign that a rule can find, by element, with how many rules find it."""
    book = open_book(request, caller)
    groups: dict[str, list[tuple[str, Text, int]]] = {}
    for item in book.data["conclusions"]:
        if item["kind"] == "indicator":
            row = (item["id"], as_text(item["label"]), len(item["rules"]))
            groups.setdefault(item["element"], []).append(row)
    return page(
        request,
        "desk/rules/signs.html",
        groups=[(say_element(name), rows) for name, rows in groups.items()],
    )


def _asked(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    return {name: request.query_params.get(name, "")[:_LONGEST_ASKED] for name in names}


def _page(request: Request) -> int:
    asked = request.query_params.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 and int(asked) else 1


def _instruments(book: Book) -> list[tuple[str, Text]]:
    return [(name, as_text(one["title"])) for name, one in book.data["instruments"].items()]


def _options(book: Book) -> dict[str, list[tuple[str, Any]]]:
    elements = dict.fromkeys(one.element for one in book.rules.values())
    return {
        "kind": [(kind, say_both(f"rulebook.kind.{kind}")) for kind in RULE_KINDS],
        "element": [(one, say_element(one)) for one in elements],
        "list": list(book.lists.items()),
        "source": list(book.cited_sources.items()),
        "instrument": list(_instruments(book)),
        "weight": [(one, say_both(f"rulebook.weight.{one}")) for one in WEIGHTS],
    }


def _label(book: Book, name: str) -> Text:
    """What a rule or a conclusion is called that uses something."""
    if name in book.rules:
        return book.rules[name].label
    return book.sentences.label(name) if name in book.sentences.conclusions else Text(en=name, ar=name)


def _own_lines(book: Book, id: str) -> list[Line]:
    """For a list of signs: each place in it, leading to the sign it counts."""
    item = book.sentences.conclusions.get(id, {})
    return [lines_of(read_clause(book.sentences, entry["when"])) for entry in item.get("entries", ())]
