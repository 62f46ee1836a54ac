"""Interviews that are kept: held by people of a site, on a database of the scenario's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when
from sqlalchemy import func, select

from indicators.answers import Answer, write_answer
from indicators.errors import AnswersError
from screening.engines import Engines, Rules
from screening.installations import open_installation
from screening.people.access import SYSTEM
from screening.sittings.answers import GivenAnswer, Outcome, list_answers, read_history
from screening.sittings.decisions import decide
from screening.sittings.finishing import is_indicated, read_assessment, replay
from screening.sittings.following import read_contradictions, read_last_time
from screening.sittings.handing_over import hand_over
from screening.sittings.interviews import (
    abandon_interview,
    pause_interview,
    read_interview,
    resume_interview,
)
from screening.sittings.models import AnswerShown, DecisionShown, FinalAssessment
from screening.sittings.reaching import find_interview
from screening.sittings.saving import Saved, pinned_rules, read_live, save_answers
from screening.storage.tables.interviews import AnswerRevision
from screening.work import Work
from tests.services import HandClock, make_world, storage_settings
from tests.sittings import CLEAR_ACCOUNT, Desk
from tests.steps import names
from tests.steps.cells import STATES, read_answer_cell

PEOPLE = {"القائم بالمقابلة": "interviewer", "المشرف": "supervisor", "الزميل": "colleague"}
WHO = r"(?P<who>\w+)"
PERSON = rf"the {WHO}"


@dataclass
class Room:
    """Where a scenario's interviews are held, and what was answered last."""

    desk: Desk
    clock: HandClock
    interview: str = ""
    # The code of the last refusal, and what was saved, shown or decided last.
    refused: str | None = None
    saved: Saved | None = None
    outcome: Outcome | None = None
    final: FinalAssessment | None = None
    first_text: str = ""
    decision: DecisionShown | None = None

    def actor(self, who: str) -> Any:
        return self.desk.world[PEOPLE.get(who, who)]

    def work(self, who: str) -> Any:
        return self.desk.world.service.work(self.actor(who))

    def attempt(self, do: Callable[[], object]) -> None:
        """Do something that may be refused."""
        self.refused = None
        try:
            do()
        except AnswersError as error:
            self.refused = error.faults[0].code

    def change(self, who: str, do: Callable[[Work, int], object]) -> None:
        """Change the interview as it was last seen."""

        def run() -> None:
            seen = self.desk.version_of(self.interview)
            with self.work(who) as work:
                do(work, seen)

        self.attempt(run)

    def current(self) -> dict[str, AnswerShown]:
        rules = self.rules()
        with self.work("supervisor") as work:
            found = list_answers(work, *find_interview(work, self.interview, "cases.read"), rules)
        return {one.question: one for one in found.answers}

    def rules(self) -> Rules:
        return pinned_rules(self.desk.world.service, SYSTEM, self.interview, "cases.read")

    def cell(self, question: str, cell: str) -> Any:
        form = self.rules().forms[question]
        try:
            return read_answer_cell(form, cell)
        except ValueError:
            return cell

    def text_of_result(self) -> str:
        assert self.final is not None
        with self.work("supervisor") as work:
            return read_assessment(work, self.final.id)[1]


@pytest.fixture
def room(kuwait_engines: Engines, sqlite_template: Path, tmp_path: Path) -> Iterator[Room]:
    """A site with its people, on a new database."""
    file = tmp_path / "kept.sqlite3"
    shutil.copy(sqlite_template, file)
    clock = HandClock()
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, clock)
    yield Room(Desk(make_world(service), count(1)), clock)
    service.close()


@given(parsers.re(rf"{PERSON} holds an? (?P<instrument>\w+) interview"))
def hold_interview(room: Room, who: str, instrument: str) -> None:
    room.interview = room.desk.begin(who, instrument)


@given(parsers.re(r"القائم بالمقابلة بدأ مقابلة الاستقبال"))
def hold_interview_in_arabic(room: Room) -> None:
    room.interview = room.desk.begin("interviewer", "intake")


@given("the person tells a clear account of forced work")
@given("روى الشخص رواية واضحة عن عمل بالإكراه")
def tell_a_clear_account(room: Room) -> None:
    room.desk.save_all(room.interview, CLEAR_ACCOUNT)


@given(parsers.re(rf"{PERSON} has finished it"))
@when(parsers.re(rf"{PERSON} finishes the interview"))
@given(parsers.re(r"أنهى (?P<who>القائم بالمقابلة) المقابلة"))
def finish(room: Room, who: str) -> None:
    last = max((one.seq for one in room.current().values()), default=0)
    room.final = room.desk.finish(room.interview, last, PEOPLE.get(who, who))
    room.first_text = room.text_of_result()


@when(parsers.re(rf"{PERSON} finishes it as it was before that"))
def finish_too_early(room: Room, who: str) -> None:
    last = max(one.seq for one in room.current().values())
    room.attempt(lambda: room.desk.finish(room.interview, last - 1, who))


def _save(
    room: Room, who: str, question: str, cell: str, follows: int | None, key: str | None = None
) -> None:
    number = key or f"step-{next(room.desk.numbers)}"
    given_answer = GivenAnswer(question, room.cell(question, cell), number, follows)

    def run() -> None:
        service = room.desk.world.service
        room.saved = save_answers(service, room.actor(who), room.interview, [given_answer])
        room.outcome = room.saved.outcomes[0]

    room.attempt(run)
    if room.refused is None and room.outcome is not None and room.outcome.faults:
        room.refused = room.outcome.faults[0].code


def _seen_now(room: Room, question: str) -> int | None:
    found = room.current().get(question)
    return None if found is None else found.seq


@when(parsers.re(rf"{PERSON} saves (?P<question>\w+) as (?P<cell>.+)"))
@when(parsers.re(r"يحفظ (?P<who>القائم بالمقابلة) جواب (?P<question>\w+) وهو (?P<cell>.+)"))
def save(room: Room, who: str, question: str, cell: str) -> None:
    _save(room, who, question, cell, _seen_now(room, question))


@when(parsers.re(rf"{PERSON}, who saw nothing there, saves (?P<question>\w+) as (?P<cell>.+)"))
def save_unseen(room: Room, who: str, question: str, cell: str) -> None:
    _save(room, who, question, cell, None)


@when(parsers.re(rf"{PERSON} sends (?P<question>\w+) as (?P<cell>.+) twice under one key"))
def send_twice(room: Room, who: str, question: str, cell: str) -> None:
    for _ in range(2):
        _save(room, who, question, cell, None, "one-key")
        assert room.outcome is not None
        assert room.outcome.seq == 1


@when(parsers.re(r"(?P<days>\d+) days go by"))
@when(parsers.re(r"تمر (?P<days>\d+) أيام"))
def let_days_go_by(room: Room, days: str) -> None:
    room.clock.move(days=int(days))


def _follow(room: Room, who: str) -> None:
    before = room.interview
    room.interview = room.desk.begin(
        PEOPLE.get(who, who),
        "rescreen",
        case_id=room.desk.case_of(before),
        follows_id=before,
        follows_because="rest",
    )


@when(parsers.re(rf"{PERSON} begins a rescreen interview that follows it after rest"))
@when(parsers.re(r"يبدأ (?P<who>القائم بالمقابلة) مقابلة متابعة تتبعها بعد الراحة"))
def begin_again(room: Room, who: str) -> None:
    _follow(room, who)


@when(parsers.re(rf"{PERSON} ends the interview because (?P<because>\w+)"))
@when(parsers.re(r"ينهي (?P<who>القائم بالمقابلة) المقابلة دون نتيجة بسبب (?P<because>\w+)"))
def abandon(room: Room, who: str, because: str) -> None:
    indicated = is_indicated(room.desk.world.service, room.actor(who), room.interview)
    room.change(
        who,
        lambda work, seen: abandon_interview(
            work, room.interview, seen=seen, because=because, note=None, indicated=indicated
        ),
    )


@when(parsers.re(rf"{PERSON} pauses it for (?P<days>\d+) days of rest"))
def pause(room: Room, who: str, days: str) -> None:
    until = room.clock() + timedelta(days=int(days))
    room.change(
        who,
        lambda work, seen: pause_interview(
            work, room.interview, seen=seen, because="rest", resume_after=until
        ),
    )


@when(parsers.re(rf"{PERSON} resumes it(?P<early> because the person asks)?"))
def resume(room: Room, who: str, early: str | None) -> None:
    room.change(
        who, lambda work, seen: resume_interview(work, room.interview, seen=seen, early=early is not None)
    )


@when(parsers.re(rf"{PERSON} hands it over to the (?P<to>\w+)"))
def pass_on(room: Room, who: str, to: str) -> None:
    account = room.actor(to).account_id
    room.change(who, lambda work, seen: hand_over(work, room.interview, seen=seen, to_account=account))


@when(parsers.re(rf"{PERSON} differs with (?P<outcome>\w+), giving (?P<reason>a|no) reason"))
def differ(room: Room, who: str, outcome: str, reason: str) -> None:
    given_reason = "heard again with another interpreter" if reason == "a" else None
    final = room.final
    assert final is not None

    def run() -> None:
        with room.work(who) as work:
            engines = room.desk.world.service.engines
            room.decision, _ = decide(
                work, engines, final.id, stance="differ", outcome=outcome, reason=given_reason
            )

    room.attempt(run)


@when(parsers.re(r"يخالف (?P<who>المشرف) بنتيجة (?P<outcome>\w+) مع ذكر السبب"))
def differ_in_arabic(room: Room, who: str, outcome: str) -> None:
    differ(room, who, outcome, "a")


@then(parsers.re(r"that is refused with (?P<code>\w+)"))
@then(parsers.re(r"يُرفض ذلك بالرمز (?P<code>\w+)"))
def is_refused(room: Room, code: str) -> None:
    assert room.refused == code


@then("nothing is saved")
def nothing_is_saved(room: Room) -> None:
    answers_are_saved(room, "0")


@then(parsers.re(r"(?P<number>\d+) answers? (?:is|are) saved"))
def answers_are_saved(room: Room, number: str) -> None:
    with room.desk.world.service.database.reading() as session:
        query = select(func.count()).where(AnswerRevision.interview_id == room.interview)
        assert session.scalar(query) == int(number)


@then(parsers.re(r"(?P<question>\w+) stands at (?P<cell>.+)"))
def stands_at(room: Room, question: str, cell: str) -> None:
    found = room.current()[question]
    if cell in STATES:
        assert found.answer == write_answer(Answer(STATES[cell]))  # type: ignore[arg-type]
    else:
        assert found.answer == room.cell(question, cell)


@then(parsers.re(r"the earlier answers to (?P<question>\w+) can be read: (?P<cells>.+)"))
def earlier_answers(room: Room, question: str, cells: str) -> None:
    rules = room.rules()
    with room.work("supervisor") as work:
        interview, case = find_interview(work, room.interview, "cases.read")
        found = read_history(work, interview, case, rules, question).revisions
    assert [one.answer for one in found[:-1]] == [room.cell(question, one) for one in cells.split(", ")]


@then(parsers.re(r"the result so far is (?P<outcome>\w+)"))
@then(parsers.re(r"تكون النتيجة حتى الآن «(?P<outcome>[^»]+)»"))
def result_so_far(room: Room, outcome: str) -> None:
    service = room.desk.world.service
    found = read_live(service, room.actor("supervisor"), room.interview)
    assert found.outcome == names.outcome(room.rules(), outcome)


@then("nothing is said to be withdrawn")
def nothing_withdrawn(room: Room) -> None:
    assert room.saved is not None
    assert room.saved.live is not None
    assert room.saved.live.withdrawn == ()


@then(parsers.re(r"it is said that (?P<conclusion>[\w.]+) no longer holds"))
def says_withdrawn(room: Room, conclusion: str) -> None:
    assert room.saved is not None
    assert room.saved.live is not None
    assert conclusion in {one.id for one in room.saved.live.withdrawn}
    assert room.saved.live.withdrawn_notice is not None


@then(parsers.re(r"it is said that (?P<outcome>\w+) was found before and still stands"))
@then(parsers.re(r"يقال إن «(?P<outcome>[^»]+)» وُجدت من قبل وما زالت قائمة"))
def still_stands(room: Room, outcome: str) -> None:
    found = read_live(room.desk.world.service, room.actor("supervisor"), room.interview)
    assert [one.outcome for one in found.earlier_results] == [names.outcome(room.rules(), outcome)]
    assert found.earlier_notice is not None


@then(parsers.re(r"the interview is (?P<status>\w+)"))
def has_status(room: Room, status: str) -> None:
    with room.work("supervisor") as work:
        assert read_interview(work, room.interview)[0].status == status


@then(parsers.re(r"the final result is (?P<outcome>\w+)"))
@then(parsers.re(r"تبقى النتيجة النهائية «(?P<outcome>[^»]+)»"))
def final_result(room: Room, outcome: str) -> None:
    assert room.final is not None
    with room.work("supervisor") as work:
        shown, _ = read_assessment(work, room.final.id)
    assert shown.outcome == names.outcome(room.rules(), outcome)


@then("the decision is lower than the result, and says that this closes no case")
@then("يكون القرار أدنى من النتيجة ويقال إنه لا يغلق حالة")
def decision_is_lower(room: Room) -> None:
    assert room.decision is not None
    assert room.decision.direction == "lower"
    assert room.decision.notice is not None


@then("the final result reads as on the first day")
def reads_the_same(room: Room) -> None:
    assert room.text_of_result() == room.first_text


@then("evaluating it again gives the same")
def replays_the_same(room: Room) -> None:
    assert room.final is not None
    assert replay(room.desk.world.service, SYSTEM, room.final.id).same


@then(
    parsers.re(r"both are shown: (?P<there>\w+) saved by the (?P<who>\w+), and (?P<sent>\w+) that was sent")
)
def both_are_shown(room: Room, there: str, who: str, sent: str) -> None:
    assert room.outcome is not None
    conflict = room.outcome.conflict
    assert conflict is not None
    assert conflict.saved is not None
    assert (str(conflict.saved.answer), str(conflict.sent.answer)) == (there, sent)
    assert conflict.saved.by == room.actor(who).account_id


@then(parsers.re(r"(?P<question>\w+) is listed as open last time, as (?P<state>.+)"))
def open_last_time(room: Room, question: str, state: str) -> None:
    found = read_last_time(room.desk.world.service, room.actor("supervisor"), room.interview)
    assert {one.question: one.state for one in found.open_questions}[question] == STATES[state]


@then(parsers.re(r"(?P<question>\w+) is shown with (?P<before>\w+) then and (?P<after>\w+) now"))
def shown_side_by_side(room: Room, question: str, before: str, after: str) -> None:
    found = read_contradictions(room.desk.world.service, room.actor("supervisor"), room.interview)
    (one,) = [item for item in found.between if item.question == question]
    assert (one.before.answer, one.after.answer) == (before, after)
    assert one.before.at < one.after.at
