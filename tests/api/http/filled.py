"""A service with some of everything in it and callers of every role: generated requests find something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from api.settings import Settings
from api.signing_in import prepare_signing_in
from indicators.models import Text
from screening.client import Client
from screening.client.models.cases import EmergencyReason, NewCaseWorkplace, NewConsent
from screening.client.models.interviews import Finish, NewAnswer, NewInterviewBody, Pause
from screening.client.models.referrals import NewReferralBody
from screening.client.models.sites import NewSite
from screening.client.models.tokens import NewToken
from screening.client.models.visits import NewVisit
from screening.client.models.webhooks import NewWebhook
from screening.client.models.workplaces import NewWorkplace
from screening.engines import Engines
from screening.installations import open_installation
from screening.people.access import Actor
from screening.people.passwords import Hasher
from screening.refusals import refused
from tests.services import HandClock, World, application_on, make_world, storage_settings
from tests.sittings import CLEAR_ACCOUNT

ADDRESS = "http://localhost:8000"
SERVICE = "pam_shelter_women"
ROUTE = "shelter"
ROLES: Final = ("supervisor", "interviewer", "inspector", "administrator", "auditor", "reviewer", "service")

# What stands in an address before the id of a record, and the key of a body that holds one.
KINDS: Final = {
    "cases": "case",
    "interviews": "interview",
    "assessments": "assessment",
    "referrals": "referral",
    "workplaces": "workplace",
    "visits": "visit",
    "webhooks": "webhook",
    "sites": "site",
    "accounts": "account",
    "tokens": "token",
    "break-glass": "break_glass",
    "access": "account",
    "follows": "interview",
    "to": "account",
}


@dataclass
class Filled:
    """The application, its world, and ids of records by kind."""

    app: FastAPI
    world: World
    clock: HandClock
    ids: dict[str, list[str]] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """The typed client of somebody."""
        http = TestClient(self.app, base_url=ADDRESS, raise_server_exceptions=False)
        return Client(ADDRESS, token=who, http=http, clock=self.clock)

    def note(self, kind: str, id: str) -> str:
        """Remember a record."""
        self.ids.setdefault(kind, []).append(id)
        return id

    def fill(self, times: int = 2) -> None:
        """Make one of everything, several times."""
        for site in (self.world.site_a, self.world.site_b):
            self.note("site", site)
        for name in ("colleague", "supervisor", "interviewer_b"):
            self.note("account", self.world[name].account_id)
        self.note("system_account", self.world["service"].account_id)
        for at in range(times):
            self._fill_once(at)

    def _fill_once(self, at: int) -> None:
        her = self.client("interviewer")
        head = self.client("supervisor")
        office = self.client("administrator")
        place = head.find_or_create_workplace(NewWorkplace(kind="company", register_number=f"7{at:05d}"))
        self.note("workplace", place.id)
        visit = head.create_visit(NewVisit(site=self.world.site_a, workplace=place.id))
        self.note("visit", visit.id)
        finished = her.create_interview(NewInterviewBody(instrument="intake", site=self.world.site_a))
        case = self.note("case", finished.case)
        for number, (question, given) in enumerate(CLEAR_ACCOUNT.items()):
            key = f"filled-{at}-{number}"
            her.save_answer(
                finished.id, NewAnswer(question=question, answer=given, follows_seq=None, client_key=key)
            )
        seen = her.read_interview(finished.id).last_seq
        self.note("assessment", her.finish_interview(finished.id, Finish(last_seq=seen)).id)
        her.link_case_workplace(case, NewCaseWorkplace(workplace=place.id))
        her.record_consent(
            case,
            NewConsent(
                purpose="referral", recipient=SERVICE, state="given", how="spoken", limits_explained=True
            ),
        )
        written = her.write_new_referral(NewReferralBody(case=case, route=ROUTE, service=SERVICE))
        self.note("referral", written.id)
        for status in ("open", "paused"):
            self._begin(her, case, status)
        self.note("interview", finished.id)
        hook = NewWebhook(label="invented", url=f"https://example.org/{at}", events=["referral.sent"])
        self.note("webhook", office.add_receiving_system(hook).id)
        name = Text(en=f"House {at}", ar="دار")
        self.note("site", office.add_site(NewSite(code=f"H{at}", kind="shelter", name=name)).id)
        scopes = ["cases.read"]
        expires = self.clock.now + timedelta(days=9)
        issued = office.issue_token(
            NewToken(
                account=self.world["service"].account_id, label="invented", scopes=scopes, expires_at=expires
            )
        )
        self.note("token", issued.record.id)
        other = self.client("colleague").open_in_emergency(case, EmergencyReason(reason="she is in danger"))
        self.note("break_glass", other.id)

    def _begin(self, her: Client, case: str, status: str) -> None:
        interview = her.create_interview(NewInterviewBody(instrument="inspection", case=case))
        self.note("interview", interview.id)
        if status == "paused":
            her.read_interview(interview.id)
            her.pause_interview(interview.id, Pause(because="rest"))


def read_caller(filled: Filled, request: Request) -> Actor:
    """Who a request says it is: `Authorization: Bearer <name>`, as a token would be."""
    kind, _, name = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or name not in filled.world.people:
        raise refused("S120")
    return filled.world[name]


@contextmanager
def open_filled(engines: Engines, url: str, **settings: Any) -> Iterator[Filled]:
    """A filled service on a database, as an application in this process."""
    clock = HandClock()
    with ExitStack() as stack:
        service = open_installation(storage_settings(url), engines, clock)
        stack.callback(service.close)
        held = Settings(workers=1, requests_per_minute=1_000_000, **settings)
        app = application_on(service, held)
        # Thousands of passwords are tried; the shipped parameters have tests of their own.
        prepare_signing_in(app, service, held, Hasher(passes=1, memory_kib=64, lanes=1))
        filled = Filled(app, make_world(service), clock)
        app.state.authenticate = lambda request: read_caller(filled, request)
        filled.fill()
        yield filled


def role_for(filled: Filled, permission: str, number: int) -> str:
    """Mostly somebody who may do it, now and then somebody else."""
    allowed = [
        name
        for name in ROLES
        if filled.world.service.permissions.allowed(filled.world[name], permission).anywhere
    ]
    chosen = allowed if allowed and number % 5 else list(ROLES)
    return chosen[number % len(chosen)]


def sqlite_in(folder: Path) -> str:
    """The address of a new embedded database."""
    return f"sqlite:///{folder / 'filled.sqlite3'}"
