"""One interview as its pages show it: sections, questions with what was said, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from fastapi import Request

from api.access import Caller
from api.desk.interview_questions import Bank, bank_of
from api.desk.people import names_of
from indicators.answers import Answer, Day
from indicators.models import Question, Text
from screening.answer_sentences import say_value
from screening.cases.notes import NoteWarning, describe_warnings, warn_about
from screening.clock import day_in_kuwait
from screening.engines import Rules
from screening.refusals import refused
from screening.sentences import as_text
from screening.sittings.answers import SavedAnswer, read_with_notes, values_of
from screening.sittings.models import InterviewShown, LiveResult
from screening.sittings.reaching import find_interview
from screening.sittings.saving import pinned_rules, record_live_read, try_to_look, try_to_work_out
from screening.sittings.showing import show_interview
from screening.sittings.snapshots import Look
from screening.sittings.stops import Stop, stops_for
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work

ELSEWHERE: Final = "elsewhere"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an interview: what was said, if anything, and whether to ask it now."""

    question: Question
    place: str
    core: bool
    shown: SavedAnswer | None
    rules: Rules

    @property
    def id(self) -> str:
        """The question's id."""
        return self.question.id

    @property
    def answer(self) -> Answer | None:
        """The answer that counts, if the question was touched."""
        return None if self.shown is None else self.shown.answer

    @property
    def value(self) -> Text | Day | str | None:
        """What was answered, to be shown; None without a value."""
        answer = self.answer
        if answer is None or answer.state != "value":
            return None
        if isinstance(answer.value, Day):
            return answer.value
        if self.question.type == "free_text":
            return str(answer.value)
        return say_value(self.rules.sentences, self.id, answer.value)

    @property
    def state(self) -> str:
        """`value`, `not_known`, `declined`, `not_asked`, or `not_relevant` where nothing was said."""
        if self.answer is not None and self.answer.state != "not_asked":
            return self.answer.state
        return "not_relevant" if self.place == "not_relevant" else "not_asked"

    @property
    def asked(self) -> bool:
        """Whether it was answered in any way, or cannot apply."""
        return self.state != "not_asked"

    @property
    def warnings(self) -> Sequence[NoteWarning]:
        """What in the texts beside it could be turned against the person."""
        if self.shown is None:
            return ()
        text = self.value if self.question.type == "free_text" else None
        return describe_warnings(warn_about(self.shown.note, text if isinstance(text, str) else None))


@dataclass(frozen=True, slots=True)
class SectionShown:
    """One section with its questions, those that come up now and those that wait for others."""

    id: str
    title: Text
    items: tuple[Item, ...]

    @property
    def asking(self) -> tuple[Item, ...]:
        """The questions that come up now."""
        return tuple(item for item in self.items if item.place == "ask")

    @property
    def waiting(self) -> tuple[Item, ...]:
        """The questions that do not come up now."""
        return tuple(item for item in self.items if item.place != "ask")

    @property
    def done(self) -> int:
        """How many of those that come up were answered in any way."""
        return sum(item.asked for item in self.asking)

    @property
    def observed(self) -> bool:
        """Whether it holds only what the interviewer saw, apart from what the person says."""
        return all(
            item.question.about == "observation" and item.question.answered_by == "interviewer"
            for item in self.items
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One interview with everything its pages show, and what the result so far is worked out from."""

    interview: InterviewShown
    title: Text
    sections: tuple[SectionShown, ...]
    items: Mapping[str, Item]
    bank: Bank
    rules: Rules
    last_seq: int
    names: Mapping[str, str]
    stops: Sequence[Stop]
    mine: bool
    now: datetime
    look: Look | None

    @property
    def open(self) -> bool:
        """Whether it takes answers."""
        return self.interview.status == "open"

    @property
    def resting(self) -> bool:
        """Whether the time that was set for rest is not over."""
        until = self.interview.resume_after
        return self.interview.status == "paused" and until is not None and self.now < until

    @property
    def order(self) -> tuple[Item, ...]:
        """The questions of the instrument in the order of the screen."""
        return tuple(item for section in self.sections for item in section.items if section.id != ELSEWHERE)

    def section_of(self, question: str) -> SectionShown | None:
        """The section of a question; None beyond the instrument."""
        return next(
            (one for one in self.sections if any(item.id == question for item in one.items)),
            None,
        )

    def section(self, section: str) -> SectionShown:
        """A section by id; raises `Refused` with S150 if there is no such."""
        found = next((one for one in self.sections if one.id == section), None)
        if found is None:
            raise refused("S150")
        return found

    def item(self, question: str) -> Item:
        """A question by id, of this instrument or beyond; raises `Refused` with S150 if there is no such."""
        if question not in self.items:
            raise refused("S150")
        return self.items[question]

    def after(self, question: str) -> Item | None:
        """The next question to ask after one, not answered yet."""
        later = self._around(question, backwards=False)
        return next((item for item in later if item.place == "ask" and not item.asked), None)

    def before(self, question: str) -> Item | None:
        """The question before one, of those that come up."""
        return next((item for item in self._around(question, backwards=True) if item.place == "ask"), None)

    def where_we_were(self) -> Item | None:
        """Where to go on: after the answer that was saved last, else at the first open question."""
        saved = [item for item in self.order if item.shown is not None]
        if saved:
            last = max(saved, key=lambda item: item.shown.seq if item.shown is not None else 0)
            found = self.after(last.id)
            if found is not None:
                return found
        return next((item for item in self.order if item.place == "ask" and not item.asked), None)

    def _around(self, question: str, *, backwards: bool) -> Sequence[Item]:
        order = self.order
        at = next((number for number, item in enumerate(order) if item.id == question), None)
        if at is None:
            return ()
        return order[:at][::-1] if backwards else order[at + 1 :]


def open_sheet(
    request: Request,
    caller: Caller,
    interview_id: str,
    permission: str = "cases.read",
    *,
    rules: Rules | None = None,
    live: bool = False,
    after_saving: bool = False,
    corrected: Sequence[int] = (),
) -> Sheet:
    """One interview for a page, with `live` also for the result so far; read in one transaction.

    The look is audited, unless it is the answer to a save that was; `corrected` are the numbers of what that
    save replaced. `rules` are those of `bank_for`, from who has asked for them already. Raises `Refused` with
    S150 for what is out of reach.
    """
    if rules is None:
        rules = pinned_rules(caller.service, caller.actor, interview_id, permission)
    bank = bank_of(request, caller.service.engines, rules.program)
    with caller.work(writes=not after_saving) as work:
        interview, case = find_interview(work, interview_id, permission)
        current = read_with_notes(work, interview, case, rules, after_saving=after_saving)
        sheet = _make_sheet(work, interview, case, rules, bank, current)
        if live and interview.status in ("open", "paused"):
            if not after_saving:
                record_live_read(work, interview)
            # Last: where the database fails here, the rest is there.
            look = try_to_look(work, caller.service.engines, interview, case, current, corrected)
            sheet = replace(sheet, look=look)
    return sheet


def bank_for(request: Request, caller: Caller, interview_id: str, permission: str) -> tuple[Rules, Bank]:
    """The rules and questions of an interview; who reaches it is decided where it is read or written."""
    rules = pinned_rules(caller.service, caller.actor, interview_id, permission)
    return rules, bank_of(request, caller.service.engines, rules.program)


def _make_sheet(
    work: Work,
    interview: Interview,
    case: Case,
    rules: Rules,
    bank: Bank,
    current: Mapping[str, SavedAnswer],
) -> Sheet:
    said = values_of(current)
    places = bank.places(said, day_in_kuwait(work.now))
    instrument = rules.program.data["instruments"][interview.instrument]
    core = frozenset(instrument["core"])
    items = {
        name: Item(
            question=question,
            place=places[name],
            core=name in core,
            shown=current.get(name),
            rules=rules,
        )
        for name, question in bank.questions.items()
    }
    sections = [
        SectionShown(one["id"], as_text(one["title"]), tuple(items[name] for name in one["questions"]))
        for one in instrument["sections"]
    ]
    last = max((one.seq for one in current.values()), default=0)
    people = {interview.held_by, interview.created_by, *(one.by for one in current.values())}
    return Sheet(
        interview=show_interview(work, interview, case, last),
        title=as_text(instrument["title"]),
        sections=tuple(sections),
        items=items,
        bank=bank,
        rules=rules,
        last_seq=last,
        names=names_of(work, people),
        stops=stops_for(said),
        mine=interview.held_by == work.actor.account_id,
        now=work.now,
        look=None,
    )


def beyond(sheet: Sheet) -> tuple[Item, ...]:
    """What was answered without being in this instrument, because it was to be cleared up."""
    inside = {item.id for item in sheet.order}
    return tuple(item for item in sheet.items.values() if item.shown is not None and item.id not in inside)


def live_of(sheet: Sheet) -> LiveResult | None:
    """The result so far for the panel; None where it cannot be worked out now, which stops nobody."""
    return None if sheet.look is None else try_to_work_out(sheet.look)
