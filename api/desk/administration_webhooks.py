"""The systems that are told when a referral moves: added, stopped, forgotten, and what each was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, status_of
from api.desk.forms import faults_of, read_version, require_chosen, require_short, written
from api.desk.people import sites_by_id
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from screening.people.accounts import LONGEST_NAME
from screening.referrals.webhooks import (
    EVENTS,
    add_webhook,
    change_webhook,
    find_webhook,
    list_webhooks,
    read_deliveries,
    remove_webhook,
)
from screening.refusals import Refused
from screening.storage.versions import require_seen

router = APIRouter(include_in_schema=False)

_EVERYWHERE: Final = "everywhere"
_LONGEST_ADDRESS: Final = 2000


@router.get("/administration/webhooks")
def show_webhooks(request: Request, done: str = "", caller: Caller = opens("webhooks.write")) -> Response:
    """The receiving systems."""
    with caller.work() as work:
        work.record("webhook.list", "webhook", "list")
        rows, sites = list_webhooks(work), sites_by_id(work)
    return page(request, "desk/administration/webhooks.html", rows=rows, sites=sites, done=done == "removed")


@router.get("/administration/webhooks/new")
def ask_for_webhook(request: Request, caller: Caller = opens("webhooks.write")) -> Response:
    """The form for a receiving system."""
    return _show_new(request, caller, {"site": [_EVERYWHERE]})


@router.post("/administration/webhooks/new")
def add_one_webhook(request: Request, fields: Posted, caller: Caller = opens("webhooks.write")) -> Response:
    """Add a system to be told; the secret that signs its messages is shown this once."""
    hosts: frozenset[str] = request.app.state.webhook_hosts
    faults = (
        *require_filled(fields, "label", "url"),
        *require_short(fields, label=LONGEST_NAME, url=_LONGEST_ADDRESS),
        *require_chosen(fields, "events"),
    )
    if faults:
        return _show_new(request, caller, fields, faults)
    site = first(fields, "site")
    try:
        with caller.work() as work:
            made = add_webhook(
                work,
                label=written(fields, "label") or "",
                url=written(fields, "url") or "",
                events=_chosen(fields),
                site_id=None if site in ("", _EVERYWHERE) else site,
                allowed_hosts=hosts,
            )
    except Refused as error:
        return _show_new(request, caller, fields, faults_of(error, "url", "label", "events", "site"))
    return page(request, "desk/administration/webhook_added.html", webhook=made)


@router.get("/administration/webhooks/{id}")
def show_webhook(
    request: Request, id: RecordId, done: str = "", caller: Caller = opens("webhooks.write")
) -> Response:
    """One receiving system, and the newest messages to it."""
    return _show(request, caller, id, done=done == "changed")


@router.post("/administration/webhooks/{id}")
def change_one_webhook(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("webhooks.write")
) -> Response:
    """Change what a system is told, or stop telling it."""
    if faults := require_chosen(fields, "events", "active"):
        return _show(request, caller, id, fields, faults)
    try:
        with caller.work() as work:
            webhook = find_webhook(work, id, lock=True)
            require_seen(webhook, read_version(fields))
            change_webhook(work, webhook, events=_chosen(fields), active=first(fields, "active") == "yes")
    except Refused as error:
        return _show(request, caller, id, fields, faults_of(error, "events", "active"))
    return RedirectResponse(f"/administration/webhooks/{id}?done=changed", 303)


@router.get("/administration/webhooks/{id}/remove")
def ask_to_remove_webhook(
    request: Request, id: RecordId, caller: Caller = opens("webhooks.write")
) -> Response:
    """Ask before a system is forgotten."""
    with looking(caller) as work:
        webhook = find_webhook(work, id)
        waiting = sum(row.status == "waiting" for row in read_deliveries(work, webhook))
    return page(request, "desk/administration/webhook_remove.html", webhook=webhook, waiting=waiting)


@router.post("/administration/webhooks/{id}/remove")
def remove_one_webhook(id: RecordId, caller: Caller = opens("webhooks.write")) -> Response:
    """Forget a system and what it was still to be told."""
    with caller.work() as work:
        remove_webhook(work, find_webhook(work, id, lock=True))
    return RedirectResponse("/administration/webhooks?done=removed", 303)


def _chosen(fields: Fields) -> Sequence[str]:
    return [event for event in fields.get("events", ()) if event]


def _show_new(
    request: Request, caller: Caller, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    with looking(caller) as work:
        sites = [site for site in sites_by_id(work).values() if site.active]
    return page(
        request,
        "desk/administration/webhook_new.html",
        status_code=status_of(faults),
        fields=fields,
        faults=faults,
        sites=sites,
        events=EVENTS,
        everywhere=_EVERYWHERE,
    )


def _show(
    request: Request,
    caller: Caller,
    id: str,
    fields: Fields | None = None,
    faults: tuple[FieldFault, ...] = (),
    done: bool = False,
) -> Response:
    with caller.work() as work:
        webhook = find_webhook(work, id)
        work.record("webhook.deliveries", "webhook", webhook.id)
        rows = read_deliveries(work, webhook)
        seen = next(one for one in list_webhooks(work) if one.id == id)
        sites = sites_by_id(work)
    known = {"events": list(seen.events), "active": ["yes" if seen.active else "no"]}
    return page(
        request,
        "desk/administration/webhook.html",
        status_code=status_of(faults),
        webhook=seen,
        site=None if seen.site_id is None else sites[seen.site_id],
        rows=rows,
        events=EVENTS,
        fields=fields if fields is not None else known,
        faults=faults,
        done=done,
    )
