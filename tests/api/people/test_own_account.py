"""The own account and links over HTTP: first administrator, password, second factor, recovery codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from api.settings import Settings
from screening.people import links
from screening.people.access import SYSTEM
from screening.people.accounts import Place
from screening.storage.tables.audit import AuditEntry
from screening.work import Service
from tests.api.people.conftest import PASSWORD, Browser, Someone
from tests.services import HandClock

OpenBrowser = Callable[..., Browser]
MakeSomeone = Callable[..., Someone]
NEW = "lantern orbit velvet kettle"


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])


@pytest.fixture
def mona(make_someone: MakeSomeone) -> Someone:
    return make_someone("mona", Place("interviewer"))


def first_link(service: Service) -> str:
    with service.work(SYSTEM) as work:
        return links.make_first_link(work, Settings().first_link_lifetime).token


def test_the_first_administrator(service: Service, browser: Browser, clock: HandClock) -> None:
    names = {"sign_in_name": "amina", "display_name": "أمينة السالم"}
    token = first_link(service)
    assert code_of(browser.post("/invitations/accept", {"token": token, "password": PASSWORD})) == "S147"
    accepted = browser.post("/invitations/accept", {"token": token, "password": PASSWORD, **names})
    assert accepted.status_code == 200
    enrolment = accepted.json()["enrolment"]
    assert enrolment["address"].startswith("otpauth://totp/Screening:amina?secret=")
    # Until the app has shown a code, nothing works, and nobody administers.
    assert code_of(browser.get("/accounts")) == "S126"
    assert browser.get("/session").json()["enrolment"] == enrolment
    code = pyotp.TOTP(enrolment["secret"]).at(clock())
    done = browser.post("/sign-in/second-factor", {"code": code})
    assert len(set(done.json()["recovery_codes"])) == 10
    assert browser.get("/accounts").status_code == 200
    assert browser.get("/session").json()["enrolment"] is None
    again = browser.post("/invitations/accept", {"token": token, "password": PASSWORD, **names})
    assert (again.status_code, code_of(again)) == (410, "S128")


def test_who_was_cut_off_while_setting_up_goes_on_with_the_password(
    service: Service, open_browser: OpenBrowser, clock: HandClock
) -> None:
    names = {"sign_in_name": "amina", "display_name": "Amina"}
    open_browser().post("/invitations/accept", {"token": first_link(service), "password": PASSWORD, **names})
    later = open_browser()
    begun = later.post("/sign-in", {"name": "amina", "password": PASSWORD}).json()
    code = pyotp.TOTP(begun["enrolment"]["secret"]).at(clock())
    assert later.post("/sign-in/second-factor", {"code": code}).status_code == 200


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "S129"),
        ("x" * 257, "S129"),
        ("password1234", "S130"),
        ("P@ssw0rd2026!", "S130"),
        ("amina.salem99", "S130"),
        ("كلمةالمرور١٢٣", "S130"),
        ("123456789012", "S130"),
        ("qwertyuiop[]", "S130"),
        ("aaaaaaaaaaaaaaaa", "S130"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_passwords_that_are_not_taken(service: Service, browser: Browser, password: str, code: str) -> None:
    names = {"sign_in_name": "amina.salem", "display_name": "Amina Salem"}
    token = first_link(service)
    refused = browser.post("/invitations/accept", {"token": token, "password": password, **names})
    assert (refused.status_code, code_of(refused)) == (422, code)
    assert password not in refused.text
    # The link is not used up by that.
    taken = browser.post("/invitations/accept", {"token": token, "password": PASSWORD, **names})
    assert taken.status_code == 200


def test_guessing_at_links_has_to_wait(open_browser: OpenBrowser) -> None:
    browser = open_browser("198.51.100.9")
    answers = [
        code_of(browser.post("/invitations/accept", {"token": f"guess {number}", "password": PASSWORD}))
        for number in range(22)
    ]
    assert answers == ["S128"] * 20 + ["S123"] * 2


def test_changing_the_password(mona: Someone, open_browser: OpenBrowser) -> None:
    here, there = mona.sign_in(open_browser()), mona.sign_in(open_browser())
    before = dict(here.client.cookies)
    wrong = here.post("/me/password", {"password": "not it at all", "new_password": NEW})
    assert (wrong.status_code, code_of(wrong)) == (403, "S131")
    assert code_of(here.post("/me/password", {"password": PASSWORD, "new_password": "short"})) == "S129"
    changed = here.post("/me/password", {"password": PASSWORD, "new_password": NEW})
    assert changed.status_code == 200
    assert dict(here.client.cookies) != before
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 401
    assert code_of(there.post("/sign-in", {"name": "mona", "password": PASSWORD})) == "S124"
    mona.password = NEW
    mona.sign_in(there)


def test_confirming_cannot_be_guessed_at(mona: Someone, browser: Browser) -> None:
    mona.sign_in(browser)
    codes = [
        code_of(browser.post("/me/password", {"password": f"guess {number}", "new_password": NEW}))
        for number in range(6)
    ]
    assert codes == ["S131"] * 5 + ["S123"]


def test_changing_the_second_factor(mona: Someone, open_browser: OpenBrowser, clock: HandClock) -> None:
    here, there = mona.sign_in(open_browser()), mona.sign_in(open_browser())
    wrong = here.post("/me/second-factor", {"password": PASSWORD, "code": "000000"})
    assert code_of(wrong) == "S131"
    begun = here.post("/me/second-factor", {"password": PASSWORD, "code": mona.fresh_code()}).json()
    secret = begun["enrolment"]["secret"]
    assert (
        code_of(here.send("PUT", "/me/second-factor", {"pending": begun["pending"], "code": "0"})) == "S125"
    )
    # The telephone before works until the new one has shown a code.
    mona.sign_in(open_browser())
    code = pyotp.TOTP(secret).at(clock())
    done = here.send("PUT", "/me/second-factor", {"pending": begun["pending"], "code": code})
    assert (done.status_code, len(done.json()["recovery_codes"])) == (200, 10)
    assert not set(done.json()["recovery_codes"]) & set(mona.recovery_codes)
    assert there.get("/me").status_code == 401
    other = open_browser()
    other.post("/sign-in", {"name": "mona", "password": PASSWORD})
    assert code_of(other.post("/sign-in/second-factor", {"code": mona.fresh_code()})) == "S125"
    mona.secret = secret
    assert other.post("/sign-in/second-factor", {"code": mona.fresh_code()}).status_code == 200


def test_what_was_begun_by_one_cannot_be_finished_by_another(
    mona: Someone, make_someone: MakeSomeone, open_browser: OpenBrowser, clock: HandClock
) -> None:
    here = mona.sign_in(open_browser())
    thief = make_someone("thief", Place("interviewer")).sign_in(open_browser())
    begun = here.post("/me/second-factor", {"password": PASSWORD, "code": mona.fresh_code()}).json()
    body = {
        "pending": begun["pending"],
        "code": pyotp.TOTP(begun["enrolment"]["secret"]).at(clock()),
    }
    assert code_of(thief.send("PUT", "/me/second-factor", body)) == "S128"
    clock.move(minutes=11)
    body["code"] = pyotp.TOTP(begun["enrolment"]["secret"]).at(clock())
    assert code_of(here.send("PUT", "/me/second-factor", body)) == "S128"
    garbled = {**body, "pending": "AQIDBA=="}
    assert code_of(here.send("PUT", "/me/second-factor", garbled)) == "S128"


def test_new_recovery_codes_with_one_of_the_old(mona: Someone, open_browser: OpenBrowser) -> None:
    here = mona.sign_in(open_browser())
    body = {"password": PASSWORD, "code": mona.recovery_codes[0]}
    codes = here.post("/me/recovery-codes", body).json()["recovery_codes"]
    assert len(codes) == 10
    other = open_browser()
    other.post("/sign-in", {"name": "mona", "password": PASSWORD})
    assert code_of(other.post("/sign-in/recovery", {"code": mona.recovery_codes[1]})) == "S125"
    assert other.post("/sign-in/recovery", {"code": codes[0]}).status_code == 200


def test_own_name_and_language(mona: Someone, browser: Browser) -> None:
    mona.sign_in(browser)
    seen = browser.get("/me").headers["etag"]
    assert code_of(browser.send("PATCH", "/me", {"language": "ar"})) == "S231"
    changed = browser.send("PATCH", "/me", {"language": "ar", "display_name": "منى"}, if_match=seen)
    assert (changed.json()["language"], changed.json()["display_name"]) == ("ar", "منى")
    assert code_of(browser.send("PATCH", "/me", {"language": "en"}, if_match=seen)) == "S232"
    assert code_of(browser.send("PATCH", "/me", {"roles": ["administrator"]}, if_match=seen)) == "S238"


def test_hashes_are_renewed_when_the_parameters_change(
    mona: Someone, browser: Browser, people_app: Any, service: Service
) -> None:
    from screening.people.passwords import Hasher
    from screening.storage.tables.people import Account

    def kept() -> str | None:
        with service.database.reading() as session:
            return session.scalar(select(Account.password_hash).where(Account.id == mona.id))

    assert "m=64,t=1" in str(kept())
    people_app.state.sign_ins._hasher = Hasher(passes=2, memory_kib=128, lanes=1)
    mona.sign_in(browser)
    assert "m=128,t=2" in str(kept())


def test_nothing_personal_is_in_the_audit(mona: Someone, browser: Browser, service: Service) -> None:
    mona.sign_in(browser)
    browser.post("/me/password", {"password": PASSWORD, "new_password": NEW})
    with service.database.reading() as session:
        text = str([row.detail for row in session.scalars(select(AuditEntry))])
    for word in ("mona", PASSWORD, NEW, mona.secret, mona.recovery_codes[0], "192.0.2."):
        assert word not in text
