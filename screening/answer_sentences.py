"""What a person said, could not say or was not asked, as sentences; only what was said is worded as a no."""

from __future__ import annotations

from typing import Any

from indicators.answers import Answer, Day, Range, Value, write_value
from indicators.models import Text
from screening.phrases import list_together, say_both
from screening.result_models import AnswerGiven, AnswerState
from screening.sentences import Sentences


def say_value(sentences: Sentences, question: str, value: Value | None) -> Text:
    """Return the value of an answer as it is read out; a free text is never repeated."""
    type_ = sentences.questions[question]["type"]
    if type_ == "free_text" or value is None:
        return say_both("value.free_text")
    if isinstance(value, Range):
        if value.first is None:
            return say_both("value.to", most=_number(value.last))
        if value.last is None:
            return say_both("value.from", least=value.first)
        return say_both("value.from_to", least=value.first, most=value.last)
    if isinstance(value, tuple):
        if not value:
            return say_both("value.none_of_them")
        return list_together(sentences.option(question, option) for option in value)
    if type_ == "yes_no":
        return say_both(f"value.{value}")
    if isinstance(value, Day):
        return Text(en=value.text, ar=value.text)
    if isinstance(value, str):
        return sentences.option(question, value)
    return Text(en=str(value), ar=str(value))


def state_of(answer: Answer, relevant: bool) -> AnswerState:
    """Return the state of an answer; a value stands also where its question cannot apply."""
    return answer.state if relevant or answer.state == "value" else "not_relevant"


def describe_answer(
    sentences: Sentences, question: str, answer: Answer, relevant: bool, in_instrument: bool = True
) -> AnswerGiven:
    """Return one question as it stands; `relevant` is false where other answers say that it cannot apply."""
    disputed = not relevant and answer.state == "value"
    state = state_of(answer, relevant)
    open_list = _leaves_the_rest_open(sentences, question, answer)
    return AnswerGiven(
        question=question,
        text=sentences.question(question),
        in_instrument=in_instrument,
        state=state,
        value=_plain(sentences, question, answer),
        complete=not open_list,
        disputed=disputed,
        sentence=_sentence(sentences, question, answer, state, disputed, open_list),
    )


def _sentence(
    sentences: Sentences, question: str, answer: Answer, state: AnswerState, disputed: bool, open_list: bool
) -> Text:
    text = sentences.question(question)
    if state != "value":
        return sentences.missing_answer(question, state)
    value = say_value(sentences, question, answer.value)
    if disputed:
        return say_both("answer.disputed", question=text, value=value)
    form = "value.several.open" if open_list else "value"
    return say_both(f"answer.{form}.{sentences.answered_by(question)}", question=text, value=value)


def _leaves_the_rest_open(sentences: Sentences, question: str, answer: Answer) -> bool:
    known = sentences.questions[question]
    if known["type"] != "several_choices" or not isinstance(answer.value, tuple):
        return False
    return not answer.complete and known["exclusive"] not in answer.value


def _plain(sentences: Sentences, question: str, answer: Answer) -> Any:
    # What somebody told in their own words is in the interview, and is not copied into results.
    if answer.state != "value" or sentences.questions[question]["type"] == "free_text":
        return None
    return write_value(answer.value)


def _number(value: int | None) -> int | str:
    return "—" if value is None else value
