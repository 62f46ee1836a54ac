"""The JSON result: what an assessment says, in both languages, each conclusion with what it stands on.

`result.schema.json` beside this file is generated from these models; a test holds the two together.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from indicators.models import Confidence, Text
from rules.evaluation import EngineCheck

OutcomeName = Literal[
    "trafficking_indicated",
    "trafficking_possible",
    "other_concern",
    "not_enough_known",
    "nothing_indicated_so_far",
]
Status = Literal["established", "undetermined", "not_established"]
AnswerState = Literal["value", "not_known", "declined", "not_asked", "not_relevant"]
Strength = Literal["strong", "medium", "weak"]


class Part(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class CitedSource(Part):
    """Where a rule comes from: the source, the place in it, and how well that place is known."""

    source: str
    title: Text
    locator: str
    locator_text: Text
    confidence: Confidence
    address: str | None


class FiredRule(Part):
    """A rule that held, its reason, and the tests and conclusions that made it hold."""

    rule: str
    rationale: Text | None
    because: tuple[str, ...]
    sources: tuple[CitedSource, ...]


class AnswerGiven(Part):
    """One question as it stands: its answer, or why there is none."""

    question: str
    text: Text
    in_instrument: bool
    state: AnswerState
    value: Any = Field(description="as given; null unless the state is `value`; free text is never repeated")
    complete: bool = Field(description="false: several choices, and what was not mentioned stays open")
    disputed: bool
    sentence: Text


class TestResult(Part):
    """One comparison that the reasons of this result rest on."""

    __test__ = False

    id: str
    question: str
    status: Literal["true", "unknown", "false"]
    disputed: bool
    sentence: Text = Field(description="what is compared with what")
    compared: bool = Field(description="true: the answer does not say by itself what it was compared with")
    parameter: str | None


class ParameterValue(Part):
    """A dated value that a test of these reasons was compared with."""

    parameter: str
    label: Text
    options: tuple[str, ...] = Field(description="the kinds it applies to; empty where it applies to all")
    sentence: Text
    value: int | None
    source: CitedSource | None


class Evidence(Part):
    """What every conclusion carries: status, why, why not, and what it waits for."""

    id: str
    status: Status
    label: Text
    support: tuple[str, ...] = Field(
        description="established: questions whose answers alone are enough; without any of them they are not"
    )
    evidence: tuple[FiredRule, ...] = Field(description="every rule that held")
    refuted_by: tuple[str, ...] = Field(
        description="not established: questions whose answers alone rule it out; leaving out any one does not"
    )
    waits_for: tuple[str, ...] = Field(description="undetermined: the questions that could settle it")


class FindingResult(Evidence):
    """A named finding."""

    kind: str
    element: Literal["act", "means", "purpose"] | None
    need: str | None
    level: Literal["now", "ask_now"] | None


class IndicatorResult(Evidence):
    """A sign."""

    element: str
    circumstance: bool = Field(description="true: never a sign alone")


class ListedEntry(Part):
    """An indicator's place in the list of a dimension."""

    entry: str
    strength: Strength
    label: Text
    status: Status
    because: tuple[str, ...]


class DimensionResult(Evidence):
    """A counted group of signs."""

    combinations_met: tuple[str, ...]
    entries: tuple[ListedEntry, ...]


class OutcomeLine(FiredRule):
    """A line of the ladder that held."""

    outcome: OutcomeName
    basis: Literal["strong", "ordinary", "none"]
    human_review: bool


class Urgent(Part):
    """A need that is shown: `now`, or `ask_now` when it is about the past or not certainly about today."""

    need: str
    level: Literal["now", "ask_now"]
    label: Text
    findings: tuple[str, ...]
    why: tuple[FiredRule, ...]


class OpenQuestion(Part):
    """A question that could still settle something."""

    question: str
    text: Text
    state: AnswerState
    core: bool
    in_instrument: bool = Field(description="false: beyond this instrument")
    distress: int = Field(ge=1, le=3, description="1 light, 2 medium, 3 heavy for the person to be asked")
    waited_for_by: int = Field(ge=0, description="how many conclusions wait for it")


class NeedToAsk(Part):
    """An urgent need that is neither shown nor ruled out."""

    need: str
    label: Text
    findings: tuple[str, ...]
    open_questions: tuple[str, ...]


class ContactNote(Part):
    """How a service is reached, and how old that knowledge is."""

    kind: Literal["telephone", "email", "address", "web"]
    value: str
    last_confirmed: str | None
    confidence: Confidence
    older_than_12_months: bool = Field(description="true as well when it was never confirmed")
    warning: Text | None


class ServiceOffer(Part):
    """A service that a route can lead to, and whether it is open to this person."""

    service: str
    name: Text
    what_it_does: Text
    who_can_be_sent: Text
    how: Text
    cautions: Text | None
    eligibility: Literal["met", "not_known", "not_met"]
    waits_for: tuple[str, ...]
    last_confirmed: str
    contacts: tuple[ContactNote, ...]


class Reason(FiredRule):
    """A rule that recommends a route, and the conclusions it follows from, nearest first."""

    urgency: Literal["now", "today", "soon", "when_ready"]
    findings: tuple[str, ...]


class Recommendation(Part):
    """A referral that is recommended; a person offers it, and the person concerned agrees or does not."""

    route: str
    label: Text
    urgency: Literal["now", "today", "soon", "when_ready"]
    consent: Literal[
        "required", "required_unless_child", "required_unless_danger", "explain_duty", "not_needed"
    ]
    consent_sentence: Text
    consent_note: Text | None
    why: tuple[Reason, ...]
    support: tuple[str, ...]
    send: Text | None
    never_send: Text | None
    services: tuple[ServiceOffer, ...]
    sources: tuple[CitedSource, ...]


class NextQuestion(Part):
    """A question that would help most now."""

    question: str
    text: Text
    reason: Literal["clear_up", "ask"]
    distress: int
    could_settle: tuple[str, ...] = Field(description="conclusions that one answer could settle by itself")
    could_help: tuple[str, ...] = Field(description="conclusions that wait for other questions as well")
    with_questions: tuple[str, ...] = Field(description="clear_up: the questions whose answers do not fit")
    why: Text


class SupposedAnswer(Part):
    """An answer that was not given, to show what it would do."""

    question: str
    text: Text
    value: Any
    value_text: Text


class Counterfactual(Part):
    """What would establish a conclusion that is open: up to three sets of at most four open answers."""

    conclusion: str
    label: Text
    result: Literal["found", "needs_more", "search_stopped", "not_possible"]
    answers: tuple[tuple[SupposedAnswer, ...], ...]


class Contradiction(Part):
    """An answer whose question no longer applies, beside the answers that say so."""

    question: str
    text: Text
    sentence: Text
    with_questions: tuple[str, ...]
    other_sentences: tuple[Text, ...]


class UnknownShare(Part):
    """How much is still unknown. None of it is ever read as a no."""

    questions: int = Field(description="questions of this instrument")
    answered: int
    not_known: int
    declined: int
    not_asked: int
    not_relevant: int
    core: int
    core_open: tuple[str, ...]
    sentences: tuple[Text, ...]


class Assessment(Part):
    """What the answers of one interview come to, with its reasons. It recommends; people decide."""

    semantics: int
    rule_set: str
    revision: int | Literal["draft"]
    digest: str
    instrument: str
    as_of: str
    case: str | None
    outcome: OutcomeName
    outcome_label: Text
    outcome_meaning: Text
    outcome_lines: tuple[OutcomeLine, ...]
    may_still_become: tuple[OutcomeName, ...]
    urgent: tuple[Urgent, ...]
    needs_to_ask: tuple[NeedToAsk, ...]
    recommendations: tuple[Recommendation, ...]
    findings: tuple[FindingResult, ...]
    dimensions: tuple[DimensionResult, ...]
    indicators: tuple[IndicatorResult, ...]
    outcomes: tuple[Evidence, ...] = Field(description="every step of the ladder, highest first")
    routes: tuple[Evidence, ...] = Field(description="every route, recommended or not")
    open_questions: tuple[OpenQuestion, ...]
    next_questions: tuple[NextQuestion, ...]
    counterfactuals: tuple[Counterfactual, ...]
    contradictions: tuple[Contradiction, ...]
    unknown_share: UnknownShare
    answers: tuple[AnswerGiven, ...]
    tests: tuple[TestResult, ...]
    parameters: tuple[ParameterValue, ...]
    missing_parameters: tuple[ParameterValue, ...] = Field(
        description="values that nobody has entered for this day and kind; tests that need them stay open"
    )
    sources: tuple[CitedSource, ...]
    engine_check: EngineCheck
    needs_human: bool
    needs_human_because: tuple[Text, ...]
    result_digest: str
    notice: Text
    notices: tuple[Text, ...]

    def to_data(self) -> dict[str, Any]:
        """Return the result as plain JSON data."""
        return self.model_dump(mode="json")

    def to_json(self, indent: int | None = None) -> str:
        """Return the result as JSON text, the same text for the same answers, program and day."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.to_data(), ensure_ascii=False, indent=indent, separators=separators)


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema of the result, draft 2020-12."""
    schema = Assessment.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """Return the schema as it is published beside this file."""
    return json.dumps(result_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    # python -m screening.result_models > screening/result.schema.json
    sys.stdout.write(schema_text())
