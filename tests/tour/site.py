"""The invented site of a tour: filled like the demonstration, with something on every page, ever the same."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any, Final

import yaml
from fastapi import FastAPI
from sqlalchemy import select

from api.app import create_app
from api.referring import load_guidance
from api.settings import Settings
from screening.cases import access, erasure, identities, workplaces
from screening.cases.break_glass import open_in_emergency
from screening.cases.consents import record_consent
from screening.demo_site.contents import load_demo_contents
from screening.demo_site.filling import DemoFilling, PastClock, SignIn
from screening.drafting import drafts
from screening.drafting.overlays import read_content
from screening.engines import Engines
from screening.installations import open_installation
from screening.people import accounts, api_tokens, links
from screening.people.access import SYSTEM, Actor, Grant
from screening.people.accounts import Names, Place
from screening.people.sites import SiteNames, add_site
from screening.phrases import Language
from screening.referrals.webhooks import add_webhook, announce
from screening.sittings.handing_over import hand_over
from screening.sittings.interviews import abandon_interview, pause_interview
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.people import Account, Membership
from screening.storage.tables.referrals import Delivery, Referral
from screening.storage.tables.sites import Site
from screening.work import Service
from tests.api.desk.records import LITTLE_KNOWN, WOMEN, assess
from tests.screening.statistics.counted import add_counted
from tests.services import World, storage_settings
from tests.sittings import CLEAR_ACCOUNT, Desk

# Nine in the morning in Kuwait.
TODAY: Final = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
_DAYS_BACK: Final = 30
_DRAFTED: Final = "rules/sets/kuwait/law_91/observations.yaml"
_COUNTED: Final = (
    ("trafficking_indicated", "shelter", "came_alone", 16),
    ("trafficking_possible", "legal_aid", "embassy_or_its_shelter", 13),
    ("other_concern", "labour_complaint", "complaint_office", 27),
    ("not_enough_known", None, "came_alone", 18),
    ("nothing_indicated_so_far", None, "embassy_or_its_shelter", 11),
)


@dataclass
class TourSite:
    """The site, who is there, and `places`: what the addresses and steps of the tour name in braces."""

    language: Language
    service: Service
    clock: PastClock
    world: World
    signs_in: dict[str, SignIn]
    app: FastAPI
    places: dict[str, str] = field(default_factory=dict)


def load_texts() -> dict[str, dict[str, dict[str, str]]]:
    """What is invented for the tour, by group, name and language."""
    found: dict[str, Any] = yaml.safe_load((files("tests.tour") / "site.yaml").read_text("utf-8"))
    return found


def fix_randomness(seed: int) -> Callable[[], None]:
    """Make numbers, codes and ids of this process the same at every run; the function undoes it."""
    drawn = random.Random(seed)
    before, inside = os.urandom, random._urandom  # type: ignore[attr-defined]
    os.urandom = drawn.randbytes
    random._urandom = drawn.randbytes  # type: ignore[attr-defined]

    def undo() -> None:
        os.urandom, random._urandom = before, inside  # type: ignore[attr-defined]

    return undo


@contextmanager
def tour_site(engines: Engines, folder: Path, language: Language) -> Iterator[TourSite]:
    """The filled site, on an embedded database of its own."""
    clock = PastClock(TODAY - timedelta(days=_DAYS_BACK))
    undo = fix_randomness(20261122)
    service = open_installation(storage_settings(f"sqlite:///{folder / 'tour.sqlite3'}"), engines, clock)
    try:
        yield _fill(service, clock, engines, language, folder / "revisions")
    finally:
        undo()
        service.close()


@contextmanager
def without_administrator(site: TourSite) -> Iterator[None]:
    """For a moment a site that nobody administers, with the link that such a site prints."""
    boss = site.world["administrator"].account_id
    with site.service.work(SYSTEM) as work:
        work.session.get_one(Account, boss).status = "closed"
        work.session.flush()
        site.places["first_token"] = links.make_first_link(work, timedelta(hours=1)).token
    yield
    with site.service.work(SYSTEM) as work:
        work.session.get_one(Account, boss).status = "active"


def _fill(
    service: Service, clock: PastClock, engines: Engines, language: Language, revisions: Path
) -> TourSite:
    texts = load_texts()
    contents = load_demo_contents()
    people = tuple(
        one.model_copy(update={"name": texts["people"][one.id][language], "language": language})
        for one in contents.people
    )
    settings = Settings(workers=1, revisions_folder=revisions)
    filling = DemoFilling(
        service,
        clock,
        contents.model_copy(update={"people": people}),
        *load_guidance(engines, settings),
        TODAY,
    )
    signs_in = {one.person.id: one for one in filling.fill()}
    clock.now = max(clock.now, TODAY)
    world = _find_people(service, signs_in)
    app = create_app(settings, service=service)
    site = TourSite(language, service, clock, world, signs_in, app)
    site.places |= {name: said[language] for name, said in texts["texts"].items()}
    for name, one in signs_in.items():
        site.places |= {f"{name}_name": one.person.sign_in, f"{name}_password": one.password}
        site.places |= {f"{name}_secret": one.secret, f"{name}_recovery": one.recovery_codes[0]}
        site.places[f"{name}_account"] = world[name].account_id
    for fill in (_find_stories, _hold_interviews, _keep_records, _administer, _invite, _draft, _count):
        fill(site)
    return site


def _find_people(service: Service, signs_in: dict[str, SignIn]) -> World:
    people: dict[str, Actor] = {}
    with service.work(SYSTEM) as work:
        for id, one in signs_in.items():
            account = accounts.find_by_name(work, one.person.sign_in)
            assert account is not None
            query = select(Membership).where(Membership.account_id == account.id)
            grants = frozenset(Grant(row.role, row.site_id) for row in work.session.scalars(query))
            people[id] = Actor(account.id, "person", grants)
        sites = {row.code: row.id for row in work.session.scalars(select(Site))}
    return World(service, sites["DEMO-1"], sites["DEMO-2"], people)


def _find_stories(site: TourSite) -> None:
    """The oldest story went all the way; its case is the one that the tour follows."""
    with site.service.database.reading() as session:
        referral = session.scalars(select(Referral).order_by(Referral.created_at)).first()
        assert referral is not None
        case = session.get_one(Case, referral.case_id)
        result = session.scalars(
            select(StoredAssessment)
            .where(StoredAssessment.case_id == case.id)
            .order_by(StoredAssessment.number)
        ).first()
        assert result is not None
        site.places |= {"case": case.id, "case_number": case.number, "referral": referral.id}
        site.places |= {"result": result.id, "finished": result.interview_id}


def _hold_interviews(site: TourSite) -> None:
    """Interviews in every state, of the interviewer."""
    service, world, places = site.service, site.world, site.places
    desk = Desk(world, count(1))
    actor = world["interviewer"]
    fresh = desk.begin()
    asked = desk.begin()
    room = {"entry_mode": "came_alone", "heard_alone": "yes", "interpreter": "independent"}
    safety = {"limits_explained": "yes", "consent_to_talk": "yes", "consent_to_record": "yes"}
    told = {
        **room,
        **safety,
        **CLEAR_ACCOUNT,
        "own_account": places["own_account"],
        "fear_of_return": {"state": "declined"},
    }
    desk.save_all(asked, told)
    urgent = desk.begin()
    desk.save_all(urgent, {**room, **CLEAR_ACCOUNT, "danger_now": "yes"})
    alone = desk.begin()
    desk.save_all(alone, {"entry_mode": "hospital", "heard_alone": "no"})
    resting = desk.begin()
    desk.save_all(resting, {**room, **safety, "documents_holder": "employer"})
    with service.work(actor) as work:
        rest = work.now + timedelta(days=1)
        pause_interview(work, resting, seen=desk.version_of(resting), because="rest", resume_after=rest)
    passed = desk.begin()
    desk.save_all(passed, {**room, **safety, "documents_holder": "self"})
    with service.work(actor) as work:
        colleague, seen = world["colleague"].account_id, desk.version_of(passed)
        hand_over(work, passed, seen=seen, to_account=colleague, note=places["hand_over"])
    ended = desk.begin()
    with service.work(actor) as work:
        seen = desk.version_of(ended)
        abandon_interview(work, ended, seen=seen, because="person_left", note=None, indicated=False)
    mistaken = desk.begin()
    low = assess(world, LITTLE_KNOWN)
    following = desk.begin(
        case_id=low.case, instrument="rescreen", follows_id=low.interview, follows_because="rest"
    )
    desk.save(following, "kind_of_work", "domestic_work", live=False)
    clear = assess(world)
    places |= {"fresh": fresh, "asked": asked, "urgent": urgent, "alone": alone, "resting": resting}
    places |= {"passed": passed, "ended": ended, "following": following, "low": low.assessment}
    places |= {
        "erased": desk.case_of(mistaken),
        "followed": low.interview,
        "new_case": clear.case,
        "new_result": clear.assessment,
    }
    places |= {"new_case_number": _number_of(site, clear.case), "service": WOMEN}


def _number_of(site: TourSite, case: str) -> str:
    with site.service.database.reading() as session:
        return session.get_one(Case, case).number


def _keep_records(site: TourSite) -> None:
    """Identity, consents, a workplace, access of a colleague, an emergency, and a case that was erased."""
    service, world, places = site.service, site.world, site.places
    case = places["case"]
    with service.work(world["interviewer"]) as work:
        who = {name: places[name] for name in ("full_name", "nationality", "languages", "safe_contact")}
        who |= {"birth_date": "1994-03", "document_number": "P 123 4567", "telephone": "+965 5550 0199"}
        identities.write_identity(work, case, who, seen=0)
        row, _ = workplaces.find_or_create(
            work, kind="company", name=places["workplace"], register_number="CR-77120"
        )
        workplaces.link_workplace(work, case, row.id)
        services = service.engines.rules_for("kuwait", None, TODAY.date()).services
        for purpose, state in (("statistics", "given"), ("contact", "refused")):
            record_consent(work, case, purpose=purpose, state=state, how="spoken", services=services)
    with service.work(world["supervisor"]) as work:
        access.assign_case(work, case, world["colleague"].account_id)
    with service.work(world["supervisor"]) as work:
        number = _number_of(site, places["erased"])
        erasure.erase_case(work, places["erased"], number=number, reason="opened_by_mistake")
    with service.work(world["colleague"]) as work:
        places["emergency_access"] = open_in_emergency(work, places["new_case"], places["emergency"]).id


def _administer(site: TourSite) -> None:
    service, places = site.service, site.places
    boss = site.world["administrator"]
    with service.work(boss) as work:
        names = Names("case.system", places["system"])
        system = accounts.make_account(work, "service", names, [Place("service", site.world.site_a)])
        issued = api_tokens.issue(
            work, system.id, places["token"], ["cases.read"], work.now + timedelta(days=90)
        )
        hook = add_webhook(
            work,
            label=places["system"],
            url="https://cases.example/hook",
            events=["referral.sent", "case.break_glass"],
            allowed_hosts=frozenset({"cases.example"}),
        )
        places |= {"system_account": system.id, "token_id": issued.row.id, "webhook": hook.id}
        places["site"] = site.world.site_a
    with service.work(boss) as work:
        for number, status in enumerate(("delivered", "failed")):
            announce(work, "referral.sent", site_id=site.world.site_a, referral=f"R-{number}")
            row = work.session.scalars(select(Delivery).where(Delivery.status == "waiting")).one()
            row.status, row.attempts, row.next_at = status, 1 + 7 * number, None
            row.last_status, row.done_at = (204, work.now) if status == "delivered" else (None, work.now)


def _invite(site: TourSite) -> None:
    """Somebody who was invited, and somebody whose password is new."""
    with site.service.work(site.world["administrator"]) as work:
        names = Names("newcomer", site.places["newcomer"])
        account = accounts.make_account(
            work, "person", names, [Place("interviewer", site.world.site_a)], site.language
        )
        site.places["invited_token"] = links.invite(work, account, timedelta(days=2)).token
        forgot = accounts.find_account(work, site.world["approver"].account_id, to_change=True)
        site.places["reset_token"] = links.reset(work, forgot, timedelta(hours=1), second_factor=False).token


def _draft(site: TourSite) -> None:
    """Two drafts of the rules: one that can be tried, and one with a slip of the pen."""
    whole = read_content(_DRAFTED)
    for place, new in (("draft", "locked_from_outside]"), ("broken_draft", "locked_from_outsid]")):
        with site.service.work(site.world["reviewer"]) as work:
            made = drafts.make_draft(work, site.places[f"{place}_name"])
            text = whole.replace("is: locked_from_outside", f"is_one_of: [guarded, {new}", 1)
            drafts.save_file(work, made, _DRAFTED, text, 0)
        site.places[place] = made


def _count(site: TourSite) -> None:
    """Two quarters of an office that nobody opens a case of, so that there is something to count."""
    said = load_texts()["texts"]["counting_site"]
    with site.service.work(SYSTEM) as work:
        where = add_site(work, "DEMO-3", "office", SiteNames(said["en"], said["ar"])).id
    for quarter, month in enumerate((5, 8)):
        at = datetime(2026, month, 15, 9, tzinfo=UTC)
        for outcome, route, mode, times in _COUNTED:
            more: dict[str, Any] = {"mode": mode, "outcome": outcome, "route": route}
            add_counted(site.service, site.world, at, times + quarter, site=where, **more)
