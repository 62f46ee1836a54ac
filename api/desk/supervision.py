"""For those who look after the work of others: what waits, and gaps of the screening."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.access import Caller
from api.desk.case_views import mechanism_of
from api.desk.people import names_of, sites_by_id
from api.desk.viewing import opens
from api.pages.rendering import page
from api.paging import Pages, write_cursor
from api.referral_words import guidance_of
from api.routes.shared import rules_in_force
from indicators.models import Text
from screening.cases.break_glass import list_break_glass
from screening.referrals.queues import Waiting, count_queues, read_queue
from screening.sittings.gaps import find_gaps
from screening.sittings.live import outcome_label
from screening.sittings.words import label_of
from screening.storage.slices import MOST, Asked

router = APIRouter(include_in_schema=False)

QueueName = Annotated[str, Path(pattern=r"^[a-z_]{1,64}$")]
# Where a thing that waits is dealt with.
_ADDRESSES: Final = {
    "interview": "/interviews/{id}",
    "assessment": "/assessments/{id}",
    "referral": "/referrals/{id}",
    "stage": "/cases/{case}/stages",
}


@router.get("/supervision")
def show_supervision(request: Request, caller: Caller = opens("queues.read")) -> Response:
    """How much waits in each list, and the way to the gaps and to emergency access."""
    permissions = caller.service.permissions
    may_review = permissions.allowed(caller.actor, "break_glass.review").anywhere
    with caller.work() as work:
        counts = count_queues(work)
        waiting = len(list_break_glass(work, Asked(MOST), reviewed=False).items) if may_review else 0
    return page(
        request,
        "desk/supervision/supervision.html",
        counts=counts,
        emergencies=waiting,
        may_review=may_review,
        may_count=permissions.allowed(caller.actor, "statistics.read").anywhere,
    )


@router.get("/supervision/queues/{name}")
def show_queue(
    request: Request, name: QueueName, pages: Pages, caller: Caller = opens("queues.read")
) -> Response:
    """What waits in one list, the longest waiting first."""
    with caller.work() as work:
        found = read_queue(work, name, pages)
        names = dict(names_of(work, [one.held_by for one in found.items]))
        sites = sites_by_id(work)
    words = _Words(request, caller)
    rows = [
        (
            one,
            _ADDRESSES[one.kind].format(id=one.id, case=one.case_id),
            words.what(one),
            Text(en=sites[one.site_id].name_en, ar=sites[one.site_id].name_ar),
        )
        for one in found.items
    ]
    return page(
        request,
        "desk/supervision/queue.html",
        name=name,
        rows=rows,
        names=names,
        following=write_cursor(found.following),
    )


@router.get("/supervision/gaps")
def show_gaps(request: Request, caller: Caller = opens("statistics.read")) -> Response:
    """Gaps of the screening itself, as counts that cannot point at a person."""
    with caller.work() as work:
        gaps = find_gaps(work, caller.service.engines.catalogue())
    return page(request, "desk/supervision/gaps.html", gaps=gaps)


class _Words:
    """What about a thing waits, in words."""

    def __init__(self, request: Request, caller: Caller) -> None:
        self._rules = rules_in_force(caller.service.engines)
        self._stages = {stage.id: stage.working_title for stage in mechanism_of(request).stages}
        self._statuses = {one.id: one.label for one in guidance_of(request).book.statuses}

    def what(self, one: Waiting) -> Text:
        """A status, outcome or stage as people call it; what has left the content is shown by its id."""
        unknown = Text(en=one.what, ar=one.what)
        if one.kind == "interview":
            return label_of("interview_statuses", one.what)
        if one.kind == "referral":
            return self._statuses.get(one.what, unknown)
        if one.kind == "stage":
            return self._stages.get(one.what, unknown)
        data = self._rules.program.data
        known = one.what in data["below"] or one.what in data["ladder"]
        return outcome_label(self._rules, one.what) if known else unknown
