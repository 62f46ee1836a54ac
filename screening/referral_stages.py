"""The stages of the referral mechanism and the duty-to-report setting: data that people configure.

No rule and no outcome depends on either; a wrong file is refused with every fault of it at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, TypeVar

from pydantic import Field

from indicators.errors import ContentError, Fault, fault, nearest
from indicators.fields import Id
from indicators.models import Citation, Content, Source, Text
from indicators.nodes import Node
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf

STAGES_FILE = "stages.yaml"
DUTY_FILE = "duty_to_report.yaml"


class Stage(Content):
    """One stage: who holds it, what comes in, what goes out, and in how many days if a limit was set."""

    id: Id
    working_title: Text
    owner: Text
    input: Text
    output: Text
    time_limit_days: Annotated[int, Field(ge=0)] | None
    sources: SomeOf[Citation]


class ReferralMechanism(Content):
    """The stages in their order; `titles_are` says whether their titles are official."""

    mechanism: Id
    title: Text
    titles_are: Literal["working", "official"]
    note: Text
    stages: SomeOf[Stage]


class DutyChoice(Content):
    """One value of the setting: what then happens, and what the person is told before the questions."""

    id: Id
    label: Text
    what_happens: Text
    said_before: Text


class DutyToReport(Content):
    """The setting as it stands, with its explanation; `awaiting` says who has yet to confirm it."""

    setting: Id
    title: Text
    value: Id
    awaiting: Text | None = None
    explanation: Text
    values: SomeOf[DutyChoice]
    sources: SomeOf[Citation]

    @property
    def chosen(self) -> DutyChoice:
        """The value that applies now."""
        return next(item for item in self.values if item.id == self.value)


Model = TypeVar("Model", ReferralMechanism, DutyToReport)


def load_referral_mechanism(
    sources: Mapping[str, Source], folder: Traversable | None = None
) -> ReferralMechanism:
    """Return the stages; raises `ContentError` with every fault of the file."""
    node, faults = _read(STAGES_FILE, folder)
    found = None if node is None else validate(ReferralMechanism, node, faults)
    if node is not None and found is not None:
        faults += _named_twice("stage", [stage.id for stage in found.stages], node.follow(["stages"]))
        for stage, inner in zip(found.stages, node.follow(["stages"]).items, strict=True):
            faults += _unknown_sources(stage.sources, sources, inner)
    return _given(found, faults)


def load_duty_to_report(sources: Mapping[str, Source], folder: Traversable | None = None) -> DutyToReport:
    """Return the setting with its explanation; raises `ContentError` with every fault of the file."""
    node, faults = _read(DUTY_FILE, folder)
    found = None if node is None else validate(DutyToReport, node, faults)
    if node is not None and found is not None:
        choices = [item.id for item in found.values]
        faults += _named_twice("value", choices, node.follow(["values"]))
        faults += _unknown_sources(found.sources, sources, node)
        if found.value not in choices:
            faults.append(
                node.fault(
                    "C005",
                    at="value",
                    value=found.value,
                    key="value",
                    choices=", ".join(choices),
                    nearest=nearest(found.value, choices),
                )
            )
    return _given(found, faults)


def _read(name: str, folder: Traversable | None) -> tuple[Node | None, list[Fault]]:
    where = folder if folder is not None else files("screening") / "referral_mechanism"
    file = f"screening/referral_mechanism/{name}"
    path = where / name
    if not path.is_file():
        return None, [fault("R001", path=file)]
    return parse_yaml(path.read_bytes(), file)


def _unknown_sources(cited: Sequence[Citation], sources: Mapping[str, Source], node: Node) -> Iterator[Fault]:
    for number, citation in enumerate(cited):
        if citation.source not in sources:
            place = node.follow(["sources", number])
            yield place.fault("R016", name=citation.source, nearest=nearest(citation.source, sources))


def _named_twice(kind: str, names: Sequence[str], node: Node) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, name in enumerate(names):
        inner = node.follow([number])
        if name in first:
            yield inner.fault("C008", kind=kind, id=name, first=f"{inner.file}:{first[name]}")
        else:
            first[name] = inner.line or 0


def _given(found: Model | None, faults: list[Fault]) -> Model:
    # A missing translation counts here: both texts are read to people, and there is no draft of them.
    if found is None or faults:
        raise ContentError(faults)
    return found
