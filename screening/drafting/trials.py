"""A draft tried on what was heard before: on the stored interviews as counts, on the shipped ones by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from indicators.answers import write_answer
from indicators.models import Text
from screening.demo_interviews import DemoInterview, load_demo_interviews
from screening.drafting.comparisons import Compared, Held
from screening.drafting.drafts import Draft
from screening.engines import Engines
from screening.sittings.answers import read_current, values_of
from screening.sittings.programs import rules_of
from screening.statistics.counting import may_be_counted
from screening.statistics.limits import statistics_limits
from screening.statistics.suppression import Total, choose_hidden
from screening.storage.tables.assessments import StoredAssessment
from screening.storage.tables.cases import Case
from screening.storage.tables.interviews import Interview
from screening.work import Work

# The newest ones: more would keep the reviewer waiting longer than anybody waits.
MOST: Final = 1_000
STORED: Final = "stored:"
SHIPPED: Final = "shipped:"
_NOBODY: Final = ("nobody",)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The stored interviews that a draft is tried on; `numbers` are those whose cases the actor may open."""

    interviews: tuple[Held, ...]
    numbers: Mapping[str, tuple[str, str]]
    left_out: int


@dataclass(frozen=True, slots=True)
class Move:
    """How many interviews go from one outcome to another; None where the number is kept back."""

    before: str
    after: str
    count: int | None


@dataclass(frozen=True, slots=True)
class RouteChange:
    """How many would no longer be sent on a route, and how many would be sent on it for the first time."""

    route: str
    lost: int | None
    gained: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What comes of the stored interviews, as counts of which none can point at a person.

    `no_longer` are those who would lose a referral, `none_left` those who would have none left, `cases` the
    number and id of those among them whose cases the actor may open.
    """

    tried: int | None
    differ: int | None
    no_longer: int | None
    none_left: int | None
    urgent_lost: int | None
    moves: tuple[Move, ...]
    routes: tuple[RouteChange, ...]
    cases: tuple[tuple[str, str], ...]
    left_out: int
    least: int


@dataclass(frozen=True, slots=True)
class ShippedChange:
    """A shipped interview that comes out differently."""

    id: str
    title: Text
    invented: bool
    compared: Compared


def read_earlier(work: Work, engines: Engines, draft: Draft) -> Earlier:
    """Read the newest final assessments that the actor may count; who refused to be counted is not.

    The answers leave this transaction for an evaluation and are shown to nobody.
    """
    allowed = work.permissions.require(work.actor, "statistics.read")
    wanted = (
        select(StoredAssessment, Case, Interview.instrument)
        .join(Case, Case.id == StoredAssessment.case_id)
        .join(Interview, Interview.id == StoredAssessment.interview_id)
        .where(
            StoredAssessment.rule_set == draft.rule_set,
            StoredAssessment.number == 1,
            Case.status != "erased",
            may_be_counted(StoredAssessment.case_id),
        )
    )
    if allowed.sites is not None:
        wanted = wanted.where(StoredAssessment.site_id.in_(sorted(allowed.sites)))
    there = work.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    interviews = []
    rows = work.session.execute(
        wanted.order_by(StoredAssessment.at.desc(), StoredAssessment.id.desc()).limit(MOST)
    ).all()
    for assessment, case, instrument in rows:
        forms = rules_of(work.session, engines, assessment.digest, assessment.revision).forms
        current = read_current(work, case, assessment.interview_id, forms, up_to=assessment.last_seq)
        answers = {name: write_answer(answer) for name, answer in values_of(current).items()}
        interviews.append(
            Held(
                key=f"{STORED}{assessment.id}",
                instrument=instrument,
                as_of=assessment.as_of,
                answers=answers,
            )
        )
    return Earlier(tuple(interviews), _openable(work, {row[0].id: row[1] for row in rows}), there - len(rows))


def read_shipped(rule_set: str) -> tuple[Held, ...]:
    """Return the published and the invented interviews that come with the system."""
    found = []
    for one in load_demo_interviews():
        body = one.interview
        if body.get("rule_set", rule_set) == rule_set:
            found.append(
                Held.model_validate(
                    {
                        "key": f"{SHIPPED}{one.id}",
                        "instrument": body["instrument"],
                        "as_of": body["as_of"],
                        "answers": body["answers"],
                    },
                    strict=False,
                )
            )
    return tuple(found)


def count_trial(work: Work, earlier: Earlier, compared: Sequence[Compared], draft: Draft) -> Trial:
    """Count what comes out differently, keep back what could point at a person, and audit the question."""
    found = [one for one in compared if one.key.startswith(STORED)]
    least = statistics_limits().least_shown.value
    counts, totals = _tables(found)
    hidden = choose_hidden(counts, totals, least)

    def shown(*key: str) -> int | None:
        return None if key in hidden else counts.get(key, 0)

    cases = {
        number: case
        for one in found
        if one.lost
        for number, case in (earlier.numbers.get(one.key, ("", "")),)
        if number
    }
    work.record(
        "draft.try",
        "rule_draft",
        draft.id,
        version=draft.version,
        interviews=len(found),
        kept_back=len(hidden),
        cases=sorted(cases.values()),
    )
    moved = sorted({key[1:] for key in counts if key[0] == "move"})
    routes = sorted({key[1] for key in counts if key[0] in ("lost", "gained")} - set(_NOBODY))
    return Trial(
        tried=shown("all"),
        differ=shown("differ", "yes"),
        no_longer=shown("no_longer", "yes"),
        none_left=shown("none_left", "yes"),
        urgent_lost=shown("urgent_lost", "yes"),
        moves=tuple(
            Move(before, after, shown("move", before, after)) for before, after in moved if before != after
        ),
        routes=tuple(
            RouteChange(one, shown("lost", one, "yes"), shown("gained", one, "yes")) for one in routes
        ),
        cases=tuple(sorted(cases.items())),
        left_out=earlier.left_out,
        least=least,
    )


def shipped_changes(compared: Sequence[Compared]) -> tuple[ShippedChange, ...]:
    """Return the shipped interviews that come out differently; who loses a referral comes first."""
    known: Mapping[str, DemoInterview] = {f"{SHIPPED}{one.id}": one for one in load_demo_interviews()}
    found = [
        ShippedChange(known[one.key].id, known[one.key].title, known[one.key].invented, one)
        for one in compared
        if one.key in known and one.differs
    ]
    return tuple(sorted(found, key=lambda one: (not one.compared.lost, one.id)))


def _tables(found: Sequence[Compared]) -> tuple[dict[Key, int], list[Total[Key]]]:
    """Every count, each with the rest that adds up with it to all."""
    counts: Counter[Key] = Counter()
    parts: dict[str, set[Key]] = {}

    def add(table: str, *key: str) -> None:
        counts[key] += 1
        parts.setdefault(table, set()).add(key)

    routes = {route for one in found for route in (*one.lost, *one.gained)}
    for one in found:
        after = "cannot_be_read" if one.after is None else one.after.outcome
        add("move", "move", one.before.outcome, after)
        urgent = set(one.before.urgent) - set(() if one.after is None else one.after.urgent)
        left = one.after is not None and bool(one.after.routes)
        for name, holds in (
            ("differ", one.differs),
            ("no_longer", bool(one.lost)),
            ("none_left", bool(one.lost) and not left),
            ("urgent_lost", bool(urgent)),
        ):
            add(name, name, "yes" if holds else "no")
        for route in routes:
            add(f"lost.{route}", "lost", route, "yes" if route in one.lost else "no")
            add(f"gained.{route}", "gained", route, "yes" if route in one.gained else "no")
    counts[("all",)] = len(found)
    totals = [Total(("all",), tuple(sorted(keys))) for _, keys in sorted(parts.items())]
    return dict(sorted(counts.items())), totals


def _openable(work: Work, cases: Mapping[str, Case]) -> Mapping[str, tuple[str, str]]:
    """For each stored result whose case the actor may open, the number of that case and its id."""
    if not cases or not work.permissions.allowed(work.actor, "cases.read").anywhere:
        return {}
    among = sorted({case.id for case in cases.values()})
    statement = select(Case.id).where(Case.id.in_(among)).where(work.case_filter("cases.read"))
    may = set(work.session.scalars(statement))
    return {f"{STORED}{id}": (case.number, case.id) for id, case in cases.items() if case.id in may}
