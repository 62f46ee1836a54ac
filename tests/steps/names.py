"""Things of the rules by their id, or by the label that the rules give them in Arabic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from indicators.errors import nearest
from screening.engines import Rules

URGENCIES = {"فوراً": "now", "اليوم": "today", "قريباً": "soon", "حين يكون الشخص مستعداً": "when_ready"}
LEVELS = {"الآن": "now", "يُسأل عنه اليوم": "ask_now"}
CONSENTS = {
    "بموافقة الشخص": "required",
    "بموافقة الشخص إلا الطفل": "required_unless_child",
    "بموافقة الشخص إلا عند الخطر": "required_unless_danger",
    "بعد شرح واجب الإبلاغ": "explain_duty",
    "لا تلزم موافقة": "not_needed",
}


def _named(kind: str, known: dict[str, str], text: str) -> str:
    if text in known.values():
        return text
    assert text in known, f"no {kind} `{text}`; did you mean `{nearest(text, [*known, *known.values()])}`?"
    return known[text]


def outcome(rules: Rules, text: str) -> str:
    """Return the id of a step of the result."""
    data = rules.program.data
    known = {str(item["ar"]): str(name) for name, item in data["below"].items()}
    known |= _labels(data["conclusions"], "outcome.")
    return _named("outcome", known, text)


def route(rules: Rules, text: str) -> str:
    """Return the id of a route."""
    known = {str(item["label"]["ar"]): str(name) for name, item in rules.program.data["routes"].items()}
    return _named("route", known, text)


def finding(rules: Rules, text: str) -> str:
    """Return the id of a finding, without its prefix."""
    return _named("finding", _labels(rules.program.data["conclusions"], "finding."), text)


def indicator(rules: Rules, text: str) -> str:
    """Return the id of an indicator, without its prefix."""
    return _named("sign", _labels(rules.program.data["conclusions"], "indicator."), text)


def conclusion(rules: Rules, text: str) -> str:
    """Return the whole id of a conclusion, such as `finding.act`."""
    known = {item["id"]: item["id"] for item in rules.program.data["conclusions"]}
    return _named("conclusion", known, text)


def rule(rules: Rules, text: str) -> str:
    """Return the id of a rule, and fail if the rules have none with it."""
    known = {id: id for id in rule_ids(rules.program.data)}
    return _named("rule", known, text)


def rule_ids(program: Any) -> list[str]:
    """Return the ids of all rules and of all entries of lists."""
    found: list[str] = []
    for item in program["conclusions"]:
        found += [one["id"] for one in item.get("rules", [])]
        found += [one["id"] for one in item.get("entries", [])]
    return found


def question(rules: Rules, text: str) -> str:
    """Return the id of a question."""
    return _named("question", {name: name for name in rules.program.data["questions"]}, text)


def urgency(text: str) -> str:
    """Return an urgency of a recommendation."""
    return _named("urgency", URGENCIES, text)


def level(text: str) -> str:
    """Return a level of an urgent need."""
    return _named("level", LEVELS, text)


def consent(text: str) -> str:
    """Return a kind of consent."""
    return _named("consent", CONSENTS, text)


def need(rules: Rules, text: str) -> str:
    """Return the id of an urgent need, by itself or by the label of a finding that shows it."""
    items = [item for item in rules.program.data["conclusions"] if item.get("need")]
    known = {str(item["label"]["ar"]): str(item["need"]) for item in items}
    return _named("need", known, text)


def _labels(items: Iterable[Any], prefix: str) -> dict[str, str]:
    chosen = [item for item in items if item["id"].startswith(prefix)]
    # A label that two share stands for neither; both are still called by their ids.
    labels = [str(item["label"]["ar"]) for item in chosen]
    return {
        (label if labels.count(label) == 1 else item["id"]): item["id"].removeprefix(prefix)
        for item, label in zip(chosen, labels, strict=True)
    }
