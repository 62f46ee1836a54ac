"""The drawing of a derivation: a flowchart that parses, with every edge between nodes that are there."""

from __future__ import annotations

import re
from typing import Any

import pytest

from indicators.models import Text
from screening.drawings import draw
from screening.phrases import LANGUAGES, Language
from screening.result_models import Assessment
from tests.screening.samples import CLEAR_ACCOUNT, REASSURING, Assess

LABEL = r'"((?:[^"\\#<>`\n]|#[a-z0-9]+;)*)"'
SHAPES = (
    rf"\(\[{LABEL}\]\)",
    rf"\[{LABEL}\]",
    rf"\{{\{{{LABEL}\}}\}}",
    rf"\({LABEL}\)",
    rf"\[/{LABEL}/\]",
    rf"\[\[{LABEL}\]\]",
)
NODE = re.compile(rf"  (n\d+)(?:{'|'.join(SHAPES)}):::(\w+)$")
EDGE = re.compile(rf"  (n\d+) -->\|{LABEL}\| (n\d+)$")
STYLE = re.compile(r"  classDef (\w+) [a-z#0-9:,]+$")


def parse(drawing: str) -> tuple[dict[str, str], dict[str, str], list[tuple[str, str, str]], set[str]]:
    """Labels and classes of nodes, edges, and defined classes; fails on any line that is none of these."""
    head, *lines = drawing.rstrip("\n").split("\n")
    assert head in ("flowchart LR", "flowchart RL")
    labels: dict[str, str] = {}
    classes: dict[str, str] = {}
    edges: list[tuple[str, str, str]] = []
    defined: set[str] = set()
    for line in lines:
        if node := NODE.match(line):
            assert node[1] not in labels
            labels[node[1]] = next(one for one in node.groups()[1:-1] if one is not None)
            classes[node[1]] = node[8]
        elif edge := EDGE.match(line):
            edges.append((edge[1], edge[2], edge[3]))
        elif style := STYLE.match(line):
            defined.add(style[1])
        else:
            raise AssertionError(line)
    return labels, classes, edges, defined


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "answers",
    [CLEAR_ACCOUNT, REASSURING, {}, {"hurt": "before"}, {"daily_hours": 15, "kind_of_work": "domestic_work"}],
)
def test_a_drawing_parses_and_every_edge_joins_two_nodes(
    assess_small: Assess, answers: dict[str, Any], lang: Language
) -> None:
    labels, classes, edges, defined = parse(draw(assess_small(answers), lang))
    assert set(classes.values()) <= defined
    assert {end for start, _, to in edges for end in (start, to)} <= set(labels)
    assert all(label.strip() for label in labels.values())


def test_every_referral_is_drawn_back_to_answers(assess_small: Assess) -> None:
    result = assess_small(CLEAR_ACCOUNT)
    _, classes, edges, _ = parse(draw(result, "en"))
    before: dict[str, set[str]] = {}
    for start, _, end in edges:
        before.setdefault(end, set()).add(start)

    def leaves(node: str) -> set[str]:
        return {node} if node not in before else {leaf for one in before[node] for leaf in leaves(one)}

    routes = [node for node, kind in classes.items() if kind == "route"]
    assert len(routes) == len(result.recommendations)
    for node in (*routes, *(node for node, kind in classes.items() if kind == "outcome")):
        assert leaves(node)
        assert {classes[leaf] for leaf in leaves(node)} == {"answer"}
    assert {label for _, label, _ in edges} >= {"WK-R-01", "OUT-TI-01", "WK-01a"}


def test_a_low_result_is_drawn_as_what_it_is(assess_small: Assess) -> None:
    labels, classes, edges, _ = parse(draw(assess_small({}), "en"))
    assert list(classes.values()) == ["outcome"]
    assert edges == []
    assert list(labels.values()) == ["Not enough known"]


def test_labels_cannot_break_out_of_their_quotes(assess_small: Assess) -> None:
    result = assess_small({"hurt": "now"})
    wild = Text(en='a"] --> b["<b>`x`</b> #1 & \\ \n%% c', ar='أ"] <i>')
    routes = tuple(item.model_copy(update={"label": wild}) for item in result.routes)
    changed: Assessment = result.model_copy(update={"routes": routes})
    for lang in LANGUAGES:
        labels, *_ = parse(draw(changed, lang))
        assert any("#quot;]" in label for label in labels.values())
