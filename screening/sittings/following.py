"""What an interview starts from that follows another: what was open then, and what does not fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from indicators.answers import NOT_ASKED
from indicators.truth import FALSE
from rules.waiting import find_waiting, questions_of
from screening.evidence import EvidenceReader
from screening.people.access import Actor
from screening.phrases import say_both
from screening.reasons import Reasons
from screening.refusals import refused
from screening.result_models import AnswerState
from screening.sittings.contradictions import compare
from screening.sittings.live import show_earlier
from screening.sittings.models import ContradictionsShown, LastTime, OpenBefore
from screening.sittings.reaching import find_interview
from screening.sittings.saving import pinned_rules
from screening.sittings.snapshots import Sitting, read_followed, read_sitting
from screening.unknowns import UnknownsReader
from screening.work import Service


def read_last_time(
    service: Service, actor: Actor, interview_id: str, *, request_id: str | None = None
) -> LastTime:
    """What the interview before left open; the look is audited.

    The questions that this instrument asks stand first, in its order, then those beyond it. Raises `Refused`
    with S165 for an interview that follows none.
    """
    sitting, earlier = _read(service, actor, interview_id, "interview.last_time_read", request_id)
    if not earlier:
        raise refused("S165")
    before = earlier[0]
    return LastTime(
        interview=sitting.interview,
        follows=before.interview,
        result=show_earlier(before),
        open_questions=tuple(_open_before(before, sitting)),
        notice=say_both("sitting.last_time"),
    )


def read_contradictions(
    service: Service, actor: Actor, interview_id: str, *, request_id: str | None = None
) -> ContradictionsShown:
    """What does not fit together in an interview and those before it; the look is audited."""
    sitting, earlier = _read(service, actor, interview_id, "interview.contradictions_read", request_id)
    evaluation = sitting.rules.engine.evaluate(sitting.answers, sitting.as_of, sitting.instrument)
    reader = EvidenceReader(sitting.rules.sentences, evaluation, Reasons({}, {}, {}))
    within = UnknownsReader(reader).contradictions()
    between = compare(sitting, earlier)
    phrase = "some" if within or between else "none"
    return ContradictionsShown(
        interview=sitting.interview,
        within=within,
        between=between,
        notice=say_both(f"sitting.contradictions.{phrase}"),
    )


def _read(
    service: Service, actor: Actor, interview_id: str, action: str, request_id: str | None
) -> tuple[Sitting, tuple[Sitting, ...]]:
    pinned_rules(service, actor, interview_id, "cases.read")
    with service.work(actor, request_id) as work:
        interview, case = find_interview(work, interview_id, "cases.read")
        sitting = read_sitting(work, service.engines, interview, case)
        earlier = read_followed(work, service.engines, interview, case)
        work.record(action, "interview", interview.id, case_id=case.id, site_id=interview.site_id)
    return sitting, earlier


def _open_before(before: Sitting, sitting: Sitting) -> Sequence[OpenBefore]:
    rules = before.rules
    as_of: date = before.as_of if before.result is None else before.result.as_of
    evaluation = rules.engine.evaluate(before.answers, as_of, before.instrument)
    waited_for: Counter[str] = Counter()
    for waiting in find_waiting(rules.engine.reference, evaluation).values():
        waited_for.update((*waiting.here, *waiting.beyond))
    core = frozenset(rules.program.data["instruments"][before.instrument]["core"])
    now = sitting.rules
    asked = questions_of(now.engine.reference, sitting.instrument)
    place = {question: number for number, question in enumerate(asked)}
    found = []
    for question in {*waited_for, *core}:
        answer = before.answers.get(question, NOT_ASKED)
        if answer.state == "value" or evaluation.relevance[question] == FALSE:
            continue
        state: AnswerState = answer.state
        since = sitting.current.get(question)
        known = now if question in now.forms else rules
        found.append(
            OpenBefore(
                question=question,
                text=known.sentences.question(question),
                state=state,
                core=question in core,
                distress=rules.sentences.questions[question]["distress"],
                in_instrument=question in place,
                waited_for_by=waited_for[question],
                answered_since=since is not None and since.answer.state == "value",
            )
        )
    return sorted(found, key=lambda one: (place.get(one.question, len(place)), one.question))
