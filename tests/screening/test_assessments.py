"""Everything in a result can be walked back to answers, and nothing that was not said is read as a no."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from indicators.answers import read_answers
from indicators.errors import AnswersError
from rules.evaluation import Engine
from screening.assessments import assess, assess_answers, assess_evaluation
from screening.documents import write_document
from screening.engines import Engines
from screening.explanations import explain, steps_in
from screening.logs import configure_logs
from screening.phrases import LANGUAGES
from screening.result_models import Assessment, Evidence, result_schema, schema_text
from tests.screening.samples import AS_OF, CLEAR_ACCOUNT, REASSURING, TODAY, TREE, Assess

DAY = date.fromisoformat(AS_OF)
STATES = st.sampled_from(["not_known", "declined", "not_asked"]).map(lambda state: {"state": state})
SCHEMA = jsonschema.Draft202012Validator(result_schema())
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "kind_of_work": st.sampled_from(["domestic_work", "private_sector"]),
    "daily_hours": st.sampled_from([0, 8, 9, 12, 13, 24]),
    "locked_in": st.sampled_from(["yes", "no"]),
    "locked_in_by": st.sampled_from(
        [["employer"], ["relative"], ["nobody"], {"value": ["relative"], "complete": True}]
    ),
    "in_debt": st.sampled_from(["yes", "no"]),
    "debt_used": st.sampled_from(["yes", "no"]),
    "danger_now": st.sampled_from(["yes", "no"]),
    "hurt": st.sampled_from(["now", "before", "not_seen"]),
    "months_unpaid": st.sampled_from([0, 1, 2, {"from": 2}, {"to": 1}, {"from": 1, "to": 3}]),
    "left_work_on": st.sampled_from(["2026", "2026-10", "2020-01-01", "2025-11"]),
    "sponsor_of": st.sampled_from(["employer", "someone_else"]),
    "own_words": st.just("Her name is Maria."),
}
ANSWERS = st.fixed_dictionaries({}, optional={name: one | STATES for name, one in VALUES.items()})


def conclusions(result: Assessment) -> list[Evidence]:
    groups = (result.outcomes, result.routes, result.findings, result.dimensions, result.indicators)
    return [item for group in groups for item in group]


def statuses(result: Assessment) -> dict[str, str]:
    return {item.id: item.status for item in conclusions(result)}


@given(ANSWERS)
def test_every_id_in_a_result_leads_to_something_in_it(engines: Engines, answers: dict[str, Any]) -> None:
    result = assess({"instrument": "short", "as_of": AS_OF, "answers": answers}, engines, TODAY)
    known = {item.id for item in conclusions(result)}
    tests = {test.id for test in result.tests}
    entries = {entry.entry for item in result.dimensions for entry in item.entries}
    questions = {item.question for item in result.answers}
    for item in conclusions(result):
        for fired in item.evidence:
            assert set(fired.because) <= known | tests | entries
        assert {*item.support, *item.refuted_by, *item.waits_for} <= questions
        assert bool(item.evidence) == (item.status == "established")
    for dimension in result.dimensions:
        for entry in dimension.entries:
            assert set(entry.because) <= known | tests
            assert bool(entry.because) == (entry.status == "established")
    assert {test.question for test in result.tests} <= questions
    assert {question for need in result.needs_to_ask for question in need.open_questions} <= {
        item.question for item in result.open_questions
    }
    for recommendation in result.recommendations:
        assert recommendation.why
        for reason in recommendation.why:
            assert set(reason.findings) <= known


@given(ANSWERS)
def test_support_is_enough_alone_and_nothing_in_it_can_be_spared(
    engines: Engines, answers: dict[str, Any]
) -> None:
    def status_with(kept: set[str], conclusion: str) -> str:
        body = {name: value for name, value in answers.items() if name in kept}
        found = assess({"instrument": "short", "as_of": AS_OF, "answers": body}, engines, TODAY)
        return statuses(found)[conclusion]

    result = assess({"instrument": "short", "as_of": AS_OF, "answers": answers}, engines, TODAY)
    for item in result.outcomes:
        if item.status != "established":
            continue
        assert status_with(set(item.support), item.id) == "established"
        for question in item.support:
            assert status_with(set(item.support) - {question}, item.id) != "established"


@given(ANSWERS)
def test_explanations_reach_answers_and_name_a_source_for_every_rule(
    engines: Engines, answers: dict[str, Any]
) -> None:
    result = assess({"instrument": "short", "as_of": AS_OF, "answers": answers}, engines, TODAY)
    explanation = explain(result)
    trees = (*explanation.urgent, *explanation.outcome, *explanation.why)
    told = set()
    for step in steps_in(trees):
        told.add(step.id)
        if step.kind == "rule":
            assert step.children, step
        if not step.children:
            is_leaf = step.kind in ("answer", "source", "note", "test", "parameter", "combination")
            assert is_leaf or step.id in told, step
    rules = {fired.rule for item in result.recommendations for fired in item.why}
    assert rules <= told
    for item in result.recommendations:
        reached = {step.id for step in steps_in(trees) if step.kind == "answer"}
        assert set(item.support) & reached or item.support == ()


@given(ANSWERS)
def test_both_languages_say_it_all_and_nobody_is_called_a_victim(
    engines: Engines, answers: dict[str, Any]
) -> None:
    result = assess({"instrument": "short", "as_of": AS_OF, "answers": answers}, engines, TODAY)
    for lang in LANGUAGES:
        text = "\n".join(block.text for block in write_document(result, lang))
        assert "victim" not in text.lower()
        assert "ضحية" not in text
        assert "Maria" not in text
        assert result.notice.say(lang) in text
    assert "Maria" not in result.to_json()


@given(ANSWERS)
def test_a_result_is_the_same_bytes_in_whatever_order_answers_come(
    engines: Engines, answers: dict[str, Any]
) -> None:
    turned = dict(reversed(answers.items()))
    first = assess({"instrument": "short", "as_of": AS_OF, "answers": answers}, engines, TODAY)
    second = assess({"answers": turned, "as_of": AS_OF, "instrument": "short"}, engines, TODAY)
    assert first.to_json() == second.to_json()


@given(ANSWERS)
def test_every_result_fits_the_published_schema(engines: Engines, answers: dict[str, Any]) -> None:
    result = assess({"instrument": "short", "as_of": AS_OF, "answers": answers}, engines, TODAY)
    SCHEMA.validate(result.to_data())


@given(ANSWERS)
def test_a_missing_answer_never_counts_as_a_no(engines: Engines, answers: dict[str, Any]) -> None:
    missing = {name: value if value != "no" else {"state": "declined"} for name, value in answers.items()}
    before = statuses(assess({"instrument": "short", "as_of": AS_OF, "answers": answers}, engines, TODAY))
    after = statuses(assess({"instrument": "short", "as_of": AS_OF, "answers": missing}, engines, TODAY))
    for name, status in after.items():
        assert not (status == "not_established" and before[name] != "not_established"), name


def test_the_published_schema_is_the_one_of_the_models() -> None:
    written = (files("screening") / "result.schema.json").read_text(encoding="utf-8")
    # Written by: python -m screening.result_models > screening/result.schema.json
    assert written == schema_text()
    jsonschema.Draft202012Validator.check_schema(json.loads(written))


def test_a_schema_that_anything_fits_would_be_noticed(assess_small: Assess) -> None:
    data = assess_small(CLEAR_ACCOUNT).to_data()
    for path, wrong in (("outcome", "victim"), ("urgent", {}), ("as_of", 3)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**data, path: wrong}, result_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "score": 7}, result_schema())


def test_a_clear_account_comes_with_its_line_its_review_and_its_referrals(assess_small: Assess) -> None:
    result = assess_small(CLEAR_ACCOUNT)
    assert result.outcome == "trafficking_indicated"
    assert result.outcome_lines[0].rule == "OUT-TI-01"
    assert result.needs_human
    assert [(item.route, item.urgency) for item in result.recommendations] == [
        ("care", "now"),
        ("labour", "soon"),
    ]
    care = result.recommendations[0]
    assert care.consent == "required_unless_danger"
    assert care.why[0].findings == ("finding.injury.now", "indicator.hurt_now")
    dimension = next(item for item in result.dimensions if item.status == "established")
    assert dimension.combinations_met == ("a",)
    assert {entry.entry: entry.status for entry in dimension.entries} == {
        "WK-EX-01": "established",
        "WK-EX-02": "established",
    }
    assert result.parameters[0].value == 12
    assert result.parameters[0].source is not None
    assert result.parameters[0].source.locator == "article 22"
    assert result.parameters[0].source.locator_text.en == "article 22"
    assert result.parameters[0].source.locator_text.ar.startswith("المادة ")


def test_needs_come_apart_from_the_result_and_open_ones_are_to_be_asked(assess_small: Assess) -> None:
    result = assess_small({"hurt": "before", "locked_in": "no"})
    assert [(need.need, need.level) for need in result.urgent] == [("injury", "ask_now")]
    assert [need.need for need in result.needs_to_ask] == ["danger"]
    assert result.needs_to_ask[0].open_questions == ("danger_now",)
    both = assess_small({"hurt": "now", "danger_now": "yes"})
    assert [(need.need, need.level) for need in both.urgent] == [("danger", "now"), ("injury", "now")]
    assert both.needs_to_ask == ()


def test_services_say_whether_they_are_open_and_how_old_their_contacts_are(assess_small: Assess) -> None:
    def shelter(kind: Any) -> str:
        answers = {"hurt": "now"} if kind is None else {"hurt": "now", "kind_of_work": kind}
        found = {one.service: one for one in assess_small(answers).recommendations[0].services}
        assert [note.older_than_12_months for note in found["hospital"].contacts] == [True, False, True]
        assert found["hospital"].contacts[0].warning is not None
        assert "2025-10-31" in found["hospital"].contacts[0].warning.en
        assert found["hospital"].contacts[1].warning is None
        assert found["hospital"].eligibility == "met"
        return found["shelter"].eligibility

    assert shelter("domestic_work") == "met"
    assert shelter("private_sector") == "not_met"
    assert shelter(None) == shelter({"state": "declined"}) == "not_known"


def test_how_much_is_unknown_is_counted_state_by_state(assess_small: Assess) -> None:
    result = assess_small(
        {
            "danger_now": {"state": "declined"},
            "daily_hours": {"state": "not_known"},
            "locked_in": "no",
            "in_debt": {"state": "not_asked"},
        }
    )
    share = result.unknown_share
    assert (share.answered, share.declined, share.not_known, share.not_relevant) == (1, 1, 1, 1)
    assert share.answered + share.declined + share.not_known + share.not_relevant + share.not_asked == 12
    assert share.core_open == ("danger_now",)
    assert "None of these is a no" in share.sentences[-1].en
    states = {item.question: item.state for item in result.answers}
    assert states["locked_in_by"] == "not_relevant"
    assert states["in_debt"] == states["hurt"] == "not_asked"


def test_the_lowest_result_still_says_that_it_closes_nothing(assess_small: Assess) -> None:
    result = assess_small(REASSURING)
    assert result.outcome == "nothing_indicated_so_far"
    assert result.recommendations == ()
    assert "closes nothing" in result.unknown_share.sentences[-1].en
    with_one_open = assess_small({**REASSURING, "danger_now": {"state": "declined"}})
    assert with_one_open.outcome == "not_enough_known"
    assert "other_concern" in with_one_open.may_still_become


def test_answers_that_do_not_fit_are_both_shown_and_neither_is_dropped(assess_small: Assess) -> None:
    result = assess_small({"locked_in": "no", "locked_in_by": ["employer"]})
    (found,) = result.contradictions
    assert found.question == "locked_in_by"
    assert found.with_questions == ("locked_in",)
    assert "The employer" in found.sentence.en
    assert "no" in found.other_sentences[0].en
    assert result.next_questions[0].reason == "clear_up"
    assert result.next_questions[0].question == "locked_in_by"
    assert result.next_questions[0].with_questions == ("locked_in",)


def test_questions_beyond_the_instrument_come_last_and_say_so(assess_small: Assess) -> None:
    found = assess_small({}).open_questions
    assert [item.question for item in found if not item.in_instrument] == ["sponsor_of"]
    assert found[-1].question == "sponsor_of"
    assert all(item.waited_for_by or item.core for item in found)


def test_what_would_change_it_does_what_it_says(assess_small: Assess) -> None:
    answers = {"locked_in": "yes", "daily_hours": 15}
    result = assess_small(answers)
    found = [item for item in result.counterfactuals if item.result == "found"]
    assert found
    for item in found:
        for way in item.answers:
            assert len(way) <= 4
            supposed = {one.question: one.value for one in way}
            assert not set(supposed) & set(answers)
            assert statuses(assess_small({**answers, **supposed}))[item.conclusion] == "established"


def test_when_the_executors_differ_the_result_waits_for_a_person(engines: Engines) -> None:
    rules = engines.rules_for("kuwait", None, TODAY)
    answers = read_answers(rules.forms, {"in_debt": "yes"})
    evaluation = rules.engine.evaluate(answers, DAY, "short")
    assert assess_evaluation(rules, evaluation).needs_human is False
    differing = replace(evaluation, engine_check="differs", needs_human=True, outcome="trafficking_indicated")
    result = assess_evaluation(rules, differing)
    assert result.outcome == "trafficking_indicated"
    assert result.needs_human
    assert "Two evaluations" in result.needs_human_because[0].en
    for lang in LANGUAGES:
        assert write_document(result, lang)


def test_when_the_engine_fails_the_result_stands_flagged_and_only_ids_are_logged(engines: Engines) -> None:
    rules = engines.rules_for("kuwait", None, TODAY)
    written = io.StringIO()
    configure_logs(written)
    broken = Engine(rules.program, workers=1, command=["false"])
    try:
        answers = read_answers(rules.forms, {"hurt": "now", "own_words": "Her name is Maria."})
        # One word, as a label may be.
        result = assess_answers(replace(rules, engine=broken), answers, "short", DAY, "Maria")
        sound = assess_answers(rules, answers, "short", DAY, "Maria")
    finally:
        broken.close()
        structlog.reset_defaults()
    assert result.engine_check == "unavailable"
    assert sound.engine_check == "agrees"
    assert result.result_digest == sound.result_digest
    (line,) = [json.loads(one) for one in written.getvalue().splitlines()]
    assert line["event"] == "engine_incident"
    assert result.case == "Maria", "echoed, and written nowhere else"
    assert line["digest"] == rules.program.digest
    for marker in ("Maria", "hurt", "own_words", "now", "short"):
        assert marker not in written.getvalue()


def test_the_revision_in_force_or_the_draft_is_named(assess_small: Assess) -> None:
    result = assess_small({})
    assert result.revision == "draft"
    assert result.digest.startswith("sha256:")
    assert any("draft" in notice.en for notice in result.notices)
    assert assess_small({}, revision="draft").digest == result.digest


BAD_BODIES: list[tuple[object, list[str]]] = [
    ([], ["S003"]),
    ("intake", ["S003"]),
    ({}, ["S007", "S007"]),
    ({"instrument": "shrt", "answers": {}}, ["S004"]),
    ({"instrument": 3, "answers": {}}, ["S011"]),
    ({"instrument": "short", "answers": []}, ["S017"]),
    ({"instrument": "short", "answers": {}, "as_of": "1/2/2026"}, ["S005"]),
    ({"instrument": "short", "answers": {}, "as_of": "2026-02-30"}, ["S005"]),
    ({"instrument": "short", "answers": {}, "anwers": {}}, ["S006"]),
    ({"instrument": "short", "answers": {}, "rule_set": "kuwat"}, ["S008"]),
    ({"instrument": "short", "answers": {}, "revision": 9}, ["S009"]),
    ({"instrument": "short", "answers": {}, "revision": "latest"}, ["S018"]),
    ({"instrument": "short", "answers": {}, "revision": True}, ["S018"]),
    ({"instrument": "short", "answers": {}, "case": "Maria Santos"}, ["S012"]),
    ({"instrument": "short", "answers": {}, "case": "x" * 65}, ["S012"]),
    ({"instrument": "nope", "as_of": "?", "answers": {"locked_in": True}}, ["A0", "S004", "S005"]),
]


@pytest.mark.parametrize(("body", "codes"), BAD_BODIES)
def test_everything_wrong_with_a_body_is_told_at_once(
    engines: Engines, body: object, codes: list[str]
) -> None:
    with pytest.raises(AnswersError) as raised:
        assess(body, engines, TODAY)
    found = sorted(one.code for one in raised.value.faults)
    assert len(found) == len(codes)
    assert all(one.startswith(expected) for one, expected in zip(found, codes, strict=True)), found
    assert all(one.severity == "request" for one in raised.value.faults)


def test_the_day_of_the_call_stands_in_for_a_missing_one_and_can_be_overridden(engines: Engines) -> None:
    body = {"instrument": "short", "answers": {}}
    assert assess(body, engines, TODAY).as_of == TODAY.isoformat()
    assert assess({**body, "as_of": AS_OF}, engines, TODAY).as_of == AS_OF
    assert assess({**body, "as_of": AS_OF}, engines, TODAY, as_of=date(2016, 1, 1)).as_of == "2016-01-01"


def test_a_value_that_nobody_entered_leaves_its_test_open_and_is_reported(assess_small: Assess) -> None:
    result = assess_small({"kind_of_work": "domestic_work", "daily_hours": 15}, as_of="2014-01-01")
    assert statuses(result)["indicator.long_hours"] == "undetermined"
    assert [one.parameter for one in result.missing_parameters] == ["daily_hours_limit"]
    assert "no value" in result.missing_parameters[0].sentence.en


def test_the_tree_of_these_tests_has_no_faults() -> None:
    from rules.checks import check

    assert check(TREE) == []
