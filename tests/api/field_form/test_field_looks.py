"""How the form looks and what it weighs: both languages, both schemes, narrow, by keys alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.api.field_form.conftest import PASSPHRASE, Office, Telephone
from tests.api.field_form.screens import (
    WORDS,
    begin_visit,
    begin_worker,
    choose,
    go_to,
    set_up,
    shown_question,
)
from tests.looks import check, open_folded

LIMIT = 250_000
# A yes or no, a choice, one with care and another language, a list.
LOOKED_AT = ("heard_alone", "exits_locked_seen", "danger_now", "promised_vs_real")


def check_direction(page: Page, language: str) -> list[str]:
    """The page runs as its language does, and numbers in Arabic stand apart from the text around them."""
    told = page.evaluate("() => [document.documentElement.lang, document.documentElement.dir]")
    text = page.evaluate("() => document.body.innerText")
    eastern = re.findall(r"[٠-٩۰-۹]", text)
    return ([] if told == [language, "rtl" if language == "ar" else "ltr"] else [f"runs as {told}"]) + (
        [f"digits {eastern}"] if eastern else []
    )


@pytest.mark.timeout(400)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_any_screen_in_either_scheme(
    office: Office, telephone: Telephone, language: str
) -> None:
    def say(id: str) -> str:
        return str(WORDS[id][language])

    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        open_folded(page)
        found[name] = [*check_direction(page, language), *check(page)]
        # The same screen in the other scheme differs in its colours alone.
        page.emulate_media(color_scheme="dark")
        found[f"{name}, dark"] = check(page)
        page.emulate_media(color_scheme="light")

    options = {"locale": language, "color_scheme": "light", "viewport": {"width": 320, "height": 700}}
    with telephone.open(**options) as page:
        expect(page.get_by_role("link", name=say("state.sign_in_link"))).to_be_visible()
        look("sign in first")
        page.context.add_cookies([office.cookie()])
        page.reload()
        page.locator("#passphrase").fill("short")
        page.get_by_role("button", name=say("setup.done")).click()
        look("setup")
        set_up(page)
        expect(page.get_by_role("heading", name=say("home.title"))).to_be_visible()
        look("home")
        page.get_by_role("button", name=say("home.new")).click()
        page.get_by_role("button", name=say("visit.begin")).click()
        expect(page.get_by_text(say("visit.kind_missing"))).to_be_visible()
        look("new visit")
        page.locator("label[for=workplace_kind-household]").click()
        page.locator("#number").fill("CR-77120")
        page.get_by_role("button", name=say("visit.begin")).click()
        page.get_by_role("button", name=say("visit.add")).click()
        for question in LOOKED_AT:
            go_to(page, question)
            look(question)
        choose(page, "danger_now", "yes")
        expect(page.locator("#urgent .alarm")).to_be_visible()
        look("after a danger")
        page.get_by_role("button", name=say("ask.result")).click()
        expect(page.locator("#routes")).to_be_visible()
        page.route("**/field/records", lambda route: route.abort())
        look("result")
        page.locator("main .buttons .wide").click()
        expect(page.locator("#sending")).to_contain_text(say("state.offline"))
        look("visit")
        page.evaluate("() => window.dispatchEvent(new ErrorEvent('error', {error: new Error('planted')}))")
        expect(page.locator("#failed")).to_be_visible()
        page.locator("header .tool").nth(1).click()
        expect(page.locator("#passphrase")).to_be_visible()
        look("locked")
        page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('planted') }")
        page.reload()
        expect(page.get_by_role("heading", name=say("broken.title"))).to_be_visible()
        look("broken")
    telephone.breaches.clear()
    assert not {name: faults for name, faults in found.items() if faults}
    assert len(found) >= 26


def test_what_sticks_to_an_edge_makes_no_small_target(telephone: Telephone) -> None:
    """Wherever somebody has scrolled to, an answer may be half under the bar; scrolling on shows it whole."""
    with telephone.open(signed_in="inspector", viewport={"width": 320, "height": 700}) as page:
        set_up(page)
        begin_visit(page, "CR-77120")
        begin_worker(page)
        go_to(page, "danger_now")
        open_folded(page)
        expect(page.locator("#to-danger_now")).to_be_visible()
        for down in range(0, 140, 7):
            page.evaluate("down => scrollTo(0, down)", down)
            assert check(page) == []
        bar = page.locator(".bar").first
        assert bar.evaluate("one => getComputedStyle(one).position") == "sticky"


def test_axe_would_find_a_fault(telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector", viewport={"width": 320, "height": 700}) as page:
        expect(page.locator("#passphrase")).to_be_visible()
        assert check(page) == []
        page.evaluate("() => document.querySelector('label[for=passphrase]').remove()")
        assert any(one.startswith("label:") for one in check(page))
        page.evaluate("() => { document.querySelector('h1').style.inlineSize = '400px' }")
        assert any(one.startswith("scrolls sideways") for one in check(page))
        assert check_direction(page, "ar")


def test_a_whole_worker_by_keys_alone(telephone: Telephone) -> None:
    """No finger and no mouse until the record is sealed; nothing moves on under a key that chooses."""
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        page.evaluate(
            "() => { window.touches = 0;"
            " document.addEventListener('pointerdown', () => { window.touches += 1 }, true) }"
        )

        def focused() -> str:
            return str(
                page.evaluate(
                    "() => { const one = document.activeElement;"
                    " return one.id || one.textContent.replace(/[\\u2068\\u2069]/g, '') }"
                )
            )

        def tab_to(wanted: str) -> None:
            for _ in range(40):
                page.keyboard.press("Tab")
                if focused() == wanted:
                    seen = page.evaluate(
                        "() => { const box = document.activeElement.getBoundingClientRect();"
                        " return box.bottom > 0 && box.top < innerHeight }"
                    )
                    assert seen, f"{wanted} is focused out of sight"
                    return
            raise AssertionError(f"no key leads to {wanted}")

        tab_to("New visit")
        page.keyboard.press("Enter")
        expect(page.locator("#number")).to_be_visible()
        tab_to("workplace_kind-company")
        page.keyboard.press("Space")
        tab_to("number")
        page.keyboard.type("CR-8801")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Next worker")).to_be_visible()
        tab_to("Next worker")
        page.keyboard.press("Enter")
        asked = []
        while name := shown_question(page):
            question = page.locator("fieldset.question")
            asked.append(name)
            # The question itself has the focus: it is what is read out.
            expect(page.locator(f"#question-{name}")).to_be_focused()
            first = question.locator("input").first.get_attribute("id") or ""
            tab_to(first)
            page.keyboard.press("Space")
            expect(page.locator(f"#{first}")).to_be_checked()
            if question.locator("input[type=radio]").count() > 0:
                # An arrow chooses on its way and stays with the question.
                page.keyboard.press("ArrowDown")
                expect(page.locator(f"#{first}")).not_to_be_checked()
                page.keyboard.press("ArrowUp")
                expect(page.locator(f"#{first}")).to_be_checked()
            expect(page.locator("#saved")).to_have_text("Saved on this device")
            onward = page.locator(".bar .onward").inner_text()
            tab_to(onward)
            page.keyboard.press("Enter")
            expect(page.locator(f"#question-{name}")).to_have_count(0)
        assert len(asked) == len(set(asked)) >= 23
        tab_to("Finish and seal")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Next worker")).to_be_visible()
        expect(page.locator("#count")).to_have_text("Nothing waits to be sent.")
        assert page.evaluate("() => window.touches") == 0


def test_forced_colours_show_what_is_chosen_and_what_is_focused(telephone: Telephone) -> None:
    with telephone.open(signed_in="inspector", forced_colors="active") as page:
        set_up(page)
        begin_visit(page, "CR-8802")
        begin_worker(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.locator("#heard_alone-no").focus()
        page.keyboard.press("Space")
        line = "one => getComputedStyle(one).outlineStyle"
        boxes = page.locator(".choices .choice")
        assert boxes.nth(0).evaluate(line) == "none"
        assert boxes.nth(1).evaluate(line) != "none"
        page.locator(".bar .onward").focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        # Chosen and no longer focused it still has a line; so has the button that is focused now.
        assert boxes.nth(1).evaluate(line) != "none"
        assert page.locator(".bar .onward").evaluate(line) != "none"
        assert page.locator("#heard_alone-no").is_checked()


def test_what_could_not_be_said_is_as_large_as_yes_and_no_and_every_target_is_large(
    telephone: Telephone,
) -> None:
    with telephone.open(signed_in="inspector") as page:
        set_up(page)
        begin_visit(page, "CR-8803")
        begin_worker(page)
        seen = 0
        while name := shown_question(page):
            question = page.locator("fieldset.question")
            boxes = question.locator(".choices .choice").evaluate_all(
                "all => all.map(one => [one.offsetWidth, one.querySelector('input').value,"
                " one.querySelector('input').checked, getComputedStyle(one.querySelector('label')).font,"
                " one.querySelector('label').offsetHeight])"
            )
            assert [value for _, value, _, _, _ in boxes][-3:] == ["not_known", "declined", "not_asked"]
            assert len({(width, font) for width, _, _, font, _ in boxes}) == 1
            assert not any(checked for _, _, checked, _, _ in boxes)
            assert min(height for *_, height in boxes) >= 48
            small = page.locator("button:visible").evaluate_all(
                "all => all.filter(one => one.offsetHeight < 44).map(one => one.textContent)"
            )
            assert small == []
            seen += 1
            page.locator(".bar .onward").click()
            expect(page.locator(f"#question-{name}")).to_have_count(0)
        assert seen >= 23


def test_the_form_weighs_less_than_250_kb(telephone: Telephone) -> None:
    """Everything that a telephone loads until it is set up, as it goes over the network."""
    weights: dict[str, int] = {}
    addresses: dict[str, str] = {}
    with telephone.open(signed_in="inspector") as page:
        expect(page.locator("#passphrase")).to_be_visible()
        page.evaluate(
            "async () => { for (const one of await navigator.serviceWorker.getRegistrations())"
            " await one.unregister(); for (const name of await caches.keys()) await caches.delete(name) }"
        )
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        session.on(
            "Network.responseReceived",
            lambda event: addresses.update({event["requestId"]: event["response"]["url"]}),
        )
        session.on(
            "Network.loadingFinished",
            lambda event: weights.update({event["requestId"]: event["encodedDataLength"]}),
        )
        page.reload()
        set_up(page, PASSPHRASE)
        page.wait_for_load_state("networkidle")
        total = sum(weights.values())
    print(f"\nthe form with its program: {total / 1000:.0f} kB in {len(weights)} files")
    assert any("/field/programs/" in one for one in addresses.values())
    assert any(one.endswith("evaluator.js") for one in addresses.values())
    assert 150_000 < total < LIMIT, total
