"""One result's derivation as a Mermaid flowchart, from the answers to the referrals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from indicators.models import Text
from screening.phrases import POP_ISOLATE, Language
from screening.result_models import AnswerGiven, Assessment, Evidence, FiredRule

RIGHT_TO_LEFT_ISOLATE: Final = "\u2067"

# Inside a quoted label these end it, start an entity or start HTML.
_ESCAPES: Final = str.maketrans(
    {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;", "\n": " "}
)
_SHAPES: Final = {
    "answer": ('(["', '"])'),
    "indicator": ('["', '"]'),
    "dimension": ('{{"', '"}}'),
    "finding": ('("', '")'),
    "outcome": ('[/"', '"/]'),
    "route": ('[["', '"]]'),
}
_STYLES: Final = (
    "classDef answer fill:#f4f4f4,stroke:#6b6b6b,color:#1a1a1a",
    "classDef indicator fill:#e6f0fa,stroke:#1d5b94,color:#10304d",
    "classDef dimension fill:#ece7f7,stroke:#553c9a,color:#2c1f52",
    "classDef finding fill:#fdf3dc,stroke:#8a6100,color:#4d3600",
    "classDef outcome fill:#fde5e2,stroke:#a3271b,color:#5c150e",
    "classDef route fill:#e0f3e8,stroke:#1c6b3f,color:#0f3d24",
)


def draw(assessment: Assessment, lang: Language) -> str:
    """Return the flowchart of everything that the result and its referrals rest on."""
    return "\n".join(_Drawing(assessment, lang).lines()) + "\n"


class _Drawing:
    def __init__(self, assessment: Assessment, lang: Language) -> None:
        self.assessment = assessment
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
        self.tests = {item.id: item for item in assessment.tests}
        self.answers: dict[str, AnswerGiven] = {item.question: item for item in assessment.answers}
        self.entries = {
            entry.entry: entry.because for item in assessment.dimensions for entry in item.entries
        }
        self.numbers: dict[str, str] = {}
        self.nodes: list[str] = []
        self.edges: dict[tuple[str, str, str], None] = {}

    def lines(self) -> Iterator[str]:
        roots = [
            *(f"outcome.{self.assessment.outcome}" for _ in self.assessment.outcome_lines[:1]),
            *(finding for need in self.assessment.urgent for finding in need.findings),
            *(f"route.{item.route}" for item in self.assessment.recommendations),
        ]
        for root in roots:
            self._conclude(root)
        if not self.nodes:
            # A low result has no derivation: the drawing says what it is instead of being empty.
            self._node("result", "outcome", self.assessment.outcome_label)
        yield f"flowchart {'RL' if self.lang == 'ar' else 'LR'}"
        yield from (f"  {line}" for line in self.nodes)
        yield from (
            f'  {start} -->|"{_escape(label)}"| {end}' if label else f"  {start} --> {end}"
            for start, end, label in self.edges
        )
        yield from (f"  {style}" for style in _STYLES)

    def _conclude(self, id: str) -> str:
        if id in self.numbers:
            return self.numbers[id]
        item = self.conclusions[id]
        number = self._node(id, id.partition(".")[0], item.label)
        for fired in item.evidence:
            for start in self._starts(fired):
                label = fired.rule.rpartition("/")[2] if id.startswith("dimension.") else fired.rule
                self.edges[(start, number, label)] = None
        return number

    def _starts(self, fired: FiredRule) -> Iterator[str]:
        for child in fired.because:
            if child in self.entries:
                # A dimension's children are places in its list; what they stand on is drawn instead.
                yield from self._starts_of(self.entries[child])
            else:
                yield from self._starts_of([child])

    def _starts_of(self, children: Iterable[str]) -> Iterator[str]:
        for child in children:
            if child in self.tests:
                yield self._answer(self.tests[child].question)
            else:
                yield self._conclude(child)

    def _answer(self, question: str) -> str:
        key = f"question.{question}"
        if key not in self.numbers:
            self._node(key, "answer", self.answers[question].sentence)
        return self.numbers[key]

    def _node(self, id: str, kind: str, label: Text) -> str:
        number = f"n{len(self.numbers) + 1}"
        self.numbers[id] = number
        opening, closing = _SHAPES[kind]
        text = _escape(label.say(self.lang))
        if self.lang == "ar":
            # The page around a drawing may run from left to right; the label must not.
            text = f"{RIGHT_TO_LEFT_ISOLATE}{text}{POP_ISOLATE}"
        self.nodes.append(f"{number}{opening}{text}{closing}:::{kind}")
        return number


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)
