"""Filling an empty database with the demonstration: through the same functions as real work, in past days."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from screening.cases.consents import record_consent
from screening.clock import day_in_kuwait
from screening.demo_interviews import DemoInterview, load_demo_interviews
from screening.demo_site.contents import DemoContents, DemoPerson, Story
from screening.engines import Rules
from screening.interviews import DEFAULT_RULE_SET
from screening.people.access import SYSTEM, Actor, Grant
from screening.people.accounts import Names, Place, make_account
from screening.people.links import accept, invite
from screening.people.passwords import Hasher
from screening.people.second_factors import keep_secret, make_recovery_codes, new_secret
from screening.people.sites import SiteNames, add_site
from screening.referral_stages import ReferralMechanism
from screening.referrals.proposals import Proposal, propose
from screening.referrals.referrals import Guidance, NewReferral, happen, write_referral
from screening.referrals.stages import enter_stage
from screening.sittings.answers import GivenAnswer
from screening.sittings.decisions import decide
from screening.sittings.finishing import finish_interview
from screening.sittings.interviews import NewInterview, begin_interview, pause_interview
from screening.sittings.saving import save_answers
from screening.storage.tables.cases import Case
from screening.work import Service

# A link that is accepted at once.
_LINK_LIVES: Final = timedelta(minutes=5)
# Four groups of letters: nobody has to think one up, and it opens nothing but this site.
_GROUPS: Final = 4
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody of the demonstration signs in."""

    person: DemoPerson
    password: str
    # For an authenticator app.
    secret: str
    # Each works once in place of the app.
    recovery_codes: tuple[str, ...]


class PastClock:
    """A clock that the filling moves from a past day to today."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        """The time it is in the story."""
        return self.now

    def move(self, by: timedelta) -> None:
        """Go on in time."""
        self.now += by


class DemoFilling:
    """Fills one service, whose clock is `clock`, and says how to sign in."""

    def __init__(
        self,
        service: Service,
        clock: PastClock,
        contents: DemoContents,
        guidance: Guidance,
        mechanism: ReferralMechanism,
        today: datetime,
    ) -> None:
        self._service = service
        self._clock = clock
        self._contents = contents
        self._guidance = guidance
        self._mechanism = mechanism
        self._today = today
        self._sites: dict[str, str] = {}
        self._actors: dict[str, Actor] = {}

    def fill(self) -> Sequence[SignIn]:
        """Make sites, people and stories; return how each person signs in."""
        signs_in = self._add_people()
        interviews = {item.id: item for item in load_demo_interviews()}
        for story in sorted(self._contents.stories, key=lambda one: -one.days_ago):
            self._go_to(self._today - timedelta(days=story.days_ago, hours=3))
            self._tell(story, interviews[story.interview])
        return signs_in

    def _add_people(self) -> list[SignIn]:
        hasher = Hasher()
        found = []
        for site in self._contents.sites:
            with self._service.work(SYSTEM) as work:
                names = SiteNames(site.name.en, site.name.ar)
                self._sites[site.id] = add_site(work, site.code, site.kind, names).id
        for person in self._contents.people:
            password = "-".join(
                "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS)) for _ in range(_GROUPS)
            )
            site_id = None if person.site is None else self._sites[person.site]
            with self._service.work(SYSTEM) as work:
                account = make_account(
                    work,
                    "person",
                    Names(person.sign_in, person.name),
                    [Place(person.role, site_id)],
                    person.language,
                )
                link = invite(work, account, _LINK_LIVES)
                accept(work, link.token, hasher.hash(password), None)
                secret = new_secret()
                keep_secret(work, account, secret, 0)
                account.status = "active"
                codes = make_recovery_codes(work, account)
            self._actors[person.id] = Actor(account.id, "person", frozenset({Grant(person.role, site_id)}))
            found.append(SignIn(person, password, secret, tuple(codes)))
        return found

    def _tell(self, story: Story, told: DemoInterview) -> None:
        actor = self._actors[story.by]
        answers = dict(told.interview["answers"])
        interview, case, version = self._begin(actor, told, answers, story)
        if story.reached("paused") and not story.reached("finished"):
            with self._service.work(actor) as work:
                rest = None if story.rest_days is None else work.now + timedelta(days=story.rest_days)
                pause_interview(work, interview, seen=version, because="rest", resume_after=rest)
        if story.stage is not None:
            with self._service.work(actor) as work:
                enter_stage(work, case, story.stage, self._mechanism)
        if not story.reached("finished"):
            return
        self._clock.move(timedelta(minutes=50))
        final = finish_interview(self._service, actor, interview, seen_seq=len(answers))
        if story.reached("decided"):
            self._clock.move(timedelta(minutes=5))
            with self._service.work(actor) as work:
                decide(work, self._service.engines, final.id, stance="agree")
        if story.reached("consented"):
            self._refer(story, actor, case)

    def _begin(
        self, actor: Actor, told: DemoInterview, answers: dict[str, Any], story: Story
    ) -> tuple[str, str, int]:
        site = next(grant.site_id for grant in actor.grants)
        with self._service.work(actor) as work:
            new = NewInterview(told.interview["instrument"], site_id=site)
            begun, case = begin_interview(work, self._rules(), new)
            interview, case_id = begun.id, case.id
        if not story.reached("finished"):
            # A talk that has not come to its end: some of the answers.
            answers = dict(list(answers.items())[: max(3, len(answers) // 2)])
        given = [
            GivenAnswer(question, answer, f"demo-{number}")
            for number, (question, answer) in enumerate(answers.items())
        ]
        saved = save_answers(self._service, actor, interview, given, live=False)
        refused = [outcome for outcome in saved.outcomes if outcome.faults]
        if refused:
            raise ValueError(f"{told.id} has answers that its instrument does not take: {refused}")
        return interview, case_id, saved.version

    def _refer(self, story: Story, actor: Actor, case_id: str) -> None:
        with self._service.work(actor, writes=False) as work:
            proposals = propose(work, work.session.get_one(Case, case_id))
        chosen = self._choose(story, proposals)
        if chosen is None:
            return
        proposal, service = chosen
        self._clock.move(timedelta(minutes=10))
        with self._service.work(actor) as work:
            record_consent(
                work,
                case_id,
                purpose="referral",
                state="given",
                how="spoken",
                services=self._directory(),
                recipient=service,
                limits_explained=True,
            )
        if not story.reached("referred"):
            return
        with self._service.work(actor) as work:
            written = write_referral(work, NewReferral(case_id, proposal.route, service), self._guidance)
        steps: list[dict[str, str]] = [{"name": "sent", "how": "accompanied"}]
        if story.reached("answered"):
            steps += [{"name": "accepted"}, {"name": "followed_up", "reason": "help_in_part"}]
        for step in steps:
            self._clock.move(timedelta(hours=1))
            with self._service.work(actor) as work:
                happen(work, written.referral.id, guidance=self._guidance, **step)  # type: ignore[arg-type]

    def _choose(self, story: Story, proposals: Sequence[Proposal]) -> tuple[Proposal, str] | None:
        # A service that is known to be open to the person, before one of which that is not known.
        for eligibility in ("met", "not_known"):
            for proposal in proposals:
                offers = [one for one in proposal.recommendation.services if one.eligibility == eligibility]
                needs_yes = proposal.recommendation.consent != "not_needed"
                if offers and needs_yes and story.route in (None, proposal.route):
                    return proposal, offers[0].service
        return None

    def _go_to(self, moment: datetime) -> None:
        self._clock.now = max(self._clock.now + timedelta(minutes=1), moment)

    def _rules(self) -> Rules:
        return self._service.engines.rules_for(DEFAULT_RULE_SET, None, day_in_kuwait(self._clock()))

    def _directory(self) -> Mapping[str, object]:
        return self._rules().services
