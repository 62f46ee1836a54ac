"""Every construct of the language can be said in both languages, and no missing answer is worded as a no."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from indicators.answers import read_answer
from indicators.conditions import AGO_UNITS, LONGEST_AGO, OPERATORS, REFERENCES
from indicators.forms import QuestionForm, QuestionType
from indicators.models import Confidence, Element, SourceKind
from indicators.tests import OPERATORS_OF_TYPE
from rules.evaluation import EngineCheck
from rules.models import Basis, Consent, FindingKind, Strength, Urgency
from screening.answer_sentences import describe_answer, say_value
from screening.phrases import LANGUAGES, knows, phrases, say
from screening.result_models import AnswerState, OutcomeName, Status
from screening.sentences import Sentences

TYPES = get_args(QuestionType)
OPTIONS = ("employer", "agent", "nobody")


def question(type_: str) -> dict[str, Any]:
    with_options = type_ in ("one_choice", "several_choices")
    return {
        "type": type_,
        "options": list(OPTIONS) if with_options else [],
        "exclusive": "nobody" if type_ == "several_choices" else None,
        "text": {"en": f"Question of {type_}?", "ar": "سؤال؟"},
        "option_texts": {o: {"en": f"The {o}", "ar": f"خيار {o}"} for o in OPTIONS} if with_options else {},
        "answered_by": "person",
    }


def data(tests: dict[str, Any]) -> dict[str, Any]:
    return {
        "questions": {type_: question(type_) for type_ in TYPES},
        "tests": tests,
        "parameters": {
            "limit": {
                "unit": "hours",
                "selector": None,
                "label": {"en": "The limit", "ar": "الحد"},
                "values": [],
            }
        },
        "conclusions": [
            {"id": f"{kind}.x", "kind": kind, "label": {"en": f"Label of {kind}", "ar": f"تسمية {kind}"}}
            for kind in REFERENCES
        ],
        "sources": {},
        "locators": {},
    }


def operands(op: str, type_: str) -> list[tuple[Any, str | None]]:
    """Every kind of value an operator can be given, as a program holds it, or a parameter."""
    if type_ in ("whole_number", "number_range"):
        return [(3, None), (None, "limit")]
    if OPERATORS[op] == "ago":
        return [
            *(({unit: n}, None) for unit in AGO_UNITS for n in (1, 2, 5, LONGEST_AGO[unit])),
            (None, "limit"),
        ]
    if OPERATORS[op] == "day":
        return [("2026-01-31", None)]
    if OPERATORS[op] == "options":
        return [(["agent"], None), (["agent", "employer"], None)]
    return [("yes" if type_ == "yes_no" else "employer", None)]


CONSTRUCTS = [
    (type_, op, value, parameter)
    for type_, operators in OPERATORS_OF_TYPE.items()
    for op in operators
    for value, parameter in operands(op, type_)
]


def test_the_list_of_constructs_is_the_whole_language() -> None:
    assert {op for _, op, _, _ in CONSTRUCTS} == set(OPERATORS)
    assert {type_ for type_, _, _, _ in CONSTRUCTS} == set(TYPES) - {"free_text"}


@pytest.mark.parametrize(("type_", "op", "value", "parameter"), CONSTRUCTS)
def test_every_operator_on_every_type_has_a_sentence_that_names_its_question(
    type_: str, op: str, value: Any, parameter: str | None
) -> None:
    sentences = Sentences(data({"t1": {"question": type_, "op": op, "value": value, "parameter": parameter}}))
    said = sentences.test("t1")
    assert f"Question of {type_}?" in said.en
    assert "سؤال؟" in said.ar
    if parameter:
        assert "The limit" in said.en
        assert "الحد" in said.ar
    assert "{" not in said.en + said.ar


def test_two_operators_on_one_question_never_read_the_same() -> None:
    for type_, operators in OPERATORS_OF_TYPE.items():
        for lang in LANGUAGES:
            said = set()
            count = 0
            for op in operators:
                value, parameter = operands(op, type_)[0]
                test = {"question": type_, "op": op, "value": value, "parameter": parameter}
                said.add(Sentences(data({"t1": test})).test("t1").say(lang))
                count += 1
            assert len(said) == count, (type_, lang)


def test_groups_and_references_have_lines_at_their_depth() -> None:
    test = {"question": "yes_no", "op": "is", "value": "yes", "parameter": None}
    sentences = Sentences(data({"t1": test}))
    references = [["ref", f"{kind}.x"] for kind in REFERENCES]
    expression = ["all", [["any", references], ["at_least", 2, [["test", "t1"], *references]]]]
    lines = list(sentences.condition(expression))
    assert [line.depth for line in lines] == [0, 1, 2, 2, 2, 1, 2, 2, 2, 2]
    assert lines[0].text.en == "All of these hold:"
    assert lines[5].text.en == "At least 2 of these hold:"
    assert "اثنان" in lines[5].text.ar
    assert [
        kind for kind in REFERENCES if f"Label of {kind}" in " ".join(line.text.en for line in lines)
    ] == list(REFERENCES)


FORMS = {
    type_: QuestionForm(
        type_,
        type_,
        OPTIONS if type_ in ("one_choice", "several_choices") else (),
        "nobody" if type_ == "several_choices" else None,
    )
    for type_ in TYPES
}
VALUES: dict[str, list[tuple[Any, str]]] = {
    "yes_no": [("yes", "yes"), ("no", "no")],
    "one_choice": [("employer", "The employer")],
    "several_choices": [
        (["employer", "agent"], "“The agent” and “The employer”"),
        ({"value": [], "complete": True}, "none of those offered"),
        (["nobody"], "“The nobody”"),
    ],
    "whole_number": [(3, "3")],
    "number_range": [
        (3, "3"),
        ({"from": 2, "to": 5}, "between 2 and 5"),
        ({"from": 2}, "2 or more"),
        ({"to": 5}, "5 or less"),
    ],
    "date": [("2026", "2026"), ("2026-02", "2026-02"), ("2026-02-03", "2026-02-03")],
    "free_text": [("She told me her name is Maria", "a note in the person's own words, which no rule reads")],
}


@pytest.mark.parametrize(
    ("type_", "raw", "expected"), [(type_, raw, said) for type_, all_ in VALUES.items() for raw, said in all_]
)
def test_every_kind_of_value_can_be_read_out(type_: str, raw: Any, expected: str) -> None:
    sentences = Sentences(data({}))
    answer = read_answer(FORMS[type_], raw)
    assert say_value(sentences, type_, answer.value).en == expected
    given = describe_answer(sentences, type_, answer, relevant=True)
    assert given.state == "value"
    assert f"Question of {type_}?" in given.sentence.en
    assert "Maria" not in given.model_dump_json()


@pytest.mark.parametrize("state", ["not_known", "declined", "not_asked"])
@pytest.mark.parametrize("type_", TYPES)
def test_a_missing_answer_says_that_it_leaves_things_open_and_never_no(type_: str, state: str) -> None:
    given = describe_answer(
        Sentences(data({})), type_, read_answer(FORMS[type_], {"state": state}), relevant=True
    )
    assert given.state == state
    assert "leaves it open" in given.sentence.en
    assert "مفتوحاً" in given.sentence.ar


def test_the_four_states_are_four_different_sentences() -> None:
    sentences = Sentences(data({}))
    said = [
        describe_answer(sentences, "yes_no", read_answer(FORMS["yes_no"], raw), relevant=relevant).sentence
        for raw, relevant in (
            ({"state": "not_known"}, True),
            ({"state": "declined"}, True),
            ({"state": "not_asked"}, True),
            ({"state": "not_asked"}, False),
            ("no", True),
        )
    ]
    assert len({text.en for text in said}) == len({text.ar for text in said}) == 5


def test_what_was_said_about_a_question_that_cannot_apply_is_kept_and_called_disputed() -> None:
    given = describe_answer(
        Sentences(data({})), "yes_no", read_answer(FORMS["yes_no"], "yes"), relevant=False
    )
    assert given.disputed
    assert given.state == "value"
    assert "Both are kept" in given.sentence.en


def test_an_unlisted_option_stays_open_unless_the_list_is_complete() -> None:
    sentences = Sentences(data({}))
    form = FORMS["several_choices"]
    partial = describe_answer(sentences, "several_choices", read_answer(form, ["agent"]), relevant=True)
    assert not partial.complete
    assert "What was not mentioned stays open" in partial.sentence.en
    for raw in ({"value": ["agent"], "complete": True}, ["nobody"]):
        whole = describe_answer(sentences, "several_choices", read_answer(form, raw), relevant=True)
        assert whole.complete
        assert "stays open" not in whole.sentence.en


@pytest.mark.parametrize(
    "id",
    [
        *(f"outcome.{name}.meaning" for name in get_args(OutcomeName)),
        *(f"urgency.{name}" for name in get_args(Urgency)),
        *(f"consent.{name}" for name in get_args(Consent)),
        *(f"basis.{name}" for name in get_args(Basis)),
        *(f"strength.{name}" for name in get_args(Strength)),
        *(f"state.{name}" for name in get_args(AnswerState) if name != "not_relevant"),
        *(f"confidence.{name}" for name in get_args(Confidence)),
        *(f"element.{name}" for name in get_args(Element)),
        *(f"class.{name}" for name in get_args(FindingKind)),
        *(f"kind.{name}" for name in get_args(SourceKind)),
        *(f"engine.{name}" for name in get_args(EngineCheck)),
        *(f"type.{name}" for name in TYPES),
        *(
            f"line.{kind}.{status}"
            for kind in ("finding", "indicator", "dimension", "outcome", "route")
            for status in get_args(Status)
        ),
    ],
)
def test_every_name_the_result_can_hold_has_its_words(id: str) -> None:
    assert knows(id)
    for lang in LANGUAGES:
        assert phrases()[id].forms[lang]["other"].strip()


def test_a_low_result_never_says_that_nothing_happened() -> None:
    for name in ("not_enough_known", "nothing_indicated_so_far"):
        assert "so far" in say(f"outcome.{name}.meaning", "en") or "no reason to close" in say(
            f"outcome.{name}.meaning", "en"
        )
    assert "closes nothing" in say("unknown.closes_nothing", "en")
