"""The service that tests are given is a real one."""

from __future__ import annotations

from tests.services import ClientFor, World


def test_everybody_of_the_world_can_be_told_apart(world: World, client_for: ClientFor) -> None:
    assert len({actor.account_id for actor in world.people.values()}) == len(world.people) == 11
    body = {"instrument": "intake", "as_of": "2026-11-01", "answers": {}}
    statuses = {
        name: client_for(name).post("/api/v1/assessments", json=body).status_code
        for name in ("nobody", "interviewer", "auditor")
    }
    assert statuses == {"nobody": 401, "interviewer": 200, "auditor": 403}
