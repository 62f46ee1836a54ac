"""From nothing to the first assessment: whole processes, beside a bare interpreter and zen-engine."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.interviews import Sitting, demo_sittings
from benchmarks.peers import version_of
from benchmarks.reports import Section, timings_table
from benchmarks.timing import race
from rules.executors.reference import Reference
from rules.program import Program
from rules.revisions import draft_program

BARE = "bare interpreter"

ABOUT = """\
Each is one process from its start to its end, with one assessment of the same interview by the shipped
rules in it. *From content files* reads and compiles the YAML; *from a published program* reads one JSON
file. zen-engine reads its graph from one JSON file as well."""

FROM_FILES = """
import sys
from rules.revisions import draft_program
program = draft_program()
"""
FROM_PROGRAM = """
import sys
from pathlib import Path
from rules.program import Program
program = Program.from_json(Path(sys.argv[2]).read_text(encoding="utf-8"))
"""
ASSESS = """
import json
from datetime import date
from indicators.answers import read_answers
from indicators.forms import forms_of
from rules.evaluation import Engine
body = json.loads(sys.argv[1])
answers = read_answers(forms_of(program.data["questions"]), body["answers"])
with Engine(program, workers=1) as engine:
    found = engine.evaluate(answers, date.fromisoformat(body["as_of"]), body["instrument"])
assert found.engine_check == "agrees"
"""
IN_ZEN = """
import json, sys
from pathlib import Path
import zen
decision = zen.ZenEngine().create_decision(Path(sys.argv[2]).read_text(encoding="utf-8"))
decision.evaluate(dict.fromkeys(json.loads(sys.argv[1]), True))
"""


def measure(rounds: int) -> Section:
    """Processes from start to end."""
    program = draft_program()
    sitting = demo_sittings(program)[0]
    body = json.dumps(sitting.body)
    with tempfile.TemporaryDirectory() as folder:
        published, interview = Path(folder, "program.json"), Path(folder, "interview.json")
        published.write_text(program.to_json(), encoding="utf-8")
        interview.write_text(body, encoding="utf-8")
        commands: dict[str, list[str]] = {BARE: [sys.executable, "-c", "pass"]}
        if version_of("zen-engine") is not None:
            commands["zen-engine"] = _zen_command(program, sitting, Path(folder, "graph.json"))
        from_program = [sys.executable, "-c", FROM_PROGRAM + ASSESS, body, str(published)]
        commands["checked assessment, from a published program"] = from_program
        commands["checked assessment, from content files"] = [sys.executable, "-c", FROM_FILES + ASSESS, body]
        screening = [sys.executable, "-c", "from screening.cli import main; raise SystemExit(main())"]
        commands["`screening --help`"] = [*screening, "--help"]
        commands["`screening assess`, explained, as JSON"] = [
            *screening,
            *("assess", str(interview), "--format", "json"),
        ]
        runs: dict[str, Callable[[int], object]] = {
            name: partial(_run, command) for name, command in commands.items()
        }
        timings = race(runs, 1, rounds)
    return Section("Cold start", [ABOUT, timings_table("", timings, BARE)])


def _run(command: list[str], _: int) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _zen_command(program: Program, sitting: Sitting, path: Path) -> list[str]:
    from benchmarks.peers.zen import Zen

    path.write_text(Zen(program.data).graph, encoding="utf-8")
    true_tests = Reference(program).decide_tests(sitting.answers, sitting.as_of).true_tests
    return [sys.executable, "-c", IN_ZEN, json.dumps(true_tests), str(path)]
