"""What an operator should know at the start although it stops nothing: connections that others could read."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final

from sqlalchemy import URL, make_url

from api.settings import Settings
from indicators.errors import Fault, fault
from screening.people.settings import LOOPBACK_NAMES
from screening.settings import variable

# The only mode in which the database's server has to show who it is.
_CHECKED: Final = "verify-full"
# What the library of PostgreSQL takes where nothing is said.
_USUAL_MODE: Final = "prefer"


def find_cautions(settings: Settings, environment: Mapping[str, str]) -> tuple[Fault, ...]:
    """What to tell who starts the service: S042 for the database, S043 for browsers; nothing if all is well.

    The address of the database has to be one that can be opened.
    """
    found = []
    database = make_url(settings.address)
    if database.get_backend_name() == "postgresql":
        mode = _option(database, "sslmode") or environment.get("PGSSLMODE") or _USUAL_MODE
        away = [host for host in _hosts(database, environment) if not _is_here(host)]
        if away and mode != _CHECKED:
            found.append(fault("S042", value=away[0], key=mode))
    if settings.is_plain_http and not _is_here(settings.host):
        found.append(fault("S043", value=settings.host, key=variable("public_url")))
    return tuple(found)


def _hosts(database: URL, environment: Mapping[str, str]) -> list[str]:
    named = database.host or _option(database, "host") or environment.get("PGHOST") or ""
    return [one.strip() for one in named.split(",") if one.strip()]


def _option(database: URL, name: str) -> str:
    given = database.query.get(name, "")
    return given if isinstance(given, str) else ",".join(given)


def _is_here(host: str) -> bool:
    """Whether nothing leaves this machine on the way to a host: a socket, or one of its own addresses."""
    if host.startswith(("/", "@")) or host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
