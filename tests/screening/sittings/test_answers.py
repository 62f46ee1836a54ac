"""Answers are only ever added to: what was acknowledged is there, and nobody overwrites anybody silently."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select

from indicators.errors import AnswersError
from screening.sittings.answers import GivenAnswer, list_answers, read_history
from screening.sittings.reaching import find_interview
from screening.sittings.saving import pinned_rules, save_answers
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.interviews import AnswerRevision
from tests.services import HandClock
from tests.sittings import CLEAR_ACCOUNT, Desk


def shown(desk: Desk, interview: str, who: str = "interviewer") -> dict[str, Any]:
    service = desk.world.service
    rules = pinned_rules(service, desk.world[who], interview, "cases.read")
    with service.work(desk.world[who]) as work:
        found, case = find_interview(work, interview, "cases.read")
        answers = list_answers(work, found, case, rules)
    return {one.question: one for one in answers.answers}


def codes(outcome: Any) -> list[str]:
    return [one.code for one in outcome.faults]


def test_every_answer_gets_the_next_number_and_the_last_one_counts(desk: Desk, clock: HandClock) -> None:
    interview = desk.begin()
    first = desk.outcome(interview, "daily_hours", 12)
    other = desk.outcome(interview, "locked_in", "yes")
    clock.move(minutes=5)
    second = desk.outcome(interview, "daily_hours", 16, follows_seq=first.seq, note="counted again together")
    assert [first.seq, other.seq, second.seq] == [1, 2, 3]
    now = shown(desk, interview)["daily_hours"]
    assert (now.answer, now.seq, now.follows_seq, now.earlier) == (16, 3, 1, 1)
    assert now.note == "counted again together"
    service = desk.world.service
    rules = pinned_rules(service, desk.world["interviewer"], interview, "cases.read")
    with service.work(desk.world["interviewer"]) as work:
        found, case = find_interview(work, interview, "cases.read")
        history = read_history(work, found, case, rules, "daily_hours")
        assert [(one.seq, one.answer) for one in history.revisions] == [(1, 12), (3, 16)]
        assert history.revisions[0].at < history.revisions[1].at
        with pytest.raises(AnswersError) as raised:
            read_history(work, found, case, rules, "daily_hourss")
        assert [one.code for one in raised.value.faults] == ["A002"]


def test_an_old_view_of_a_question_is_a_conflict_that_shows_both_answers(desk: Desk) -> None:
    interview = desk.begin()
    first = desk.outcome(interview, "daily_hours", 12)
    desk.outcome(interview, "daily_hours", 14, follows_seq=first.seq, note="from the contract")
    late = desk.outcome(interview, "daily_hours", 10, follows_seq=first.seq)
    assert codes(late) == ["S160"]
    assert late.seq is None
    assert late.conflict is not None
    assert late.conflict.saved is not None
    assert (late.conflict.saved.answer, late.conflict.saved.note) == (14, "from the contract")
    assert late.conflict.saved.by == desk.world["interviewer"].account_id
    assert late.conflict.sent.answer == 10
    assert shown(desk, interview)["daily_hours"].answer == 14
    blind = desk.outcome(interview, "daily_hours", 10)
    assert codes(blind) == ["S160"]
    never = desk.outcome(interview, "locked_in", "yes", follows_seq=1)
    assert codes(never) == ["S160"]
    assert never.conflict is not None
    assert never.conflict.saved is None


def test_the_same_key_saves_once_and_is_refused_for_something_else(desk: Desk) -> None:
    interview = desk.begin()
    first = desk.outcome(interview, "daily_hours", 12, client_key="k", note="Counted")
    again = desk.outcome(interview, "daily_hours", 12, client_key="k", note="Counted")
    assert (again.seq, again.repeated) == (first.seq, True)
    for question, answer, note in (
        ("daily_hours", 13, "Counted"),
        ("daily_hours", 12, "counted"),
        ("daily_hours", 12, None),
        ("locked_in", "yes", "Counted"),
    ):
        assert codes(desk.outcome(interview, question, answer, client_key="k", note=note)) == ["S161"]
    assert shown(desk, interview)["daily_hours"].earlier == 0


def test_a_repetition_is_acknowledged_also_after_the_end(desk: Desk) -> None:
    interview = desk.begin()
    desk.outcome(interview, "daily_hours", 12, client_key="k")
    desk.finish(interview, 1)
    assert desk.outcome(interview, "daily_hours", 12, client_key="k").seq == 1
    assert codes(desk.outcome(interview, "locked_in", "yes")) == ["S162"]


def test_what_is_wrong_is_not_saved_and_disturbs_no_other_answer_of_a_batch(desk: Desk) -> None:
    interview = desk.begin()
    given = [
        GivenAnswer("daily_hours", 12, "a"),
        GivenAnswer("daily_hourss", 12, "b"),
        GivenAnswer("locked_in", "maybe", "c"),
        GivenAnswer("locked_in", "yes", "d"),
        GivenAnswer("daily_hours", 13, "e"),
        GivenAnswer("daily_hours", 13, "f", follows_seq=1),
        GivenAnswer("daily_hours", 12, "a"),
    ]
    saved = save_answers(desk.world.service, desk.world["interviewer"], interview, given)
    assert [(one.seq, codes(one)) for one in saved.outcomes] == [
        (1, []),
        (None, ["A002"]),
        (None, ["A021"]),
        (2, []),
        (None, ["S160"]),
        (3, []),
        (1, []),
    ]
    assert saved.last_seq == 3
    assert saved.live is not None
    assert saved.live.last_seq == 3
    assert saved.outcomes[1].faults[0].slots["nearest"] == "daily_hours"


def test_an_answer_can_be_taken_back_and_the_earlier_one_stays_readable(desk: Desk) -> None:
    interview = desk.begin()
    desk.save_all(interview, CLEAR_ACCOUNT)
    before = desk.save(interview, "danger_now", "no").live
    seq = shown(desk, interview)["locked_in"].seq
    taken = desk.save(interview, "locked_in", {"state": "not_asked"}, follows_seq=seq)
    assert before is not None
    assert taken.live is not None
    assert taken.live.unknown_share.answered == before.unknown_share.answered - 1
    now = shown(desk, interview)["locked_in"]
    assert (now.state, now.earlier) == ("not_asked", 1)


@pytest.mark.parametrize("state", ["not_known", "declined", "not_asked"])
def test_states_are_kept_as_they_are(desk: Desk, state: str) -> None:
    interview = desk.begin()
    desk.outcome(interview, "locked_in", {"state": state})
    assert shown(desk, interview)["locked_in"].state == state


def test_an_answer_that_is_saved_stays_acknowledged_when_the_evaluation_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = desk.begin()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the marker of this test must not be repeated")

    monkeypatch.setattr("screening.sittings.saving.work_out", fail)
    saved = desk.save(interview, "locked_in", "yes")
    assert saved.outcomes[0].seq == 1
    assert saved.live is None
    assert saved.live_fault is not None
    assert saved.live_fault.code == "S260"
    assert shown(desk, interview)["locked_in"].answer == "yes"


def test_the_entry_mode_of_a_list_follows_its_answer(desk: Desk) -> None:
    interview = desk.begin(answers={"entry_mode": "hospital", "heard_alone": "yes"})
    with desk.world.service.work(desk.world["interviewer"]) as work:
        assert find_interview(work, interview, "cases.read")[0].entry_mode == "hospital"
    seq = shown(desk, interview)["entry_mode"].seq
    desk.outcome(interview, "entry_mode", {"state": "not_known"}, follows_seq=seq)
    with desk.world.service.work(desk.world["interviewer"]) as work:
        assert find_interview(work, interview, "cases.read")[0].entry_mode is None


def test_looks_and_changes_are_audited_with_ids_and_nothing_else(desk: Desk) -> None:
    interview = desk.begin()
    desk.outcome(interview, "daily_hours", 12)
    desk.outcome(interview, "daily_hours", 13)
    shown(desk, interview)
    with desk.world.service.database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        found = {one.action: one for one in entries if one.object_id == interview}
        assert set(found) == {
            "interview.create",
            "interview.answer",
            "interview.answer_conflict",
            "interview.answers_read",
        }
        detail = {"questions": ["daily_hours"], "seqs": [1], "corrections": 0}
        assert found["interview.answer"].detail == detail
        assert all(one.case_id == desk.case_of(interview) for one in found.values())
        assert len(session.scalars(select(AnswerRevision)).all()) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_long_interview_asks_the_database_no_more_than_a_short_one(desk: Desk) -> None:
    statements: list[str] = []
    engine = desk.world.service.database.engine
    event.listen(engine, "before_cursor_execute", lambda _, __, statement, *___: statements.append(statement))

    def count(interview: str) -> int:
        statements.clear()
        assert desk.save(interview, "danger_now", "no").live is not None
        return len(statements)

    short, long = desk.begin(), desk.begin()
    desk.save_all(long, CLEAR_ACCOUNT)
    assert count(short) == count(long)
