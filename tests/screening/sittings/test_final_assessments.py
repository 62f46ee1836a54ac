"""A result is worked out once, kept for ever, and decided on beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sqlalchemy import delete, inspect, select, update
from sqlalchemy.exc import DatabaseError

from rules.evaluation import Engine, Evaluation
from screening.assessments import assess
from screening.engines import Engines
from screening.people.access import SYSTEM
from screening.refusals import Refused
from screening.result_models import result_schema
from screening.sittings.decisions import decide, list_decisions
from screening.sittings.finishing import finish_interview, read_assessment, replay, replayable
from screening.sittings.models import FinalAssessment
from screening.storage.tables.assessments import Decision, StoredAssessment
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Service
from tests.screening.samples import TREE
from tests.screening.sittings.test_interviews import refused_with
from tests.screening.sittings.test_markers import folders_of
from tests.services import HandClock
from tests.sittings import CLEAR_ACCOUNT, Desk


def read(desk: Desk, assessment: str, who: str = "interviewer") -> str:
    with desk.world.service.work(desk.world[who]) as work:
        return read_assessment(work, assessment)[1]


def test_a_result_is_what_the_assessment_of_the_same_answers_is_and_keeps_its_bytes(
    desk: Desk, clock: HandClock
) -> None:
    interview = desk.begin()
    last = desk.save_all(interview, CLEAR_ACCOUNT)
    final = desk.finish(interview, last)
    assert final.outcome == final.reference_outcome == final.engine_outcome == "trafficking_indicated"
    text = read(desk, final.id)
    result = json.loads(text)
    jsonschema.validate(result, result_schema())
    body = {"instrument": "intake", "answers": CLEAR_ACCOUNT, "case": result["case"]}
    assert text == assess(body, desk.world.service.engines, desk.today()).to_json()
    assert (final.as_of, final.result_digest) == (result["as_of"], result["result_digest"])
    clock.move(days=900)
    assert read(desk, final.id) == text


def test_the_day_is_the_one_in_kuwait(desk: Desk, clock: HandClock) -> None:
    clock.move(hours=16)
    assert clock().day == 1
    interview = desk.begin()
    assert desk.finish(interview, 0).as_of == "2026-11-02"


def test_nobody_finishes_over_answers_that_he_has_not_seen(desk: Desk) -> None:
    interview = desk.begin()
    last = desk.save_all(interview, CLEAR_ACCOUNT)
    desk.outcome(interview, "danger_now", "yes")
    assert refused_with(lambda: desk.finish(interview, last)) == ["S168"]
    assert refused_with(lambda: desk.finish(interview, last + 2)) == ["S168"]
    desk.finish(interview, last + 1)
    assert refused_with(lambda: desk.finish(interview, last + 1)) == ["S250"]


def test_an_answer_between_evaluation_and_storing_is_noticed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = desk.begin()
    last = desk.save_all(interview, CLEAR_ACCOUNT)
    evaluate = Engine.evaluate

    def evaluate_slowly(*given: Any) -> Evaluation:
        monkeypatch.setattr(Engine, "evaluate", evaluate)
        desk.outcome(interview, "danger_now", "yes")
        return evaluate(*given)

    monkeypatch.setattr(Engine, "evaluate", evaluate_slowly)
    assert refused_with(lambda: desk.finish(interview, last)) == ["S168"]


def test_where_engine_and_reference_differ_finishing_waits_for_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = desk.begin()
    last = desk.save_all(interview, CLEAR_ACCOUNT)
    evaluate = Engine.evaluate

    def differ(*given: Any) -> Evaluation:
        found = evaluate(*given)
        return replace(
            found, engine_check="differs", engine_outcome="other_concern", needs_human=True, incidents=()
        )

    monkeypatch.setattr(Engine, "evaluate", differ)
    assert refused_with(lambda: desk.finish(interview, last)) == ["S169"]
    final = finish_interview(
        desk.world.service, desk.world["interviewer"], interview, seen_seq=last, difference_seen=True
    )
    assert (final.outcome, final.engine_outcome) == ("trafficking_indicated", "other_concern")
    assert final.engine_check == "differs"


def test_results_and_decisions_cannot_be_changed_in_the_database(desk: Desk) -> None:
    interview = desk.begin()
    final = desk.finish(interview, 0)
    decide_on(desk, final.id, stance="agree")
    for statement in (
        update(StoredAssessment).values(outcome="nothing_indicated_so_far"),
        delete(StoredAssessment),
        update(Decision).values(stance="differ"),
        delete(Decision),
    ):
        with pytest.raises(DatabaseError), desk.world.service.database.writing() as session:
            session.execute(statement)


def test_replaying_gives_the_same_result_after_the_shipped_rules_have_changed(
    desk: Desk, tmp_path: Any
) -> None:
    service = desk.world.service
    final = desk.finish(interview := desk.begin(), desk.save_all(interview, CLEAR_ACCOUNT))
    corrected = desk.begin()
    seq = desk.save_all(corrected, {**CLEAR_ACCOUNT, "locked_in": "no"})
    desk.finish(corrected, seq)
    # Another content tree, in which the question bank and every rule are others.
    with Engines(TREE) as engines:
        later = Service(service.database, service.vault, engines, service.permissions, service.clock)
        assert engines.program_for("kuwait", None, desk.today()).digest != final.digest
        found = [replay(later, SYSTEM, one) for one in replayable(later)]
        assert [one.same for one in found] == [True, True]
        assert final.id in {one.assessment for one in found}
        with later.work(desk.world["interviewer"]) as work:
            before = read_assessment(work, final.id)[1]
    assert before == read(desk, final.id)


def test_replaying_notices_a_stored_result_that_is_another(desk: Desk) -> None:
    service = desk.world.service
    interview = desk.begin()
    final = desk.finish(interview, desk.save_all(interview, CLEAR_ACCOUNT))
    with service.database.reading() as session:
        row = session.get_one(StoredAssessment, final.id)
        forged = {one.key: getattr(row, one.key) for one in inspect(StoredAssessment).column_attrs}
    forged |= {"id": "f" * 32, "number": 2, "last_seq": 2, "result_digest": digest_for(desk, final, "f" * 32)}
    with service.database.writing() as session:
        session.add(StoredAssessment(**forged))
    assert not replay(service, SYSTEM, "f" * 32).same
    assert replay(service, SYSTEM, final.id).same


def digest_for(desk: Desk, final: FinalAssessment, row: str) -> bytes:
    """The digest of a result, sealed for another row by somebody who has the keys."""
    with desk.world.service.work(SYSTEM, writes=False) as work:
        case = work.session.get_one(Case, final.case)
        return work.seal(case, "assessments", "result_digest", row, final.result_digest)


def test_a_digest_that_was_put_to_another_result_is_noticed(desk: Desk) -> None:
    service = desk.world.service
    interview = desk.begin()
    final = desk.finish(interview, desk.save_all(interview, CLEAR_ACCOUNT))
    with service.database.reading() as session:
        row = session.get_one(StoredAssessment, final.id)
        forged = {one.key: getattr(row, one.key) for one in inspect(StoredAssessment).column_attrs}
    with service.database.writing() as session:
        session.add(StoredAssessment(**{**forged, "id": "f" * 32, "number": 2}))
    assert refused_with(lambda: replay(service, SYSTEM, "f" * 32)) == ["S102"]


def test_nothing_is_left_from_which_the_answers_of_an_erased_case_could_be_guessed(desk: Desk) -> None:
    # So little was said that whoever has the rules can try every answer there is.
    service = desk.world.service
    interview = desk.begin()
    final = desk.finish(interview, desk.save_all(interview, {"locked_in": "yes"}))
    guessed = final.result_digest.removeprefix("sha256:").encode()
    found = assess({"instrument": "intake", "answers": {"locked_in": "yes"}}, service.engines, desk.today())
    assert found.result_digest == final.result_digest
    assert guessed in read(desk, final.id).encode()
    assert [path for path in files_of(desk) if guessed in path.read_bytes()] == []
    with service.database.reading() as session:
        detail = session.scalars(select(AuditEntry.detail).where(AuditEntry.object_id == final.id)).first()
    with service.work(SYSTEM, writes=False) as work:
        case = work.session.get_one(Case, final.case)
        assert detail is not None
        assert detail["result"] == work.digest(case, "result", final.result_digest)
    with service.work(SYSTEM) as work:
        work.vault.destroy(work.session, work.session.get_one(Case, final.case).data_key_id, work.now)
    with service.work(SYSTEM, writes=False) as work, pytest.raises(Refused):
        work.digest(work.session.get_one(Case, final.case), "result", final.result_digest)


def files_of(desk: Desk) -> list[Path]:
    return [path for folder in folders_of(desk) for path in folder.rglob("*") if path.is_file()]


def test_results_of_erased_cases_are_left_out_and_refused(desk: Desk) -> None:
    service = desk.world.service
    interview = desk.begin()
    final = desk.finish(interview, desk.save_all(interview, CLEAR_ACCOUNT))
    with service.database.writing() as session:
        case = session.get_one(Case, desk.case_of(interview))
        case.status = "erased"
        service.vault.destroy(session, case.data_key_id, service.clock())
    assert list(replayable(service)) == []
    assert refused_with(lambda: replay(service, SYSTEM, final.id)) == ["S103"]
    assert refused_with(lambda: read(desk, final.id)) == ["S103"]
    assert refused_with(lambda: decide_on(desk, final.id, stance="agree")) == ["S103"]


def decide_on(desk: Desk, assessment: str, who: str = "interviewer", **given: Any) -> Any:
    service = desk.world.service
    with service.work(desk.world[who]) as work:
        return decide(work, service.engines, assessment, **given)[0]


def test_a_decision_stands_beside_the_result_and_a_lower_one_says_what_it_does_not_do(
    desk: Desk, clock: HandClock
) -> None:
    service = desk.world.service
    interview = desk.begin()
    final = desk.finish(interview, desk.save_all(interview, CLEAR_ACCOUNT))
    text = read(desk, final.id)
    agreed = decide_on(desk, final.id, stance="agree")
    assert (agreed.direction, agreed.notice, agreed.reason) == ("same", None, None)
    clock.move(seconds=1)
    lower = decide_on(
        desk,
        final.id,
        "supervisor",
        stance="differ",
        outcome="nothing_indicated_so_far",
        reason="the papers came back",
    )
    assert lower.direction == "lower"
    assert "never closes a case" in lower.notice.en
    with service.work(desk.world["interviewer"]) as work:
        both = list_decisions(work, service.engines, final.id).decisions
    assert [one.stance for one in both] == ["agree", "differ"]
    assert both[1].reason == "the papers came back"
    assert read(desk, final.id) == text


def test_a_higher_decision_needs_no_warning(desk: Desk) -> None:
    final = desk.finish(desk.begin(), 0)
    assert final.outcome == "not_enough_known"
    higher = decide_on(
        desk, final.id, stance="differ", outcome="trafficking_possible", reason="she was too afraid to speak"
    )
    assert (higher.direction, higher.notice) == ("higher", None)
    own = decide_on(desk, final.id, stance="differ", reason="other routes are needed")
    assert (own.direction, own.outcome) == ("same", None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"stance": "disagree", "reason": "r"}, "S256"),
        ({"stance": "differ", "outcome": "other_concern"}, "S251"),
        ({"stance": "differ", "outcome": "other_concern", "reason": "  "}, "S251"),
        ({"stance": "differ", "outcome": "not_a_victim", "reason": "r"}, "S252"),
        ({"stance": "differ", "outcome": "not_enough_known", "reason": "r"}, "S254"),
        ({"stance": "agree", "outcome": "other_concern"}, "S253"),
    ],
)
def test_decisions_that_are_refused(desk: Desk, given: dict[str, Any], code: str) -> None:
    final = desk.finish(desk.begin(), 0)
    assert refused_with(lambda: decide_on(desk, final.id, **given)) == [code]
    with desk.world.service.database.reading() as session:
        assert session.scalars(select(Decision)).all() == []


def test_who_may_not_reach_a_case_reaches_no_result_of_it(desk: Desk) -> None:
    final = desk.finish(desk.begin(), 0)
    assert refused_with(lambda: read(desk, final.id, "colleague")) == ["S150"]
    assert refused_with(lambda: read(desk, final.id, "auditor")) == ["S121"]
    assert refused_with(lambda: decide_on(desk, final.id, "interviewer_b", stance="agree")) == ["S150"]
    assert refused_with(lambda: decide_on(desk, final.id, "service", stance="agree")) == ["S121"]


def test_a_finished_interview_knows_when(desk: Desk) -> None:
    interview = desk.begin()
    desk.finish(interview, 0)
    with desk.world.service.database.reading() as session:
        row = session.get_one(Interview, interview)
        assert (row.status, row.finished_at) == ("finished", desk.world.service.clock())
