"""Everything that is defined, by id, with the place where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from indicators.forms import QuestionForm
from indicators.models import Indicator, Instrument, Locator, Question, Source

Kind: TypeAlias = Literal["source", "question", "instrument", "indicator", "locator"]
PlaceInFile: TypeAlias = tuple[str | None, int | None]


@dataclass(frozen=True)
class Catalogue:
    """What words mean. Every mapping is in the order of ids, whatever the order of files and lines."""

    sources: Mapping[str, Source]
    questions: Mapping[str, Question]
    instruments: Mapping[str, Instrument]
    indicators: Mapping[str, Indicator]
    locators: Mapping[str, Locator] = field(default_factory=dict)
    places: Mapping[tuple[str, str], PlaceInFile] = field(default_factory=dict, compare=False, repr=False)

    def place(self, kind: Kind, name: str) -> PlaceInFile:
        """Return file and line where an id is defined; (None, None) when it is not."""
        return self.places.get((kind, name), (None, None))

    def question_forms(self) -> dict[str, QuestionForm]:
        """Return what an answer to each question may look like."""
        return {name: question.form for name, question in self.questions.items()}
