"""What a rule set is made of, as read from its files: rules, modules, the ladder, routes, parameters, cases.

Every model is frozen and refuses unknown keys. Conditions are the trees of `indicators.conditions`.
The file format is described in `docs/developers/content-format.md`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, InstanceOf

from indicators.conditions import All, AnyOf, AtLeast, Reference, Test
from indicators.models import Citation, Confidence, Text

RULE_ID = r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-?[0-9A-Z]*[a-z]?$"
NAME = r"^[a-z][a-z0-9_]*$"
DOTTED_NAME = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
DAY = r"^\d{4}-\d{2}-\d{2}$"

RuleId = Annotated[str, Field(pattern=RULE_ID)]
Name = Annotated[str, Field(pattern=NAME)]
DottedName = Annotated[str, Field(pattern=DOTTED_NAME)]
Day = Annotated[str, Field(pattern=DAY)]

# Spelled out for pydantic, which cannot use the recursive alias itself.
ConditionField = (
    InstanceOf[Test] | InstanceOf[All] | InstanceOf[AnyOf] | InstanceOf[AtLeast] | InstanceOf[Reference]
)

RuleKind = Literal["observation", "finding", "recommendation", "outcome"]
FindingKind = Literal["element", "pattern", "separate", "need", "aggravating", "context", "notice"]
Strength = Literal["strong", "medium", "weak"]
Urgency = Literal["now", "today", "soon", "when_ready"]
Consent = Literal["required", "required_unless_child", "required_unless_danger", "explain_duty", "not_needed"]
Basis = Literal["strong", "ordinary", "none"]


class Model(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class AnyFindingOf(Model):
    """Allowed in outcome lines only: any finding of these kinds."""

    any_finding_of: tuple[FindingKind, ...] = Field(min_length=1)


class AnyIndicator(Model):
    """Allowed in outcome lines only: any indicator that is not a circumstance."""

    any_indicator: Literal[True]


class Rule(Model):
    """What every kind of rule carries; `when` is a condition of `indicators.conditions`."""

    id: RuleId
    when: ConditionField | AnyFindingOf | AnyIndicator
    rationale: Text
    sources: tuple[Citation, ...] = Field(min_length=1)
    retired_in: int | None = None
    retired_because: Text | None = None


class Observation(Rule):
    """Concludes an indicator from tests alone."""

    observes: Name


class Finding(Rule):
    """Concludes a named finding from tests, indicators, dimensions and other findings."""

    finds: DottedName


class Recommendation(Rule):
    """Concludes a route, with its urgency."""

    recommends: Name
    urgency: Urgency


class OutcomeLine(Rule):
    """One line of a step of the ladder: a pattern that reaches the step, and on what basis."""

    basis: Basis
    human_review: bool = False

class Combination(Model):
    """Least numbers of established indicators, by strength, that together establish a dimension."""

    id: Name
    strong: int = Field(default=0, ge=0)
    medium: int = Field(default=0, ge=0)
    weak: int = Field(default=0, ge=0)
    medium_or_weak: int = Field(default=0, ge=0)


class ListedIndicator(Model):
    """An indicator's place in a module's list; `only_with` must hold for a circumstance to count."""

    indicator: Name
    strength: Strength
    confidence: Confidence
    only_with: ConditionField | None = None
    distinct_because: Text | None = None


class Dimension(Model):
    """A counted group of a module's list."""

    label: Text
    established_if_any: tuple[Combination, ...] = Field(min_length=1)
    indicators: dict[RuleId, ListedIndicator] = Field(min_length=1)


class FindingDefinition(Model):
    """A conclusion that finding rules may reach; what its kind means stands in the content format."""

    id: DottedName
    kind: FindingKind
    element: Literal["act", "means", "purpose"] | None = None
    need: Name | None = None
    level: Literal["now", "ask_now"] | None = None
    label: Text


class Expectation(Model):
    """What a case must come out as; every list is a lower bound, `silent` and `no_routes` an upper one."""

    fires: tuple[RuleId, ...] = ()
    silent: tuple[RuleId, ...] = ()
    established: tuple[DottedName, ...] = ()
    undetermined: tuple[DottedName, ...] = ()
    not_established: tuple[DottedName, ...] = ()
    outcome: Name | None = None
    routes: tuple[Name, ...] = ()
    no_routes: tuple[Name, ...] = ()
    urgent: tuple[Name, ...] = ()


class Case(Model):
    """Invented answers with what the rule set must make of them."""

    name: str = Field(min_length=1)
    instrument: Name | None = None
    as_of: Day | None = None
    answers: dict[str, Any]
    expect: Expectation


class Module(Model):
    """A folder of a rule set: its list of indicators, its conclusions, its rules and its cases."""

    module: Name
    title: Text
    sources: tuple[Citation, ...] = ()
    dimensions: dict[Name, Dimension] = {}
    findings: tuple[FindingDefinition, ...] = ()
    observations: tuple[Observation, ...] = ()
    finding_rules: tuple[Finding, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    cases: tuple[Case, ...] = ()


class OutcomeStep(Model):
    """A step of the ladder that rules can establish."""

    outcome: Literal["trafficking_indicated", "trafficking_possible", "other_concern"]
    label: Text
    lines: tuple[OutcomeLine, ...] = Field(min_length=1)


class LowerStep(Model):
    """The texts of a step that is reached by nothing being established."""

    label: Text


class LowerSteps(Model):
    """The two steps below the ladder."""

    not_enough_known: LowerStep
    nothing_indicated_so_far: LowerStep


class Ladder(Model):
    """The outcome ladder, highest step first."""

    ladder: tuple[OutcomeStep, ...] = Field(min_length=1)
    below: LowerSteps


class RouteService(Model):
    """A service of the directory that a route can lead to, and for whom."""

    service: Name
    eligible_when: ConditionField | None = None


class Route(Model):
    """Where a recommendation leads: consent, what to send, what never to send."""

    route: Name
    label: Text
    consent: Consent
    consent_note: Text | None = None
    send: Text | None = None
    never_send: Text | None = None
    services: tuple[RouteService, ...] = ()
    sources: tuple[Citation, ...] = ()


class DatedValue(Model):
    """One line of a parameter; lines are added, never edited."""

    for_options: tuple[Name, ...] = ()
    effective_from: str
    effective_by: Day | None = None
    because: Text | None = None
    effective_to: Day | None = None
    value: int
    source: Name
    locator: str
    confidence: Confidence


class Parameter(Model):
    """A dated number, chosen by the answer to its selector question if it has one."""

    parameter: Name
    unit: str
    selector: Name | None = None
    label: Text
    values: tuple[DatedValue, ...] = Field(min_length=1)


class Contact(Model):
    """How a service is reached; never a person."""

    kind: Literal["telephone", "email", "address", "web"]
    value: str
    last_confirmed: Day | None
    confidence: Confidence
    source: Name | None = None


class Service(Model):
    """A directory entry, kept outside the program so that a telephone number can change without a revision."""

    id: Name
    name: Text
    what_it_does: Text
    who_can_be_sent: Text
    how: Text
    cautions: Text | None = None
    contacts: tuple[Contact, ...] = ()
    last_confirmed: Day
    sources: tuple[Citation, ...] = Field(min_length=1)


class RuleSetHead(Model):
    """`rule_set.yaml`."""

    rule_set: Name
    semantics: int
    title: Text
    modules: tuple[Name, ...] = Field(min_length=1)
    cases_as_of: Day


class RuleSet(Model):
    """Everything that is published together, and the directory it refers to."""

    head: RuleSetHead
    modules: tuple[Module, ...]
    ladder: Ladder
    routes: tuple[Route, ...]
    parameters: tuple[Parameter, ...]
    services: tuple[Service, ...]

    def rules(self) -> tuple[Rule, ...]:
        """Every rule that is in force (not retired), modules first, then the lines of the ladder."""
        found: list[Rule] = []
        for module in self.modules:
            found += [*module.observations, *module.finding_rules, *module.recommendations]
        for step in self.ladder.ladder:
            found += step.lines
        return tuple(rule for rule in found if rule.retired_in is None)

