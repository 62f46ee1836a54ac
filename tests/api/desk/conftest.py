"""The desk on an invented site, for a test client that keeps cookies and forms, as a browser does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from playwright.sync_api import Page
from starlette.testclient import TestClient

from screening.people.access import SYSTEM
from screening.people.accounts import find_account, speak
from screening.people.sessions import SessionRules, open_session
from screening.people.settings import SignInSettings
from screening.phrases import Language
from screening.work import Service
from tests.browsers import OpenPage, serve
from tests.services import World, application_on

BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-language": "en"}
SITE = "http://localhost:8000"


class Visitor:
    """Somebody with a browser that has no JavaScript: it follows links and sends the forms of pages."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def open(self, address: str, **more: Any) -> Response:
        """Go to a page, along its redirects."""
        return self.client.get(address, follow_redirects=True, **more)

    def send(self, address: str, shown: Response | str, **fields: Any) -> Response:
        """Send a form with what is hidden in the page that showed it; the answer is not followed."""
        text = shown if isinstance(shown, str) else shown.text
        return self.client.post(address, data={**hidden_fields(text, address), **fields})


def hidden_fields(text: str, address: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to an address."""
    path = address.partition("?")[0]
    for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
        action = re.search(r'action="([^"]*)"', form)
        if action is not None and unescape(action[1]).partition("?")[0] == path:
            found = re.findall(r'<input type="hidden"(?: id="[^"]+")? name="([^"]+)" value="([^"]*)"', form)
            return {name: unescape(value) for name, value in found}
    raise AssertionError(f"no form on the page is sent to {path}")


VisitorFor = Callable[[str], Visitor]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An embedded database of the test's own: what pages do does not depend on the kind."""
    file = tmp_path / "database" / "screening.sqlite3"
    file.parent.mkdir()
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


def session_cookie(service: Service, world: World, name: str) -> tuple[str, str]:
    """Name and value of the cookie of somebody who has signed in."""
    settings = SignInSettings()
    actor = world[name]
    with service.work(actor) as work:
        rules = SessionRules(settings.session_idle, settings.session_length)
        opened = open_session(work, actor.account_id, "signed_in", rules, "testclient")
    return "screening-on-this-machine", opened.token


@pytest.fixture
def desk(service: Service, world: World) -> FastAPI:
    """The whole application, with sessions as they are."""
    return application_on(service)


@pytest.fixture
def visitor_for(desk: FastAPI, service: Service, world: World) -> Iterator[VisitorFor]:
    """Visitors by the names in `world.people`, signed in; `visitor_for("nobody")` is not."""
    with ExitStack() as stack:

        def open_visitor(name: str) -> Visitor:
            client = TestClient(
                desk,
                base_url=SITE,
                raise_server_exceptions=False,
                headers=BROWSER,
                follow_redirects=False,
            )
            if name != "nobody":
                client.cookies.set(*session_cookie(service, world, name))
            return Visitor(stack.enter_context(client))

        yield open_visitor


Enter = Callable[..., Page]


@pytest.fixture
def address(desk: FastAPI) -> Iterator[str]:
    """Where the desk is served, for a browser."""
    with serve(desk) as address:
        yield address


# The address first: a browser is closed before what it looks at goes away.
@pytest.fixture
def enter(address: str, open_page: OpenPage, service: Service, world: World) -> Enter:
    """A browser of its own with somebody signed in, in a language that is kept with the account."""

    def enter_one(name: str, language: Language = "en", **options: Any) -> Page:
        with service.work(SYSTEM) as work:
            account = find_account(work, world[name].account_id, to_change=True)
            if account.language != language:
                speak(work, account, language)
        page = open_page(base_url=address, **options)
        _give_cookie(page, address, session_cookie(service, world, name))
        return page

    return enter_one


def enter_as(open_page: OpenPage, address: str, cookie: tuple[str, str], language: str, **more: Any) -> Page:
    """A browser of its own with the cookie of a session, on a page in a language that is kept with it."""
    page = open_page(base_url=address, locale=language, **more)
    _give_cookie(page, address, cookie)
    page.goto(f"/set/language/{language}?to=/account")
    return page


def _give_cookie(page: Page, address: str, cookie: tuple[str, str]) -> None:
    name, value = cookie
    page.context.add_cookies([{"name": name, "value": value, "url": address}])
