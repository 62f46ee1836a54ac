"""The service, started once for all tests of it, with its real engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from tests.services import fresh_settings


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the whole application: middleware, problem documents, worker processes."""
    with TestClient(
        create_app(fresh_settings(tmp_path_factory.mktemp("api"))), raise_server_exceptions=False
    ) as held:
        yield held
