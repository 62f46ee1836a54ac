"""The invented people who answer in practice, read from `practice.yaml` and the invented interviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import Field

from indicators.answers import Answer, read_answers
from indicators.dates import read_day
from indicators.errors import ContentError
from indicators.fields import Id
from indicators.models import Content, Question, Text
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.demo_interviews import DemoInterview, load_demo_interviews
from screening.engines import Engines, Rules
from screening.interviews import DEFAULT_RULE_SET

_FILE: Final = "screening/practice/practice.yaml"
# Asked in the person's own words, and told in them.
OWN_ACCOUNT: Final = "own_account"


class Level(Content):
    """How hard somebody is to interview."""

    id: Id
    label: Text


class Person(Content):
    """Somebody invented: what one sees first, what the person says unasked, and further answers."""

    interview: Annotated[str, Field(pattern=r"^IN-[0-9]{2}$")]
    level: Id
    instrument: Id | None = None
    arrival: Text
    own_words: Text
    says: dict[Id, Any] = Field(default_factory=dict)


class PracticeContents(Content):
    """Everybody, and what holds for all of them."""

    beginning: SomeOf[Id]
    usual: dict[Id, Any]
    levels: SomeOf[Level]
    needs: dict[Id, Text]
    people: SomeOf[Person]


@dataclass(frozen=True, slots=True)
class Sitter:
    """A person with all that the person can answer, and by which rules it is looked at."""

    person: Person
    told: DemoInterview
    instrument: str
    as_of: date
    answers: Mapping[str, Answer]
    rules: Rules

    @property
    def id(self) -> str:
        """The id of the invented interview."""
        return self.told.id


@cache
def practice_contents() -> PracticeContents:
    """What practice is made of; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "practice" / "practice.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(PracticeContents, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found


@cache
def _invented() -> Mapping[str, DemoInterview]:
    return MappingProxyType({one.id: one for one in load_demo_interviews() if one.invented})


def find_sitter(engines: Engines, id: str, today: date) -> Sitter | None:
    """Somebody to practise with, by the rules in force today; None if there is nobody of this id."""
    contents = practice_contents()
    person = next((one for one in contents.people if one.interview == id), None)
    if person is None:
        return None
    told = _invented()[id]
    rules = engines.rules_for(DEFAULT_RULE_SET, None, today)
    instrument = person.instrument or str(told.interview["instrument"])
    asked = set(engines.catalogue().instruments[instrument].questions)
    # Who is told of in a short instrument answers only what that one asks.
    usual = {name: answer for name, answer in contents.usual.items() if name in asked}
    raw = {**usual, **person.says, **told.interview["answers"]}
    as_of = read_day(str(told.interview.get("as_of", ""))) or today
    return Sitter(person, told, instrument, as_of, read_answers(rules.forms, raw), rules)


def hear(sitter: Sitter, question: Question) -> Answer:
    """What the person answers: never a no that the story does not tell."""
    if question.id == OWN_ACCOUNT:
        return Answer("value", sitter.person.own_words.en)
    known = sitter.answers.get(question.id)
    if known is not None and known.state != "not_asked":
        return known
    return Answer("declined" if question.distress == "high" else "not_known")
