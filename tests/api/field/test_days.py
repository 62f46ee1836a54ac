"""Days in the browser evaluator are the days of the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from random import Random

from indicators.answers import read_partial_day
from indicators.dates import days_before
from tests.api.field.evaluators import Call

FIRST = date(1900, 1, 1)
ALL_DAYS = (date(2199, 12, 31) - FIRST).days + 1
SPANS = [*range(40), 364, 365, 366, 1_200, 23_999, 24_000, 40_000, 800_000, 10**9, 2**53 - 1]


def test_every_day_month_and_year_is_read(call: Call) -> None:
    days = [(FIRST + timedelta(days=number)).isoformat() for number in range(ALL_DAYS)]
    texts = [*days, *{day[:7] for day in days}, *{day[:4] for day in days}]
    texts += [
        f"{year:04}-{month:02}-{day:02}"
        for year, month, day in product((0, 1899, 2023, 2100), range(14), range(33))
    ]
    wanted = [
        None if day is None else [day.first.toordinal(), day.last.toordinal()]
        for day in map(read_partial_day, texts)
    ]
    assert None in wanted
    read, _ = call("countDays", texts, [])
    assert [
        (text, one, other) for text, one, other in zip(texts, wanted, read, strict=True) if one != other
    ] == []


def test_spans_are_counted_back_in_calendar_months(call: Call) -> None:
    random = Random(3)
    ends = [
        date(year, month, day)
        for year in (1900, 2000, 2024, 2025, 2100)
        for month, day in ((1, 31), (2, 28), (3, 1), (3, 31), (12, 31))
    ]
    some = [FIRST + timedelta(days=random.randrange(ALL_DAYS)) for _ in range(200)]
    spans = list(product([*ends, *some], ("days", "months", "years"), SPANS))
    wanted = [days_before(day, unit, count).toordinal() for day, unit, count in spans]
    _, before = call("countDays", [], [[day.isoformat(), unit, count] for day, unit, count in spans])
    assert [
        (span, one, other) for span, one, other in zip(spans, wanted, before, strict=True) if one != other
    ] == []
