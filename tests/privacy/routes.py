"""Every route of the OpenAPI document called with markers in every text; new routes come by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import func, select

from api.access import access_of
from api.examples import example_ids
from screening.storage.tables.interviews import AnswerRevision
from tests.privacy.markers import Leak, Markers, search_headers, search_text
from tests.services import ClientFor, World

WRITES: Final = ("post", "put", "patch")
_HEX: Final = re.compile(r"[0-9a-f]{32}\Z")
# Who tries a route, the narrower roles first; a route is called by the first that it does not refuse.
_CALLERS: Final = (
    "interviewer",
    "inspector",
    "colleague",
    "supervisor",
    "administrator",
    "auditor",
    "reviewer",
    "approver",
    "interviewer_b",
)
_KINDS: Final = {
    "cases": "case",
    "interviews": "interview",
    "visits": "visit",
    "workplaces": "workplace",
    "break-glass": "break_glass",
    "assessments": "assessment",
    "referrals": "referral",
    "webhooks": "webhook",
    "accounts": "account",
    "sites": "site",
    "tokens": "token",
}


_STANDS_FOR: Final = {id: name for name, id in example_ids().items()} | {"KW-7Q4M-9KXD": "case_number"}


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    id: str
    schema: Mapping[str, Any] | None
    examples: tuple[Any, ...]
    parameters: tuple[Mapping[str, Any], ...]

    @property
    def kind(self) -> str | None:
        """The kind of record that its first segment names."""
        return _KINDS.get(self.path.removeprefix("/api/v1/").split("/")[0])

    @property
    def creates(self) -> bool:
        """Whether it makes a record of that kind."""
        return self.method == "post" and "{" not in self.path and self.kind is not None


@dataclass
class Day:
    """A working day over HTTP, with everything that was seen of it."""

    app: FastAPI
    client_for: ClientFor
    world: World
    markers: Markers
    # Bodies that no schema could tell, by operation id; `@name` in them stands for a record or a marker.
    given: Mapping[str, list[Any]]
    # Fields that look free to the schema and are not.
    words: frozenset[str] = frozenset()
    ids: dict[str, str] = field(default_factory=dict)
    leaks: set[Leak] = field(default_factory=set)
    planted_in: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    statuses: dict[str, set[int]] = field(default_factory=dict)
    callers_known: dict[str, str] = field(default_factory=dict)
    # Why a body with texts was not taken: the codes of the last answer.
    refusals: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.document = self.app.openapi()
        self.client = self.client_for("supervisor")
        self.permissions = {
            (method.lower(), route.path_format): access_of(route)
            for route in self.app.routes
            if isinstance(route, APIRoute)
            for method in route.methods
        }
        self.ids |= {
            "site": self.world.site_a,
            "account": self.world["colleague"].account_id,
            "service": self.world["service"].account_id,
        }

    def operations(self) -> list[Operation]:
        """Every operation, those that make records first, those that end them last."""
        found = [
            Operation(
                method,
                path,
                data["operationId"],
                _body(data),
                tuple(
                    one["value"]
                    for one in data.get("requestBody", {})
                    .get("content", {})
                    .get("application/json", {})
                    .get("examples", {})
                    .values()
                ),
                tuple(data.get("parameters", ())),
            )
            for path, methods in self.document["paths"].items()
            for method, data in methods.items()
        ]
        return sorted(found, key=_order)

    def run(self) -> None:
        """Call everything, with markers wherever a text is taken, and look at every answer."""
        for operation in self.operations():
            self.call_with_texts(operation)
            self.call_with_words(operation)
        for operation in self.operations():
            self.call_wrongly(operation)

    def call_with_texts(self, operation: Operation) -> None:
        """Call with every free text at once: it should be taken."""
        bodies: list[Any] = [None]
        if operation.schema is not None:
            bodies = [
                self.fill(operation, operation.schema, self.swap(operation, one), "")
                for one in self.examples(operation)
            ]
        for body in bodies:
            if self.send(operation, body, self.refusals) < 300:
                self.taken.add(operation.id)

    def call_with_words(self, operation: Operation) -> None:
        """Call with one closed field at a time holding a marker: it may be taken or refused, never shown."""
        if operation.schema is None:
            return
        schema = self.resolve(operation.schema)
        example = self.swap(operation, self.examples(operation)[0])
        for name in schema.get("properties", {}):
            where = f"{operation.id}.{name} (closed)"
            self.planted_in.add(where)
            self.send(operation, {**example, name: self.markers.core(where)})

    def call_wrongly(self, operation: Operation) -> None:
        """Call with markers in addresses, in parameters and headers, and in bodies that cannot be read.

        Names of keys are not among them: a refusal names the key, so that its sender finds it.
        """
        where = f"{operation.id} (wrong)"
        mark = self.markers.core
        path = re.sub(r"\{[a-z_]+\}", lambda _: mark(where), operation.path)
        client = self.client
        method = operation.method.upper()
        for answer in (
            client.request(method, path, params={"nobody_reads_this": mark(where)}),
            client.request(method, path, json={"nobody_reads_this": self.markers.text(where)}),
            client.request(
                method, self.address(operation), json={"nobody_reads_this": self.markers.text(where)}
            ),
            client.request(
                method,
                self.address(operation),
                params={one["name"]: mark(where) for one in operation.parameters if one["in"] == "query"},
                headers={"If-Match": f'"{mark(where)}"', "Idempotency-Key": mark(where)},
            ),
            client.request(
                method,
                self.address(operation),
                content=f'{{"name": "{mark(where)}",',
                headers={"Content-Type": "application/json"},
            ),
        ):
            self.look(operation, answer)

    def send(self, operation: Operation, body: Any, refusals: dict[str, list[str]] | None = None) -> int:
        """Send as the first caller who is allowed; return the status."""
        status = 0
        for name in self.callers(operation):
            client, headers = self.client, {"x-test-actor": name}
            if any(one["in"] == "header" and one["name"] == "If-Match" for one in operation.parameters):
                address = self.address(operation)
                shown = client.get(address, headers=headers)
                if "etag" not in shown.headers and operation.kind in self.ids:
                    record = "/".join(operation.path.split("/")[:4])
                    id = address.removeprefix(record).split("/")[1]
                    shown = client.get(f"{record}/{id}", headers=headers)
                headers["If-Match"] = shown.headers.get("etag", '"1"')
            answer = client.request(
                operation.method.upper(), self.address(operation), json=body, headers=headers
            )
            self.look(operation, answer)
            status = answer.status_code
            if status < 300:
                self.remember(operation, answer)
                self.callers_known[operation.id] = name
                return status
            if refusals is not None:
                faults = answer.json().get("faults", ())
                refusals[operation.id] = [f"{one['code']} {one['field']}" for one in faults]
            if status not in (401, 403, 404) and answer.json().get("code") not in ("S178", "S274"):
                return status
        return status

    def look(self, operation: Operation, answer: Any) -> None:
        """Look for markers in headers, and in what says that something went wrong."""
        self.statuses.setdefault(operation.id, set()).add(answer.status_code)
        place = f"{operation.method} {operation.path}"
        self.leaks |= search_headers(self.markers, answer.headers, f"headers of {place}")
        if answer.status_code >= 400:
            self.leaks |= search_text(self.markers, answer.text, f"problem document of {place}")

    def remember(self, operation: Operation, answer: Any) -> None:
        """Keep the ids of records that were made."""
        kind = answer.headers.get("content-type", "")
        found = answer.json() if kind == "application/json" else None
        if not isinstance(found, dict):
            return
        if operation.creates and operation.kind and isinstance(found.get("id"), str):
            # Site and colleague stay those of the world, where everybody works.
            if operation.kind == "case" and "case" not in self.ids:
                self.ids["case_number"] = found["number"]
            elif operation.kind == "case":
                self.ids["other_case"] = found["id"]
            if operation.kind == "interview" and "interview" in self.ids:
                self.ids["other_interview"] = found["id"]
            if operation.kind not in ("site", "account"):
                self.ids.setdefault(operation.kind, found["id"])
        if operation.id == "open_in_emergency":
            self.ids["break_glass"] = found["id"]
        if operation.id == "finish_interview":
            self.ids["assessment"] = found["id"]

    def callers(self, operation: Operation) -> Iterator[str]:
        """Who may be let in, by the permission of the route."""
        if operation.id in self.callers_known:
            yield self.callers_known[operation.id]
            return
        permission = self.permissions.get((operation.method, operation.path))
        known = self.world.service.permissions.permissions.get(permission or "")
        for name in _CALLERS:
            roles = self.world[name].roles
            if known is None or roles & set(known.reach):
                yield name

    def address(self, operation: Operation) -> str:
        """The path with the ids of records that are there."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name == "id" and operation.id == "abandon_interview":
                # The first one was finished.
                return self.ids.get("other_interview", "0" * 32)
            if name == "id":
                return self.ids.get(operation.kind or "", "0" * 32)
            return self.ids.get(name, {"role": "interviewer", "name": "overdue"}.get(name, "0" * 32))

        return re.sub(r"\{([a-z_]+)\}", value, operation.path)

    def examples(self, operation: Operation) -> list[Any]:
        """Bodies to begin with: those given, those of the description, or an empty one."""
        return self.given.get(operation.id) or list(operation.examples) or [{}]

    def swap(self, operation: Operation, example: Any) -> Any:
        """An example with the ids of records that are there."""
        if isinstance(example, dict):
            return {key: self.swap(operation, value) for key, value in example.items()}
        if isinstance(example, list):
            return [self.swap(operation, value) for value in example]
        if example == "@marker":
            where = f"{operation.id} (any value)"
            self.planted_in.add(where)
            return self.markers.text(where)
        if example == "@last_seq":
            with self.world.service.database.reading() as session:
                return session.scalar(select(func.max(AnswerRevision.seq))) or 0
        if isinstance(example, str):
            name = _STANDS_FOR.get(example, example.removeprefix("@"))
            return self.ids.get(name, example)
        return example

    def fill(self, operation: Operation, schema: Mapping[str, Any], example: Any, path: str) -> Any:
        """The example with a marker in every free text, also in those that it left out."""
        schema = self.resolve(schema)
        if schema.get("type") == "object" and "properties" in schema:
            filled = dict(example) if isinstance(example, dict) else {}
            for name, inner in schema["properties"].items():
                inner = self.resolve(inner)
                where = f"{path}.{name}".lstrip(".")
                if is_free(inner) and f"{operation.id}.{where}" not in self.words:
                    filled[name] = self.mark(operation, inner, where)
                elif name in filled or "properties" in inner:
                    found = self.fill(operation, inner, filled.get(name), where)
                    filled |= {name: found} if name in filled or found else {}
            return filled
        if schema.get("type") == "array" and isinstance(example, list):
            return [self.fill(operation, schema.get("items", {}), one, path) for one in example]
        return example

    def mark(self, operation: Operation, schema: Mapping[str, Any], path: str) -> str:
        """A marker for one free text, which counts as planted."""
        where = f"{operation.id}.{path}"
        self.planted_in.add(where)
        if not _takes(schema, "mk a"):
            return self.markers.number(where)
        return self.markers.text(where, schema.get("maxLength", 60))

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a schema says, behind references and without the null it may also be."""
        while True:
            if "$ref" in schema:
                schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            elif "anyOf" in schema:
                schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
            else:
                return schema


def _body(data: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = data.get("requestBody", {}).get("content", {})
    found: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
    return found


def _order(operation: Operation) -> tuple[int, int, str, str]:
    ends = operation.method == "delete" or operation.id in _LAST
    kinds = list(_FIRST)
    rank = kinds.index(operation.id) if operation.id in _FIRST else len(kinds)
    rank += operation.id == "erase_case"
    return (2 if ends else 0 if operation.method in WRITES else 1, rank, operation.path, operation.method)


# What others need stands first; what ends a record stands last.
_FIRST: Final = (
    "add_site",
    "create_case",
    "find_or_create_workplace",
    "create_visit",
    "create_interview",
    "save_answer",
    "save_several_answers",
    "change_identity",
    "record_consent",
    "open_in_emergency",
    "review_break_glass",
    "pause_interview",
    "resume_interview",
    "hand_over_interview",
    "finish_interview",
    "decide_on_assessment",
    "write_new_referral",
    "record_referral_event",
    "add_receiving_system",
    "create_account",
)
_LAST: Final = frozenset(
    {"abandon_interview", "change_case", "change_visit", "erase_case", "run_retention", "change_account"}
)


def is_free(schema: Mapping[str, Any]) -> bool:
    """Whether people write what they like into this field: letters in any script, or a long number."""
    if schema.get("type") != "string" or "enum" in schema or "const" in schema or "format" in schema:
        return False
    return _takes(schema, "mk زمرد") or (_takes(schema, "1" * 14) and not _takes(schema, "mk_a"))


def _takes(schema: Mapping[str, Any], text: str) -> bool:
    if len(text) > schema.get("maxLength", 10_000):
        return False
    pattern = schema.get("pattern")
    return pattern is None or re.search(pattern, text) is not None
