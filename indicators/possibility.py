"""Whether some answers can meet a condition over questions: one that never can hides a question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from indicators.answers import Answer, Day, Value
from indicators.conditions import Ago, All, AtLeast, Condition, Reference, Test
from indicators.dates import FIRST_YEAR, LAST_YEAR, days_before
from indicators.forms import QuestionForm
from indicators.truth import TRUE, prepare

# What takes longer to judge counts as possible: a check must not refuse what it has not understood.
_STEPS: Final = 20_000
# Any day serves: spans are counted back from it, and the days tried follow it.
_AS_OF: Final = date(2020, 6, 15)


def can_hold(condition: Condition, forms: Mapping[str, QuestionForm]) -> bool:
    """Tell whether some answers to the questions in `forms` make a condition of tests true."""
    return _Search(forms).run(condition)


class _Search:
    def __init__(self, forms: Mapping[str, QuestionForm]) -> None:
        self.forms = forms
        self.steps = 0

    def run(self, condition: Condition) -> bool:
        return any(True for _ in self._ways([condition], {}))

    def _ways(self, pending: list[Condition], asked: dict[str, tuple[Test, ...]]) -> Iterator[None]:
        """Yield once for every way to meet all pending conditions together with the tests already taken."""
        self.steps += 1
        if self.steps > _STEPS or not pending:
            yield None
            return
        first, rest = pending[0], pending[1:]
        if isinstance(first, Reference):
            yield from self._ways(rest, asked)
        elif isinstance(first, Test):
            tests = (*asked.get(first.question, ()), first)
            if self._together(tests):
                yield from self._ways(rest, {**asked, first.question: tests})
        elif isinstance(first, All):
            yield from self._ways([*first.parts, *rest], asked)
        else:
            count = first.count if isinstance(first, AtLeast) else 1
            for chosen in combinations(first.parts, count):
                yield from self._ways([*chosen, *rest], asked)

    def _together(self, tests: tuple[Test, ...]) -> bool:
        """Tell whether one answer meets all these tests of one question."""
        form = self.forms.get(tests[0].question)
        if form is None:
            return False
        constant = [test for test in tests if test.parameter is None]
        # The day of the assessment is open: fixed days and spans before it exclude each other only by chance.
        spans = [test for test in constant if isinstance(test.value, Ago)]
        fixed = [test for test in constant if not isinstance(test.value, Ago)]
        return _meets(form, spans) and _meets(form, fixed)


def _meets(form: QuestionForm, tests: list[Test]) -> bool:
    decided = [prepare(test) for test in tests]
    return not tests or any(
        all(one(Answer("value", value, complete=True), _AS_OF, None) == TRUE for one in decided)
        for value in _values(form, tests)
    )


def _values(form: QuestionForm, tests: list[Test]) -> Iterator[Value]:
    """Yield values of which one meets the tests if any value does."""
    if form.type == "yes_no":
        yield from ("yes", "no")
    elif form.type == "one_choice":
        yield from form.options
    elif form.type == "several_choices":
        yield from ((option,) for option in form.options)
        yield tuple(option for option in form.options if option != form.exclusive)
    elif form.type in ("whole_number", "number_range"):
        yield from _numbers(form, tests)
    elif form.type == "date":
        yield from _days(tests)


def _numbers(form: QuestionForm, tests: list[Test]) -> Iterator[int]:
    bounds = [bound for bound in (form.least, form.most) if bound is not None]
    near = {0, *bounds}
    for test in tests:
        if isinstance(test.value, int):
            near.update((test.value - 1, test.value, test.value + 1))
    for number in sorted(near):
        if (form.least is None or number >= form.least) and (form.most is None or number <= form.most):
            yield number


def _days(tests: list[Test]) -> Iterator[Day]:
    near = {_AS_OF, date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)}
    for test in tests:
        end = (
            days_before(_AS_OF, test.value.unit, test.value.count)
            if isinstance(test.value, Ago)
            else test.value
        )
        if isinstance(end, date):
            near.update((end - timedelta(days=1), end, end + timedelta(days=1)))
    for day in sorted(near):
        yield Day(day, day, day.isoformat())
