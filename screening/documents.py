"""A result as a document in one language: lines, their roles and how far each is set in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from indicators.models import Text
from screening.explanations import Step, explain
from screening.phrases import Language, list_ids, say, say_both
from screening.result_models import Assessment, Recommendation, ServiceOffer

Role = Literal["result", "heading", "urgent", "strong", "plain", "quiet", "source", "fault"]

# A reader of text is told the first few and how many more there are; the JSON result has all of them.
MOST_LISTED: Final = 4
MOST_CONCLUSIONS: Final = 8

_KINDS: Final[dict[str, Role]] = {"need": "urgent", "route": "strong", "source": "source", "test": "quiet"}


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a document."""

    role: Role
    depth: int
    text: str


def write_document(assessment: Assessment, lang: Language) -> list[Block]:
    """Return a result in the order it is needed: what cannot wait, the result, what to offer, why."""
    return list(_Writer(assessment, lang).blocks())


class _Writer:
    def __init__(self, assessment: Assessment, lang: Language) -> None:
        self.assessment = assessment
        self.lang: Language = lang
        self.explanation = explain(assessment, brief=True)
        self.told_services: set[str] = set()
        self.states = {item.question: item.state for item in assessment.answers}
        self.texts = {item.question: item.text for item in assessment.answers}

    def blocks(self) -> Iterator[Block]:
        yield from self._urgent()
        yield from self._result()
        yield from self._recommendations()
        yield from self._section("heading.why", self._tree(self.explanation.why))
        yield from self._contradictions()
        yield from self._next()
        yield from self._section("heading.changes", self._tree(self.explanation.changes))
        yield from self._section("heading.open", self._some(self.explanation.open, "line.waits_for_ids"))
        yield from self._section(
            "heading.why_not", self._some(self.explanation.why_not, "line.refuted_by_ids")
        )
        yield from self._section("heading.not_asked", self._tree(self.explanation.not_asked))
        yield from self._record()

    def _say(self, id: str, /, **slots: str | int | Text) -> str:
        return say(id, self.lang, **slots)

    def _block(self, role: Role, depth: int, text: Text | str) -> Block:
        return Block(role, depth, text if isinstance(text, str) else text.say(self.lang))

    def _heading(self, id: str) -> Block:
        return Block("heading", 0, self._say(id))

    def _section(self, heading: str, blocks: Iterable[Block]) -> Iterator[Block]:
        found = list(blocks)
        if found:
            yield self._heading(heading)
            yield from found

    def _urgent(self) -> Iterator[Block]:
        yield self._heading("heading.urgent")
        if not self.assessment.urgent:
            yield self._block("plain", 1, self._say("urgent.none"))
        yield from self._tree(self.explanation.urgent)
        if self.assessment.needs_to_ask:
            yield self._heading("heading.to_ask")
        for need in self.assessment.needs_to_ask:
            yield self._block("urgent", 1, self._say("need.to_ask", label=need.label))
            listed = [self.texts[question] for question in need.open_questions]
            yield from self._listed("plain", 2, (text.say(self.lang) for text in listed))

    def _result(self) -> Iterator[Block]:
        assessment = self.assessment
        yield self._heading("heading.result")
        yield self._block("result", 1, assessment.outcome_label)
        yield self._block("plain", 1, assessment.outcome_meaning)
        for reason in assessment.needs_human_because:
            yield self._block("strong", 1, reason)
        yield from self._tree(self.explanation.outcome)
        for step in assessment.outcomes:
            if step.id.partition(".")[2] in assessment.may_still_become:
                yield self._block("plain", 1, self._say("may_still_become", label=step.label))
        for sentence in assessment.unknown_share.sentences:
            yield self._block("plain", 1, sentence)
        yield self._block("strong", 1, assessment.notice)

    def _recommendations(self) -> Iterator[Block]:
        yield self._heading("heading.recommendations")
        if not self.assessment.recommendations:
            yield self._block("plain", 1, self._say("recommendation.none"))
        for item in self.assessment.recommendations:
            yield from self._recommendation(item)

    def _recommendation(self, item: Recommendation) -> Iterator[Block]:
        urgency = say_both(f"urgency.{item.urgency}")
        heading = self._say("recommendation.heading", label=item.label, urgency=urgency)
        yield self._block("strong", 1, heading)
        for reason in item.why:
            rationale = reason.rationale or Text(en=reason.rule, ar=reason.rule)
            yield self._block(
                "plain", 2, self._say("recommendation.why", rationale=rationale, rule=reason.rule)
            )
        yield self._block("plain", 2, item.consent_sentence)
        if item.consent_note is not None:
            yield self._block("plain", 2, item.consent_note)
        if item.send is not None:
            yield self._block("plain", 2, self._say("recommendation.send", text=item.send))
        if item.never_send is not None:
            yield self._block("plain", 2, self._say("recommendation.never_send", text=item.never_send))
        if item.services:
            yield self._block("plain", 2, self._say("heading.services"))
        for service in item.services:
            yield from self._service(service)

    def _service(self, service: ServiceOffer) -> Iterator[Block]:
        yield self._block("plain", 3, self._say(f"service.{service.eligibility}", name=service.name))
        if service.eligibility == "not_met" or service.service in self.told_services:
            return
        self.told_services.add(service.service)
        for question in service.waits_for:
            yield self._block("quiet", 4, self._say("service.ask", question=self.texts[question]))
        if not service.contacts:
            yield self._block("quiet", 4, self._say("service.no_contact"))
        for contact in service.contacts:
            slots: dict[str, str | Text] = {
                "kind": say_both(f"contact.kind.{contact.kind}"),
                "value": contact.value,
                "confidence": say_both(f"confidence.{contact.confidence}"),
            }
            if contact.last_confirmed is None:
                yield self._block("quiet", 4, self._say("contact.line.never", **slots))
            else:
                yield self._block("quiet", 4, self._say("contact.line", date=contact.last_confirmed, **slots))
            if contact.warning is not None:
                yield self._block("quiet", 4, contact.warning)
        if service.cautions is not None:
            yield self._block("quiet", 4, self._say("service.caution", text=service.cautions))

    def _contradictions(self) -> Iterator[Block]:
        blocks: list[Block] = []
        for item in self.assessment.contradictions:
            blocks.append(self._block("plain", 1, item.sentence))
            blocks += [
                self._block("plain", 2, self._say("answer.other_side", sentence=sentence))
                for sentence in item.other_sentences
            ]
        yield from self._section("heading.contradictions", blocks)

    def _next(self) -> Iterator[Block]:
        blocks: list[Block] = []
        for item in self.assessment.next_questions:
            line = self._say(
                "question.with_distress",
                question=item.text,
                id=item.question,
                state=say_both(f"state.{self.states[item.question]}"),
                distress=say_both(f"distress.{item.distress}"),
            )
            blocks.append(self._block("plain", 1, line))
            blocks.append(self._block("quiet", 2, item.why))
        yield from self._section("heading.next", blocks)

    def _record(self) -> Iterator[Block]:
        assessment = self.assessment
        yield self._heading("heading.record")
        for notice in assessment.notices:
            yield self._block("quiet", 1, notice)

    def _tree(self, steps: Iterable[Step], depth: int = 1) -> Iterator[Block]:
        for step in steps:
            role = _KINDS.get(step.kind, "plain") if depth > 1 or step.kind in _KINDS else "plain"
            yield self._block(role, depth, step.text)
            yield from self._tree(step.children, depth + 1)

    def _some(self, steps: tuple[Step, ...], phrase: str) -> Iterator[Block]:
        """What did not come about: the steps of the result in full, the rest with a few ids each."""
        for step in steps:
            if step.kind == "outcome" or not step.children:
                yield self._block("plain", 1, step.text)
                yield from self._listed("quiet", 2, (child.text.say(self.lang) for child in step.children))
        # Those that hang on the fewest answers are the nearest to being settled, or the most plainly so.
        others = [step for step in steps if step.kind != "outcome" and step.children]
        nearest = sorted(others, key=lambda step: len(step.children))[:MOST_CONCLUSIONS]
        for step in nearest:
            yield self._block("plain", 1, step.text)
            ids = [child.id for child in step.children]
            named = list_ids(ids[:MOST_LISTED])
            yield self._block("quiet", 2, self._say(phrase, ids=named))
            if len(ids) > MOST_LISTED:
                yield self._block("quiet", 2, self._say("more", count=len(ids) - MOST_LISTED))
        if len(others) > len(nearest):
            yield self._block("quiet", 1, self._say("more", count=len(others) - len(nearest)))

    def _listed(self, role: Role, depth: int, texts: Iterable[str]) -> Iterator[Block]:
        found = list(texts)
        # One more line is as short as the line that would stand for it.
        shown = found if len(found) <= MOST_LISTED + 1 else found[:MOST_LISTED]
        for text in shown:
            yield self._block(role, depth, text)
        if len(found) > len(shown):
            yield self._block("quiet", depth, self._say("more", count=len(found) - len(shown)))
