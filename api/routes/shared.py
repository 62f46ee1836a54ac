"""What routes take from the request: engines, settings, the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant

from api.access import api_routes
from api.languages import choose_language
from api.problems import refuse
from api.settings import Settings
from indicators.errors import nearest
from screening.clock import today_in_kuwait
from screening.engines import Engines, Rules
from screening.interviews import DEFAULT_RULE_SET
from screening.phrases import Language


def engines_of(request: Request) -> Engines:
    """The engines that the application holds."""
    return cast(Engines, request.app.state.engines)


def settings_of(request: Request) -> Settings:
    """The settings that the application was started with."""
    return cast(Settings, request.app.state.settings)


def language_of(request: Request) -> Language:
    """The language to answer in."""
    return choose_language(request.headers.get("accept-language"))


def refuse_parameters(request: Request, *known: str) -> None:
    """End the request if its address has a parameter that nobody reads: silence would look like obedience."""
    for name in request.query_params:
        if name not in known:
            raise refuse("S027", field=name, key=name, nearest=nearest(name, known))


def refuse_unlisted_parameters(request: Request) -> None:
    """The same for every address of the interface: a parameter is read if its route declares it."""
    path = getattr(request.scope.get("route"), "path", "")
    if not request.query_params or not path.startswith("/api/"):
        return
    state = request.app.state
    if not hasattr(state, "declared_parameters"):
        state.declared_parameters = {
            (route.path, method): tuple(_declared(route.dependant))
            for route in api_routes(request.app)
            for method in route.methods or ()
        }
    refuse_parameters(request, *state.declared_parameters[path, request.scope["method"]])


def _declared(dependant: Dependant) -> Iterator[str]:
    yield from (one.alias for one in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _declared(inner)


def rules_in_force(engines: Engines, rule_set: str = DEFAULT_RULE_SET) -> Rules:
    """The rules of a rule set that are in force today."""
    return engines.rules_for(rule_set, None, today_in_kuwait())


EnginesHeld = Annotated[Engines, Depends(engines_of)]
SettingsHeld = Annotated[Settings, Depends(settings_of)]
ReaderLanguage = Annotated[Language, Depends(language_of)]
