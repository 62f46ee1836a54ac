"""The command line as people type it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from screening.cli import main
from screening.engines import Engines
from tests.steps.cells import Table, column
from tests.steps.explanations import is_arabic
from tests.steps.scenes import Scene

ROOT = Path(__file__).parents[2]
RUN = "import sys; from screening.cli import main; sys.exit(main())"


@given(parsers.re(r"a file (?P<name>[\w.-]+) that says"))
@given(parsers.re(r"ملف (?P<name>[\w.-]+) فيه"))
def write_file(tmp_path: Path, name: str, docstring: str) -> None:
    (tmp_path / name).write_text(docstring + "\n", encoding="utf-8")


@given("a content tree with a broken file")
def write_broken_tree(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    for package in ("indicators", "rules"):
        shutil.copytree(Path(__file__).parents[1] / "rules" / "small_tree" / package, tree / package)
    file = next((tree / "rules" / "sets").rglob("observations.yaml"))
    file.write_text(
        file.read_text(encoding="utf-8").replace("question: ", "question: no_such_", 1), encoding="utf-8"
    )


@given(parsers.re(r"the interview is in the file (?P<name>[\w.-]+)"))
def write_interview(scene: Scene, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(scene.body, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def kept_content(monkeypatch: pytest.MonkeyPatch, kuwait_engines: Engines) -> None:
    """Let commands of this process use the content that is loaded: reading it takes longest."""
    for module in ("installed", "demo"):
        monkeypatch.setattr(
            f"screening.cli.{module}.Engines", lambda **_revisions: nullcontext(kuwait_engines)
        )


@when(parsers.re(r"we type `(?P<line>[^`]+)`"))
@when(parsers.re(r"نكتب الأمر `(?P<line>[^`]+)`"))
def type_command(
    scene: Scene,
    kept_content: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(line)
    assert program == "screening"
    status = main(arguments)
    out, err = capsys.readouterr()
    scene.outputs |= {"status": status, "out": out, "err": err}


@when(parsers.re(r"another process runs `screening (?P<line>[^`]+)`"))
def run_command(scene: Scene, tmp_path: Path, line: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", RUN, *shlex.split(line)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=json.dumps(scene.body) if scene.body else "",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    scene.outputs |= {"status": found.returncode, "out": found.stdout, "err": found.stderr}


@then(parsers.re(r"the command ends with status (?P<status>[012])"))
@then(parsers.re(r"ينتهي الأمر بالحالة (?P<status>[012])"))
def check_status(scene: Scene, status: str) -> None:
    assert scene.outputs["status"] == int(status), scene.outputs["err"]


@then("it writes nothing but an error")
def check_only_error(scene: Scene) -> None:
    assert scene.outputs["out"] == ""
    assert scene.outputs["err"].strip()


@then("it writes no error")
def check_no_error(scene: Scene) -> None:
    assert scene.outputs["err"] == ""
    assert scene.outputs["out"].strip()


@then("its output says")
@then("يقول الخرج")
def check_output(scene: Scene, datatable: Table) -> None:
    text = " ".join(scene.outputs["out"].split())
    missing = [words for words in column(datatable) if words not in text]
    assert not missing, text[:4000]


@then("its output does not say")
def check_output_without(scene: Scene, datatable: Table) -> None:
    text = " ".join(scene.outputs["out"].split()).lower()
    assert text
    found = [words for words in column(datatable) if words.lower() in text]
    assert not found


@then("its output says, in this order")
def check_output_order(scene: Scene, datatable: Table) -> None:
    text = " ".join(scene.outputs["out"].split())
    places = [text.find(words) for words in column(datatable)]
    assert -1 not in places, list(zip(column(datatable), places, strict=True))
    assert places == sorted(places), places


@then("its output is in Arabic")
def check_arabic_output(scene: Scene) -> None:
    lines = [line for line in scene.outputs["out"].splitlines() if line.strip()]
    assert lines
    assert sum(is_arabic(line) for line in lines) > len(lines) * 0.9


@then(parsers.re(r"its error says \"(?P<words>.+)\""))
@then(parsers.re(r"يقول الخطأ «(?P<words>[^»]+)»"))
def check_error(scene: Scene, words: str) -> None:
    assert words in scene.outputs["err"], scene.outputs["err"]
    assert "Traceback" not in scene.outputs["err"]


@then(parsers.re(r"its error has the codes? (?P<codes>[\w, ]+)"))
def check_error_codes(scene: Scene, codes: str) -> None:
    expected = [code.strip() for code in codes.split(",")]
    found = [word.rstrip(":") for word in scene.outputs["err"].split() if word.rstrip(":") in expected]
    assert found == expected, scene.outputs["err"]


def json_output(scene: Scene) -> Any:
    """Return what the command wrote as JSON."""
    return json.loads(scene.outputs["out"])


@then("its output is JSON with at least the keys")
def check_json_keys(scene: Scene, datatable: Table) -> None:
    assert set(column(datatable)) <= set(json_output(scene))


@then(parsers.re(r"its output is JSON in which (?P<key>\w+) is (?P<value>.+)"))
def check_json_value(scene: Scene, key: str, value: str) -> None:
    assert json_output(scene)[key] == value


@then(parsers.re(r"its output is a list of (?P<count>\d+) results, one a line: (?P<outcomes>.+)"))
def check_json_lines(scene: Scene, count: str, outcomes: str) -> None:
    results = [json.loads(line) for line in scene.outputs["out"].splitlines()]
    assert len(results) == int(count)
    assert [one["outcome"] for one in results] == [name.strip() for name in outcomes.split(",")]


@then("it is the result of the screening, to the last letter")
def check_same_result(scene: Scene) -> None:
    assert scene.outputs["out"] == scene.result.to_json(indent=2) + "\n"


@then(parsers.re(r"each question of its JSON output has (?P<keys>.+)"))
def check_questions(scene: Scene, keys: str) -> None:
    questions = json_output(scene)
    assert len(questions) > 50
    for question in questions:
        assert {key.strip() for key in keys.split(",")} <= set(question)
