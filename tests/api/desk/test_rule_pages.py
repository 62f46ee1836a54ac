"""The rules as reviewers read them: who may, what is found, and what one rule says of itself."""

from __future__ import annotations

import re
from html import unescape

import pytest

from rules.rule_sets import load_rule_set
from screening.engines import Engines
from screening.rulebooks.books import Book, choose_rules
from screening.work import Service
from tests.api.desk.conftest import VisitorFor


@pytest.fixture(scope="module")
def book(kuwait_engines: Engines) -> Book:
    rule_set, _ = load_rule_set()
    assert rule_set is not None
    program = kuwait_engines.program_for("kuwait", "draft", rule_set.head.cases_as_of)
    return Book(program, kuwait_engines.catalogue(), rule_set)


def found_on(text: str) -> set[str]:
    """The ids of the rules that a page leads to."""
    return set(re.findall(r'href="/rules/rule/([^"]+)"', text))


def test_reviewers_and_approvers_find_the_way_to_the_rules_and_nobody_else(visitor_for: VisitorFor) -> None:
    for who in ("reviewer", "approver"):
        visitor = visitor_for(who)
        assert 'href="/rules"' in visitor.open("/start").text
        for address in ("/rules", "/rules/list", "/rules/questions", "/rules/signs"):
            assert visitor.open(address).status_code == 200, (who, address)
    for who in ("interviewer", "supervisor", "administrator", "auditor"):
        visitor = visitor_for(who)
        assert 'href="/rules"' not in visitor.open("/start").text
        assert visitor.open("/rules").status_code == 403, who
    assert visitor_for("nobody").open("/rules").url.path == "/sign-in"


def test_every_rule_question_and_conclusion_opens_in_both_languages(
    visitor_for: VisitorFor, book: Book
) -> None:
    visitor = visitor_for("reviewer")
    # One of every shape: each kind of rule and each element, and what they lead to, as deep as it goes.
    shapes = {
        (one.kind, one.element, len(one.citations) > 1, bool(one.lists)): one for one in book.rules.values()
    }
    addresses = {f"/rules/rule/{one.id}" for one in shapes.values()}
    for language in ("en", "ar"):
        visitor.open(f"/set/language/{language}?to=/rules")
        led: set[str] = set()
        for address in sorted(addresses):
            shown = visitor.open(address)
            assert shown.status_code == 200, address
            assert f'lang="{language}"' in shown.text
            led |= {unescape(one) for one in re.findall(r'href="(/rules/[^"?]+)"', shown.text)}
        kinds: dict[str, str] = {}
        for one in sorted(led):
            kinds.setdefault(re.sub(r"[^/.]+$", "", one), one)
        for one in kinds.values():
            assert visitor.open(one).status_code == 200, one


def test_a_rule_says_what_it_needs_what_follows_and_whom_it_may_miss(
    visitor_for: VisitorFor, book: Book
) -> None:
    shown = visitor_for("reviewer").open("/rules/rule/L91-M-04c").text
    rule = book.read_rule("L91-M-04c")
    assert rule is not None
    for told in (
        rule.rule.sentence,
        rule.rule.rationale,
        rule.rule.citations[0].cited.title,
        rule.rule.citations[0].cited.locator_text,
        *rule.effects,
    ):
        assert told.en in unescape(shown)
    assert rule.fires_in[0].name.en in unescape(shown)
    # Only the inspector sees the exits: whoever is interviewed at a shelter is missed by this rule.
    assert [one.instrument for one in rule.out_of_reach] == ["complaint", "intake", "rescreen"]
    assert "It can never hold in: Full intake interview" in unescape(shown)
    assert 'href="/rules/questions/exits_locked_seen"' in shown
    assert "Arabic awaiting review" in shown


def test_a_rule_names_its_cases_in_the_language_of_the_page(visitor_for: VisitorFor, book: Book) -> None:
    visitor = visitor_for("reviewer")
    rule = book.read_rule("L91-M-04c")
    assert rule is not None
    names = [one.name for one in (*rule.fires_in, *rule.silent_in)]
    assert len(names) > 1
    for language, other in (("en", "ar"), ("ar", "en")):
        shown = unescape(visitor.open(f"/set/language/{language}?to=/rules/rule/L91-M-04c").text)
        for name in names:
            assert name.say(language) in shown
            assert name.say(other) not in shown


def test_what_is_not_there_is_said_to_be_not_there(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("reviewer")
    for address in ("/rules/rule/L91-M-99z", "/rules/named/indicator.none", "/rules/questions/none"):
        assert visitor.open(address).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "route"},
        {"element": "purpose"},
        {"list": "adult_labour.coercion_at_destination"},
        {"source": "law_91_2013", "place": "article 1(4)"},
        {"instrument": "inspection"},
        {"weight": "now"},
        {"text": "passport"},
        {"text": "passport", "kind": "finding"},
    ],
)
def test_filters_keep_what_fits_and_nothing_else(
    visitor_for: VisitorFor, book: Book, asked: dict[str, str]
) -> None:
    expected = {one.id for one in choose_rules(book, "en", **asked)}
    assert 0 < len(expected) < len(book.rules)
    visitor = visitor_for("reviewer")
    seen: set[str] = set()
    for number in range(1, 2 + len(expected) // 40):
        seen |= found_on(visitor.open("/rules/list", params={**asked, "page": str(number)}).text)
    assert seen == expected


def test_every_filter_reads_what_it_is_named_for(book: Book) -> None:
    assert all(one.kind == "route" for one in choose_rules(book, "en", kind="route"))
    assert all(
        any(c.cited.source == "law_91_2013" and "article 1(4)" in c.cited.locator for c in one.citations)
        for one in choose_rules(book, "en", source="law_91_2013", place="Article 1(4)")
    )
    assert all("now" in one.weights for one in choose_rules(book, "en", weight="now"))
    # Vowel signs and marks of direction in a text do not hide a word.
    assert choose_rules(book, "ar", text="المادة 1(4)") == choose_rules(book, "ar", text="المَادة 1(4)") != []
    assert choose_rules(book, "en", text="submarine") == []
    # Article 1 is not article 12.
    places = [c.cited.locator for r in choose_rules(book, "en", place="article 1") for c in r.citations]
    assert any("article 1(" in one for one in places)
    assert choose_rules(book, "en", place="article 1") != choose_rules(book, "en", place="article")


def test_an_instrument_is_said_to_reach_a_rule_only_if_its_questions_do(book: Book) -> None:
    asked = {
        id: {name for section in one["sections"] for name in section["questions"]}
        for id, one in book.data["instruments"].items()
    }
    tests = book.data["tests"]
    for id, rule in book.rules.items():
        when = book.sentences.rules[id][1]["when"]
        if when[0] == "test":
            question = tests[when[1]]["question"]
            assert set(rule.instruments) == {one for one, names in asked.items() if question in names}, id


def test_the_first_page_counts_what_there_is(visitor_for: VisitorFor, book: Book, service: Service) -> None:
    shown = visitor_for("reviewer").open("/rules").text
    for kind in ("indicator", "finding", "route", "outcome"):
        assert f'href="/rules/list?kind={kind}"' in shown
        assert f">{sum(one.kind == kind for one in book.rules.values())}<" in shown
    assert "No revision is in force" in shown
