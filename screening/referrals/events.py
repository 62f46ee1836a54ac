"""What can happen to a referral: data that people configure, read once and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Final, TypeVar

from pydantic import Field

from indicators.errors import ContentError, Fault, listed, nearest
from indicators.fields import Id
from indicators.models import Citation, Content, Text
from indicators.nodes import Node
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import Many, SomeOf
from screening.refusals import refused
from screening.storage.tables.referrals import REFERRAL_STATUSES

EVENTS_FILE: Final = "events.yaml"
_FILE: Final = f"screening/referrals/{EVENTS_FILE}"

Item = TypeVar("Item", bound="Named")

Hours = Annotated[int, Field(ge=0)]


class Named(Content):
    """A word of the referral record and what people read."""

    id: Id
    label: Text


class Urgency(Named):
    """How soon a written referral should leave; None where the person sets the time."""

    hours: Hours | None


class ReferralEventKind(Named):
    """One thing that can happen: in which statuses, what comes of it, and when the next is expected."""

    permission: str
    from_: SomeOf[Id] = Field(alias="from")
    to: Id | None
    next_hours: Hours | None
    how: Many[Id] = ()
    reasons: Many[Id] = ()
    # Checked again when it happens: a yes can be taken back between writing and sending.
    needs_consent: bool = False


class ReferralBook(Content):
    """Everything a referral record can say."""

    statuses: SomeOf[Named]
    urgencies: SomeOf[Urgency]
    events: SomeOf[ReferralEventKind]
    ways: SomeOf[Named]
    reasons: SomeOf[Named]
    source: Citation

    def event(self, name: str) -> ReferralEventKind:
        """The event of this id; raises `Refused` with S180 naming those there are."""
        return _find(self.events, name, "event", "S180")

    def allowed(self, status: str) -> tuple[ReferralEventKind, ...]:
        """What can happen in a status."""
        return tuple(event for event in self.events if status in event.from_)

    def leaves_by(self, urgency: str, now: datetime) -> datetime | None:
        """By when a referral of this urgency should be sent."""
        return due(_find(self.urgencies, urgency, "urgency", "S180").hours, now)


def due(hours: int | None, now: datetime) -> datetime | None:
    """The moment so many hours from now, or None."""
    return None if hours is None else now + timedelta(hours=hours)


def load_referral_book(folder: Traversable | None = None) -> ReferralBook:
    """Return the shipped words and limits, or those of a folder; raises `ContentError` with every fault."""
    where = folder if folder is not None else files("screening") / "referrals"
    node, faults = parse_yaml((where / EVENTS_FILE).read_bytes(), _FILE)
    book = None if node is None else validate(ReferralBook, node, faults)
    if node is not None and book is not None:
        faults = [*faults, *_unknown(book, node)]
    if book is None or faults:
        raise ContentError(tuple(faults))
    return book


def _unknown(book: ReferralBook, node: Node) -> Iterator[Fault]:
    statuses = [status.id for status in book.statuses]
    known: Mapping[str, list[str]] = {
        "from": statuses,
        "to": statuses,
        "how": [way.id for way in book.ways],
        "reasons": [reason.id for reason in book.reasons],
    }
    for number, status in enumerate(statuses):
        if status not in REFERRAL_STATUSES:
            yield _one(node.follow(["statuses", number]), "id", status, list(REFERRAL_STATUSES))
    for number, event in enumerate(book.events):
        inner = node.follow(["events", number])
        given = {"from": event.from_, "to": (event.to,), "how": event.how, "reasons": event.reasons}
        for key, names in given.items():
            for name in names:
                if name is not None and name not in known[key]:
                    yield _one(inner, key, name, known[key])


def _one(node: Node, key: str, name: str, known: list[str]) -> Fault:
    return node.fault(
        "C005", at=key, value=name, key=key, choices=", ".join(known), nearest=nearest(name, known)
    )


def _find(items: tuple[Item, ...], name: str, kind: str, code: str) -> Item:
    for item in items:
        if item.id == name:
            return item
    known = [item.id for item in items]
    raise refused(code, field=kind, key=kind, value=name, nearest=nearest(name, known), known=listed(known))
