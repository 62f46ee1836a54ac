"""Every component in a real browser: both languages, both schemes, narrow, by keyboard, without a script."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsers import OpenPage
from tests.looks import check, open_folded, width_over

SHOWN = (
    "/gallery",
    "/gallery/questions",
    "/gallery/questions/documents_holder",
    "/gallery/questions/own_account",
    "/gallery/first",
    "/gallery/practice",
    "/blank",
    "/nothing",
)
EVERY_LOOK = list(itertools.product(("en", "ar"), ("light", "dark")))
LIMIT = 100_000


@pytest.mark.parametrize(("language", "scheme"), EVERY_LOOK)
def test_axe_finds_nothing(open_page: OpenPage, gallery: str, language: str, scheme: str) -> None:
    page = open_page(base_url=gallery, locale=language, color_scheme=scheme)
    found = {}
    for path in SHOWN:
        page.goto(path)
        if found_here := check(page):
            found[path] = found_here
    assert not found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_once_everything_is_open_and_chosen(
    open_page: OpenPage, gallery: str, language: str
) -> None:
    page = open_page(base_url=gallery, locale=language, color_scheme="dark")
    page.goto("/gallery/questions")
    open_folded(page)
    page.locator("input[value=declined]").first.check()
    assert check(page) == []


def test_axe_would_find_a_fault(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.goto("/gallery/first")
    page.evaluate("() => document.querySelector('label[for=name]').remove()")
    assert any(one.startswith("label:") for one in check(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_would_find_arabic_letters_that_are_too_faint(
    open_page: OpenPage, gallery: str, scheme: str
) -> None:
    page = open_page(base_url=gallery, locale="ar", color_scheme=scheme)
    page.goto("/gallery/first")
    said = page.locator("main").inner_text()
    page.evaluate("() => { document.querySelector('h1').style.color = '#777' }")
    page.evaluate("() => { document.querySelector('h1').style.backgroundColor = '#888' }")
    assert any(one.startswith("color-contrast: <h1") for one in check(page))
    assert page.locator("main").inner_text() == said, "the letters are back as they were"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_scrolls_sideways(open_page: OpenPage, gallery: str, language: str) -> None:
    page = open_page(base_url=gallery, locale=language)
    for path in SHOWN:
        page.goto(path)
        open_folded(page)
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert width_over(page) == 0, (path, width)


def test_what_could_not_be_said_is_as_large_as_yes_and_no(open_page: OpenPage, gallery: str) -> None:
    for language, width in itertools.product(("en", "ar"), (320, 1280)):
        page = open_page(base_url=gallery, locale=language, viewport={"width": width, "height": 800})
        page.goto("/gallery/questions/locked_in")
        boxes = page.locator(".choice").evaluate_all(
            "all => all.map(one => { const box = getComputedStyle(one);"
            " const said = getComputedStyle(one.lastElementChild);"
            " return [one.offsetWidth, one.offsetHeight, box.borderColor, box.backgroundColor,"
            " said.fontSize, said.fontWeight, said.color] })"
        )
        assert len(boxes) == 5
        assert all(box == boxes[0] for box in boxes)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_keyboard_alone_is_enough(open_page: OpenPage, gallery: str, language: str) -> None:
    page = open_page(base_url=gallery, locale=language)
    page.goto("/gallery/questions/locked_in")
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    seen = []
    for _ in range(8):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("() => document.activeElement.id || document.activeElement.tagName.toLowerCase()")
        )
    assert seen[:3] == ["summary", "summary", "locked_in"]
    # The focus can be seen: the box around the focused choice has an outline.
    page.locator("#locked_in").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#locked_in-no")).to_be_focused()
    expect(page.locator("#locked_in-no")).to_be_checked()
    outline = page.locator(".choice:has(#locked_in-no)").evaluate("one => getComputedStyle(one).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#read")).to_have_text('"no"')


@pytest.mark.parametrize("script", [True, False])
def test_a_mistake_leads_to_its_field_with_and_without_a_script(
    open_page: OpenPage, gallery: str, script: bool
) -> None:
    page = open_page(base_url=gallery, locale="ar", java_script_enabled=script)
    page.goto("/gallery/questions/months_unpaid")
    page.locator("#months_unpaid").check()
    page.get_by_role("button", name="حفظ ومتابعة").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_visible()
    expect(page).to_have_title(re.compile("^خطأ:"))
    if script:
        expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    if script:
        expect(page.locator("#months_unpaid-number")).to_be_focused()
    else:
        expect(page).to_have_url(re.compile("#months_unpaid-number$"))
    field = page.locator("#months_unpaid-number")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    expect(page.locator(f"#{described}")).to_contain_text("اكتب الجواب")
    field.fill("٣")
    page.get_by_role("button", name="حفظ ومتابعة").click()
    expect(page.locator("#read")).to_have_text("3")


def test_without_a_script_everything_can_be_read_chosen_and_left(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery, locale="en", java_script_enabled=False)
    page.goto("/gallery/questions/documents_asked")
    page.get_by_text("Why this is asked").click()
    expect(page.get_by_text("Being too afraid to ask weighs")).to_be_visible()
    page.get_by_label("Would rather not say").check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator("#read")).to_have_text('{"state": "declined"}')
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page).to_have_url(re.compile("/gallery/questions/documents_asked$"))
    page.get_by_role("link", name="إخفاء الصفحة").click()
    expect(page).to_have_title("دفتر")
    expect(page.get_by_role("main")).not_to_contain_text("طلب")
    page.get_by_role("link", name="إظهارها من جديد").click()
    expect(page).to_have_url(re.compile("/gallery/questions/documents_asked$"))
    leave = page.get_by_role("link", name="مغادرة سريعة").get_attribute("href") or ""
    assert leave.startswith("https://")


def test_a_choice_that_stands_alone_takes_the_others_back(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.goto("/gallery/questions/who_is_present")
    page.get_by_label("The employer", exact=True).check()
    page.get_by_label("Another worker").check()
    page.get_by_label("I cannot tell").check()
    assert page.locator(".choices input:checked").evaluate_all("all => all.map(one => one.value)") == [
        "not_known"
    ]
    page.get_by_label("The employer", exact=True).check()
    assert page.locator(".choices input:checked").evaluate_all("all => all.map(one => one.value)") == [
        "employer"
    ]


def test_typing_chooses_what_is_typed_into(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.goto("/gallery/questions/monthly_pay_kd")
    page.get_by_label("Does not know").check()
    page.locator("#monthly_pay_kd-from").fill("90")
    expect(page.locator("#monthly_pay_kd-between")).to_be_checked()
    expect(page.get_by_label("Does not know")).not_to_be_checked()


def test_saving_is_said_aloud_and_so_is_failing(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.goto("/gallery/questions/locked_in")
    status = page.locator("#saved")
    expect(status).to_have_attribute("role", "status")
    with page.expect_request("**/gallery/keep") as sent:
        page.get_by_label("Would rather not say").check()
    assert "locked_in=declined" in (sent.value.post_data or "")
    assert sent.value.headers["x-csrf-token"]
    expect(status).to_have_text("Saved")
    # Not by cutting the network: the console would call that an error, and this test is strict.
    page.route("**/gallery/keep", lambda route: route.fulfill(status=204, headers={}, body=""))
    page.evaluate(
        "() => document.querySelector('form').dispatchEvent(new CustomEvent('htmx:afterRequest',"
        " {bubbles: true, detail: {successful: false}}))"
    )
    expect(status).to_contain_text("Not saved")


def test_three_presses_of_escape_leave_and_there_is_no_way_back(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    left = "https://www.timeanddate.com/weather/kuwait/kuwait-city"
    page.route(
        "https://**/*", lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html")
    )
    # The clock of the page stands: however slow the machine, three presses are three in a row.
    page.clock.install()
    page.goto("/gallery/first")
    page.goto("/gallery/questions/locked_in")
    page.clock.pause_at(page.evaluate("() => Date.now() / 1000") + 60)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.url.endswith("/locked_in"), "twice is not enough"
    page.keyboard.press("Escape")
    page.wait_for_url(left)
    page.go_back()
    assert not page.url.endswith("/locked_in")
    page.goto("/gallery/questions/locked_in")
    page.get_by_role("link", name="Leave quickly").click()
    page.wait_for_url(left)
    page.go_back()
    assert not page.url.endswith("/locked_in")


def test_the_page_can_be_covered_and_comes_back_as_it_was(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.goto("/gallery/questions/own_account")
    page.locator("#own_account-text").fill("She said")
    title = page.title()
    page.get_by_role("link", name="Hide the page").click()
    cover = page.locator("[data-cover]")
    expect(cover).to_be_visible()
    expect(page).to_have_title("Daftar")
    assert check(page) == []
    box = cover.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    assert (box["width"], box["height"]) == (size["width"], size["height"])
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    page.get_by_role("button", name="Show it again").click()
    expect(cover).to_be_hidden()
    expect(page).to_have_title(title)
    expect(page.locator("#own_account-text")).to_have_value("She said")


def test_an_idle_page_covers_itself(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.clock.install()
    page.goto("/gallery/questions/own_account")
    page.clock.run_for(4 * 60_000)
    expect(page.locator("[data-cover]")).to_be_hidden()
    page.clock.run_for(2 * 60_000)
    expect(page.locator("[data-cover]")).to_be_visible()


def test_a_session_that_ends_warns_saves_and_loses_nothing(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.clock.install()
    page.goto("/gallery/session?seconds=600&warn=120")
    dialog = page.get_by_role("alertdialog")
    page.clock.run_for(470_000)
    expect(dialog).to_be_hidden()
    page.clock.run_for(20_000)
    expect(dialog).to_contain_text("You will be signed out in 2 minutes. Nothing you have written is lost.")
    expect(dialog.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert check(page) == []
    with page.expect_response("**/gallery/keep"):
        dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    # What was typed and did not arrive is saved when the warning comes; that keeps the session once.
    page.locator("[data-uncover]").click()
    page.locator("#own_account-text").fill("She said")
    page.evaluate("() => { document.querySelector('form').dataset.unsaved = '' }")
    with page.expect_response("**/gallery/keep") as saved:
        page.clock.run_for(490_000)
    assert "own_account.text=She%20said" in (saved.value.request.post_data or "")
    # The answer keeps the session: the warning goes.
    expect(dialog).to_be_hidden()
    page.clock.run_for(490_000)
    expect(dialog).to_be_visible()
    page.clock.run_for(130_000)
    expect(dialog).to_contain_text("You have been signed out.")
    expect(page.locator("[data-cover]")).to_be_visible()
    expect(page.locator("#own_account-text")).to_have_value("She said")
    # Signing in again in another tab gives this one the new token, and the way on.
    token = page.locator("input[name=_csrf]").get_attribute("value")
    other = page.context.new_page()
    other.goto(f"{gallery}/gallery/session?seconds=600&warn=120")
    expect(dialog).to_be_hidden()
    expect(page.locator("input[name=_csrf]")).not_to_have_value(str(token))
    page.locator("[data-uncover]").click()
    expect(page.locator("#own_account-text")).to_have_value("She said")


def test_a_session_of_somebody_else_gives_nothing_to_this_one(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    page.goto("/gallery/session?seconds=600&warn=120")
    token = page.locator("input[name=_csrf]").input_value()
    other = page.context.new_page()
    other.goto(f"{gallery}/gallery/first")
    said = "([who, csrf]) => new BroadcastChannel('session').postMessage({who, csrf})"
    page.evaluate(
        "() => { window.heard = [];"
        " new BroadcastChannel('session').onmessage = one => heard.push(one.data.csrf) }"
    )
    other.evaluate(said, ["Somebody Else", "planted"])
    page.wait_for_function("() => heard.includes('planted')")
    expect(page.locator("input[name=_csrf]")).to_have_value(token)
    # From whom it is makes the difference.
    who = page.locator("[data-session]").get_attribute("data-who")
    other.evaluate(said, [who, "renewed"])
    expect(page.locator("input[name=_csrf]")).to_have_value("renewed")


def test_the_colours_follow_the_system_and_then_the_switch(open_page: OpenPage, gallery: str) -> None:
    def ground(page: Page) -> str:
        return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))

    light = open_page(base_url=gallery, color_scheme="light")
    dark = open_page(base_url=gallery, color_scheme="dark")
    for page in (light, dark):
        page.goto("/gallery/first")
    assert ground(light) != ground(dark)
    in_light, in_dark = ground(light), ground(dark)
    expect(light.get_by_role("link", name="Light colours")).to_be_hidden()
    light.get_by_role("link", name="Dark colours").click()
    dark.get_by_role("link", name="Light colours").click()
    # The switch leads back to the page it left.
    expect(light.get_by_role("link", name="Light colours")).to_be_visible()
    expect(dark.get_by_role("link", name="Dark colours")).to_be_visible()
    assert (ground(light), ground(dark)) == (in_dark, in_light)
    assert light.url.endswith("/gallery/first")


def test_forced_colours_show_what_is_chosen_and_focused(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery, forced_colors="active")
    page.goto("/gallery/questions/locked_in")
    page.locator("#locked_in").focus()
    page.keyboard.press("Space")
    chosen, other = (
        page.locator(f".choice:has(#{name})").evaluate("one => getComputedStyle(one).borderTopWidth")
        for name in ("locked_in", "locked_in-no")
    )
    assert chosen != other
    assert page.locator(".tag").first.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"


def test_paper_shows_what_is_folded_and_none_of_the_tools(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery, color_scheme="dark")
    page.goto("/gallery")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".tree .tree .tree .tree__leaf").first).to_be_visible()
    for hidden in (".tools", ".nav", ".bottom", ".filters", ".buttons"):
        expect(page.locator(hidden).first).to_be_hidden()
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_letters_come_from_our_fonts_and_from_nowhere_else(open_page: OpenPage, gallery: str) -> None:
    for language in ("en", "ar"):
        page = open_page(base_url=gallery, locale=language)
        page.goto("/gallery")
        page.evaluate("() => document.fonts.ready")
        session = page.context.new_cdp_session(page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        nodes = session.send(
            "DOM.querySelectorAll",
            {"nodeId": root, "selector": "h1, h2, p, li, dt, dd, th, td, label, summary, legend, button, a"},
        )["nodeIds"]
        foreign = {
            font["familyName"]
            for node in nodes
            for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            if not font["isCustomFont"]
        }
        assert not foreign


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_first_page_is_light(open_page: OpenPage, gallery: str, language: str) -> None:
    """All that is transferred for the first page, headers and fonts included, with nothing kept before."""
    page = open_page(base_url=gallery, locale=language)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto("/gallery/first", wait_until="networkidle")
    page.evaluate("() => document.fonts.ready")
    page.wait_for_timeout(200)
    assert len(sizes) >= 5
    assert sum(sizes) < LIMIT, sizes
    print(f"first page, {language}: {sum(sizes)} bytes in {len(sizes)} requests")


def test_every_page_asks_only_us(open_page: OpenPage, gallery: str) -> None:
    page = open_page(base_url=gallery)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in SHOWN:
        page.goto(path, wait_until="networkidle")
    assert asked
    assert not [url for url in asked if not re.match(rf"{re.escape(gallery)}/|data:", url)]
