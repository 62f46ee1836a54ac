"""Bodies of requests: read as strictly as content, into closed models, with every fault named at once.

    class NewCase(Body):
        site: Id
        note: Text | None = None

    @router.post("/cases", status_code=201, responses=problem_responses(…))
    def open_case(caller: Caller = requires("cases.create"), body: NewCase = reads(NewCase)) -> CaseShown: …

The caller stands before the body: who may not call is told so before his body is looked at. The description
of the interface takes the model from `reads`, and its examples from `api/examples/<operation id>.yaml`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeVar, cast

from fastapi import Depends, FastAPI, Path, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import RouteContext
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from api.access import api_routes
from api.problems import RequestRefused, refuse, respond
from api.requests import read_json_body
from api.settings import Settings
from indicators.errors import Fault, fault, listed, nearest
from indicators.json_reading import parse_json
from indicators.nodes import Node

Model = TypeVar("Model", bound=BaseModel)

_MARK: Final = "__screening_body__"
# PostgreSQL takes no NUL, and no other sign below the space belongs into what people type.
_CONTROL: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

# An opaque id of a record, as the service gives them out.
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
# An id of the content, or a word of a closed list.
ContentId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.-]{1,64}$")]
# The id of a record in an address: what has another form is no address of anything (S022, 404).
RecordId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
# What the client calls one thing that it saves, so that it can send it twice: a random UUID will do.
ClientKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]
# One line that somebody typed, and a text of several.
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_CONTROL)]
Note = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=_CONTROL)]


class Body(BaseModel):
    """The parent of every body: closed, frozen, and nothing is converted from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Raw:
    """The bytes of a body, or why it cannot be read: told when somebody asks, after the caller is known."""

    def __init__(self, held: bytes | RequestRefused) -> None:
        self._held = held

    def read(self) -> bytes:
        """The bytes of a JSON body, none if there is no body at all; raises `RequestRefused`."""
        if isinstance(self._held, RequestRefused):
            raise self._held
        return self._held


async def read_raw(request: Request) -> Raw:
    """The body of a request, read once, and never more of it than the limit."""
    headers = request.headers
    if "transfer-encoding" not in headers and headers.get("content-length", "0").strip() == "0":
        return Raw(b"")
    settings = cast(Settings, request.app.state.settings)
    try:
        return Raw(await read_json_body(request, settings.largest_body_kib))
    except RequestRefused as refused:
        return Raw(refused)


RawBody = Annotated[Raw, Depends(read_raw)]


def reads(model: type[Model]) -> Any:
    """A dependency that gives the body as a model; raises `RequestRefused` with all that is wrong with it."""

    def read(raw: RawBody) -> Model:
        return read_body(raw.read(), model)

    setattr(read, _MARK, model)
    return Depends(read)


def read_body(raw: bytes, model: type[Model]) -> Model:
    """The model that a JSON text describes; S237 to S242 name each key, and never repeat what it held."""
    if not raw:
        raise refuse("S024")
    node, faults = parse_json(raw)
    if node is None or faults:
        # What cannot be read as JSON at all is the sender's syntax, not its content.
        raise RequestRefused(faults, 400 if node is None else 422)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise RequestRefused(explain_faults(error.errors(include_url=False), model, node)) from error


def explain_faults(details: Any, model: type[BaseModel] | None, node: Node | None) -> list[Fault]:
    """The faults of a body, from what pydantic says about it."""
    found = [_explain(detail, model, node) for detail in details]
    meant = {one.slots["nearest"] for one in found if "nearest" in one.slots}
    return [one for one in found if one.code != "S237" or one.slots.get("key") not in meant]


def _explain(detail: Any, model: type[BaseModel] | None, node: Node | None) -> Fault:
    path, kind, context = tuple(detail["loc"]), detail["type"], detail.get("ctx", {})
    field = ".".join(str(step) for step in path) or None
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    line = None if node is None else node.follow(path).line
    if kind == "missing":
        return fault("S237", field=field, line=line, key=key)
    if kind == "extra_forbidden":
        known = model.model_fields if model is not None and len(path) == 1 else ()
        return fault("S238", field=field, line=line, key=key, nearest=nearest(key, known))
    if kind in ("literal_error", "enum"):
        words = [
            word.strip(" '") for word in str(context.get("expected", "")).replace(" or ", ",").split(",")
        ]
        return fault("S240", field=field, line=line, key=key, choices=listed(words))
    if kind in ("string_too_long", "too_long", "less_than_equal", "less_than"):
        limit = context.get("max_length", context.get("le", context.get("lt")))
        return fault("S241", field=field, line=line, key=key, limit=str(limit))
    if kind in ("string_too_short", "too_short", "greater_than_equal", "greater_than"):
        limit = context.get("min_length", context.get("ge", context.get("gt")))
        return fault("S242", field=field, line=line, key=key, limit=str(limit))
    return fault("S239", field=field, line=line, key=key)


def on_invalid_request(request: Request, error: Exception) -> Response:
    """What a request says that FastAPI itself reads: addresses, parameters, headers."""
    if not isinstance(error, RequestValidationError):
        raise error
    faults: list[Fault] = []
    for detail in error.errors():
        place, *path = detail["loc"]
        if place == "path":
            return respond(request, [fault("S022")], 404)
        if place == "body":
            faults += explain_faults([{**detail, "loc": tuple(path)}], None, None)
        else:
            key = str(path[0]) if path else ""
            faults.append(fault("S236", field=key, key=key))
    return respond(request, faults)


def body_of(route: RouteContext) -> type[BaseModel] | None:
    """The model of a route's body, if it reads one with `reads`."""
    return _find(route.dependant)


def describe_bodies(app: FastAPI, schema: dict[str, Any], examples: dict[str, Any]) -> None:
    """Add the bodies of all routes to the OpenAPI description, with their examples by operation id."""
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    for route in api_routes(app):
        model = body_of(route)
        if model is None or not route.include_in_schema:
            continue
        form = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
        for name, inner in [*form.pop("$defs", {}).items(), (model.__name__, form)]:
            if components.setdefault(name, inner) != inner:
                raise RuntimeError(f"two models that differ are called {name}")
        content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
        for method in route.methods or ():
            operation = schema["paths"][route.path_format].get(method.lower())
            if operation is None:
                continue
            if operation.get("operationId") in examples:
                content["examples"] = examples[operation["operationId"]]
            operation["requestBody"] = {"required": True, "content": {"application/json": content}}


def _find(dependant: Dependant) -> type[BaseModel] | None:
    for inner in dependant.dependencies:
        mark = getattr(inner.call, _MARK, None) or _find(inner)
        if isinstance(mark, type):
            return mark
    return None
