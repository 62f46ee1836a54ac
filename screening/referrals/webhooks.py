"""Telling other systems that a referral moved: ids and statuses only, signed, kept until they are taken.

A delivery is written in the transaction of the event it tells of, so that neither exists without the other;
it is sent afterwards, and tried again with longer and longer waits.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select

from indicators.errors import listed, nearest
from screening.people.access import SYSTEM
from screening.referrals.addresses import find_public, read_address
from screening.refusals import Refused, refused
from screening.storage.tables.referrals import Delivery, Webhook
from screening.storage.tables.sites import Site
from screening.storage.types import new_id
from screening.work import Service, Work

EVENTS: Final = (
    "referral.created",
    "referral.sent",
    "referral.accepted",
    "referral.declined",
    "referral.followed_up",
    "referral.closed",
    "referral.cancelled",
    "case.break_glass",
)
SIGNATURE: Final = "Screening-Signature"
EVENT: Final = "Screening-Event"
DELIVERY: Final = "Screening-Delivery"

# Eight tries within about three days: a system that is being mended over a weekend still hears of it.
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440, 1440))
# So few that each may be as slow as can be before another process takes them for left behind.
_AT_ONCE: Final = 20
_CLAIM: Final = timedelta(minutes=15)

# Sends one message and returns the status it was answered with; raises OSError when nobody answered.
Sender = Callable[[str, bytes, dict[str, str]], int]


@dataclass(frozen=True, slots=True)
class WebhookSeen:
    """A receiving system as administrators see it; the secret is shown once, when it is made."""

    id: str
    site_id: str | None
    label: str
    url: str
    events: tuple[str, ...]
    active: bool
    version: int
    secret: str | None = None


def add_webhook(
    work: Work,
    *,
    label: str,
    url: str,
    events: Iterable[str],
    site_id: str | None = None,
    allowed_hosts: frozenset[str] = frozenset(),
) -> WebhookSeen:
    """Register a receiving system; `Refused` with S187 for an address that may not be called, S194 for a site
    that there is not.
    """
    work.permissions.require(work.actor, "webhooks.write")
    if site_id is not None and work.session.get(Site, site_id) is None:
        raise refused("S194", field="site")
    check_address(url, allowed_hosts)
    row_id, secret = new_id(), secrets.token_urlsafe(32)
    row = Webhook(
        id=row_id,
        site_id=site_id,
        label=label,
        url=work.seal_system("webhooks", "url", row_id, url),
        secret=work.seal_system("webhooks", "secret", row_id, secret),
        events=known_events(events),
        active=True,
        created_by=work.actor.account_id,
        created_at=work.now,
        version=1,
    )
    work.session.add(row)
    work.record("webhook.add", "webhook", row_id, site_id=site_id, events=row.events)
    return _seen(work, row, secret)


def list_webhooks(work: Work) -> tuple[WebhookSeen, ...]:
    """Every receiving system, oldest first."""
    work.permissions.require(work.actor, "webhooks.write")
    rows = work.session.scalars(select(Webhook).order_by(Webhook.created_at, Webhook.id))
    return tuple(_seen(work, row) for row in rows)


def find_webhook(work: Work, webhook_id: str, *, lock: bool = False) -> Webhook:
    """One receiving system; `Refused` with S150 if there is none of this id."""
    work.permissions.require(work.actor, "webhooks.write")
    row = work.session.get(Webhook, webhook_id, with_for_update=lock or None)
    if row is None:
        raise refused("S150")
    return row


def change_webhook(
    work: Work, webhook: Webhook, *, events: Iterable[str] | None = None, active: bool | None = None
) -> WebhookSeen:
    """Change what a system is told of, or stop telling it."""
    if events is not None:
        webhook.events = known_events(events)
    if active is not None:
        webhook.active = active
    webhook.version += 1
    work.record("webhook.change", "webhook", webhook.id, events=webhook.events, active=webhook.active)
    return _seen(work, webhook)


def remove_webhook(work: Work, webhook: Webhook) -> None:
    """Forget a receiving system and what it was still to be told."""
    for delivery in work.session.scalars(select(Delivery).where(Delivery.webhook_id == webhook.id)):
        work.session.delete(delivery)
    work.session.flush()
    work.session.delete(webhook)
    work.record("webhook.remove", "webhook", webhook.id)


def read_deliveries(work: Work, webhook: Webhook, limit: int = 100) -> tuple[Delivery, ...]:
    """What a system was told or is to be told, newest first."""
    chosen = select(Delivery).where(Delivery.webhook_id == webhook.id)
    return tuple(work.session.scalars(chosen.order_by(Delivery.created_at.desc(), Delivery.id).limit(limit)))


def announce(work: Work, event: str, *, site_id: str | None, **ids: str | int | None) -> int:
    """Write a delivery to every system that listens to this event at this site; return how many."""
    rows = work.session.scalars(
        select(Webhook).where(
            Webhook.active.is_(True), or_(Webhook.site_id.is_(None), Webhook.site_id == site_id)
        )
    )
    count = 0
    for webhook in rows:
        if event not in webhook.events:
            continue
        delivery_id = new_id()
        body = {"event": event, "at": work.now.isoformat(), "delivery": delivery_id, **ids}
        work.session.add(
            Delivery(
                id=delivery_id,
                webhook_id=webhook.id,
                event=event,
                body=json.dumps(body, separators=(",", ":"), sort_keys=True),
                status="waiting",
                attempts=0,
                next_at=work.now,
                last_status=None,
                created_at=work.now,
                done_at=None,
            )
        )
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Round:
    """How many messages were tried, and how many of them were taken."""

    tried: int
    delivered: int


def deliver_due(
    service: Service,
    send: Sender,
    allowed_hosts: frozenset[str] = frozenset(),
    stopping: Callable[[], bool] = lambda: False,
) -> Round:
    """Send some of what is due, each message outside a transaction.

    A message may arrive twice if the process dies between the answer and its record: receivers go by the
    id in `Screening-Delivery`. Once `stopping` says so, what is left is not sent and is due again later.
    """
    tried = delivered = 0
    for delivery_id, url, secret, body, event in _due(service):
        if stopping():
            break
        status = _send(send, url, secret, body, event, delivery_id, service.clock(), allowed_hosts)
        tried += 1
        with service.work(SYSTEM) as work:
            row = work.session.get(Delivery, delivery_id)
            if row is None or row.status != "waiting":
                continue
            _note(row, status, work.now)
            delivered += row.status == "delivered"
    return Round(tried, delivered)


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The value of the signature header: when it was sent, and an HMAC-SHA256 of that and the body."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def check_address(url: str, allowed_hosts: frozenset[str]) -> None:
    """Raise `Refused` with S187 unless this address may be called.

    Hosts that the operator named may be called in any way; others only over https, and only where every
    address of theirs is public: a webhook must not reach into the network it is sent from.
    """
    try:
        place = read_address(url)
        if place.named(allowed_hosts):
            return
        if not place.secure:
            raise refused("S187", field="url")
        find_public(place.host, place.port)
    except ValueError as error:
        raise refused("S187", field="url") from error
    except OSError:
        # Nobody answers to this name now; it is asked again before each call.
        return


def known_events(events: Iterable[str]) -> list[str]:
    """The events, each once and in order; raises `Refused` with S180 for one that does not exist."""
    chosen = sorted(set(events))
    for event in chosen:
        if event not in EVENTS:
            raise refused(
                "S180",
                field="events",
                key="event",
                value=event,
                nearest=nearest(event, EVENTS),
                known=listed(EVENTS),
            )
    return chosen


def _due(service: Service) -> list[tuple[str, str, str, bytes, str]]:
    with service.work(SYSTEM) as work:
        rows = work.session.execute(
            select(Delivery, Webhook)
            .join(Webhook, Webhook.id == Delivery.webhook_id)
            .where(Delivery.status == "waiting", Delivery.next_at <= work.now, Webhook.active.is_(True))
            .order_by(Delivery.next_at)
            .limit(_AT_ONCE)
            .with_for_update(of=Delivery, skip_locked=True)
        ).all()
        for delivery, _ in rows:
            # Ours for a while: another process does not send it as well, and takes it up if we die.
            delivery.next_at = work.now + _CLAIM
        return [
            (
                delivery.id,
                work.open_system("webhooks", "url", webhook.id, webhook.url),
                work.open_system("webhooks", "secret", webhook.id, webhook.secret),
                delivery.body.encode(),
                delivery.event,
            )
            for delivery, webhook in rows
        ]


def _send(
    send: Sender,
    url: str,
    secret: str,
    body: bytes,
    event: str,
    delivery_id: str,
    now: datetime,
    allowed_hosts: frozenset[str],
) -> int | None:
    headers = {
        "Content-Type": "application/json",
        EVENT: event,
        DELIVERY: delivery_id,
        SIGNATURE: sign(secret, body, now),
    }
    try:
        # Checked again each time: a name can be made to lead somewhere else after it was registered.
        check_address(url, allowed_hosts)
        return send(url, body, headers)
    except (OSError, ValueError, Refused):
        return None


def _note(row: Delivery, status: int | None, now: datetime) -> None:
    row.attempts += 1
    row.last_status = status
    if status is not None and 200 <= status < 300:
        row.status, row.next_at, row.done_at = "delivered", None, now
    elif row.attempts > len(_WAITS):
        row.status, row.next_at, row.done_at = "failed", None, now
    else:
        row.next_at = now + _WAITS[row.attempts - 1]


def _seen(work: Work, row: Webhook, secret: str | None = None) -> WebhookSeen:
    url = work.open_system("webhooks", "url", row.id, row.url)
    return WebhookSeen(
        row.id, row.site_id, row.label, url, tuple(row.events), row.active, row.version, secret
    )
