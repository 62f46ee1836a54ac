"""Conditions: what a rule or a question waits for. There is no "not": nothing follows from silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, NamedTuple, TypeAlias, TypeVar

from indicators.dates import read_day
from indicators.errors import Fault, listed, nearest
from indicators.nodes import Node

_T = TypeVar("_T")


class Place(NamedTuple):
    """Where something stands in a file."""

    file: str | None
    line: int | None
    column: int | None


@dataclass(frozen=True, slots=True)
class Ago:
    """A span of calendar time before the day of the assessment."""

    unit: str
    count: int


TestValue: TypeAlias = "str | int | tuple[str, ...] | date | Ago | None"
ReferenceKind: TypeAlias = Literal["indicator", "dimension", "finding"]


@dataclass(frozen=True, slots=True)
class Test:
    """One question compared with a constant or with a dated parameter; exactly one of the two is given."""

    # Pytest collects classes of this name otherwise.
    __test__ = False

    question: str
    op: str
    value: TestValue = None
    parameter: str | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """Something another rule concludes."""

    kind: ReferenceKind
    id: str
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    """True when every part is true."""

    parts: tuple[Condition, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is true."""

    parts: tuple[Condition, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """True when `count` parts are true."""

    count: int
    parts: tuple[Condition, ...]
    place: Place | None = field(default=None, compare=False, repr=False)


Condition: TypeAlias = Test | Reference | All | AnyOf | AtLeast

# The operators and what they are compared with. The one list of them: reading, checking and deciding use it.
OPERATORS: Final[Mapping[str, str]] = {
    "is": "option_or_number",
    "is_not": "option",
    "is_one_of": "options",
    "includes": "option",
    "includes_any_of": "options",
    "at_least": "number",
    "at_most": "number",
    "more_than": "number",
    "less_than": "number",
    "before": "day",
    "after": "day",
    "at_least_ago": "ago",
    "less_than_ago": "ago",
}
AGO_UNITS: Final = ("days", "months", "years")
# Longer spans would leave the calendar, and nobody means them.
LONGEST_AGO: Final[Mapping[str, int]] = {"days": 40_000, "months": 1_200, "years": 110}
REFERENCES: Final[tuple[ReferenceKind, ...]] = ("indicator", "dimension", "finding")
_KEYS: Final = ("question", *REFERENCES, "all", "any", "at_least", "of")
_ID: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_DOTTED_ID: Final = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\Z")


def is_id(text: str) -> bool:
    """Tell whether a text has the form of an id: small letters, digits and underscores."""
    return _ID.match(text) is not None


def is_dotted_id(text: str) -> bool:
    """Tell whether a text is ids joined by dots, as findings and dimensions have."""
    return _DOTTED_ID.match(text) is not None


def tests_of(condition: Condition) -> Iterator[Test]:
    """Yield every test of a condition, in the order written."""
    if isinstance(condition, Test):
        yield condition
    elif not isinstance(condition, Reference):
        for part in condition.parts:
            yield from tests_of(part)


def references_of(condition: Condition) -> Iterator[Reference]:
    """Yield every reference of a condition, in the order written."""
    if isinstance(condition, Reference):
        yield condition
    elif not isinstance(condition, Test):
        for part in condition.parts:
            yield from references_of(part)


def read_condition(
    node: Node, faults: list[Fault], allow_references: bool = True, allow_parameters: bool = True
) -> Condition | None:
    """Return the condition at a node; None when it has faults, all of which are added to `faults`."""
    return _Reader(faults, allow_references, allow_parameters).read(node)


class _Reader:
    """Reads one condition; every method returns None when it has added a fault."""

    def __init__(self, faults: list[Fault], allow_references: bool, allow_parameters: bool) -> None:
        self.faults = faults
        self.allow_references = allow_references
        self.allow_parameters = allow_parameters

    def read(self, node: Node) -> Condition | None:
        if node.broken:
            return None
        if not isinstance(node.value, dict):
            return self._refuse(node, "C040")
        if "question" in node.value:
            return self._test(node)
        kinds = [key for key in (*REFERENCES, "all", "any", "at_least") if key in node.value]
        if len(kinds) > 1:
            return self._refuse(node, "C042", found=listed(kinds))
        if not kinds:
            self._unknown(node)
            return None
        for kind in REFERENCES:
            if kind == kinds[0]:
                return self._reference(node, kind)
        return self._group(node, kinds[0])

    def _unknown(self, node: Node) -> None:
        unknown = [key for key in node.entries if key not in OPERATORS]
        for key in unknown:
            self._refuse_key(node, key, _KEYS)
        if not unknown:
            self._refuse(node, "C041")

    def _test(self, node: Node) -> Test | None:
        before = len(self.faults)
        question = self._id(node, "question", dotted=False)
        operators = [key for key in node.entries if key in OPERATORS]
        for key in node.entries:
            if key != "question" and key not in OPERATORS:
                self._refuse(node, "C044", at=key, key=key, nearest=nearest(key, OPERATORS))
        if len(operators) > 1:
            self._refuse(node, "C046", found=listed(operators))
        elif not operators and len(self.faults) == before:
            self._refuse(node, "C045", question=question or "…")
        if len(operators) != 1:
            return None
        operand = self._operand(operators[0], node.entries[operators[0]])
        if operand is None or question is None or len(self.faults) != before:
            return None
        return Test(question, operators[0], *operand, _place(node))

    def _operand(self, op: str, node: Node) -> tuple[TestValue, str | None] | None:
        kind = OPERATORS[op]
        value: TestValue = None
        if node.broken:
            return None
        if kind in ("number", "ago") and "parameter" in node.entries:
            parameter = self._parameter(node)
            return None if parameter is None else (None, parameter)
        if kind == "options":
            value = self._options(op, node)
        elif kind == "day":
            value = self._day(op, node)
        elif kind == "ago":
            value = self._ago(op, node)
        elif kind == "number":
            value = self._number(node, "C052", op=op)
        elif isinstance(node.value, bool):
            self._refuse(node, "C048", op=op, value=_word(node.value))
        elif isinstance(node.value, str) or (isinstance(node.value, int) and kind == "option_or_number"):
            value = node.value
        else:
            self._refuse(node, "C050" if kind == "option" else "C049", op=op)
        return None if value is None else (value, None)

    def _number(self, node: Node, code: str, **slots: Any) -> int | None:
        # bool is an int to Python and to nobody else.
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        return None if node.broken else self._refuse(node, code, **slots)

    def _parameter(self, node: Node) -> str | None:
        if not self.allow_parameters:
            return self._refuse(node, "C057")
        before = len(self.faults)
        for key in node.entries:
            if key != "parameter":
                self._refuse(node, "C058", at=key, key=key)
        found = self._id(node, "parameter", dotted=False)
        return found if len(self.faults) == before else None

    def _options(self, op: str, node: Node) -> tuple[str, ...] | None:
        if not isinstance(node.value, list):
            return self._refuse(node, "C051", op=op)
        if not node.value:
            return self._refuse(node, "C053", op=op)
        found: list[str] = []
        for one in node.value:
            if isinstance(one.value, bool):
                self._refuse(one, "C048", op=op, value=_word(one.value))
            elif not isinstance(one.value, str):
                if not one.broken:
                    self._refuse(one, "C051", op=op)
            elif one.value in found:
                self._refuse(one, "C054", value=one.value)
            else:
                found.append(one.value)
        # Sorted: the order in which options are written means nothing and changes no digest.
        return tuple(sorted(found)) if len(found) == len(node.value) else None

    def _day(self, op: str, node: Node) -> date | None:
        day = read_day(node.value) if isinstance(node.value, str) else None
        return day or self._refuse(node, "C055", op=op, value=str(node.plain()))

    def _ago(self, op: str, node: Node) -> Ago | None:
        if len(node.entries) != 1 or next(iter(node.entries)) not in AGO_UNITS:
            return self._refuse(node, "C056", op=op)
        unit, written = next(iter(node.entries.items()))
        count = self._number(written, "C056", op=op)
        if count is None:
            return None
        if not 1 <= count <= LONGEST_AGO[unit]:
            return self._refuse(written, "C059", unit=unit, value=count, most=LONGEST_AGO[unit])
        return Ago(unit, count)

    def _reference(self, node: Node, kind: ReferenceKind) -> Reference | None:
        if not self.allow_references:
            return self._refuse(node, "C060", kind=kind)
        before = len(self.faults)
        for key in node.entries:
            if key != kind:
                self._refuse_key(node, key, _KEYS)
        found = self._id(node, kind, dotted=kind != "indicator")
        return Reference(kind, found, _place(node)) if found and len(self.faults) == before else None

    def _group(self, node: Node, group: str) -> Condition | None:
        before = len(self.faults)
        known = ("at_least", "of") if group == "at_least" else (group,)
        for key in node.entries:
            if key not in known:
                self._refuse_key(node, key, _KEYS)
        inner = node.entries.get(known[-1])
        if inner is None:
            return None if len(self.faults) != before else self._refuse(node, "C061")
        parts = self._parts(inner, known[-1])
        if group == "at_least":
            return self._at_least(node, parts, len(inner.items), before)
        if parts is None or len(self.faults) != before:
            return None
        return All(parts, _place(node)) if group == "all" else AnyOf(parts, _place(node))

    def _at_least(
        self, node: Node, parts: tuple[Condition, ...] | None, written: int, before: int
    ) -> AtLeast | None:
        count = self._number(node.entries["at_least"], "C062")
        if count is not None and written and not 1 <= count <= written:
            self._refuse(node, "C063", at="at_least", count=count, parts=written)
        if count is None or parts is None or len(self.faults) != before:
            return None
        return AtLeast(count, parts, _place(node))

    def _parts(self, node: Node, key: str) -> tuple[Condition, ...] | None:
        if node.broken:
            return None
        if not isinstance(node.value, list):
            return self._refuse(node, "C064", key=key)
        if not node.value:
            return self._refuse(node, "C065", key=key)
        parts: dict[Condition, int] = {}
        for one in node.value:
            part = self.read(one)
            if part is not None and part in parts:
                self._refuse(one, "C066", first=parts[part])
            elif part is not None:
                parts[part] = one.line or 0
        return tuple(parts) if len(parts) == len(node.value) else None

    def _id(self, node: Node, key: str, dotted: bool) -> str | None:
        found = node.entries[key]
        if found.broken:
            return None
        if not isinstance(found.value, str):
            return self._refuse(found, "C047", key=key)
        if not (is_dotted_id if dotted else is_id)(found.value):
            return self._refuse(found, "C010", value=found.value)
        return found.value

    def _refuse_key(self, node: Node, key: str, known: tuple[str, ...]) -> None:
        self._refuse(
            node, "C043", at=key, key=key, nearest=nearest(key, [one for one in known if one != key])
        )

    def _refuse(self, node: Node, code: str, at: str | None = None, **slots: Any) -> _T | None:
        """Add a fault and return None, so that a reader refuses and returns in one step."""
        self.faults.append(node.fault(code, at=at, **slots))
        return None


def _place(node: Node) -> Place:
    return Place(node.file, node.line, node.column)


def _word(value: bool) -> str:
    return "true" if value else "false"
