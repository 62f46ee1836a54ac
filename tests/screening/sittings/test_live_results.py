"""What the answers so far come to, and what stands beside it: corrections, earlier results, what was open."""

from __future__ import annotations

import pytest

from screening.assessments import assess
from screening.demo_interviews import load_demo_interviews
from screening.people.access import Actor
from screening.sittings.following import read_contradictions, read_last_time
from screening.sittings.models import LiveResult
from screening.sittings.saving import read_live
from tests.screening.sittings.test_interviews import refused_with
from tests.services import HandClock
from tests.sittings import CLEAR_ACCOUNT, Desk

# What is worked out does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DEMOS = {one.id: one.interview for one in load_demo_interviews()}


def live(desk: Desk, interview: str, who: str = "interviewer") -> LiveResult:
    return read_live(desk.world.service, desk.world[who], interview)


@pytest.mark.parametrize("name", sorted(DEMOS)[::3])
def test_the_result_so_far_says_what_the_full_assessment_says(desk: Desk, name: str) -> None:
    body = DEMOS[name]
    interview = desk.begin(instrument=body["instrument"])
    desk.save_all(interview, body["answers"])
    found = live(desk, interview).model_dump(mode="json")
    full = assess(
        {**body, "as_of": desk.today().isoformat()}, desk.world.service.engines, desk.today()
    ).to_data()
    for key in (
        "outcome",
        "outcome_label",
        "outcome_meaning",
        "may_still_become",
        "needs_to_ask",
        "unknown_share",
        "next_questions",
        "contradictions",
        "engine_check",
        "digest",
        "instrument",
        "revision",
        "as_of",
    ):
        assert found[key] == full[key], key
    assert found["urgent"] == [{k: v for k, v in one.items() if k != "why"} for one in full["urgent"]]
    assert found["routes"] == [
        {key: one[key] for key in ("route", "label", "urgency")} for one in full["recommendations"]
    ]
    for status, key in (("established", "established"), ("undetermined", "open")):
        shown = {one["id"] for part in found["elements"] for one in part[key]}
        wanted = {
            one["id"] for one in full["findings"] if one["kind"] == "element" and one["status"] == status
        }
        assert shown == wanted


def test_a_correction_says_neutrally_what_no_longer_holds(desk: Desk) -> None:
    interview = desk.begin()
    last = desk.save_all(interview, CLEAR_ACCOUNT)
    learnt = desk.save(interview, "danger_now", "no").live
    assert learnt is not None
    assert (learnt.withdrawn, learnt.withdrawn_notice) == ((), None)
    corrected = desk.save(interview, "locked_in", "no", follows_seq=5).live
    assert corrected is not None
    assert [one.id for one in corrected.withdrawn] == ["finding.act.harbour"]
    assert corrected.withdrawn_notice is not None
    assert corrected.withdrawn_notice.ar
    again = desk.save(interview, "locked_in", "yes", follows_seq=last + 2).live
    assert again is not None
    assert again.withdrawn == ()
    assert live(desk, interview).withdrawn == ()


def test_what_an_earlier_interview_came_to_stands_beside_a_poorer_one(desk: Desk, clock: HandClock) -> None:
    first = desk.begin()
    final = desk.finish(first, desk.save_all(first, CLEAR_ACCOUNT))
    clock.move(days=3)
    case = desk.case_of(first)
    second = desk.begin(instrument="rescreen", case_id=case, follows_id=first, follows_because="rest")
    found = live(desk, second)
    assert found.outcome == "not_enough_known"
    (before,) = found.earlier_results
    assert (before.assessment, before.outcome) == (final.id, "trafficking_indicated")
    assert found.earlier_notice is not None
    third = desk.begin(case_id=case, follows_id=second, follows_because="new_information")
    assert [one.assessment for one in live(desk, third).earlier_results] == [final.id]
    assert live(desk, first).earlier_notice is None


def test_the_next_interview_starts_from_what_was_open(desk: Desk, clock: HandClock) -> None:
    first = desk.begin()
    desk.save_all(first, {**CLEAR_ACCOUNT, "threats_made": {"state": "declined"}})
    clock.move(days=3)
    case = desk.case_of(first)
    second = desk.begin(instrument="rescreen", case_id=case, follows_id=first, follows_because="rest")
    desk.outcome(second, "debt_kind", "debt_that_does_not_fall")
    service, actor = desk.world.service, desk.world["interviewer"]
    found = read_last_time(service, actor, second)
    open_then = {one.question: one for one in found.open_questions}
    assert open_then["threats_made"].state == "declined"
    assert open_then["threats_made"].core
    assert open_then["debt_kind"].answered_since
    assert not open_then["danger_now"].answered_since
    assert not set(open_then) & set(CLEAR_ACCOUNT)
    here = [one.in_instrument for one in found.open_questions]
    assert here == sorted(here, reverse=True)
    assert found.result is None
    assert refused_with(lambda: read_last_time(service, actor, first)) == ["S165"]


def test_answers_of_linked_interviews_that_differ_are_shown_with_both_times(
    desk: Desk, clock: HandClock
) -> None:
    first = desk.begin(answers={"heard_alone": "no"})
    desk.save_all(first, {"documents_holder": "self", "danger_now": "yes", "daily_hours": 12})
    clock.move(days=3)
    case = desk.case_of(first)
    second = desk.begin(
        case_id=case, follows_id=first, follows_because="rest", answers={"heard_alone": "yes"}
    )
    desk.save_all(
        second,
        {"documents_holder": "employer", "danger_now": "no", "daily_hours": 12, "locked_in": "yes"},
    )
    service, actor = desk.world.service, desk.world["interviewer"]
    shown = read_contradictions(service, actor, second)
    by_question = {one.question: one for one in shown.between}
    assert set(by_question) == {"documents_holder", "danger_now"}
    papers = by_question["documents_holder"]
    assert (papers.before.answer, papers.after.answer) == ("self", "employer")
    assert papers.before.at < papers.after.at
    assert (papers.may_have_changed, by_question["danger_now"].may_have_changed) == (False, True)
    assert {one.question for one in live(desk, second).different_answers} == set(by_question)
    assert read_contradictions(service, actor, first).between == ()


def test_answers_within_one_interview_that_do_not_fit_are_shown(desk: Desk) -> None:
    interview = desk.begin()
    desk.save_all(interview, {"kind_of_work": "not_working", "daily_hours": 14})
    shown = read_contradictions(desk.world.service, desk.world["interviewer"], interview)
    assert [one.question for one in shown.within] == ["daily_hours"]
    assert live(desk, interview).next_questions[0].reason == "clear_up"


def test_a_look_at_the_result_needs_the_case(desk: Desk) -> None:
    interview = desk.begin()
    stranger: Actor = desk.world["colleague"]
    service = desk.world.service
    assert refused_with(lambda: read_live(service, stranger, interview)) == ["S150"]
    assert refused_with(lambda: read_contradictions(service, stranger, interview)) == ["S150"]
    assert refused_with(lambda: read_live(service, desk.world["auditor"], interview)) == ["S121"]
    assert refused_with(lambda: read_live(service, stranger, "0" * 32)) == ["S150"]


def test_a_result_that_cannot_be_worked_out_is_refused_with_a_code(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = desk.begin()

    def fail(*_: object) -> None:
        raise RuntimeError("a marker")

    monkeypatch.setattr("screening.sittings.saving.work_out", fail)
    assert refused_with(lambda: live(desk, interview)) == ["S266"]
