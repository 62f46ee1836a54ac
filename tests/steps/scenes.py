"""What the steps of one scenario share, and the engines that all scenarios use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from screening.assessments import assess
from screening.engines import Engines, Rules
from screening.result_models import Assessment

TODAY = date(2026, 11, 1)

Body = dict[str, Any]
Screen = Callable[[Body], Assessment]


@dataclass
class Scene:
    """One scenario: the interview as it stands, and every result so far, oldest first."""

    screen: Screen
    rules: Rules
    body: Body = field(default_factory=dict)
    results: list[Assessment] = field(default_factory=list)
    withdrawn: tuple[str, ...] = ()
    outputs: dict[str, Any] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers of the interview as it stands."""
        answers: dict[str, Any] = self.body["answers"]
        return answers

    @property
    def result(self) -> Assessment:
        """The latest result."""
        assert self.results, "nothing was screened yet in this scenario"
        return self.results[-1]

    @property
    def before(self) -> Assessment:
        """The result before the latest one."""
        assert len(self.results) > 1, "there is only one result in this scenario"
        return self.results[-2]

    def run(self, answers: Mapping[str, Any] | None = None) -> Assessment:
        """Screen the interview, or the interview with other answers, and keep the result."""
        if answers is not None:
            self.body = {**self.body, "answers": dict(answers)}
        self.results.append(self.screen(self.body))
        return self.result


@pytest.fixture(scope="session")
def kuwait_engines() -> Iterator[Engines]:
    """The shipped content, compiled once for all scenarios, with its engine running."""
    with Engines(time_limit=20) as engines:
        yield engines


@pytest.fixture(scope="session")
def kuwait_rules(kuwait_engines: Engines) -> Rules:
    """The rules that scenarios are screened with."""
    return kuwait_engines.rules_for("kuwait", None, TODAY)


@pytest.fixture(scope="session")
def screen(kuwait_engines: Engines) -> Screen:
    """Screen a body once; results are frozen, so scenarios with the same body share theirs.

    Promise 8 is held here for every scenario: the engine and the reference have agreed.
    """
    screened: dict[str, Assessment] = {}

    def run(body: Body) -> Assessment:
        key = json.dumps(body, ensure_ascii=False)
        if key not in screened:
            found = assess(body, kuwait_engines, TODAY)
            assert found.engine_check == "agrees"
            screened[key] = found
        return screened[key]

    return run


@pytest.fixture
def scene(screen: Screen, kuwait_rules: Rules) -> Scene:
    """A scenario that has just begun."""
    return Scene(screen, kuwait_rules)
