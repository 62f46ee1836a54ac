"""What people fill in becomes an answer, or a fault beside its field; never a guess and never a "no"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from api.pages.digits import normalise_digits, read_whole_number
from api.pages.fields import STATES, fault_text, fill_fields
from api.pages.forms import read_posted
from indicators.answers import Answer, read_answer
from indicators.catalogue import Catalogue
from indicators.models import Question

Form = dict[str, list[str]]
BROKEN = yaml.safe_load((Path(__file__).parent / "broken_forms.yaml").read_text(encoding="utf-8"))
LONG = "a" * 20_001


def answers_of(question: Question) -> list[object]:
    """Answers of every kind that a question takes."""
    options = [option.id for option in question.options]
    if question.type == "yes_no":
        values: list[object] = ["yes", "no"]
    elif question.type == "one_choice":
        values = list(options)
    elif question.type == "several_choices":
        plain = [one for one in options if one != question.exclusive]
        values = [plain[:1], plain[:2], plain, {"value": plain[:1], "complete": True}]
        values += [{"value": [], "complete": True}]
        values += [[question.exclusive]] if question.exclusive else []
    elif question.type in ("whole_number", "number_range"):
        least = question.least if question.least is not None else 0
        values = [least, least + 1]
        if question.type == "number_range":
            values += [{"from": least}, {"to": least + 3}, {"from": least, "to": least + 3}]
    elif question.type == "date":
        values = ["2025", "2025-03", "2025-03-09"]
    else:
        values = ["Said in her own words.\nOn two lines.", "بكلماتها"]
    return [*values, *({"state": state} for state in STATES)]


def test_every_answer_of_the_bank_survives_being_shown_and_sent(catalogue: Catalogue) -> None:
    for question in catalogue.questions.values():
        for raw in answers_of(question):
            answer = read_answer(question, raw)
            posted = read_posted(question, fill_fields(question, answer), "en")
            assert posted.faults == (), (question.id, raw)
            assert posted.answer == answer, (question.id, raw)


def test_a_form_that_says_nothing_gives_no_answer_at_all(catalogue: Catalogue) -> None:
    for question in catalogue.questions.values():
        empty: Form = {question.id: [""], f"{question.id}.number": [" "], f"{question.id}.text": ["\u200f"]}
        for form in ({}, empty):
            posted = read_posted(question, form, "en")
            assert posted.answer is None
            assert posted.faults == ()


def test_what_is_typed_without_choosing_counts(catalogue: Catalogue) -> None:
    questions = catalogue.questions
    assert read_posted(questions["months_unpaid"], {"months_unpaid.number": ["٣"]}, "ar").answer == Answer(
        "value", 3
    )
    pay = read_posted(questions["monthly_pay_kd"], {"monthly_pay_kd.from": ["۱۲۰"]}, "ar").answer
    assert pay == read_answer(questions["monthly_pay_kd"], {"from": 120})


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case['code']} {case['question']}")
def test_a_mistake_is_named_with_the_control_to_go_to(catalogue: Catalogue, case: dict[str, Any]) -> None:
    form = {
        field: [LONG if one == "LONG" else one for one in values] for field, values in case["form"].items()
    }
    name, control = case["question"], case["control"]
    posted = read_posted(catalogue.questions[name], form, "en")
    assert posted.answer is None
    assert [(one.field, one.control, one.fault.code) for one in posted.faults] == [
        (name, control, case["code"])
    ]
    for language in ("en", "ar"):
        said = fault_text(posted.faults[0], language)
        assert said.endswith(".")
        assert "`" not in said, "no ids and no jargon beside a field"


@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from(["latin", "arabic", "persian"]))
def test_a_number_is_read_in_every_kind_of_digits(number: int, kind: str) -> None:
    first = {"latin": 0x30, "arabic": 0x660, "persian": 0x6F0}[kind]
    for plain in (
        str(number),
        f"{number:,}",
        f"{number:,}".replace(",", "٬"),
        f"{number:,}".replace(",", "\u00a0"),
    ):
        written = "".join(chr(first + int(one)) if one.isdigit() else one for one in plain)
        assert read_whole_number(f"\u200f {written}\u2069 ") == number


@pytest.mark.parametrize(
    "text", ["", "12,5", "1,23", "1,2345", "1.000", "٣٫٥", "3 4", "twelve", "1e3", "½", "²", "१२", "9" * 17]
)
def test_what_is_no_whole_number_is_not_made_one(text: str) -> None:
    assert read_whole_number(text) is None


def test_digits_are_normalised_and_unseen_marks_dropped() -> None:
    assert normalise_digits(" \u202b٩٦٥\u00a0\u00a02222\u202c ") == "965 2222"
    assert normalise_digits("لا رقم") == "لا رقم"


def test_a_posted_form_is_read_whole_or_refused(pages: object) -> None:
    from starlette.testclient import TestClient

    assert isinstance(pages, TestClient)
    html = {"accept": "text/html"}
    for body, kind, status in (
        (b"locked_in=%FF", "application/x-www-form-urlencoded", 422),
        ("locked_in=نعم".encode(), "application/x-www-form-urlencoded", 422),
        (b"{}", "application/json", 422),
        (b"a=" + b"1" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(2_001)), "application/x-www-form-urlencoded", 422),
        (b"locked_in=declined", "application/x-www-form-urlencoded; charset=utf-8", 200),
    ):
        response = pages.post(
            "/gallery/questions/locked_in", content=body, headers=html | {"content-type": kind}
        )
        assert response.status_code == status, (body[:30], kind)
    answer = pages.post(
        "/gallery/questions/locked_in", content=b"", headers={"content-type": "application/json"}
    ).json()
    assert answer["code"] == "A070"
