"""The demonstration site: everybody can sign in, every list has something in it, and the chain is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.demo_site import make_demo_site, tell
from screening.audit.verification import verify
from screening.demo_site.contents import load_demo_contents
from screening.demo_site.filling import SignIn
from screening.engines import Engines
from screening.people.access import SYSTEM, Actor
from screening.people.accounts import find_by_name, grants_of
from screening.referrals.queues import count_queues
from screening.storage.tables.people import ROLES
from screening.work import Service
from tests.services import fresh_settings


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, kuwait_engines: Engines
) -> Iterator[tuple[Service, Sequence[SignIn]]]:
    settings = fresh_settings(tmp_path_factory.mktemp("demo"), open_assessments=False)
    service, signs_in = make_demo_site(settings, kuwait_engines)
    yield service, signs_in
    service.close()


def test_there_is_somebody_of_every_role_that_people_have(site: tuple[Service, Sequence[SignIn]]) -> None:
    assert {one.person.role for one in site[1]} == set(ROLES) - {"service"}


def test_everybody_can_sign_in_with_what_is_printed(
    site: tuple[Service, Sequence[SignIn]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service, signs_in = site
    tell(fresh_settings(tmp_path), signs_in)
    printed = capsys.readouterr().out
    app = create_app(fresh_settings(tmp_path), service=service)
    for one in signs_in:
        assert one.password in printed
        assert one.recovery_codes[0] in printed
        origin = {"Origin": "http://localhost:8000"}
        with TestClient(app, base_url="http://localhost:8000", headers=origin) as client:
            first = client.post(
                "/api/v1/sign-in", json={"name": one.person.sign_in, "password": one.password}
            )
            assert first.status_code == 200, first.text
            token = {"x-csrf-token": first.json()["csrf_token"]}
            second = client.post(
                "/api/v1/sign-in/recovery", json={"code": one.recovery_codes[0]}, headers=token
            )
            assert second.status_code == 200, second.text
            assert client.get("/api/v1/me").status_code == 200


def test_every_list_of_the_supervisor_has_something_to_show(site: tuple[Service, Sequence[SignIn]]) -> None:
    service, _ = site
    with service.work(SYSTEM, writes=False) as work:
        account = find_by_name(work, "supervisor")
        assert account is not None
        supervisor = Actor(account.id, "person", grants_of(work.session, account.id))
    with service.work(supervisor, writes=False) as work:
        counts = count_queues(work)
    empty = {name for name, count in counts.items() if count == 0}
    # Nobody of the demonstration has taken a yes back, or was referred without one.
    assert empty <= {"consent_withdrawn", "rescreens_due", "to_be_explained"}, counts


def test_what_was_made_in_past_days_leaves_a_whole_chain(site: tuple[Service, Sequence[SignIn]]) -> None:
    service, _ = site
    with service.database.reading() as session:
        found = verify(session)
    assert found.intact
    assert found.clock_behind == 0


def test_all_stories_are_of_invented_people() -> None:
    contents = load_demo_contents()
    assert all(story.interview.startswith("IN-") for story in contents.stories)
    assert {story.by for story in contents.stories} <= {person.id for person in contents.people}
