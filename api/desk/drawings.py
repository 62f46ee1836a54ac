"""A result's derivation as a drawing: boxes in layers from the answers to one conclusion, made on the server.

Geometry only. Sizes are estimated from the widths of letters, so that no script has to measure anything; the
template draws it, and everything it shows stands in the table beneath it as well.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from indicators.models import Text
from screening.phrases import FIRST_STRONG_ISOLATE, POP_ISOLATE, Language
from screening.result_models import AnswerGiven, Assessment, Evidence, FiredRule

Kind = Literal["answer", "indicator", "dimension", "finding", "outcome", "route"]

BOX_WIDTH: Final = 236
_PADDING: Final = 12
_LINE: Final = 21
_COLUMN_GAP: Final = 72
_ROW_GAP: Final = 18
_MARGIN: Final = 12
_LANE: Final = 8
_SWEEPS: Final = 8
# Widths of letters at the size of the drawing, a little too wide rather than too narrow.
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]“”’اأإآلـ،؛ًٌٍَُِّْ ")
_WIDE: Final = frozenset("mwMWQOGD—سشصضش")
# Left to right, right to left, and whichever the first letter says.
_ISOLATES: Final = frozenset("\u2066\u2067\u2068")
_ISOLATE_OF: Final = {"L": "\u2066", "R": "\u2067", "AL": "\u2067"}
_SHARES: Final = {"narrow": 4.6, "wide": 12.2, "usual": 8.2}


@dataclass(frozen=True, slots=True)
class Box:
    """One box: a conclusion or an answer, its words in lines, and where it stands."""

    id: str
    kind: Kind
    text: str
    lines: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int
    # Where each line begins, on the side its language is read from.
    text_x: int
    baselines: tuple[int, ...]
    rules: tuple[str, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line between two boxes, as the data of a path."""

    path: str
    rule: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole drawing: boxes in the order in which they are read, answers first."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]

    @property
    def by_kind(self) -> dict[str, int]:
        """How many boxes there are of each kind."""
        counts: dict[str, int] = {}
        for box in self.boxes:
            counts[box.kind] = counts.get(box.kind, 0) + 1
        return counts


@dataclass(slots=True)
class _Node:
    id: str
    kind: Kind | Literal["lane"]
    text: str
    lines: tuple[str, ...]
    height: int
    layer: int = 0
    y: float = 0.0
    rules: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    rests_on: list[str] = field(default_factory=list)


def roots_of(assessment: Assessment) -> tuple[str, ...]:
    """What can be drawn, in the order of the result: its outcome, urgent needs, then the referrals."""
    found = [f"outcome.{assessment.outcome}"] if assessment.outcome_lines else []
    found += [finding for need in assessment.urgent for finding in need.findings]
    found += [f"route.{item.route}" for item in assessment.recommendations]
    return tuple(dict.fromkeys(found))


def draw_reasons(assessment: Assessment, root: str, lang: Language) -> Drawing:
    """Everything that one conclusion of `roots_of` rests on, from the answers on; mirrored for Arabic."""
    return _Drawer(assessment, lang).draw(root)


def wrap(text: str, width: int) -> tuple[str, ...]:
    """The words of a text in lines that fit; a word that is too long has a line of its own."""
    lines: list[str] = []
    line = ""
    for word in _settle_directions(text).split():
        longer = f"{line} {word}" if line else word
        if line and _measure(longer) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return tuple(_close_isolates((*lines, line) if line else lines))


def _settle_directions(text: str) -> str:
    """The text with every isolate that takes its direction from its first letter saying which that is.

    A line may hold the beginning of it and not the letter that decided.
    """
    settled = list(text)
    waiting: list[int] = []
    for place, letter in enumerate(text):
        if letter == FIRST_STRONG_ISOLATE:
            waiting.append(place)
        elif (direction := _ISOLATE_OF.get(unicodedata.bidirectional(letter))) is not None:
            for begun in waiting:
                settled[begun] = direction
            waiting.clear()
        elif letter == POP_ISOLATE and waiting:
            waiting.pop()
    return "".join(settled)


def _close_isolates(lines: Iterable[str]) -> Iterator[str]:
    """Each line of a drawing is a text of its own: what runs in its own direction ends and begins with it."""
    opened: list[str] = []
    for line in lines:
        before = "".join(opened)
        for letter in line:
            if letter in _ISOLATES:
                opened.append(letter)
            elif letter == POP_ISOLATE and opened:
                opened.pop()
        yield f"{before}{line}{POP_ISOLATE * len(opened)}"


def _measure(text: str) -> float:
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> float:
    if letter == POP_ISOLATE or letter in _ISOLATES:
        return 0
    return _SHARES["narrow" if letter in _NARROW else "wide" if letter in _WIDE else "usual"]


class _Drawer:
    def __init__(self, assessment: Assessment, lang: Language) -> None:
        self.lang: Language = lang
        self.conclusions: dict[str, Evidence] = {
            item.id: item
            for group in (
                assessment.indicators,
                assessment.dimensions,
                assessment.findings,
                assessment.outcomes,
                assessment.routes,
            )
            for item in group
        }
        self.tests = {item.id: item.question for item in assessment.tests}
        self.answers: dict[str, AnswerGiven] = {item.question: item for item in assessment.answers}
        self.entries = {
            entry.entry: entry.because for item in assessment.dimensions for entry in item.entries
        }
        self.nodes: dict[str, _Node] = {}
        self.edges: dict[tuple[str, str], str] = {}

    def draw(self, root: str) -> Drawing:
        self._conclude(root)
        self._layer(root)
        chains = self._add_lanes()
        columns = self._order()
        self._place(columns)
        return self._finish(columns, chains)

    # What there is to draw

    def _conclude(self, id: str) -> None:
        if id in self.nodes:
            return
        item = self.conclusions[id]
        self._add(id, id.partition(".")[0], item.label)
        for fired in item.evidence:
            self.nodes[id].rules.append(fired.rule)
            for start in self._starts(fired):
                if (start, id) not in self.edges:
                    self.edges[start, id] = fired.rule
                    self.nodes[id].rests_on.append(start)

    def _starts(self, fired: FiredRule) -> Iterator[str]:
        for child in fired.because:
            # A dimension's children are places in its list; what they stand on is drawn instead.
            yield from self._known(self.entries.get(child, (child,)))

    def _known(self, children: Iterable[str]) -> Iterator[str]:
        for child in children:
            if child in self.tests:
                question = self.tests[child]
                key = f"question.{question}"
                if key not in self.nodes:
                    self._add(key, "answer", self.answers[question].sentence)
                yield key
            else:
                self._conclude(child)
                yield child

    def _add(self, id: str, kind: str, label: Text) -> None:
        text = label.say(self.lang)
        lines = wrap(text, BOX_WIDTH - 2 * _PADDING)
        height = len(lines) * _LINE + 2 * _PADDING - 4
        self.nodes[id] = _Node(id, kind, text, lines, height)  # type: ignore[arg-type]

    # Where it stands

    def _layer(self, root: str) -> None:
        """A box stands one layer further from the conclusion than the furthest of those that rest on it."""
        waiting = dict.fromkeys(self.nodes, 0)
        for start, _ in self.edges:
            waiting[start] += 1
        ready = [root]
        while ready:
            end = ready.pop()
            for start in self.nodes[end].rests_on:
                self.nodes[start].layer = max(self.nodes[start].layer, self.nodes[end].layer + 1)
                waiting[start] -= 1
                if not waiting[start]:
                    ready.append(start)

    def _add_lanes(self) -> dict[tuple[str, str], list[str]]:
        """Give lines that pass a layer a lane of their own there, so that none runs behind a box."""
        chains: dict[tuple[str, str], list[str]] = {}
        for start, end in self.edges:
            chain = [start]
            for layer in range(self.nodes[start].layer - 1, self.nodes[end].layer, -1):
                # Lines from one box run together as far as they go the same way.
                lane = f"lane {start} {layer}"
                if lane not in self.nodes:
                    self.nodes[lane] = _Node(lane, "lane", "", (), _LANE, layer)
                chain.append(lane)
            chain.append(end)
            chains[start, end] = chain
        for chain in chains.values():
            for one, other in itertools.pairwise(chain):
                if other not in self.nodes[one].after:
                    self.nodes[one].after.append(other)
                    self.nodes[other].before.append(one)
        return chains

    def _order(self) -> list[list[_Node]]:
        columns: list[list[_Node]] = [[] for _ in range(max(one.layer for one in self.nodes.values()) + 1)]
        for node in self.nodes.values():
            columns[node.layer].append(node)
        for sweep in range(_SWEEPS):
            outwards = sweep % 2 == 0
            for column in columns if outwards else reversed(columns):
                places = {node.id: number for other in columns for number, node in enumerate(other, start=1)}
                means = {
                    node.id: _mean([places[id] for id in (node.after if outwards else node.before)])
                    for node in column
                }
                column.sort(key=lambda node: (means[node.id] or places[node.id], places[node.id]))
        return columns

    def _place(self, columns: Sequence[list[_Node]]) -> None:
        for column in columns:
            at = 0.0
            for node in column:
                node.y = at
                at += node.height + _gap(node)
        for sweep in range(_SWEEPS):
            for column in columns if sweep % 2 == 0 else reversed(columns):
                self._pull(column, outwards=sweep % 2 == 0)
        top = min(node.y for node in self.nodes.values())
        for node in self.nodes.values():
            node.y += _MARGIN - top

    def _pull(self, column: list[_Node], *, outwards: bool) -> None:
        """Move each box towards the middle of its neighbours, as far as those above and below let it."""
        wanted = []
        for node in column:
            near = [self.nodes[id] for id in (node.after if outwards else node.before)]
            middle = _mean([one.y + one.height / 2 for one in near])
            wanted.append(node.y if middle is None else middle - node.height / 2)
        at = float("-inf")
        for node, where in zip(column, wanted, strict=True):
            node.y = max(where, at)
            at = node.y + node.height + _gap(node)
        # What was pushed down by its neighbours goes half-way back, from the last one on.
        limit = float("inf")
        for node, where in reversed(list(zip(column, wanted, strict=True))):
            target = node.y if node.y <= where else (node.y + where) / 2
            above = limit - node.height - _gap(node)
            node.y = min(node.y, max(target, where)) if node.y < above else above
            limit = node.y

    def _finish(self, columns: Sequence[list[_Node]], chains: dict[tuple[str, str], list[str]]) -> Drawing:
        width = len(columns) * (BOX_WIDTH + _COLUMN_GAP) - _COLUMN_GAP + 2 * _MARGIN
        height = round(max(node.y + node.height for node in self.nodes.values())) + _MARGIN
        ordered = [node for column in reversed(columns) for node in column if node.kind != "lane"]
        return Drawing(
            width=width,
            height=height,
            boxes=tuple(self._box(node, width, len(columns)) for node in ordered),
            lines=tuple(
                Line(self._path([self.nodes[id] for id in chain], width, len(columns)), self.edges[ends])
                for ends, chain in chains.items()
            ),
        )

    def _begin(self, node: _Node, width: int, layers: int) -> int:
        """Where a box begins: answers first, on the side the language is read from."""
        begin = _MARGIN + (layers - 1 - node.layer) * (BOX_WIDTH + _COLUMN_GAP)
        return begin if self.lang == "en" else width - begin - BOX_WIDTH

    def _box(self, node: _Node, width: int, layers: int) -> Box:
        x, y = self._begin(node, width, layers), round(node.y)
        first = y + _PADDING + 13
        return Box(
            id=node.id,
            kind=node.kind,  # type: ignore[arg-type]
            text=node.text,
            lines=node.lines,
            x=x,
            y=y,
            width=BOX_WIDTH,
            height=node.height,
            text_x=x + _PADDING if self.lang == "en" else x + BOX_WIDTH - _PADDING,
            baselines=tuple(first + number * _LINE for number in range(len(node.lines))),
            rules=tuple(dict.fromkeys(node.rules)),
            rests_on=tuple(self.nodes[id].text for id in node.rests_on),
        )

    def _path(self, chain: list[_Node], width: int, layers: int) -> str:
        towards = 1 if self.lang == "en" else -1
        parts: list[str] = []
        for one, other in itertools.pairwise(chain):
            leaves = self._begin(one, width, layers) + (BOX_WIDTH if towards == 1 else 0)
            arrives = self._begin(other, width, layers) + (0 if towards == 1 else BOX_WIDTH)
            begin, end = round(one.y + one.height / 2), round(other.y + other.height / 2)
            bend = towards * _COLUMN_GAP // 2
            if not parts:
                parts.append(f"M{leaves} {begin}")
            parts.append(f"C{leaves + bend} {begin} {arrives - bend} {end} {arrives} {end}")
            if other.kind == "lane":
                parts.append(f"h{towards * BOX_WIDTH}")
        return "".join(parts)


def _gap(node: _Node) -> int:
    return _ROW_GAP if node.kind != "lane" else _LANE


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
