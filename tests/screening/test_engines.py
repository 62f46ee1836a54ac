"""Which rules an assessment runs on: the revision in force today, a named one, or the draft; made once."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from indicators.answers import read_answer
from indicators.errors import AnswersError, ContentError
from indicators.forms import forms_of
from rules.program import Program
from rules.revisions import draft_program, publish
from screening.assessments import assess
from screening.engines import Engines
from tests.screening.samples import AS_OF, TODAY, TREE


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copy = tmp_path / "tree"
    shutil.copytree(TREE, copy)
    return copy


def publish_now(tree: Path, in_force_from: date) -> str:
    program = draft_program("kuwait", tree)
    folder = tree / "rules" / "sets" / "kuwait" / "revisions"
    publish(program, (), folder, in_force_from=in_force_from, approved_by=["Reviewer One", "Reviewer Two"])
    return program.digest


def change_a_rule(tree: Path) -> None:
    path = tree / "rules/sets/kuwait/workplace/observations.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("at_least: 2", "at_least: 3"), encoding="utf-8")


def test_the_revision_in_force_today_is_the_default_and_the_draft_never_poses_as_it(tree: Path) -> None:
    first = publish_now(tree, date(2026, 11, 2))
    change_a_rule(tree)
    second = publish_now(tree, date(2026, 12, 1))
    change = tree / "rules/sets/kuwait/workplace/observations.yaml"
    change.write_text(
        change.read_text(encoding="utf-8").replace("at_least: 3", "at_least: 4"), encoding="utf-8"
    )
    with Engines(tree) as engines:
        body = {"instrument": "short", "as_of": AS_OF, "answers": {"months_unpaid": 2}}
        for today, revision, expected, digest in (
            (date(2026, 11, 1), None, "draft", None),
            (date(2026, 11, 2), None, 1, first),
            (date(2026, 12, 1), None, 2, second),
            (date(2026, 12, 1), 1, 1, first),
            (date(2026, 12, 1), "draft", "draft", None),
        ):
            found = assess({**body, "revision": revision} if revision else body, engines, today)
            assert found.revision == expected
            assert digest is None or found.digest == digest
            assert found.digest not in (first, second) or digest is not None
            assert any("draft" in notice.en for notice in found.notices) == (expected == "draft")
            kept = next(item for item in found.indicators if item.id == "indicator.pay_kept")
            assert kept.status == ("established" if digest == first else "not_established")
        with pytest.raises(AnswersError) as raised:
            assess({**body, "revision": 3}, engines, TODAY)
        assert [one.code for one in raised.value.faults] == ["S009"]


def test_one_program_is_compiled_once_for_any_number_of_threads() -> None:
    with Engines(TREE, time_limit=20) as engines, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: engines.rules_for("kuwait", None, TODAY), range(16)))
        assert len({id(rules.engine) for rules in found}) == 1
        body = {"instrument": "short", "as_of": AS_OF, "answers": {"hurt": "now"}}
        results = list(pool.map(lambda _: assess(body, engines, TODAY).to_json(), range(24)))
    assert len(set(results)) == 1


def test_content_that_cannot_be_loaded_names_every_fault(tree: Path) -> None:
    path = tree / "rules/sets/kuwait/workplace/observations.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("question: hurt", "question: hurrt"), encoding="utf-8")
    with Engines(tree) as engines, pytest.raises(ContentError) as raised:
        engines.rules_for("kuwait", None, TODAY)
    assert {one.file for one in raised.value.faults} == {"rules/sets/kuwait/workplace/observations.yaml"}
    assert len(raised.value.faults) >= 2


def test_old_programs_are_kept_by_digest_and_made_again_when_they_were_put_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = draft_program("kuwait", TREE)
    others = [Program.from_data({**program.data, "title": {"en": str(n), "ar": str(n)}}) for n in range(3)]
    loaded: list[str] = []

    def load(one: Program) -> Program:
        loaded.append(one.digest)
        return one

    monkeypatch.setattr("screening.engines.MOST_PROGRAMS", 2)
    answers = {"hurt": read_answer(forms_of(program.data["questions"])["hurt"], "now")}
    with Engines(TREE, time_limit=20) as engines:
        for one in (*others, others[2], others[1], others[0]):
            rules = engines.rules_by_digest(one.digest, None, lambda one=one: load(one))  # type: ignore[misc]
            evaluation = rules.engine.evaluate(answers, TODAY, "short")
            assert (evaluation.digest, evaluation.engine_check) == (one.digest, "agrees")
            assert rules.services
        assert loaded == [one.digest for one in (*others, others[0])]
