"""The limits of the field form that are choices and not law, read from `policies.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import Field

from indicators.errors import ContentError
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml

_FILE: Final = "screening/field_records/policies.yaml"


class Limit(Content):
    """One limit and what it limits."""

    value: Annotated[int, Field(ge=1)]
    label: Text


class FieldPolicies(Content):
    """Every limit."""

    idle_minutes: Limit
    warn_days: Limit
    passphrase_letters: Limit
    passphrase_rounds: Limit
    records_at_once: Limit
    padded_to: Limit
    key_days: Limit
    oldest_days: Limit
    renew_days: Limit

    def for_devices(self) -> dict[str, int]:
        """What a device needs of them."""
        names = set(type(self).model_fields) - {"key_days", "oldest_days"}
        return {name: getattr(self, name).value for name in sorted(names)}


@cache
def field_policies() -> FieldPolicies:
    """The shipped limits; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "field_records" / "policies.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(FieldPolicies, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found
