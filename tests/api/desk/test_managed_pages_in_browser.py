"""Account, administration, audit, statistics and practice in a browser: both languages, narrow, on paper."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from screening.engines import Engines
from tests.api.desk.conftest import enter_as
from tests.api.desk.managed import PASSWORD, Managed, managed_site, pages_of
from tests.browsers import OpenPage, serve
from tests.looks import check, open_folded, width_over

LOOKS = list(itertools.product(("en", "ar"), ("light", "dark")))


@pytest.fixture(scope="module")
def managed(
    kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Managed, str]]:
    with managed_site(kuwait_engines, tmp_path_factory.mktemp("managed")) as site, serve(site.app) as address:
        yield site, address


def enter(
    open_page: OpenPage, managed: tuple[Managed, str], name: str, language: str, **more: object
) -> Page:
    """A page of somebody who has signed in and reads a language."""
    site, address = managed
    return enter_as(open_page, address, site.cookie(name), language, **more)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("language", "scheme"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: OpenPage, managed: tuple[Managed, str], language: str, scheme: str
) -> None:
    found: dict[str, object] = {}
    for name, addresses in pages_of(managed[0]).items():
        page = enter(
            open_page,
            managed,
            name,
            language,
            color_scheme=scheme,
            viewport={"width": 320 if scheme == "light" else 1280, "height": 800},
        )
        for address in addresses:
            page.goto(address)
            if scheme == "light":
                open_folded(page)
            if here := check(page):
                found[address] = here
        page.context.close()
    assert not found


def test_a_talk_goes_by_keyboard_and_without_a_script(
    open_page: OpenPage, managed: tuple[Managed, str]
) -> None:
    for scripts in (True, False):
        page = enter(open_page, managed, "interviewer", "en", java_script_enabled=scripts)
        page.goto("/practice/IN-04")

        page.locator("button[value=heard_alone]").press("Enter")
        expect(page.locator("#now")).to_be_visible()
        page.get_by_role("link", name="Come to a conclusion").press("Enter")
        page.get_by_role("button", name="See what there was to hear").press("Enter")
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        page.get_by_label("Not enough is known yet").check()
        page.get_by_role("button", name="See what there was to hear").press("Enter")
        expect(page.get_by_role("heading", name="What there was to hear")).to_be_visible()


def test_a_wrong_password_says_so_beside_its_field(open_page: OpenPage, managed: tuple[Managed, str]) -> None:
    page = enter(open_page, managed, "interviewer", "ar")
    page.goto("/account/password")
    page.locator("#password").fill("not this one")
    page.locator("#new_password").fill("quiet lamps over seven waters")
    page.locator("form[action='/account/password'] button[type=submit]").click()
    expect(page.locator("#password-error")).to_be_visible()
    page.locator("#password").fill(PASSWORD)
    page.locator("#new_password").fill("quiet lamps over seven waters")
    page.locator("form[action='/account/password'] button[type=submit]").click()
    expect(page).to_have_url(f"{managed[1]}/account?done=password")


def test_statistics_print_on_paper(open_page: OpenPage, managed: tuple[Managed, str], tmp_path: Path) -> None:
    page = enter(open_page, managed, "supervisor", "ar")
    page.goto("/statistics")
    page.emulate_media(media="print")
    expect(page.locator(".counts").first).to_be_visible()
    assert width_over(page) == 0
    file = tmp_path / "statistics.pdf"
    page.pdf(path=str(file), format="A4")
    assert file.read_bytes().startswith(b"%PDF")
