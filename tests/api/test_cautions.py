"""What a start warns of: a database that need not show who it is, and a port that is open to the network."""

from __future__ import annotations

from pathlib import Path

import pytest

import api.__main__ as entry
from api.cautions import find_cautions
from api.settings import Settings
from tests.services import MASTER_KEY

REMOTE = "postgresql://user@db.example.org/name"


@pytest.mark.parametrize(
    ("database", "environment", "codes"),
    [
        (None, {}, []),
        (REMOTE, {}, ["S042"]),
        (f"{REMOTE}?sslmode=require", {}, ["S042"]),
        # The authority is checked, but not whether it is this server that it speaks for.
        (f"{REMOTE}?sslmode=verify-ca", {"PGSSLMODE": "verify-full"}, ["S042"]),
        (f"{REMOTE}?sslmode=verify-full", {}, []),
        (REMOTE, {"PGSSLMODE": "verify-full"}, []),
        ("postgresql://user@192.0.2.7/name", {}, ["S042"]),
        ("postgresql://user@localhost,db.example.org/name", {}, ["S042"]),
        ("postgresql:///name?host=db.example.org", {}, ["S042"]),
        ("postgresql:///name", {"PGHOST": "db.example.org"}, ["S042"]),
        ("postgresql:///name", {}, []),
        ("postgresql:///name?host=/run/postgresql", {}, []),
        ("postgresql://user@127.0.0.1:5432/name", {}, []),
        ("postgresql://user@[::1]/name", {}, []),
        ("postgresql://user@localhost/name", {}, []),
    ],
)
def test_a_database_elsewhere_has_to_show_who_it_is(
    database: str | None, environment: dict[str, str], codes: list[str]
) -> None:
    found = find_cautions(Settings(database_url=database), environment)  # type: ignore[arg-type]
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({}, []),
        ({"host": "0.0.0.0"}, ["S043"]),  # noqa: S104 - that is what is warned of
        ({"host": "192.0.2.10", "public_url": "http://localhost:8000"}, ["S043"]),
        ({"host": "::", "public_url": "https://screening.example.org"}, []),
        ({"host": "::1"}, []),
        ({"host": "127.0.0.2"}, []),
    ],
)
def test_a_port_that_others_reach_needs_an_address_with_a_certificate(
    given: dict[str, str], codes: list[str]
) -> None:
    assert [one.code for one in find_cautions(Settings(**given), {})] == codes  # type: ignore[arg-type]


def test_a_start_says_so_in_both_languages_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCREENING_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    monkeypatch.setenv("SCREENING_HOST", "0.0.0.0")  # noqa: S104 - that is what is warned of
    monkeypatch.setenv("SCREENING_WORKERS", "1")
    served = []

    def serve(_settings: Settings, app: object, **_more: object) -> None:
        served.append(app)

    monkeypatch.setattr(entry, "_run", serve)
    assert entry.main() == 0
    app = served[0]
    app.state.service.close()  # type: ignore[attr-defined]
    app.state.engines.close()  # type: ignore[attr-defined]
    said = capsys.readouterr().err
    assert "S043 " in said
    assert "SCREENING_PUBLIC_URL" in said
    assert "شبكة" in said
