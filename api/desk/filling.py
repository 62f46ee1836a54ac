"""What the forms of settings and lists have in common: required fields, being sure, and with which status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.access import Caller
from api.desk.forms import written
from api.pages.fields import FieldFault, Fields, control_id
from indicators.errors import fault
from screening.work import Work


@contextmanager
def looking(caller: Caller) -> Iterator[Work]:
    """A transaction that changes nothing and is not audited; what it read can be shown after its end."""
    with caller.work(writes=False) as work:
        yield work
        work.session.expunge_all()


def status_of(faults: tuple[FieldFault, ...]) -> int:
    """The status of a form that is shown again: 429 after too many attempts, 422 for everything else."""
    if not faults:
        return 200
    return 429 if faults[0].fault.code == "S123" else 422


def require_filled(fields: Fields, *names: str) -> tuple[FieldFault, ...]:
    """A fault for each of these fields that is empty."""
    return tuple(
        FieldFault(name, control_id(name), fault("A090", field=name))
        for name in names
        if written(fields, name) is None
    )


def require_sure(fields: Fields, unless: str = "A092") -> tuple[FieldFault, ...]:
    """A fault of this code unless the box `sure` was ticked."""
    sure = "yes" in fields.get("sure", ())
    return () if sure else (FieldFault("sure", "sure", fault(unless, field="sure")),)
