"""The start of the service: the first link is printed once, where the operator sees it, and nowhere else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

import api.__main__ as entry
from api.app import create_app
from api.settings import Settings
from indicators.errors import ContentError
from screening.engines import Engines
from screening.installations import open_installation
from screening.logs import configure_logs
from screening.referral_stages import STAGES_FILE
from screening.work import Service
from tests.services import HandClock, fresh_settings, storage_settings

LINK = re.compile(r"^http://localhost:8123/first-administrator\?token=(\S{43})$", re.M)


@pytest.fixture
def fresh(kuwait_engines: Engines, tmp_path: Path) -> Iterator[Service]:
    url = f"sqlite:///{tmp_path / 'fresh.sqlite3'}"
    service = open_installation(storage_settings(url), kuwait_engines, HandClock())
    yield service
    service.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream, before = io.StringIO(), structlog.get_config()
    configure_logs(stream)
    yield stream
    structlog.configure(**before)


def test_the_first_link_is_printed_once(
    fresh: Service, log: io.StringIO, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    settings = Settings(workers=1, port=8123)
    entry._tell_first_link(fresh, settings)
    out = capsys.readouterr().out
    found = LINK.search(out)
    assert found is not None
    assert "4 hours" in out
    assert "أول مدير" in out
    # A second process, or a start soon after, does not make another: the first is still good.
    entry._tell_first_link(fresh, settings)
    assert capsys.readouterr().out == ""
    assert found[1] not in log.getvalue()
    for file in tmp_path.iterdir():
        assert found[1].encode() not in file.read_bytes(), file.name
    fresh.clock.move(hours=5)  # type: ignore[attr-defined]
    entry._tell_first_link(fresh, settings)
    later = LINK.search(capsys.readouterr().out)
    assert later is not None
    assert later[1] != found[1]


def test_a_start_that_fails_lets_go_of_the_database(kuwait_engines: Engines, tmp_path: Path) -> None:
    """A file of the operator's own that is broken stops the start; mended, the same process can start."""
    own = tmp_path / "own"
    own.mkdir()
    (own / STAGES_FILE).write_text("stages: [", "utf-8")
    settings = fresh_settings(tmp_path, referral_folder=own)
    with pytest.raises(ContentError):
        create_app(settings, engines=kuwait_engines)
    # Nothing holds it any more: neither the lock of the server nor a connection.
    (own / STAGES_FILE).unlink()
    app = create_app(settings, engines=kuwait_engines)
    app.state.service.close()


def test_no_password_stands_in_what_is_shipped() -> None:
    """No account exists before somebody makes it: nothing in the packages signs in."""
    root = Path(__file__).resolve().parents[3]
    shipped = list((root / "screening").rglob("*.py")) + list((root / "api").rglob("*.py"))
    assert len(shipped) > 100
    makers = [
        path.relative_to(root).as_posix()
        for path in shipped
        if re.search(r"\b(make_account|Account)\(", path.read_text("utf-8"))
    ]
    assert set(makers) <= {
        "screening/people/accounts.py",
        "screening/people/links.py",
        "api/routes/accounts.py",
        "api/desk/administration_accounts.py",
        "screening/storage/tables/people.py",
    } | {path for path in makers if "demo" in path}
