"""The page for operators says what the program does: every setting with its default, every code."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

import pytest
from typer.testing import CliRunner

from api.pages.settings import PageSettings
from api.settings import Settings, read_settings
from indicators.errors import fault_definitions
from screening.cli.app import app as command_line
from screening.refusals import Refused
from screening.settings import variable

FIELDS = {**Settings.model_fields, **PageSettings.model_fields}
PAGE = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")


def table_below(heading: str) -> dict[str, list[str]]:
    """The rows of the first table below a heading, by their first cell."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[1:] for row in rows[2:]}


def default_of(name: str) -> str:
    default = FIELDS[name].default
    if name == "workers":
        return "one per processor"
    if default is None or default == "":
        return "none"
    if isinstance(default, bool):
        return f"`{'on' if default else 'off'}`"
    return f"`{default.as_posix() if isinstance(default, PurePath) else default}`"


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    told = {name.strip("`"): cells[0] for name, cells in table_below("Settings").items()}
    assert told == {variable(name): default_of(name) for name in FIELDS}


def test_every_setting_says_what_it_is() -> None:
    assert not [name for name, field in FIELDS.items() if not field.description]


def test_the_limits_in_the_table_are_those_of_the_program() -> None:
    for name, (_, takes) in table_below("Settings").items():
        field = FIELDS[name.strip("`").removeprefix("SCREENING_").lower()]
        limits = [
            str(getattr(one, side)) for one in field.metadata for side in ("ge", "le") if hasattr(one, side)
        ]
        said = re.search(r"(\d+) to (\d+)", takes)
        assert said is None or [said[1], said[2]] == limits, name


def test_every_code_of_storage_stands_in_the_table() -> None:
    told = {code for cell in table_below("What can go wrong") for code in cell.split(", ")}
    known = {code for code in fault_definitions() if "S100" <= code <= "S119"} | {
        code for code in fault_definitions() if "S040" <= code <= "S049"
    }
    assert told == known


def test_every_command_on_the_page_exists() -> None:
    commands = set(re.findall(r"(?:`|^)screening ([a-z]+(?: [a-z-]+)?)(?= |`|$)", PAGE, flags=re.MULTILINE))
    assert len(commands) >= 9
    for command in commands:
        words = command.split()
        asked = words if words[0] in ("database", "keys", "audit") else words[:1]
        done = CliRunner().invoke(command_line, [*asked, "--help"])
        assert done.exit_code == 0, command


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"SCREENING_PORT": "0"}, ["S040"]),
        ({"SCREENING_PROCESSES": "2"}, ["S116"]),
        ({"SCREENING_DATABSE_URL": "x"}, ["S041"]),
        ({"SCREENING_PORT": "x", "SCREENING_WORKERS": "x", "SCREENING_X": "x"}, ["S040", "S040", "S041"]),
        ({"SCREENING_TRACEBACK": "1", "SCREENING_OPEN_ASSESSMENTS": "on"}, []),
        ({"SCREENING_PROCESSES": "2", "SCREENING_DATABASE_URL": "postgresql://host/name"}, []),
    ],
)
def test_settings_are_read_or_every_fault_is_named(
    given: dict[str, str], codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    found: list[str] = []
    try:
        read_settings()
    except Refused as error:
        found = [fault.code for fault in error.faults]
    assert found == codes


def test_secrets_do_not_show_in_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MASTER_KEY", "PREVIOUS_MASTER_KEY", "MASTER_KEY_COMMAND", "DATABASE_URL"):
        monkeypatch.setenv(f"SCREENING_{name}", "postgresql://u:ZAMARKER@h/n")
    assert "ZAMARKER" not in repr(Settings())
    assert "ZAMARKER" not in Settings().model_dump_json()
