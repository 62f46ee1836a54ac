"""An installed wheel is enough: it carries the code and all the content, wherever it is put."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
PACKAGES = ("indicators", "rules", "screening", "api")

# Run once against the checkout and once against the installed copy; the answers must be the same.
COUNT = """
import importlib, json, sys
from pathlib import Path

homes = {name: str(Path(importlib.import_module(name).__file__).parent) for name in sys.argv[1:]}

from indicators.content import load_catalogue
from rules.revisions import draft_program, published

catalogue, faults = load_catalogue()
program = draft_program("kuwait")
rules = [rule["id"] for conclusion in program.data["conclusions"] for rule in conclusion.get("rules", ())]
json.dump(
    {
        "homes": homes,
        "faults": len(faults),
        "sources": len(catalogue.sources),
        "questions": len(catalogue.questions),
        "instruments": sorted(catalogue.instruments),
        "indicators": len(catalogue.indicators),
        "rules": len(rules),
        "revisions": {revision.number: revision.program.digest for revision in published("kuwait")},
        "digest": program.digest,
    },
    sys.stdout,
)
"""


def run(*command: str, cwd: Path, **variables: str) -> str:
    """What a command prints; its complaint if it fails."""
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("PYTHON")
    } | variables
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, f"{' '.join(command[:6])}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def files_of(package: str) -> set[str]:
    """The files of a package in this checkout: what a wheel must carry."""
    return {
        path.relative_to(HERE).as_posix()
        for path in (HERE / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(
        *pip,
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        ".",
        cwd=HERE,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder elsewhere that holds the installed wheel and nothing else."""
    folder = tmp_path_factory.mktemp("elsewhere") / "site"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(
        *pip, "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder), str(wheel),
        cwd=folder.parent,
    )  # fmt: skip
    return folder


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    """Content that a packaging setting forgot would show here, by name."""
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert carried == {name for package in PACKAGES for name in files_of(package)}


def test_the_installed_wheel_loads_the_same_content(installed: Path, tmp_path: Path) -> None:
    """Every question, indicator, source, rule and published revision is there, and read from the copy."""
    here = json.loads(run(sys.executable, "-c", COUNT, *PACKAGES, cwd=HERE))
    there = json.loads(run(sys.executable, "-c", COUNT, *PACKAGES, cwd=tmp_path, PYTHONPATH=str(installed)))
    assert set(there["homes"].values()) == {str(installed / package) for package in PACKAGES}
    assert set(here["homes"].values()) == {str(HERE / package) for package in PACKAGES}
    assert there["questions"]
    assert there["rules"]
    assert {**here, "homes": None} == {**there, "homes": None}


def test_the_installed_command_assesses_an_interview(installed: Path, tmp_path: Path) -> None:
    """The command works from the copy: engine worker, content and texts included."""
    interview = tmp_path / "interview.json"
    interview.write_text('{"instrument": "intake", "as_of": "2026-11-01", "answers": {}}', encoding="utf-8")
    printed = run(
        sys.executable, "-c", "from screening.cli import main; main()",
        "assess", str(interview), "--format", "json",
        cwd=tmp_path, PYTHONPATH=str(installed),
    )  # fmt: skip
    result = json.loads(printed)
    assert result["outcome"] == "not_enough_known"
    assert result["engine_check"] == "agrees"
