"""Rule sets and single rules, told as sentences; and what each problem code means."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.access import public
from api.problems import problem_responses, refuse
from api.routes.shared import EnginesHeld, ReaderLanguage, refuse_parameters, rules_in_force
from indicators.errors import fault_definitions, listed, nearest
from indicators.models import Text
from screening.descriptions import Description, describe, known_ids, list_rules
from screening.engines import Engines, Rules

router = APIRouter(prefix="/api/v1", tags=["content"], dependencies=[public()])


class RuleSetEntry(BaseModel):
    """A rule set and the program that is in force."""

    id: str
    title: Text
    revision: str
    digest: str
    rules: int


class RuleSetList(BaseModel):
    """Every rule set."""

    rule_sets: tuple[RuleSetEntry, ...]


class PublishedRevision(BaseModel):
    """A revision that was published."""

    number: int
    digest: str
    in_force_from: str


class RuleEntry(BaseModel):
    """A rule in the list."""

    id: str
    kind: str
    concludes: str
    label: Text


class RuleSetShown(RuleSetEntry):
    """A rule set with its rules, its revisions and the canonical program."""

    revisions: tuple[PublishedRevision, ...]
    rule_list: tuple[RuleEntry, ...]
    program: dict[str, Any]


class ProblemShown(BaseModel):
    """What a problem code means; words in braces are filled in for each occurrence."""

    code: str
    message: str
    advice: str


def _entry(name: str, rules: Rules) -> dict[str, Any]:
    return {
        "id": name,
        "title": rules.program.data["title"],
        "revision": rules.program.revision_label,
        "digest": rules.program.digest,
        "rules": len(list_rules(rules.sentences)),
    }


@router.get("/rule-sets", summary="Every rule set")
def list_rule_sets(request: Request, engines: EnginesHeld) -> RuleSetList:
    """List the rule sets, each with the revision in force."""
    refuse_parameters(request)
    names = engines.rule_set_names()
    return RuleSetList(
        rule_sets=tuple(
            RuleSetEntry.model_validate(_entry(name, rules_in_force(engines, name))) for name in names
        )
    )


@router.get("/rule-sets/{id}", summary="One rule set with its program", responses=problem_responses(404))
def show_rule_set(request: Request, id: str, engines: EnginesHeld) -> RuleSetShown:
    """Show a rule set: its rules, its revisions, and the canonical program that runs."""
    refuse_parameters(request)
    names = engines.rule_set_names()
    if id not in names:
        raise refuse(
            "S008", status=404, field="id", value=id, nearest=nearest(id, names), known=listed(names)
        )
    rules = rules_in_force(engines, id)
    return RuleSetShown(
        **_entry(id, rules),
        revisions=tuple(
            PublishedRevision(
                number=one.number, digest=one.program.digest, in_force_from=one.in_force_from.isoformat()
            )
            for one in engines.revisions(id)
        ),
        rule_list=tuple(
            RuleEntry(id=one.id, kind=one.kind, concludes=one.concludes, label=one.label)
            for one in list_rules(rules.sentences)
        ),
        program=dict(rules.program.data),
    )


@router.get("/rules/{id}", summary="A rule as a sentence, with its sources", responses=problem_responses(404))
def show_rule(request: Request, id: str, engines: EnginesHeld) -> Description:
    """Show a rule, an indicator, a finding, a dimension or a dated value in words."""
    refuse_parameters(request)
    return _find(engines, id)


def _find(engines: Engines, id: str) -> Description:
    known: set[str] = set()
    for name in engines.rule_set_names():
        sentences = rules_in_force(engines, name).sentences
        found = describe(sentences, id)
        if found is not None:
            return found
        known |= known_ids(sentences)
    raise refuse("S010", status=404, field="id", value=id, nearest=nearest(id, known))


@router.get("/problems/{code}", summary="What a problem code means", responses=problem_responses(404))
def show_problem(request: Request, code: str, lang: ReaderLanguage) -> ProblemShown:
    """Explain a code of the fault catalogue, the same on the command line and over HTTP."""
    refuse_parameters(request)
    definition = fault_definitions().get(code)
    if definition is None:
        raise refuse("S010", status=404, field="code", value=code, nearest=nearest(code, fault_definitions()))
    return ProblemShown(code=code, message=definition.message[lang], advice=definition.advice[lang])
