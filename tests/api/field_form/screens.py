"""What an inspector does with the form, by what the screen says."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.api.field_form.conftest import PASSPHRASE


def set_up(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Set the device up, while online and signed in."""
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_label("The same again").fill(passphrase)
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="Visits")).to_be_visible(timeout=20_000)
    # The shell is there once the worker is: only then the form starts without a network.
    page.evaluate("async () => { await navigator.serviceWorker.ready }")


def unlock(page: Page, passphrase: str = PASSPHRASE) -> None:
    """Unlock; what comes of it is for the test to look at."""
    expect(page.get_by_role("heading", name="Locked")).to_be_visible(timeout=20_000)
    page.get_by_label("Passphrase", exact=True).fill(passphrase)
    page.get_by_role("button", name="Unlock").click()


def begin_visit(page: Page, number: str) -> None:
    """Begin a visit to a workplace with a register number."""
    page.get_by_role("button", name="New visit").click()
    page.get_by_label("The code or number").fill(number)
    page.get_by_role("button", name="Begin the visit").click()
    expect(page.get_by_role("button", name="Next worker")).to_be_visible()


def begin_worker(page: Page) -> None:
    page.get_by_role("button", name="Next worker").click()
    expect(page.get_by_role("heading", name="What the inspector sees")).to_be_visible()


def choose(page: Page, question: str, *values: str) -> None:
    """Choose answers to a question of the section that is shown."""
    for value in values:
        page.locator(f"#{question}-{value}").check(force=True)
    expect(page.locator("#saved")).to_have_text("Saved on this device")


def next_part(page: Page, heading: str) -> None:
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def seal(page: Page) -> str:
    """Go to the result, seal it, and say what the form recommended."""
    page.get_by_role("button", name="To the result").click()
    said = page.locator("#result h2").inner_text()
    page.get_by_role("button", name="Finish and seal").click()
    expect(page.get_by_role("button", name="Next worker")).to_be_visible()
    return said
