"""Who gets into the form, when it closes, and what two pages of it do to each other."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.api.field_form.conftest import Office, Telephone
from tests.api.field_form.screens import (
    begin_visit,
    begin_worker,
    choose,
    go_to,
    set_up,
    unlock,
    with_stores,
)

NUMBER = "CR-5521"


def be_locked(page: Page) -> None:
    """It is locked, and nothing of the work is left on the page."""
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert NUMBER not in page.content()
    assert page.locator("fieldset.question").count() == 0


def hide(page: Page) -> None:
    """As if another application came to the front."""
    page.evaluate(
        "() => { Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); delete document.visibilityState }"
    )


def press_quickly(page: Page, key: str, times: int) -> None:
    """Press a key every tenth of a second, however long a busy machine takes for it."""
    tools = page.context.new_cdp_session(page)
    now = page.evaluate("() => Date.now() / 1000")
    for at in range(times):
        event = {"type": "rawKeyDown", "key": key, "code": key, "timestamp": now + at / 10}
        tools.send("Input.dispatchKeyEvent", event)


def test_it_locks_by_button_when_idle_and_when_hidden_opens_for_one_passphrase_and_loses_nothing(
    telephone: Telephone,
) -> None:
    with telephone.open(signed_in="inspector") as page:
        page.clock.install()
        page.goto("/field")
        set_up(page)
        # Rounds of PBKDF2 as OWASP asks for them, a salt of 128 bits, a key of 256 with its tag.
        assert with_stores(page, "key") == [600_000, 16, 48]
        begin_visit(page, NUMBER)
        page.get_by_role("button", name="Lock", exact=True).click()
        be_locked(page)
        unlock(page, "violet lantern on the quays")
        expect(page.get_by_text("This passphrase does not open it.")).to_be_visible()
        be_locked(page)
        unlock(page)
        # The person is led back to where the work was.
        expect(page.get_by_role("heading", name=re.compile(NUMBER))).to_be_visible()

        begin_worker(page)
        choose(page, "heard_alone", "not_known")
        # The clock goes on meanwhile: a busy machine has a minute until the three are over.
        page.clock.fast_forward("02:00")
        expect(page.locator("#question-age_group")).to_be_visible()
        page.clock.fast_forward("01:05")
        be_locked(page)
        unlock(page)
        expect(page.locator("#question-age_group")).to_be_visible()

        hide(page)
        be_locked(page)
        unlock(page)
        go_to(page, "heard_alone")
        expect(page.locator("#heard_alone-not_known")).to_be_checked()
        # Back in the browser's history lies nothing that is open.
        page.goto("/health")
        page.go_back()
        be_locked(page)


def test_a_forgotten_passphrase_costs_what_is_unfinished_and_nothing_else(telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        page.route("**/field/records", lambda route: route.abort())
        begin_worker(page)
        page.get_by_role("button", name="To the result").click()
        page.get_by_role("button", name="Finish and seal").click()
        expect(page.locator("#sending")).to_contain_text("No connection")
        page.get_by_role("button", name="Lock", exact=True).click()
        page.locator("details summary").click()
        # What is finished is the service's: it is sent first.
        expect(page.get_by_text("Send the finished records first")).to_be_visible()
        assert page.get_by_role("button", name="Delete what is not finished").count() == 0
        page.unroute("**/field/records")
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#count")).to_have_text("Nothing waits to be sent.")
        page.locator("details summary").click()
        page.locator("details summary").click()
        page.get_by_role("button", name="Delete what is not finished").click()
        expect(page.get_by_role("heading", name="Set up this device")).to_be_visible()
        assert with_stores(page, "count") == [0, 0]
        set_up(page, "another passphrase of four words")
        expect(page.get_by_text("There is no visit on this device.")).to_be_visible()


def test_two_pages_do_not_write_over_each_other(office: Office, telephone: Telephone) -> None:
    before = office.counts()
    with telephone.open(signed_in="inspector") as one:
        # In a window of its own: what stands behind another page is drawn once a second.
        with one.context.expect_page() as opened:
            one.evaluate("() => { window.open('/field', '_blank', 'popup,width=390,height=800') }")
        other = opened.value
        expect(other.locator("#passphrase")).to_be_visible()
        set_up(one)
        # Another page that was about to be set up as well is not: its key would be another one.
        be_locked(other)
        begin_visit(one, NUMBER)
        begin_worker(one)
        choose(one, "heard_alone", "yes")

        unlock(other)
        expect(other.get_by_role("button", name=re.compile(NUMBER))).to_be_visible()
        be_locked(one)
        other.get_by_role("button", name=re.compile(NUMBER)).click()
        begin_worker(other)
        choose(other, "heard_alone", "no")

        unlock(one)
        be_locked(other)
        expect(one.locator("#question-age_group")).to_be_visible()
        go_to(one, "heard_alone")
        expect(one.locator("#heard_alone-yes")).to_be_checked()
        one.get_by_role("button", name="Back to the visit").click()
        expect(one.get_by_text("begun", exact=True)).to_have_count(2)
        one.get_by_role("button", name=re.compile("Worker.*2")).click()
        go_to(one, "heard_alone")
        expect(one.locator("#heard_alone-no")).to_be_checked()

        for page in (one, other):
            page.route("**/field/records", lambda route: route.abort())
        one.get_by_role("button", name="To the result").click()
        one.get_by_role("button", name="Finish and seal").click()
        # Each page counts what the other one made, also while it is locked.
        for page in (one, other):
            expect(page.locator("#count")).to_contain_text("1")
        # A button goes as soon as the other page has sent: both are held while they are there, then pressed.
        buttons = [page.get_by_role("button", name="Send now").element_handle() for page in (one, other)]
        for page in (one, other):
            page.unroute("**/field/records")
        together = one.evaluate("() => Date.now()") + 500
        for button in buttons:
            button.evaluate("(button, at) => { setTimeout(() => button.click(), at - Date.now()) }", together)
        for page in (one, other):
            expect(page.locator("#count")).to_have_text("Nothing waits to be sent.")
    came = office.came(before)
    assert (came["Case"], came["Interview"], came["FieldRecord"]) == (1, 1, 1)


def test_leaving_quickly(telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, NUMBER)
        for way in ("button", "keys"):
            before = page.evaluate("() => history.length")
            with page.expect_request(re.compile("^https://")) as asked:
                if way == "button":
                    page.get_by_role("button", name="Leave quickly").click()
                else:
                    press_quickly(page, "Escape", 3)
            assert asked.value.is_navigation_request()
            # Where it leads to is out of reach here: the browser shows a page of its own instead.
            page.wait_for_function("() => location.protocol === 'chrome-error:'")
            # Nothing of the form is left to be seen, and it has no place of its own in the history.
            expect(page.get_by_text(NUMBER)).not_to_be_visible()
            assert page.evaluate("() => history.length") <= before
            page = page.context.new_page()
            page.goto("/field")
            be_locked(page)
            if way == "button":
                unlock(page)
                page.get_by_role("button", name=re.compile(NUMBER)).click()
