"""The pages of the rules in a browser: both languages, narrow and dark, with and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from screening.engines import Engines
from screening.installations import open_installation
from tests.api.desk.conftest import enter_as, session_cookie
from tests.browsers import OpenPage, serve
from tests.looks import check, open_folded
from tests.services import HandClock, World, application_on, make_world, storage_settings

READING = (
    "/rules",
    "/rules/list?kind=route",
    "/rules/list?text=submarine",
    "/rules/rule/L91-M-04c",
    "/rules/named/dimension.adult_labour.coercion_at_destination",
    "/rules/named/law_91_2013",
    "/rules/questions?topic=documents",
    "/rules/questions/documents_holder",
    "/rules/signs",
)

FILE = "rules/sets/kuwait/law_91/observations.yaml"
SENTENCE = "{question: exits_locked_seen, is: locked_from_outside}"
# Looking through a draft takes seconds, on a busy machine many.
_LONG = 120_000

Site = tuple[World, str]


@pytest.fixture(scope="module")
def site(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = tmp_path_factory.mktemp("rules") / "rules.sqlite3"
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, HandClock())
    world = make_world(service)
    app: FastAPI = application_on(service)
    with serve(app) as address:
        yield world, address
    service.close()


def enter(open_page: OpenPage, site: Site, name: str, language: str, **more: object) -> Page:
    """A page of somebody who has signed in and reads a language."""
    world, address = site
    return enter_as(open_page, address, session_cookie(world.service, world, name), language, **more)


def look_at(page: Page, addresses: tuple[str, ...]) -> dict[str, list[str]]:
    """What is found on pages once everything is open."""
    found: dict[str, list[str]] = {}
    for address in addresses:
        page.goto(address)
        open_folded(page)
        if here := check(page):
            found[address] = here
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "dark", 1280), ("ar", "light", 320)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: OpenPage, site: Site, language: str, scheme: str, width: int, tmp_path: Path
) -> None:
    page = enter(
        open_page,
        site,
        "reviewer",
        language,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    assert not look_at(page, READING)
    page.goto("/rules/drafts")
    page.locator("#name").fill("Exits and guards")
    page.locator("form[action='/rules/drafts'] button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/rules/drafts/[^/?#]+$"))
    address = page.url.removeprefix(site[1])
    file = f"{address}/file?path={FILE}"
    page.goto(file)
    text = page.locator("#text").input_value()
    page.locator("#text").fill(text.replace(SENTENCE, SENTENCE.replace("locked_seen", "lockd_seen")))
    page.locator("form[action*='/file?'] button[type=submit]").click(timeout=_LONG)
    expect(page.locator("#judgement li")).to_have_count(1, timeout=_LONG)
    page.locator("#judgement li a").click()
    expect(page.locator(":target")).to_contain_text("exits_lockd_seen")
    drafts = ("/rules/drafts", address, file)
    assert not look_at(page, drafts)
    page.goto(file)
    page.locator("#text").fill(text.replace(SENTENCE, SENTENCE.replace("locked_from_outside", "guarded")))
    page.locator("form[action*='/file?'] button[type=submit]").click(timeout=_LONG)
    expect(page.locator("#judgement")).not_to_contain_text("exits_lockd_seen", timeout=_LONG)
    assert not look_at(page, (f"{address}/differences",))
    expect(page.locator("del").first).to_be_visible()


def test_a_rule_is_found_and_read_without_a_script(open_page: OpenPage, site: Site) -> None:
    page = enter(open_page, site, "reviewer", "ar", java_script_enabled=False)
    page.goto("/rules/list")
    page.locator("#place").fill("المادة 1(4)")
    page.locator("#instrument").select_option("inspection")
    page.locator("form.filters button").click()
    page.locator("a[href='/rules/rule/L91-M-04c']").click()
    expect(page.locator("h1")).to_contain_text("L91-M-04c")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
