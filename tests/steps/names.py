"""Things of the rules by their id, or by the name that the Arabic features give them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from indicators.errors import nearest
from indicators.yaml_reading import read_yaml
from screening.engines import Rules

ARABIC_NAMES = Path(__file__).with_name("arabic_names.yaml")
URGENCIES = {"فوراً": "now", "اليوم": "today", "قريباً": "soon", "حين يكون الشخص مستعداً": "when_ready"}
LEVELS = {"الآن": "now", "يُسأل عنها اليوم": "ask_now"}
CONSENTS = {
    "بموافقة الشخص": "required",
    "بموافقة الشخص إلا الطفل": "required_unless_child",
    "بموافقة الشخص إلا عند الخطر": "required_unless_danger",
    "بعد شرح واجب الإبلاغ": "explain_duty",
    "لا تلزم موافقة": "not_needed",
}


@cache
def arabic_names() -> Any:
    """Return the names of the Arabic features: kind, id, name."""
    return read_yaml(ARABIC_NAMES.read_text(encoding="utf-8"), ARABIC_NAMES.name).plain()


def _named(kind: str, ids: Iterable[str], text: str) -> str:
    known = set(ids)
    found = {name: id for id, name in arabic_names().get(f"{kind}s", {}).items()}.get(text, text)
    assert found in known, f"no {kind} `{text}`; did you mean `{nearest(text, known)}`?"
    return str(found)


def _conclusions(rules: Rules, prefix: str) -> list[str]:
    ids = [item["id"] for item in rules.program.data["conclusions"]]
    return [id.removeprefix(prefix) for id in ids if id.startswith(prefix)]


def outcome(rules: Rules, text: str) -> str:
    """Return the id of a step of the result."""
    return _named("outcome", [*rules.program.data["ladder"], *rules.program.data["below"]], text)


def route(rules: Rules, text: str) -> str:
    """Return the id of a route."""
    return _named("route", rules.program.data["routes"], text)


def service(rules: Rules, text: str) -> str:
    """Return the id of a service of the directory."""
    return _named("service", rules.services, text)


def finding(rules: Rules, text: str) -> str:
    """Return the id of a finding, without its prefix."""
    return _named("finding", _conclusions(rules, "finding."), text)


def need(rules: Rules, text: str) -> str:
    """Return the id of an urgent need."""
    items = rules.program.data["conclusions"]
    return _named("need", [item["need"] for item in items if item.get("need")], text)


def conclusion(rules: Rules, text: str) -> str:
    """Return the whole id of a conclusion, such as `finding.act`."""
    return _named("conclusion", _conclusions(rules, ""), text)


def question(rules: Rules, text: str) -> str:
    """Return the id of a question."""
    return _named("question", rules.program.data["questions"], text)


def rule(rules: Rules, text: str) -> str:
    """Return the id of a rule, and fail if the rules have none with it."""
    return _named("rule", rule_ids(rules.program.data), text)


def rule_ids(program: Any) -> list[str]:
    """Return the ids of all rules and of all entries of lists."""
    found: list[str] = []
    for item in program["conclusions"]:
        found += [one["id"] for one in item.get("rules", [])]
        found += [one["id"] for one in item.get("entries", [])]
    return found


def urgency(text: str) -> str:
    """Return an urgency of a recommendation."""
    return URGENCIES.get(text, text)


def level(text: str) -> str:
    """Return a level of an urgent need."""
    return LEVELS.get(text, text)


def consent(text: str) -> str:
    """Return a kind of consent."""
    return CONSENTS.get(text, text)
