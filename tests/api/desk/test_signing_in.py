"""Signing in by forms alone: who comes from where goes back there, and every step says what is wrong."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest

from screening.people import links
from screening.people.access import SYSTEM
from screening.people.accounts import find_account, rename
from screening.storage.tables.people import Account
from screening.work import Service
from tests.api.desk.conftest import Visitor, VisitorFor
from tests.services import HandClock, World

PASSWORD = "seven quiet lamps over water"


def invite(service: Service, world: World, name: str) -> str:
    """A link for a new password and second factor of somebody in the world."""
    with service.work(world["administrator"]) as work:
        account = find_account(work, world[name].account_id, to_change=True)
        return links.reset(work, account, timedelta(hours=1), second_factor=True).token


def set_up(
    visitor: Visitor, token: str, address: str = "/new-password", **fields: str
) -> tuple[str, list[str]]:
    """Follow a link to its end; return the secret of the app and the recovery codes."""
    shown = visitor.open(f"{address}?token={token}")
    assert shown.status_code == 200
    done = visitor.send(address, shown, password=PASSWORD, **fields)
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in/set-up")
    shown = visitor.open("/sign-in/set-up")
    assert "<svg" in shown.text
    written = re.search(r'<p class="govuk-body code"><bdi dir="ltr">([A-Z2-7 ]+)</bdi>', shown.text)
    assert written is not None
    secret = written[1].replace(" ", "")
    wrong = visitor.send("/sign-in/set-up", shown, code="000000")
    assert wrong.status_code == 422
    assert 'href="#code"' in wrong.text
    shown = visitor.send("/sign-in/set-up", wrong, code=code_of(visitor, secret))
    assert shown.status_code == 200
    codes = re.findall(r'<li class="code"><bdi dir="ltr">([A-Z0-9-]+)</bdi>', shown.text)
    assert len(codes) == 10
    return secret, codes


def code_of(visitor: Visitor, secret: str) -> str:
    clock: HandClock = visitor.client.app.state.service.clock  # type: ignore[attr-defined]
    clock.move(seconds=30)
    return pyotp.TOTP(secret).at(int(clock.now.timestamp()))


def test_a_link_sets_a_password_and_the_app_and_shows_recovery_codes_once(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    visitor = visitor_for("nobody")
    _, codes = set_up(visitor, invite(service, world, "interviewer"))
    assert "You are signed in" in visitor.open("/signed-in").text
    again = visitor.open("/sign-in/set-up")
    assert not any(code in again.text for code in codes)


def test_password_then_code_lead_back_to_the_page_that_was_asked_for(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    visitor = visitor_for("nobody")
    secret, _ = set_up(visitor, invite(service, world, "interviewer"))
    visitor.client.cookies.clear()
    asked = visitor.client.get("/signed-in?x=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?to=/signed-in%3Fx%3D1")
    shown = visitor.open(asked.headers["location"])
    wrong = visitor.send("/sign-in", shown, name="interviewer", password="not this one")
    assert wrong.status_code == 422
    assert 'value="interviewer"' in wrong.text
    assert "not this one" not in wrong.text
    done = visitor.send("/sign-in", wrong, name="interviewer", password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in/code?to=/signed-in%3Fx%3D1")
    # Half-way in, every page still leads to the second step.
    assert visitor.client.get("/start").headers["location"] == "/sign-in?to=/start"
    shown = visitor.open(done.headers["location"])
    assert visitor.send("/sign-in/code", shown, code="12").status_code == 422
    done = visitor.send("/sign-in/code", shown, code=code_of(visitor, secret))
    assert (done.status_code, done.headers["location"]) == (303, "/signed-in?x=1")


def test_a_recovery_code_works_once(visitor_for: VisitorFor, service: Service, world: World) -> None:
    visitor = visitor_for("nobody")
    _, codes = set_up(visitor, invite(service, world, "colleague"))
    for expected in (303, 422):
        visitor.client.cookies.clear()
        shown = visitor.open("/sign-in")
        visitor.send("/sign-in", shown, name="colleague", password=PASSWORD)
        shown = visitor.open("/sign-in/recovery")
        assert visitor.send("/sign-in/recovery", shown, code=codes[0].lower()).status_code == expected


def test_the_first_administrator_brings_names_and_keeps_the_language(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    with service.work(SYSTEM) as work:
        account = work.session.get_one(Account, world["administrator"].account_id)
        account.status = "closed"
    with service.work(SYSTEM) as work:
        token = links.make_first_link(work, timedelta(hours=1)).token
    visitor = visitor_for("nobody")
    visitor.client.get("/set/language/ar")
    shown = visitor.open(f"/first-administrator?token={token}")
    assert 'lang="ar"' in shown.text
    weak = visitor.send(
        "/first-administrator", shown, sign_in_name="noura", display_name="نورة", password="password1234"
    )
    assert weak.status_code == 422
    assert 'href="#password"' in weak.text
    assert 'value="نورة"' in weak.text
    # Everything that is wrong is said at once.
    empty = visitor.send("/first-administrator", weak, sign_in_name="", display_name="", password="")
    assert re.findall(r'<a href="#(.+?)">', empty.text)[-3:] == ["sign_in_name", "display_name", "password"]
    set_up(visitor, token, "/first-administrator", sign_in_name="noura", display_name="نورة")
    with service.work(SYSTEM, writes=False) as work:
        languages = {one.language for one in work.session.query(Account).where(Account.status == "active")}
    assert "ar" in languages


def test_a_used_link_says_so_and_leads_to_sign_in(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    visitor = visitor_for("nobody")
    token = invite(service, world, "interviewer")
    set_up(visitor, token)
    visitor.client.cookies.clear()
    shown = visitor.open(f"/new-password?token={token}")
    assert shown.status_code == 410
    assert "/sign-in" in shown.text
    assert visitor.open("/invitation?token=nothing").status_code == 410


def test_a_form_without_the_pages_token_changes_nothing(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("interviewer")
    shown = visitor.open("/sign-out")
    assert visitor.client.post("/sign-out").status_code == 403
    forged = visitor.client.post(
        "/sign-out", data={"_csrf": "00"}, headers={"origin": "https://elsewhere.example"}
    )
    assert forged.status_code == 403
    assert visitor.open("/signed-in").status_code == 200
    done = visitor.send("/sign-out", shown)
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in?out=yes")
    assert visitor.client.get("/signed-in").status_code == 303


def test_a_session_is_kept_by_its_own_address_and_ends_by_itself(
    visitor_for: VisitorFor, clock: HandClock
) -> None:
    visitor = visitor_for("interviewer")
    shown = visitor.open("/sign-out").text
    assert 'data-keep="/session/keep"' in shown
    token = re.search(r'data-csrf="([0-9a-f]+)"', shown)
    assert token is not None
    for _ in range(3):
        clock.move(minutes=20)
        assert visitor.client.post("/session/keep", headers={"x-csrf-token": token[1]}).status_code == 204
    clock.move(minutes=31)
    assert visitor.client.post("/session/keep", headers={"x-csrf-token": token[1]}).status_code == 401


@pytest.mark.parametrize("name", ["interviewer", "supervisor", "administrator", "auditor", "reviewer"])
def test_everybody_has_a_first_page_of_their_own(visitor_for: VisitorFor, name: str) -> None:
    shown = visitor_for(name).open("/")
    assert shown.status_code == 200
    assert name.title() in shown.text


def test_programs_still_find_the_addresses_at_the_root(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("nobody")
    assert visitor.client.get("/", headers={"accept": "application/json"}).json()["health"] == "/health"
    led = visitor.client.get("/", follow_redirects=True)
    assert str(led.url).endswith("/sign-in?to=/start")


def test_the_language_that_is_chosen_stays_with_the_account(visitor_for: VisitorFor) -> None:
    visitor = visitor_for("interviewer")
    assert 'lang="en"' in visitor.open("/sign-out").text
    visitor.client.get("/set/language/ar?to=/")
    other = visitor_for("interviewer")
    assert '<html lang="ar" dir="rtl"' in other.open("/sign-out").text


def test_a_page_hands_over_to_the_same_account_and_not_to_the_same_name(
    visitor_for: VisitorFor, service: Service, world: World
) -> None:
    """A session in another tab gives its token to who has the account, whatever others are called."""
    with service.work(world["administrator"]) as work:
        for name in ("interviewer", "colleague"):
            account = find_account(work, world[name].account_id, to_change=True)
            rename(work, account, "Huda Al-Sample")
    pages = [visitor_for(name).open("/account").text for name in ("interviewer", "interviewer", "colleague")]
    assert all("Huda Al-Sample" in one for one in pages)
    again, before, other = (re.search(r'data-who="([^"]+)"', one)[1] for one in pages)  # type: ignore[index]
    assert again == before != other
    assert not any(world[name].account_id in one for one in pages for name in ("interviewer", "colleague"))
