"""From a recommendation to help that arrived, by forms alone: asked, written, printed, sent, answered."""

from __future__ import annotations

from typing import Any

from screening.storage.tables.referrals import Referral
from screening.work import Service
from tests.api.desk.conftest import Visitor, VisitorFor
from tests.api.desk.records import WOMEN, Assessed, assess, words_of
from tests.services import World
from tests.sittings import CLEAR_ACCOUNT


def way(made: Assessed, route: str = "shelter", service: str = WOMEN) -> str:
    return f"{made.page}/ways/{route}/{service}"


def agree(visitor: Visitor, made: Assessed, state: str = "given", **fields: Any) -> None:
    address = f"{way(made)}/ask"
    done = visitor.send(address, visitor.open(address), state=state, how="spoken", **fields)
    assert done.status_code == 303, done.text


def write(visitor: Visitor, made: Assessed, **fields: Any) -> Any:
    address = f"{way(made)}/write"
    return visitor.send(address, visitor.open(address), **fields)


def count_referrals(service: Service) -> int:
    with service.database.reading() as session:
        return session.query(Referral).count()


def test_a_referral_is_asked_for_written_sent_and_followed(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    said = words_of(visitor.open(f"{made.page}/proposals").text)
    for words in ("Pass on", "Never pass on", "Not asked yet", "Open to this person"):
        assert words in said
    unasked = visitor.open(f"{way(made)}/write")
    assert "There is no yes yet" in unasked.text
    address = f"{way(made)}/ask"
    assert visitor.send(address, visitor.open(address)).status_code == 422
    agree(visitor, made, limits="yes", note="She may be called in the morning.")
    assert "The person said yes" in words_of(visitor.open(f"{made.page}/proposals").text)
    done = write(visitor, made, message="She needs a bed tonight and speaks Tagalog.", share=["languages"])
    assert done.status_code == 303
    home = done.headers["location"].partition("?")[0]
    shown = words_of(visitor.open(done.headers["location"]).text)
    for words in ("Nothing has left yet", "She needs a bed tonight", "Languages", "own yes"):
        assert words in shown
    step = f"{home}/steps/sent"
    form = visitor.open(step)
    wayless = visitor.send(step, form)
    assert wayless.status_code == 422
    assert 'href="#how"' in wayless.text
    strange = visitor.send(step, form, how="telephone", due="soon")
    assert strange.status_code == 422
    assert 'href="#due"' in strange.text
    assert visitor.send(step, form, how="telephone", due="2026-11-09").status_code == 303
    late = visitor.send(step, form, how="letter")
    assert (late.status_code, late.headers["location"]) == (303, home), "somebody has gone on since"
    said = words_of(visitor.open(home).text)
    assert "9 November 2026" in said
    assert "By telephone" in said
    assert "By letter" not in said


def test_a_form_is_printed_in_either_language_and_that_is_on_record(
    visitor_for: VisitorFor, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    agree(visitor, made)
    home = write(visitor, made, message="A bed tonight.").headers["location"].partition("?")[0]
    for lang in ("ar", "en", "both"):
        pdf = visitor.open(f"{home}/form?lang={lang}")
        assert pdf.status_code == 200
        assert pdf.content.startswith(b"%PDF-")
        assert pdf.headers["cache-control"] == "no-store"
    assert words_of(visitor.open(home).text).count("Printed for the person or the service") == 3
    assert visitor_for("colleague").open(f"{home}/form?lang=ar").status_code == 404
    assert visitor.open("/rights/card?lang=ar").content.startswith(b"%PDF-")


def test_a_no_is_respected_and_a_yes_taken_back_stops_what_was_written(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    agree(visitor, made, state="refused")
    refused = write_anyway(visitor, made)
    assert refused.status_code == 422
    assert count_referrals(service) == 0
    agree(visitor, made)
    home = write(visitor, made).headers["location"].partition("?")[0]
    form = visitor.open(f"{made.page}/consents")
    fields = {"purpose": "referral", "recipient": WOMEN, "state": "withdrawn", "how": "spoken"}
    assert visitor.send(f"{made.page}/consents", form, **fields).status_code == 303
    step = f"{home}/steps/sent"
    stopped = visitor.send(step, visitor.open(step), how="telephone")
    assert stopped.status_code == 422
    assert "has not said yes" in stopped.text
    queue = visitor_for("supervisor").open("/supervision/queues/consent_withdrawn")
    assert home in queue.text


def write_anyway(visitor: Visitor, made: Assessed) -> Any:
    """The form of another service, sent for the one that the person said no to."""
    other = f"{made.page}/consents"
    token = visitor.open(other)
    from tests.api.desk.conftest import hidden_fields

    fields = hidden_fields(token.text, other)
    return visitor.client.post(
        f"{way(made)}/write", data={"_csrf": fields["_csrf"], "message": "All the same."}
    )


def test_words_that_could_be_turned_against_the_person_are_shown_once_more(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    agree(visitor, made)
    words = "She has a boyfriend here."
    warned = write(visitor, made, message=words)
    assert warned.status_code == 422
    assert "Read your words once more" in warned.text
    assert words in warned.text
    assert count_referrals(service) == 0
    kept = visitor.send(f"{way(made)}/write", warned, message=words)
    assert kept.status_code == 303
    again = visitor.send(f"{way(made)}/write", warned, message=words)
    assert again.headers["location"] == kept.headers["location"], "sent twice, written once"
    assert count_referrals(service) == 1


def test_an_exception_of_the_law_is_named_explained_and_owed(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world, {**CLEAR_ACCOUNT, "age_group": "child"})
    visitor = visitor_for("interviewer")
    proposed = visitor.open(f"{made.page}/proposals").text
    assert "An exception of the law holds" in proposed
    route = (
        proposed[: proposed.index("An exception of the law holds")].rpartition('href="')[2].partition('"')[0]
    )
    form = visitor.open(route)
    assert "I have to call people whose work is to protect children" in form.text
    assert "Text read" in proposed, "what each route rests on"
    # Never a word of the law without where it stands and how well that is known.
    asked = visitor.open(route.replace("/write", "/ask")).text
    for page in (form.text, asked, visitor.open(f"{made.page}/consents").text):
        place = page.index("article 26", page.index("The person is a child or may be one"))
        assert "Text read" in page[place : place + 300]
    none = visitor.send(route, form, message="A child needs help.", exception="")
    assert none.status_code == 422
    done = visitor.send(route, form, message="A child needs help.", exception="child")
    assert done.status_code == 303, done.text
    home = done.headers["location"].partition("?")[0]
    for page in (asked, visitor.open(f"{made.page}/consents").text):
        place = page.index("article 7", page.index("Duty to report without"))
        assert "Text read" in page[place : place + 300]
        assert "A Kuwaiti lawyer has not yet said" in page[:place]
    assert "article 26" in visitor.open(home).text
    assert "The person has not heard of this yet" in visitor.open(home).text
    assert home in visitor_for("supervisor").open("/supervision/queues/to_be_explained").text
    step = f"{home}/steps/explained"
    assert visitor.send(step, visitor.open(step)).status_code == 303
    assert "The person has not heard of this yet" not in visitor.open(home).text


def test_a_route_that_nothing_recommends_needs_a_reason(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    made = assess(world, {"age_group": "adult_settled"})
    visitor = visitor_for("interviewer")
    others = visitor.open(f"{made.page}/proposals").text
    assert "Another route, with a reason" in others
    agree(visitor, made)
    bare = write(visitor, made, message="A bed tonight.")
    assert bare.status_code == 422
    assert 'href="#because"' in bare.text
    assert write(visitor, made, message="A bed.", because="She has nowhere to sleep.").status_code == 303


def test_ways_that_there_are_not_lead_nowhere(visitor_for: VisitorFor, world: World) -> None:
    made = assess(world)
    visitor = visitor_for("interviewer")
    for wrong in (way(made, "nothing"), way(made, service="nobody"), way(made, "medical", WOMEN)):
        assert visitor.open(f"{wrong}/ask").status_code == 404
        assert visitor.open(f"{wrong}/write").status_code == 404
    for who in ("colleague", "interviewer_b"):
        assert visitor_for(who).open(f"{way(made)}/ask").status_code == 404
        assert visitor_for(who).open(f"{made.page}/proposals").status_code == 404
    assert visitor_for("auditor").open(f"{made.page}/proposals").status_code == 403
    forged = visitor.client.post(f"{way(made)}/ask", data={"state": "given", "how": "spoken"})
    assert forged.status_code == 403
    assert "The person said yes" not in visitor.open(f"{made.page}/proposals").text
