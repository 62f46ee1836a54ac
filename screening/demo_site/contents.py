"""What the demonstration site is made of, as data."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated, Final, Literal

from pydantic import Field

from indicators.errors import ContentError
from indicators.fields import Id
from indicators.models import Content, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.people.sites import SiteKind
from screening.phrases import Language

_FILE: Final = "screening/demo_site/site.yaml"

STEPS: Final = ("open", "paused", "finished", "decided", "consented", "referred", "answered")
Until = Literal["open", "paused", "finished", "decided", "consented", "referred", "answered"]


class DemoSite(Content):
    """A site of the demonstration."""

    id: Id
    code: str
    kind: SiteKind
    name: Text


class DemoPerson(Content):
    """Somebody invented who works there."""

    id: Id
    sign_in: str
    name: str
    role: Id
    site: Id | None
    language: Language


class Story(Content):
    """One of the invented interviews, who held it when, and how far it went."""

    interview: str
    by: Id
    days_ago: Annotated[int, Field(ge=0)]
    until: Until
    # The recommended route that was taken; the most urgent with a service if none is named.
    route: Id | None = None
    stage: Id | None = None
    rest_days: Annotated[int, Field(ge=1)] | None = None

    def reached(self, step: Until) -> bool:
        """Whether the story went as far as this."""
        return STEPS.index(step) <= STEPS.index(self.until)


class DemoContents(Content):
    """The whole demonstration."""

    sites: SomeOf[DemoSite]
    people: SomeOf[DemoPerson]
    stories: SomeOf[Story]


def load_demo_contents() -> DemoContents:
    """Return what the demonstration is made of; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "demo_site" / "site.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(DemoContents, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found
