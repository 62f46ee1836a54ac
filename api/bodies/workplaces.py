"""What requests about workplaces and visits carry, and how both are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from api.bodies.cases import CaseShown, NoteWarningShown, Number, show_case, show_warnings
from api.bodies.reading import Body, ClientKey, Id, Line, Note
from screening.cases.visits import VisitSummary
from screening.cases.workplaces import WorkplaceRead
from screening.storage.tables.sites import SiteVisit, Workplace


class NewWorkplace(Body):
    """A workplace to be found, or recorded if it is new."""

    kind: Literal["company", "household", "other"]
    name: Line | None = None
    register_number: Number | None = None


class NewVisit(Body):
    """A visit to a workplace."""

    site: Id
    workplace: Id | None = None
    note: Note | None = None
    client_key: ClientKey | None = None


class VisitChange(Body):
    """Closing a visit."""

    status: Literal["closed"]


class WorkplaceShown(BaseModel):
    """A workplace by its code."""

    id: str
    code: str
    kind: str
    created_at: datetime
    version: int


class WorkplaceFound(WorkplaceShown):
    """A workplace that was found, or recorded as new."""

    found: bool


class WorkplaceDetails(WorkplaceShown):
    """A workplace with its name, if the caller works with it, and the cases there within reach."""

    name: str | None
    register_number: str | None
    cases: list[CaseShown]


class VisitShown(BaseModel):
    """A visit to a workplace."""

    id: str
    number: str
    site: str
    workplace: str | None
    status: str
    created_by: str
    started_at: datetime
    closed_at: datetime | None
    version: int
    warnings: list[NoteWarningShown] = []


class VisitInterviewShown(BaseModel):
    """An interview of a visit that the caller may read."""

    id: str
    case: str
    case_number: str
    status: str
    outcome: str | None


class VisitDetails(VisitShown):
    """A visit with the interviews within reach; of the others a number, and counts that point at nobody."""

    note: str | None
    interviews: list[VisitInterviewShown]
    others: int
    other_outcomes: dict[str, int] | None


def show_workplace(row: Workplace) -> WorkplaceShown:
    """A workplace in a list."""
    return WorkplaceShown(**_workplace(row))


def show_found_workplace(row: Workplace, *, found: bool) -> WorkplaceFound:
    """A workplace that somebody looked for."""
    return WorkplaceFound(**_workplace(row), found=found)


def show_read_workplace(read: WorkplaceRead) -> WorkplaceDetails:
    """A workplace by itself."""
    return WorkplaceDetails(
        **_workplace(read.workplace),
        name=read.name,
        register_number=read.register_number,
        cases=[show_case(case) for case in read.cases],
    )


def show_visit(visit: SiteVisit, *texts: str | None) -> VisitShown:
    """A visit in a list, or one that was just changed."""
    return VisitShown(**_visit(visit), warnings=show_warnings(*texts))


def show_read_visit(visit: SiteVisit, note: str | None, summary: VisitSummary) -> VisitDetails:
    """A visit by itself."""
    return VisitDetails(
        **_visit(visit),
        note=note,
        interviews=[
            VisitInterviewShown(
                id=one.id,
                case=one.case_id,
                case_number=one.case_number,
                status=one.status,
                outcome=one.outcome,
            )
            for one in summary.interviews
        ],
        others=summary.others,
        other_outcomes=None if summary.other_outcomes is None else dict(summary.other_outcomes),
    )


def _workplace(row: Workplace) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.kind,
        "created_at": row.created_at,
        "version": row.version,
    }


def _visit(visit: SiteVisit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "number": visit.number,
        "site": visit.site_id,
        "workplace": visit.workplace_id,
        "status": visit.status,
        "created_by": visit.created_by,
        "started_at": visit.started_at,
        "closed_at": visit.closed_at,
        "version": visit.version,
    }
