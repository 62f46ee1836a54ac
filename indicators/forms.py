"""What an answer to a question may look like: the little of a question that reading and deciding need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

QuestionType: TypeAlias = Literal[
    "yes_no", "one_choice", "several_choices", "whole_number", "number_range", "date", "free_text"
]
QUESTION_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """The same for a question of the bank and for a question of a compiled program."""

    id: str
    type: QuestionType
    options: tuple[str, ...] = ()
    exclusive: str | None = None
    least: int | None = None
    most: int | None = None


def forms_of(questions: Mapping[str, Mapping[str, Any]]) -> dict[str, QuestionForm]:
    """Return the forms of a canonical program's `questions`."""
    return {
        name: QuestionForm(
            name,
            one["type"],
            tuple(one["options"] or ()),
            one["exclusive"],
            one["least"],
            one["most"],
        )
        for name, one in questions.items()
    }
