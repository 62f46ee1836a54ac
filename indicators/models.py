"""The things content is made of, frozen and closed: an unknown key is a fault, never ignored."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from indicators.fields import ConditionField, Day, DayOrUnknown, Id, Said, refuse
from indicators.forms import QuestionForm, QuestionType

Confidence: TypeAlias = Literal["verified_text", "secondary", "unverified", "own_design"]
Element: TypeAlias = Literal[
    "act",
    "means",
    "purpose",
    "need",
    "labour_right",
    "residence",
    "family",
    "protection",
    "circumstance",
    "context",
]
SourceKind: TypeAlias = Literal[
    "statute",
    "decree",
    "ministerial_decision",
    "treaty",
    "international_guidance",
    "report",
    "judgment",
    "press",
    "project",
]


class Content(BaseModel):
    """What every piece of content shares: no unknown keys, no coercion, no change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _read_translation(value: object) -> object:
    # A translation written as null is a missing one.
    return "" if value is None else value


Translation: TypeAlias = Annotated[str, BeforeValidator(_read_translation)]


class Text(Content):
    """One sentence or phrase in both languages; a draft may lack one of them and is empty there."""

    en: Translation = ""
    ar: Translation = ""

    def say(self, lang: str) -> str:
        """Return the text in a language; a draft without a translation gives the other one."""
        first, second = (self.ar, self.en) if lang == "ar" else (self.en, self.ar)
        return first or second


class Locator(Text):
    """A place in a source as citations write it (`en`), with its Arabic wording."""

    en: Said
    arabic_wording: Literal["awaiting_review", "reviewed"] | None = None


class Citation(Content):
    """A place in a source, and how sure we are of it."""

    source: Id
    locator: Said
    confidence: Confidence


class Source(Content):
    """A text that rules stand on, with the time it was in force and how it was read."""

    id: Id
    title: Text
    kind: SourceKind
    issued: Day | None = None
    in_force_from: DayOrUnknown
    in_force_to: Day | None = None
    address: Said | None = None
    confidence: Confidence
    last_checked: Day
    note: Text | None = None
    arabic_wording: Literal["awaiting_review", "reviewed"] | None = None


class Option(Content):
    """One of the answers offered."""

    id: Id
    text: Text


class Question(Content):
    """One question of the bank, with what an interviewer needs to ask it well."""

    id: Id
    type: QuestionType
    topic: Id
    about: Literal["conduct", "circumstance", "need", "administration", "observation"]
    answered_by: Literal["person", "interviewer"]
    text: Text
    why: Text
    guidance: Text | None = None
    distress: Literal["low", "medium", "high"]
    options: Annotated[tuple[Option, ...], Field(strict=False)] = ()
    exclusive: Id | None = None
    unit: Id | None = None
    least: int | None = None
    most: int | None = None
    applies_when: ConditionField | None = None
    ask_when: ConditionField | None = None

    @property
    def form(self) -> QuestionForm:
        """What an answer to this question may look like."""
        return QuestionForm(
            self.id,
            self.type,
            tuple(option.id for option in self.options),
            self.exclusive,
            self.least,
            self.most,
        )


class Section(Content):
    """Questions that belong together on the screen."""

    id: Id
    title: Text
    questions: Annotated[tuple[Id, ...], Field(strict=False)]


class Instrument(Content):
    """A selection of questions for one use, in the order of the screen, with those a low result needs."""

    instrument: Id
    title: Text
    purpose: Text
    sections: Annotated[tuple[Section, ...], Field(strict=False)]
    core: Annotated[tuple[Id, ...], Field(strict=False)]

    @property
    def id(self) -> str:
        """The id under which the catalogue holds it."""
        return self.instrument

    @property
    def questions(self) -> tuple[str, ...]:
        """Every question of the instrument, in the order of the screen."""
        return tuple(question for section in self.sections for question in section.questions)


def _check_ilo11(number: int) -> int:
    # The list has eleven entries; that is its name.
    if not 1 <= number <= 11:
        raise refuse("C016", value=number, least=1, most=11)
    return number


class Indicator(Content):
    """A sign: what it is, what it is not, and whether it can ever count alone."""

    id: Id
    element: Element
    circumstance: bool = False
    label: Text
    not_this: Text
    ilo11: Annotated[tuple[Annotated[int, AfterValidator(_check_ilo11)], ...], Field(strict=False)] = ()
