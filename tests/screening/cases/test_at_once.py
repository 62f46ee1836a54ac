"""Two at once: what reads, decides and writes stands in line, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import func, select

from screening.cases import cases, consents, identities, workplaces
from screening.refusals import Refused
from screening.storage.tables.cases import Case, Identity
from screening.storage.tables.sites import Workplace
from tests.screening.cases.test_cases import SERVICES, open_case
from tests.services import World

Result = TypeVar("Result")
MANY = 8


def at_once(call: Callable[[int], Result]) -> list[Result]:
    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(call, range(MANY)))


def test_one_key_is_one_case_and_one_name_one_workplace(world: World) -> None:
    def create(_: int) -> tuple[str, str]:
        with world.service.work(world["interviewer"]) as work:
            case = cases.create_case(work, world.site_a, client_key="the same")
            place, _made = workplaces.find_or_create(work, kind="household", name="The Lilac House")
            return case.id, place.id

    assert len(set(at_once(create))) == 1
    with world.service.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalar(select(func.count()).select_from(Workplace)) == 1


def test_every_consent_is_kept_in_order(world: World) -> None:
    case_id = open_case(world)

    def record(number: int) -> int:
        with world.service.work(world["interviewer"]) as work:
            state = "given" if number % 2 else "refused"
            return consents.record_consent(
                work, case_id, purpose="contact", state=state, how="spoken", services=SERVICES
            ).seq

    assert sorted(at_once(record)) == list(range(1, MANY + 1))


def test_of_several_writers_of_one_identity_one_gets_through(world: World) -> None:
    case_id = open_case(world)

    def write(number: int) -> Any:
        try:
            with world.service.work(world["interviewer"]) as work:
                return identities.write_identity(work, case_id, {"notes": f"note {number}"}, seen=0)
        except Refused as error:
            return error.faults[0].code

    outcomes = at_once(write)
    assert outcomes.count("S232") == MANY - 1
    with world.service.database.reading() as session:
        assert session.get_one(Identity, case_id).version == 1
