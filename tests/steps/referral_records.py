"""Referrals as they are written, answered and followed, by the interviewer of one case."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from screening.cases.cases import close_case
from screening.cases.consents import consent_exceptions, record_consent
from screening.engines import Engines, Rules
from screening.installations import open_installation
from screening.referral_stages import load_duty_to_report
from screening.referrals.events import Named, ReferralEventKind, load_referral_book
from screening.referrals.queues import read_queue
from screening.referrals.referrals import (
    Answered,
    Guidance,
    NewReferral,
    ReferralSeen,
    happen,
    read_referral,
    write_referral,
)
from screening.refusals import Refused
from screening.storage.slices import Asked
from screening.work import Work
from tests.services import HandClock, World, make_world, storage_settings
from tests.sittings import Desk
from tests.steps import names
from tests.steps.accounts import read_account
from tests.steps.cells import Table, column, split_list
from tests.steps.findings import ID, NAMED
from tests.steps.scenes import TODAY


@dataclass
class Counter:
    """One case, one referral, and why the last thing was refused."""

    world: World
    clock: HandClock
    desk: Desk
    guidance: Guidance
    rules: Rules
    case: str = ""
    referral: str = ""
    codes: list[str] = field(default_factory=list)

    def act(self, call: Callable[[Work], Any], who: str = "interviewer") -> Any:
        """Do something; a refusal is kept and not raised."""
        self.codes = []
        try:
            with self.world.service.work(self.world[who]) as work:
                return call(work)
        except Refused as error:
            self.codes = [fault.code for fault in error.faults]
            return None

    def read(self) -> ReferralSeen:
        """The referral as it is now."""
        with self.world.service.work(self.world["interviewer"]) as work:
            return read_referral(work, self.referral, self.guidance.book)


@pytest.fixture
def counter(
    tmp_path: Path, kuwait_engines: Engines, kuwait_rules: Rules, log: io.StringIO
) -> Iterator[Counter]:
    """Two sites with their people on an embedded database."""
    clock = HandClock()
    settings = storage_settings(f"sqlite:///{tmp_path / 'referrals.sqlite3'}")
    service = open_installation(settings, kuwait_engines, clock)
    sources = kuwait_engines.catalogue().sources
    guidance = Guidance(kuwait_engines, load_referral_book(), load_duty_to_report(sources))
    world = make_world(service)
    yield Counter(world, clock, Desk(world, count(1)), guidance, kuwait_rules)
    service.close()


def _labelled(items: Iterable[Named], text: str) -> str:
    """The id of a word of the book, by its id or by its Arabic label."""
    known = {word: item.id for item in items for word in (item.id, item.label.ar)}
    assert text in known, f"no `{text}` among {sorted(known)}"
    return known[text]


def _tell(counter: Counter, table: Table) -> None:
    assert counter.world.service.clock().date() >= TODAY
    more = {"case_id": counter.case} if counter.case else {}
    interview = counter.desk.begin(**more)
    counter.desk.finish(interview, counter.desk.save_all(interview, read_account(column(table))))
    counter.case = counter.desk.case_of(interview)


@given("a finished interview in which this was told")
@given("مقابلة انتهت قيل فيها ما يلي")
def finish(counter: Counter, datatable: Table) -> None:
    counter.case = ""
    _tell(counter, datatable)


@when("a later interview is finished in which this was told")
def finish_another(counter: Counter, datatable: Table) -> None:
    counter.clock.move(days=1)
    _tell(counter, datatable)


def _say(counter: Counter, service: str, state: str) -> None:
    recipient = names.service(counter.rules, service)
    counter.act(
        lambda work: record_consent(
            work,
            counter.case,
            purpose="referral",
            state=state,
            how="spoken",
            services=counter.rules.services,
            recipient=recipient,
        )
    )
    assert counter.codes == []


@given(parsers.re(rf"the person says yes to (?P<service>{ID})"))
@given(parsers.re(rf"أن الشخص يوافق على جهة «(?P<service>{NAMED})»"))
def agree(counter: Counter, service: str) -> None:
    _say(counter, service, "given")


@given(parsers.re(rf"the person says no to (?P<service>{ID})"))
def refuse(counter: Counter, service: str) -> None:
    _say(counter, service, "refused")


@when(parsers.re(rf"the person takes the yes to (?P<service>{ID}) back"))
@when(parsers.re(rf"يسحب الشخص موافقته على جهة «(?P<service>{NAMED})»"))
def withdraw(counter: Counter, service: str) -> None:
    _say(counter, service, "withdrawn")


@when(
    parsers.re(
        rf"a referral along (?P<route>{ID}) to (?P<service>{ID}) is written"
        r"(?: by the exception (?P<exception>\w+))?"
    )
)
@when(
    parsers.re(
        rf"تُكتب إحالة عبر مسار «(?P<route>{NAMED})» إلى جهة «(?P<service>{NAMED})»"
        rf"(?: بالاستثناء «(?P<exception>{NAMED})»)?"
    )
)
def write(counter: Counter, route: str, service: str, exception: str | None) -> None:
    """The writer gives a reason as well, so that only consent and law can refuse it."""
    known = {word: item.id for item in consent_exceptions() for word in (item.id, item.label.ar)}
    new = NewReferral(
        counter.case,
        names.route(counter.rules, route),
        names.service(counter.rules, service),
        because="she asked",
        exception=None if exception is None else known[exception],
    )
    seen = counter.act(lambda work: write_referral(work, new, counter.guidance))
    if seen is not None:
        counter.referral = seen.referral.id


@when(parsers.re(r"the step (?P<step>\w+) is recorded(?:, how: (?P<how>\w+))?(?:, reason: (?P<reason>\w+))?"))
@when(
    parsers.re(
        rf"تُسجَّل خطوة «(?P<step>{NAMED})»(?: على وجه «(?P<how>{NAMED})»)?(?: بسبب «(?P<reason>{NAMED})»)?"
    )
)
def record(counter: Counter, step: str, how: str | None, reason: str | None) -> None:
    book = counter.guidance.book
    events: tuple[ReferralEventKind, ...] = book.events
    found: ReferralSeen | Answered | None = counter.act(
        lambda work: happen(
            work,
            counter.referral,
            _labelled(events, step),
            counter.guidance,
            how=None if how is None else _labelled(book.ways, how),
            reason=None if reason is None else _labelled(book.reasons, reason),
        )
    )
    assert found is not None or counter.codes


@when(parsers.re(r"(?P<days>\d+) days pass"))
@when(parsers.re(r"تمر أيام عددها (?P<days>\d+)"))
def wait(counter: Counter, days: str) -> None:
    counter.clock.move(days=int(days), seconds=1)


@when("the case is closed")
@when("تُغلق حالة الشخص")
def close(counter: Counter) -> None:
    counter.act(lambda work: close_case(work, counter.case, reason="help_given"))
    assert counter.codes == []


@then(parsers.re(r"the referral is refused with (?P<code>S\d+)"))
@then(parsers.re(r"تُرفض الإحالة بالرمز (?P<code>S\d+)"))
def check_refused(counter: Counter, code: str) -> None:
    assert counter.codes == [code]


@then(parsers.re(r"the referral is (?P<status>\w+)"))
@then(parsers.re(rf"تكون حال الإحالة «(?P<status>{NAMED})»"))
def check_status(counter: Counter, status: str) -> None:
    assert counter.read().referral.status == _labelled(counter.guidance.book.statuses, status)


@then(parsers.re(r"next can be (?P<steps>.+)"))
def check_steps(counter: Counter, steps: str) -> None:
    assert list(counter.read().allowed) == split_list(steps)


def _listed(counter: Counter, queue: str) -> list[str]:
    with counter.world.service.work(counter.world["supervisor"]) as work:
        return [item.id for item in read_queue(work, queue, Asked()).items]


@then(parsers.re(r"the referral stands in the list (?P<queue>\w+)"))
@then(parsers.re(r"تظهر الإحالة في القائمة (?P<queue>\w+)"))
def check_listed(counter: Counter, queue: str) -> None:
    assert _listed(counter, queue) == [counter.referral]


@then(parsers.re(r"the referral does not stand in the list (?P<queue>\w+)"))
@then(parsers.re(r"لا تظهر الإحالة في القائمة (?P<queue>\w+)"))
def check_not_listed(counter: Counter, queue: str) -> None:
    assert _listed(counter, queue) == []


@then("the exception is explained in both languages")
@then("يُشرح استثناء الإحالة باللغتين")
def check_explained(counter: Counter) -> None:
    (exception,) = (item for item in consent_exceptions() if item.id == counter.read().referral.exception)
    assert exception.said_before is not None
    for text in (exception.explanation, exception.said_before):
        assert text.en
        assert text.ar
    assert counter.read().to_be_explained
