"""What the tests of screening share: the small tree, a day, and two invented accounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from screening.result_models import Assessment

TREE = Path(__file__).parent / "tree"
TODAY = date(2026, 11, 2)
AS_OF = "2026-11-01"

Assess = Callable[..., Assessment]

CLEAR_ACCOUNT: dict[str, Any] = {
    "kind_of_work": "domestic_work",
    "daily_hours": 15,
    "locked_in": "yes",
    "locked_in_by": ["employer"],
    "debt_used": "yes",
    "in_debt": "yes",
    "danger_now": {"state": "declined"},
    "hurt": "now",
    "months_unpaid": {"from": 2},
}
REASSURING: dict[str, Any] = {
    "kind_of_work": "private_sector",
    "daily_hours": 8,
    "locked_in": "no",
    "in_debt": "no",
    "debt_used": "no",
    "danger_now": "no",
    "hurt": "not_seen",
    "months_unpaid": 0,
    "left_work_on": "2020",
    "consent_to_talk": "yes",
    "own_words": "Nothing to add.",
    "sponsor_of": "employer",
}
