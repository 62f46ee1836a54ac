"""How the form looks and what it weighs: both languages, both schemes, narrow, and every screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.field.words import load_words
from tests.api.field_form.conftest import PASSPHRASE, Office, Telephone

AXE = (Path(__file__).parents[1] / "pages" / "axe" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIMIT = 250_000
WORDS = load_words()


def check(page: Page) -> list[str]:
    """What axe finds wrong, in short; and nothing may scroll sideways."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES
    )
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]] + (
        [f"scrolls sideways by {wide}"] if wide > 0 else []
    )


def check_latin(page: Page) -> list[str]:
    """axe passes over words without a Latin letter when it looks at contrast: here every letter is one."""
    page.evaluate(
        "() => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);"
        " for (let one; (one = walk.nextNode()); ) one.data = one.data.replace(/\\p{L}/gu, 'n') }"
    )
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast']}})")
    return [node["html"][:160] for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_any_screen(
    office: Office, telephone: Telephone, language: str, scheme: str
) -> None:
    def say(id: str) -> str:
        return str(WORDS[id][language])

    found: dict[str, list[str]] = {}

    def look(page: Page, name: str) -> None:
        found[name] = check(page)

    office.start()
    options = {"locale": language, "color_scheme": scheme, "viewport": {"width": 320, "height": 700}}
    with telephone.open(**options) as page:
        expect(page.get_by_role("link", name=say("state.sign_in_link"))).to_be_visible()
        assert page.evaluate("() => document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
        look(page, "sign in first")
        page.context.add_cookies([office.cookie("inspector")])  # type: ignore[list-item]
        page.reload()
        page.locator("#passphrase").fill(PASSPHRASE)
        page.locator("#repeat").fill(PASSPHRASE)
        look(page, "setup")
        page.get_by_role("button", name=say("setup.done")).click()
        expect(page.get_by_role("heading", name=say("home.title"))).to_be_visible(timeout=20_000)
        look(page, "home")
        page.get_by_role("button", name=say("home.new")).click()
        look(page, "new visit")
        page.locator("#number").fill("CR-77120")
        page.get_by_role("button", name=say("visit.begin")).click()
        page.get_by_role("button", name=say("visit.add")).click()
        for part in range(5):
            expect(page.locator("fieldset").first).to_be_visible()
            page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
            page.locator("input[value=declined]").first.check(force=True)
            if part == 1:
                page.locator("#danger_now-yes").check(force=True)
            look(page, f"part {part}")
            if part < 4:
                page.get_by_role("button", name=say("ask.next"), exact=True).click()
                expect(page.get_by_text(re.compile(f"{part + 2}\\D+5"))).to_be_visible()
        page.get_by_role("button", name=say("ask.result")).click()
        expect(page.locator("#routes")).to_be_visible()
        look(page, "result")
        page.route("**/field/records", lambda route: route.abort())
        page.get_by_role("button", name=say("result.seal")).click()
        expect(page.locator("#sending")).not_to_have_text(say("state.sending"))
        look(page, "visit")
        page.get_by_role("button", name=say("app.lock")).click()
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        look(page, "locked")
        found["letters"] = check_latin(page)
    assert not {name: faults for name, faults in found.items() if faults}


def test_axe_would_find_a_fault(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        expect(page.locator("#passphrase")).to_be_visible()
        page.evaluate("() => document.querySelector('label[for=passphrase]').remove()")
        assert any(one.startswith("label:") for one in check(page))


def test_what_could_not_be_said_is_as_large_as_yes_and_no(office: Office, telephone: Telephone) -> None:
    office.start()
    with telephone.open(signed_in="inspector") as page:
        page.locator("#passphrase").fill(PASSPHRASE)
        page.locator("#repeat").fill(PASSPHRASE)
        page.get_by_role("button", name="Set up").click()
        page.get_by_role("button", name="New visit").click()
        page.get_by_role("button", name="Begin the visit").click()
        page.get_by_role("button", name="Next worker").click()
        for part in range(5):
            expect(page.get_by_text(re.compile(f"{part + 1}\\D+5"))).to_be_visible()
            for question in page.locator("fieldset.question").all():
                # A question that cannot apply is there and not shown.
                if not question.is_visible():
                    continue
                boxes = question.locator(".choices .choice").evaluate_all(
                    "all => all.map(one => [one.offsetWidth, one.querySelector('input').value,"
                    " one.querySelector('input').checked, getComputedStyle(one.querySelector('label')).font])"
                )
                assert [value for _, value, _, _ in boxes][-3:] == ["not_known", "declined", "not_asked"]
                assert len({(width, font) for width, _, _, font in boxes}) == 1
                assert not any(checked for _, _, checked, _ in boxes)
            if part < 4:
                page.get_by_role("button", name="Next", exact=True).click()


def test_the_form_weighs_less_than_250_kb(office: Office, telephone: Telephone) -> None:
    """Everything that a telephone loads until it is set up, as it goes over the network."""
    office.start()
    with telephone.open(signed_in="inspector") as page:
        page.route("**/*", lambda route: route.continue_())
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        weights: dict[str, float] = {}
        addresses: dict[str, str] = {}
        session.on(
            "Network.responseReceived",
            lambda event: addresses.update({event["requestId"]: event["response"]["url"]}),
        )
        session.on(
            "Network.loadingFinished",
            lambda event: weights.update({event["requestId"]: event["encodedDataLength"]}),
        )
        page.reload()
        expect(page.locator("#passphrase")).to_be_visible(timeout=20_000)
        page.wait_for_load_state("networkidle")
        total = sum(weights.values())
    print(f"\nthe form with its program: {total / 1000:.0f} kB in {len(weights)} files")
    assert any("/field/programs/" in one for one in addresses.values())
    assert any(one.endswith("evaluator.js") for one in addresses.values())
    assert 150_000 < total < LIMIT, total
