"""`screening audit` beside a running service: verify, keep the head, export; what it says when it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from screening.cli import main
from screening.work import Service
from tests.screening.audit.chains import tamper, write_chain
from tests.services import MASTER_KEY, World

LENGTH = 12


@pytest.fixture
def chained(service: Service, world: World, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Service:
    write_chain(service, world["interviewer"], LENGTH)
    monkeypatch.setenv("SCREENING_DATABASE_URL", database_url)
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    return service


def test_whole_chain_ends_with_zero(chained: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify"]) == 0
    assert "12" in capsys.readouterr().out
    assert main(["audit", "verify", "--lang", "ar"]) == 0
    assert "سلسلة التدقيق سليمة" in capsys.readouterr().out


def test_broken_chain_ends_with_one_and_names_the_entry(
    chained: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(chained, "UPDATE audit_entries SET action = 'nothing' WHERE seq = 5")
    assert main(["audit", "verify"]) == 1
    out = capsys.readouterr().out
    assert "S201 entry 5 " in out


def test_kept_head_finds_a_cut_tail(
    chained: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = tmp_path / "head.json"
    assert main(["audit", "head", "--out", str(head)]) == 0
    assert main(["audit", "verify", "--head", str(head)]) == 0
    assert "entry 12" in capsys.readouterr().out
    tamper(chained, "DELETE FROM audit_entries WHERE seq > 10")
    assert main(["audit", "verify"]) == 0
    assert main(["audit", "verify", "--head", str(head)]) == 1
    assert "S204" in capsys.readouterr().out


def test_export_is_verified_without_database_or_key(
    chained: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    head, export = tmp_path / "head.json", tmp_path / "export.jsonl"
    assert main(["audit", "head", "--out", str(head)]) == 0
    assert main(["audit", "export", "--out", str(export)]) == 0
    for name in ("SCREENING_DATABASE_URL", "SCREENING_MASTER_KEY"):
        monkeypatch.delenv(name)
    verify = ["audit", "verify", "--export", str(export), "--head", str(head)]
    assert main(verify) == 0
    lines = export.read_text(encoding="utf-8").splitlines()
    assert len(lines) == LENGTH
    entry = json.loads(lines[3])
    export.write_text("\n".join([*lines[:3], json.dumps(entry | {"actor": "x"}), *lines[4:]]) + "\n")
    assert main(verify) == 1
    assert "S201 entry 4 " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("written", "code"), [("{}\n", "S210"), ("not JSON\n", "S210"), ('{"seq": 1}\n', "S210")]
)
def test_file_that_is_no_export_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, code: str
) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text(written)
    assert main(["audit", "verify", "--export", str(path)]) == 2
    assert code in capsys.readouterr().err


def test_nothing_that_was_kept_is_overwritten(
    chained: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "head.json"
    kept.write_text("kept")
    for command in ("head", "export"):
        assert main(["audit", command, "--out", str(kept)]) == 2
    assert kept.read_text() == "kept"
    assert "S211" in capsys.readouterr().err


def test_head_of_another_installation_is_refused(
    chained: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "head.json"
    assert main(["audit", "head", "--out", str(path)]) == 0
    head = json.loads(path.read_text())
    path.write_text(json.dumps(head | {"signature": "a" * 64}))
    assert main(["audit", "verify", "--head", str(path)]) == 2
    path.write_text("nothing")
    assert main(["audit", "verify", "--head", str(path)]) == 2
    err = capsys.readouterr().err
    assert "S206" in err
    assert "S200" in err


def test_empty_chain_has_no_head(
    service: Service,
    world: World,
    database_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SCREENING_DATABASE_URL", database_url)
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    assert main(["audit", "head", "--out", str(tmp_path / "head.json")]) == 2
    assert "S209" in capsys.readouterr().err


def test_no_database_is_made_where_none_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCREENING_DATA", str(tmp_path / "nowhere"))
    assert main(["audit", "verify"]) == 2
    assert "S112" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
