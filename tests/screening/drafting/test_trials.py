"""A draft tried on earlier interviews: who loses a referral is found, and no count points at a person."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from rules.program import Program
from screening.cases.consents import record_consent
from screening.drafting.comparisons import Compared, Result, compare
from screening.drafting.drafts import Draft, make_draft, read_draft
from screening.drafting.judgements import LoadedDraft
from screening.drafting.trials import (
    STORED,
    Earlier,
    count_trial,
    read_earlier,
    read_shipped,
    shipped_changes,
)
from screening.engines import Engines
from screening.refusals import Refused
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.work import Service
from tests.api.desk.records import LITTLE_KNOWN, assess
from tests.services import World

PATH = "rules/sets/kuwait/referral/recommendations.yaml"
LEAST = 5


def result(outcome: str = "trafficking_indicated", *routes: str, urgent: tuple[str, ...] = ()) -> Result:
    return Result(outcome=outcome, routes=routes, urgent=urgent)


def stored(number: int, before: Result, after: Result | None) -> Compared:
    return Compared(key=f"{STORED}{number:032}", before=before, after=after)


@pytest.fixture
def draft(service: Service, world: World) -> Draft:
    with service.work(world["reviewer"]) as work:
        return read_draft(work, make_draft(work, "Fewer referrals"))


def test_a_route_that_a_draft_closes_is_lost_to_those_who_had_it(kuwait_engines: Engines) -> None:
    shipped = kuwait_engines.program_for("kuwait", "draft", date(2026, 11, 1))
    # The same program, but nobody is sent to the shelter any more.
    closed = Program.from_data(
        {
            **shipped.data,
            "conclusions": [
                {**one, "rules": []} if one["id"] == "route.shelter" else one
                for one in shipped.data["conclusions"]
            ],
        }
    )
    interviews = read_shipped("kuwait")
    assert len(interviews) > 10
    same = compare(shipped, shipped, interviews)
    assert len(same) == len(interviews)
    assert not any(one.differs or one.lost or one.gained for one in same)
    assert shipped_changes(same) == ()
    found = compare(shipped, closed, interviews)
    had = {one.key for one in same if "shelter" in one.before.routes}
    assert had
    assert {one.key for one in found if one.lost == ("shelter",)} == had
    changes = shipped_changes(found)
    assert len(changes) == len(had)
    assert all(one.title.en and one.title.ar for one in changes)


def test_an_unchanged_draft_of_the_shipped_content_changes_nobody(kuwait_engines: Engines) -> None:
    shipped = kuwait_engines.program_for("kuwait", "draft", date(2026, 11, 1))
    with LoadedDraft({}, "kuwait") as draft:
        assert draft.program is not None
        assert not any(one.differs for one in compare(shipped, draft.program, read_shipped("kuwait")))


def test_an_instrument_that_is_gone_takes_every_referral_with_it(kuwait_engines: Engines) -> None:
    shipped = kuwait_engines.program_for("kuwait", "draft", date(2026, 11, 1))
    without = {**shipped.data, "instruments": {}}
    for one in compare(shipped, Program.from_data(without), read_shipped("kuwait")):
        assert one.after is None
        assert one.lost == one.before.routes


def test_stored_interviews_are_read_as_far_as_the_role_counts(
    service: Service, world: World, draft: Draft
) -> None:
    made, low = assess(world), assess(world, LITTLE_KNOWN)
    with service.work(world["reviewer"], writes=False) as work:
        earlier = read_earlier(work, service.engines, draft)
    assert {one.key for one in earlier.interviews} == {
        f"{STORED}{made.assessment}",
        f"{STORED}{low.assessment}",
    }
    # A reviewer opens no case, so no number is read.
    assert earlier.numbers == {}
    program = service.engines.program_for("kuwait", None, date(2026, 11, 1))
    by_key = {one.key: one for one in compare(program, program, earlier.interviews)}
    with service.work(world["supervisor"], writes=False) as work:
        seen = read_earlier(work, service.engines, draft)
        case = work.session.get_one(Case, made.case)
        assert seen.numbers[f"{STORED}{made.assessment}"] == (case.number, made.case)
    with service.work(world["supervisor_b"], writes=False) as work:
        assert not read_earlier(work, service.engines, draft).interviews
    assert by_key[f"{STORED}{made.assessment}"].before.routes
    with pytest.raises(Refused, match="S121"), service.work(world["interviewer"], writes=False) as work:
        read_earlier(work, service.engines, draft)


def test_who_did_not_want_to_be_counted_is_not(service: Service, world: World, draft: Draft) -> None:
    made = assess(world)
    with service.work(world["interviewer"]) as work:
        record_consent(work, made.case, purpose="statistics", state="refused", how="spoken", services={})
    with service.work(world["reviewer"], writes=False) as work:
        assert not read_earlier(work, service.engines, draft).interviews


@pytest.mark.parametrize("lost", [0, 1, 4, 5, 9])
def test_no_small_count_is_shown_or_can_be_worked_out(
    service: Service, world: World, draft: Draft, lost: int
) -> None:
    high, low = result("trafficking_indicated", "shelter", "legal_aid"), result("not_enough_known")
    found = [stored(n, high, low if n < lost else high) for n in range(20)]
    with service.work(world["reviewer"]) as work:
        trial = count_trial(work, Earlier((), {}, 0), found, draft)
    if lost in (1, 4):
        assert trial.no_longer is None
        assert trial.none_left is None
        assert trial.differ is None
        assert all(one.count is None for one in trial.moves)
        assert all(one.lost is None for one in trial.routes)
    else:
        assert (trial.no_longer, trial.none_left, trial.differ) == (lost, lost, lost)
        assert [(one.before, one.after, one.count) for one in trial.moves] == (
            [("trafficking_indicated", "not_enough_known", lost)] if lost else []
        )
        assert {one.route: one.lost for one in trial.routes} == (
            {"shelter": lost, "legal_aid": lost} if lost else {}
        )
    assert trial.cases == ()


def test_when_all_but_a_few_lose_the_few_are_not_pointed_at(
    service: Service, world: World, draft: Draft
) -> None:
    high, low = result("trafficking_indicated", "shelter"), result("not_enough_known")
    found = [stored(n, high, high if n < 2 else low) for n in range(20)]
    with service.work(world["reviewer"]) as work:
        trial = count_trial(work, Earlier((), {}, 0), found, draft)
    assert trial.tried is None or trial.no_longer is None


def test_numbers_are_for_those_who_may_open_the_cases_and_the_question_is_audited(
    service: Service, world: World, draft: Draft
) -> None:
    high, low = result("trafficking_indicated", "shelter"), result("other_concern")
    found = [stored(n, high, low if n < 3 else high) for n in range(20)]
    numbers = {found[0].key: ("KW-1", "case-1"), found[9].key: ("KW-9", "case-9")}
    with service.work(world["reviewer"]) as work:
        trial = count_trial(work, Earlier((), numbers, 0), found, draft)
    assert trial.cases == (("KW-1", "case-1"),)
    with service.work(world["reviewer"], writes=False) as work:
        entry = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "draft.try")).one()
        assert entry.object_id == draft.id
        assert "case-1" in str(entry.detail)
        assert "shelter" not in str(entry.detail)


def test_a_need_that_is_no_longer_seen_is_counted(service: Service, world: World, draft: Draft) -> None:
    before = result("other_concern", "medical_care", urgent=("medical",))
    found = [stored(n, before, result("other_concern", "medical_care")) for n in range(LEAST)]
    with service.work(world["reviewer"]) as work:
        trial = count_trial(work, Earlier((), {}, 7), found, draft)
    assert (trial.urgent_lost, trial.no_longer, trial.left_out) == (LEAST, 0, 7)
