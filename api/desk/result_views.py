"""A result as its page shows it: the trees, the counts behind the plots, and the matters apart.

Everything is taken from the result; nothing is concluded here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from indicators.models import Text
from screening.explanations import Explanation, Step, explain
from screening.phrases import Language, say_both
from screening.result_models import (
    Assessment,
    CitedSource,
    Evidence,
    FindingResult,
    OpenQuestion,
    Recommendation,
)

# What has a route of its own beside trafficking: the class of findings that the rules call so.
APART: Final = "separate"
LOW: Final = frozenset({"not_enough_known", "nothing_indicated_so_far"})
# A page names the first few of what is open; the whole list is folded beneath.
MOST_NAMED: Final = 4
MOST_CONCLUSIONS: Final = 8
_STATES: Final = ("answered", "not_known", "declined", "not_asked", "not_relevant")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that is tested apart from trafficking: how it stands, and where it leads."""

    id: str
    label: Text
    status: str
    routes: tuple[Recommendation, ...]


@dataclass(frozen=True, slots=True)
class OpenConclusion:
    """A conclusion that is not settled: the first questions it waits for, and how many more there are."""

    text: Text
    questions: tuple[Text, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Group:
    """The signs of one group: how many are established, open and not established."""

    id: str
    label: Text
    established: int
    undetermined: int
    not_established: int

    @property
    def total(self) -> int:
        """How many signs the group has."""
        return self.established + self.undetermined + self.not_established


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a bar: from where to where, in hundredths of its length."""

    kind: str
    count: int
    begin: float
    length: float


@dataclass(frozen=True, slots=True)
class ResultView:
    """What the page of a result needs beside the result itself."""

    explanation: Explanation
    matters: tuple[Matter, ...]
    matters_open: tuple[Matter, ...]
    groups: tuple[Group, ...]
    open_conclusions: tuple[OpenConclusion, ...]
    open_conclusions_more: int
    core_open: tuple[OpenQuestion, ...]
    open_here: tuple[OpenQuestion, ...]
    could_not_say: tuple[Text, ...]
    sources: tuple[CitedSource, ...]
    shares: tuple[Share, ...]
    is_low: bool
    question_texts: dict[str, Text] = field(default_factory=dict)
    labels: dict[str, Text] = field(default_factory=dict)


def view_result(assessment: Assessment) -> ResultView:
    """What the page of a result shows, in both languages."""
    explanation = explain(assessment)
    open_conclusions, more = _open_conclusions(explanation.open)
    share = assessment.unknown_share
    matters = tuple(_matters(assessment))
    return ResultView(
        explanation=explanation,
        matters=tuple(one for one in matters if one.status == "established"),
        matters_open=tuple(one for one in matters if one.status == "undetermined"),
        groups=tuple(_groups(assessment)),
        open_conclusions=open_conclusions,
        open_conclusions_more=more,
        core_open=tuple(one for one in assessment.open_questions if one.question in share.core_open),
        open_here=tuple(one for one in assessment.open_questions if one.in_instrument),
        could_not_say=tuple(
            one.sentence
            for one in assessment.answers
            if one.state in ("not_known", "declined") or (one.state == "value" and not one.complete)
        ),
        sources=assessment.sources,
        shares=split_bar([(name, getattr(share, name)) for name in _STATES]),
        is_low=assessment.outcome in LOW,
        question_texts={one.question: one.text for one in assessment.answers},
        labels={one.id: one.label for one in _conclusions(assessment)},
    )


def as_tree(steps: Iterable[Step], lang: Language, *, open_levels: int = 0) -> list[dict[str, Any]]:
    """Steps as the macro `tree` takes them; the first levels stand open."""
    return [
        {
            "text": step.text.say(lang),
            "children": as_tree(step.children, lang, open_levels=open_levels - 1),
            "open": open_levels > 0,
        }
        for step in steps
    ]


def split_bar(counts: Sequence[tuple[str, int]]) -> tuple[Share, ...]:
    """The parts of a bar, one behind the other; what there is none of has no part."""
    total = sum(count for _, count in counts)
    shares = []
    at = 0.0
    for kind, count in counts:
        if count:
            length = 100 * count / total
            shares.append(Share(kind, count, round(at, 2), round(length, 2)))
            at += length
    return tuple(shares)


def _matters(assessment: Assessment) -> Iterable[Matter]:
    for finding in assessment.findings:
        if finding.kind == APART and finding.status != "not_established":
            yield _matter(assessment, finding)


def _matter(assessment: Assessment, finding: FindingResult) -> Matter:
    routes = tuple(
        route
        for route in assessment.recommendations
        if any(finding.id in reason.because for reason in route.why)
    )
    if not routes:
        # It leads there by way of another finding that it is part of.
        routes = tuple(
            route
            for route in assessment.recommendations
            if any(finding.id in reason.findings for reason in route.why)
        )
    return Matter(finding.id, finding.label, finding.status, routes)


def _groups(assessment: Assessment) -> Iterable[Group]:
    counted: dict[str, Counter[str]] = {}
    for indicator in assessment.indicators:
        counted.setdefault(indicator.element, Counter())[indicator.status] += 1
    for name, counts in counted.items():
        yield Group(
            name,
            say_both(f"element.{name}"),
            counts["established"],
            counts["undetermined"],
            counts["not_established"],
        )


def _open_conclusions(steps: Sequence[Step]) -> tuple[tuple[OpenConclusion, ...], int]:
    """The steps of the ladder that are open, then the conclusions that wait for the fewest questions."""
    ladder = [step for step in steps if step.kind == "outcome" or not step.children]
    others = [step for step in steps if step.kind != "outcome" and step.children]
    nearest = sorted(others, key=lambda step: len(step.children))[:MOST_CONCLUSIONS]
    shown = tuple(
        OpenConclusion(
            step.text,
            tuple(child.text for child in step.children[:MOST_NAMED]),
            max(0, len(step.children) - MOST_NAMED),
        )
        for step in (*ladder, *nearest)
    )
    return shown, len(others) - len(nearest)


def _conclusions(assessment: Assessment) -> Iterable[Evidence]:
    yield from assessment.outcomes
    yield from assessment.routes
    yield from assessment.findings
    yield from assessment.dimensions
    yield from assessment.indicators
