"""The application: routes, their shared state, and what surrounds every request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

import anyio
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError

from api.access import check_routes
from api.bodies.reading import on_invalid_request
from api.descriptions import describe
from api.field.routes import field_routes
from api.metrics import Metrics
from api.pages.routes import add_pages
from api.problems import add_problem_handlers
from api.referring import prepare_referrals
from api.requests import Surroundings
from api.routes import (
    accounts,
    assessments,
    audit,
    cases,
    catalogue,
    final_assessments,
    health,
    interviews,
    me,
    metrics,
    organisations,
    privacy,
    queues,
    referrals,
    rights_card,
    rules,
    sign_in,
    sites,
    stages,
    statistics,
    tokens,
    visits,
    webhooks,
    workplaces,
)
from api.routes.shared import refuse_unlisted_parameters
from api.settings import Settings
from api.signing_in import prepare_signing_in
from screening.clock import today_in_kuwait
from screening.drafting.workshops import Workshop
from screening.engines import Engines
from screening.installations import Tell, be_quiet, open_installation
from screening.interviews import DEFAULT_RULE_SET
from screening.work import Service

TITLE = "Screening rules engine"
SUMMARY = (
    "Structured interview answers in, explained referral recommendations out. It recommends; people decide."
)


def create_app(
    settings: Settings,
    engines: Engines | None = None,
    service: Service | None = None,
    tell: Tell = be_quiet,
) -> FastAPI:
    """The application on the database that the settings name, or on a service that is open already.

    Raises `ContentError` if the content cannot be loaded and `Refused` if database or keys cannot be used,
    before anything is served; nothing is left open then. When it stops it closes everything, but not a
    service that was given to it.
    """
    with ExitStack() as undo:
        held = engines
        if held is None:
            held = (
                service.engines
                if service is not None
                else Engines(
                    workers=settings.workers,
                    revisions=settings.revisions_folder,
                    time_limit=settings.engine_seconds,
                )
            )
            if service is None:
                undo.callback(held.close)
        held.program_for(DEFAULT_RULE_SET, None, today_in_kuwait())
        running = service
        if running is None:
            running = open_installation(settings, held, tell=tell)
            undo.callback(running.close)
        app = assemble()
        attach(app, settings, held, running, own=service is None)
        undo.pop_all()
    return app


def assemble() -> FastAPI:
    """Every route and what surrounds a request, not yet on a service.

    Raises `RuntimeError` naming the routes that do not say who may call them.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.deliveries.start()
        yield
        await anyio.to_thread.run_sync(app.state.deliveries.stop)
        await anyio.to_thread.run_sync(app.state.close)

    # The interactive pages of FastAPI load scripts from elsewhere, so they stay off.
    app = FastAPI(
        title=TITLE,
        summary=SUMMARY,
        version=_version(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
        dependencies=[Depends(refuse_unlisted_parameters)],
        # The name of its function, so that the client's methods can be called the same.
        generate_unique_id_function=lambda route: route.name,
    )
    for part in (
        health,
        assessments,
        catalogue,
        rules,
        cases,
        workplaces,
        visits,
        interviews,
        final_assessments,
        privacy,
        referrals,
        stages,
        queues,
        webhooks,
        rights_card,
        audit,
        statistics,
        metrics,
        sign_in,
        organisations,
        me,
        accounts,
        tokens,
        sites,
    ):
        app.include_router(part.router)
    add_problem_handlers(app)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    add_pages(app, desk=True)
    app.include_router(field_routes(app))
    app.add_middleware(Surroundings)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    check_routes(app)
    return app


def attach(app: FastAPI, settings: Settings, engines: Engines, service: Service, *, own: bool) -> None:
    """Put an assembled application on an open service; with `own` it closes that and the engines at its end.

    Raises `ContentError` with what is wrong in a file that the settings name.
    """

    def close() -> None:
        if own:
            engines.close()
            service.close()

    state = app.state
    state.settings = settings
    state.engines = engines
    state.service = service
    state.close = close
    state.metrics = Metrics()
    state.metrics.watch(service)
    state.workshop = Workshop()
    prepare_signing_in(app, service, settings)
    state.waiting = anyio.CapacityLimiter(settings.most_waiting)
    state.deliveries = prepare_referrals(app, service, settings)


def _version() -> str:
    try:
        return version("kuwait-screening")
    except PackageNotFoundError:
        return "0"
