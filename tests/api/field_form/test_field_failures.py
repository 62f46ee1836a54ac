"""What the form does on a device that is full, broken, late, badly set, or out of date."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select

from screening.clock import day_in_kuwait
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.field import FieldRecord
from tests.api.field_form.conftest import PASSPHRASE, Office, Telephone
from tests.api.field_form.screens import (
    begin_visit,
    begin_worker,
    choose,
    go_to,
    set_up,
    unlock,
    with_stores,
)

NUMBER = "CR-6631"
_BROKEN = """
() => {
  const open = IDBFactory.prototype.open;
  window.mend = () => { IDBFactory.prototype.open = open };
  IDBFactory.prototype.open = () => { throw new DOMException("forbidden here", "SecurityError") };
}
"""


def make_room(tools: CDPSession, page: Page, size: int | None) -> None:
    """Give the form so many bytes as long as the session lasts; None: as many as there are."""
    origin = page.evaluate("() => location.origin")
    tools.send("Storage.overrideQuotaForOrigin", {"origin": origin} | ({"quotaSize": size} if size else {}))


def test_a_full_device_says_so_and_loses_nothing(office: Office, telephone: Telephone) -> None:
    before = office.counts()
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        begin_worker(page)
        choose(page, "heard_alone", "yes")
    # A browser asks how much room there is when it begins to write, and not each time.
    with telephone.open(signed_in="inspector") as page:
        tools = page.context.new_cdp_session(page)
        make_room(tools, page, 1)
        unlock(page)
        page.get_by_role("button", name="New visit").click()
        page.locator("label[for=workplace_kind-company]").click()
        page.get_by_label("The code or number").fill(NUMBER)
        page.get_by_role("button", name="Begin the visit").click()
        expect(page.locator("#failed")).to_contain_text("No room left")
        # What was typed still stands there, and there is no visit that is only shown.
        expect(page.get_by_label("The code or number")).to_have_value(NUMBER)
        page.get_by_role("button", name="All visits").click()
        page.get_by_role("button", name=re.compile(NUMBER)).click()
        page.get_by_role("button", name=re.compile("Worker.*1")).click()
        page.locator("label[for=age_group-in_doubt]").click()
        expect(page.locator("#saved")).to_contain_text("Not saved")
        # It does not go on as if it had been kept.
        expect(page.locator("#age_group-in_doubt")).to_be_checked()
        page.get_by_role("button", name="To the result").click()
        page.get_by_role("button", name="Finish and seal").click()
        expect(page.locator("#failed")).to_contain_text("No room left")
        expect(page.get_by_role("button", name="Finish and seal")).to_be_visible()
        assert with_stores(page, "count") == [1, 0]

        make_room(tools, page, None)
        page.get_by_role("button", name="Back to the questions").last.click()
        page.locator("label[for=age_group-in_doubt]").click()
        expect(page.locator("#question-age_group")).to_have_count(0)
        expect(page.locator("#failed")).to_have_count(0)
        page.get_by_role("button", name="Lock", exact=True).click()
        unlock(page)
        go_to(page, "age_group")
        expect(page.locator("#age_group-in_doubt")).to_be_checked()
        page.get_by_role("button", name="To the result").click()
        page.get_by_role("button", name="Finish and seal").click()
        expect(page.locator("#count")).to_have_text("Nothing waits to be sent.")
        expect(page.locator("#taken")).to_be_visible()
    came = office.came(before)
    assert (came["SiteVisit"], came["Case"], came["StoredAssessment"]) == (1, 1, 1)


def test_a_store_that_cannot_be_opened_is_said_and_nothing_is_made_up(telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        page.add_init_script(f"({_BROKEN})()")
        page.reload()
        expect(page.get_by_role("heading", name="This device keeps nothing")).to_be_visible()
        # It neither says that nothing waits nor offers to set the device up anew.
        expect(page.locator("#count")).to_have_text("It cannot be read how much waits on this device.")
        assert page.locator("#passphrase").count() == 0
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="This device keeps nothing")).to_be_visible()
        page.evaluate("() => window.mend()")
        page.get_by_role("button", name="Try again").click()
        unlock(page)
        expect(page.get_by_role("button", name=re.compile(NUMBER))).to_be_visible()


def test_a_wrong_clock_is_said_and_costs_nothing(office: Office, telephone: Telephone) -> None:
    """A telephone whose clock began anew long ago, and one that is weeks ahead."""
    today = day_in_kuwait(datetime.now(UTC))
    with telephone.open(signed_in="inspector") as page:
        page.clock.install(time=datetime(1970, 1, 2, tzinfo=UTC))
        page.goto("/field")
        set_up(page)
        expect(page.locator("#clock")).to_contain_text("The clock of this device is wrong")
        begin_visit(page, NUMBER)
        for ahead in (None, timedelta(days=40)):
            if ahead is not None:
                page.clock.set_system_time(datetime.now(UTC) + ahead)
            begin_worker(page)
            choose(page, "heard_alone", "yes")
            page.get_by_role("button", name="To the result").click()
            page.get_by_role("button", name="Finish and seal").click()
            expect(page.locator("#taken li")).to_have_count(1 if ahead is None else 2)
            expect(page.locator("#count")).to_have_text("Nothing waits to be sent.")
            expect(page.locator("#clock")).to_be_visible()
            with office.service.database.reading() as session:
                newest = select(FieldRecord).order_by(FieldRecord.received_at.desc()).limit(1)
                row = session.scalars(newest).one()
                of_it = StoredAssessment.interview_id == row.interview_id
                final = session.scalars(select(StoredAssessment).where(of_it)).one()
                # The service goes by its own day, and came to the same result as the device on the device's.
                assert (row.differs, final.as_of) == (False, today)
        # Seen from there, the rules were taken along long ago.
        page.get_by_role("button", name="All visits").click()
        expect(page.locator("#old-rules")).to_be_visible()
        page.clock.set_system_time(datetime.now(UTC))
        page.get_by_role("button", name="Take the newest rules along").click()
        expect(page.locator("#renewed")).to_have_text("The rules are up to date.")
        expect(page.locator("#clock")).to_have_count(0)


def test_old_unsent_records_are_a_warning(telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        begin_worker(page)
        expect(page.locator("#unfinished")).to_contain_text("1")
        expect(page.locator("#oldest")).to_have_count(0)
        # As if five days had gone by since.
        with_stores(page, "age", 5)
        page.reload()
        expect(page.locator("#late")).to_contain_text("seven days")
        expect(page.locator("#oldest")).to_contain_text(re.compile(r"\b5\b"))


def test_setting_up_needs_a_connection_somebody_signed_in_and_the_right_role(
    office: Office, telephone: Telephone
) -> None:
    with telephone.open() as page:
        expect(page.get_by_text("Sign in first")).to_be_visible()
        expect(page.get_by_role("link", name="Sign in")).to_have_attribute("href", "/sign-in?to=/field")
        page.route("**/field/bundle", lambda route: route.abort())
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("Setting up needs a connection.")).to_be_visible()
        page.unroute("**/field/bundle")
        page.context.add_cookies([office.cookie("interviewer")])
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_text("This account does not record visits")).to_be_visible()
        page.context.add_cookies([office.cookie()])
        # A browser that keeps no shell works as long as there is a network, and says so.
        page.evaluate(
            "async () => { for (const one of await navigator.serviceWorker.getRegistrations())"
            " await one.unregister() }"
        )
        page.add_init_script(
            "ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('not here'))"
        )
        page.reload()
        page.get_by_label("Passphrase", exact=True).fill("short")
        page.get_by_label("The same again").fill("short")
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_text("The passphrase is too short.")).to_be_visible()
        page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_text("The two are not the same.")).to_be_visible()
        page.get_by_label("The same again").fill(PASSPHRASE)
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_role("heading", name="Visits")).to_be_visible()
        expect(page.locator("#unready")).to_contain_text("not yet ready to work without a network")


def test_a_newer_form_waits_until_it_is_taken(office: Office, telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        begin_worker(page)
        choose(page, "heard_alone", "declined")
        assert page.locator("#update").count() == 0
        old = page.locator("#form").get_attribute("data-files")
    # Any change of the shell is another version of it: here where the quick exit leads to.
    office.start(SCREENING_LEAVE_ADDRESS="https://www.timeanddate.com/weather/")
    with telephone.open() as page:
        expect(page.locator("#update")).to_be_visible()
        unlock(page)
        page.get_by_role("button", name=re.compile(NUMBER)).click()
        page.get_by_role("button", name=re.compile("Worker.*1")).click()
        # It never takes over by itself, also when the page is loaded again.
        assert page.locator("#form").get_attribute("data-files") == old
        page.get_by_role("button", name="Lock and use it now").click()
        expect(page.locator("#form")).not_to_have_attribute("data-files", str(old))
        expect(page.get_by_role("heading", name="Locked")).to_be_visible()
        expect(page.locator("#update")).to_have_count(0)
        unlock(page)
        page.get_by_role("button", name=re.compile(NUMBER)).click()
        page.get_by_role("button", name=re.compile("Worker.*1")).click()
        go_to(page, "heard_alone")
        expect(page.locator("#heard_alone-declined")).to_be_checked()
    # The new one starts without a network too.
    office.stop()
    with telephone.open() as page:
        unlock(page)
        expect(page.get_by_role("button", name=re.compile(NUMBER))).to_be_visible()
