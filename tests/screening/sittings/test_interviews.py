"""Beginning, pausing, handing over and ending an interview."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from indicators.errors import AnswersError
from screening.cases.visits import close_visit, create_visit, read_visit
from screening.sittings.finishing import is_indicated
from screening.sittings.handing_over import hand_over, list_hand_overs
from screening.sittings.interviews import (
    InterviewFilters,
    abandon_interview,
    list_interviews,
    pause_interview,
    read_interview,
    resume_interview,
)
from screening.sittings.programs import load_program
from screening.storage.slices import Asked
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import AnswerRevision, Interview, StoredProgram
from screening.storage.types import new_id
from tests.services import HandClock
from tests.sittings import CLEAR_ACCOUNT, Desk


def refused_with(call: Callable[[], object]) -> list[str]:
    with pytest.raises(AnswersError) as raised:
        call()
    return [one.code for one in raised.value.faults]


def status_of(desk: Desk, interview: str) -> str:
    with desk.world.service.work(desk.world["interviewer"]) as work:
        return read_interview(work, interview)[0].status


def pause(desk: Desk, interview: str, **more: Any) -> None:
    with desk.world.service.work(desk.world["interviewer"]) as work:
        seen = more.pop("seen", None) or desk.version_of(interview)
        pause_interview(work, interview, **{"because": "rest", "seen": seen, **more})


def resume(desk: Desk, interview: str, **more: Any) -> None:
    with desk.world.service.work(desk.world["interviewer"]) as work:
        resume_interview(work, interview, seen=desk.version_of(interview), **more)


def abandon(desk: Desk, interview: str, because: str, note: str | None = None) -> None:
    service, actor = desk.world.service, desk.world["interviewer"]
    indicated = is_indicated(service, actor, interview)
    seen = desk.version_of(interview)
    with service.work(actor) as work:
        abandon_interview(work, interview, seen=seen, because=because, note=note, indicated=indicated)


def test_the_program_is_stored_once_by_its_digest(desk: Desk) -> None:
    first, second = desk.begin(), desk.begin()
    with desk.world.service.database.reading() as session:
        (stored,) = session.scalars(select(StoredProgram)).all()
        digests = {session.get_one(Interview, one).digest for one in (first, second)}
        assert digests == {stored.digest}
        assert load_program(session, stored.digest, None).digest == stored.digest
        assert refused_with(lambda: load_program(session, "sha256:" + "0" * 64, None)) == ["S262"]
    with desk.world.service.database.writing() as session:
        session.execute(update(StoredProgram).values(body=stored_elsewhere()))
    with desk.world.service.database.reading() as session:
        assert refused_with(lambda: load_program(session, digests.pop(), None)) == ["S262"]


def stored_elsewhere() -> bytes:
    return zlib.compress(b'{"rule_set": "kuwait"}')


def test_a_wrong_beginning_begins_nothing(desk: Desk) -> None:
    site = desk.world.site_a
    assert refused_with(lambda: desk.begin(instrument="intakes")) == ["S004"]
    assert refused_with(lambda: desk.begin(site_id=None)) == ["S258"]
    assert refused_with(lambda: desk.begin(case_id=new_id(), site_id=site)) == ["S258"]
    assert refused_with(lambda: desk.begin(case_id=new_id())) == ["S150"]
    assert refused_with(lambda: desk.begin("inspector", visit_id=new_id())) == ["S150"]
    assert refused_with(lambda: desk.begin(site_id=desk.world.site_b)) == ["S122"]
    assert refused_with(lambda: desk.begin("reviewer")) == ["S121"]
    wrong = {"entry_mode": "hospitl", "heard_alone": True, "unheard": 1}
    assert sorted(refused_with(lambda: desk.begin(answers=wrong))) == ["A002", "A020", "A023"]
    with desk.world.service.database.reading() as session:
        assert session.scalars(select(Interview)).all() == []
        assert session.scalars(select(Case)).all() == []


def test_interviews_of_a_visit_are_grouped_while_it_is_open(desk: Desk) -> None:
    service, inspector = desk.world.service, desk.world["inspector"]
    with service.work(inspector) as work:
        visit = create_visit(work, desk.world.site_a).id
    workers = [desk.begin("inspector", "inspection", visit_id=visit) for _ in range(2)]
    with service.work(inspector) as work:
        found = list_interviews(work, Asked(), InterviewFilters(visit_id=visit)).items
        assert {one.id for one, _ in found} == set(workers)
        assert {one.id for one in read_visit(work, visit)[2].interviews} == set(workers)
        close_visit(work, visit)
    assert refused_with(lambda: desk.begin("inspector", "inspection", visit_id=visit)) == ["S177"]
    assert refused_with(lambda: desk.begin("interviewer", visit_id=visit)) == ["S121"]


def test_the_same_client_key_begins_one_interview(desk: Desk) -> None:
    first = desk.begin(client_key="one", answers={"heard_alone": "yes"})
    assert desk.begin(client_key="one", answers={"heard_alone": "yes"}) == first
    assert refused_with(lambda: desk.begin(client_key="one", answers={"heard_alone": "no"})) == ["S161"]
    assert refused_with(lambda: desk.begin(client_key="one", instrument="inspection")) == ["S161"]
    assert desk.begin("colleague", client_key="one", answers={"heard_alone": "yes"}) != first
    with desk.world.service.database.reading() as session:
        assert len(session.scalars(select(Case)).all()) == 2


def test_the_same_client_key_at_the_same_time_begins_one_interview(desk: Desk) -> None:
    with ThreadPoolExecutor(6) as pool:
        runs = [pool.submit(desk.begin, client_key="one", answers={"heard_alone": "yes"}) for _ in range(6)]
        assert len({run.result() for run in runs}) == 1
    with desk.world.service.database.reading() as session:
        assert len(session.scalars(select(Interview)).all()) == 1
        assert len(session.scalars(select(Case)).all()) == 1
        assert len(session.scalars(select(AnswerRevision)).all()) == 1


def test_a_follow_up_belongs_to_the_same_case_and_says_why(desk: Desk) -> None:
    first = desk.begin()
    case = desk.case_of(first)
    second = desk.begin(case_id=case, follows_id=first, follows_because="rest", instrument="rescreen")
    assert desk.case_of(second) == case
    assert refused_with(lambda: desk.begin(case_id=case, follows_id=first)) == ["S165"]
    assert refused_with(lambda: desk.begin(case_id=case, follows_because="rest")) == ["S165"]
    assert refused_with(lambda: desk.begin(follows_id=first, follows_because="rest")) == ["S165"]
    wrong = lambda: desk.begin(case_id=case, follows_id=first, follows_because="rests")  # noqa: E731
    assert refused_with(wrong) == ["S256"]


def test_rest_is_kept_to_unless_the_person_asks(desk: Desk, clock: HandClock) -> None:
    interview = desk.begin()
    assert refused_with(lambda: pause(desk, interview, resume_after=clock())) == ["S264"]
    assert refused_with(lambda: pause(desk, interview, because="bored")) == ["S256"]
    assert refused_with(lambda: pause(desk, interview, seen=99)) == ["S232"]
    pause(desk, interview, resume_after=clock() + timedelta(days=2))
    assert [one.code for one in desk.outcome(interview, "locked_in", "yes").faults] == ["S163"]
    assert refused_with(lambda: pause(desk, interview)) == ["S261"]
    assert refused_with(lambda: resume(desk, interview)) == ["S166"]
    resume(desk, interview, early=True)
    assert desk.outcome(interview, "locked_in", "yes").seq == 1
    pause(desk, interview, resume_after=clock() + timedelta(days=2))
    clock.move(days=3)
    resume(desk, interview)
    assert status_of(desk, interview) == "open"
    assert refused_with(lambda: resume(desk, interview)) == ["S261"]


def test_what_somebody_told_cannot_end_in_nothing(desk: Desk) -> None:
    empty = desk.begin()
    abandon(desk, empty, "person_left")
    assert status_of(desk, empty) == "abandoned"
    assert [one.code for one in desk.outcome(empty, "locked_in", "yes").faults] == ["S164"]
    told = desk.begin()
    desk.outcome(told, "locked_in", "yes")
    assert refused_with(lambda: abandon(desk, told, "person_left")) == ["S255"]
    urgent = desk.begin()
    desk.outcome(urgent, "danger_now", "yes")
    assert refused_with(lambda: abandon(desk, urgent, "opened_by_mistake")) == ["S255"]
    assert refused_with(lambda: abandon(desk, told, "wrong_case")) == ["S257"]
    abandon(desk, told, "wrong_case", "the answers belong to the person heard before")
    assert status_of(desk, told) == "abandoned"
    finished = desk.begin()
    desk.finish(finished, 0)
    assert refused_with(lambda: abandon(desk, finished, "person_left")) == ["S261"]


def test_an_interview_passes_only_to_somebody_who_can_hold_it(desk: Desk) -> None:
    world = desk.world
    interview = desk.begin()
    desk.save_all(interview, CLEAR_ACCOUNT)
    assert refused_with(lambda: desk.outcome(interview, "heard_alone", "yes", who="colleague")) == ["S150"]

    def pass_on(to: str, who: str = "interviewer", seen: int | None = None) -> None:
        with world.service.work(world[who]) as work:
            version = desk.version_of(interview) if seen is None else seen
            hand_over(work, interview, seen=version, to_account=world[to].account_id, note="needs Tagalog")

    for other in ("interviewer_b", "reviewer", "administrator"):
        assert refused_with(lambda other=other: pass_on(other)) == ["S167"]  # type: ignore[misc]
    assert refused_with(lambda: pass_on("interviewer")) == ["S265"]
    assert refused_with(lambda: pass_on("colleague", seen=1)) == ["S232"]
    pass_on("colleague")
    assert desk.outcome(interview, "heard_alone", "yes", who="colleague").seq is not None
    with world.service.work(world["colleague"]) as work:
        (one,) = list_hand_overs(work, interview)
        assert one.note == "needs Tagalog"
        assert one.to_account == world["colleague"].account_id
        assert read_interview(work, interview)[0].held_by == world["colleague"].account_id


def test_lists_show_what_is_within_reach_and_what_was_asked_for(desk: Desk, clock: HandClock) -> None:
    world = desk.world
    mine = []
    for _ in range(3):
        mine.append(desk.begin())
        clock.move(minutes=1)
    other = desk.begin("colleague")
    abroad = desk.begin("interviewer_b", site_id=world.site_b)
    pause(desk, mine[0])

    def found(who: str, limit: int = 50, **filters: str) -> list[str]:
        with world.service.work(world[who]) as work:
            pairs = list_interviews(work, Asked(limit), InterviewFilters(**filters)).items
            return [one.id for one, _ in pairs]

    assert found("interviewer") == mine[::-1]
    assert found("interviewer", limit=2) == mine[:0:-1]
    assert set(found("supervisor")) == {*mine, other}
    assert found("supervisor_b") == [abroad]
    assert found("supervisor", status="paused") == [mine[0]]
    assert found("supervisor", held_by=world["colleague"].account_id) == [other]
    assert found("supervisor", case_id=desk.case_of(mine[1])) == [mine[1]]
    assert found("supervisor", site_id=world.site_b) == []
    assert found("supervisor", visit_id=new_id()) == []
    assert refused_with(lambda: found("auditor")) == ["S121"]


def test_nothing_is_added_to_a_closed_case_and_nothing_read_of_an_erased_one(desk: Desk) -> None:
    service, world = desk.world.service, desk.world
    interview = desk.begin()
    desk.outcome(interview, "locked_in", "yes")
    case = desk.case_of(interview)
    with service.database.writing() as session:
        session.execute(update(Case).where(Case.id == case).values(status="closed"))
    assert refused_with(lambda: desk.begin(case_id=case)) == ["S153"]
    assert refused_with(lambda: desk.finish(interview, 1)) == ["S153"]
    assert [one.code for one in desk.outcome(interview, "locked_in", "no", follows_seq=1).faults] == ["S153"]
    with service.database.writing() as session:
        row = session.get_one(Case, case)
        row.status = "erased"
        service.vault.destroy(session, row.data_key_id, service.clock())
    for call in (
        lambda: status_of(desk, interview),
        lambda: desk.save(interview, "locked_in", "no", follows_seq=1),
        lambda: desk.finish(interview, 1),
        lambda: desk.begin(case_id=case),
    ):
        assert refused_with(call) == ["S103"]
    with service.work(world["supervisor"]) as work:
        shown = list_interviews(work, Asked(), InterviewFilters()).items
        assert [one.id for one, _ in shown] == [interview]
