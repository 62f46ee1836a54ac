"""When to stop before going on: what the answers about the room, consent and rest call for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from indicators.answers import Answer
from indicators.errors import ContentError
from indicators.fields import Id
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf

_FILE: Final = "screening/sittings/stops.yaml"


class Stop(Content):
    """One answer that calls for stopping, what is said then, and the reason for a pause that fits."""

    question: Id
    answers: SomeOf[str]
    pause: Id | None = None
    says: Text


class _Stops(Content):
    stops: SomeOf[Stop]


def stops_for(answers: Mapping[str, Answer]) -> Sequence[Stop]:
    """What the answers call for, in the order of the content; nothing follows from what was not said."""
    return [
        stop
        for stop in all_stops()
        if stop.question in answers and answers[stop.question].value in stop.answers
    ]


@cache
def all_stops() -> Sequence[Stop]:
    """Every stop; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "sittings" / "stops.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(_Stops, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found.stops
