"""What differs between two programs, told in sentences: what each part said before, and what it says now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from indicators.models import Text
from screening.descriptions import describe, source_line
from screening.phrases import say_both
from screening.result_models import Part
from screening.sentences import Sentences, as_text

DifferenceKind = Literal["rule", "list", "finding", "referral", "value", "question"]


class Difference(Part):
    """One thing that is not as it was; `before` is empty for what is new, `after` for what is gone."""

    id: str
    kind: DifferenceKind
    label: Text
    before: tuple[Text, ...]
    after: tuple[Text, ...]


class _Told(Part):
    kind: DifferenceKind
    label: Text
    lines: tuple[Text, ...]


def find_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what two programs tell differently: rules, lists, findings, referrals, values, questions."""
    was, now = _tell(before), _tell(after)
    found = []
    for key in sorted({*was, *now}):
        old, new = was.get(key), now.get(key)
        if old == new:
            continue
        told = new or old
        if told is not None:
            found.append(
                Difference(
                    id=key[1],
                    kind=told.kind,
                    label=told.label,
                    before=() if old is None else old.lines,
                    after=() if new is None else new.lines,
                )
            )
    return tuple(found)


def _tell(data: Mapping[str, Any]) -> dict[tuple[str, str], _Told]:
    sentences = Sentences(data)
    told = {
        ("1", id): _Told(kind="rule", label=_rule_label(sentences, id), lines=_described(sentences, id))
        for id, (concludes, _) in sentences.rules.items()
        if not concludes.startswith("service.")
    }
    for item in data["conclusions"]:
        if item["kind"] == "dimension":
            lines = _described(sentences, item["id"])
            told["2", item["id"]] = _Told(kind="list", label=as_text(item["label"]), lines=lines)
        elif item["kind"] in ("indicator", "finding"):
            lines = tuple(_own_words(item))
            told["3", item["id"]] = _Told(kind="finding", label=as_text(item["label"]), lines=lines)
    for id, route in data["routes"].items():
        label = as_text(route["label"])
        told["4", id] = _Told(kind="referral", label=label, lines=tuple(_of_route(sentences, id, route)))
    for id, value in data["parameters"].items():
        lines = _described(sentences, id)
        told["5", id] = _Told(kind="value", label=as_text(value["label"]), lines=lines)
    for id, question in data["questions"].items():
        lines = tuple(_of_question(sentences, question))
        told["6", id] = _Told(kind="question", label=as_text(question["text"]), lines=lines)
    return told


def _rule_label(sentences: Sentences, id: str) -> Text:
    return sentences.label(sentences.rules[id][0])


def _described(sentences: Sentences, id: str) -> tuple[Text, ...]:
    found = describe(sentences, id)
    if found is None:
        return ()
    why = [] if found.rationale is None else [say_both("describe.why", rationale=found.rationale)]
    return (*(line.text for line in found.lines), *why, *(source_line(one) for one in found.sources))


def _own_words(item: Mapping[str, Any]) -> Iterator[Text]:
    yield as_text(item["label"])
    name = f"element.{item['element']}" if item.get("element") else f"class.{item['class']}"
    yield say_both("describe.element", element=say_both(name))
    if item.get("not_this"):
        yield say_both("describe.not_this", text=as_text(item["not_this"]))
    if item.get("circumstance"):
        yield say_both("describe.circumstance")
    if item.get("level"):
        yield say_both("describe.need", level=say_both(f"describe.level.{item['level']}"))


def _of_route(sentences: Sentences, id: str, route: Mapping[str, Any]) -> Iterator[Text]:
    yield say_both("describe.route", label=as_text(route["label"]))
    yield say_both("recommendation.consent", text=say_both(f"consent.{route['consent']}"))
    for key, phrase in (("send", "recommendation.send"), ("never_send", "recommendation.never_send")):
        if route.get(key) is not None:
            yield say_both(phrase, text=as_text(route[key]))
    for service in route["services"]:
        yield Text(en=service, ar=service)
        known = sentences.conclusions.get(f"service.{id}.{service}", {})
        for rule in known.get("rules", ()):
            yield from (line.text for line in sentences.condition(rule["when"]))


def _of_question(sentences: Sentences, question: Mapping[str, Any]) -> Iterator[Text]:
    yield as_text(question["text"])
    yield from (as_text(question["option_texts"][option]) for option in question["options"] or ())
    if question["applies_when"] is not None:
        yield say_both("rulebook.applies_when")
        yield from (line.text for line in sentences.condition(question["applies_when"]))
