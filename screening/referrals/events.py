"""What can happen to a referral: data that people configure, read once and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Final, Literal, TypeVar

from pydantic import Field

from indicators.errors import ContentError, Fault, listed, nearest
from indicators.fields import Id
from indicators.models import Citation, Content, Text
from indicators.nodes import Node
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import Many, SomeOf
from screening.offers import URGENCIES
from screening.refusals import refused
from screening.storage.tables.referrals import REFERRAL_STATUSES

EVENTS_FILE: Final = "events.yaml"
_FILE: Final = f"screening/referrals/{EVENTS_FILE}"

Item = TypeVar("Item", bound="Named")

Hours = Annotated[int, Field(ge=0)]
Days = Annotated[int, Field(ge=1, le=3650)]

# Steps that the program itself speaks of; a book has them, whatever else it has.
PRINTED: Final = "printed"
SENT: Final = "sent"
EXPLAINED: Final = "explained"


class Named(Content):
    """A word of the referral record and what people read."""

    id: Id
    label: Text


class Urgency(Named):
    """How soon a written referral should leave; None where the person sets the time."""

    hours: Hours | None


class ReferralEventKind(Named):
    """One thing that can happen: in which statuses, what comes of it, and when the next is expected."""

    permission: Literal["referrals.write", "referrals.answer"]
    from_: SomeOf[Id] = Field(alias="from")
    to: Id | None
    next_hours: Hours | None
    how: Many[Id] = ()
    reasons: Many[Id] = ()
    # Checked again when it happens: a yes can be taken back between writing and sending.
    needs_consent: bool = False
    # Only where an exception of the law stands in for the yes.
    only_with_exception: bool = False


class ReferralBook(Content):
    """Everything a referral record can say."""

    statuses: SomeOf[Named]
    urgencies: SomeOf[Urgency]
    events: SomeOf[ReferralEventKind]
    ways: SomeOf[Named]
    reasons: SomeOf[Named]
    # How far ahead the next step can be expected.
    longest_days: Days
    # Routes that the newest final assessment must recommend: no reason of the writer opens them.
    only_if_recommended: SomeOf[Id]
    source: Citation

    def event(self, name: str) -> ReferralEventKind:
        """The event of this id; raises `Refused` with S180 naming those there are."""
        return _find(self.events, name, "event", "S180")

    def allowed(self, status: str, *, by_exception: bool) -> tuple[ReferralEventKind, ...]:
        """What can happen in a status to a referral that rests on an exception of the law, or on a yes."""
        return tuple(
            event
            for event in self.events
            if status in event.from_ and (by_exception or not event.only_with_exception)
        )

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
    for part, items, needed in (
        ("statuses", book.statuses, ("created",)),
        ("urgencies", book.urgencies, URGENCIES),
        ("events", book.events, (PRINTED, SENT, EXPLAINED)),
        ("ways", book.ways, ()),
        ("reasons", book.reasons, ()),
    ):
        yield from _twice_or_missing(node.follow([part]), part, [item.id for item in items], needed)
    for number, event in enumerate(book.events):
        inner = node.follow(["events", number])
        given = {"from": event.from_, "to": (event.to,), "how": event.how, "reasons": event.reasons}
        for key, names in given.items():
            for name in names:
                if name is not None and name not in known[key]:
                    yield _one(inner, key, name, known[key])


def _twice_or_missing(node: Node, part: str, names: list[str], needed: Sequence[str]) -> Iterator[Fault]:
    for number, name in enumerate(names):
        if name in names[:number]:
            first = node.follow([names.index(name)])
            yield node.follow([number]).fault("C008", kind=part, id=name, first=f"{first.file}:{first.line}")
    for name in needed:
        if name not in names:
            yield node.fault("C003", key=name)


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
