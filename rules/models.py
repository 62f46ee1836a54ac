"""What a rule set is made of, as read from its files: rules, modules, the ladder, routes, parameters, cases.

Every model is frozen and refuses unknown keys. Conditions are the trees of `indicators.conditions`.
The file format is described in `docs/developers/content-format.md`.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, Field, PlainValidator, field_validator

from indicators.conditions import All, AnyOf, AtLeast, Reference, Test
from indicators.fields import ConditionField, Day, DayOrUnknown, DottedId, Id, Said, refuse
from indicators.models import Citation, Confidence, Content, Text

_RULE_ID: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+[a-z]?\Z")


def _check_rule_id(text: str) -> str:
    if not _RULE_ID.match(text):
        raise refuse("R037", value=text)
    return text


RuleId = Annotated[str, AfterValidator(_check_rule_id)]

T = TypeVar("T")
Place = tuple[str | None, int | None]

# Lists in a file become tuples; everything else is taken as it stands, never converted.
Many = Annotated[tuple[T, ...], Field(strict=False)]
SomeOf = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]

RuleKind = Literal["observation", "finding", "recommendation", "outcome"]
FindingKind = Literal["element", "pattern", "separate", "need", "aggravating", "context", "notice"]
Strength = Literal["strong", "medium", "weak"]
Urgency = Literal["now", "today", "soon", "when_ready"]
Consent = Literal["required", "required_unless_child", "required_unless_danger", "explain_duty", "not_needed"]
Basis = Literal["strong", "ordinary", "none"]


class AnyFindingOf(Content):
    """Allowed in outcome lines only: any finding of these kinds."""

    any_finding_of: SomeOf[FindingKind]


class AnyIndicator(Content):
    """Allowed in outcome lines only: any indicator that is not a circumstance."""

    any_indicator: Literal[True]


def _check_ladder_condition(value: object) -> object:
    if not isinstance(value, Test | All | AnyOf | AtLeast | Reference | AnyFindingOf | AnyIndicator):
        raise refuse("C040")
    return value


LadderCondition = Annotated[
    Test | All | AnyOf | AtLeast | Reference | AnyFindingOf | AnyIndicator,
    PlainValidator(_check_ladder_condition),
]


class Rule(Content):
    """What every kind of rule carries; `when` is a condition of `indicators.conditions`."""

    id: RuleId
    when: LadderCondition
    rationale: Text
    sources: SomeOf[Citation]
    retired_in: int | None = None
    retired_because: Text | None = None


class Observation(Rule):
    """Concludes an indicator from tests alone."""

    observes: Id


class Finding(Rule):
    """Concludes a named finding from tests, indicators, dimensions and other findings."""

    finds: DottedId


class Recommendation(Rule):
    """Concludes a route, with its urgency."""

    recommends: Id
    urgency: Urgency


class OutcomeLine(Rule):
    """One line of a step of the ladder: a pattern that reaches the step, and on what basis."""

    basis: Basis
    human_review: bool = False


class Combination(Content):
    """Least numbers of established indicators, by strength, that together establish a dimension."""

    id: Id
    strong: int = Field(default=0, ge=0)
    medium: int = Field(default=0, ge=0)
    weak: int = Field(default=0, ge=0)
    medium_or_weak: int = Field(default=0, ge=0)


class ListedIndicator(Content):
    """An indicator's place in a module's list; `only_with` must hold for a circumstance to count."""

    indicator: Id
    strength: Strength
    confidence: Confidence
    only_with: ConditionField | None = None
    distinct_because: Text | None = None


class Dimension(Content):
    """A counted group of a module's list."""

    label: Text
    established_if_any: SomeOf[Combination]
    indicators: dict[RuleId, ListedIndicator] = Field(min_length=1)


class FindingDefinition(Content):
    """A conclusion that finding rules may reach; what its kind means stands in the content format."""

    id: DottedId
    kind: FindingKind
    element: Literal["act", "means", "purpose"] | None = None
    need: Id | None = None
    level: Literal["now", "ask_now"] | None = None
    label: Text


class Expectation(Content):
    """What a case must come out as; every list is a lower bound, `silent` and `no_routes` an upper one."""

    fires: Many[RuleId] = ()
    silent: Many[RuleId] = ()
    established: Many[DottedId] = ()
    undetermined: Many[DottedId] = ()
    not_established: Many[DottedId] = ()
    outcome: Id | None = None
    routes: Many[Id] = ()
    no_routes: Many[Id] = ()
    urgent: Many[Id] = ()


class Case(Content):
    """Invented answers with what the rule set must make of them."""

    name: Text
    instrument: Id | None = None
    as_of: Day | None = None
    answers: dict[str, Any]
    expect: Expectation


class Module(Content):
    """A folder of a rule set: its list of indicators, its conclusions, its rules and its cases."""

    module: Id
    title: Text
    sources: Many[Citation] = ()
    dimensions: dict[Id, Dimension] = Field(default={})
    findings: Many[FindingDefinition] = ()
    observations: Many[Observation] = ()
    finding_rules: Many[Finding] = ()
    recommendations: Many[Recommendation] = ()
    cases: Many[Case] = ()


class OutcomeStep(Content):
    """A step of the ladder that rules can establish."""

    outcome: Literal["trafficking_indicated", "trafficking_possible", "other_concern"]
    label: Text
    lines: SomeOf[OutcomeLine]


class LowerStep(Content):
    """The texts of a step that is reached by nothing being established."""

    label: Text


class LowerSteps(Content):
    """The two steps below the ladder."""

    not_enough_known: LowerStep
    nothing_indicated_so_far: LowerStep


class Ladder(Content):
    """The outcome ladder, highest step first."""

    ladder: SomeOf[OutcomeStep]
    below: LowerSteps


class RouteService(Content):
    """A service of the directory that a route can lead to, and for whom."""

    service: Id
    eligible_when: ConditionField | None = None


class Route(Content):
    """Where a recommendation leads: consent, what to send, what never to send."""

    route: Id
    label: Text
    consent: Consent
    consent_note: Text | None = None
    send: Text | None = None
    never_send: Text | None = None
    services: Many[RouteService] = ()
    sources: Many[Citation] = ()


class DatedValue(Content):
    """One line of a parameter; lines are added, never edited."""

    for_options: Annotated[tuple[Id, ...], Field(strict=False, alias="for")] = ()
    effective_from: DayOrUnknown
    effective_by: Day | None = None
    because: Text | None = None
    effective_to: Day | None = None
    value: int
    source: Id
    locator: Said
    confidence: Confidence

    @field_validator("for_options", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value


class Parameter(Content):
    """A dated number, chosen by the answer to its selector question if it has one."""

    parameter: Id
    unit: Id
    selector: Id | None = None
    label: Text
    values: SomeOf[DatedValue]


class Contact(Content):
    """How a service is reached; never a person."""

    kind: Literal["telephone", "email", "address", "web"]
    value: Said
    last_confirmed: Day | None
    confidence: Confidence
    source: Id | None = None


class Service(Content):
    """A directory entry, outside the program: a telephone number can change without a revision."""

    id: Id
    name: Text
    what_it_does: Text
    who_can_be_sent: Text
    how: Text
    cautions: Text | None = None
    contacts: Many[Contact] = ()
    last_confirmed: Day
    sources: SomeOf[Citation]


class RuleSetHead(Content):
    """`rule_set.yaml`."""

    rule_set: Id
    semantics: int
    title: Text
    modules: SomeOf[Id]
    cases_as_of: Day


class RuleSet(Content):
    """Everything that is published together, and the directory it refers to."""

    head: RuleSetHead
    modules: Many[Module]
    ladder: Ladder
    routes: Many[Route]
    parameters: Many[Parameter]
    services: Many[Service]
    places: dict[tuple[str, str], Place] = Field(default={}, exclude=True, repr=False)

    def place(self, kind: str, name: str) -> Place:
        """File and line of a definition; kinds are rule, finding, dimension, entry, route, case, …"""
        return self.places.get((kind, name), (None, None))

    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is in force (not retired), modules first, then the lines of the ladder."""
        found: list[Rule] = []
        for module in self.modules:
            found += [*module.observations, *module.finding_rules, *module.recommendations]
        for step in self.ladder.ladder:
            found += step.lines
        return tuple(rule for rule in found if rule.retired_in is None)
