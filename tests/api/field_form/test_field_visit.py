"""An inspector's day in a real browser: without a network, then with one again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from screening.people.sessions import end_sessions
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.field import FieldRecord
from screening.storage.tables.interviews import Interview
from screening.storage.tables.sites import SiteVisit, Workplace
from tests.api.field_form.conftest import PASSPHRASE, Office, Telephone
from tests.api.field_form.screens import begin_visit, begin_worker, choose, next_part, seal, set_up, unlock

NUMBER = "CR-MARKER-77120"
PLANTED = "planted in clear 4410"
# As they would stand on the disk if anything of a record were in clear.
MARKERS = (
    NUMBER,
    "others_answer",
    "kept_back_so_that_i_stay",
    "documents_holder",
    "trafficking_possible",
    PASSPHRASE,
)


def count(office: Office, table: Any) -> int:
    with office.service.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def answer_one(page: Page, position: int) -> str:
    """One worker; every third tells of papers and pay that are kept back."""
    begin_worker(page)
    choose(page, "heard_alone", "yes")
    choose(page, "answers_coached", "others_answer")
    if position % 3 == 0:
        next_part(page, "Safe to go on")
        choose(page, "danger_now", "declined")
        next_part(page, "Work, pay and papers")
        choose(page, "pay_late_or_kept", "kept_back_so_that_i_stay")
        choose(page, "documents_holder", "employer")
    return seal(page)


def on_disk(profile: Path, marker: str) -> list[str]:
    """The files of a profile in which a text stands, in one byte or in two a letter."""
    wanted = (marker.encode(), marker.encode("utf-16-le"))
    return [
        str(path)
        for path in profile.rglob("*")
        if path.is_file() and any(one in path.read_bytes() for one in wanted)
    ]


def test_ten_workers_with_the_service_stopped_then_sent(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        # What would stand in clear is found below.
        page.evaluate(
            "text => new Promise(done => { const asked = indexedDB.open('daftar'); asked.onsuccess = () => {"
            " const store = asked.result.transaction('kept', 'readwrite').objectStore('kept');"
            " store.put({id: 'planted', text}); store.transaction.oncomplete = done } })",
            PLANTED,
        )
    office.stop()

    # A cold start, without a network.
    with telephone.open() as page:
        unlock(page)
        begin_visit(page, NUMBER)
        said = [answer_one(page, position) for position in range(1, 11)]
        assert said[0] == "Signs are present – continue with a full interview"
        assert "victim" not in page.content().lower()
        expect(page.locator("#count")).to_contain_text("10")
        expect(page.locator("#sending")).to_contain_text("No connection")

    # What is unfinished and what is sealed outlive the browser, and nothing of it can be read.
    for marker in MARKERS:
        assert on_disk(telephone.profile, marker) == [], marker
    assert on_disk(telephone.profile, PLANTED)

    office.start()
    with telephone.open() as page:
        expect(page.locator("#count")).to_contain_text("10")
        # Nobody is signed in: the records wait, and can be sent while the form is locked.
        expect(page.locator("#sending")).to_contain_text("Sign in to send")
        assert count(office, FieldRecord) == 0
        page.context.add_cookies([office.cookie("inspector")])  # type: ignore[list-item]
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#count")).to_have_text("Everything was sent.", timeout=60_000)
        unlock(page)
        page.get_by_role("button", name=re.compile(NUMBER)).click()
        assert page.get_by_text("sent", exact=True).count() == 10
        page.get_by_role("button", name="End the visit").click()
        expect(page.get_by_text("There is no visit on this device.")).to_be_visible()
        left = page.evaluate(
            "() => new Promise(done => { const asked = indexedDB.open('daftar'); asked.onsuccess = () => {"
            " const all = asked.result.transaction(['visits', 'outbox']);"
            " const [visits, outbox] = ['visits', 'outbox'].map(one => all.objectStore(one).count());"
            " all.oncomplete = () => done([visits.result, outbox.result]) } })"
        )
        assert left == [0, 0]

    assert [count(office, one) for one in (SiteVisit, Workplace, Case, Interview, StoredAssessment)] == [
        1,
        1,
        10,
        10,
        10,
    ]
    with office.service.database.reading() as session:
        rows = session.scalars(select(FieldRecord).order_by(FieldRecord.position)).all()
        assert [row.position for row in rows] == list(range(1, 11))
        # The device and the service came to the same result, byte for byte.
        assert [row.differs for row in rows] == [False] * 10
        outcomes = set(session.scalars(select(StoredAssessment.outcome)))
    assert outcomes == {"other_concern", "trafficking_possible"}


def test_an_answer_that_was_lost_on_the_way_doubles_nothing(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        # The service takes the record; its answer never arrives.
        cut = {"times": 0}

        def lose(route: Any) -> None:
            route.fetch()
            cut["times"] += 1
            route.abort()

        page.route("**/field/records", lose)
        answer_one(page, 1)
        expect(page.locator("#sending")).to_contain_text("No connection", timeout=30_000)
        assert cut["times"] == 1
        assert count(office, Case) == 1
        expect(page.locator("#count")).to_contain_text("1")
        page.unroute("**/field/records")
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#count")).to_have_text("Everything was sent.", timeout=30_000)
        expect(page.locator("#taken")).to_contain_text("Worker")
    assert [count(office, one) for one in (Case, Interview, FieldRecord)] == [1, 1, 1]


def test_a_sealed_record_that_was_changed_is_refused_and_stays(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)

        def tamper(route: Any) -> None:
            body = route.request.post_data_json
            sealed = body["records"][0]["sealed"]
            body["records"][0]["sealed"] = ("A" if sealed[0] != "A" else "B") + sealed[1:]
            route.continue_(post_data=json.dumps(body))

        page.route("**/field/records", tamper)
        answer_one(page, 1)
        expect(page.locator("#refused")).to_contain_text("S290", timeout=30_000)
        expect(page.locator("#count")).to_contain_text("1")
        assert count(office, Case) == 0


def test_a_wrong_passphrase_opens_nothing(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        page.get_by_role("button", name="Lock now").click()
        assert NUMBER not in page.content()
        unlock(page, "violet lantern on the quays")
        expect(page.get_by_text("This passphrase does not open it.")).to_be_visible(timeout=20_000)
        assert NUMBER not in page.content()
        unlock(page)
        # The person is led back to where the work was.
        expect(page.get_by_role("heading", name=re.compile(NUMBER))).to_be_visible(timeout=20_000)


def test_it_locks_itself_when_idle_and_when_hidden_and_loses_nothing(
    office: Office, telephone: Telephone
) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        page.clock.install()
        page.goto("/field")
        set_up(page)
        begin_visit(page, NUMBER)
        begin_worker(page)
        choose(page, "heard_alone", "not_known")
        page.clock.fast_forward("02:50")
        expect(page.get_by_role("heading", name="What the inspector sees")).to_be_visible()
        page.clock.fast_forward("00:15")
        expect(page.get_by_role("heading", name="Locked")).to_be_visible()
        assert NUMBER not in page.content()
        unlock(page)
        expect(page.locator("#heard_alone-not_known")).to_be_checked(timeout=20_000)
        page.evaluate(
            "() => { Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
            " document.dispatchEvent(new Event('visibilitychange')) }"
        )
        expect(page.get_by_role("heading", name="Locked")).to_be_visible()


def test_old_unsent_records_are_a_warning(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        begin_worker(page)
        expect(page.locator("#unfinished")).to_contain_text("1")
        expect(page.locator("#oldest")).to_have_text("The oldest is from today.")
    office.stop()
    with telephone.open() as page:
        # As if five days had gone by since.
        page.evaluate(
            "days => new Promise(done => { const asked = indexedDB.open('daftar'); asked.onsuccess = () => {"
            " const store = asked.result.transaction('visits', 'readwrite').objectStore('visits');"
            " store.getAll().onsuccess = event => { for (const row of event.target.result)"
            " store.put({...row, begun: row.begun.map(at => at - days * 86400000)}) };"
            " store.transaction.oncomplete = done } })",
            5,
        )
        page.reload()
        expect(page.locator("#late")).to_contain_text("seven days")
        expect(page.locator("#oldest")).to_contain_text(re.compile(r"\b5\b"))


def test_setting_up_needs_a_connection_somebody_signed_in_and_the_right_role(
    office: Office, telephone: Telephone
) -> None:
    office.start()
    with telephone.open() as page:
        expect(page.get_by_text("Sign in first")).to_be_visible()
        expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/sign-in?to=/field")
        page.context.add_cookies([office.cookie("interviewer")])  # type: ignore[list-item]
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("This account does not record visits")).to_be_visible()
        page.context.add_cookies([office.cookie("inspector")])  # type: ignore[list-item]
        page.get_by_role("button", name="Try again").click()
        page.get_by_label("Passphrase", exact=True).fill("short")
        page.get_by_label("The same again").fill("short")
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_text("The passphrase is too short.")).to_be_visible()


def test_what_cannot_wait_is_said_at_once_and_first(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        begin_worker(page)
        next_part(page, "Safe to go on")
        choose(page, "danger_now", "yes")
        expect(page.locator("#urgent")).to_contain_text("Danger now")
        page.get_by_role("button", name="To the result").click()
        main = page.locator("main").inner_text()
        assert main.index("Danger now") < main.index("Refer now")
        page.get_by_role("button", name="Back to the questions").last.click()
        choose(page, "danger_now", "no")
        expect(page.locator("#urgent")).to_have_text("")
        page.get_by_role("button", name="To the result").click()
        expect(page.locator("#result h2")).to_have_text("Not enough is known")


def test_whoever_is_signed_out_meanwhile_loses_nothing(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        with office.service.work(office.world["inspector"]) as work:
            end_sessions(work, office.world["inspector"].account_id, "ended")
        answer_one(page, 1)
        expect(page.locator("#sending")).to_contain_text("Sign in to send", timeout=20_000)
        page.context.add_cookies([office.cookie("inspector")])  # type: ignore[list-item]
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#count")).to_have_text("Everything was sent.", timeout=30_000)
    assert count(office, Case) == 1


@pytest.mark.parametrize("way", ["button", "keys"])
def test_leaving_quickly(office: Office, telephone: Telephone, way: str) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        before = page.evaluate("() => history.length")
        with page.expect_request(re.compile("^https://")) as asked:
            if way == "button":
                page.get_by_role("button", name="Leave quickly").click()
            else:
                for _ in range(3):
                    page.keyboard.press("Escape")
        assert asked.value.is_navigation_request()
        # Nothing of the form is left to be seen, and it has no place of its own in the history.
        expect(page.get_by_text(NUMBER)).not_to_be_visible()
        assert page.evaluate("() => history.length") <= before
