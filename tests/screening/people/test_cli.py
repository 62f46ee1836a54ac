"""`screening accounts`, on a database that is there."""

from __future__ import annotations

import re

import pytest

from screening.cli import main
from screening.people import accounts, links
from screening.people.access import SYSTEM
from screening.people.accounts import Names, Place
from screening.people.second_factors import make_secret
from screening.work import Service
from tests.services import MASTER_KEY

LINK = re.compile(
    r"https://screening\.example/(first-administrator|new-password|invitation)\?token=(\S{43})\n"
)


@pytest.fixture
def on_the_machine(database_url: str, service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setenv("SCREENING_DATABASE_URL", database_url)
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    monkeypatch.setenv("SCREENING_PUBLIC_URL", "https://screening.example")
    # The commands run by the machine's clock.
    service.clock.move(days=3650)  # type: ignore[attr-defined]
    return service


def boss(service: Service) -> str:
    with service.work(SYSTEM) as work:
        account = accounts.make_account(work, "person", Names("amina", "Amina"), [Place("administrator")])
        make_secret(work, account)
        account.status, account.totp_confirmed_at = "active", work.now
        account.password_hash, account.password_changed_at = "hash", work.now
        return account.id


def test_first_link(on_the_machine: Service, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accounts", "list"]) == 0
    assert "no account yet" in capsys.readouterr().out
    assert main(["accounts", "first-link"]) == 0
    out = capsys.readouterr().out
    found = LINK.search(out)
    assert found is not None, out
    with on_the_machine.database.reading() as session:
        assert not accounts.has_administrator(session)
    assert main(["accounts", "first-link", "--lang", "ar"]) == 0
    assert "أول مدير" in capsys.readouterr().out
    with on_the_machine.work(SYSTEM) as work, pytest.raises(Exception, match="S128"):
        links.find_link(work, found[2])
    boss(on_the_machine)
    assert main(["accounts", "first-link"]) == 2
    assert "S143" in capsys.readouterr().err


def test_reset_lock_unlock_and_close(on_the_machine: Service, capsys: pytest.CaptureFixture[str]) -> None:
    boss(on_the_machine)
    assert main(["accounts", "list"]) == 0
    assert capsys.readouterr().out == "amina — active — administrator\n"
    assert main(["accounts", "reset", "AMINA", "--second-factor"]) == 0
    assert LINK.search(capsys.readouterr().out)
    assert main(["accounts", "lock", "nobody"]) == 2
    assert "S136" in capsys.readouterr().err
    for command, status in (("lock", "locked"), ("unlock", "invited"), ("close", "closed")):
        assert main(["accounts", command, "amina"]) == 0
        assert main(["accounts", "list"]) == 0
        assert f"amina — {status} — administrator" in capsys.readouterr().out


def test_the_last_administrator_stays(on_the_machine: Service, capsys: pytest.CaptureFixture[str]) -> None:
    boss(on_the_machine)
    assert main(["accounts", "close", "amina"]) == 2
    assert "S133" in capsys.readouterr().err


def test_a_wrong_setting_is_named(
    on_the_machine: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCREENING_PUBLIC_URL", "http://screening.example")
    assert main(["accounts", "first-link"]) == 2
    assert "SCREENING_PUBLIC_URL" in capsys.readouterr().err
