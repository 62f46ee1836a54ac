"""An interview as it was held, and its screening, once and again."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, when

from rules.counterfactuals import withdrawn
from screening.demo_interviews import load_demo_interviews
from tests.steps import names
from tests.steps.accounts import read_account
from tests.steps.cells import Table, column, read_answer_cell, read_answers_table
from tests.steps.findings import statuses_of
from tests.steps.scenes import Scene

INSTRUMENTS = {
    "مقابلة الاستقبال": "intake",
    "تفتيش في موقع العمل": "inspection",
    "شكوى عمالية": "complaint",
    "مقابلة متابعة": "rescreen",
}
# A screen on which every core question was answered and nothing was shown.
NOTHING_SHOWN = [
    "the person was heard alone and in safety",
    "the person is an adult",
    "the person works for a company",
    "every core question is answered and shows nothing",
]

DATE = r"(?P<as_of>\d{4}-\d{2}-\d{2})"


def _begin(scene: Scene, instrument: str, as_of: str, answers: dict[str, Any]) -> None:
    instrument = INSTRUMENTS.get(instrument, instrument)
    scene.body = {"instrument": instrument, "as_of": as_of, "answers": answers}


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} with these answers"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} وفيها هذه الأجوبة"))
def begin_with_answers(scene: Scene, instrument: str, as_of: str, datatable: Table) -> None:
    _begin(scene, instrument, as_of, read_answers_table(scene.rules.forms, datatable))


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which we hear that"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} سُمع فيها ما يلي"))
def begin_with_account(scene: Scene, instrument: str, as_of: str, datatable: Table) -> None:
    _begin(scene, instrument, as_of, read_account(column(datatable)))


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which nothing was asked"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} لم يُسأل فيها شيء"))
def begin_without_answers(scene: Scene, instrument: str, as_of: str) -> None:
    _begin(scene, instrument, as_of, {})


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which every core question shows nothing"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} لم تُظهر فيها الأسئلة الأساسية كلها شيئاً"))
def begin_with_nothing_shown(scene: Scene, instrument: str, as_of: str) -> None:
    _begin(scene, instrument, as_of, read_account(NOTHING_SHOWN))


@given(
    parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which (?P<question>\w+) is (?P<answer>.+)")
)
def begin_with_one_answer(scene: Scene, instrument: str, as_of: str, question: str, answer: str) -> None:
    form = scene.rules.forms[names.question(scene.rules, question)]
    _begin(scene, instrument, as_of, {question: read_answer_cell(form, answer)})


@given(parsers.re(r"the demo interview (?P<id>[A-Z]+-\d+)"))
def begin_with_demo(scene: Scene, id: str) -> None:
    known = {item.id: item for item in load_demo_interviews()}
    scene.body = dict(known[id].interview)


@given("these answers as well")
@given("هذه الأجوبة أيضاً")
def add_answers(scene: Scene, datatable: Table) -> None:
    more = read_answers_table(scene.rules.forms, datatable)
    scene.body = {**scene.body, "answers": {**scene.answers, **more}}


@given("we hear as well that")
@given("سُمع أيضاً ما يلي")
def add_account(scene: Scene, datatable: Table) -> None:
    more = read_account(column(datatable))
    assert not set(more) & set(scene.answers), "a question is answered twice"
    scene.body = {**scene.body, "answers": {**scene.answers, **more}}


@given(parsers.re(r"(?P<question>\w+) is (?P<answer>.+)"))
def set_answer(scene: Scene, question: str, answer: str) -> None:
    form = scene.rules.forms[names.question(scene.rules, question)]
    scene.body = {**scene.body, "answers": {**scene.answers, question: read_answer_cell(form, answer)}}


@given(parsers.re(r"the answer to (?P<question>\w+) is left out"))
def leave_out(scene: Scene, question: str) -> None:
    assert question in scene.answers
    take_out(scene, question)


@given(parsers.re(r"the answer to (?P<question>\w+) is taken out if there is one"))
def take_out(scene: Scene, question: str) -> None:
    names.question(scene.rules, question)
    rest = {name: answer for name, answer in scene.answers.items() if name != question}
    scene.body = {**scene.body, "answers": rest}


@when("the interview is screened")
@when("يُجرى الفحص الأولي")
def screen_interview(scene: Scene) -> None:
    scene.run()


@when(parsers.re(rf"the interview is screened as of {DATE}"))
def screen_on_day(scene: Scene, as_of: str) -> None:
    scene.body = {**scene.body, "as_of": as_of}
    scene.run()


@when("it is learnt as well that")
@when("يُعرف لاحقاً ما يلي")
def learn(scene: Scene, datatable: Table) -> None:
    _learn(scene, read_account(column(datatable)))


@when("these answers are learnt as well")
def learn_answers(scene: Scene, datatable: Table) -> None:
    _learn(scene, read_answers_table(scene.rules.forms, datatable))


@when(parsers.re(r"it is learnt as well that (?P<question>\w+) is (?P<answer>.+)"))
def learn_answer(scene: Scene, question: str, answer: str) -> None:
    form = scene.rules.forms[names.question(scene.rules, question)]
    _learn(scene, {question: read_answer_cell(form, answer)})


def _learn(scene: Scene, more: dict[str, Any]) -> None:
    for question, answer in more.items():
        before = scene.answers.get(question)
        said = before is not None and not (isinstance(before, dict) and "state" in before)
        grown = isinstance(before, list) and isinstance(answer, list) and set(before) <= set(answer)
        assert not said or grown, f"`{question}` had an answer: that would be a correction"
    scene.run({**scene.answers, **more})


@when(parsers.re(r"the interview is screened with (?P<question>\w+) being (?P<answer>.+) instead"))
def screen_with(scene: Scene, question: str, answer: str) -> None:
    form = scene.rules.forms[names.question(scene.rules, question)]
    scene.run({**scene.answers, question: read_answer_cell(form, answer)})


@when(parsers.re(r"the answer to (?P<question>\w+) is corrected to (?P<answer>.+)"))
@when(parsers.re(r"يُصحَّح جواب السؤال (?P<question>\w+) إلى (?P<answer>.+)"))
def correct(scene: Scene, question: str, answer: str) -> None:
    form = scene.rules.forms[names.question(scene.rules, question)]
    assert question in scene.answers, f"`{question}` had no answer to correct"
    scene.run({**scene.answers, question: read_answer_cell(form, answer)})
    scene.withdrawn = withdrawn(statuses_of(scene.before), statuses_of(scene.result))


@when("it is screened with its answers in the opposite order")
def reverse_answers(scene: Scene) -> None:
    scene.run(dict(reversed(scene.answers.items())))
