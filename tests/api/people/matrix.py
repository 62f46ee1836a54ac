"""The matrix of roles, routes and sites: a world with one record of everything, and who stands where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal

from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from api.access import access_of, api_routes
from api.app import create_app
from api.examples import example_ids, operation_examples
from api.settings import Settings
from indicators.yaml_reading import read_yaml
from screening.people import accounts, api_tokens, sessions
from screening.people.access import SYSTEM, Actor
from screening.people.accounts import Names, Place
from screening.people.second_factors import make_secret
from screening.people.sessions import SessionRules
from screening.storage.tables.cases import CaseAccess
from screening.storage.tables.people import ROLES
from screening.storage.tables.sites import Site
from screening.work import Service

# Where somebody stands: has the role at the site of the case and the case itself; has the role there; has it
# at another site; has it everywhere; has no role at all.
Standing = Literal["own", "site", "other", "everywhere", "none"]
STANDINGS: Final[tuple[Standing, ...]] = ("own", "site", "other", "everywhere", "none")
ADDRESS: Final = "http://localhost:8000"
_COOKIE: Final = "screening-on-this-machine"
_RULES: Final = SessionRules(timedelta(minutes=30), timedelta(hours=12))
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Call:
    """How to call one route."""

    of: Literal["anything", "case", "site"]
    path: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    seen: int | None = None
    also: str | None = None
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A route of the application as the matrix sees it."""

    name: str
    method: str
    path: str
    access: str | None


def read_calls() -> tuple[frozenset[str], dict[str, Call]]:
    """The routes that are meant to be public, and how to call the others."""
    found = read_yaml((_HERE / "calls.yaml").read_bytes(), "calls.yaml").plain()
    calls = {}
    for name, entry in found["routes"].items():
        calls[name] = Call(**{**entry, "answers": tuple(entry.get("answers", ()))})
    return frozenset(found["public"]), calls


def pages_without_a_row() -> frozenset[str]:
    """The pages of the desk that the matrix does not call yet."""
    return frozenset(
        read_yaml((_HERE / "calls.yaml").read_bytes(), "calls.yaml").plain()["pages_without_a_row"]
    )


def routes_of(app: FastAPI) -> list[Route]:
    """Every route of an application, one for each of its methods."""
    return [
        Route(_key(route), method, str(route.path), access_of(route))
        for route in api_routes(app)
        for method in sorted(route.methods or ())
    ]


def _key(route: Any) -> str:
    """What a route is called in calls.yaml: the name of its function; `desk.` and that for a page."""
    page = str(route.endpoint.__module__).startswith("api.desk.")
    return f"desk.{route.name}" if page else str(route.name)


@dataclass(frozen=True)
class Principal:
    """Somebody who calls: with a session, or with the token of another system."""

    role: str
    standing: Standing
    actor: Actor
    headers: Mapping[str, str]


class Matrix:
    """One world, made once; every call of it is undone, so that each finds the same."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.app = create_app(Settings(workers=1, requests_per_minute=1_000_000), service=service)
        self.client = TestClient(
            self.app, base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False
        )
        self.public, self.calls = read_calls()
        self.records: dict[str, str] = {
            "role": "auditor",
            "held_role": "interviewer",
            "nothing": "0" * 32,
            "question": "locked_in",
            "queue": "open_interviews",
        }
        self.principals: list[Principal] = []
        self._make_places()
        self._make_records()
        self._make_principals()
        self._examples = operation_examples()

    # The world

    def _make_places(self) -> None:
        with self.service.work(SYSTEM) as work:
            for code in ("A", "B"):
                site = Site(code=code, kind="shelter", name_en=code, name_ar=code, created_at=work.now)
                work.session.add(site)
                work.session.flush()
                self.records["site" if code == "A" else "other_site"] = site.id
        site = self.records["site"]
        self.keeper = self._someone("keeper", "supervisor", Place("supervisor", site))
        self.boss = self._someone("boss", "administrator", Place("administrator"))
        self.records["keeper"] = self.keeper.actor.account_id
        self.colleague = self._someone("colleague", "interviewer", Place("interviewer", site))
        self.records["account"] = self.colleague.actor.account_id
        with self.service.work(self.boss.actor) as work:
            system = accounts.make_account(
                work, "service", Names("system", "System"), [Place("service", site)]
            )
            token = api_tokens.issue(work, system.id, "x", ["cases.read"], work.now + timedelta(days=1))
            self.records |= {"system_account": system.id, "token": token.row.id}

    def _make_records(self) -> None:
        site = self.records["site"]
        case = self._made("/cases", site=site)
        self.records |= {"case": case["id"], "NUMBER": case["number"]}
        self.records["OTHER_CASE"] = self._made("/cases", site=site)["id"]
        workplace = self._made("/workplaces", kind="company", name="Blue Door")["id"]
        linked = self._made("/workplaces", kind="company", name="Green Door")["id"]
        self._made(f"/cases/{case['id']}/workplaces", workplace=linked)
        self.records |= {"workplace": workplace, "linked_workplace": linked}
        self.records["visit"] = self._made("/visits", site=site, workplace=workplace)["id"]
        agreed = {"purpose": "referral", "recipient": "own_service", "state": "given", "how": "spoken"}
        self.records["consent"] = self._made(f"/cases/{case['id']}/consents", **agreed)["id"]
        for name in ("interview", "paused_interview", "finished"):
            made = self._made("/interviews", instrument="intake", case=case["id"])
            self.records[name] = made["id"]
        finished = self.records["finished"]
        answer = {"question": "locked_in", "answer": "yes", "follows_seq": None, "client_key": "m-1"}
        seq = self._made(f"/interviews/{finished}/answers", **answer)["seq"]
        done = self._made(f"/interviews/{finished}/finish", seen=self._version(finished), last_seq=seq)
        self.records["assessment"] = done["id"]
        later = {"instrument": "rescreen", "case": case["id"], "follows": finished, "because": "rest"}
        self.records["later_interview"] = self._made("/interviews", **later)["id"]
        paused = self.records["paused_interview"]
        self._made(f"/interviews/{paused}/pause", seen=self._version(paused), because="rest")
        referral = {"case": case["id"], "route": "basic_needs", "service": "own_service", "because": "hungry"}
        self.records["referral"] = self._made("/referrals", **referral)["id"]
        hook = {"label": "case system", "url": "https://receiver.example/hook", "events": ["referral.sent"]}
        self.records["webhook"] = self._made("/webhooks", by=self.boss, **hook)["id"]
        reason = "A fire alarm at the shelter."
        path = f"/cases/{case['id']}/break-glass"
        self.records["break_glass"] = self._made(path, by=self.colleague, reason=reason)["id"]

    def _version(self, interview: str) -> int:
        answer = self.client.get(f"/api/v1/interviews/{interview}", headers=self.keeper.headers)
        return int(answer.headers["etag"].strip('"'))

    def _made(self, path: str, by: Principal | None = None, seen: int | None = None, **body: Any) -> Any:
        headers = dict((by or self.keeper).headers)
        if seen is not None:
            headers["if-match"] = f'"{seen}"'
        answer = self.client.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json()

    def _make_principals(self) -> None:
        site, other = self.records["site"], self.records["other_site"]
        where = {"own": site, "site": site, "other": other, "everywhere": None}
        for role in ROLES:
            for standing in STANDINGS:
                places = [] if standing == "none" else [Place(role, where[standing])]
                someone = self._someone(f"{role} {standing}", role, *places, standing=standing)
                self.principals.append(someone)
                if standing == "own":
                    self._give_case(someone.actor.account_id)

    def _give_case(self, account_id: str) -> None:
        with self.service.work(SYSTEM) as work:
            work.session.add(
                CaseAccess(
                    case_id=self.records["case"],
                    account_id=account_id,
                    because="assigned",
                    granted_by=self.keeper.actor.account_id,
                    granted_at=work.now,
                )
            )

    def _someone(self, name: str, role: str, *places: Place, standing: Standing = "site") -> Principal:
        kind: Literal["person", "service"] = "service" if role == "service" else "person"
        with self.service.work(SYSTEM) as work:
            account = accounts.make_account(work, kind, Names(name, name.title()), places)
            actor = Actor(account.id, kind, accounts.grants_of(work.session, account.id))
            if kind == "person":
                make_secret(work, account)
                account.status, account.totp_confirmed_at = "active", work.now
                headers = self.sign_in(account.id)(work)
        if kind == "service":
            headers = self.give_token(actor)
        return Principal(role, standing, actor, headers)

    def sign_in(self, account_id: str, step: Literal["second_factor", "signed_in"] = "signed_in") -> Any:
        """What opens a session, given the work, and returns the headers of its browser."""

        def open_one(work: Any) -> dict[str, str]:
            opened = sessions.open_session(work, account_id, step, _RULES, "192.0.2.1")
            return {"cookie": f"{_COOKIE}={opened.token}", "x-csrf-token": opened.csrf_token}

        return open_one

    def give_token(self, actor: Actor, without: str | None = None) -> dict[str, str]:
        """The headers of a token with every scope that the account can have, or with all but one."""
        with self.service.work(self.boss.actor) as work:
            account = accounts.find_account(work, actor.account_id)
            scopes = api_tokens.scopes_for(work.permissions, work, account)
            kept = [scope for scope in scopes if scope != without]
            if not kept:
                # An account without roles has no scopes: its token is as good as one that was never issued.
                return {"authorization": "Bearer kws_nothing"}
            issued = api_tokens.issue(work, account.id, "matrix", kept, work.now + timedelta(days=1))
        return {"authorization": f"Bearer {issued.token}"}

    # Calls

    def call(self, route: Route, headers: Mapping[str, str]) -> Any:
        """Call a route as its entry says; whatever it writes is undone."""
        how = self.calls[route.name]
        path = route.path
        for parameter, record in how.path.items():
            path = path.replace(f"{{{parameter}}}", self.records[record])
        assert "{" not in path, f"calls.yaml does not say what stands in {route.path}"
        sent = dict(headers)
        if how.seen is not None:
            sent["if-match"] = f'"{how.seen}"'
        body = self._body(route, how)
        with undone(self.service):
            return self.client.request(route.method, path, headers=sent, json=body)

    def _body(self, route: Route, how: Call) -> Any:
        if how.body is not None:
            return self._fill(how.body)
        examples = self._examples.get(route.name)
        return None if examples is None else self._fill(next(iter(examples.values()))["value"])

    def _fill(self, body: Any) -> Any:
        text = json.dumps(body)
        for what, stand_in in example_ids().items():
            text = text.replace(stand_in, self.records.get(what, stand_in))
        for name in ("OTHER_CASE", "CASE", "NUMBER"):
            text = text.replace(f'"{name}"', f'"{self.records.get(name, self.records.get(name.lower()))}"')
        return json.loads(text)

    # What the table says

    def expected(self, route: Route, who: Principal) -> Literal["denied", "hidden", "allowed"]:
        """What `roles.yaml` says of a cell: no such permission, out of reach, or allowed."""
        how = self.calls[route.name]
        table = self.service.permissions.permissions
        wanted = [str(route.access), *([how.also] if how.also is not None else [])]
        reaches = [table[name].reach.get(who.role) for name in wanted]
        if who.standing == "none" or None in reaches:
            return "denied"
        if how.of == "anything":
            return "allowed"
        reached = all(_reaches(str(reach), who.standing, how.of) for reach in reaches)
        return "allowed" if reached else "hidden"


def _reaches(reach: str, standing: Standing, of: str) -> bool:
    """Whether a reach gets from where somebody stands to the case, or the site as a whole."""
    if reach == "all":
        return True
    if reach == "site":
        return standing in ("own", "site", "everywhere")
    return of == "case" and standing == "own"


@contextmanager
def undone(service: Service) -> Iterator[None]:
    """Undo every transaction while the block runs."""
    database = service.database
    opened = database._session

    @contextmanager
    def writing() -> Iterator[Session]:
        with opened("write") as session:
            yield session
            session.flush()
            session.rollback()

    database.writing = writing  # type: ignore[method-assign]
    try:
        yield
    finally:
        del database.writing
