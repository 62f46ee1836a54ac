"""Answers of linked interviews that cannot both hold: shown side by side, and no side is taken.

Within one interview the evaluation itself finds what does not fit. Between interviews it is one question with
two values that exclude one another. What is noted of a sitting itself (who was in the room, who interpreted)
differs from sitting to sitting, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from indicators.answers import Answer, Day, Range, Value, write_answer
from indicators.forms import QuestionForm
from screening.answer_sentences import describe_answer
from screening.phrases import say_both
from screening.sittings.answers import SavedAnswer
from screening.sittings.models import AnswerThen, DifferentAnswers
from screening.sittings.snapshots import Sitting

_OF_THE_SITTING: Final = frozenset({"administration", "observation"})
_OF_THE_DAY: Final = "need"


def compare(sitting: Sitting, earlier: Iterable[Sitting]) -> tuple[DifferentAnswers, ...]:
    """Every question of an interview that an interview before it has another answer to, the nearest first."""
    return tuple(different for before in earlier for different in _differences(before, sitting))


def cannot_both_hold(form: QuestionForm, one: Answer, other: Answer) -> bool:
    """Whether two answers to one question exclude one another; a non-answer excludes nothing."""
    if one.state != "value" or other.state != "value":
        return False
    if form.type == "free_text":
        return False
    if form.type == "several_choices":
        return _excludes(one, other) or _excludes(other, one)
    if form.type == "date":
        return _apart(_days(one.value), _days(other.value))
    if isinstance(one.value, str) or isinstance(other.value, str):
        return one.value != other.value
    return _apart(_numbers(one.value), _numbers(other.value))


def _differences(before: Sitting, after: Sitting) -> Iterator[DifferentAnswers]:
    questions = after.rules.sentences.questions
    for name, now in after.current.items():
        then = before.current.get(name)
        form = after.rules.forms[name]
        if then is None or questions[name]["about"] in _OF_THE_SITTING:
            continue
        known = before.rules.forms[name]
        if (known.type, known.options) != (form.type, form.options):
            # Another revision asked something else under the same id.
            continue
        if not cannot_both_hold(form, then.answer, now.answer):
            continue
        of_the_day = questions[name]["about"] == _OF_THE_DAY
        text = after.rules.sentences.question(name)
        phrase = "sitting.needs_change" if of_the_day else "sitting.answers_differ"
        yield DifferentAnswers(
            question=name,
            text=text,
            may_have_changed=of_the_day,
            before=_show(before, name, then),
            after=_show(after, name, now),
            sentence=say_both(phrase, question=text),
        )


def _show(sitting: Sitting, question: str, saved: SavedAnswer) -> AnswerThen:
    said = describe_answer(sitting.rules.sentences, question, saved.answer, relevant=True)
    return AnswerThen(
        interview=sitting.interview,
        seq=saved.seq,
        state=saved.answer.state,
        answer=write_answer(saved.answer),
        sentence=said.sentence,
        by=saved.by,
        at=saved.at,
    )


def _excludes(complete: Answer, other: Answer) -> bool:
    """Whether a complete list leaves out what the other names: an open list denies nothing."""
    if not complete.complete or not isinstance(complete.value, tuple) or not isinstance(other.value, tuple):
        return False
    return bool(set(other.value) - set(complete.value))


def _days(value: Value | None) -> tuple[date, date] | None:
    return (value.first, value.last) if isinstance(value, Day) else None


def _numbers(value: Value | None) -> tuple[float, float] | None:
    if isinstance(value, Range):
        least = float("-inf") if value.first is None else value.first
        return least, float("inf") if value.last is None else value.last
    return (value, value) if isinstance(value, int) else None


def _apart(one: tuple[float, float] | tuple[date, date] | None, other: object) -> bool:
    if one is None or not isinstance(other, tuple):
        return False
    return bool(one[1] < other[0] or other[1] < one[0])
