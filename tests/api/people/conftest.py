"""People who sign in over HTTP as a browser does: cookies, the token of every change, a telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.settings import Settings
from api.signing_in import prepare_signing_in
from screening.people import accounts, links
from screening.people.access import SYSTEM
from screening.people.accounts import Names, Place
from screening.people.passwords import Hasher
from screening.work import Service
from tests.services import HandClock, application_on

PASSWORD = "maple river cloud seven"
ADDRESS = "http://localhost:8000"


@dataclass
class Browser:
    """One browser: it keeps cookies and sends the token of its session with every change."""

    client: TestClient
    csrf: str | None = None
    answers: list[Any] = field(default_factory=list)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request to the interface; the answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.csrf is not None:
            sent.setdefault("x-csrf-token", self.csrf)
        answer = self.client.request(method, f"/api/v1{path}", json=body, headers=sent)
        self.answers.append(answer)
        found = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if answer.status_code == 200 and "csrf_token" in found:
            self.csrf = found["csrf_token"]
        return answer

    def get(self, path: str, **headers: str) -> Any:
        """Read something."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Send something."""
        return self.send("POST", path, body, **headers)


@dataclass
class Someone:
    """A person with a password and a telephone."""

    id: str
    name: str
    password: str
    secret: str
    clock: HandClock
    recovery_codes: list[str]

    def code(self) -> str:
        """The code that the telephone shows now."""
        return pyotp.TOTP(self.secret).at(self.clock())

    def fresh_code(self) -> str:
        """The next code: those before may be used up."""
        self.clock.move(seconds=30)
        return self.code()

    def sign_in(self, browser: Browser) -> Browser:
        """Sign in with both steps."""
        first = browser.post("/sign-in", {"name": self.name, "password": self.password})
        assert first.status_code == 200, first.text
        second = browser.post("/sign-in/second-factor", {"code": self.fresh_code()})
        assert second.status_code == 200, second.text
        return browser


@pytest.fixture
def hasher() -> Hasher:
    """Fast, because tests verify hundreds of passwords; the shipped parameters have a test of their own."""
    return Hasher(passes=1, memory_kib=64, lanes=1)


@pytest.fixture
def sign_in_settings() -> Settings:
    """The settings of the application under test."""
    return Settings(workers=1)


@pytest.fixture
def people_app(service: Service, sign_in_settings: Settings, hasher: Hasher) -> FastAPI:
    """The whole application, with its real doors."""
    app = application_on(service, sign_in_settings)
    prepare_signing_in(app, service, sign_in_settings, hasher)
    return app


@pytest.fixture
def open_browser(people_app: FastAPI) -> Callable[..., Browser]:
    """Opens browsers; `address` is where they come from."""

    def open_one(address: str = "192.0.2.10", base_url: str = ADDRESS) -> Browser:
        return Browser(
            TestClient(people_app, base_url=base_url, client=(address, 50_000), raise_server_exceptions=False)
        )

    return open_one


@pytest.fixture
def browser(open_browser: Callable[..., Browser]) -> Browser:
    """A browser in which nobody is signed in."""
    return open_browser()


@pytest.fixture
def make_someone(
    service: Service, open_browser: Callable[..., Browser], clock: HandClock
) -> Callable[..., Someone]:
    """Makes people who have accepted their invitation, with roles as `Place`s."""

    def make(name: str, *places: Place, password: str = PASSWORD) -> Someone:
        with service.work(SYSTEM) as work:
            account = accounts.make_account(work, "person", Names(name, name.title()), places)
            id = account.id
            token = links.invite(work, account, Settings().invitation_lifetime).token
        at = open_browser("192.0.2.99")
        accepted = at.post("/invitations/accept", {"token": token, "password": password})
        assert accepted.status_code == 200, accepted.text
        secret = accepted.json()["enrolment"]["secret"]
        someone = Someone(id, name, password, secret, clock, [])
        done = at.post("/sign-in/second-factor", {"code": someone.fresh_code()})
        assert done.status_code == 200, done.text
        someone.recovery_codes = done.json()["recovery_codes"]
        assert at.send("DELETE", "/sign-in").status_code == 204
        return someone

    return make


@pytest.fixture
def administrator(make_someone: Callable[..., Someone]) -> Someone:
    """The administrator of the installation."""
    return make_someone("amina.admin", Place("administrator"))
