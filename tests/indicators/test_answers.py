"""Reading answers: what is said is kept, what was not said is kept apart, the rest is refused by name."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import answers as answers_module
from indicators.answers import (
    LONGEST_TEXT,
    MOST_HINTS,
    Answer,
    Day,
    Range,
    read_answer,
    read_answers,
    write_answer,
)
from indicators.content import load_catalogue
from indicators.errors import AnswersError, Fault, advice, in_order, render
from indicators.forms import QuestionForm, forms_of
from indicators.json_reading import parse_answers, parse_json
from indicators.yaml_reading import read_yaml

HERE = Path(__file__).parent
CATALOGUE, FAULTS = load_catalogue(HERE.parent / "content" / "base_tree")
FORMS = CATALOGUE.question_forms()
BROKEN = read_yaml((HERE / "broken_answers.yaml").read_bytes(), "broken_answers.yaml").plain()
ARABIC = re.compile("[\u0621-\u064a]")


def faults_of(answers: object) -> list[Fault]:
    try:
        read_answers(FORMS, answers)
    except AnswersError as error:
        return list(error.faults)
    return []


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row["name"])
def test_a_broken_answer_gives_exactly_these_lines(row: dict[str, Any]) -> None:
    node, faults = parse_json(row["answers"], "interview.json")
    if node is not None:
        faults = in_order([*faults, *faults_of(node)])
    assert [render(one) for one in faults] == row["errors"]
    for one in faults:
        assert one.line == 1
        assert ARABIC.search(render(one, "ar"))
        assert advice(one)
        assert ARABIC.search(advice(one, "ar"))


def test_there_are_at_least_as_many_as_promised() -> None:
    assert FAULTS == []
    assert len(BROKEN) >= 60
    assert len({row["name"] for row in BROKEN}) == len(BROKEN)


IN_MEMORY = [
    row for row in BROKEN if not any(code in line for line in row["errors"] for code in (" Y0", "A001"))
]


@pytest.mark.parametrize("row", IN_MEMORY, ids=lambda row: row["name"])
def test_an_answer_in_memory_is_refused_with_the_same_words(row: dict[str, Any]) -> None:
    answers = json.loads(row["answers"])
    found = sorted((one.field, render(one)) for one in faults_of(answers))
    expected = [line.removeprefix("interview.json:1: ") for line in row["errors"]]
    assert sorted(line.removeprefix(f"{field}: ") for field, line in found) == sorted(expected)
    assert {field for field, _ in found} <= {f"answers.{question}" for question in answers}


@pytest.mark.parametrize(
    ("question", "raw", "expected"),
    [
        ("working_now", "yes", Answer("value", "yes")),
        ("working_now", {"value": "no"}, Answer("value", "no")),
        ("working_now", {"state": "declined"}, Answer("declined")),
        ("working_now", {"state": "not_known"}, Answer("not_known")),
        ("working_now", {"state": "not_asked"}, Answer("not_asked")),
        ("documents_holder", "agent", Answer("value", "agent")),
        ("threats", ["police", "family"], Answer("value", ("family", "police"))),
        ("threats", {"value": ["police"], "complete": True}, Answer("value", ("police",), True)),
        ("threats", {"value": ["police"], "complete": False}, Answer("value", ("police",))),
        ("threats", {"value": [], "complete": True}, Answer("value", (), True)),
        ("threats", ["none_of_these"], Answer("value", ("none_of_these",), True)),
        ("daily_hours", 0, Answer("value", 0)),
        ("daily_hours", 24, Answer("value", 24)),
        ("months_unpaid", 3, Answer("value", 3)),
        ("months_unpaid", {"from": 3, "to": 6}, Answer("value", Range(3, 6))),
        ("months_unpaid", {"from": 3}, Answer("value", Range(3, None))),
        ("months_unpaid", {"from": None, "to": 6}, Answer("value", Range(None, 6))),
        ("months_unpaid", {"value": {"to": 6}}, Answer("value", Range(None, 6))),
        ("months_unpaid", {"from": 4, "to": 4}, Answer("value", 4)),
        ("left_on", "2026-02-03", Answer("value", Day(date(2026, 2, 3), date(2026, 2, 3), "2026-02-03"))),
        ("left_on", "2026-02", Answer("value", Day(date(2026, 2, 1), date(2026, 2, 28), "2026-02"))),
        ("left_on", {"value": "2026"}, Answer("value", Day(date(2026, 1, 1), date(2026, 12, 31), "2026"))),
        ("notes", "قالت إنها خائفة.", Answer("value", "قالت إنها خائفة.")),
        ("notes", "declined", Answer("value", "declined")),
        ("notes", "ا\u0653ه\r\nسطر", Answer("value", "آه\r\nسطر")),
    ],
)
def test_every_form_of_an_answer_is_read_and_written_again(
    question: str, raw: object, expected: Answer
) -> None:
    for source in (CATALOGUE.questions[question], FORMS[question]):
        assert read_answer(source, raw) == expected
    assert read_answer(FORMS[question], write_answer(expected)) == expected
    as_json, as_yaml = (
        parse_json(json.dumps({question: raw}))[0],
        parse_answers(f"{question}: {json.dumps(raw)}")[0],
    )
    assert read_answers(FORMS, as_json) == read_answers(FORMS, as_yaml) == {question: expected}


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
@pytest.mark.parametrize("raw", [True, False], ids=str)
def test_a_boolean_is_never_an_answer(form: QuestionForm, raw: bool) -> None:
    for given_answer in (raw, {"value": raw}):
        with pytest.raises(AnswersError) as error:
            read_answer(form, given_answer)
        line = render(error.value.faults[0])
        assert f"`{str(raw).lower()}` is no answer to `{form.id}`" in line
        if form.type == "yes_no":
            assert "write `yes` or `no`" in line


def test_all_faults_of_an_interview_come_at_once_with_their_fields() -> None:
    given_answers = {"working_now": True, "documents_holder": "employeur", "daily_hours": 15.5, "nobody": 1}
    with pytest.raises(AnswersError) as error:
        read_answers(CATALOGUE.questions, given_answers)
    assert [render(one) for one in error.value.faults] == [
        "answers.daily_hours: Y012 `15.5` is not a whole number",
        "answers.documents_holder: A023 unknown option `employeur` of `documents_holder`; expected is one of "
        "`self`, `employer`, `agent`; did you mean `employer`?",
        "answers.nobody: A002 unknown question `nobody`",
        "answers.working_now: A020 `true` is no answer to `working_now`; write `yes` or `no`",
    ]


def test_a_fault_names_the_field_it_is_given() -> None:
    with pytest.raises(AnswersError) as error:
        read_answer(FORMS["daily_hours"], 25, field="body.answers.daily_hours")
    assert error.value.faults[0].field == "body.answers.daily_hours"
    with pytest.raises(AnswersError, match=r"^daily_hours: A032 25 is more"):
        read_answer(FORMS["daily_hours"], 25)
    with pytest.raises(AnswersError, match=r"^daily_hours: Y012"):
        read_answer(FORMS["daily_hours"], 2.5)


def test_the_order_in_which_answers_are_given_means_nothing() -> None:
    one = read_answers(FORMS, {"working_now": "yes", "threats": ["police", "family"]})
    two = read_answers(FORMS, {"threats": ["family", "police"], "working_now": "yes"})
    assert list(one.items()) == list(two.items())


def test_a_question_that_is_not_there_was_not_asked_and_stays_out() -> None:
    assert read_answers(FORMS, {}) == {}


def test_a_text_of_any_length_people_write_is_kept_and_no_longer_one() -> None:
    assert read_answer(FORMS["notes"], "ن" * LONGEST_TEXT).state == "value"
    with pytest.raises(AnswersError, match="A052"):
        read_answer(FORMS["notes"], "ن" * (LONGEST_TEXT + 1))


def test_the_questions_of_a_program_read_like_those_of_the_catalogue() -> None:
    program = {
        name: {
            "type": form.type,
            "options": list(form.options),
            "exclusive": form.exclusive,
            "least": form.least,
            "most": form.most,
        }
        for name, form in FORMS.items()
    }
    assert forms_of(program) == FORMS
    assert forms_of(
        {"q": {"type": "yes_no", "options": None, "exclusive": None, "least": None, "most": None}}
    ) == {"q": QuestionForm("q", "yes_no")}


def test_thousands_of_wrong_ids_are_all_told_and_cost_few_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []

    def count(word: str, candidates: object) -> None:
        searched.append(word)

    monkeypatch.setattr(answers_module, "nearest", count)
    faults = faults_of({f"question_{number}": "yes" for number in range(3000)})
    assert [one.code for one in faults] == ["A002"] * 3000
    assert len(searched) == MOST_HINTS


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["yes", "police", "2026"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["state", "value", "complete", "from", "to", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(FORMS)), ANYTHING)
def test_whatever_is_sent_is_an_answer_or_is_refused(question: str, raw: object) -> None:
    form = FORMS[question]
    faults = faults_of({question: raw})
    if faults:
        assert all(render(one, lang) for one in faults for lang in ("en", "ar"))
        return
    answer = read_answer(form, raw)
    assert (answer.value is None) == (answer.state != "value")
    assert read_answer(form, write_answer(answer)) == answer
