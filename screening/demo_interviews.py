"""The shipped interviews: published cases with the authority's own label, and invented people."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from indicators.models import Text
from indicators.yaml_reading import read_yaml


class DemoPart(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DemoSource(DemoPart):
    """Where a published case was read."""

    title: Text
    address: str | None = None
    confidence: str | None = None


class AuthorityLabel(DemoPart):
    """What the authority that dealt with a published case called it, which is not what we conclude."""

    label: Text
    body: Text
    basis: Text


class DemoInterview(DemoPart):
    """One interview to try, with what is known of where it comes from."""

    id: str
    title: Text
    story: Text
    invented: bool = False
    sources: tuple[DemoSource, ...] = ()
    authority: AuthorityLabel | None = None
    interview: dict[str, Any] = Field(description="the body of a request for an assessment")

    @model_validator(mode="after")
    def _come_from_somewhere(self) -> DemoInterview:
        if self.invented == bool(self.sources):
            raise ValueError("an interview is either invented or has sources")
        return self


def load_demo_interviews(folder: Traversable | None = None) -> tuple[DemoInterview, ...]:
    """Return the shipped interviews, published cases first, each group in the order of its files."""
    where = folder if folder is not None else files("screening") / "demo"
    if not where.is_dir():
        return ()
    found: list[DemoInterview] = []
    for path in sorted(where.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml"):
            content = read_yaml(path.read_text(encoding="utf-8"), path.name).plain()
            found += [DemoInterview.model_validate(_with_pairs(item)) for item in content]
    return tuple(sorted(found, key=lambda item: item.invented))


def _with_pairs(item: dict[str, Any]) -> dict[str, Any]:
    """Let one source stand alone, and a name be written once where it is the same in both languages."""
    item = dict(item)
    if "source" in item:
        item["sources"] = [item.pop("source")]
    if "sources" in item:
        item["sources"] = [{**one, "title": _pair(one["title"])} for one in item["sources"]]
    if "authority" in item:
        item["authority"] = {key: _pair(value) for key, value in item["authority"].items()}
    return item


def _pair(value: Any) -> Any:
    return {"en": value, "ar": value} if isinstance(value, str) else value
