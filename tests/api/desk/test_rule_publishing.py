"""The way of a change on its pages: written, asked for, sent back, approved, published, in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from html import unescape
from itertools import count
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from indicators.errors import fault, message
from screening.drafting.drafts import make_draft, read_draft
from screening.drafting.overlays import read_content
from screening.drafting.publishing import approve, ask_for_approval
from screening.engines import Engines
from screening.installations import open_installation
from screening.sittings.finishing import replay
from screening.storage.tables.interviews import Interview
from tests.api.desk.conftest import BROWSER, SITE, Visitor, VisitorFor, session_cookie
from tests.api.desk.records import assess
from tests.services import HandClock, World, make_world, storage_settings
from tests.sittings import Desk

PATH = "rules/sets/kuwait/law_91/observations.yaml"
SAID = "The inspector sees exits locked so that people cannot get out."


class Published:
    """A site with a folder for revisions."""

    def __init__(self, folder: Path, engines: Engines, stack: ExitStack) -> None:
        self.folder = folder
        self.clock = HandClock()
        service = open_installation(
            storage_settings(f"sqlite:///{folder / 'data' / 'site.sqlite3'}"), engines, self.clock
        )
        stack.callback(service.close)
        self.service = service
        self.world: World = make_world(service)
        settings = Settings(workers=1, revisions_folder=folder / "revisions")
        self.app: FastAPI = create_app(settings, service=service)
        self._stack = stack

    def visit(self, name: str) -> Visitor:
        client = TestClient(self.app, base_url=SITE, headers=BROWSER, follow_redirects=False)
        client.cookies.set(*session_cookie(self.service, self.world, name))
        return Visitor(self._stack.enter_context(client))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Published]:
    with ExitStack() as stack:
        engines = stack.enter_context(Engines(workers=1, revisions=tmp_path / "revisions"))
        yield Published(tmp_path, engines, stack)


def test_the_way_of_a_change_into_force(site: Published) -> None:
    made = assess(site.world)
    reviewer, approver = site.visit("reviewer"), site.visit("approver")
    address = reviewer.send("/rules/drafts", reviewer.open("/rules/drafts"), name="Exits").headers["location"]
    page = reviewer.open(f"{address}/file", params={"path": PATH})
    text = read_content(PATH).replace(SAID, "Exits are locked, and the inspector has seen it.")
    assert reviewer.send(f"{address}/file?path={PATH}", page, text=text).status_code == 303

    # Asked for with a day, by who may write; approved by who may approve, and by nobody else.
    late = reviewer.send(f"{address}/ask", reviewer.open(address), in_force_from="2026-10-01")
    assert late.status_code == 422
    assert "has passed, or is no day" in late.text
    assert reviewer.send(f"{address}/ask", late, in_force_from="٢٠٢٦-١٢-٠١").status_code == 303
    shown = reviewer.open(address)
    assert "waits for approval" in shown.text
    assert f"{address}/approve" not in shown.text
    assert reviewer.send(f"{address}/file?path={PATH}", page, text="late").status_code == 409
    shown = approver.open(address)
    assert approver.send(f"{address}/send-back", shown).status_code == 422
    assert approver.send(f"{address}/send-back", shown, reason="Say who has seen it.").status_code == 303
    assert "Say who has seen it." in reviewer.open(address).text
    assert (
        reviewer.send(f"{address}/ask", reviewer.open(address), in_force_from="2026-12-01").status_code == 303
    )
    shown = approver.open(address)
    unread = approver.send(f"{address}/approve", shown)
    assert unread.status_code == 422
    assert message(fault("A096"), "en")[1:] in unread.text
    assert approver.send(f"{address}/approve", shown, sure="yes").status_code == 303

    # Published once, in a file of its own.
    assert f"{address}/publish" not in approver.open(address).text
    shown = reviewer.open(address)
    assert reviewer.send(f"{address}/publish", shown).status_code == 422
    assert reviewer.send(f"{address}/publish", shown, sure="yes").status_code == 303
    assert [one.name for one in (site.folder / "revisions" / "kuwait").iterdir()] == ["1.json"]
    assert re.search(r"as revision (<bdi[^>]*>)?1\b", reviewer.open(address).text)

    # Until its day everything is as it was.
    assert "comes into force later" in reviewer.open("/rules").text
    assert SAID in unescape(reviewer.open("/rules/rule/L91-M-04c").text)
    site.clock.move(days=30)
    reviewer = site.visit("reviewer")
    told = reviewer.open("/rules").text
    assert re.search(r"in force</span>", told)
    assert "No revision is in force" not in told
    assert "the inspector has seen it" in reviewer.open("/rules/rule/L91-M-04c").text
    begun = Desk(site.world, count(1)).begin()
    with site.service.database.reading() as session:
        assert session.get_one(Interview, made.interview).revision is None
        assert session.get_one(Interview, begun).revision == 1
    assert replay(site.service, site.world["supervisor"], made.assessment).same


def test_without_a_folder_the_page_says_what_the_administrator_has_to_set(
    visitor_for: VisitorFor, world: World
) -> None:
    engines = world.service.engines
    program = engines.program_for("kuwait", "draft", date(2026, 11, 1))
    with world.service.work(world["reviewer"]) as work:
        made = make_draft(work, "Nothing yet")
        ask_for_approval(
            work, made, program, seen=1, in_force_from=date(2026, 12, 1), today=date(2026, 11, 1)
        )
    with world.service.work(world["approver"]) as work:
        approve(work, made, seen=read_draft(work, made).version)
    visitor = visitor_for("reviewer")
    shown = visitor.open(f"/rules/drafts/{made}")
    assert "SCREENING_REVISIONS_FOLDER" in shown.text
    assert f"/rules/drafts/{made}/publish" not in shown.text
    taken = visitor.send(f"/rules/drafts/{made}/withdraw", shown)
    assert taken.status_code == 303
    assert "being written" in visitor.open(f"/rules/drafts/{made}").text
