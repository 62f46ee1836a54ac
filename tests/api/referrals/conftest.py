"""Cases that were assessed, and what a day with referrals looks like over HTTP."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.services import ClientFor, World
from tests.sittings import CLEAR_ACCOUNT, Desk

API = "/api/v1"
WOMEN = "pam_shelter_women"


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class Counter:
    """What one test does with referrals over HTTP, as the interviewer unless told otherwise."""

    def __init__(self, world: World, client_for: ClientFor) -> None:
        self.world, self.client_for = world, client_for
        self.desk = Desk(world, count(1))
        self._clients: dict[str, TestClient] = {}

    def __getitem__(self, name: str) -> TestClient:
        if name not in self._clients:
            self._clients[name] = self.client_for(name)
        return self._clients[name]

    def case(self, answers: dict[str, Any] | None = None, **more: Any) -> str:
        """A case with a finished interview, of a clear account unless told otherwise."""
        interview = self.desk.begin()
        given = {**CLEAR_ACCOUNT, **more} if answers is None else answers
        self.desk.finish(interview, self.desk.save_all(interview, given))
        return self.desk.case_of(interview)

    def again(self, case: str, **answers: Any) -> None:
        """Another finished interview of the same case."""
        interview = self.desk.begin(case_id=case)
        self.desk.finish(interview, self.desk.save_all(interview, answers))

    def agree(self, case: str, service: str = WOMEN, state: str = "given") -> Any:
        body = {"purpose": "referral", "recipient": service, "state": state, "how": "spoken"}
        answer = self["interviewer"].post(f"{API}/cases/{case}/consents", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def write(self, case: str, who: str = "interviewer", headers: Any = None, **more: Any) -> Any:
        body = {"case": case, "route": "shelter", "service": WOMEN, **more}
        return self[who].post(f"{API}/referrals", json=body, headers=headers)

    def written(self, case: str | None = None, **more: Any) -> Any:
        """A referral to the shelter that the person agreed to."""
        if case is None:
            case = self.case()
        self.agree(case)
        answer = self.write(case, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def record(
        self, referral: str, event: str, who: str = "interviewer", seen: int | None = None, **more: Any
    ) -> Any:
        if seen is None:
            seen = self["supervisor"].get(f"{API}/referrals/{referral}").json()["version"]
        headers = {"If-Match": f'"{seen}"'}
        return self[who].post(
            f"{API}/referrals/{referral}/events", json={"event": event, **more}, headers=headers
        )

    def sent(self, **more: Any) -> Any:
        """A referral that left."""
        shown = self.written(**more)
        answer = self.record(shown["id"], "sent", how="accompanied")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def counter(world: World, client_for: ClientFor) -> Counter:
    return Counter(world, client_for)
