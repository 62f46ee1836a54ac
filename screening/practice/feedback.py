"""What a learner heard, what there was to hear, and why: taken from the evaluation alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from indicators.catalogue import Catalogue
from indicators.models import Text
from screening.assessments import assess_answers
from screening.practice.people import OWN_ACCOUNT, Sitter, hear, practice_contents
from screening.result_models import Assessment, Evidence, FiredRule, NextQuestion, Recommendation
from screening.sittings.live import outcome_label

Stance = Literal["same", "higher", "lower"]
NeedState = Literal["seen", "overlooked", "not_asked", "ahead", "without"]
RouteState = Literal["seen", "overlooked", "not_asked", "without"]

# From the lowest to the highest; the two below the ladder say that nothing is indicated, each in its way.
LADDER: Final = (
    "nothing_indicated_so_far",
    "not_enough_known",
    "other_concern",
    "trafficking_possible",
    "trafficking_indicated",
)
_BELOW: Final = frozenset({"nothing_indicated_so_far", "not_enough_known"})
_MOST_NEXT: Final = 3


@dataclass(frozen=True, slots=True)
class Concluded:
    """What a learner says at the end."""

    outcome: str
    needs: frozenset[str]
    routes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in the story: what it is, which questions show it, and why it counts."""

    id: str
    label: Text
    questions: tuple[Text, ...]
    why: tuple[FiredRule, ...]


@dataclass(frozen=True, slots=True)
class NeedSeen:
    """A need that cannot wait, and whether it was heard and named."""

    need: str
    label: Text
    state: NeedState
    questions: tuple[Text, ...]
    why: tuple[FiredRule, ...]


@dataclass(frozen=True, slots=True)
class RouteSeen:
    """A route, and whether what was heard leads there and the learner chose it."""

    route: str
    label: Text
    state: RouteState
    recommendation: Recommendation | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Everything that a learner is told at the end."""

    asked: int
    concluded: Text
    heard: Text
    there_was: Text
    stance: Stance
    more_to_hear: bool
    beginning: tuple[Text, ...]
    signs_heard: tuple[Text, ...]
    signs_missed: tuple[Sign, ...]
    needs: tuple[NeedSeen, ...]
    routes: tuple[RouteSeen, ...]
    next_questions: tuple[NextQuestion, ...]
    result: Assessment


def give_feedback(
    sitter: Sitter, asked: Sequence[str], concluded: Concluded, catalogue: Catalogue
) -> Feedback:
    """Compare what was asked and concluded with what the same answers, and all answers, come to."""
    heard = _assess(sitter, asked, catalogue)
    everything = _assess(sitter, catalogue.instruments[sitter.instrument].questions, catalogue)
    contents = practice_contents()
    here = set(catalogue.instruments[sitter.instrument].questions)
    told = {item.id for item in heard.indicators if item.status == "established"}
    signs = [item for item in everything.indicators if item.status == "established"]
    return Feedback(
        asked=len(asked),
        concluded=outcome_label(sitter.rules, concluded.outcome),
        heard=heard.outcome_label,
        there_was=everything.outcome_label,
        stance=_stance(concluded.outcome, heard.outcome),
        more_to_hear=everything.outcome != heard.outcome or any(item.id not in told for item in signs),
        beginning=tuple(
            catalogue.questions[id].text for id in contents.beginning if id in here and id not in asked
        ),
        signs_heard=tuple(item.label for item in heard.indicators if item.status == "established"),
        signs_missed=tuple(
            Sign(item.id, item.label, _questions(item, asked, catalogue), item.evidence)
            for item in signs
            if item.id not in told
        ),
        needs=tuple(_needs(heard, everything, concluded.needs, asked, catalogue, contents.needs)),
        routes=tuple(_routes(sitter, heard, everything, concluded.routes)),
        next_questions=heard.next_questions[:_MOST_NEXT],
        result=heard,
    )


def outcome_choices(sitter: Sitter) -> list[tuple[str, Text]]:
    """What can be concluded, the highest step first."""
    return [(step, outcome_label(sitter.rules, step)) for step in reversed(LADDER)]


def route_choices(sitter: Sitter) -> list[tuple[str, Text]]:
    """Where somebody can be referred to, in the order of the rules."""
    sentences = sitter.rules.sentences
    return [(name, sentences.label(f"route.{name}")) for name in sentences.data["routes"]]


def _assess(sitter: Sitter, asked: Collection[str], catalogue: Catalogue) -> Assessment:
    answers = {id: hear(sitter, catalogue.questions[id]) for id in asked if id != OWN_ACCOUNT}
    return assess_answers(sitter.rules, answers, sitter.instrument, sitter.as_of)


def _stance(concluded: str, heard: str) -> Stance:
    if concluded == heard or (concluded in _BELOW and heard in _BELOW):
        return "same"
    return "higher" if LADDER.index(concluded) > LADDER.index(heard) else "lower"


def _questions(item: Evidence, asked: Collection[str], catalogue: Catalogue) -> tuple[Text, ...]:
    return tuple(catalogue.questions[id].text for id in item.support if id not in asked)


def _needs(
    heard: Assessment,
    everything: Assessment,
    chosen: Collection[str],
    asked: Collection[str],
    catalogue: Catalogue,
    names: Mapping[str, Text],
) -> list[NeedSeen]:
    shown = {one.need: one for one in heard.urgent}
    there = {one.need: one for one in everything.urgent}
    findings: dict[str, Evidence] = {item.id: item for item in everything.findings}
    found = []
    for need, name in names.items():
        state = _need_state(need in shown, need in there, need in chosen)
        if state is None:
            continue
        urgent = shown.get(need) or there.get(need)
        support = [id for one in (urgent.findings if urgent else ()) for id in findings[one].support]
        found.append(
            NeedSeen(
                need,
                name,
                state,
                tuple(catalogue.questions[id].text for id in dict.fromkeys(support) if id not in asked),
                urgent.why if urgent else (),
            )
        )
    return found


def _need_state(shown: bool, there: bool, chosen: bool) -> NeedState | None:
    if shown:
        return "seen" if chosen else "overlooked"
    if there:
        return "ahead" if chosen else "not_asked"
    return "without" if chosen else None


def _routes(
    sitter: Sitter, heard: Assessment, everything: Assessment, chosen: Collection[str]
) -> list[RouteSeen]:
    shown = {one.route: one for one in heard.recommendations}
    there = {one.route: one for one in everything.recommendations}
    found = []
    for route, label in route_choices(sitter):
        state: RouteState
        if route in shown:
            state = "seen" if route in chosen else "overlooked"
        elif route in chosen:
            state = "without"
        elif route in there:
            state = "not_asked"
        else:
            continue
        found.append(RouteSeen(route, label, state, shown.get(route) or there.get(route)))
    return found
