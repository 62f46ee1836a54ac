"""The shape of a request for an assessment: which instrument, which day, which rules, and the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from indicators.dates import read_day
from indicators.errors import Fault, listed, nearest
from indicators.json_reading import parse_answers, read_values
from indicators.nodes import Node

KEYS: Final = ("instrument", "as_of", "answers", "rule_set", "revision", "case")
DEFAULT_RULE_SET: Final = "kuwait"
LONGEST_CASE_LABEL: Final = 64

# A label goes into the logs, so it cannot be a sentence.
_CASE_LABEL: Final = re.compile(r"[A-Za-z0-9._-]+\Z")

Revision = int | Literal["draft"] | None


@dataclass(frozen=True, slots=True)
class Interview:
    """A request as it was read; its answers are still to be read against the questions of a program."""

    instrument: str | None
    as_of: date | None
    answers: Node | None
    rule_set: str
    revision: Revision
    case: str | None
    node: Node


def read_file(text: str | bytes, file: str | None = None) -> tuple[Node | None, list[Fault]]:
    """Return the tree of one interview, JSON or YAML, and every fault of its writing."""
    return parse_answers(text, file)


def read_interview(body: object, file: str | None = None) -> tuple[Interview | None, list[Fault]]:
    """Return what a request asks for and every fault of its shape; None when it is no mapping at all."""
    faults: list[Fault] = []
    if isinstance(body, Node):
        node = body
    else:
        node, faults = read_values(body, file)
    if not isinstance(node.value, dict):
        return None, [*faults, node.fault("S003")]
    return _Reader(node, faults).read(), faults


class _Reader:
    def __init__(self, node: Node, faults: list[Fault]) -> None:
        self.node = node
        self.entries = node.entries
        self.faults = faults

    def read(self) -> Interview:
        for key in self.entries:
            if key not in KEYS:
                self._fault("S006", key, key=key, nearest=nearest(key, KEYS), known=listed(KEYS))
        for key in ("instrument", "answers"):
            if key not in self.entries:
                self.faults.append(self.node.fault("S007", key=key, path=key))
        rule_set = self._text("rule_set")
        return Interview(
            instrument=self._text("instrument"),
            as_of=self._day(),
            answers=self._answers(),
            rule_set=DEFAULT_RULE_SET if rule_set is None else rule_set,
            revision=self._revision(),
            case=self._case(),
            node=self.node,
        )

    def _fault(self, code: str, at: str, /, **slots: Any) -> None:
        self.faults.append(self.entries[at].fault(code, path=at, **slots))

    def _text(self, key: str) -> str | None:
        node = self.entries.get(key)
        if node is None or node.broken:
            return None
        if isinstance(node.value, str):
            return node.value
        self._fault("S011", key, key=key)
        return None

    def _day(self) -> date | None:
        node = self.entries.get("as_of")
        if node is None or node.broken:
            return None
        day = read_day(node.value) if isinstance(node.value, str) else None
        if day is None:
            shown = "…" if isinstance(node.value, bool | dict | list | None) else node.value
            self._fault("S005", "as_of", value=str(shown))
        return day

    def _answers(self) -> Node | None:
        node = self.entries.get("answers")
        if node is None or node.broken:
            return None
        if isinstance(node.value, dict):
            return node
        self._fault("S017", "answers")
        return None

    def _revision(self) -> Revision:
        node = self.entries.get("revision")
        if node is None or node.broken:
            return None
        value = node.value
        if value == "draft":
            return "draft"
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self._fault("S018", "revision")
        return None

    def _case(self) -> str | None:
        node = self.entries.get("case")
        if node is None or node.broken:
            return None
        value = node.value
        if isinstance(value, str) and len(value) <= LONGEST_CASE_LABEL and _CASE_LABEL.match(value):
            return value
        self._fault("S012", "case", limit=LONGEST_CASE_LABEL)
        return None


def unknown_instrument(interview: Interview, instruments: Iterable[str]) -> list[Fault]:
    """Return the fault of an instrument that is not there, or nothing."""
    known = sorted(instruments)
    if interview.instrument is None or interview.instrument in known:
        return []
    name = interview.instrument
    return [
        interview.node.entries["instrument"].fault(
            "S004", path="instrument", value=name, nearest=nearest(name, known), known=listed(known)
        )
    ]
