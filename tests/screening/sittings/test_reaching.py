"""Only the system itself reaches every interview, not whoever calls itself a system."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.access import ANYBODY
from screening.people.access import SYSTEM, Actor
from screening.sittings.answers import GivenAnswer
from screening.sittings.finishing import finish_interview, read_assessment, replay
from screening.sittings.interviews import read_interview
from screening.sittings.saving import read_live, save_answers
from tests.screening.sittings.test_interviews import refused_with
from tests.sittings import Desk

PRETENDERS = [ANYBODY, Actor("f" * 32, "system", frozenset())]


@pytest.mark.parametrize("actor", PRETENDERS, ids=["anybody", "another"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_actor_of_the_kind_system_reaches_nothing_unless_it_is_the_system(
    desk: Desk, actor: Actor
) -> None:
    service = desk.world.service
    interview, finished = desk.begin(), desk.begin()
    final = desk.finish(finished, 0)
    given = [GivenAnswer("locked_in", "no", "key-of-a-pretender")]

    def look() -> None:
        with service.work(actor) as work:
            read_interview(work, interview)

    def read_result() -> None:
        with service.work(actor) as work:
            read_assessment(work, final.id)

    attempts: list[Callable[[], object]] = [
        look,
        read_result,
        lambda: read_live(service, actor, interview),
        lambda: save_answers(service, actor, interview, given),
        lambda: finish_interview(service, actor, interview, seen_seq=0),
        lambda: replay(service, actor, final.id),
    ]
    for attempt in attempts:
        assert refused_with(attempt) == ["S121"]
    assert replay(service, SYSTEM, final.id).same
