"""The gallery of all components, without a database: what these tests look at is the pages alone."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.pages.routes import add_pages
from api.pages.settings import PageSettings
from api.problems import add_problem_handlers
from api.requests import Surroundings
from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from tests.browsers import serve


def make_gallery(**settings: object) -> FastAPI:
    """An application that has the pages and nothing else."""
    app = FastAPI(openapi_url=None)
    add_problem_handlers(app)
    add_pages(app, PageSettings(gallery=True, **settings))  # type: ignore[arg-type]
    # What `Surroundings` tells its counters is no matter of the pages.
    app.state.metrics = SimpleNamespace(count_request=lambda *_: None)
    app.add_middleware(Surroundings)
    return app


@pytest.fixture(scope="session")
def pages() -> TestClient:
    return TestClient(make_gallery(), raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of the gallery, for a browser."""
    with serve(make_gallery()) as address:
        yield address


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()[0]
