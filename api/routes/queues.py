"""What waits for somebody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.access import Caller, requires
from api.bodies.referrals import QueueCounts, WaitingShown
from api.paging import Page, Pages, page
from api.problems import problem_responses
from screening.referrals.queues import Waiting, count_queues, read_queue

router = APIRouter(prefix="/api/v1", tags=["queues"])

RecordFilter = Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$")]
QueueName = Annotated[str, Path(pattern=r"^[a-z_]{1,64}$")]


@router.get("/queues", summary="How much waits in each list", responses=problem_responses(401, 403, 422, 503))
def count_waiting(caller: Caller = requires("queues.read")) -> QueueCounts:
    """Count what is open, overdue or unanswered within reach."""
    with caller.work(writes=False) as work:
        return QueueCounts(items=dict(count_queues(work)))


@router.get(
    "/queues/{name}",
    summary="What waits in one list, the longest waiting first",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def list_waiting(
    name: QueueName, pages: Pages, caller: Caller = requires("queues.read"), site: RecordFilter = None
) -> Page[WaitingShown]:
    """List what waits: interviews, assessments without a decision or a referral, referrals, stages."""
    with caller.work() as work:
        return page(read_queue(work, name, pages, site_id=site), _show)


def _show(one: Waiting) -> WaitingShown:
    return WaitingShown(
        kind=one.kind,
        id=one.id,
        case=one.case_id,
        case_number=one.case_number,
        site=one.site_id,
        what=one.what,
        at=one.at,
        held_by=one.held_by,
    )
