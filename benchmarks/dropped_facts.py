"""Clear accounts with one answer left out: do they stay at least possible, and if not, why not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.accounts import Account
from rules.evaluation import Engine, Evaluation

INDICATED, POSSIBLE = "trafficking_indicated", "trafficking_possible"
FEWEST_FACTS = 5


@dataclass(frozen=True)
class Dropped:
    """A clear account without one of its answers, and what is concluded then."""

    account: str
    question: str
    evaluation: Evaluation

    @property
    def stays(self) -> bool:
        """Whether trafficking is still at least possible."""
        return self.evaluation.outcome in (INDICATED, POSSIBLE)

    @property
    def reason(self) -> str | None:
        """What the account rested on this one answer for, None if it rests on others as well."""
        shown = self.evaluation.established
        if "finding.child.rule" in shown or "finding.means.any_sign" in shown:
            if "finding.purpose.one_kind" not in shown and "finding.purpose.direct" not in shown:
                return "no other answer tells of a purpose"
            if "finding.purpose.two_kinds" not in shown and "finding.purpose.direct" not in shown:
                return "one serious condition is left, with no strong sign"
            return None if "finding.act" in shown else "no other answer tells of work for somebody"
        if self.question in ("age_group", "age_years", "age_when_work_began"):
            return "no other answer tells that this is a child, and no means is told"
        return "no other answer tells of a means"


def clear(engine: Engine, accounts: list[Account]) -> list[Account]:
    """The accounts of enough facts in which trafficking is indicated."""
    return [
        item
        for item in accounts
        if sum(answer.state == "value" for answer in item.answers.values()) >= FEWEST_FACTS
        and engine.evaluate(item.answers, item.as_of, item.instrument).outcome == INDICATED
    ]


def drop_each(engine: Engine, accounts: list[Account]) -> Iterator[Dropped]:
    """Every clear account without each of its answers in turn."""
    for item in clear(engine, accounts):
        for question, answer in item.answers.items():
            if answer.state == "value":
                rest = {name: other for name, other in item.answers.items() if name != question}
                yield Dropped(item.name, question, engine.evaluate(rest, item.as_of, item.instrument))


def write_lines(engine: Engine, accounts: list[Account]) -> Iterator[str]:
    """A section of a page: how many stay, and every one that does not with its reason."""
    dropped = list(drop_each(engine, accounts))
    fallen = [item for item in dropped if not item.stays]
    yield "## Clear accounts with one answer left out"
    yield ""
    found = len(clear(engine, accounts))
    stay = len(dropped) - len(fallen)
    yield f"{found} shipped accounts of at least {FEWEST_FACTS} facts are `trafficking_indicated`. Each of"
    yield f"their {len(dropped)} answers was left out in turn: {stay} times trafficking stays at least"
    yield f"possible, {len(fallen)} times it does not, because a whole part of the account rested on that"
    yield "answer. Each of these may still become possible, and says so."
    yield ""
    yield "| account | without | result | why |"
    yield "|---|---|---|---|"
    for item in fallen:
        outcome, why = item.evaluation.outcome, item.reason or "not explained"
        yield f"| {item.account} | `{item.question}` | `{outcome}` | {why} |"
    yield ""
