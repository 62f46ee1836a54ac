"""What an actor may do, and how far it reaches; what nobody wrote down is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import Field

from indicators.errors import ContentError
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.refusals import refused
from screening.storage.tables.people import ROLES

_FILE: Final = "screening/people/roles.yaml"

Reach = Literal["own", "site", "all"]
ActorKind = Literal["person", "service", "system"]


class RoleName(Content):
    """A role and what it is called."""

    id: str
    label: Text


class Permission(Content):
    """One thing that can be done, and by which role how far."""

    id: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$")
    label: Text
    reach: dict[str, Reach]


class Roles(Content):
    """Every role and permission."""

    roles: SomeOf[RoleName]
    permissions: SomeOf[Permission]


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, at one site or, with None, at every site."""

    role: str
    site_id: str | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account with its grants, through a session or a token; or the system itself."""

    account_id: str
    kind: ActorKind
    grants: frozenset[Grant]
    # The permissions a token was issued for; None for a session: all that the roles allow.
    scopes: frozenset[str] | None = None
    session_id: str | None = None
    token_id: str | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The roles it has anywhere."""
        return frozenset(grant.role for grant in self.grants)


# Runs what nobody asked for: retention, deliveries, the first start.
SYSTEM: Final = Actor("system", "system", frozenset())


@dataclass(frozen=True, slots=True)
class Allowed:
    """How far a permission reaches for one actor.

    `sites` are those whose every record it may touch, `own_sites` those where it may touch its own; None
    stands for every site.
    """

    sites: frozenset[str] | None
    own_sites: frozenset[str] | None

    @property
    def anywhere(self) -> bool:
        """Whether it reaches anything at all."""
        return self.sites is None or self.own_sites is None or bool(self.sites) or bool(self.own_sites)

    def whole_site(self, site_id: str) -> bool:
        """Whether it reaches every record of a site."""
        return self.sites is None or site_id in self.sites


class Permissions:
    """The table of roles and permissions."""

    def __init__(self, roles: Roles) -> None:
        self.roles: Mapping[str, RoleName] = {role.id: role for role in roles.roles}
        self.permissions: Mapping[str, Permission] = {item.id: item for item in roles.permissions}

    def allowed(self, actor: Actor, permission: str) -> Allowed:
        """How far the permission reaches for the actor; nowhere if no role or scope gives it."""
        reach = self.permissions[permission].reach
        if actor.kind == "system" or (actor.scopes is not None and permission not in actor.scopes):
            return Allowed(frozenset(), frozenset())
        whole: set[str | None] = set()
        own: set[str | None] = set()
        for grant in actor.grants:
            how_far = reach.get(grant.role)
            if how_far == "all":
                whole.add(None)
            elif how_far == "site":
                whole.add(grant.site_id)
            elif how_far == "own":
                own.add(grant.site_id)
        return Allowed(_sites(whole), _sites(own))

    def require(self, actor: Actor, permission: str) -> Allowed:
        """The same, but raises `Refused` with S121 if it reaches nothing."""
        found = self.allowed(actor, permission)
        if not found.anywhere:
            raise refused("S121", value=permission)
        return found


@cache
def load_permissions() -> Permissions:
    """Return the shipped table, read once; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "people" / "roles.yaml").read_bytes(), _FILE)
    roles = None if node is None else validate(Roles, node, faults)
    if roles is None or faults:
        raise ContentError(tuple(faults))
    _check(roles)
    return Permissions(roles)


def _check(roles: Roles) -> None:
    known = {role.id for role in roles.roles}
    if known != set(ROLES):
        raise ValueError("roles.yaml and the table of memberships name different roles")
    for permission in roles.permissions:
        if unknown := set(permission.reach) - known:
            raise ValueError(f"{permission.id} names unknown roles {sorted(unknown)}")


def _sites(found: set[str | None]) -> frozenset[str] | None:
    return None if None in found else frozenset(site for site in found if site is not None)
