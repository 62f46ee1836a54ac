"""The matrix of roles, routes and sites: a world with one record of everything, and who stands where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlencode

import pyotp
from fastapi import FastAPI, Request
from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.testclient import TestClient

from api.access import access_of, api_routes
from api.app import create_app
from api.examples import example_ids, operation_examples
from api.pages.tokens import mask_token
from api.settings import Settings
from api.signing_in import prepare_signing_in
from indicators.errors import Fault
from indicators.yaml_reading import read_yaml
from screening.drafting.drafts import make_draft
from screening.people import accounts, api_tokens, sessions
from screening.people.access import SYSTEM, Actor
from screening.people.accounts import Names, Place
from screening.people.passwords import Hasher
from screening.people.second_factors import keep_secret
from screening.people.sessions import Opened, SessionRules, Step
from screening.people.sign_ins import From
from screening.storage.tables.cases import CaseAccess
from screening.storage.tables.people import ROLES
from screening.storage.tables.sites import Site
from screening.work import Service, Work

# Where somebody stands: has the role at the site of the case and the case itself; has the role there; has it
# at another site; has it everywhere; has no role at all.
Standing = Literal["own", "site", "other", "everywhere", "none"]
STANDINGS: Final[tuple[Standing, ...]] = ("own", "site", "other", "everywhere", "none")
ADDRESS: Final = "http://localhost:8000"
_COOKIE: Final = "screening-on-this-machine"
_RULES: Final = SessionRules(timedelta(minutes=30), timedelta(hours=12))
_HERE: Final = Path(__file__).parent
# Everybody's password and telephone: pages about the own account ask for them.
PASSWORD: Final = "maple river cloud seven"
_SECRET: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# A page says no in words; under this header the matrix hears the code that it says it for.
CODE_HEADER: Final = "x-matrix-code"
_PAGE: Final = "desk."


@dataclass(frozen=True)
class Call:
    """How to call one route."""

    asks: str
    of: Literal["anything", "case", "site"]
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    form: Mapping[str, Any] = field(default_factory=dict)
    seen: int | None = None
    also: str | None = None
    beside: str | None = None
    leads: str = "no"
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A route of the application as the matrix sees it."""

    name: str
    method: str
    path: str
    access: str | None

    @property
    def is_page(self) -> bool:
        """Whether it is a page of the desk, for people with a browser."""
        return self.name.startswith(_PAGE)


def read_calls() -> tuple[frozenset[str], dict[str, Call]]:
    """The routes that are meant to be public, and how to call the others."""
    found = read_yaml((_HERE / "calls.yaml").read_bytes(), "calls.yaml").plain()
    calls = {}
    for name, entry in found["routes"].items():
        assert "asks" in entry, f"calls.yaml: say with `asks` which permission {name} must ask for"
        calls[name] = Call(**{**entry, "answers": tuple(entry.get("answers", ()))})
    return frozenset(found["public"]), calls


def routes_of(app: FastAPI) -> list[Route]:
    """Every route of an application, one for each of its methods."""
    return [
        Route(key_of(route), method, str(route.path), access_of(route))
        for route in api_routes(app)
        for method in sorted(route.methods or ())
    ]


def key_of(route: Any) -> str:
    """What a route is called in calls.yaml: the name of its function; `desk.` and that for a page."""
    page = str(route.endpoint.__module__).startswith("api.desk.")
    return f"{_PAGE}{route.name}" if page else str(route.name)


@dataclass(frozen=True)
class Principal:
    """Somebody who calls: with a session, or with the token of another system."""

    role: str
    standing: Standing
    actor: Actor
    headers: Mapping[str, str]
    session_id: str | None = None


NOBODY: Final = Principal("nobody", "none", Actor("nobody", "system", frozenset()), {})


class Matrix:
    """One world, made once; every call of it is undone, so that each finds the same."""

    def __init__(self, service: Service) -> None:
        self.service = service
        settings = Settings(workers=1, requests_per_minute=1_000_000)
        self.app = create_app(settings, service=service)
        self.hasher = Hasher(passes=1, memory_kib=64, lanes=1)
        prepare_signing_in(self.app, service, settings, self.hasher)
        self._password_hash = self.hasher.hash(PASSWORD)
        _tell_codes(self.app)
        self.client = TestClient(
            self.app, base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False
        )
        self.public, self.calls = read_calls()
        self.records: dict[str, str] = {
            "role": "auditor",
            "held_role": "interviewer",
            "nothing": "0" * 32,
            "question": "locked_in",
            "section": "room",
            "queue": "open_interviews",
            "route": "basic_needs",
            "own_service": "own_service",
            "step": "sent",
            "sitter": "IN-01",
            "rule": "AL-R-01",
            "sign": "economic_need_at_home",
        }
        self.principals: list[Principal] = []
        self._begun: dict[str, dict[str, str]] = {}
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
        with self.service.work(self.boss.actor) as work:
            self.records["draft"] = make_draft(work, "Summer")

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
                keep_secret(work, account, _SECRET, 0)
                account.status, account.password_hash = "active", self._password_hash
                opened = self._open_session(work, account.id)
                return Principal(role, standing, actor, _headers_of(opened), opened.id)
        return Principal(role, standing, actor, self.give_token(actor))

    def half_signed_in(self) -> Principal:
        """An administrator who has not shown the second factor yet."""
        with self.service.work(SYSTEM) as work:
            opened = self._open_session(work, self.boss.actor.account_id, "second_factor")
        return replace(self.boss, headers=_headers_of(opened), session_id=opened.id)

    def _open_session(self, work: Work, account_id: str, step: Step = "signed_in") -> Opened:
        return sessions.open_session(work, account_id, step, _RULES, "192.0.2.1")

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

    def call(self, route: Route, who: Principal, **headers: str | None) -> Any:
        """Call a route as its entry says; whatever it writes is undone. A header of None is not sent."""
        how = self.calls[route.name]
        path = route.path
        for parameter, record in how.path.items():
            path = path.replace(f"{{{parameter}}}", self._own(who).get(record) or self.records[record])
        assert "{" not in path, f"calls.yaml does not say what stands in {route.path}"
        given = {**who.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        sent = {name: value for name, value in given.items() if value is not None}
        query = {name: self._fill_in(value, who) for name, value in how.query.items()}
        with undone(self.service):
            if route.is_page:
                return self._send_page(route, how, path, query, sent, who)
            if how.seen is not None:
                sent["if-match"] = f'"{how.seen}"'
            body = self._body(route, how)
            return self.client.request(route.method, path, headers=sent, json=body, params=query)

    def _send_page(
        self,
        route: Route,
        how: Call,
        path: str,
        query: Mapping[str, str],
        sent: dict[str, str],
        who: Principal,
    ) -> Any:
        """As a browser sends it: the token of the session stands in the form, under a mask."""
        sent["accept"] = "text/html,application/xhtml+xml"
        token = sent.pop("x-csrf-token", None)
        if route.method == "GET":
            return self.client.get(path, headers=sent, params=query)
        form = {name: self._fill_in(value, who) for name, value in how.form.items()}
        if token is not None:
            form["_csrf"] = mask_token(token)
        # A form without a field is one as well.
        sent["content-type"] = "application/x-www-form-urlencoded"
        body = urlencode(form, doseq=True)
        return self.client.request(route.method, path, headers=sent, content=body, params=query)

    def _fill_in(self, value: Any, who: Principal) -> Any:
        """What is typed into a field; a record in capitals stands for its id."""
        if isinstance(value, list):
            return [self._fill_in(one, who) for one in value]
        text = str(value)
        known = {**self.records, **self._own(who)}
        for name in (text, text.lower()):
            if text.isupper() and name in known:
                return known[name]
        if text in ("PENDING", "PENDING_CODE"):
            return self._pending(who)[text]
        return text

    def _own(self, who: Principal) -> dict[str, str]:
        """What somebody alone has: a password, the code of a telephone, a session."""
        code = pyotp.TOTP(_SECRET).at(self.service.clock())
        return {"password": PASSWORD, "code": code, "session": who.session_id or self.records["nothing"]}

    def _pending(self, who: Principal) -> dict[str, str]:
        """A second factor that was begun, and the first code of it; nobody else has one."""
        if who.session_id is None:
            return {"PENDING": "nothing", "PENDING_CODE": "000000"}
        id = who.actor.account_id
        if id not in self._begun:
            code, origin = self._own(who)["code"], From("192.0.2.1", None)
            pending = self.app.state.sign_ins.begin_second_factor(who.actor, PASSWORD, code, origin)
            first = pyotp.TOTP(pending.enrolment.secret).at(self.service.clock())
            self._begun[id] = {"PENDING": pending.sealed, "PENDING_CODE": first}
        return self._begun[id]

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
        wanted = [how.asks, *([how.also] if how.also is not None else [])]
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


def _headers_of(opened: Opened) -> dict[str, str]:
    return {"cookie": f"{_COOKIE}={opened.token}", "x-csrf-token": opened.csrf_token}


def _tell_codes(app: FastAPI) -> None:
    """Send with every page of a problem the code that it speaks of."""
    respond = app.state.respond_as_page

    def tell(request: Request, faults: Sequence[Fault], status: int) -> Response | None:
        answer: Response | None = respond(request, faults, status)
        if answer is not None:
            answer.headers[CODE_HEADER] = faults[0].code
        return answer

    app.state.respond_as_page = tell


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
            # What was read stays as it is, as after a commit.
            session.expunge_all()
            session.rollback()

    database.writing = writing  # type: ignore[method-assign]
    try:
        yield
    finally:
        del database.writing
