"""Practice over HTTP: marked everywhere, kept nowhere, and no dead end."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from screening.storage.tables.base import Base
from screening.work import Service
from tests.api.desk.conftest import VisitorFor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# Signing in and being seen are no matter of practice.
OTHERS = {"sessions", "audit_entries"}


def count_rows(service: Service) -> dict[str, int]:
    with service.database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
            if name not in OTHERS
        }


def test_a_whole_talk_leaves_nothing_behind_and_is_marked_on_every_page(
    visitor_for: VisitorFor, service: Service
) -> None:
    visitor = visitor_for("interviewer")
    before = count_rows(service)
    person = "/practice/IN-01"
    asked = visitor.client.get(f"{person}?asked=heard_alone&ask=locked_in")
    assert (asked.status_code, asked.headers["location"]) == (303, f"{person}?asked=heard_alone.locked_in")
    answers = "asked=heard_alone.locked_in.violence_happened.own_account.months_unpaid"
    for address in (
        "/practice",
        person,
        f"{person}?{answers}",
        f"{person}/conclude?{answers}",
        f"{person}/feedback?{answers}&outcome=other_concern&need=medical&route=shelter",
        "/practice/IN-99",
    ):
        for language in ("en", "ar"):
            visitor.client.get(f"/set/language/{language}?to=/")
            shown = visitor.client.get(address)
            assert shown.status_code == (404 if "99" in address else 200), address
            assert 'class="marking"' in shown.text
            assert ("Practice" if language == "en" else "تدريب") in shown.text.partition("<header")[0]
    assert count_rows(service) == before


def test_the_answer_is_on_the_page_and_what_was_not_said_is_no_no(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("supervisor")
    shown = visitor.open("/practice/IN-01?asked=locked_in").text
    assert re.search(r'<p class="told__answer">yes</p>', shown)
    shown = visitor.open("/practice/IN-01?asked=violence_happened").text
    assert "Would rather not say" in shown
    assert "This is not a no" in shown
    # A question that was asked is not offered again, and what nobody asks is passed over.
    assert 'name="ask" value="violence_happened"' not in shown
    assert 'name="ask" value="locked_in"' in shown
    assert visitor.open("/practice/IN-01?asked=nothing.locked_in").status_code == 200


def test_the_list_gives_nothing_of_the_stories_away(visitor_for: VisitorFor) -> None:
    shown = visitor_for("inspector").open("/practice").text
    assert shown.count('href="/practice/IN-') == 16
    for told in ("locked in", "sold", "kidney", "smuggled", "husband"):
        assert told not in shown.lower()


def test_a_conclusion_is_asked_for_beside_its_field_and_the_rest_is_kept(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("interviewer")
    shown = visitor.client.get("/practice/IN-01/feedback?asked=locked_in&need=food&route=shelter")
    assert shown.status_code == 422
    assert 'href="#outcome"' in shown.text
    assert re.search(r'value="shelter" checked', shown.text)


def test_feedback_says_why_with_sources_and_leads_on(visitor_for: VisitorFor) -> None:
    shown = visitor_for("interviewer").open(
        "/practice/IN-01/feedback?asked=locked_in&outcome=not_enough_known"
    )
    assert "Signs you did not ask about" in shown.text
    assert "Who has your passport or your other papers now?" in shown.text
    assert re.search(r"article|Article|page|section", shown.text)
    for onward in ("/practice/IN-01?asked=locked_in", 'href="/practice/IN-01"', 'href="/practice"'):
        assert onward in shown.text


def test_who_holds_no_interviews_has_no_practice(visitor_for: VisitorFor) -> None:
    for name in ("administrator", "auditor", "reviewer"):
        assert visitor_for(name).client.get("/practice").status_code == 403
