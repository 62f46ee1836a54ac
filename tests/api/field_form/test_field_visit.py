"""An inspector's day in a real browser: without a network, then with one again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from screening.people.sessions import end_sessions
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.field import FieldRecord
from tests.api.field_form.conftest import PASSPHRASE, Office, Telephone
from tests.api.field_form.screens import (
    answer_one,
    begin_visit,
    begin_worker,
    choose,
    on_disk,
    set_up,
    shown_question,
    unlock,
    with_stores,
)

NUMBER = "CR-MARKER-77120"
OTHER = "CR-4410"
PLANTED = "planted in clear 4410 حجز الجواز"
# As they would stand on the disk if anything of a record were in clear: what was typed, ids of questions and
# of answers, words of the screen in both languages, what the form came to, the passphrase.
MARKERS = (
    NUMBER,
    "others_answer",
    "kept_back_so_that_i_stay",
    "documents_holder",
    "Others answer for the person",
    "يجيب آخرون عنه",
    "trafficking_possible",
    "other_concern",
    PASSPHRASE,
)


def assert_nothing_in_clear(profile: Path) -> None:
    assert {marker: on_disk(profile, marker) for marker in MARKERS} == {marker: [] for marker in MARKERS}


@pytest.mark.timeout(500)
def test_ten_workers_with_the_service_stopped_then_sent(office: Office, telephone: Telephone) -> None:
    before = office.counts()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        # What would stand in clear is found below.
        with_stores(page, "plant", PLANTED)
    office.stop()

    # A cold start, without a network.
    with telephone.open() as page:
        unlock(page)
        begin_visit(page, NUMBER)
        said = [answer_one(page, position) for position in range(1, 7)]
        assert said[0] == "Signs are present – continue with a full interview"
        begin_worker(page)
        choose(page, "answers_coached", "others_answer")
        expect(page.locator("#count")).to_contain_text("6")
        expect(page.locator("#unfinished")).to_contain_text("1")
        # While it is open, with an interview that is not finished.
        assert_nothing_in_clear(telephone.profile)
    assert_nothing_in_clear(telephone.profile)
    assert on_disk(telephone.profile, PLANTED), "what stands in clear would be found"

    # What is unfinished and what is sealed outlive the browser: a second cold start.
    with telephone.open() as page:
        expect(page.locator("#count")).to_contain_text("6")
        unlock(page)
        page.get_by_role("button", name=re.compile(NUMBER)).click()
        page.get_by_role("button", name=re.compile("Worker.*7")).click()
        expect(page.locator("#question-danger_now")).to_be_visible()
        page.get_by_role("button", name="To the result").click()
        page.get_by_role("button", name="Finish and seal").click()
        for position in range(8, 11):
            answer_one(page, position)
        expect(page.locator("#count")).to_contain_text("10")
        expect(page.locator("#sending")).to_contain_text("No connection")
    assert_nothing_in_clear(telephone.profile)
    assert not any(office.came(before).values())

    office.start()
    with telephone.open() as page:
        expect(page.locator("#count")).to_contain_text("10")
        # Nobody is signed in: the records wait, and can be sent while the form is locked.
        expect(page.locator("#sending")).to_contain_text("Sign in to send")
        assert not any(office.came(before).values())
        page.context.add_cookies([office.cookie()])
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#count")).to_have_text("Nothing waits to be sent.", timeout=120_000)
        unlock(page)
        page.get_by_role("button", name=re.compile(NUMBER)).click()
        expect(page.get_by_text("sent", exact=True)).to_have_count(10)
        page.get_by_role("button", name="End the visit").click()
        expect(page.get_by_text("There is no visit on this device.")).to_be_visible()
        assert with_stores(page, "count") == [0, 0]
    assert_nothing_in_clear(telephone.profile)

    assert office.came(before) == {
        "SiteVisit": 1,
        "Workplace": 1,
        "Case": 10,
        "Interview": 10,
        "StoredAssessment": 10,
        "FieldRecord": 10,
    }
    with office.service.database.reading() as session:
        rows = session.scalars(
            select(FieldRecord)
            .order_by(FieldRecord.received_at.desc(), FieldRecord.position.desc())
            .limit(10)
        ).all()
        assert sorted(row.position for row in rows) == list(range(1, 11))
        # The service counted each again and came to the same, byte for byte.
        assert [(row.state, row.differs) for row in rows] == [("finished", False)] * 10
        of_these = StoredAssessment.interview_id.in_([row.interview_id for row in rows])
        outcomes = session.scalars(select(StoredAssessment.outcome).where(of_these)).all()
    assert sorted(outcomes) == ["other_concern"] * 7 + ["trafficking_possible"] * 3


def test_a_device_that_came_to_something_else_is_an_incident(office: Office, telephone: Telephone) -> None:
    """The form of this device says of every result that it is another one."""

    bent: list[str] = []

    def bend(route: Any) -> None:
        answer = route.fetch()
        text = answer.text().replace(
            "digestOf(canonicalText(result))", 'digestOf(canonicalText({...result, outcome: "bent"}))'
        )
        bent.append(text)
        route.fulfill(response=answer, body=text)

    before = office.counts()
    with telephone.open(signed_in="inspector", routes={"**/assessing.js": bend}) as page:
        set_up(page)
        assert bent
        assert all("bent" in text for text in bent)
        begin_visit(page, OTHER)
        answer_one(page)
        expect(page.locator("#taken")).to_contain_text("The service came to another result")
    assert office.came(before)["StoredAssessment"] == 1
    with office.service.database.reading() as session:
        row = session.scalars(select(FieldRecord).order_by(FieldRecord.received_at.desc()).limit(1)).one()
        assert (row.state, row.differs) == ("finished", True)
        told = session.scalars(select(AuditEntry).where(AuditEntry.object_id == row.id)).all()
        assert "field_record.differs" in {one.action for one in told}
    lines = [line for line in office.log.read_text().splitlines() if "field_incident" in line]
    assert len(lines) == 1
    assert "result_differs" in lines[0]
    assert "others_answer" not in lines[0]


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(office: Office, telephone: Telephone) -> None:
    before = office.counts()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, OTHER)
        # The service takes the record; its answer never arrives.
        cut = {"times": 0}

        def lose(route: Any) -> None:
            route.fetch()
            cut["times"] += 1
            route.abort()

        page.route("**/field/records", lose)
        answer_one(page)
        expect(page.locator("#sending")).to_contain_text("No connection")
        assert cut["times"] == 1
        assert office.came(before)["Case"] == 1
        expect(page.locator("#count")).to_contain_text("1")
        page.unroute("**/field/records")
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#count")).to_have_text("Nothing waits to be sent.")
        expect(page.locator("#taken")).to_contain_text("Worker")
    came = office.came(before)
    assert (came["Case"], came["Interview"], came["FieldRecord"]) == (1, 1, 1)


def test_what_the_service_does_not_take_stays_here(office: Office, telephone: Telephone) -> None:
    """A record that was changed on its way, a page of another network, a session that ended."""
    before = office.counts()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, OTHER)

        def tamper(route: Any) -> None:
            body = route.request.post_data_json
            sealed = body["records"][0]["sealed"]
            body["records"][0]["sealed"] = ("A" if sealed[0] != "A" else "B") + sealed[1:]
            route.continue_(post_data=json.dumps(body))

        page.route("**/field/records", tamper)
        answer_one(page)
        expect(page.locator("#refused")).to_contain_text("S290")
        expect(page.locator("#count")).to_contain_text("1")
        page.unroute("**/field/records")

        # The network of a hotel answers in the place of the service.
        page.route("**/field/records", lambda route: route.fulfill(body="<h1>Welcome</h1>"))
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#sending")).to_contain_text("could not take it now")
        expect(page.locator("#count")).to_contain_text("1")
        page.unroute("**/field/records")
        assert not any(office.came(before).values())

        with office.service.work(office.world["inspector"]) as work:
            end_sessions(work, office.world["inspector"].account_id, "ended")
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#sending")).to_contain_text("Sign in to send")
        expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/sign-in?to=/field")
        page.context.add_cookies([office.cookie()])
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#count")).to_have_text("Nothing waits to be sent.")
    assert office.came(before)["Case"] == 1


def test_what_cannot_wait_is_said_at_once_and_first(telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, OTHER)
        begin_worker(page)
        choose(page, "danger_now", "yes")
        expect(page.locator("#urgent")).to_contain_text("Danger now")
        page.get_by_role("button", name="To the result").click()
        expect(page.locator("#result h2")).to_be_visible()
        main = page.locator("main").inner_text()
        assert main.index("Danger now") < main.index("Refer now")
        page.get_by_role("button", name="Back to the questions").last.click()
        choose(page, "danger_now", "no")
        expect(page.locator("#urgent")).to_have_text("")
        page.get_by_role("button", name="To the result").click()
        expect(page.locator("#result h2")).to_have_text("Not enough is known")
        # How much is open is said, and each is one touch away.
        expect(page.locator("#open summary")).to_contain_text(re.compile(r"\d+\D? important questions"))
        page.locator("#open summary").click()
        page.locator("#open button").first.click()
        expect(page.locator("fieldset.question")).to_be_visible()


def touches(page: Page) -> int:
    return int(page.evaluate("() => window.touches"))


def test_how_many_touches_a_whole_worker_takes(telephone: Telephone) -> None:
    """Every question answered, each list with one answer: one touch an answer, one more for a list."""
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, OTHER)
        page.evaluate(
            "() => { window.touches = 0;"
            " document.addEventListener('pointerdown', () => { window.touches += 1 }, true) }"
        )
        begin_worker(page)
        lists = asked = 0
        while name := shown_question(page):
            question = page.locator("fieldset.question")
            asked += 1
            many = question.locator("input[type=checkbox]").count() > 0
            question.locator(".choices label").first.click()
            if many:
                lists += 1
                expect(page.locator("#saved")).to_have_text("Saved on this device")
                page.locator(".bar .onward").click()
            expect(page.locator(f"#question-{name}")).to_have_count(0)
            # What moves on shows the next question, or the result, at the top of the page.
            assert page.evaluate("() => scrollY") == 0
        page.get_by_role("button", name="Finish and seal").click()
        expect(page.get_by_role("button", name="Next worker")).to_be_visible()
        taken = touches(page)
    print(f"\na whole worker: {taken} touches for {asked} questions, {lists} of them lists")
    assert asked >= 23
    assert taken == asked + lists + 2
