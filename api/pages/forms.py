"""What a form sent, read as answers: every fault with its field, and nothing guessed.

A question of which the form says nothing gives no answer at all: that is neither "not asked" nor "no".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request

from api.pages.digits import normalise_digits, read_whole_number
from api.pages.fields import BETWEEN, STATES, WRITTEN, FieldFault, Fields, control_id
from api.problems import refuse
from indicators.answers import LONGEST_TEXT, Answer, read_answer, read_partial_day
from indicators.dates import FIRST_YEAR, LAST_YEAR
from indicators.errors import fault
from indicators.models import Question
from screening.phrases import Language

_MOST_FIELDS: Final = 2000
_T = TypeVar("_T")
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form says about one question: an answer, faults, or neither (nothing was chosen)."""

    answer: Answer | None
    faults: tuple[FieldFault, ...] = ()


async def read_form(request: Request, largest_kib: int) -> dict[str, list[str]]:
    """Every field of a form with its values; raises `RequestRefused` if it is too large or no form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise refuse("A070")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest_kib * 1024:
            raise refuse("S020", limit=largest_kib)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise refuse("A070") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def read_posted(question: Question, fields: Fields, lang: Language) -> Posted:
    """The answer that a form gives to one question; `lang` words the options that faults name."""
    return _Reader(question, fields, lang).read()


class _Reader:
    """Reads one question; a method that has added a fault returns None."""

    def __init__(self, question: Question, fields: Fields, lang: Language) -> None:
        self.question = question
        self.name = question.id
        self.fields = fields
        self.lang = lang
        self.faults: list[FieldFault] = []

    def read(self) -> Posted:
        chosen = [value for value in self.fields.get(self.name, ()) if value]
        written = self._written()
        states = [value for value in chosen if value in STATES]
        if states:
            # An answer beside a state: which of the two was meant cannot be known from here.
            if len(set(chosen)) > 1 or written or self._says_complete():
                self._refuse("A060")
                return self._done(None)
            return self._done({"state": states[0]})
        return self._done(self._value(chosen, written))

    def _done(self, raw: Any) -> Posted:
        if self.faults or raw is None:
            return Posted(None, tuple(self.faults))
        return Posted(read_answer(self.question, raw))

    def _value(self, chosen: Sequence[str], written: bool) -> Any:
        kind = self.question.type
        if kind in ("yes_no", "one_choice"):
            known = ("yes", "no") if kind == "yes_no" else self.question.form.options
            return self._one(chosen, known)
        if kind == "several_choices":
            return self._several(chosen)
        known = (WRITTEN, BETWEEN) if kind == "number_range" else (WRITTEN,)
        way = self._one(chosen, known) if chosen else (self._guess_way() if written else None)
        if way is None:
            return None
        if not written:
            return self._refuse("A061", part=self._first_part(way))
        if kind == "date":
            return self._date()
        if kind == "free_text":
            return self._text()
        return self._range() if way == BETWEEN else self._number("number")

    def _one(self, chosen: Sequence[str], known: Sequence[str]) -> str | None:
        if not chosen:
            return None
        if len(set(chosen)) > 1:
            return self._refuse("A060")
        return chosen[0] if chosen[0] in known else self._refuse("A071")

    def _several(self, chosen: Sequence[str]) -> Any:
        question = self.question
        if any(value not in question.form.options for value in chosen):
            return self._refuse("A071")
        complete = self._says_complete()
        values = sorted(set(chosen))
        if question.exclusive in values:
            if len(values) > 1:
                return self._refuse("A068", option=self._option_text(question.exclusive))
            return values
        if not values and not complete:
            return None
        return {"value": values, "complete": True} if complete else values

    def _number(self, part: str) -> int | None:
        text = self._text_of(part)
        number = read_whole_number(text)
        least, most = self.question.least, self.question.most
        if number is None:
            return self._refuse("A062", part=part)
        if least is not None and number < least:
            return self._refuse("A063", part=part, least=least)
        if most is not None and number > most:
            return self._refuse("A064", part=part, most=most)
        return number

    def _range(self) -> Any:
        ends = {key: self._number(key) for key in ("from", "to") if self._text_of(key)}
        if None in ends.values():
            return None
        if not ends:
            return self._refuse("A061", part="from")
        first, last = ends.get("from"), ends.get("to")
        if first is not None and last is not None and first > last:
            return self._refuse("A065", part="from")
        return ends

    def _date(self) -> str | None:
        year, month, day = (self._text_of(part) for part in ("year", "month", "day"))
        if not year or (day and not month):
            return self._refuse("A066", part="month" if year else "year")
        numbers = [read_whole_number(part) for part in (year, month, day) if part]
        if any(number is None or number < 1 for number in numbers):
            return self._refuse("A066", part="year")
        text = "-".join(
            f"{number:0{width}}" for number, width in zip(numbers, (4, 2, 2), strict=False) if number
        )
        if read_partial_day(text) is None:
            return self._refuse("A067", part="year", first=FIRST_YEAR, last=LAST_YEAR)
        return text

    def _text(self) -> str | None:
        text = self.fields[f"{self.name}.text"][0].replace("\r\n", "\n").strip()
        return self._refuse("A069", part="text", most=LONGEST_TEXT) if len(text) > LONGEST_TEXT else text

    def _written(self) -> bool:
        return any(self._text_of(part) for part in ("number", "from", "to", "year", "month", "day", "text"))

    def _guess_way(self) -> str:
        # Without a script nothing chooses for the person who only typed; what was typed says it all.
        return WRITTEN if self.question.type != "number_range" or self._text_of("number") else BETWEEN

    def _first_part(self, way: str) -> str:
        if way == BETWEEN:
            return "from"
        return {"date": "year", "free_text": "text"}.get(self.question.type, "number")

    def _text_of(self, part: str) -> str:
        values = self.fields.get(f"{self.name}.{part}", ())
        return normalise_digits(values[0]) if values else ""

    def _says_complete(self) -> bool:
        return "yes" in self.fields.get(f"{self.name}.complete", ())

    def _option_text(self, option: str) -> str:
        return next(one.text.say(self.lang) for one in self.question.options if one.id == option)

    def _refuse(self, code: str, part: str | None = None, **slots: Any) -> _T | None:
        """Add a fault and return None, so that a reader refuses and returns in one step."""
        control = control_id(self.name if part is None else f"{self.name}.{part}")
        self.faults.append(FieldFault(self.name, control, fault(code, field=self.name, **slots)))
        return None
