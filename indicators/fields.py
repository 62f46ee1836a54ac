"""The kinds of fields that content files are made of, each refused with a code of the catalogue.

A validator here raises `PydanticCustomError` whose type is the code and whose context is the slots;
`validation.py` turns it into a fault with its place, so that no wording of a library reaches a reader.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from indicators.conditions import All, AnyOf, AtLeast, Condition, Reference, Test, is_dotted_id, is_id
from indicators.conditions_json import write_condition
from indicators.dates import read_day

UNKNOWN_DAY: Final = "unknown"


def refuse(code: str, **slots: str | int) -> PydanticCustomError:
    """Return the error a validator raises to name a code of the catalogue with its slots."""
    return PydanticCustomError(code, "{code}", {"code": code, **slots})


def _check_id(text: str) -> str:
    if not is_id(text):
        raise refuse("C010", value=text)
    return text


def _check_dotted_id(text: str) -> str:
    if not is_dotted_id(text):
        raise refuse("C010", value=text)
    return text


def _check_said(text: str) -> str:
    if not text.strip():
        raise refuse("C011")
    return text


def _check_day(value: object) -> date:
    if isinstance(value, date):
        return value
    day = read_day(value) if isinstance(value, str) else None
    if day is None:
        raise refuse("C013", value=str(value))
    return day


def _check_day_or_unknown(value: object) -> date | Literal["unknown"]:
    return "unknown" if value == UNKNOWN_DAY else _check_day(value)


def _check_condition(value: object) -> Condition:
    if not isinstance(value, Test | All | AnyOf | AtLeast | Reference):
        raise refuse("C040")
    return value


def _write_day(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


Id: TypeAlias = Annotated[str, AfterValidator(_check_id)]
DottedId: TypeAlias = Annotated[str, AfterValidator(_check_dotted_id)]
Said: TypeAlias = Annotated[str, AfterValidator(_check_said)]
Day: TypeAlias = Annotated[date, PlainValidator(_check_day), PlainSerializer(_write_day)]
DayOrUnknown: TypeAlias = Annotated[
    date | Literal["unknown"], PlainValidator(_check_day_or_unknown), PlainSerializer(_write_day)
]
ConditionField: TypeAlias = Annotated[
    Condition, PlainValidator(_check_condition), PlainSerializer(write_condition)
]
