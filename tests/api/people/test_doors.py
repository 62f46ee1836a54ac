"""What surrounds signing in: cookies over TLS, addresses behind proxies, rates, posted forms, settings."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from api.access import Caller, requires
from api.pages.tokens import mask_token
from api.settings import Settings
from api.signing_in import address_of, prepare_signing_in
from screening.people import accounts, sessions
from screening.people.access import SYSTEM
from screening.people.accounts import Names, Place
from screening.people.passwords import Hasher
from screening.people.second_factors import make_secret
from screening.people.sessions import SessionRules
from screening.people.settings import SignInSettings
from screening.work import Service
from tests.services import application_on

COOKIE = "screening-on-this-machine"
RULES = SessionRules(Settings().session_idle, Settings().session_length)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough here: nothing of this depends on it."""
    file = tmp_path / "screening.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


def open_app(service: Service, hasher: Hasher, **settings: Any) -> FastAPI:
    given = Settings(workers=1, **settings)
    app = application_on(service, given)
    prepare_signing_in(app, service, given, hasher)
    return app


def someone(service: Service, name: str = "mona") -> tuple[str, sessions.Opened]:
    with service.work(SYSTEM) as work:
        account = accounts.make_account(work, "person", Names(name, name), [Place("interviewer")])
        make_secret(work, account)
        account.status, account.totp_confirmed_at = "active", work.now
        return account.id, sessions.open_session(work, account.id, "signed_in", RULES, "192.0.2.1")


# The cookie over TLS


def test_over_tls_the_cookie_is_bound_to_host_and_tls(service: Service, hasher: Hasher) -> None:
    app = open_app(service, hasher, public_url="https://screening.example")
    with service.work(SYSTEM) as work:
        account = accounts.make_account(work, "person", Names("mona", "Mona"), [])
        account.password_hash = hasher.hash("maple river cloud seven")
        account.status, account.totp_confirmed_at = "active", work.now
    client = TestClient(app, base_url="https://screening.example")
    body = {"name": "mona", "password": "maple river cloud seven"}
    answer = client.post("/api/v1/sign-in", json=body, headers={"origin": "https://screening.example"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-screening=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    # The cookie of plain http is not believed here, nor a page of the machine itself.
    _, opened = someone(service, "rosa")
    assert client.get("/api/v1/me", headers={"cookie": f"{COOKIE}={opened.token}"}).status_code == 401
    local = client.post("/api/v1/sign-in", json=body, headers={"origin": "http://localhost:8000"})
    assert local.json()["code"] == "S127"


@pytest.mark.parametrize(
    ("settings", "works"),
    [
        ({"public_url": "https://screening.example"}, True),
        ({"public_url": "http://localhost:9000"}, True),
        ({"public_url": "http://127.0.0.1:9000"}, True),
        ({"public_url": "http://screening.example"}, False),
        ({"public_url": "https://screening.example/path"}, False),
        ({"public_url": "screening.example"}, False),
        ({"public_url": "https://user@"}, False),
        ({"trusted_proxies": "10.0.0.0/8, 192.0.2.1"}, True),
        ({"trusted_proxies": "the proxy"}, False),
        ({"oidc_issuer": "https://id.example", "oidc_client_id": "screening"}, True),
        ({"oidc_issuer": "https://id.example"}, False),
        ({"oidc_issuer": "http://id.example", "oidc_client_id": "screening"}, False),
        ({"session_hours": 48}, False),
        ({"session_idle_minutes": 1}, False),
    ],
)
def test_settings(settings: dict[str, Any], works: bool) -> None:
    if works:
        SignInSettings(**settings)
        return
    with pytest.raises(ValidationError):
        SignInSettings(**settings)


# Where somebody calls from


def request_from(app: FastAPI, peer: str, *forwarded: str) -> Request:
    headers = Headers(raw=[(b"x-forwarded-for", line.encode()) for line in forwarded])
    return Request({"type": "http", "app": app, "client": (peer, 1), "headers": headers.raw, "method": "GET"})


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "found"),
    [
        ("", "192.0.2.1", ("198.51.100.1",), "192.0.2.1"),
        ("10.0.0.0/8", "192.0.2.1", ("198.51.100.1",), "192.0.2.1"),
        ("10.0.0.0/8", "10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.1", ("203.0.113.9, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.1", ("198.51.100.1, 10.0.0.2",), "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.1", ("203.0.113.9", "198.51.100.1, 10.0.0.2"), "198.51.100.1"),
        ("10.0.0.0/8", "10.0.0.1", ("nonsense",), "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.1", ("198.51.100.1, nonsense",), "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.1", (), "10.0.0.1"),
        ("::1", "::1", ("2001:db8:1:2:3:4:5:6",), "2001:db8:1:2::/64"),
        ("127.0.0.1", "::ffff:127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
    ],
)
def test_addresses_behind_proxies(
    service: Service, hasher: Hasher, proxies: str, peer: str, forwarded: tuple[str, ...], found: str
) -> None:
    app = open_app(service, hasher, trusted_proxies=proxies)
    assert address_of(request_from(app, peer, *forwarded)) == found


# How many requests


def test_too_many_requests_of_one_caller(service: Service, hasher: Hasher) -> None:
    app = open_app(service, hasher, requests_per_minute=10)
    _, mona = someone(service)
    _, rosa = someone(service, "rosa")
    client = TestClient(app, base_url="http://localhost:8000")

    def ask(opened: sessions.Opened) -> Any:
        return client.get("/api/v1/me", headers={"cookie": f"{COOKIE}={opened.token}"})

    statuses = [ask(mona).status_code for _ in range(12)]
    assert statuses == [200] * 10 + [429] * 2
    held = ask(mona)
    assert held.json()["code"] == "S148"
    assert 1 <= int(held.headers["retry-after"]) <= 120
    assert ask(rosa).status_code == 200, "another caller is not held up"


def test_too_many_requests_of_nobody(service: Service, hasher: Hasher) -> None:
    app = open_app(service, hasher, requests_per_minute=10)
    one, two = (
        TestClient(app, base_url="http://localhost:8000", client=(address, 1))
        for address in ("192.0.2.1", "192.0.2.2")
    )
    assert [one.get("/api/v1/session").status_code for _ in range(11)] == [200] * 10 + [429]
    assert one.get("/api/v1/me").status_code == 429
    assert two.get("/api/v1/session").status_code == 200


# Posted forms


def test_a_posted_form_carries_the_token_in_a_field(service: Service, hasher: Hasher) -> None:
    app = open_app(service, hasher)

    @app.post("/form-of-the-test")
    async def take(request: Request, caller: Caller = requires("self.manage")) -> dict[str, str]:
        return {"body": (await request.body()).decode(), "who": caller.actor.account_id}

    account, opened = someone(service)
    client = TestClient(app, base_url="http://localhost:8000", cookies={COOKIE: opened.token})
    own, another = mask_token(opened.csrf_token), mask_token("another")
    assert mask_token(opened.csrf_token) != own, "it looks different in every page"
    taken = client.post("/form-of-the-test", data={"note": "a b", "_csrf": own})
    # What was read for the token is there for the route.
    assert taken.json() == {"body": f"note=a+b&_csrf={own}", "who": account}
    for data in ({"note": "a b"}, {"_csrf": another}, {"_csrf": ""}, {"_csrf": "zz"}):
        refused = client.post("/form-of-the-test", data=data)
        assert (refused.status_code, refused.json()["code"]) == (403, "S127")
    large = client.post("/form-of-the-test", data={"_csrf": own, "note": "x" * 300_000})
    assert (large.status_code, large.json()["code"]) == (413, "S020")


def test_what_a_body_may_not_hold(service: Service, hasher: Hasher) -> None:
    client = TestClient(open_app(service, hasher), base_url="http://localhost:8000")
    for raw in (b'{"name": "\\ud800", "password": "x"}', b'{"name": "a\\u0000", "password": "\\udfff"}'):
        answer = client.post("/api/v1/sign-in", content=raw, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 401, 422), answer.text
    extra = client.post("/api/v1/sign-in", json={"name": "a", "password": "b", "remember": True})
    assert extra.json()["code"] == "S238"
    answer = client.get("/api/v1/session", headers={"cookie": f"{COOKIE}={'x' * 5000}"})
    assert answer.json()["step"] == "none"
    assert answer.headers["cache-control"] == "no-store"
