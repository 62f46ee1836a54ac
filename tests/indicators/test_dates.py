"""Calendar days: how they are written and counted back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.answers import read_partial_day
from indicators.dates import days_before, read_day


@pytest.mark.parametrize(
    ("day", "unit", "count", "expected"),
    [
        ("2026-03-31", "months", 1, "2026-02-28"),
        ("2024-03-31", "months", 1, "2024-02-29"),
        ("2026-05-31", "months", 3, "2026-02-28"),
        ("2026-05-31", "months", 2, "2026-03-31"),
        ("2026-01-15", "months", 1, "2025-12-15"),
        ("2026-01-15", "months", 13, "2024-12-15"),
        ("2024-02-29", "years", 1, "2023-02-28"),
        ("2024-02-29", "years", 4, "2020-02-29"),
        ("2026-11-01", "years", 18, "2008-11-01"),
        ("2026-03-01", "days", 1, "2026-02-28"),
        ("2026-03-01", "days", 365, "2025-03-01"),
        ("2026-03-01", "years", 5000, "0001-01-01"),
        ("2026-03-01", "days", 10**7, "0001-01-01"),
    ],
)
def test_spans_are_counted_back_in_the_calendar(day: str, unit: str, count: int, expected: str) -> None:
    assert days_before(date.fromisoformat(day), unit, count) == date.fromisoformat(expected)


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(1, 600))
def test_counting_back_further_never_comes_out_later(day: date, count: int) -> None:
    for unit in ("days", "months", "years"):
        count = min(count, 100) if unit == "years" else count
        earlier = days_before(day, unit, count + 1)
        assert earlier < days_before(day, unit, count) < day
        assert days_before(day, unit, count) <= days_before(day + timedelta(days=1), unit, count)
    assert days_before(day, "months", 12) == days_before(day, "years", 1)


@pytest.mark.parametrize("text", ["2026-11-01", "2024-02-29", "1900-01-01", "2199-12-31"])
def test_a_day_is_year_month_and_day(text: str) -> None:
    assert read_day(text) == date.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-1-1",
        "20261101",
        "2026-W01-1",
        "1899-12-31",
        "2200-01-01",
        "2026-11-01T00:00",
        "2026-11-01\n",
        " 2026-11-01",
        "٢٠٢٦-١١-٠١",
        "",
        "2026-11",
        "unknown",
    ],
)
def test_nothing_else_is_a_day(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-02-03", "2026-02-03", "2026-02-03"),
    ],
)
def test_a_partial_date_is_all_its_days(text: str, first: str, last: str) -> None:
    found = read_partial_day(text)
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat(), found.text) == (first, last, text)


@pytest.mark.parametrize(
    "text", ["2026-00", "2026-13", "2026-00-01", "2026-01-32", "1899", "2200", "26", "2026-", "٢٠٢٦"]
)
def test_a_partial_date_outside_the_calendar_is_none(text: str) -> None:
    assert read_partial_day(text) is None
