"""`screening assessments replay`: every kept result is reached again, or the command says which is not."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect
from typer.testing import CliRunner

from screening.cli.app import app, main
from screening.storage.tables.assessments import StoredAssessment
from tests.screening.sittings.test_final_assessments import digest_for
from tests.services import MASTER_KEY
from tests.sittings import CLEAR_ACCOUNT, Desk


@pytest.fixture
def here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The command line finds the database of the test."""
    url = desk.world.service.database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SCREENING_DATABASE_URL", url)
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    return desk


def test_every_result_is_the_same(here: Desk) -> None:
    interview = here.begin()
    final = here.finish(interview, here.save_all(interview, CLEAR_ACCOUNT))
    here.finish(here.begin(), 0)
    run = CliRunner().invoke(app, ["assessments", "replay", "--all"])
    assert (run.exit_code, "2 results" in run.stdout) == (0, True)
    run = CliRunner().invoke(app, ["assessments", "replay", final.id, "--lang", "ar"])
    assert (run.exit_code, "نتيجة واحدة" in run.stdout) == (0, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_result_that_is_another_is_named(here: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    interview = here.begin()
    final = here.finish(interview, here.save_all(interview, CLEAR_ACCOUNT))
    database = here.world.service.database
    sealed = digest_for(here, final, "f" * 32)
    with database.writing() as session:
        row = session.get_one(StoredAssessment, final.id)
        forged = {one.key: getattr(row, one.key) for one in inspect(StoredAssessment).column_attrs}
        forged |= {"id": "f" * 32, "number": 2, "last_seq": 2, "result_digest": sealed}
        session.add(StoredAssessment(**forged))
    run = CliRunner().invoke(app, ["assessments", "replay", "--all"])
    assert run.exit_code == 1
    assert "S263" in run.stdout
    assert "f" * 32 in run.stdout
    assert final.id not in run.stdout
    assert main(["assessments", "replay"]) == 2
    assert "S032" in capsys.readouterr().err
