"""Interviews in a real browser: whole ones in both languages, by mouse and by keyboard, without a script,
narrow, two people in one interview, and going on at another computer."""

from __future__ import annotations

import itertools
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.api.desk.conftest import Enter, VisitorFor
from tests.api.desk.sittings import answer, begin, save
from tests.browsers import OpenPage
from tests.looks import check, open_folded, width_over
from tests.services import HandClock

SAVED = {"en": "Saved", "ar": "حُفظ"}
GO_ON = {"en": "Save and go on", "ar": "حفظ ومتابعة"}
# Whole interviews, and many pages: more than a test usually takes on a busy machine.
pytestmark = pytest.mark.timeout(400)


def home_of(page: Page) -> str:
    found = re.match(r"/interviews/[0-9a-f]{32}", urlsplit(page.url).path)
    assert found is not None, page.url
    return found[0]


def choose(page: Page, question: str, value: str) -> None:
    page.locator(f'input[name="{question}"][value="{value}"]').check()


def save_by_choosing(page: Page, question: str, value: str, language: str = "en") -> None:
    with page.expect_response(lambda one: one.request.method == "POST"):
        choose(page, question, value)
    expect(page.locator("#saved")).to_have_text(SAVED[language])


def expect_kept(page: Page, home: str, value: str) -> None:
    """The answer is saved, or will be in a moment: a page that is left sends what is under way once more."""
    for _ in range(20):
        page.goto(f"{home}/questions/documents_holder")
        if page.locator(f"input[value={value}]").is_checked():
            break
    expect(page.locator(f"input[value={value}]")).to_be_checked()


def begin_here(page: Page, instrument: str = "intake") -> str:
    page.goto("/interviews/new")
    choose(page, "case", "new")
    choose(page, "instrument", instrument)
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile("/interviews/[0-9a-f]{32}"))
    return home_of(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_whole_intake_from_the_room_to_the_result(enter: Enter, language: str) -> None:
    page = enter("interviewer", language)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    home = begin_here(page)
    # The room and consent, a section at a time; every choice is saved as it is made.
    status = page.locator("#saved")
    for question, value in {
        "entry_mode": "came_alone",
        "heard_alone": "yes",
        "interpreter": "independent",
    }.items():
        choose(page, question, value)
        expect(status).to_have_text(SAVED[language])
    choose(page, "age_group", "adult_settled")
    page.get_by_role("button", name=GO_ON[language], exact=True).click()
    expect(page).to_have_url(re.compile("/sections/safety$"))
    for question in ("limits_explained", "consent_to_talk", "consent_to_record", "safe_to_talk"):
        choose(page, question, "yes")
    choose(page, "danger_now", "no")
    page.get_by_role("button", name=GO_ON[language], exact=True).click()
    expect(page).to_have_url(re.compile("/sections/needs$"))
    # What depends on an answer comes up beneath it without a reload.
    page.goto(f"{home}/sections/papers")
    expect(page.locator('input[name="documents_returned_on_request"]')).to_have_count(0)
    choose(page, "documents_holder", "employer")
    expect(page.locator('input[name="documents_returned_on_request"]').first).to_be_visible()
    # The panel comes anew with what is saved: nothing is pressed in it before.
    save_by_choosing(page, "documents_returned_on_request", "no", language)
    panel = page.locator("#panel")
    expect(
        panel.locator(".elements__one").nth(1).locator("dd:not(.elements__none):not(.elements__open)")
    ).not_to_have_count(0)
    # One question a page, from the one that would help most.
    panel.locator("a[href*='/questions/']").last.click()
    expect(page).to_have_url(re.compile("/questions/"))
    for question, value in {
        "free_to_leave_place": "no",
        "locked_in": "yes",
        "pay_holder": "employer",
        "fear_of_return": "declined",
        "own_account": "not_asked",
    }.items():
        page.goto(f"{home}/questions/{question}")
        box = page.locator(f'input[name="{question}"]')
        known = [one.get_attribute("value") for one in box.all()]
        choose(page, question, value if value in known else str(known[0]))
        expect(status).to_have_text(SAVED[language])
    page.goto(f"{home}/check")
    expect(page.locator("#row-fear_of_return .unsaid")).to_have_count(1)
    page.locator("#finish button[type=submit]").click()
    expect(page).to_have_url(re.compile("/assessments/[0-9a-f]{32}$"))
    assert check(page) == []
    page.goto(home)
    expect(page.locator("a[href^='/assessments/']")).to_be_visible()


def test_the_keyboard_alone_is_enough(enter: Enter) -> None:
    page = enter("interviewer")
    home = begin_here(page)
    page.goto(f"{home}/questions/heard_alone")

    def tab_to(selector: str) -> None:
        page.wait_for_load_state("load")
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("chosen => document.activeElement.matches(chosen)", selector):
                return
        raise AssertionError(f"the Tab key never came to {selector}")

    tab_to("input[name=heard_alone]")
    page.keyboard.press("Space")
    expect(page.locator("#saved")).to_have_text("Saved")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#stops")).to_contain_text("not being heard alone")
    # Saving moves nobody: the focus is where it was.
    expect(page.locator("input[name=heard_alone][value=no]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/questions/who_is_present$"))
    tab_to("button[name=go]:not([tabindex])")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/questions/who_is_present$"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_a_script_an_interview_goes_from_beginning_to_end(enter: Enter, language: str) -> None:
    page = enter("interviewer", language, java_script_enabled=False)
    home = begin_here(page)
    choose(page, "heard_alone", "yes")
    page.get_by_role("button", name=GO_ON[language], exact=True).click()
    page.goto(f"{home}/questions/documents_holder")
    choose(page, "documents_holder", "employer")
    page.get_by_role("button", name=GO_ON[language], exact=True).click()
    expect(page).to_have_url(re.compile("/questions/documents_(?!holder$)"))
    page.goto(f"{home}/pause")
    choose(page, "because", "rest")
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"{home}$"))
    page.locator(f"form[action='{home}/resume'] button").click()
    expect(page).to_have_url(re.compile("/questions/"))
    page.goto(f"{home}/check")
    page.locator("#finish button[type=submit]").click()
    expect(page).to_have_url(re.compile("/assessments/"))


def test_two_people_meet_at_one_question_and_nothing_is_overwritten(enter: Enter) -> None:
    one = enter("interviewer")
    home = begin_here(one)
    other = enter("supervisor")
    for page in (one, other):
        page.goto(f"{home}/questions/documents_holder")
    choose(one, "documents_holder", "employer")
    expect(one.locator("#saved")).to_have_text("Saved")
    choose(other, "documents_holder", "self")
    both = other.locator(".both")
    expect(both).to_be_visible()
    expect(both).to_contain_text("Interviewer")
    expect(other.locator("#saved")).to_contain_text("Not all of it is saved")
    expect(other.locator("input[name=documents_holder][value=self]")).to_be_checked()
    assert check(other) == []
    both.get_by_role("button").last.click()
    expect(other.locator(".both")).to_have_count(0)
    one.reload()
    expect(one.locator("input[name=documents_holder][value=self]")).to_be_checked()


def test_different_questions_of_one_section_do_not_disturb_each_other(enter: Enter) -> None:
    one = enter("interviewer")
    home = begin_here(one)
    other = enter("supervisor")
    for page in (one, other):
        page.goto(f"{home}/sections/safety")
    save_by_choosing(one, "limits_explained", "yes")
    save_by_choosing(other, "consent_to_talk", "no")
    save_by_choosing(one, "consent_to_record", "declined")
    expect(one.locator(".both")).to_have_count(0)
    one.reload()
    for question, value in {
        "limits_explained": "yes",
        "consent_to_talk": "no",
        "consent_to_record": "declined",
    }.items():
        expect(one.locator(f"input[name={question}][value={value}]")).to_be_checked()


def test_stopped_here_and_gone_on_with_there(enter: Enter) -> None:
    here = enter("interviewer")
    home = begin_here(here)
    here.goto(f"{home}/questions/documents_holder")
    choose(here, "documents_holder", "employer")
    expect(here.locator("#saved")).to_have_text("Saved")
    here.context.close()
    there = enter("interviewer", viewport={"width": 400, "height": 800})
    there.goto("/")
    there.locator(f"a[href='{home}']").click()
    there.get_by_role("link", name="Go on where you were").click()
    expect(there).to_have_url(re.compile("/questions/documents_"))
    there.goto(f"{home}/questions/documents_holder")
    expect(there.locator("input[value=employer]")).to_be_checked()


def test_quick_changes_arrive_in_order_and_the_last_one_stands(enter: Enter) -> None:
    page = enter("interviewer")
    home = begin_here(page)
    page.goto(f"{home}/questions/documents_holder")
    for value in ("employer", "agent", "self", "employer", "self"):
        choose(page, "documents_holder", value)
        page.wait_for_timeout(310)
    expect(page.locator("#saved")).to_have_text("Saved")
    expect(page.locator(".both")).to_have_count(0)
    expect_kept(page, home, "self")


def test_the_arrow_keys_pass_over_choices_that_nobody_made(enter: Enter) -> None:
    page = enter("interviewer")
    home = begin_here(page)
    page.clock.install()
    page.goto(f"{home}/questions/documents_holder")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    # The clock of the page stands: however slow the machine, the keys do not rest on the way. It can be
    # stopped only at a moment to come, which on a busy machine is not the next second.
    page.clock.pause_at(page.evaluate("() => Date.now() / 1000") + 60)
    page.locator("input[name=documents_holder]").first.focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.clock.run_for(100)
        page.keyboard.press("ArrowDown")
    chosen = page.locator("input[name=documents_holder]:checked").get_attribute("value")
    page.clock.run_for(250)
    assert not sent
    with page.expect_response(lambda one: one.request.method == "POST"):
        page.clock.run_for(100)
    # What a pointer chooses is meant as it stands.
    with page.expect_response(lambda one: one.request.method == "POST"):
        choose(page, "documents_holder", "self")
    page.clock.resume()
    expect(page.locator("#saved")).to_have_text("Saved")
    page.goto(f"{home}/questions/documents_holder/history")
    said = page.locator(".timeline__item")
    expect(said).to_have_count(2)
    assert chosen not in ("self", None)


def test_what_is_typed_survives_a_session_that_ended(enter: Enter, clock: HandClock) -> None:
    page = enter("interviewer")
    home = begin_here(page)
    page.goto(f"{home}/questions/own_account")
    clock.move(hours=1)
    page.evaluate("() => { console.error = () => {} }")
    page.locator("textarea").first.fill("They locked the door.")
    page.locator("textarea").first.blur()
    expect(page.locator("#saved")).to_contain_text("Not saved")
    expect(page.locator("textarea").first).to_have_value("They locked the door.")


def test_a_choice_made_while_leaving_is_saved(enter: Enter) -> None:
    page = enter("interviewer")
    home = begin_here(page)
    page.goto(f"{home}/questions/documents_holder")
    # What is sent while a page goes is not told to who drives the browser: what counts is what was saved.
    choose(page, "documents_holder", "employer")
    page.get_by_role("link", name="Leave it for now").click()
    expect(page).not_to_have_url(re.compile("/questions/documents_holder"))
    expect_kept(page, home, "employer")


@pytest.fixture
def filled(visitor_for: VisitorFor) -> str:
    """An interview with every kind of thing on its pages."""
    visitor = visitor_for("interviewer")
    home = begin(visitor)
    for question, value in {
        "entry_mode": "hospital",
        "heard_alone": "no",
        "interpreter": "another_worker",
        "danger_now": "yes",
        "age_group": "child",
        "documents_holder": "employer",
        "fear_of_return": "declined",
        "violence_happened": "yes",
    }.items():
        save(visitor, home, question, value)
    answer(
        visitor,
        home,
        "own_account",
        own_account="written",
        own_account__text="…",
        note__own_account="She stole.",
    )
    return home


def addresses(home: str) -> list[str]:
    return [
        "/interviews",
        "/interviews?status=finished",
        "/interviews/new",
        home,
        f"{home}/questions/documents_holder",
        f"{home}/questions/own_account?look=note",
        f"{home}/questions/monthly_pay_kd",
        f"{home}/sections/room",
        f"{home}/sections/observed",
        f"{home}/questions/documents_holder/history",
        f"{home}/check",
        f"{home}/contradictions",
        f"{home}/pause?because=rest",
        f"{home}/hand-over",
        f"{home}/end",
        "/sign-out",
    ]


@pytest.mark.parametrize(("language", "scheme"), list(itertools.product(("en", "ar"), ("light", "dark"))))
def test_axe_finds_nothing_on_any_page(enter: Enter, filled: str, language: str, scheme: str) -> None:
    page = enter("interviewer", language, color_scheme=scheme)
    found = {}
    for address in addresses(filled):
        page.goto(address)
        open_folded(page)
        if here := check(page):
            found[address] = here
    assert not found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_scrolls_sideways_on_a_small_telephone(enter: Enter, filled: str, language: str) -> None:
    page = enter("interviewer", language, viewport={"width": 320, "height": 640})
    for address in addresses(filled):
        page.goto(address)
        open_folded(page)
        assert width_over(page) == 0, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_looks_right_to_axe(address: str, open_page: OpenPage, scheme: str) -> None:
    page = open_page(base_url=address, locale="ar", color_scheme=scheme)
    page.goto("/sign-in")
    assert check(page) == []
    page.fill("#name", "nobody")
    page.fill("#password", "nothing at all")
    page.locator("main button[type=submit]").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert check(page) == []
