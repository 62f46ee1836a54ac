"""The typed client covers the interface, and does by itself what every program would have to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.client_writing import FOLDER, write_client
from api.settings import Settings
from indicators.models import Text
from screening.client import Client, NoAnswer, ServiceProblem, UnknownVersion
from screening.client.models.cases import CaseChange, NewCase
from screening.client.models.interviews import NewAnswer, NewInterviewBody
from screening.client.models.signing_in import CodeGiven, LinkAccepted
from screening.client.models.sites import NewSite, SiteChange
from screening.people import accounts, api_tokens, links
from screening.people.access import SYSTEM
from screening.people.accounts import Names, Place
from screening.work import Service
from tests.services import ClientFor, HandClock, World, application_on

ADDRESS = "http://localhost:8000"
PASSWORD = "maple river cloud seven"


def named(name: str) -> Text:
    return Text(en=name, ar="موقع")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory, kuwait_engines: Any) -> FastAPI:
    settings = Settings(data=tmp_path_factory.mktemp("client") / "data", workers=1)
    return create_app(settings, kuwait_engines)


def test_client_is_the_one_that_the_description_makes(shipped: FastAPI) -> None:
    written = write_client(shipped)
    kept = {
        str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*.py")
        if path.name not in ("connections.py", "problems.py")
    }
    assert written == kept, "run `python -m api.client_writing`"


def test_every_operation_has_a_method_of_its_name(shipped: FastAPI) -> None:
    names = [
        operation["operationId"]
        for path in shipped.openapi()["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names)), "two operations have one name"
    assert len(names) > 100
    assert [name for name in names if not callable(getattr(Client, name, None))] == []


def test_client_needs_no_web_framework() -> None:
    code = (
        "import sys, screening.client\n"
        "print([one for one in ('fastapi', 'starlette', 'uvicorn', 'sqlalchemy') if one in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "fastapi" not in run.stdout
    assert "starlette" not in run.stdout
    assert "uvicorn" not in run.stdout


@pytest.fixture
def app_with_doors(service: Service) -> FastAPI:
    return application_on(service)


def connect(app: FastAPI, clock: HandClock, **more: Any) -> Client:
    http = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
    return Client(ADDRESS, http=http, clock=clock, sleep=lambda _: None, **more)


def test_signing_in_with_a_link_a_password_and_a_telephone(
    app_with_doors: FastAPI, service: Service, world: World, clock: HandClock
) -> None:
    with service.work(SYSTEM) as work:
        account = accounts.make_account(
            work, "person", Names("mona", "Mona"), [Place("interviewer", world.site_a)]
        )
        token = links.invite(work, account, Settings().invitation_lifetime).token
    with connect(app_with_doors, clock) as client:
        first = client.accept_invitation(LinkAccepted(token=token, password=PASSWORD))
        assert first.enrolment is not None
        secret = first.enrolment.secret
        codes = client.finish_session(first.model_dump(mode="json"), None)
        assert len(codes) == 10
        # The token against forged requests goes along by itself.
        made = client.create_case(NewCase(site=world.site_a))
        assert client.read_case(made.id).number == made.number
        client.sign_out()
        with pytest.raises(ServiceProblem) as refused:
            client.show_me()
        assert (refused.value.status, refused.value.code) == (401, "S120")
    clock.move(minutes=1)
    with connect(app_with_doors, clock) as client:
        assert client.open_session("mona", PASSWORD, secret) == ()
        assert client.show_me().display_name == "Mona"
        with pytest.raises(ValueError, match="second factor"):
            client.open_session("mona", PASSWORD)
        with pytest.raises(ServiceProblem):
            client.give_second_factor(CodeGiven(code="000000"))


@pytest.fixture
def token_for(service: Service, world: World, clock: HandClock) -> Callable[[str], str]:
    def issue(name: str) -> str:
        actor = world[name]
        with service.work(world["administrator"]) as work:
            scopes = [
                one for one in work.permissions.permissions if work.permissions.allowed(actor, one).anywhere
            ]
            expires = clock.now.replace(year=2027, month=1)
            return api_tokens.issue(work, actor.account_id, "tests", scopes, expires).token

    return issue


def test_token_is_sent_and_needs_nothing_else(
    app_with_doors: FastAPI, world: World, clock: HandClock, token_for: Callable[[str], str]
) -> None:
    with connect(app_with_doors, clock, token=token_for("service")) as client:
        assert client.create_case(NewCase(site=world.site_a)).site == world.site_a


def test_versions_are_kept_and_sent(client_for: ClientFor, clock: HandClock) -> None:
    client = Client(ADDRESS, http=client_for("administrator"), clock=clock)
    made = client.add_site(NewSite(code="C", kind="shelter", name=named("Site C")))
    assert client.version_of(f"/api/v1/sites/{made.id}") == 1
    changed = client.change_site(made.id, SiteChange(name=named("House C")))
    assert changed.name.en == "House C"
    # Somebody else is quicker.
    other = Client(ADDRESS, http=client_for("administrator"), clock=clock)
    with pytest.raises(UnknownVersion):
        other.change_site(made.id, SiteChange(name=named("Unseen")))
    other.show_site(made.id)
    other.change_site(made.id, SiteChange(name=named("Theirs")))
    with pytest.raises(ServiceProblem) as refused:
        client.change_site(made.id, SiteChange(name=named("Mine")))
    assert (refused.value.status, refused.value.code) == (412, "S232")
    assert other.show_site(made.id).name.en == "Theirs"
    with pytest.raises(ServiceProblem):
        client.change_site(made.id, SiteChange(name=named("Mine")), seen=1)


def test_lists_are_read_to_their_end(client_for: ClientFor, world: World, clock: HandClock) -> None:
    client = Client(ADDRESS, http=client_for("interviewer"), clock=clock)
    made = {client.create_case(NewCase(site=world.site_a)).id for _ in range(7)}
    found = [one.id for one in client.every(client.list_cases, limit=3, status="open")]
    assert len(found) == len(set(found))
    assert made == set(found)


def test_problems_carry_what_the_document_says(client_for: ClientFor, world: World, clock: HandClock) -> None:
    client = Client(ADDRESS, http=client_for("interviewer"), clock=clock, language="ar")
    with pytest.raises(ServiceProblem) as refused:
        client.create_case(NewCase(site="not-a-site"))
    problem = refused.value
    assert problem.status == 422
    assert problem.faults[0].field == "site"
    assert problem.code == problem.faults[0].code
    assert any("\u0600" <= letter <= "\u06ff" for letter in problem.title), "in the language asked for"


class Unsteady(httpx2.BaseTransport):
    """Loses requests before, or answers after, they reach the application; then lets them pass."""

    def __init__(self, client: TestClient, losses: list[str]) -> None:
        self.client = client
        self.losses = losses
        self.seen: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        loss = self.losses.pop(0) if self.losses else ""
        if loss == "before":
            raise httpx2.ConnectError("nobody there")
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        answer = self.client.request(
            request.method, str(request.url), content=request.read(), headers=headers
        )
        if loss == "after":
            raise httpx2.ReadError("the line was cut")
        if loss == "busy":
            return httpx2.Response(503, json={"code": "S110", "title": "busy"}, headers={"Retry-After": "2"})
        kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return httpx2.Response(answer.status_code, content=answer.content, headers=kept)


def unsteady(client: TestClient, *losses: str, retries: int = 3) -> tuple[Client, Unsteady, list[float]]:
    line = Unsteady(client, list(losses))
    slept: list[float] = []
    http = httpx2.Client(transport=line, base_url=ADDRESS)
    return Client(ADDRESS, http=http, retries=retries, sleep=slept.append), line, slept


def test_what_creates_is_sent_again_with_its_key_and_done_once(client_for: ClientFor, world: World) -> None:
    client, line, slept = unsteady(client_for("interviewer"), "before", "after", "busy")
    made = client.create_case(NewCase(site=world.site_a))
    keys = {request.headers["idempotency-key"] for request in line.seen}
    assert (len(line.seen), len(keys)) == (4, 1)
    assert [one.id for one in client.every(client.list_cases)] == [made.id]
    assert slept[-1] == 2, "as long as the service asked for"


def test_answer_is_sent_again_with_its_client_key_and_saved_once(client_for: ClientFor, world: World) -> None:
    client, line, _ = unsteady(client_for("interviewer"))
    interview = client.create_interview(NewInterviewBody(instrument="intake", site=world.site_a))
    line.losses += ["after", "after"]
    given = NewAnswer(question="locked_in", answer="yes", follows_seq=None, client_key="one")
    assert client.save_answer(interview.id, given).seq == 1
    shown = client.list_interview_answers(interview.id)
    assert [one.seq for one in shown.answers if one.question == "locked_in"] == [1]


def test_change_is_never_sent_twice(client_for: ClientFor, world: World) -> None:
    client, line, _ = unsteady(client_for("supervisor"))
    made = client.create_case(NewCase(site=world.site_a))
    line.losses += ["after"]
    before = len(line.seen)
    with pytest.raises(NoAnswer):
        client.change_case(made.id, CaseChange(status="closed", reason="ended"))
    assert len(line.seen) == before + 1


def test_giving_up_is_said(client_for: ClientFor) -> None:
    client, line, _ = unsteady(client_for("interviewer"), *["before"] * 3, retries=2)
    with pytest.raises(NoAnswer):
        client.list_cases()
    assert len(line.seen) == 3
    client, line, _ = unsteady(client_for("interviewer"), *["busy"] * 3, retries=2)
    with pytest.raises(ServiceProblem) as refused:
        client.list_cases()
    assert (refused.value.code, refused.value.retry_after) == ("S110", 2)


def test_answer_of_something_on_the_way_is_no_answer() -> None:
    pages = httpx2.MockTransport(lambda _: httpx2.Response(502, text="<html>bad gateway</html>"))
    client = Client(ADDRESS, http=httpx2.Client(transport=pages, base_url=ADDRESS), sleep=lambda _: None)
    with pytest.raises(NoAnswer):
        client.list_cases()


def test_ids_cannot_leave_their_place_in_an_address() -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(404, json={"code": "S022", "title": "nothing"})

    http = httpx2.Client(transport=httpx2.MockTransport(answer), base_url=ADDRESS)
    with pytest.raises(ServiceProblem):
        Client(ADDRESS, http=http).read_case("../audit/entries?limit=1")
    assert seen == [f"{ADDRESS}/api/v1/cases/..%2Faudit%2Fentries%3Flimit%3D1"]
