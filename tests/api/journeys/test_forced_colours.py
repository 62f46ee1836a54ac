"""Where the person's own colours replace ours: what is chosen, focused, wrong or marked stays apart.

Nothing is asked of a style sheet here: what counts is that the picture of the same thing is another one.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.journeys.conftest import House, Walk
from tests.api.journeys.walking import GO_ON, SEND, Walker
from tests.looks import open_folded

# Around what is looked at, so that a line outside of it is seen as well.
AROUND = 6
# What marks a tag off from the words around it, in colours that are not ours.
BORDERED = """one => {
  const style = getComputedStyle(one);
  return parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none'
    && style.borderTopColor !== getComputedStyle(document.body).backgroundColor;
}"""


def picture(page: Page, what: Locator) -> bytes:
    """How something looks, with a little of what is around it."""
    what.scroll_into_view_if_needed()
    place = what.bounding_box()
    assert place is not None
    # As it is: to still a page for its picture would be a style that the policy of the page refuses.
    return page.screenshot(
        animations="allow",
        caret="initial",
        clip={
            "x": max(0, int(place["x"]) - AROUND),
            "y": max(0, int(place["y"]) - AROUND),
            "width": int(place["width"]) + 2 * AROUND,
            "height": int(place["height"]) + 2 * AROUND,
        },
    )


def away(page: Page) -> None:
    """Neither the pointer nor the focus is on anything."""
    page.mouse.move(0, 0)
    page.evaluate("() => document.activeElement.blur()")


def assert_focus_is_seen(page: Page, control: Locator, what: Locator) -> None:
    """The same thing at the same place looks different with the focus and the same without."""
    page.keyboard.press("Tab")
    control.focus()
    focused = picture(page, what)
    away(page)
    plain = picture(page, what)
    assert focused != plain
    assert picture(page, what) == plain


@pytest.fixture
def walker(walk: Walk, house: House) -> Walker:
    found = walk("interviewer", "en", forced_colors="active", viewport={"width": 1000, "height": 900})
    assert found.page.evaluate("() => matchMedia('(forced-colors: active)').matches")
    found.begin()
    return found


def test_chosen_and_focused_are_each_seen(walker: Walker) -> None:
    page = walker.page
    walker.open(f"{walker.home}/questions/heard_alone")
    no = page.locator("input[name=heard_alone][value=no]")
    box = page.locator(".choice", has=no)
    away(page)
    plain = picture(page, box)
    assert_focus_is_seen(page, no, box)
    # The box itself changes, and with it what it says to everybody who looks.
    line = "one => getComputedStyle(one).borderTopWidth"
    before = box.evaluate(line)
    no.check()
    walker.said_as_saved()
    away(page)
    assert box.evaluate(line) != before
    assert picture(page, box) != plain
    assert_focus_is_seen(page, no, box)


@pytest.mark.parametrize(
    "where",
    [".tools__link", ".nav__link", GO_ON, "#main details.more > summary", "main a.govuk-link"],
)
def test_the_focus_is_seen_on_every_kind_of_control(walker: Walker, where: str) -> None:
    page = walker.page
    walker.open(f"{walker.home}/questions/heard_alone")
    control = page.locator(where).first
    assert_focus_is_seen(page, control, control)


def test_a_mistake_and_a_tag_are_seen(walker: Walker) -> None:
    page = walker.page
    walker.open(f"{walker.home}/questions/monthly_pay_kd")
    side = "one => getComputedStyle(one.closest('.govuk-form-group')).borderInlineStartWidth"
    field = page.locator("#monthly_pay_kd-number")
    assert field.evaluate(side) == "0px"
    walker.choose("monthly_pay_kd", "written")
    field.fill("much")
    page.locator(GO_ON).click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("#monthly_pay_kd-error")).to_be_visible()
    assert field.evaluate(side) >= "4px"
    walker.open(f"{walker.home}/questions/danger_now")
    walker.choose("danger_now", "yes")
    walker.said_as_saved()
    for path in (walker.home, f"{walker.home}/check"):
        walker.open(path)
        open_folded(page)
        tags = page.locator(".tag:visible")
        expect(tags).not_to_have_count(0)
        for tag in tags.all():
            assert tag.inner_text().strip()
            assert tag.evaluate(BORDERED)
    # What cannot wait stands out by more than its ground.
    assert page.locator(".alarm").first.evaluate(BORDERED)


def test_the_way_can_be_walked(walker: Walker) -> None:
    walker.make_safe()
    walker.press("button[name=go][value=home]", "/interviews/[0-9a-f]{32}$")
    walker.open(f"{walker.home}/check")
    walker.press("#finish button[type=submit]", "/assessments/[0-9a-f]{32}$")
    bars = walker.page.locator(".bar:visible").first
    # Parts of a bar are told apart without a colour: each is named beside it.
    expect(bars).to_be_visible()
    walker.press("#stance, main a[href='#decisions']", "/assessments/")
    walker.choose("stance", "agree")
    walker.press(SEND, "decided=yes")
