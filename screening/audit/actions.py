"""What the actions of the audit chain are called, read from `actions.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from pydantic import Field

from indicators.errors import ContentError
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf

_FILE: Final = "screening/audit/actions.yaml"


class AuditAction(Content):
    """An action and what it is called; `sensitive` ones are what auditors look at first."""

    id: str = Field(pattern=r"^[a-z_]+(\.[a-z_]+)?$")
    label: Text
    sensitive: bool = False


class _Actions(Content):
    actions: SomeOf[AuditAction]


@cache
def audit_actions() -> Mapping[str, AuditAction]:
    """Every action by id, in the order of the file; raises `ContentError` with every fault of it."""
    node, faults = parse_yaml((files("screening") / "audit" / "actions.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(_Actions, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return MappingProxyType({one.id: one for one in found.actions})
