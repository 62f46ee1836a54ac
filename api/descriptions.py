"""The description of the interface, OpenAPI 3.1: what routes say of themselves, and what is true of all."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import RouteContext

from api.access import PUBLIC, access_of, api_routes
from api.bodies.reading import body_of, describe_bodies
from api.examples import operation_examples
from api.problems import Problem, ProblemFault, problem_responses
from api.repetitions import REPLAYED

_SECURITY: Final[dict[str, Any]] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-screening",
        "description": "Set by signing in. Every change also needs the header `X-CSRF-Token` of the session.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of another system or a device, with scopes and an end.",
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description of an application, made once."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        describe_bodies(app, schema, operation_examples())
        components = schema.setdefault("components", {})
        components["securitySchemes"] = _SECURITY
        schemas = components.setdefault("schemas", {})
        for model in (Problem, ProblemFault):
            form = model.model_json_schema(ref_template="#/components/schemas/{model}")
            form.pop("$defs", None)
            schemas[model.__name__] = form
        # What FastAPI would say by itself about a wrong request never happens: problem documents do.
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for route in api_routes(app):
            for method in route.methods or ():
                operation = schema["paths"].get(route.path_format, {}).get(method.lower())
                # Beneath one address there can be a page as well, which is not described.
                if operation is not None and operation.get("operationId") == route.unique_id:
                    _complete(route, operation)
        app.openapi_schema = schema
    return app.openapi_schema


def _complete(route: RouteContext, operation: dict[str, Any]) -> None:
    """Say what follows from how a route is made: who may call it, and every way in which it can fail."""
    headers = {one["name"].lower() for one in operation.get("parameters", ()) if one["in"] == "header"}
    in_path = any(one["in"] == "path" for one in operation.get("parameters", ()))
    permission = access_of(route)
    statuses = {422, 429}
    if permission != PUBLIC:
        operation["security"] = [{"session": []}, {"token": []}]
        operation["x-permission"] = permission
        statuses |= {401, 403, 503, 507} | ({410} if in_path else set())
    if in_path:
        statuses |= {404, 422}
    if body_of(route) is not None or "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
    for one in operation.get("parameters", ()):
        if one["name"].lower() == "if-match":
            # Only its absence has a status of its own, so it is not required where it is read.
            one |= {"required": True, "schema": {"type": "string", "pattern": '^"[0-9]{1,15}"$'}}
            statuses |= {412, 428}
    if "idempotency-key" in headers:
        statuses |= {409, 410, 422}
    responses = operation["responses"]
    # Where FastAPI wrote its own 422, ours stands in its place.
    responses.pop("422", None)
    for status, response in problem_responses(*sorted(statuses)).items():
        responses.setdefault(str(status), response)
    operation["responses"] = dict(sorted(responses.items()))
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            _describe_headers(response, status, headers)


def _describe_headers(response: dict[str, Any], status: str, headers: set[str]) -> None:
    text = {"schema": {"type": "string"}}
    found = {"X-Request-Id": {"description": "names the request in the log", **text}}
    if "idempotency-key" in headers:
        found[REPLAYED] = {"description": "`true` where an earlier answer is given again", **text}
    if status == "201":
        found["Location"] = {"description": "the address of what was made", **text}
    response.setdefault("headers", {}).update(found)
