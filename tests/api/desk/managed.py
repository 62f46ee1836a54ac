"""A site with something on every page of account, administration, audit, statistics and practice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import select

from api.settings import Settings
from api.signing_in import prepare_signing_in
from screening.cases.break_glass import open_in_emergency
from screening.engines import Engines
from screening.installations import open_installation
from screening.people import accounts, api_tokens
from screening.people.access import Actor
from screening.people.accounts import Names, Place
from screening.people.passwords import Hasher
from screening.people.second_factors import keep_secret, make_recovery_codes
from screening.referrals.webhooks import add_webhook, announce
from screening.storage.tables.cases import Case
from screening.storage.tables.people import Account
from screening.storage.tables.referrals import Delivery
from screening.work import Service
from tests.api.desk.conftest import session_cookie
from tests.screening.statistics.counted import add_counted
from tests.services import HandClock, World, application_on, make_world, storage_settings

PASSWORD = "maple river cloud seven"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_OUTCOMES = (
    ("trafficking_indicated", "shelter", 9),
    ("trafficking_possible", "legal_aid", 7),
    ("other_concern", "labour_complaint", 14),
    ("not_enough_known", None, 6),
    ("nothing_indicated_so_far", None, 2),
)
_MODES = ("came_alone", "embassy_or_its_shelter", "complaint_office")


class Managed:
    """The site, its application, and what to open on it."""

    def __init__(self, service: Service, world: World, clock: HandClock) -> None:
        self.service = service
        self.world = world
        self.clock = clock
        self.app: FastAPI = application_on(service)
        prepare_signing_in(self.app, service, Settings(workers=1), Hasher(passes=1, memory_kib=64, lanes=1))
        self.ids: dict[str, str] = {}

    def cookie(self, name: str) -> tuple[str, str]:
        """Name and value of the cookie of somebody who has signed in just now."""
        return session_cookie(self.service, self.world, name)

    def fill(self) -> None:
        """Put something on every page."""
        self._give_passwords()
        self._count()
        self._administer()
        self._break_glass()

    def _give_passwords(self) -> None:
        hasher = Hasher(passes=1, memory_kib=64, lanes=1)
        for name in ("interviewer", "administrator"):
            with self.service.work(self.world[name]) as work:
                account = accounts.find_account(work, self.world[name].account_id)
                account.password_hash, account.password_changed_at = hasher.hash(PASSWORD), work.now
                keep_secret(work, account, SECRET, 0)
                make_recovery_codes(work, account)

    def _count(self) -> None:
        for quarter, month in enumerate((5, 8)):
            at = datetime(2026, month, 15, 9, tzinfo=UTC)
            for number, (outcome, route, times) in enumerate(_OUTCOMES):
                mode = _MODES[number % len(_MODES)]
                add_counted(
                    self.service, self.world, at, times + quarter, mode=mode, outcome=outcome, route=route
                )

    def _administer(self) -> None:
        boss = self.world["administrator"]
        with self.service.work(boss) as work:
            system = accounts.make_account(
                work, "service", Names("case.system", "Case system"), [Place("service", self.world.site_a)]
            )
            issued = api_tokens.issue(
                work, system.id, "nightly import", ["cases.read"], work.now + timedelta(days=90)
            )
            hook = add_webhook(
                work,
                label="Case system",
                url="https://cases.example/hook",
                events=["referral.sent", "case.break_glass"],
                allowed_hosts=frozenset({"cases.example"}),
            )
            self.ids |= {"system": system.id, "token": issued.row.id, "webhook": hook.id}
            self.ids["colleague"] = self.world["colleague"].account_id
            self.ids["site"] = self.world.site_a
        with self.service.work(boss) as work:
            for number, status in enumerate(("delivered", "failed")):
                announce(work, "referral.sent", site_id=self.world.site_a, referral=f"R-{number}")
                row = work.session.scalars(select(Delivery).where(Delivery.status == "waiting")).one()
                row.status, row.attempts, row.next_at = status, 1 + 7 * number, None
                row.last_status, row.done_at = (204, work.now) if status == "delivered" else (None, work.now)

    def _break_glass(self) -> None:
        with self.service.work(self.world["administrator"]) as work:
            case_id = work.session.scalars(select(Case.id).limit(1)).one()
            taken = work.session.scalars(select(Account.id).where(Account.id == self.ids["colleague"])).one()
        colleague: Actor = self.world["colleague"]
        assert colleague.account_id == taken
        with self.service.work(colleague) as work:
            reason = "A fire alarm at the shelter: I had to know who is in which room."
            self.ids["emergency"] = open_in_emergency(work, case_id, reason).id


@contextmanager
def managed_site(engines: Engines, folder: Path) -> Iterator[Managed]:
    """A filled site on an embedded database of its own."""
    clock = HandClock()
    service = open_installation(storage_settings(f"sqlite:///{folder / 'managed.sqlite3'}"), engines, clock)
    try:
        site = Managed(service, make_world(service), clock)
        site.fill()
        yield site
    finally:
        service.close()


def pages_of(site: Managed) -> dict[str, tuple[str, ...]]:
    """Every page to look at, by who opens it."""
    ids = site.ids
    asked = "heard_alone.consent_to_talk.own_account.locked_in.pay_late_or_kept.violence_happened"
    person = "/practice/IN-01"
    return {
        "interviewer": (
            "/account",
            "/account/name",
            "/account/reading",
            "/account/password",
            "/account/second-factor",
            "/account/recovery-codes",
            "/account/sessions",
            "/sign-out",
            "/practice",
            person,
            f"{person}?asked={asked}",
            f"{person}/conclude?asked={asked}",
            f"{person}/feedback?asked={asked}",
            f"{person}/feedback?asked={asked}&outcome=other_concern&need=medical&need=food&route=shelter"
            "&route=embassy",
        ),
        "administrator": (
            "/administration",
            "/administration/accounts",
            "/administration/accounts?status=locked",
            "/administration/accounts/new",
            f"/administration/accounts/{ids['colleague']}",
            f"/administration/accounts/{ids['system']}",
            f"/administration/accounts/{ids['colleague']}/status?to=closed",
            f"/administration/accounts/{ids['colleague']}/reset",
            "/administration/sites",
            "/administration/sites/new",
            f"/administration/sites/{ids['site']}",
            "/administration/tokens",
            "/administration/tokens/new",
            f"/administration/tokens/new?account={ids['system']}",
            f"/administration/tokens/{ids['token']}/revoke",
            "/administration/webhooks",
            "/administration/webhooks/new",
            f"/administration/webhooks/{ids['webhook']}",
            f"/administration/webhooks/{ids['webhook']}/remove",
            "/administration/retention",
            "/administration/keys",
            "/administration/system",
        ),
        "auditor": (
            "/audit",
            "/audit?actor=nobody&from=yesterday",
            "/audit/head",
            "/audit/verify",
            "/audit/emergencies",
            f"/audit/emergencies/{ids['emergency']}",
        ),
        "supervisor": ("/statistics",),
    }
