"""Results, cases, referrals and supervision in a real browser: both languages and schemes, narrow, on paper,
by keyboard and without a script."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from screening.cases.policies import policies
from tests.api.desk.conftest import Enter, VisitorFor
from tests.api.desk.records import LITTLE_KNOWN, Assessed, assess
from tests.api.desk.test_referrals import agree, way, write
from tests.looks import check, open_folded, width_over
from tests.services import World

# Some thirty pages each: more than a test usually takes on a busy machine.
LONG = pytest.mark.timeout(400)


@dataclass(frozen=True)
class Site:
    """A served desk with a case of a clear account, a low result, and a referral."""

    clear: Assessed
    low: Assessed
    referral: str

    @property
    def pages(self) -> tuple[str, ...]:
        """Every page of results, cases, referrals and supervision, for a supervisor."""
        case, ask = self.clear.page, way(self.clear, "medical", "moh_hospitals")
        return (
            self.clear.result,
            self.low.result,
            f"{self.clear.result}/drawing",
            "/cases",
            "/cases?status=closed",
            "/cases/emergency",
            case,
            *(
                f"{case}/{part}"
                for part in (
                    "close",
                    "identity",
                    "identity/change",
                    "consents",
                    "access",
                    "workplaces",
                    "stages",
                )
            ),
            f"{case}/proposals",
            f"{ask}/ask",
            f"{ask}/write",
            f"{way(self.clear)}/write",
            "/referrals",
            self.referral,
            f"{self.referral}/steps/sent",
            "/rights",
            "/supervision",
            "/supervision/queues/rescreens_due",
            "/supervision/queues/stages_overdue",
            "/supervision/gaps",
        )


@pytest.fixture
def site(address: str, visitor_for: VisitorFor, world: World) -> Site:
    clear, low = assess(world), assess(world, LITTLE_KNOWN)
    for _ in range(policies().smallest_count.value - 2):
        assess(world, LITTLE_KNOWN)
    visitor = visitor_for("interviewer")
    agree(visitor, clear, note="Only by day.")
    referral = write(visitor, clear, message="A bed tonight.", share=["languages"]).headers["location"]
    return Site(clear, low, referral.partition("?")[0])


def go(page: Page, path: str) -> None:
    response = page.goto(path)
    assert response is not None
    assert response.status == 200, path


@LONG
@pytest.mark.parametrize(("language", "scheme"), list(itertools.product(("en", "ar"), ("light", "dark"))))
def test_axe_finds_nothing_once_everything_is_open(
    enter: Enter, site: Site, language: str, scheme: str
) -> None:
    found = {}
    page = enter("supervisor", language, color_scheme=scheme)
    for path in site.pages:
        go(page, path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        open_folded(page)
        if faults := check(page):
            found[path] = faults
    assert not found


@LONG
def test_no_page_scrolls_sideways(enter: Enter, site: Site) -> None:
    wide = {}
    for language in ("en", "ar"):
        page = enter("supervisor", language)
        for path in site.pages:
            go(page, path)
            open_folded(page)
            for width in (320, 768):
                page.set_viewport_size({"width": width, "height": 800})
                if over := width_over(page):
                    wide[language, width, path] = over
    assert not wide


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_word_of_a_drawing_stands_inside_its_box(enter: Enter, site: Site, language: str) -> None:
    page = enter("supervisor", language)
    go(page, f"{site.clear.result}/drawing")
    for root in page.locator("#of option").evaluate_all("all => all.map(one => one.value)"):
        go(page, f"{site.clear.result}/drawing?of={root}")
        page.evaluate("() => document.fonts.ready")
        outside = page.locator(".drawing__picture").evaluate(
            "svg => { const place = one => one.getBoundingClientRect();"
            " const boxes = [...svg.querySelectorAll('.box')].map(place);"
            " const words = [...svg.querySelectorAll('.box__words')];"
            " return words.filter(word => {"
            "  const one = place(word);"
            "  return !boxes.some(box => one.left >= box.left - 1 && one.right <= box.right + 1"
            "    && one.top >= box.top - 1 && one.bottom <= box.bottom + 1)"
            " }).map(word => word.textContent) }"
        )
        assert outside == [], root
    expect(page.get_by_role("img")).to_have_count(1)


def test_paper_shows_what_is_folded_and_no_tools(enter: Enter, site: Site) -> None:
    page = enter("supervisor", "ar", color_scheme="dark")
    go(page, site.clear.result)
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".tools", ".nav", ".contents", ".buttons", "#stance"):
        expect(page.locator(hidden).first).to_be_hidden()
    for shown in (".verdict__label", ".tree .tree .tree__leaf", ".bar"):
        expect(page.locator(shown).first).to_be_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    go(page, f"{site.clear.result}/drawing")
    picture = page.locator(".drawing__picture").bounding_box()
    frame = page.locator(".drawing").bounding_box()
    assert picture is not None
    assert frame is not None
    assert picture["width"] <= frame["width"] + 1, "on paper nothing scrolls: the whole drawing fits"


def test_without_a_script_a_person_is_referred(enter: Enter, site: Site) -> None:
    page = enter("supervisor", "ar", java_script_enabled=False)
    go(page, f"{site.clear.page}/proposals")
    page.locator(f'a[href="{way(site.clear)}/write"]').first.click()
    page.locator("#message").fill("سرير لهذه الليلة.")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/referrals/*")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator('a[href$="/steps/sent"]').click()
    page.locator("main form button[type=submit]").click()
    page.locator('.govuk-error-summary a[href="#how"]').click()
    page.locator("input[name=how][value=telephone]").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".timeline__item")).to_have_count(2)


def test_the_keyboard_alone_opens_reasons_and_decides(enter: Enter, site: Site) -> None:
    page = enter("supervisor")
    go(page, site.clear.result)
    why = page.locator("section[aria-labelledby=why]")
    first, inside = why.locator(".tree summary").first, why.locator(".tree details").first
    first.focus()
    before = inside.evaluate("one => one.open")
    page.keyboard.press("Enter")
    expect(inside).to_have_js_property("open", not before)
    page.locator("#stance").focus()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.type") == "submit":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".decisions li")).to_have_count(1)
    expect(page.get_by_role("alert")).to_be_focused()
