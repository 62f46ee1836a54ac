"""Lists of what waits, and gaps of the screening as counts that point at nobody."""

from __future__ import annotations

import re

import pytest

from screening.cases.consents import record_consent
from screening.cases.policies import policies
from screening.referrals.queues import queue_names
from screening.sittings.gaps import find_gaps, tell
from screening.work import Service
from tests.api.desk.conftest import VisitorFor
from tests.api.desk.records import LITTLE_KNOWN, assess, words_of
from tests.services import World


def test_every_list_has_a_name_and_opens(visitor_for: VisitorFor, world: World) -> None:
    low, high = assess(world, LITTLE_KNOWN), assess(world)
    visitor = visitor_for("supervisor")
    overview = visitor.open("/supervision")
    assert set(re.findall(r"/supervision/queues/([a-z_]+)", overview.text)) == set(queue_names())
    for name in queue_names():
        shown = visitor.open(f"/supervision/queues/{name}")
        assert shown.status_code == 200, name
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", shown.text)
        assert heading is not None
        assert name not in heading[1], "a list is called by words, not by its id"
    assert low.result in visitor.open("/supervision/queues/rescreens_due").text
    assert high.result not in visitor.open("/supervision/queues/rescreens_due").text
    assert high.result in visitor.open("/supervision/queues/not_referred").text
    assert visitor.open("/supervision/queues/nothing").status_code == 404


def test_lists_and_gaps_reach_as_far_as_the_role(visitor_for: VisitorFor, world: World) -> None:
    made = assess(world, LITTLE_KNOWN)
    address = "/supervision/queues/rescreens_due"
    for who, there in (
        ("supervisor", True),
        ("interviewer", True),
        ("colleague", False),
        ("supervisor_b", False),
    ):
        assert (made.result in visitor_for(who).open(address).text) is there, who
    for who, status in (("interviewer", 403), ("supervisor", 200), ("reviewer", 200), ("auditor", 403)):
        assert visitor_for(who).open("/supervision/gaps").status_code == status, who


@pytest.mark.parametrize(
    ("count", "of", "kind"),
    [
        *((0, 9, "exact"), (9, 9, "exact"), (1, 9, "few"), (4, 9, "few"), (5, 9, "nearly_all")),
        *((5, 10, "exact"), (6, 12, "exact"), (8, 12, "nearly_all"), (4, 12, "few")),
    ],
)
def test_a_count_that_could_point_at_somebody_is_held_back(count: int, of: int, kind: str) -> None:
    told = tell(count, of, 5)
    assert told.kind == kind
    assert (told.count is None) == (kind != "exact")


def test_that_everybody_was_found_is_held_back_as_well() -> None:
    assert tell(9, 9, 5, all_too=False).kind == "nearly_all"
    assert tell(0, 9, 5, all_too=False).count == 0


def test_too_few_interviews_tell_nothing(visitor_for: VisitorFor, service: Service, world: World) -> None:
    least = policies().smallest_count.value
    for _ in range(least - 1):
        assess(world, LITTLE_KNOWN)
    visitor = visitor_for("supervisor")
    assert "Too little to count yet" in visitor.open("/supervision/gaps").text
    last = assess(world, LITTLE_KNOWN)
    said = words_of(visitor.open("/supervision/gaps").text)
    assert "Too little to count yet" not in said
    assert f"all {least}" in said
    assert "Never found anything" in said
    # Who does not want to be counted is not, and then there are too few again.
    with service.work(world["interviewer"]) as work:
        record_consent(work, last.case, purpose="statistics", state="refused", how="spoken", services={})
    assert "Too little to count yet" in visitor.open("/supervision/gaps").text


def test_what_was_asked_and_not_answered_is_no_gap(service: Service, world: World) -> None:
    least = policies().smallest_count.value
    for _ in range(least):
        assess(
            world,
            {**LITTLE_KNOWN, "locked_in": {"state": "declined"}, "violence_happened": {"state": "not_asked"}},
        )
    with service.work(world["supervisor"]) as work:
        gaps = find_gaps(work, service.engines.catalogue())
    (intake,) = gaps.instruments
    missing = {one.question: one for one in intake.questions}
    assert "locked_in" not in missing
    assert "kind_of_work" not in missing
    assert missing["violence_happened"].never.count == least
    assert missing["violence_happened"].core
    # What does not apply to anybody here is no gap either.
    applied = {question for question in missing if missing[question].never.of < least}
    assert not applied
