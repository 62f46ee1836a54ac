"""Signing in over HTTP: both steps, what is said when it fails, what ends a session, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from screening.people import attempts
from screening.people.accounts import Place
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.people import SignInSession
from screening.work import Service
from tests.api.people.conftest import PASSWORD, Browser, Someone
from tests.services import HandClock

OpenBrowser = Callable[..., Browser]
MakeSomeone = Callable[..., Someone]


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])


def actions(service: Service) -> list[str]:
    with service.database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


@pytest.fixture
def mona(make_someone: MakeSomeone) -> Someone:
    return make_someone("mona", Place("interviewer"))


def test_both_steps_are_needed(mona: Someone, browser: Browser) -> None:
    assert browser.get("/session").json()["step"] == "none"
    assert code_of(browser.get("/me")) == "S120"
    first = browser.post("/sign-in", {"name": "Mona ", "password": PASSWORD})
    assert first.status_code == 200
    assert first.json()["enrolment"] is None
    # The password alone opens nothing.
    assert browser.get("/session").json()["step"] == "second_factor"
    assert (browser.get("/me").status_code, code_of(browser.get("/me"))) == (401, "S126")
    before = dict(browser.client.cookies)
    assert browser.post("/sign-in/second-factor", {"code": mona.fresh_code()}).status_code == 200
    assert dict(browser.client.cookies) != before, "the second step gives a new token"
    me = browser.get("/me").json()
    assert (me["sign_in_name"], me["display_name"], me["recovery_codes_left"]) == ("mona", "Mona", 10)
    assert "cases.read" in me["permissions"]
    assert "accounts.read" not in me["permissions"]


def test_token_of_the_first_step_dies_with_the_second(mona: Someone, open_browser: OpenBrowser) -> None:
    one, thief = open_browser(), open_browser()
    one.post("/sign-in", {"name": "mona", "password": PASSWORD})
    thief.client.cookies.update(dict(one.client.cookies))
    one.post("/sign-in/second-factor", {"code": mona.fresh_code()})
    assert thief.get("/session").json()["step"] == "none"


def test_unknown_name_and_wrong_password_are_answered_alike(mona: Someone, browser: Browser) -> None:
    wrong = browser.post("/sign-in", {"name": "mona", "password": "not it at all"})
    unknown = browser.post("/sign-in", {"name": "nobody here", "password": "not it at all"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert set(wrong.headers) == set(unknown.headers)
    assert wrong.headers["cache-control"] == "no-store"


def test_unknown_name_takes_the_same_work(
    mona: Someone, browser: Browser, hasher: Any, monkeypatch: Any
) -> None:
    verified: list[Any] = []
    real = hasher.verify

    def count(kept: Any, password: str) -> Any:
        verified.append(kept)
        return real(kept, password)

    monkeypatch.setattr(hasher, "verify", count)
    browser.post("/sign-in", {"name": "mona", "password": "x"})
    browser.post("/sign-in", {"name": "nobody here", "password": "x"})
    assert len(verified) == 2


def test_a_code_works_once(mona: Someone, open_browser: OpenBrowser) -> None:
    code = mona.fresh_code()
    for browser, status in ((open_browser(), 200), (open_browser(), 401)):
        browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
        assert browser.post("/sign-in/second-factor", {"code": code}).status_code == status


def test_codes_of_the_neighbouring_steps_are_taken_and_no_others(
    mona: Someone, open_browser: OpenBrowser, clock: HandClock
) -> None:
    for late, status in ((-30, 200), (31, 200), (95, 401), (-95, 401)):
        clock.move(minutes=10)
        code = mona.code()
        clock.move(seconds=late)
        browser = open_browser()
        assert browser.post("/sign-in", {"name": "mona", "password": PASSWORD}).status_code == 200
        assert browser.post("/sign-in/second-factor", {"code": code}).status_code == status, late


def test_a_code_may_be_typed_with_arabic_digits_and_spaces(mona: Someone, browser: Browser) -> None:
    browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
    code = mona.fresh_code()
    arabic = "".join(chr(0x660 + int(digit)) for digit in code)
    assert browser.post("/sign-in/second-factor", {"code": f"{arabic[:3]} {arabic[3:]}"}).status_code == 200


def test_a_recovery_code_works_once(mona: Someone, open_browser: OpenBrowser) -> None:
    code = mona.recovery_codes[3].lower().replace("-", " ")
    first, second = open_browser(), open_browser()
    first.post("/sign-in", {"name": "mona", "password": PASSWORD})
    done = first.post("/sign-in/recovery", {"code": code})
    assert (done.status_code, done.json()["recovery_codes_left"]) == (200, 9)
    second.post("/sign-in", {"name": "mona", "password": PASSWORD})
    again = second.post("/sign-in/recovery", {"code": code})
    assert (again.status_code, code_of(again)) == (401, "S125")


def test_the_cookie(mona: Someone, browser: Browser) -> None:
    answer = browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("screening-on-this-machine=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie
    assert "expires" not in cookie


def test_only_hashes_are_kept(mona: Someone, browser: Browser, service: Service) -> None:
    mona.sign_in(browser)
    token = next(iter(browser.client.cookies.values()))
    with service.database.reading() as session:
        rows = session.scalars(select(SignInSession)).all()
    assert all(token not in str(vars(row)) for row in rows)
    assert len(token) >= 43


# How often somebody may guess


def test_guessing_at_a_name_has_to_wait_and_is_never_shut_out(
    mona: Someone, browser: Browser, clock: HandClock
) -> None:
    for _ in range(attempts.NAME_AT_ADDRESS.free):
        assert code_of(browser.post("/sign-in", {"name": "mona", "password": "wrong"})) == "S124"
    held = browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
    assert (held.status_code, code_of(held)) == (429, "S123")
    assert held.headers["retry-after"] == "30"
    # What is refused meanwhile prolongs nothing.
    for _ in range(20):
        browser.post("/sign-in", {"name": "mona", "password": "wrong"})
    clock.move(seconds=31)
    assert browser.post("/sign-in", {"name": "mona", "password": PASSWORD}).status_code == 200


def test_the_wait_doubles_up_to_its_longest(mona: Someone, browser: Browser, clock: HandClock) -> None:
    waits = []
    for _ in range(14):
        answer = browser.post("/sign-in", {"name": "mona", "password": "wrong"})
        if answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            clock.move(seconds=waits[-1])
    assert waits[:5] == [30, 60, 120, 240, 480]


def test_a_name_that_nobody_has_waits_as_well(mona: Someone, browser: Browser) -> None:
    statuses = [
        browser.post("/sign-in", {"name": "nobody here", "password": "wrong"}).status_code for _ in range(7)
    ]
    assert statuses == [401] * 5 + [429] * 2


def test_strangers_do_not_shut_out_who_came_from_here_before(
    mona: Someone, open_browser: OpenBrowser, clock: HandClock
) -> None:
    home = mona.sign_in(open_browser("192.0.2.10"))
    home.send("DELETE", "/sign-in")
    for number in range(attempts.NAME.free):
        stranger = open_browser(f"198.51.100.{number}")
        assert code_of(stranger.post("/sign-in", {"name": "mona", "password": "wrong"})) == "S124"
    # Now the name has to wait, for everybody but for those at an address that is known.
    elsewhere = open_browser("203.0.113.1")
    assert code_of(elsewhere.post("/sign-in", {"name": "mona", "password": PASSWORD})) == "S123"
    mona.sign_in(home)


def test_one_address_that_tries_many_names_has_to_wait(mona: Someone, open_browser: OpenBrowser) -> None:
    stranger = open_browser("198.51.100.7")
    for number in range(attempts.ADDRESS.free):
        assert code_of(stranger.post("/sign-in", {"name": f"name {number}", "password": "wrong"})) == "S124"
    assert code_of(stranger.post("/sign-in", {"name": "yet another", "password": "wrong"})) == "S123"
    mona.sign_in(open_browser("198.51.100.8"))


def test_guessing_at_the_second_step_has_to_wait(mona: Someone, open_browser: OpenBrowser) -> None:
    browser = open_browser()
    browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
    codes = [code_of(browser.post("/sign-in/second-factor", {"code": "000000"})) for _ in range(6)]
    assert codes == ["S125"] * 5 + ["S123"]
    # Another session of the same account does not begin anew.
    other = open_browser("192.0.2.77")
    other.post("/sign-in", {"name": "mona", "password": PASSWORD})
    assert code_of(other.post("/sign-in/recovery", {"code": "AAAA"})) == "S123"


def test_a_clock_that_was_too_far_on_shuts_nobody_out(
    mona: Someone, browser: Browser, clock: HandClock
) -> None:
    clock.move(days=400)
    for _ in range(6):
        browser.post("/sign-in", {"name": "mona", "password": "wrong"})
    clock.move(days=-400)
    browser.post("/sign-in", {"name": "someone", "password": "wrong"})
    clock.move(minutes=20)
    mona.sign_in(browser)


# What ends a session


def test_signing_out(mona: Someone, browser: Browser) -> None:
    mona.sign_in(browser)
    token = dict(browser.client.cookies)
    assert browser.send("DELETE", "/sign-in").status_code == 204
    assert not dict(browser.client.cookies)
    browser.client.cookies.update(token)
    assert code_of(browser.get("/me")) == "S120"


def test_a_session_that_is_not_used_ends(mona: Someone, browser: Browser, clock: HandClock) -> None:
    mona.sign_in(browser)
    clock.move(minutes=29)
    assert browser.get("/me").status_code == 200
    clock.move(minutes=29)
    assert browser.get("/me").status_code == 200
    clock.move(minutes=30)
    assert browser.get("/me").status_code == 401


def test_a_session_ends_however_often_it_is_used(mona: Someone, browser: Browser, clock: HandClock) -> None:
    mona.sign_in(browser)
    begun = clock()
    while browser.get("/me").status_code == 200:
        clock.move(minutes=20)
        assert (clock() - begun).total_seconds() <= 12 * 3600 + 20 * 60
    assert (clock() - begun).total_seconds() >= 12 * 3600


def test_the_first_step_does_not_last(mona: Someone, browser: Browser, clock: HandClock) -> None:
    browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
    clock.move(minutes=11)
    assert code_of(browser.post("/sign-in/second-factor", {"code": mona.code()})) == "S120"


def test_a_clock_that_goes_back_never_makes_a_session_longer(
    mona: Someone, browser: Browser, clock: HandClock
) -> None:
    mona.sign_in(browser)
    clock.move(minutes=10)
    browser.get("/me")
    clock.move(seconds=-60)
    assert browser.get("/me").status_code == 200, "a small step back is nothing"
    clock.move(hours=-2)
    assert browser.get("/me").status_code == 401


def test_own_sessions_are_listed_and_ended(mona: Someone, open_browser: OpenBrowser) -> None:
    here, there = mona.sign_in(open_browser()), mona.sign_in(open_browser())
    listed = here.get("/me/sessions").json()["items"]
    assert [one["current"] for one in listed] == [False, True]
    assert here.send("DELETE", f"/me/sessions/{listed[0]['id']}").status_code == 204
    assert there.get("/me").status_code == 401
    assert code_of(here.send("DELETE", f"/me/sessions/{listed[0]['id']}")) == "S136"
    mona.sign_in(there)
    assert here.send("DELETE", "/me/sessions").json() == {"ended": 1}
    assert (there.get("/me").status_code, here.get("/me").status_code) == (401, 200)


def test_nobody_ends_the_session_of_another(
    mona: Someone, make_someone: MakeSomeone, open_browser: OpenBrowser
) -> None:
    other = make_someone("other", Place("interviewer")).sign_in(open_browser())
    here = mona.sign_in(open_browser())
    theirs = other.get("/me/sessions").json()["items"][0]["id"]
    assert code_of(here.send("DELETE", f"/me/sessions/{theirs}")) == "S136"
    assert other.get("/me").status_code == 200


# Requests that another site makes a browser send


def test_a_change_needs_the_token_of_the_session(mona: Someone, browser: Browser) -> None:
    mona.sign_in(browser)
    browser.csrf, right = None, browser.csrf
    assert code_of(browser.send("DELETE", "/me/sessions")) == "S127"
    browser.csrf = "0" * 43
    assert (browser.send("DELETE", "/me/sessions").status_code) == 403
    browser.csrf = right
    assert browser.send("DELETE", "/me/sessions").status_code == 200


def test_the_token_of_the_first_step_is_not_that_of_the_second(mona: Someone, browser: Browser) -> None:
    browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
    old = browser.csrf
    browser.post("/sign-in/second-factor", {"code": mona.fresh_code()})
    assert old != browser.csrf
    browser.csrf = old
    assert code_of(browser.send("DELETE", "/me/sessions")) == "S127"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:8000"}, 200),
        ({"origin": "http://localhost:9999"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "same-origin"}, 200),
    ],
)
def test_where_a_change_comes_from(
    mona: Someone, browser: Browser, headers: dict[str, str], status: int
) -> None:
    mona.sign_in(browser)
    assert browser.send("DELETE", "/me/sessions", **headers).status_code == status
    # Signing in is one as well: nobody is to be signed in as somebody else from another page.
    answer = browser.post("/sign-in", {"name": "mona", "password": PASSWORD}, **headers)
    assert answer.status_code == status


def test_reading_needs_no_token(mona: Someone, browser: Browser) -> None:
    mona.sign_in(browser)
    browser.csrf = None
    assert browser.get("/me", sec_fetch_site="cross-site").status_code == 200


# What is written down


def test_every_step_is_audited(mona: Someone, browser: Browser, service: Service) -> None:
    before = len(actions(service))
    browser.post("/sign-in", {"name": "mona", "password": "wrong"})
    browser.post("/sign-in", {"name": "nobody", "password": "wrong"})
    browser.post("/sign-in", {"name": "mona", "password": PASSWORD})
    browser.post("/sign-in/second-factor", {"code": "000000"})
    browser.post("/sign-in/second-factor", {"code": mona.fresh_code()})
    browser.send("DELETE", "/sign-in")
    assert actions(service)[before:] == [
        "sign_in.failed",
        "sign_in.failed",
        "sign_in.first_step",
        "sign_in.second_step_failed",
        "sign_in",
        "sign_out",
    ]


def test_what_a_role_does_not_allow_is_audited(mona: Someone, browser: Browser, service: Service) -> None:
    mona.sign_in(browser)
    assert code_of(browser.get("/accounts")) == "S121"
    with service.database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.action, last.actor) == ("access.refused", mona.id)
        assert last.detail == {"code": "S121", "route": "/api/v1/accounts"}
