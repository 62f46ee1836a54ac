"""Requests that schemathesis makes up from the description: valid ones and broken ones, by every role."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from screening.engines import Engines
from tests.api.http.filled import KINDS, Filled, open_filled, role_for, sqlite_in

SOAK: Final = bool(os.environ.get("SOAK"))
# For each operation, for each of valid and broken requests.
EXAMPLES: Final = int(os.environ.get("GENERATED", "100" if SOAK else "2"))

_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_TAG: Final = re.compile(r'"[0-9]{1,15}"\Z')
# Words of the content that a generator would never find.
_WORDS: Final = {
    "instrument": ("intake", "inspection"),
    "question": ("locked_in", "daily_hours", "documents_holder"),
    "route": ("shelter",),
    "service": ("pam_shelter_women",),
    "recipient": ("pam_shelter_women",),
    "purpose": ("interview", "record", "referral"),
    "role": ("interviewer", "auditor"),
    "rule_set": ("kuwait",),
}

CONFIG: Final = {
    # Who calls is said by the test: made-up tokens would hide everything behind a 401.
    "generation": {"with-security-parameters": False},
    "checks": {
        # The description cannot say which words the content has, or in which state a record is.
        "positive_data_acceptance": {
            "expected-statuses": [
                "2xx", "401", "403", "404", "409", "410", "412", "422", "428", "429", "503",
            ]
        },
        "negative_data_rejection": {
            "expected-statuses": [
                "400", "401", "403", "404", "405", "409", "410", "412", "413", "415", "422", "428", "429",
            ]
        },
        "missing_required_header": {"expected-statuses": ["401", "403", "404", "410", "422", "428"]},
    }
}  # fmt: skip


def put_in(value: Any, kind: str | None, ids: dict[str, list[str]]) -> Any:
    """The same value with records that are there in the place of well-formed ids, and words of the content.

    What is valid stays valid, and what is broken stays broken.
    """
    if isinstance(value, dict):
        return {key: put_in(inner, KINDS.get(str(key), str(key)), ids) for key, inner in value.items()}
    if isinstance(value, list):
        return [put_in(inner, kind, ids) for inner in value]
    if isinstance(value, str) and kind in ids and _ID.match(value):
        return ids[kind][int(value[-2:], 16) % len(ids[kind])]
    if isinstance(value, str) and kind in _WORDS and re.match(r"[a-z0-9_.-]{1,64}\Z", value):
        return _WORDS[kind][len(value) % len(_WORDS[kind])]
    return value


def aim(filled: Filled, case: Any) -> None:
    """Put records that are there into a request."""
    parts = case.operation.path.split("/")
    if isinstance(case.path_parameters, dict):
        for name, value in case.path_parameters.items():
            before = parts[parts.index("{" + name + "}") - 1]
            case.path_parameters[name] = put_in(value, KINDS.get(before, name), filled.ids)
    if isinstance(case.body, dict):
        case.body = put_in(case.body, None, filled.ids)
    if isinstance(case.query, dict):
        case.query = put_in(case.query, None, filled.ids)
    tag = case.headers.get("If-Match") if case.headers else None
    if isinstance(tag, str) and _TAG.match(tag):
        case.headers["If-Match"] = f'"{1 + len(tag) % 3}"'


@pytest.fixture(scope="module")
def filled(kuwait_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with open_filled(kuwait_engines, sqlite_in(tmp_path_factory.mktemp("generated"))) as found:
        yield found


@pytest.fixture(scope="module")
def schema(filled: Filled) -> Any:
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", filled.app, config=config)


def operations() -> list[str]:
    """Every operation by its name: the methods of the client, which are compared with the description."""
    from screening.client import Client
    from screening.client.connections import Connection

    return sorted(set(dir(Client)) - set(dir(Connection)))


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "broken"])
@pytest.mark.parametrize("name", operations())
def test_no_request_breaks_what_the_description_says(
    filled: Filled, schema: Any, name: str, mode: GenerationMode
) -> None:
    operation = schema.find_operation_by_id(name)
    permission = operation.definition.raw.get("x-permission")
    numbers = iter(range(10**9))

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        aim(filled, case)
        if permission is None:
            case.call_and_validate()
            return
        role = role_for(filled, permission, next(numbers))
        case.call_and_validate(headers={"Authorization": f"Bearer {role}"})

    try:
        send()
    except Unsatisfiable:
        pytest.skip("nothing in this request can be broken")


def test_ids_are_put_in_where_they_are_well_formed() -> None:
    ids = {"case": ["a" * 32]}
    assert put_in({"case": "0" * 32}, None, ids) == {"case": "a" * 32}
    assert put_in({"case": "0" * 31}, None, ids) == {"case": "0" * 31}
    assert put_in({"case": 5, "site": "0" * 32}, None, ids) == {"case": 5, "site": "0" * 32}


def test_there_is_something_of_every_kind(filled: Filled) -> None:
    assert set(KINDS.values()) <= set(filled.ids)


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="a long run only: `make soak`")
def test_long_run_was_long_and_never_failed(filled: Filled) -> None:
    statuses: Counter[str] = Counter()
    for metric in filled.app.state.metrics.registry.collect():
        if metric.name == "screening_requests":
            for sample in metric.samples:
                if sample.name.endswith("_total"):
                    statuses[sample.labels["status"]] += int(sample.value)
    print(sum(statuses.values()), dict(sorted(statuses.items())))
    assert sum(statuses.values()) >= 20_000
    # A second verification at the same moment would be 503; nobody else is here.
    assert not [status for status in statuses if status.startswith("5")]
