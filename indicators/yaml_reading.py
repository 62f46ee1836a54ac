"""The strict reader of YAML: one document, text keys, no tags, anchors, floats or duplicates."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from indicators.errors import ContentError, Fault, fault
from indicators.nodes import Node
from indicators.scalars import find_forbidden, read_plain, read_text

# Far above anything people write; below what would let a file eat the memory or the stack of a service.
LARGEST_FILE: Final = 4 * 1024 * 1024
DEEPEST: Final = 64

_DIRECTION_MARK: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What libyaml says, the code that says it in the words of people who do not program, and whether the place to
# mend is where the trouble began (the opening quote) or where libyaml noticed it.
_PROBLEMS: Final = (
    ("mapping values are not allowed", "Y021", False),
    ("found character that cannot start any token", "Y022", False),
    ("found a tab character", "Y022", False),
    ("found unexpected end of stream", "Y023", True),
    ("could not find expected ':'", "Y024", True),
    ("did not find expected ',' or", "Y026", True),
    ("did not find expected key", "Y025", False),
    ("did not find expected '-' indicator", "Y025", False),
    ("block sequence entries are not allowed", "Y027", False),
    ("found unknown escape character", "Y028", False),
    ("found invalid Unicode character escape code", "Y016", False),
)


def read_yaml(text: str | bytes, file: str | None = None) -> Node:
    """Return the tree of a file without faults; raise `ContentError` with all of them otherwise."""
    node, faults = parse_yaml(text, file)
    if faults or node is None:
        raise ContentError(faults)
    return node


def parse_yaml(
    text: str | bytes, file: str | None = None, answers: bool = False
) -> tuple[Node | None, list[Fault]]:
    """Return the tree and every fault; the tree is None when the text could not be read to its end.

    Marks that turn the reading direction around are refused, because a reviewer would not read what the
    engine reads. `answers` allows them, for texts that people paste, and faults then name their field.
    """
    decoded, faults = decode(text, file)
    if decoded is None:
        return None, faults
    if not answers and not decoded.isascii():
        faults.extend(_find_direction_marks(decoded, file))
    builder = _Builder(file, faults, answers)
    try:
        builder.build(yaml.parse(decoded, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        return None, [*faults, _explain(error, file)]
    except yaml.YAMLError:
        return None, [*faults, fault("Y001", file=file)]
    if builder.root is None and not faults:
        faults.append(fault("Y007", file=file, line=1))
    return builder.root, faults


def decode(text: str | bytes, file: str | None = None) -> tuple[str | None, list[Fault]]:
    """Return the text of a file, or None and why it is not one."""
    # Four bytes is the most a character takes: a text is not encoded only to be measured.
    size = (
        len(text)
        if isinstance(text, bytes) or len(text) > LARGEST_FILE
        else len(text.encode("utf-8", "replace"))
    )
    if size > LARGEST_FILE:
        return None, [fault("Y004", file=file, limit=LARGEST_FILE // 1024)]
    if isinstance(text, bytes):
        if text.startswith(_MARKS):
            return None, [fault("Y002", file=file, line=1)]
        try:
            decoded = text.decode("utf-8")
        except UnicodeDecodeError as error:
            return None, [fault("Y003", file=file, line=text.count(b"\n", 0, error.start) + 1)]
        return decode(decoded, file)
    if text.startswith("\ufeff"):
        return None, [fault("Y002", file=file, line=1)]
    forbidden = find_forbidden(text)
    if forbidden is not None:
        position, character = forbidden
        line = text.count("\n", 0, position) + 1
        column = position - text.rfind("\n", 0, position)
        return None, [fault("Y009", file=file, line=line, column=column, character=character)]
    return text, []


def _find_direction_marks(text: str, file: str | None) -> Iterator[Fault]:
    for found in _DIRECTION_MARK.finditer(text):
        line, column = (
            text.count("\n", 0, found.start()) + 1,
            found.start() - text.rfind("\n", 0, found.start()),
        )
        yield fault("Y036", file=file, line=line, column=column, character=f"U+{ord(found[0]):04X}")


class _Open:
    """A list or mapping that is not closed yet."""

    __slots__ = ("key", "node", "places", "step")

    def __init__(self, node: Node, places: dict[str, tuple[int, int]], step: str | int | None) -> None:
        self.node = node
        self.places = places
        # Where it stands in its parent.
        self.step = step
        # The key whose value comes next, as a text or None when the key was refused.
        self.key: tuple[str | None] | None = None

    @property
    def awaits_key(self) -> bool:
        return self.key is None and isinstance(self.node.value, dict)


class _Builder:
    """Builds the tree from the parser's events."""

    def __init__(self, file: str | None, faults: list[Fault], answers: bool) -> None:
        self.file = file
        self.faults = faults
        self.root: Node | None = None
        self._answers = answers
        self._stack: list[_Open] = []
        self._documents = 0

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                if len(self._stack) >= DEEPEST:
                    self._fault("Y005", event, limit=DEEPEST)
                    self.root = None
                    return
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._stack.pop()
            elif isinstance(event, yaml.AliasEvent):
                self._fault("Y019", event, name=str(event.anchor))
                self._place(self._node(None, event, broken=True))
            elif isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    self._fault("Y006", event)
                    return
                if event.version or event.tags:
                    self._fault("Y008", event)

    def _scalar(self, event: Any) -> None:
        value, code = read_text(event.value) if event.style else read_plain(event.value)
        if self._stack and self._stack[-1].awaits_key:
            self._take_key(self._stack[-1], value, code, event)
            return
        broken = self._refuse_properties(event)
        if code is not None:
            self._fault(code, event, value=event.value)
        self._place(self._node(value, event, broken=broken or code is not None))

    def _take_key(self, mapping: _Open, value: str | int | bool | None, code: str | None, event: Any) -> None:
        self._refuse_properties(event)
        known = mapping.places
        mapping.key = (None,)
        if event.value == "<<" and not event.style:
            self._fault("Y020", event)
        elif code == "Y016":
            self._fault(code, event, value=event.value)
        elif not isinstance(value, str):
            self._fault("Y011", event, key=event.value)
        elif value in known:
            self._fault("Y010", event, key=value, first=known[value][0])
        else:
            mapping.key = (value,)
            known[value] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def _open(self, value: list[Node] | dict[str, Node], event: Any) -> None:
        places: dict[str, tuple[int, int]] = {}
        broken = self._refuse_properties(event)
        mark = event.start_mark
        node = Node(value, self.file, mark.line + 1, mark.column + 1, broken, places)
        step = self._step()
        if self._stack and self._stack[-1].awaits_key:
            # A list or a mapping in the place of a key: it is read for its own faults and dropped.
            self._fault("Y011", event, key="…")
            self._stack[-1].key = (None,)
        else:
            self._place(node)
        self._stack.append(_Open(node, places, step))

    def _place(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if isinstance(parent.node.value, list):
            parent.node.value.append(node)
        elif isinstance(parent.node.value, dict) and parent.key is not None:
            if parent.key[0] is not None:
                parent.node.value[parent.key[0]] = node
            parent.key = None

    def _step(self) -> str | int | None:
        """Where the value that comes next stands in its parent."""
        if not self._stack:
            return None
        parent = self._stack[-1]
        if isinstance(parent.node.value, list):
            return len(parent.node.value)
        return parent.key[0] if parent.key else None

    def _refuse_properties(self, event: Any) -> bool:
        if event.anchor is not None:
            self._fault("Y018", event, name=event.anchor)
        if event.tag is not None:
            self._fault("Y017", event, tag=event.tag.replace("tag:yaml.org,2002:", "!!"))
        return event.tag is not None

    def _node(self, value: str | int | bool | None, event: Any, broken: bool = False) -> Node:
        mark = event.start_mark
        return Node(value, self.file, mark.line + 1, mark.column + 1, broken)

    def _fault(self, code: str, event: Any, **slots: Any) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        field = None
        if self._answers:
            steps = [one.step for one in self._stack] + [self._step()]
            field = ".".join(str(step) for step in steps if step is not None) or None
        self.faults.append(fault(code, file=self.file, line=line, column=column, field=field, **slots))


def _explain(error: yaml.MarkedYAMLError, file: str | None) -> Fault:
    problem = error.problem or ""
    known = ((code, began) for words, code, began in _PROBLEMS if words in problem)
    code, began = next(known, ("Y001", False))
    mark = (began and error.context_mark) or error.problem_mark or error.context_mark
    if mark is None:
        return fault(code, file=file)
    return fault(code, file=file, line=mark.line + 1, column=mark.column + 1)
