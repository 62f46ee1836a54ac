"""Between an answer and the controls that show it: names of fields, their values, what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from api.pages.isolation import write_quoted
from indicators.answers import Answer, Day, Range
from indicators.errors import Fault, message
from indicators.models import Question
from screening.phrases import Language

# What a form sends: every field by name, with all its values. A question's fields begin with its id.
Fields = Mapping[str, Sequence[str]]

# The choice that goes with something written beside it, and what is written there.
WRITTEN: Final = "written"
BETWEEN: Final = "between"
STATES: Final = ("not_known", "declined", "not_asked")


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing that is wrong in a form: the question or field it belongs to, and the control to go to."""

    field: str
    control: str
    fault: Fault


def control_id(name: str) -> str:
    """The id of the control of a field: `pay.number` is `pay-number`."""
    return name.replace(".", "-")


def fault_text(of: FieldFault | Fault, language: Language) -> Markup:
    """What is wrong as a sentence of its own, as markup that is safe to place."""
    text = message(of.fault if isinstance(of, FieldFault) else of, language)
    text = text[:1].upper() + text[1:]
    return write_quoted(text if text.endswith((".", "?", "!", "؟")) else f"{text}.", language)


def fill_fields(question: Question, answer: Answer | None) -> dict[str, list[str]]:
    """The fields that show an answer; reading them again gives an equal answer. No answer, no fields."""
    name = question.id
    if answer is None:
        return {}
    if answer.state != "value":
        return {name: [answer.state]}
    value = answer.value
    if question.type in ("yes_no", "one_choice"):
        return {name: [str(value)]}
    if isinstance(value, tuple):
        fields = {name: list(value)}
        # The exclusive option is complete by itself and has no box to tick beside it.
        if answer.complete and question.exclusive not in value:
            fields[f"{name}.complete"] = ["yes"]
        return fields
    if isinstance(value, Range):
        ends = {"from": value.first, "to": value.last}
        return {name: [BETWEEN]} | {
            f"{name}.{key}": [str(end)] for key, end in ends.items() if end is not None
        }
    if isinstance(value, Day):
        parts = zip(("year", "month", "day"), value.text.split("-"), strict=False)
        return {name: [WRITTEN]} | {f"{name}.{key}": [part.lstrip("0")] for key, part in parts}
    part = "text" if question.type == "free_text" else "number"
    return {name: [WRITTEN], f"{name}.{part}": [str(value)]}
