"""Accounts, links and roles, by those who change them and by those who must not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from screening.people import accounts, links, second_factors, sessions
from screening.people.access import SYSTEM, Actor
from screening.people.accounts import Names, Place
from screening.people.sessions import SessionRules
from screening.refusals import Refused
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.people import Account, Invitation, SignInSession
from screening.work import Service, Work
from tests.services import HandClock, World

HOUR = timedelta(hours=1)
RULES = SessionRules(timedelta(minutes=30), timedelta(hours=12))


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.faults[0].code


def person(service: Service, name: str, *places: Place, finished: bool = True) -> Actor:
    """An account as it is after both steps, without the time that a password takes."""
    with service.work(SYSTEM) as work:
        account = accounts.make_account(work, "person", Names(name, name.title()), places)
        if finished:
            account.status, account.totp_confirmed_at = "active", work.now
            second_factors.make_secret(work, account)
            account.totp_confirmed_at = work.now
        return Actor(account.id, "person", frozenset())


def change(service: Service, actor: Actor, account: Actor, how: Callable[[Work, Account], Any]) -> Any:
    with service.work(actor) as work:
        return how(work, accounts.find_account(work, account.account_id, to_change=True))


def test_names_are_sealed_and_found_by_keyed_hash(service: Service) -> None:
    person(service, "Mona Rashid")
    with service.work(SYSTEM, writes=False) as work:
        row = work.session.scalars(select(Account)).one()
        assert b"Mona" not in row.sign_in_name + row.display_name
        found = accounts.find_by_name(work, " MONA  rashid")
        assert found is not None
        assert accounts.open_names(work, found) == Names("Mona Rashid", "Mona Rashid")


def test_a_name_is_given_once_also_in_other_letters(service: Service) -> None:
    person(service, "mona")
    assert code_of(lambda: person(service, "ＭＯＮＡ")) == "S135"


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 101, "a\u202eb", "a\x00b", "…", "\ud800"])
def test_what_is_no_name(service: Service, name: str) -> None:
    assert code_of(lambda: person(service, name)) == "S147"


@pytest.mark.parametrize("name", ["أمينة السالم", "Nuwan\u200dka", "O'Neill-Garcia", "李娜"])
def test_names_of_every_script(service: Service, name: str) -> None:
    person(service, name)


def test_roles_fit_the_kind_of_account(service: Service, world: World) -> None:
    assert code_of(lambda: person(service, "x", Place("service"))) == "S134"
    assert code_of(lambda: person(service, "x", Place("interviewr"))) == "S134"
    assert code_of(lambda: person(service, "x", Place("interviewer", "0" * 32))) == "S141"
    with pytest.raises(Refused) as caught, service.work(SYSTEM) as work:
        accounts.make_account(work, "service", Names("kobo", "Kobo"), [Place("interviewer")])
    assert caught.value.faults[0].code == "S134"


def test_nobody_changes_his_own_account(service: Service) -> None:
    person(service, "second", Place("administrator"))
    me = person(service, "first", Place("administrator"))
    for how in (
        lambda work, account: accounts.grant(work, account, Place("auditor")),
        lambda work, account: accounts.withdraw(work, account, Place("administrator")),
        accounts.lock,
        accounts.unlock,
        accounts.close,
        lambda work, account: links.reset(work, account, HOUR, second_factor=False),
        lambda work, account: accounts.connect(work, account, "https://id.example", "me"),
    ):
        assert code_of(lambda how=how: change(service, me, me, how)) == "S132"


def test_the_last_administrator_stays(service: Service) -> None:
    last = person(service, "last", Place("administrator"))
    person(service, "only invited", Place("administrator"), finished=False)
    for how in (
        accounts.lock,
        accounts.close,
        lambda work, account: accounts.withdraw(work, account, Place("administrator")),
    ):
        assert code_of(lambda how=how: change(service, SYSTEM, last, how)) == "S133"
    person(service, "another", Place("administrator"))
    change(service, SYSTEM, last, accounts.close)


def test_an_administrator_at_two_places_may_lose_one(service: Service, world: World) -> None:
    last = person(service, "last", Place("administrator"), Place("administrator", world.site_a))
    change(service, SYSTEM, last, lambda work, one: accounts.withdraw(work, one, Place("administrator")))
    left = Place("administrator", world.site_a)
    assert code_of(
        lambda: change(service, SYSTEM, last, lambda work, one: accounts.withdraw(work, one, left))
    ) == ("S133")


def test_two_administrators_who_remove_one_another_at_once(service: Service) -> None:
    one = person(service, "one", Place("administrator"))
    two = person(service, "two", Place("administrator"))
    outcomes: list[str] = []
    start = Barrier(2)

    def remove(actor: Actor, other: Actor) -> None:
        start.wait()
        try:
            change(service, actor, other, accounts.close)
            outcomes.append("closed")
        except Refused as error:
            outcomes.append(error.faults[0].code)

    threads = [Thread(target=remove, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Where both took a row and wait for the other's, the database refuses one of them (S110).
    assert "closed" in outcomes
    assert sorted(outcomes) != ["closed", "closed"]
    with service.database.reading() as session:
        assert accounts.has_administrator(session)


def test_what_ends_every_session(service: Service) -> None:
    boss = person(service, "boss", Place("administrator"))
    mona = person(service, "mona", Place("interviewer"))
    for how in (
        lambda work, account: accounts.grant(work, account, Place("auditor")),
        lambda work, account: accounts.withdraw(work, account, Place("auditor")),
        lambda work, account: links.reset(work, account, HOUR, second_factor=False),
        accounts.lock,
    ):
        with service.work(SYSTEM) as work:
            opened = sessions.open_session(work, mona.account_id, "signed_in", RULES, "192.0.2.1")
        change(service, boss, mona, how)
        with service.database.reading() as session:
            assert sessions.find_session(session, opened.token, service.clock(), RULES) is None
            because = session.scalar(select(SignInSession.ended_because).where(SignInSession.id == opened.id))
        assert because in ("roles_changed", "reset", "locked")


def test_a_closed_account_is_closed_for_good(service: Service) -> None:
    mona = person(service, "mona", Place("interviewer"))
    change(service, SYSTEM, mona, accounts.close)
    assert code_of(lambda: change(service, SYSTEM, mona, accounts.unlock)) == "S137"
    assert code_of(lambda: person(service, "mona")) == "S135"
    assert code_of(
        lambda: change(service, SYSTEM, mona, lambda work, one: accounts.grant(work, one, Place("auditor")))
    ) == ("S137")


def test_role_changes_are_audited(service: Service, world: World) -> None:
    boss = person(service, "boss", Place("administrator"))
    mona = person(service, "mona")
    place = Place("interviewer", world.site_a)
    assert change(service, boss, mona, lambda work, one: accounts.grant(work, one, place)) is True
    assert change(service, boss, mona, lambda work, one: accounts.grant(work, one, place)) is False
    change(service, boss, mona, lambda work, one: accounts.withdraw(work, one, place))
    with service.database.reading() as session:
        rows = session.execute(
            select(AuditEntry.action, AuditEntry.site_id, AuditEntry.detail).where(
                AuditEntry.actor == boss.account_id
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        ("account.grant", world.site_a, {"role": "interviewer"}),
        ("account.withdraw", world.site_a, {"role": "interviewer"}),
    ]


# Links


def test_the_first_link_is_there_until_somebody_administers(service: Service, clock: HandClock) -> None:
    with service.work(SYSTEM) as work:
        link = links.first_link(work, HOUR)
    assert link is not None
    with service.work(SYSTEM) as work:
        assert links.first_link(work, HOUR) is None, "a second process does not spoil the link of the first"
        renewed = links.make_first_link(work, HOUR)
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, link.token)) == "S128"
        links.find_link(work, renewed.token)
    clock.move(hours=2)
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, renewed.token)) == "S128"
        assert links.first_link(work, HOUR) is not None
    person(service, "boss", Place("administrator"))
    with service.work(SYSTEM) as work:
        assert links.first_link(work, HOUR) is None
        assert code_of(lambda: links.make_first_link(work, HOUR)) == "S143"


def test_an_open_first_link_is_worthless_once_somebody_administers(service: Service) -> None:
    with service.work(SYSTEM) as work:
        link = links.make_first_link(work, HOUR)
    person(service, "boss", Place("administrator"))
    with pytest.raises(Refused) as caught, service.work(SYSTEM) as work:
        links.accept(work, link.token, "hash", Names("thief", "Thief"))
    assert caught.value.faults[0].code == "S128"


def test_who_took_a_first_link_and_never_finished_gives_way(service: Service) -> None:
    with service.work(SYSTEM) as work:
        unfinished = links.accept(
            work, links.make_first_link(work, HOUR).token, "hash", Names("boss", "Boss")
        )
    with service.work(SYSTEM) as work:
        again = links.accept(work, links.make_first_link(work, HOUR).token, "hash", Names("boss", "Boss"))
    with service.database.reading() as session:
        statuses = {row.id: row.status for row in session.scalars(select(Account))}
    assert statuses == {unfinished.id: "closed", again.id: "invited"}


def test_an_administrator_who_was_reset_is_not_taken_for_unfinished(service: Service) -> None:
    boss = person(service, "boss", Place("administrator"))
    with service.work(SYSTEM) as work:
        sessions.open_session(work, boss.account_id, "signed_in", RULES, "192.0.2.1")
    change(service, SYSTEM, boss, lambda work, one: _finish_password(work, one))
    change(service, SYSTEM, boss, lambda work, one: links.reset(work, one, HOUR, second_factor=True))
    with service.work(SYSTEM) as work:
        links.accept(work, links.make_first_link(work, HOUR).token, "hash", Names("new", "New"))
    with service.database.reading() as session:
        assert session.get_one(Account, boss.account_id).status == "invited"


def _finish_password(work: Work, account: Account) -> None:
    account.password_hash, account.password_changed_at = "hash", work.now


def test_a_link_works_once_and_for_its_time(service: Service, clock: HandClock) -> None:
    mona = person(service, "mona", finished=False)
    link = change(service, SYSTEM, mona, lambda work, one: links.invite(work, one, HOUR))
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, link.token + "x")) == "S128"
        links.accept(work, link.token, "hash", None)
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, link.token)) == "S128"
    late = change(service, SYSTEM, mona, lambda work, one: links.invite(work, one, HOUR))
    clock.move(minutes=61)
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, late.token)) == "S128"
    # A clock that was set back before the link was made says nothing about its age.
    clock.move(hours=-5)
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, late.token)) == "S128"


def test_a_new_link_makes_those_before_worthless(service: Service) -> None:
    mona = person(service, "mona", finished=False)
    first, second = (
        change(service, SYSTEM, mona, lambda work, one: links.invite(work, one, HOUR)) for _ in range(2)
    )
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, first.token)) == "S128"
        links.find_link(work, second.token)


def test_locking_and_closing_make_links_worthless(service: Service) -> None:
    mona = person(service, "mona", finished=False)
    link = change(service, SYSTEM, mona, lambda work, one: links.invite(work, one, HOUR))
    change(service, SYSTEM, mona, accounts.lock)
    with service.work(SYSTEM) as work:
        assert code_of(lambda: links.find_link(work, link.token)) == "S128"
    change(service, SYSTEM, mona, accounts.unlock)
    with service.work(SYSTEM) as work:
        links.find_link(work, link.token)


def test_a_reset_takes_the_password_at_once_and_the_telephone_only_if_asked(service: Service) -> None:
    mona = person(service, "mona")
    change(service, SYSTEM, mona, _finish_password)
    change(service, SYSTEM, mona, lambda work, one: links.reset(work, one, HOUR, second_factor=False))
    with service.database.reading() as session:
        row = session.get_one(Account, mona.account_id)
        assert (row.password_hash, row.status) == (None, "active")
        assert row.totp_confirmed_at is not None
    change(service, SYSTEM, mona, _finish_password)
    change(service, SYSTEM, mona, lambda work, one: links.reset(work, one, HOUR, second_factor=True))
    with service.database.reading() as session:
        row = session.get_one(Account, mona.account_id)
        assert (row.totp_confirmed_at, row.status) == (None, "invited")


def test_only_hashes_of_links_are_kept(service: Service) -> None:
    with service.work(SYSTEM) as work:
        link = links.make_first_link(work, HOUR)
    with service.database.reading() as session:
        assert link.token not in session.scalars(select(Invitation.token_hash)).one()


# Colleagues


def test_colleagues_are_those_of_the_own_sites(service: Service, world: World) -> None:
    def seen_by(name: str, site: str | None = None) -> set[str]:
        with service.work(world[name], writes=False) as work:
            rows = work.session.scalars(accounts.select_colleagues(work, ("interviewer",), site)).all()
            return {row.id for row in rows}

    interviewer, colleague = world["interviewer"].account_id, world["colleague"].account_id
    assert seen_by("interviewer") == {colleague}
    assert seen_by("supervisor") == {interviewer, colleague}
    assert seen_by("supervisor_b") == {world["interviewer_b"].account_id}
    assert code_of(lambda: seen_by("supervisor_b", world.site_a)) == "S122"
    assert code_of(lambda: seen_by("reviewer")) == "S121"
