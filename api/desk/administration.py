"""Where an administrator begins: what there is to manage, and the state of the system and its keys."""

from __future__ import annotations

import platform
from typing import Final

from fastapi import APIRouter, Request
from sqlalchemy import func, select, text
from starlette.responses import Response

from api.access import Caller, service_of
from api.desk.filling import looking
from api.desk.viewing import opens
from api.pages.rendering import page
from api.problems import RequestRefused
from api.routes.health import try_readiness
from api.routes.shared import engines_of, settings_of
from indicators.errors import AnswersError, ContentError, Fault
from screening.interviews import DEFAULT_RULE_SET
from screening.storage.schemas import version_in
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.keys import PURPOSES, DataKey
from screening.storage.tables.people import ACCOUNT_STATUSES, Account, ApiToken
from screening.storage.tables.referrals import Delivery, Webhook
from screening.storage.tables.sites import Site
from screening.work import Work

router = APIRouter(include_in_schema=False)

# What no server answers with, only a start: where the program came from matters to nobody here.
_DIALECTS: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@router.get("/administration")
def show_administration(request: Request, caller: Caller = opens("accounts.read")) -> Response:
    """What there is to manage, with how much of it there is."""
    with looking(caller) as work:
        session = work.session
        grouped = session.execute(select(Account.status, func.count()).group_by(Account.status))
        by_status = dict.fromkeys(ACCOUNT_STATUSES, 0) | {row[0]: row[1] for row in grouped}
        sites = session.scalar(select(func.count()).where(Site.active.is_(True))) or 0
        tokens = (
            session.scalar(
                select(func.count()).where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > work.now)
            )
            or 0
        )
        webhooks = session.scalar(select(func.count()).where(Webhook.active.is_(True))) or 0
        failed = session.scalar(select(func.count()).where(Delivery.status == "failed")) or 0
    return page(
        request,
        "desk/administration/administration.html",
        accounts=by_status,
        sites=sites,
        tokens=tokens,
        webhooks=webhooks,
        failed=failed,
    )


@router.get("/administration/keys")
def show_keys(request: Request, caller: Caller = opens("keys.read")) -> Response:
    """Which master keys the records are under, by id and count; never a key."""
    vault = service_of(request).vault
    with caller.work() as work:
        in_use = [
            (master, count, vault.has_master(master), master == vault.current_master)
            for master, count in vault.masters_in_use(work.session).items()
        ]
        kinds = _count_keys(work)
        work.record("keys.read", "installation", "keys", masters=len(in_use))
    return page(
        request,
        "desk/administration/keys.html",
        current=vault.current_master,
        in_use=in_use,
        waiting=sum(count for _, count, _, current in in_use if not current),
        missing=[master for master, _, given, _ in in_use if not given],
        kinds=kinds,
    )


@router.get("/administration/system")
def show_system(request: Request, caller: Caller = opens("metrics.read")) -> Response:
    """Whether the service can work, on what it runs, and how backups are made."""
    service, engines, settings = service_of(request), engines_of(request), settings_of(request)
    ready, problems = None, tuple[Fault, ...]()
    try:
        ready = try_readiness(engines, service)
    except (AnswersError, ContentError, RequestRefused) as error:
        problems = tuple(error.faults)
    with looking(caller) as work:
        dialect = work.session.get_bind().dialect.name
        shown = "sqlite_version()" if dialect == "sqlite" else "current_setting('server_version')"
        version = str(work.session.scalar(text(f"SELECT {shown}")))
        entries = work.session.scalar(select(func.max(AuditEntry.seq))) or 0
        schema = version_in(work.session.connection())
    return page(
        request,
        "desk/administration/system.html",
        ready=ready,
        problems=problems,
        database=_DIALECTS.get(dialect, dialect),
        database_version=version,
        embedded=dialect == "sqlite",
        schema=schema,
        entries=entries,
        program=request.app.version,
        python=platform.python_version(),
        revisions=[one.number for one in engines.revisions(DEFAULT_RULE_SET)],
        processes=settings.processes,
        workers=settings.workers,
        public=settings.public_address,
    )


def _count_keys(work: Work) -> list[tuple[str, int, int]]:
    """Data keys by what they are for: how many there are, and how many were destroyed."""
    rows = work.session.execute(
        select(DataKey.purpose, func.count(DataKey.wrapped), func.count(DataKey.destroyed_at)).group_by(
            DataKey.purpose
        )
    )
    found = {purpose: (held, destroyed) for purpose, held, destroyed in rows}
    return [(purpose, *found.get(purpose, (0, 0))) for purpose in PURPOSES]
