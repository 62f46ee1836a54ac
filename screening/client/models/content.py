"""Models: content. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from indicators.models import Text


class InstrumentEntry(BaseModel):
    """An instrument in the list."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    title: Text
    purpose: Text
    questions: int


class InstrumentList(BaseModel):
    """Every instrument."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    instruments: list[InstrumentEntry]


class OptionShown(BaseModel):
    """An option with its wording."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    text: Text


class QuestionShown(BaseModel):
    """A question as an instrument asks it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    section: str
    type: str
    options: list[str]
    core: bool
    applies_when: dict[str, Any] | None
    ask_when: dict[str, Any] | None
    topic: str
    about: str
    answered_by: str
    distress: str
    text: Text
    why: Text
    guidance: Text | None
    option_texts: list[OptionShown]
    exclusive: str | None
    unit: str | None
    least: int | None
    most: int | None


class SectionShown(BaseModel):
    """A section of an instrument."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    title: Text


class InstrumentShown(BaseModel):
    """An instrument with its sections and its questions, in the order of the screen."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    title: Text
    purpose: Text
    sections: list[SectionShown]
    core: list[str]
    questions: list[QuestionShown]


class ProblemShown(BaseModel):
    """What a problem code means; words in braces are filled in for each occurrence."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    code: str
    message: str
    advice: str


class PublishedRevision(BaseModel):
    """A revision that was published."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    number: int
    digest: str
    in_force_from: str


class RuleEntry(BaseModel):
    """A rule in the list."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    kind: str
    concludes: str
    label: Text


class RuleSetEntry(BaseModel):
    """A rule set and the program that is in force."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    title: Text
    revision: str
    digest: str
    rules: int


class RuleSetList(BaseModel):
    """Every rule set."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    rule_sets: list[RuleSetEntry]


class RuleSetShown(BaseModel):
    """A rule set with its rules, its revisions and the canonical program."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str
    title: Text
    revision: str
    digest: str
    rules: int
    revisions: list[PublishedRevision]
    rule_list: list[RuleEntry]
    program: dict[str, Any]
