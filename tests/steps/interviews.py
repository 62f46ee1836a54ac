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
from tests.steps.worlds import World

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


def _begin(world: World, instrument: str, as_of: str, answers: dict[str, Any]) -> None:
    instrument = INSTRUMENTS.get(instrument, instrument)
    world.body = {"instrument": instrument, "as_of": as_of, "answers": answers}


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} with these answers"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} وفيها هذه الأجوبة"))
def begin_with_answers(world: World, instrument: str, as_of: str, datatable: Table) -> None:
    _begin(world, instrument, as_of, read_answers_table(world.rules.forms, datatable))


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which we hear that"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} سُمع فيها ما يلي"))
def begin_with_account(world: World, instrument: str, as_of: str, datatable: Table) -> None:
    _begin(world, instrument, as_of, read_account(column(datatable)))


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which nothing was asked"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} لم يُسأل فيها شيء"))
def begin_without_answers(world: World, instrument: str, as_of: str) -> None:
    _begin(world, instrument, as_of, {})


@given(parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which every core question shows nothing"))
@given(parsers.re(rf"(?P<instrument>[^0-9]+) بتاريخ {DATE} لم تُظهر فيها الأسئلة الأساسية كلها شيئاً"))
def begin_with_nothing_shown(world: World, instrument: str, as_of: str) -> None:
    _begin(world, instrument, as_of, read_account(NOTHING_SHOWN))


@given(
    parsers.re(rf"an? (?P<instrument>\w+) interview on {DATE} in which (?P<question>\w+) is (?P<answer>.+)")
)
def begin_with_one_answer(world: World, instrument: str, as_of: str, question: str, answer: str) -> None:
    form = world.rules.forms[names.question(world.rules, question)]
    _begin(world, instrument, as_of, {question: read_answer_cell(form, answer)})


@given(parsers.re(r"the demo interview (?P<id>[A-Z]+-\d+)"))
def begin_with_demo(world: World, id: str) -> None:
    known = {item.id: item for item in load_demo_interviews()}
    world.body = dict(known[id].interview)


@given("these answers as well")
@given("هذه الأجوبة أيضاً")
def add_answers(world: World, datatable: Table) -> None:
    more = read_answers_table(world.rules.forms, datatable)
    world.body = {**world.body, "answers": {**world.answers, **more}}


@given("we hear as well that")
@given("سُمع أيضاً ما يلي")
def add_account(world: World, datatable: Table) -> None:
    more = read_account(column(datatable))
    assert not set(more) & set(world.answers), "a question is answered twice"
    world.body = {**world.body, "answers": {**world.answers, **more}}


@given(parsers.re(r"(?P<question>\w+) is (?P<answer>.+)"))
def set_answer(world: World, question: str, answer: str) -> None:
    form = world.rules.forms[names.question(world.rules, question)]
    world.body = {**world.body, "answers": {**world.answers, question: read_answer_cell(form, answer)}}


@given(parsers.re(r"the answer to (?P<question>\w+) is left out"))
def leave_out(world: World, question: str) -> None:
    assert question in world.answers
    take_out(world, question)


@given(parsers.re(r"the answer to (?P<question>\w+) is taken out if there is one"))
def take_out(world: World, question: str) -> None:
    names.question(world.rules, question)
    rest = {name: answer for name, answer in world.answers.items() if name != question}
    world.body = {**world.body, "answers": rest}


@when("the interview is screened")
@when("يُجرى الفحص الأولي")
def screen_interview(world: World) -> None:
    world.run()


@when(parsers.re(rf"the interview is screened as of {DATE}"))
def screen_on_day(world: World, as_of: str) -> None:
    world.body = {**world.body, "as_of": as_of}
    world.run()


@when("it is learnt as well that")
@when("يُعرف لاحقاً ما يلي")
def learn(world: World, datatable: Table) -> None:
    _learn(world, read_account(column(datatable)))


@when("these answers are learnt as well")
def learn_answers(world: World, datatable: Table) -> None:
    _learn(world, read_answers_table(world.rules.forms, datatable))


@when(parsers.re(r"it is learnt as well that (?P<question>\w+) is (?P<answer>.+)"))
def learn_answer(world: World, question: str, answer: str) -> None:
    form = world.rules.forms[names.question(world.rules, question)]
    _learn(world, {question: read_answer_cell(form, answer)})


def _learn(world: World, more: dict[str, Any]) -> None:
    for question, answer in more.items():
        before = world.answers.get(question)
        said = before is not None and not (isinstance(before, dict) and "state" in before)
        grown = isinstance(before, list) and isinstance(answer, list) and set(before) <= set(answer)
        assert not said or grown, f"`{question}` had an answer: that would be a correction"
    world.run({**world.answers, **more})


@when(parsers.re(r"the interview is screened with (?P<question>\w+) being (?P<answer>.+) instead"))
def screen_with(world: World, question: str, answer: str) -> None:
    form = world.rules.forms[names.question(world.rules, question)]
    world.run({**world.answers, question: read_answer_cell(form, answer)})


@when(parsers.re(r"the answer to (?P<question>\w+) is corrected to (?P<answer>.+)"))
@when(parsers.re(r"يُصحَّح جواب السؤال (?P<question>\w+) إلى (?P<answer>.+)"))
def correct(world: World, question: str, answer: str) -> None:
    form = world.rules.forms[names.question(world.rules, question)]
    assert question in world.answers, f"`{question}` had no answer to correct"
    world.run({**world.answers, question: read_answer_cell(form, answer)})
    world.withdrawn = withdrawn(statuses_of(world.before), statuses_of(world.result))


@when("it is screened with its answers in the opposite order")
def reverse_answers(world: World) -> None:
    world.run(dict(reversed(world.answers.items())))
