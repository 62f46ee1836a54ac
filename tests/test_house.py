"""The house rules hold, and each of them would be noticed if it were broken."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

# The file that gets the forbidden line, the line, and the contract that must name it.
PLANTED_FAULTS = {
    "indicators reach up to rules": ("indicators", "import rules", "layers"),
    "rules reach up to screening": ("rules", "import screening", "layers"),
    "screening reaches up to api": ("screening", "import api", "layers"),
    "the engine in the catalogue": ("indicators", "import durable_rules_engine", "engine"),
    "the engine elsewhere in rules": ("rules", "import durable_rules_engine", "engine"),
    "the engine's own language in screening": ("screening", "import durable.lang", "engine"),
    "the engine in the interface": ("api", "import durable_rules_engine", "engine"),
    "FastAPI in screening": ("screening", "import fastapi", "web"),
    "Starlette in rules": ("rules", "import starlette.requests", "web"),
    "Jinja in screening": ("screening", "import jinja2", "web"),
    "uvicorn in indicators": ("indicators", "import uvicorn", "web"),
    "structlog in rules": ("rules", "import structlog", "logs"),
    "logging in indicators": ("indicators", "import logging", "logs"),
    "rich in rules": ("rules", "import rich.console", "terminal"),
    "Typer in the interface": ("api", "import typer", "terminal"),
}


def contracts() -> dict[str, str]:
    """The contracts of pyproject.toml: id and name."""
    return {contract["id"]: contract["name"] for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}


def requirements() -> list[str]:
    """Every direct dependency, with those of the extras."""
    project = PYPROJECT["project"]
    return [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    """The four packages and their contracts, in a folder that a test may spoil."""
    for package in PACKAGES:
        shutil.copytree(
            HERE / package,
            tmp_path / package,
            ignore=shutil.ignore_patterns("__pycache__", "*.json", "*.yaml"),
        )
    shutil.copy(HERE / "pyproject.toml", tmp_path)
    return tmp_path


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts on a copy; the copy, not the checkout, is what gets read."""
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"], cwd=house, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_house_keeps_its_contracts(copy_of_the_house: Path) -> None:
    """Every contract is kept as the packages stand."""
    result = lint_imports(copy_of_the_house)
    assert result.returncode == 0, result.stdout + result.stderr
    for name in contracts().values():
        assert f"{name} KEPT" in result.stdout


@pytest.mark.parametrize(("package", "line", "contract"), PLANTED_FAULTS.values(), ids=list(PLANTED_FAULTS))
def test_a_planted_import_breaks_its_contract(
    copy_of_the_house: Path, package: str, line: str, contract: str
) -> None:
    """One forbidden import is enough, and the report names the contract and the file."""
    (copy_of_the_house / package / "planted.py").write_text(f"{line}\n", encoding="utf-8")
    result = lint_imports(copy_of_the_house)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{contracts()[contract]} BROKEN" in result.stdout
    assert f"{package}.planted -> {line.split()[1].split('.')[0]}" in result.stdout


def test_every_contract_has_a_planted_fault() -> None:
    """A new contract needs a fault that shows it at work."""
    assert {contract for _, _, contract in PLANTED_FAULTS.values()} == set(contracts())


def test_every_dependency_has_its_reason() -> None:
    """Each dependency stands on a line of its own, with the reason beside it."""
    lines = (HERE / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for requirement in requirements():
        (line,) = [line for line in lines if f'"{requirement}"' in line]
        reason = line.partition("#")[2].strip()
        assert len(reason.split()) >= 3, f"{requirement}: say why it is needed, on its line in pyproject.toml"


def test_whatever_is_imported_is_declared() -> None:
    """What comes only because another library needs it today may be gone, or another version, tomorrow."""
    owners = packages_distributions()
    declared = {_normal(re.split(r"[\[<>=!~;]", line)[0]) for line in PYPROJECT["project"]["dependencies"]}
    missing = set()
    for package in PACKAGES:
        for file in (HERE / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
                    names = [node.module]
                for top in (
                    {name.partition(".")[0] for name in names} - set(PACKAGES) - sys.stdlib_module_names
                ):
                    if not {_normal(one) for one in owners.get(top, [top])} & declared:
                        missing.add((top, file.relative_to(HERE).parts[0]))
    assert not missing


def test_everything_installed_is_pinned_to_one_version_and_no_address() -> None:
    """Constraints hold one version a package, and nothing about where it comes from."""
    lines = (HERE / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.partition(";")[0].strip() for line in lines if line and not line.startswith("#")]
    assert all(pin.count("==") == 1 and "@" not in pin and "/" not in pin for pin in pins), pins
    names = [_normal(pin.partition("==")[0]) for pin in pins]
    assert len(names) == len(set(names))
    missing = {
        _normal(requirement.partition("=")[0].partition(">")[0].partition("[")[0])
        for requirement in requirements()
    } - set(names)
    assert not missing, f"not pinned in constraints.txt: {sorted(missing)}"


def _normal(name: str) -> str:
    """A package's name the way indexes compare it."""
    return name.strip().lower().replace("_", "-").replace(".", "-")


def documents() -> list[Path]:
    """The pages that people read, generated ones included."""
    return [*HERE.glob("*.md"), *(HERE / "docs").rglob("*.md")]


def test_every_link_between_pages_leads_somewhere() -> None:
    """A link to a file or folder of this repository points at one that exists."""
    dead = [
        f"{page.relative_to(HERE)}: {target}"
        for page in documents()
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not dead


def test_every_make_command_in_a_page_exists() -> None:
    """What a page tells people to type is a target of the Makefile."""
    targets = set(
        re.findall(r"^([a-z-]+):", (HERE / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    unknown = {
        f"{page.relative_to(HERE)}: make {target}"
        for page in documents()
        for target in re.findall(
            r"(?:`|^)(?:PYTHON=\S+ )?make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        if target not in targets
    }
    assert not unknown


def test_every_decision_is_listed_with_its_cost() -> None:
    """Each decision record stands in the list and has the five parts."""
    folder = HERE / "docs" / "adr"
    listed = set(re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text(encoding="utf-8")))
    pages = {page.name for page in folder.glob("[0-9]*.md")}
    assert pages == listed
    for name in sorted(pages):
        text = (folder / name).read_text(encoding="utf-8")
        for part in ("Status: ", "## Context", "## Decision", "## Consequences", "## What it costs"):
            assert part in text, f"docs/adr/{name} lacks {part}"
