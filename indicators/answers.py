"""What a person said, could not say or was not asked: four different things, and none of them is "no"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeAlias, TypeVar

from indicators.dates import FIRST_YEAR, LAST_YEAR
from indicators.errors import AnswersError, Fault, listed, nearest
from indicators.forms import QuestionForm
from indicators.json_reading import read_values
from indicators.models import Question
from indicators.nodes import Node

State: TypeAlias = Literal["value", "not_known", "declined", "not_asked"]

LONGEST_TEXT: Final = 20_000

# Looking for the nearest id takes a millisecond: thousands of wrong ids are no slip of the pen, and
# must not keep a processor busy for half a minute.
MOST_HINTS: Final = 100

_WITHOUT_VALUE: Final[tuple[State, ...]] = ("not_known", "declined", "not_asked")
# No option may be called so: written as a plain value it would pass for something that was said.
NAMES_OF_STATES: Final = frozenset({*_WITHOUT_VALUE, "not_relevant"})
_KEYS: Final = ("state", "value", "complete")
_ENDS: Final = ("from", "to")
_DAY: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Range:
    """A number that lies between two ends, either of which may be open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or the month or year it lies in: every day from `first` to `last` is possible."""

    first: date
    last: date
    text: str


Value: TypeAlias = "str | int | tuple[str, ...] | Range | Day"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `value` is there exactly when `state` is `value`.

    Of several choices `value` is sorted, and `complete` says that every option not in it was denied; the
    exclusive option (none of these) makes an answer complete by itself.
    """

    state: State
    value: Value | None = None
    complete: bool = False


NOT_ASKED: Final = Answer("not_asked")


def read_answers(
    questions: Mapping[str, Question] | Mapping[str, QuestionForm], given: object, path: str = "answers"
) -> dict[str, Answer]:
    """Return the answers of an interview by question, sorted; raise `AnswersError` with every fault of them.

    `given` is a mapping or the tree of one; `path` is how faults name it. A question missing there was
    not asked, and is missing in the result as well.
    """
    node, faults = _tree(given, path)
    answers: dict[str, Answer] = {}
    if not isinstance(node.value, dict):
        if not node.broken:
            faults.append(node.fault("A001", path=path))
        raise AnswersError(faults)
    for name in sorted(node.value):
        field = f"{path}.{name}"
        question = questions.get(name)
        if question is None:
            near = _near(name, questions, faults)
            faults.append(node.fault("A002", at=name, path=field, question=name, nearest=near))
            continue
        answer = _Reader(_form(question), field, faults).read(node.value[name])
        if answer is not None:
            answers[name] = answer
    if faults:
        raise AnswersError(faults)
    return answers


def read_answer(question: Question | QuestionForm, raw: object, field: str | None = None) -> Answer:
    """Return one answer; raise `AnswersError` with everything that is wrong with it."""
    form = _form(question)
    path = form.id if field is None else field
    node, faults = _tree(raw, path)
    answer = None if faults else _Reader(form, path, faults).read(node)
    if faults or answer is None:
        raise AnswersError(faults)
    return answer


def write_answer(answer: Answer) -> Any:
    """Return an answer as plain JSON; reading it again gives an equal answer."""
    if answer.state != "value":
        return {"state": answer.state}
    value = write_value(answer.value)
    return {"value": value, "complete": True} if answer.complete else value


def write_value(value: Value | None) -> Any:
    """Return the value of an answer as plain JSON."""
    if isinstance(value, Range):
        ends = (("from", value.first), ("to", value.last))
        return {key: end for key, end in ends if end is not None}
    if isinstance(value, Day):
        return value.text
    return list(value) if isinstance(value, tuple) else value


def read_partial_day(text: str) -> Day | None:
    """Return the days that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` may mean; None without such a day."""
    found = _DAY.match(text)
    if found is None:
        return None
    year, month, day = int(found[1]), found[2] and int(found[2]), found[3] and int(found[3])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if not month:
        return None if found[2] else Day(date(year, 1, 1), date(year, 12, 31), text)
    last = monthrange(year, month)[1] if month <= 12 else 0
    if not day:
        return None if found[3] or not last else Day(date(year, month, 1), date(year, month, last), text)
    return Day(date(year, month, day), date(year, month, day), text) if day <= last else None


def _tree(given: object, path: str) -> tuple[Node, list[Fault]]:
    return (given, []) if isinstance(given, Node) else read_values(given, path=path)


def _form(question: Question | QuestionForm) -> QuestionForm:
    return question.form if isinstance(question, Question) else question


class _Reader:
    """Reads one answer; every method returns None when it has added a fault."""

    def __init__(self, form: QuestionForm, path: str, faults: list[Fault]) -> None:
        self.form = form
        self.path = path
        self.faults = faults

    def read(self, node: Node) -> Answer | None:
        if node.broken:
            return None
        entries = node.entries
        if isinstance(node.value, dict) and not _is_range(entries):
            return self._mapping(node)
        value = self._value(node)
        return None if value is None else self._answer(value, complete=False)

    def _mapping(self, node: Node) -> Answer | None:
        entries = node.entries
        before = len(self.faults)
        for key in entries:
            if key not in _KEYS:
                self._refuse(node, "A011", at=key, key=key, nearest=_near(key, _KEYS, self.faults))
        if "state" in entries and "value" in entries:
            return self._refuse(node, "A012")
        if "state" in entries:
            return self._state(node, before)
        if "value" not in entries:
            return None if len(self.faults) != before else self._refuse(node, "A013")
        complete = self._complete(entries.get("complete"))
        inner = entries["value"]
        value = None if inner.broken else self._value(inner, complete=complete is True)
        if value is None or complete is None or len(self.faults) != before:
            return None
        return self._answer(value, complete)

    def _state(self, node: Node, before: int) -> Answer | None:
        inner = node.entries["state"]
        if "complete" in node.entries:
            self._refuse(node, "A016", at="complete")
        if inner.broken:
            return None
        for state in _WITHOUT_VALUE:
            if inner.value == state:
                return Answer(state) if len(self.faults) == before else None
        shown = _show(inner)
        if shown == "not_relevant":
            return self._refuse(inner, "A015")
        return self._refuse(inner, "A014", value=shown, nearest=nearest(shown, _WITHOUT_VALUE))

    def _complete(self, node: Node | None) -> bool | None:
        if node is None:
            return False
        if not isinstance(node.value, bool):
            return None if node.broken else self._refuse(node, "A017")
        if self.form.type != "several_choices":
            return self._refuse(node, "A016")
        return node.value

    def _answer(self, value: Value, complete: bool) -> Answer:
        if isinstance(value, tuple) and self.form.exclusive in value:
            complete = True
        return Answer("value", value, complete)

    def _value(self, node: Node, complete: bool = False) -> Value | None:
        kind = self.form.type
        if node.value is None or (node.value == "" and kind != "free_text"):
            return self._refuse(node, "A010")
        if kind == "yes_no":
            return self._yes_no(node)
        if kind == "one_choice":
            return self._option(node, "A022")
        if kind == "several_choices":
            return self._options(node, complete)
        if kind == "whole_number":
            return self._number(node, "A030")
        if kind == "number_range":
            return self._range(node)
        if kind == "date":
            return self._day(node)
        return self._text(node)

    def _yes_no(self, node: Node) -> str | None:
        if isinstance(node.value, bool):
            return self._refuse(node, "A020", value=_show(node))
        if node.value == "yes" or node.value == "no":
            return node.value
        return self._refuse(node, "A018" if node.value in _WITHOUT_VALUE else "A021", value=_show(node))

    def _option(self, node: Node, code: str) -> str | None:
        if not isinstance(node.value, str):
            return (
                None
                if node.broken
                else self._refuse(node, code, value=_show(node), choices=listed(self.form.options))
            )
        if node.value in self.form.options:
            return node.value
        if node.value in _WITHOUT_VALUE:
            return self._refuse(node, "A018", value=node.value)
        near = _near(node.value, self.form.options, self.faults)
        return self._refuse(node, "A023", value=node.value, choices=listed(self.form.options), nearest=near)

    def _options(self, node: Node, complete: bool) -> tuple[str, ...] | None:
        if not isinstance(node.value, list):
            code = "A018" if node.value in _WITHOUT_VALUE else "A024"
            return self._refuse(node, code, value=_show(node))
        if not node.value and not complete:
            # An empty list would count as a value and let a result be low without anything having been said.
            return self._refuse(node, "A025")
        before = len(self.faults)
        chosen: list[str] = []
        for one in node.items:
            option = self._option(one, "A026")
            if option is not None and option in chosen:
                self._refuse(one, "A027", value=option)
            elif option is not None:
                chosen.append(option)
        if self.form.exclusive in chosen and len(chosen) > 1:
            self._refuse(node, "A028", value=str(self.form.exclusive))
        broken = any(one.broken for one in node.items)
        return None if broken or len(self.faults) != before else tuple(sorted(chosen))

    def _number(self, node: Node, code: str) -> int | None:
        value = node.value
        if not isinstance(value, int) or isinstance(value, bool):
            if node.broken:
                return None
            return self._refuse(node, "A018" if value in _WITHOUT_VALUE else code, value=_show(node))
        if self.form.least is not None and value < self.form.least:
            return self._refuse(node, "A031", value=value, least=self.form.least)
        if self.form.most is not None and value > self.form.most:
            return self._refuse(node, "A032", value=value, most=self.form.most)
        return value

    def _range(self, node: Node) -> Value | None:
        if not isinstance(node.value, dict):
            return self._number(node, "A033")
        before = len(self.faults)
        for key in node.entries:
            if key not in _ENDS:
                self._refuse(node, "A034", at=key, key=key, nearest=_near(key, _ENDS, self.faults))
        first, last = (self._end(node.entries.get(key)) for key in _ENDS)
        if len(self.faults) != before or any(one.broken for one in node.entries.values()):
            return None
        if first is None and last is None:
            return self._refuse(node, "A035")
        if first is not None and last is not None and first > last:
            return self._refuse(node, "A036", first=first, last=last)
        return first if first is not None and first == last else Range(first, last)

    def _end(self, node: Node | None) -> int | None:
        return None if node is None or node.value is None else self._number(node, "A030")

    def _day(self, node: Node) -> Day | None:
        if not isinstance(node.value, str):
            return self._refuse(node, "A040", value=_show(node))
        day = read_partial_day(node.value)
        if day is not None:
            return day
        if node.value in _WITHOUT_VALUE:
            return self._refuse(node, "A018", value=node.value)
        return self._refuse(node, "A041" if _DAY.match(node.value) else "A040", value=node.value)

    def _text(self, node: Node) -> str | None:
        if not isinstance(node.value, str):
            return self._refuse(node, "A050", value=_show(node))
        if not node.value.strip():
            return self._refuse(node, "A051")
        if len(node.value) > LONGEST_TEXT:
            return self._refuse(node, "A052", most=LONGEST_TEXT)
        return node.value

    def _refuse(self, node: Node, code: str, at: str | None = None, **slots: Any) -> _T | None:
        """Add a fault and return None, so that a reader refuses and returns in one step."""
        self.faults.append(node.fault(code, at=at, path=self.path, question=self.form.id, **slots))
        return None


def _near(word: str, candidates: Iterable[str], faults: Sequence[Fault]) -> str | None:
    """Return the id that was probably meant, unless very many faults were found before."""
    return nearest(word, candidates) if len(faults) < MOST_HINTS else None


def _is_range(entries: Mapping[str, Node]) -> bool:
    """Tell whether a mapping is meant as a range and not as an answer with a state or a value."""
    return any(key in entries for key in _ENDS) and not any(key in entries for key in _KEYS)


def _show(node: Node) -> str:
    """Return a value as it would be written in JSON, without looking into lists and mappings."""
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[…]" if value else "[]"
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    return "null" if value is None else str(value)
