"""Signing in through an organisation, against a small real provider over HTTP with keys of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.testclient import TestClient

from api.settings import Settings
from api.signing_in import prepare_signing_in
from screening.people import accounts
from screening.people.access import SYSTEM
from screening.people.accounts import Names, Place
from screening.people.passwords import Hasher
from screening.people.second_factors import make_secret
from screening.work import Service
from tests.services import HandClock, application_on

SECRET = "a secret of the test"


@dataclass
class Provider:
    """An identity provider: it says what a test wants it to say."""

    clock: HandClock
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None
    subject: Any = "subject-248"
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    issuer: str = ""
    broken: bool = False
    forge: Callable[[str], str] | None = None

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.metadata

    def keys(self) -> dict[str, Any]:
        return dict(KeySet([self.published or self.key]).as_dict(private=False))

    def exchange(self, body: dict[str, str], authorization: str) -> dict[str, Any]:
        """The token answer; the code is only good with the verifier of its challenge and the secret."""
        verifier = hashlib.sha256(body["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == self.asked["code_challenge"]
        assert self.asked["code_challenge_method"] == "S256"
        assert body["redirect_uri"] == self.asked["redirect_uri"]
        assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"screening:{SECRET}"
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": "screening",
            "sub": self.subject,
            "nonce": self.asked["nonce"],
            "iat": now,
            "exp": now + 300,
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, kept, self.key)
        token = token if self.forge is None else self.forge(token)
        return {"access_token": "unused", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough here: nothing of this depends on it."""
    file = tmp_path / "screening.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def provider(clock: HandClock) -> Iterator[Provider]:
    found = Provider(clock)

    class Handler(BaseHTTPRequestHandler):
        def answer(self, body: Any) -> None:
            raw = json.dumps(body).encode()
            self.send_response(500 if found.broken else 200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def do_GET(self) -> None:
            self.answer(found.keys() if self.path == "/keys" else found.describe())

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"])).decode()
            body = {name: values[0] for name, values in parse_qs(raw).items()}
            self.answer(found.exchange(body, self.headers["authorization"]))

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def oidc_app(service: Service, provider: Provider, hasher: Hasher) -> FastAPI:
    return _open(service, provider, hasher)


def _open(service: Service, provider: Provider, hasher: Hasher, **more: Any) -> FastAPI:
    settings = Settings(
        workers=1,
        oidc_issuer=provider.issuer,
        oidc_client_id="screening",
        oidc_client_secret=SECRET,
        **more,
    )
    app = application_on(service, settings)
    prepare_signing_in(app, service, settings, hasher)
    return app


@pytest.fixture
def mona(service: Service, provider: Provider) -> str:
    """An account that an administrator has connected."""
    with service.work(SYSTEM) as work:
        account = accounts.make_account(work, "person", Names("mona", "Mona"), [Place("interviewer")])
        make_secret(work, account)
        account.status, account.totp_confirmed_at = "active", work.now
        accounts.connect(work, account, provider.issuer, "subject-248")
        return account.id


def walk(app: FastAPI, provider: Provider, **changed: str) -> tuple[TestClient, Any]:
    """Go to the provider and come back as a browser does."""
    client = TestClient(app, base_url="http://localhost:8000", follow_redirects=False)
    away = client.get("/sign-in/organisation")
    assert away.status_code == 303, away.text
    address = urlsplit(away.headers["location"])
    provider.asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert provider.asked["redirect_uri"] == "http://localhost:8000/sign-in/organisation/return"
    assert provider.asked["scope"] == "openid"
    back = {"code": "good", "state": provider.asked["state"]} | changed
    return client, client.get("/sign-in/organisation/return", params=back)


def test_a_connected_account_goes_on_to_its_second_step(
    oidc_app: FastAPI, provider: Provider, mona: str
) -> None:
    client, back = walk(oidc_app, provider)
    assert (back.status_code, back.headers["location"]) == (303, "/")
    assert client.get("/api/v1/session").json()["step"] == "second_factor"
    assert client.get("/api/v1/me").json()["code"] == "S126"


def test_the_second_factor_of_the_provider_is_enough_only_if_the_operator_says_so(
    service: Service, oidc_app: FastAPI, provider: Provider, hasher: Hasher, mona: str
) -> None:
    provider.claims = {"amr": ["pwd", "mfa"]}
    client, _ = walk(oidc_app, provider)
    assert client.get("/api/v1/session").json()["step"] == "second_factor"
    trusting = _open(service, provider, hasher, oidc_trust_second_factor=True)
    client, _ = walk(trusting, provider)
    assert client.get("/api/v1/session").json()["step"] == "signed_in"
    assert client.get("/api/v1/me").json()["id"] == mona
    provider.claims = {"amr": ["pwd"]}
    client, _ = walk(trusting, provider)
    assert client.get("/api/v1/session").json()["step"] == "second_factor"


def test_nobody_gets_an_account_by_being_known_there(
    oidc_app: FastAPI, provider: Provider, mona: str, service: Service
) -> None:
    for subject in ("another", "Subject-248", "subject-248 "):
        provider.subject = subject
        client, back = walk(oidc_app, provider)
        assert (back.status_code, back.json()["code"]) == (401, "S145")
        assert client.get("/api/v1/session").json()["step"] == "none"


WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "for another client": {"aud": "another"},
    "for several clients": {"aud": ["screening", "another"]},
    "authorised for another": {"azp": "another"},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "no end": {"exp": None},
    "ended": {"exp": 1},
    "from the future": {"iat": 4_000_000_000},
    "nobody": {"sub": None},
    "no name": {"sub": ""},
    "a number": {"sub": 248},
}


@pytest.mark.parametrize("what", WRONG_CLAIMS)
def test_claims_that_are_not_believed(oidc_app: FastAPI, provider: Provider, mona: str, what: str) -> None:
    provider.claims = WRONG_CLAIMS[what]
    _, back = walk(oidc_app, provider)
    assert (back.status_code, back.json()["code"]) == (401, "S145")


def test_a_signature_by_another_key(oidc_app: FastAPI, provider: Provider, mona: str) -> None:
    provider.published = RSAKey.generate_key(2048, {"kid": "one"})
    _, back = walk(oidc_app, provider)
    assert back.json()["code"] == "S145"


def _forge(algorithm: str, secret: bytes | None) -> Callable[[str], str]:
    """Says of a token that it is signed in another way, and signs it with what both sides know."""

    def forge(token: str) -> str:
        header = json.dumps({"alg": algorithm, "kid": "one"}).encode()
        signed = base64.urlsafe_b64encode(header).rstrip(b"=").decode() + "." + token.split(".")[1]
        if secret is None:
            return signed + "."
        signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    return forge


def test_a_token_that_is_signed_in_another_way(oidc_app: FastAPI, provider: Provider, mona: str) -> None:
    public = provider.key.as_pem(private=False)
    for forge in (_forge("none", None), _forge("HS256", public), _forge("HS256", SECRET.encode())):
        provider.forge = forge
        _, back = walk(oidc_app, provider)
        assert (back.status_code, back.json()["code"]) == (401, "S145")


def test_what_comes_back_must_be_what_was_sent(
    oidc_app: FastAPI, provider: Provider, mona: str, clock: HandClock
) -> None:
    _, back = walk(oidc_app, provider, state="another")
    assert back.json()["code"] == "S145"
    _, back = walk(oidc_app, provider, iss="https://elsewhere.example")
    assert back.json()["code"] == "S145"
    _, back = walk(oidc_app, provider, code="", error="access_denied")
    assert back.json()["code"] == "S145"
    # Without the cookie of this browser, as when somebody is sent a link that another began.
    stranger = TestClient(oidc_app, base_url="http://localhost:8000", follow_redirects=False)
    path = f"/sign-in/organisation/return?code=good&state={provider.asked['state']}"
    assert stranger.get(path).json()["code"] == "S145"
    late = TestClient(oidc_app, base_url="http://localhost:8000", follow_redirects=False)
    away = late.get("/sign-in/organisation")
    provider.asked = {
        name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()
    }
    clock.move(minutes=11)
    path = f"/sign-in/organisation/return?code=good&state={provider.asked['state']}"
    assert late.get(path).json()["code"] == "S145"


def test_a_provider_that_is_another_or_is_away(oidc_app: FastAPI, provider: Provider) -> None:
    client = TestClient(oidc_app, base_url="http://localhost:8000", follow_redirects=False)
    provider.metadata = {"issuer": "https://elsewhere.example"}
    assert client.get("/sign-in/organisation").json()["code"] == "S145"
    provider.metadata = {"token_endpoint": "http://elsewhere.example/token"}
    assert client.get("/sign-in/organisation").json()["code"] == "S145"
    provider.metadata = {}
    provider.broken = True
    assert client.get("/sign-in/organisation").json()["code"] == "S145"


def test_a_locked_account_stays_out(
    oidc_app: FastAPI, provider: Provider, mona: str, service: Service
) -> None:
    with service.work(SYSTEM) as work:
        accounts.lock(work, accounts.find_account(work, mona))
    _, back = walk(oidc_app, provider)
    assert back.json()["code"] == "S145"


def test_without_the_setting_there_is_no_such_way(service: Service, hasher: Hasher) -> None:
    app = application_on(service)
    client = TestClient(app, base_url="http://localhost:8000", follow_redirects=False)
    answer = client.get("/sign-in/organisation")
    assert (answer.status_code, answer.json()["code"]) == (404, "S144")
    assert client.get("/api/v1/session").json()["organisation"] is False


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 303), ("none", 303), (None, 303), ("cross-site", 403), ("same-site", 403)],
)
def test_another_site_cannot_begin_a_sign_in(oidc_app: FastAPI, site: str | None, status: int) -> None:
    client = TestClient(oidc_app, follow_redirects=False)
    headers = {} if site is None else {"sec-fetch-site": site}
    answer = client.get("/sign-in/organisation", headers=headers)
    assert answer.status_code == status
    assert bool(answer.headers.get("set-cookie")) == (status == 303)
