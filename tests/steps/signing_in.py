"""People who sign in, in browsers and on telephones of their own, on a database of the scenario's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from pytest_bdd import given, parsers, then, when
from sqlalchemy import select
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.signing_in import prepare_signing_in
from screening.engines import Engines
from screening.installations import open_installation
from screening.people import accounts, links
from screening.people.access import SYSTEM
from screening.people.accounts import Names, Place
from screening.people.passwords import Hasher
from screening.refusals import Refused
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.sites import Site
from screening.work import Service
from tests.api.people.conftest import ADDRESS, PASSWORD, Browser, Someone
from tests.services import HandClock, storage_settings

HOME, ELSEWHERE = "192.0.2.10", "198.51.100.1"
NEW_PASSWORD = "lantern orbit velvet kettle"
ADMINISTRATOR = "amina.admin"


@dataclass
class House:
    """One installation with its people, and what was answered last."""

    service: Service
    app: FastAPI
    clock: HandClock
    people: dict[str, Someone] = field(default_factory=dict)
    screens: dict[str, Browser] = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    link: str = ""
    code: str = ""
    token: str = ""
    token_id: str = ""
    account: str = ""

    def browser(self, address: str = HOME) -> Browser:
        client = TestClient(self.app, base_url=ADDRESS, client=(address, 1), raise_server_exceptions=False)
        return Browser(client)

    def keep(self, answer: Any) -> Any:
        self.answers.append(answer)
        return answer

    @property
    def last(self) -> Any:
        return self.answers[-1]

    def refused(self, do: Callable[[], Any]) -> None:
        """Do something that the domain refuses, and keep the code as if it had been answered."""
        try:
            do()
        except Refused as error:
            self.code = error.faults[0].code

    def admit(self, name: str, *places: Place) -> Someone:
        """An account that has accepted its invitation at another desk."""
        with self.service.work(SYSTEM) as work:
            account = accounts.make_account(work, "person", Names(name, name.title()), places)
            id = account.id
            token = links.invite(work, account, timedelta(hours=1)).token
        self.people[name] = someone = self.accept(self.browser("203.0.113.50"), id, name, token)
        return someone

    def accept(self, at: Browser, id: str, name: str, token: str) -> Someone:
        body = {"token": token, "password": PASSWORD}
        secret = at.post("/invitations/accept", body).json()["enrolment"]["secret"]
        someone = Someone(id, name, PASSWORD, secret, self.clock, [])
        done = at.post("/sign-in/second-factor", {"code": someone.fresh_code()})
        someone.recovery_codes = done.json()["recovery_codes"]
        return someone

    def administering(self) -> Browser:
        if "administrator" not in self.screens:
            self.screens["administrator"] = self.people[ADMINISTRATOR].sign_in(self.browser())
        return self.screens["administrator"]


@pytest.fixture
def house(kuwait_engines: Engines, sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    file = tmp_path / "house" / "screening.sqlite3"
    file.parent.mkdir()
    shutil.copy(sqlite_template, file)
    clock = HandClock()
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, clock)
    settings = Settings(workers=1)
    app = create_app(settings, service=service)
    prepare_signing_in(app, service, settings, Hasher(passes=1, memory_kib=64, lanes=1))
    yield House(service, app, clock)
    service.close()


# Who is there


@given("an installation that nobody has used")
def nobody(house: House) -> None:
    with house.service.work(SYSTEM) as work:
        link = links.first_link(work, timedelta(hours=4))
    assert link is not None
    house.link = link.token


@given("an administrator")
def admit_administrator(house: House) -> None:
    house.admit(ADMINISTRATOR, Place("administrator"))


@given("mona, an interviewer")
def admit_mona(house: House) -> None:
    house.admit("mona", Place("interviewer"))


@given("mona has signed in from her office before")
def office(house: House) -> None:
    house.people["mona"].sign_in(house.browser()).send("DELETE", "/sign-in")


# Links and passwords


@when(parsers.re(r'the first link is opened with the password "(?P<password>.+)"'))
def open_first_link(house: House, password: str) -> None:
    house.screens["first"] = at = house.browser()
    names = {"sign_in_name": "amina", "display_name": "أمينة"}
    house.keep(at.post("/invitations/accept", {"token": house.link, "password": password, **names}))


@then("an authenticator app has to be set up before anything else")
def app_needed(house: House) -> None:
    assert house.last.json()["enrolment"]["address"].startswith("otpauth://totp/")
    assert house.screens["first"].get("/accounts").json()["code"] == "S126"


@when("its first code is given")
def first_code(house: House) -> None:
    code = pyotp.TOTP(house.last.json()["enrolment"]["secret"]).at(house.clock())
    house.keep(house.screens["first"].post("/sign-in/second-factor", {"code": code}))


@then(parsers.re(r"(?P<count>\d+) recovery codes are shown, this once"))
def codes_shown(house: House, count: str) -> None:
    assert len(set(house.last.json()["recovery_codes"])) == int(count)
    me = house.screens["first"].get("/me")
    assert me.json()["recovery_codes_left"] == int(count)
    assert not any(code in me.text for code in house.last.json()["recovery_codes"])


@then("the accounts can be seen")
def accounts_seen(house: House) -> None:
    assert house.screens["first"].get("/accounts").status_code == 200


@then("the first link is not valid any more")
@then("the invitation is not valid any more")
def link_used(house: House) -> None:
    body = {"token": house.link, "password": PASSWORD, "sign_in_name": "x", "display_name": "X"}
    assert house.browser().post("/invitations/accept", body).json()["code"] == "S128"


@then("no first link can be made")
def no_first_link(house: House) -> None:
    with house.service.work(SYSTEM) as work:
        assert links.first_link(work, timedelta(hours=4)) is None
        house.refused(lambda: links.make_first_link(work, timedelta(hours=4)))
    assert house.code == "S143"


@when(parsers.re(r"the administrator invites (?P<name>\w+) as (?P<role>\w+)"))
def invite(house: House, name: str, role: str) -> None:
    body = {"sign_in_name": name, "display_name": name, "memberships": [{"role": role}]}
    made = house.administering().post("/accounts", body).json()
    house.link, house.account = made["link"]["token"], made["account"]["id"]


@when(parsers.re(r"(?P<name>\w+) accepts the invitation"))
def accept_invitation(house: House, name: str) -> None:
    house.screens[name] = at = house.browser()
    house.people[name] = house.accept(at, house.account, name, house.link)


# Signing in


@when("mona gives her name and password")
def first_step(house: House) -> None:
    house.screens["mona"] = at = house.browser()
    house.keep(at.post("/sign-in", {"name": "mona", "password": PASSWORD}))


@then("she can see nothing yet")
def nothing_yet(house: House) -> None:
    assert house.last.status_code == 200
    for path in ("/me", "/cases", "/accounts"):
        assert house.screens["mona"].get(path).json()["code"] == "S126"


@when("she gives the code of her telephone")
def second_step(house: House) -> None:
    code = house.people["mona"].fresh_code()
    house.keep(house.screens["mona"].post("/sign-in/second-factor", {"code": code}))


@when("she gives one of her recovery codes")
def recovery(house: House) -> None:
    code = house.people["mona"].recovery_codes[0]
    house.keep(house.screens["mona"].post("/sign-in/recovery", {"code": code}))


@then("that recovery code is used up")
def recovery_used(house: House) -> None:
    at = house.browser()
    at.post("/sign-in", {"name": "mona", "password": PASSWORD})
    again = at.post("/sign-in/recovery", {"code": house.people["mona"].recovery_codes[0]})
    assert again.json()["code"] == "S125"


@when("mona signs in")
def mona_signs_in(house: House) -> None:
    mona = house.people["mona"]
    house.screens["mona"] = at = house.browser()
    at.post("/sign-in", {"name": "mona", "password": mona.password})
    house.code = mona.fresh_code()
    house.keep(at.post("/sign-in/second-factor", {"code": house.code}))
    assert house.last.status_code == 200


@when("mona signs in at a second screen")
def second_screen(house: House) -> None:
    house.screens["second"] = house.people["mona"].sign_in(house.browser())


@when("somebody who saw her password and her code uses both")
def replay(house: House) -> None:
    at = house.browser(ELSEWHERE)
    at.post("/sign-in", {"name": "mona", "password": PASSWORD})
    house.keep(at.post("/sign-in/second-factor", {"code": house.code}))


@then(parsers.re(r"(she|mona|huda) is signed in"))
def signed_in(house: House) -> None:
    name = "mona" if "mona" in house.screens else "huda"
    assert house.screens[name].get("/me").json()["sign_in_name"] == name


@then("mona cannot sign in")
def cannot_sign_in(house: House) -> None:
    answer = house.browser().post("/sign-in", {"name": "mona", "password": PASSWORD})
    assert answer.json()["code"] == "S124"


@then("she has to sign in again")
@then("the first screen has to sign in again")
def signed_out(house: House) -> None:
    assert house.screens["mona"].get("/me").json()["code"] == "S120"


@then("the second screen goes on")
def goes_on(house: House) -> None:
    assert house.screens["second"].get("/me").status_code == 200


@then("she may not read cases")
def may_not(house: House) -> None:
    assert house.screens["mona"].get("/cases").json()["code"] == "S121"


@then(parsers.re(r"it is refused with (?P<code>S\d{3})"))
def is_refused(house: House, code: str) -> None:
    found = house.last.json()["code"] if house.answers else house.code
    assert found == code


# Guessing


@when(parsers.re(r"somebody tries the name (?P<name>\w+) with a wrong password"))
def guess(house: House, name: str) -> None:
    body = {"name": name, "password": "not it at all"}
    house.keep(house.browser(ELSEWHERE).post("/sign-in", body))


@when(parsers.re(r"somebody tries the name (?P<name>\w+) with a wrong password (?P<count>\d+) times"))
def guess_often(house: House, name: str, count: str) -> None:
    for _ in range(int(count)):
        guess(house, name)


@when(parsers.re(r"(?P<count>\d+) strangers try the name (?P<name>\w+) with a wrong password"))
def strangers_guess(house: House, count: str, name: str) -> None:
    for number in range(int(count)):
        at = house.browser(f"198.51.100.{number}")
        at.post("/sign-in", {"name": name, "password": "not it at all"})


@then("both are answered alike")
def alike(house: House) -> None:
    one, other = house.answers[-2:]
    assert one.status_code == other.status_code == 401
    assert one.json() == other.json()


@then(parsers.re(r"the next attempt from there has to wait (?P<seconds>\d+) seconds"))
def has_to_wait(house: House, seconds: str) -> None:
    answer = house.browser(ELSEWHERE).post("/sign-in", {"name": "mona", "password": PASSWORD})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, seconds)


@then("after that mona can sign in from there")
def afterwards(house: House) -> None:
    house.clock.move(seconds=31)
    house.people["mona"].sign_in(house.browser(ELSEWHERE))


@then("a stranger has to wait")
def stranger_waits(house: House) -> None:
    answer = house.browser("198.51.100.77").post("/sign-in", {"name": "mona", "password": PASSWORD})
    assert answer.json()["code"] == "S123"


@then("mona signs in from her office")
def from_office(house: House) -> None:
    house.people["mona"].sign_in(house.browser())


# What ends and what does not


@when(parsers.re(r"(?P<minutes>\d+) minutes pass"))
def minutes_pass(house: House, minutes: str) -> None:
    house.clock.move(minutes=int(minutes))


@when(parsers.re(r"the clock is set back by (?P<hours>\d+) hours"))
def set_back(house: House, hours: str) -> None:
    house.clock.move(hours=-int(hours))


@when("she changes her password there")
def change_password(house: House) -> None:
    body = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    assert house.screens["second"].post("/me/password", body).status_code == 200


@when("another site makes her browser sign her out everywhere else")
def forged(house: House) -> None:
    at = house.screens["mona"]
    at.csrf = None
    house.keep(at.send("DELETE", "/me/sessions", origin="https://elsewhere.example"))


# Roles


@when("the administrator gives himself the role auditor")
def raise_himself(house: House) -> None:
    id = house.people[ADMINISTRATOR].id
    house.keep(house.administering().send("PUT", f"/accounts/{id}/memberships/auditor"))


@when("whoever runs the machine closes the administrator's account")
def close_last(house: House) -> None:
    with house.service.work(SYSTEM) as work:
        account = accounts.find_account(work, house.people[ADMINISTRATOR].id)
        house.refused(lambda: accounts.close(work, account))


@when(parsers.re(r"the administrator takes the role (?P<role>\w+) from mona"))
def take_role(house: House, role: str) -> None:
    path = f"/accounts/{house.people['mona'].id}/memberships/{role}"
    assert house.administering().send("DELETE", path).status_code == 200


@when("the administrator locks mona")
def lock_mona(house: House) -> None:
    path, boss = f"/accounts/{house.people['mona'].id}", house.administering()
    seen = boss.get(path).headers["etag"]
    assert boss.send("PATCH", path, {"status": "locked"}, if_match=seen).status_code == 200


@when("she asks for the accounts")
def ask_accounts(house: House) -> None:
    house.keep(house.screens["mona"].get("/accounts"))


@then("the audit chain names her attempt")
def attempt_audited(house: House) -> None:
    with house.service.database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.action, last.actor) == ("access.refused", house.people["mona"].id)


# Tokens


@given(parsers.re(r"a token of another system for (?P<scope>[a-z_.]+)"))
@when(parsers.re(r"the administrator asks for a token for (?P<scope>[a-z_.]+)"))
def make_token(house: House, scope: str) -> None:
    with house.service.work(SYSTEM) as work:
        site = Site(code="A", kind="shelter", name_en="A", name_ar="أ", created_at=work.now)
        work.session.add(site)
        work.session.flush()
        names = Names("case-system", "Case system")
        system = accounts.make_account(work, "service", names, [Place("service", site.id)])
        house.account = site.id
        body = {"account": system.id, "label": "case system", "scopes": [scope]}
    body["expires_at"] = (house.clock() + timedelta(days=30)).isoformat()
    answer = house.keep(house.administering().post("/tokens", body))
    if answer.status_code == 201:
        house.token, house.token_id = answer.json()["token"], answer.json()["record"]["id"]


@when("the administrator revokes the token")
def revoke(house: House) -> None:
    assert house.administering().send("DELETE", f"/tokens/{house.token_id}").status_code == 204


@when("the system asks for cases")
def system_asks(house: House) -> None:
    house.keep(house.browser().get("/cases", authorization=f"Bearer {house.token}"))


@when("the system opens a case")
def system_opens(house: House) -> None:
    bearer = f"Bearer {house.token}"
    house.keep(house.browser().post("/cases", {"site": house.account}, authorization=bearer))


@then("it gets them")
def gets_them(house: House) -> None:
    assert house.last.status_code == 200
