"""One interview and several people: handed over and gone on with at another machine, and two at once.

One person at two machines, and choices instead of words: `tests/api/desk/test_interviews_in_browser.py`.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.api.journeys.conftest import Walk
from tests.api.journeys.walking import GO_ON, SEND, Walker


def test_stopped_here_and_gone_on_with_there_by_a_colleague(walk: Walk) -> None:
    here = walk("interviewer", "en")
    here.begin()
    here.open(f"{here.home}/questions/documents_holder")
    here.choose("documents_holder", "employer")
    here.press(GO_ON, "/questions/documents_")
    where = urlsplit(here.page.url).path
    here.press(".around a[href$='/pause']", "/pause$")
    here.choose("because", "rest")
    here.press(SEND, f"{here.home}$")
    here.press(f"a[href='{here.home}/hand-over']", "/hand-over$")
    here.page.get_by_label("Colleague", exact=True).check()
    here.hand.write("#note", "She asked for tea.")
    here.press(SEND, f"{here.home}$")
    here.page.context.close()

    there = walk("colleague", "ar", viewport={"width": 400, "height": 800})
    there.press(f"main a[href='{here.home}']", f"{here.home}$")
    expect(there.page.locator(".timeline__item")).to_contain_text("She asked for tea.")
    there.press(f"form[action='{here.home}/resume'] button", f"{where}$")
    there.open(f"{here.home}/questions/documents_holder")
    expect(there.page.locator("input[value=employer]")).to_be_checked()
    there.choose("documents_holder", "agent")
    there.said_as_saved()
    # Both answers are there for ever, each with who gave it.
    there.press(".asking__saved a[href$='/history']", "/history$")
    expect(there.page.locator(".timeline__item")).to_have_count(2)
    expect(there.page.locator(".timeline")).to_contain_text("Interviewer")
    expect(there.page.locator(".timeline")).to_contain_text("Colleague")


@pytest.mark.parametrize("scripts", [True, False], ids=["with a script", "without a script"])
def test_two_tell_the_same_at_once_and_no_word_is_lost(walk: Walk, scripts: bool) -> None:
    one = walk("interviewer", "en")
    other = walk("supervisor", "en", java_script_enabled=scripts)
    one.begin()
    path = f"{one.home}/questions/own_account"
    for walker in (one, other):
        walker.open(path)
        walker.choose("own_account", "written")
    write(one, "The door was locked.")
    one.said_as_saved()
    write(other, "They kept the key.")
    if not scripts:
        # The page comes back with both, and with what was typed.
        with other.page.expect_response(lambda found: found.status == 409):
            other.hand.press(GO_ON)
    both = other.page.locator(".both")
    for words in ("The door was locked.", "They kept the key.", "Interviewer"):
        expect(both).to_contain_text(words)
    expect(other.page.locator("#own_account-text")).to_have_value("They kept the key.")
    other.hand.press(".both button[value^='mine:']")
    if scripts:
        expect(both).to_have_count(0)
    else:
        other.arrived(f"{path}$")
    history = told(other, path)
    for words in ("The door was locked.", "They kept the key."):
        expect(history).to_contain_text(words)
    # Whoever stood there first is told in turn, and overwrites nothing.
    write(one, "The door was locked at night.")
    expect(one.page.locator(".both")).to_contain_text("They kept the key.")
    one.hand.press(".both button[value^='saved:']")
    expect(one.page.locator(".both")).to_have_count(0)
    one.open(path)
    expect(one.page.locator("#own_account-text")).to_have_value("They kept the key.")


def write(walker: Walker, text: str) -> None:
    walker.hand.write("#own_account-text", text)
    walker.page.locator("#own_account-text").blur()


def told(walker: Walker, path: str) -> Locator:
    walker.open(f"{path}/history")
    expect(walker.page).to_have_url(re.compile("/history$"))
    return walker.page.locator(".timeline")
