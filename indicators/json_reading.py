"""The strict reader of JSON: trees and scalars as for YAML, so that answers mean the same in both."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any, Final

from indicators.errors import AnswersError, Fault, fault
from indicators.nodes import Node, Scalar
from indicators.scalars import LARGEST, read_integer, read_text
from indicators.yaml_reading import DEEPEST, decode, parse_yaml

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(r"[-+]?[A-Za-z]+")
_CONSTANTS: Final[Mapping[str, Scalar]] = {"true": True, "false": False, "null": None}
_NOT_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity", "+Infinity"})
_LOOKS_LIKE_JSON: Final = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')


def read_json(text: str | bytes, file: str | None = None, first_line: int = 1) -> Node:
    """Return the tree of a JSON text without faults; raise `AnswersError` with all of them otherwise."""
    node, faults = parse_json(text, file, first_line)
    if faults or node is None:
        raise AnswersError(faults)
    return node


def parse_json(
    text: str | bytes, file: str | None = None, first_line: int = 1
) -> tuple[Node | None, list[Fault]]:
    """Return what could be read, and every fault; `first_line` counts on within a file of many texts."""
    decoded, faults = decode(text, file)
    if decoded is None:
        return None, [one.at(file, one.line and one.line + first_line - 1, one.column) for one in faults]
    scanner = _Scanner(decoded, file, first_line)
    try:
        root = scanner.read()
    except _StopError:
        root = None
    return root, scanner.faults


def parse_answers(text: str | bytes, file: str | None = None) -> tuple[Node | None, list[Fault]]:
    """Return the tree of an answer file: JSON by its name or its first signs, YAML otherwise."""
    name = (file or "").lower()
    if name.endswith((".yaml", ".yml")):
        return parse_yaml(text, file, answers=True)
    start = text[:200].decode("utf-8", "replace") if isinstance(text, bytes) else text[:200]
    if name.endswith(".json") or _LOOKS_LIKE_JSON.match(start):
        return parse_json(text, file)
    return parse_yaml(text, file, answers=True)


def read_values(value: object, file: str | None = None, path: str = "") -> tuple[Node, list[Fault]]:
    """Return the tree of values that are in memory, read as strictly as a file; `path` names the whole."""
    faults: list[Fault] = []
    return _read_value(value, file, path, 0, faults), faults


class _StopError(Exception):
    """Nothing behind this place can be read."""


class _Scanner:
    def __init__(self, text: str, file: str | None, first_line: int) -> None:
        self.text = text
        self.file = file
        self.faults: list[Fault] = []
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._first_line = first_line
        # The way to the value that is being read, so that a fault can name the question it belongs to.
        self._path: list[str | int] = []

    def read(self) -> Node:
        position = self._skip(0)
        if position == len(self.text):
            raise self._stopped("Y007", position)
        node, position = self._value(position, 0)
        position = self._skip(position)
        if position != len(self.text):
            raise self._stopped("Y031", position)
        return node

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def _value(self, position: int, depth: int) -> tuple[Node, int]:
        sign = self.text[position : position + 1]
        if sign == '"':
            text, end, broken = self._string(position)
            return self._node(text, position, broken), end
        if sign == "{":
            return self._mapping(position, depth + 1)
        if sign == "[":
            return self._list(position, depth + 1)
        number = _NUMBER.match(self.text, position)
        if number:
            return self._number(number, position)
        word = _WORD.match(self.text, position)
        if word and word[0] in _CONSTANTS:
            return self._node(_CONSTANTS[word[0]], position), word.end()
        if word and word[0] in _NOT_NUMBERS:
            self._fault("Y012", position, value=word[0])
            return self._node(None, position, broken=True), word.end()
        raise self._stopped("Y030", position)

    def _number(self, number: re.Match[str], position: int) -> tuple[Node, int]:
        value, code = (None, "Y012") if number[1] or number[2] else read_integer(number[0])
        if code is not None:
            self._fault(code, position, value=number[0])
        return self._node(value, position, broken=code is not None), number.end()

    def _string(self, position: int) -> tuple[str, int, bool]:
        try:
            raw, end = scanstring(self.text, position + 1, True)
        except JSONDecodeError as error:
            # An unclosed text is mended where it begins, a wrong escape where it stands.
            raise self._stopped("Y023" if error.pos == position else "Y028", error.pos) from None
        text, code = read_text(raw)
        if code is not None:
            self._fault(code, position, value=raw)
        return text or "", end, code is not None

    def _mapping(self, start: int, depth: int) -> tuple[Node, int]:
        self._check_depth(start, depth)
        value: dict[str, Node] = {}
        places: dict[str, tuple[int, int]] = {}
        node = self._node(value, start, keys=places)
        position = self._skip(start + 1)
        if self.text[position : position + 1] == "}":
            return node, position + 1
        while True:
            if self.text[position : position + 1] != '"':
                raise self._stopped("Y032", position)
            key_position = position
            key, position, broken = self._string(position)
            position = self._skip(position)
            if self.text[position : position + 1] != ":":
                raise self._stopped("Y033", position)
            self._path.append(key)
            one, position = self._value(self._skip(position + 1), depth)
            self._path.pop()
            if key in places:
                self._fault("Y010", key_position, key=key, first=places[key][0])
            elif not broken:
                places[key] = self._place(key_position)
                value[key] = one
            position, more = self._more(position, "}")
            if not more:
                return node, position

    def _list(self, start: int, depth: int) -> tuple[Node, int]:
        self._check_depth(start, depth)
        value: list[Node] = []
        node = self._node(value, start)
        position = self._skip(start + 1)
        if self.text[position : position + 1] == "]":
            return node, position + 1
        while True:
            self._path.append(len(value))
            one, position = self._value(position, depth)
            self._path.pop()
            value.append(one)
            position, more = self._more(position, "]")
            if not more:
                return node, position

    def _more(self, position: int, close: str) -> tuple[int, bool]:
        position = self._skip(position)
        sign = self.text[position : position + 1]
        if sign == close:
            return position + 1, False
        if sign != ",":
            raise self._stopped("Y034", position)
        return self._skip(position + 1), True

    def _check_depth(self, position: int, depth: int) -> None:
        if depth > DEEPEST:
            raise self._stopped("Y005", position, limit=DEEPEST)

    def _place(self, position: int) -> tuple[int, int]:
        line = bisect_right(self._lines, position)
        return line + self._first_line - 1, position - self._lines[line - 1] + 1

    def _node(
        self,
        value: Scalar | list[Node] | dict[str, Node],
        position: int,
        broken: bool = False,
        keys: Mapping[str, tuple[int, int]] | None = None,
    ) -> Node:
        line, column = self._place(position)
        return Node(value, self.file, line, column, broken, {} if keys is None else keys)

    def _fault(self, code: str, position: int, **slots: Any) -> None:
        line, column = self._place(position)
        field = ".".join(str(step) for step in self._path) or None
        self.faults.append(fault(code, file=self.file, line=line, column=column, field=field, **slots))

    def _stopped(self, code: str, position: int, **slots: Any) -> _StopError:
        self._fault(code, position, **slots)
        return _StopError()


def _read_value(value: object, file: str | None, path: str, depth: int, faults: list[Fault]) -> Node:
    def refuse(code: str, **slots: Any) -> Node:
        faults.append(fault(code, file=file, field=path or None, **slots))
        return Node(None, file, broken=True)

    if value is None or isinstance(value, bool):
        return Node(value, file)
    if isinstance(value, int):
        return Node(value, file) if abs(value) <= LARGEST else refuse("Y013", value="…")
    if isinstance(value, str):
        text, code = read_text(value)
        return Node(text, file) if code is None else refuse(code, value=value)
    if depth >= DEEPEST:
        return refuse("Y005", limit=DEEPEST)
    if isinstance(value, Mapping):
        read: dict[str, Node] = {}
        for written, one in value.items():
            key, code = read_text(written) if isinstance(written, str) else (None, "Y011")
            if code is None and key in read:
                code = "Y010"
            if key is None or code is not None:
                refuse(code or "Y011", key=str(written), value=str(written))
                continue
            read[key] = _read_value(one, file, f"{path}.{key}" if path else key, depth + 1, faults)
        return Node(read, file)
    if isinstance(value, list | tuple):
        return Node(
            [_read_value(one, file, f"{path}.{at}", depth + 1, faults) for at, one in enumerate(value)], file
        )
    return refuse("Y012" if isinstance(value, float) else "Y035", value=str(value))
