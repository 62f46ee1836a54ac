"""Over TLS: browsers come back over TLS only, and keep no cookie that another host could set."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.settings import Settings
from screening.work import Service
from tests.services import application_on

SECURE = "https://screening.example"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One database is enough here: nothing of this depends on it."""
    file = tmp_path / "screening.sqlite3"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


def open_client(service: Service, address: str | None) -> TestClient:
    app = application_on(service, Settings(workers=1, public_url=address))
    # The proxy speaks plain http to the service, whatever browsers speak.
    return TestClient(app, base_url="http://screening.example", follow_redirects=False)


@pytest.fixture
def over_tls(service: Service) -> Iterator[TestClient]:
    with open_client(service, SECURE) as client:
        yield client


@pytest.mark.parametrize("path", ["/health", "/api/v1/me", "/sign-in", "/nowhere"])
def test_every_answer_asks_for_tls_for_a_year(over_tls: TestClient, path: str) -> None:
    said = over_tls.get(path, headers={"accept": "text/html"}).headers["strict-transport-security"]
    assert said == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("address", [None, "http://localhost:8000"])
def test_on_this_machine_nothing_is_asked_for(service: Service, address: str | None) -> None:
    with open_client(service, address) as client:
        assert "strict-transport-security" not in client.get("/health").headers
        cookie = client.get("/set/language/ar").headers["set-cookie"]
        assert cookie.startswith("language=ar;")
        assert "Secure" not in cookie


@pytest.mark.parametrize(
    ("path", "name"), [("/set/language/ar", "language"), ("/set/colours/dark", "colours")]
)
def test_choices_are_kept_in_cookies_of_this_host_and_tls(over_tls: TestClient, path: str, name: str) -> None:
    cookie = over_tls.get(path).headers["set-cookie"]
    assert cookie.startswith(f"__Host-{name}=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie


def test_a_choice_that_another_host_could_have_set_is_not_believed(over_tls: TestClient) -> None:
    def language(cookie: str) -> str:
        page = over_tls.get("/sign-in", headers={"cookie": cookie, "accept-language": "en"})
        return page.text.partition('<html lang="')[2][:2]

    assert language("__Host-language=ar") == "ar"
    assert language("language=ar") == "en"


@pytest.mark.parametrize("path", ["/health", "/api/v1/instruments", "/api/v1/nowhere"])
def test_what_is_no_page_may_load_send_and_frame_nothing(over_tls: TestClient, path: str) -> None:
    policy = set(over_tls.get(path).headers["content-security-policy"].split("; "))
    assert policy == {"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"}


def test_nothing_is_shared_with_other_origins(over_tls: TestClient) -> None:
    asking = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    for method in ("GET", "OPTIONS"):
        answer = over_tls.request(method, "/api/v1/instruments", headers=asking)
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_trace_is_answered_by_nobody(over_tls: TestClient) -> None:
    answer = over_tls.request("TRACE", "/api/v1/instruments", headers={"x-marker": "ZAMARKER"})
    assert answer.status_code == 405
    assert "ZAMARKER" not in answer.text


def test_passwords_are_masked_and_managers_may_fill_them_in(over_tls: TestClient) -> None:
    field = over_tls.get("/sign-in").text.partition('name="password"')
    tag = field[0].rpartition("<")[2] + field[1] + field[2].partition(">")[0]
    assert 'type="password"' in tag
    assert 'autocomplete="current-password"' in tag
    assert "paste" not in tag
    assert "maxlength" not in tag
