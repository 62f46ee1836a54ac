"""The clock against the chain: time that went backwards is noticed, and never a reason to lose an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from screening.storage.tables.audit import AuditEntry

# Transactions end in another order than they began, and machines of one installation differ a little.
TOLERANCE: Final = timedelta(minutes=2)
# The entry by which somebody says that the clock is right now and was wrong before.
ACCEPTED: Final = "clock.accepted"
# So far back one looks for the latest time; whoever wrote more than this with a wrong clock was told at every
# look at `/ready`.
_LOOKED_AT: Final = 1_000


def behind(session: Session, now: datetime) -> timedelta:
    """How far a moment lies before the latest time in the chain; zero if it is within the tolerance."""
    newest = select(AuditEntry.at, AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(_LOOKED_AT)
    latest = ""
    for at, action in session.execute(newest):
        latest = max(latest, at)
        if action == ACCEPTED:
            break
    try:
        by = datetime.strptime(latest, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) - now
    except ValueError:
        # Nothing there yet; or somebody changed an entry, and verifying says so.
        return timedelta()
    return by if by > TOLERANCE else timedelta()
