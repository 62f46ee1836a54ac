"""Saving what a form of an interview says: one question or a section, with or without a script."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.access import Caller
from api.desk.forms import LONGEST_NOTE, written
from api.desk.interview_questions import Bank
from api.desk.viewing import first
from api.pages.fields import FieldFault, Fields, control_id
from api.pages.forms import read_posted
from indicators.errors import fault
from screening.engines import Rules
from screening.phrases import Language
from screening.sittings.answers import Outcome
from screening.sittings.changes import Draft, find_changes
from screening.sittings.models import AnswerConflict
from screening.sittings.saving import corrections, save_within


@dataclass(frozen=True, slots=True)
class FormSaved:
    """What became of a form: what was saved (the new number by question), and what needs a person's eye.

    `corrected` are the numbers of what replaced other answers.
    """

    saved: Mapping[str, int] = field(default_factory=dict)
    corrected: tuple[int, ...] = ()
    faults: tuple[FieldFault, ...] = ()
    conflicts: Mapping[str, AnswerConflict] = field(default_factory=dict)
    # Of several choices none is left: what was saved before stays, and the page says so.
    emptied: frozenset[str] = frozenset()

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be mended or chosen."""
        return not self.faults and not self.conflicts


def new_nonce() -> str:
    """What marks one showing of a form, so that sending it twice saves it once."""
    return secrets.token_hex(16)


def questions_in(fields: Fields, bank: Bank) -> list[str]:
    """The questions that a form carries, in the order it sends them."""
    names = [name.removeprefix("follows.") for name in fields if name.startswith("follows.")]
    return [name for name in names if name in bank.questions]


def save_form(
    caller: Caller,
    interview_id: str,
    rules: Rules,
    bank: Bank,
    fields: Fields,
    lang: Language,
    *,
    only: Iterable[str] | None = None,
) -> FormSaved:
    """Save what a form changes, each question by itself: one that is wrong keeps none of the others back."""
    stands = dict(value.split(":", 1)[::-1] for value in fields.get("stands", ()) if ":" in value)
    drafts: list[Draft] = []
    emptied: set[str] = set()
    faults: list[FieldFault] = []
    for name in questions_in(fields, bank) if only is None else only:
        if stands.get(name) == "saved":
            continue
        posted = read_posted(bank.questions[name], fields, lang)
        faults += posted.faults
        note = written(fields, f"note.{name}")
        if note is not None and len(note) > LONGEST_NOTE:
            wrong = fault("A069", field=f"note.{name}", most=LONGEST_NOTE)
            faults.append(FieldFault(f"note.{name}", control_id(f"note.{name}"), wrong))
            continue
        if not posted.faults:
            seen = f"conflict.{name}" if stands.get(name) == "mine" else f"follows.{name}"
            drafts.append(Draft(name, posted.answer, note, _read_seq(first(fields, seen))))
            if (
                posted.answer is None
                and bank.questions[name].type == "several_choices"
                and drafts[-1].follows_seq
            ):
                emptied.add(name)
    outcomes = _save(caller, interview_id, rules, drafts, first(fields, "nonce"))
    for outcome in outcomes:
        faults += _faults_of(outcome)
    return FormSaved(
        saved={one.question: one.seq for one in outcomes if one.seq is not None},
        corrected=tuple(corrections(outcomes)),
        faults=tuple(faults),
        conflicts={
            one.question: one.conflict for one in outcomes if one.conflict is not None and _is_choice(one)
        },
        emptied=frozenset(emptied),
    )


def _save(
    caller: Caller, interview_id: str, rules: Rules, drafts: list[Draft], nonce: str
) -> tuple[Outcome, ...]:
    """Save what the drafts change; nothing happens if that is nothing."""
    if not drafts:
        return ()
    with caller.work() as work:
        outcomes, *_ = save_within(
            work,
            interview_id,
            rules,
            lambda interview, case: find_changes(work, interview, case, rules.forms, drafts, nonce),
        )
    return outcomes


def _faults_of(outcome: Outcome) -> list[FieldFault]:
    if _is_choice(outcome):
        return []
    return [FieldFault(outcome.question, control_id(outcome.question), one) for one in outcome.faults]


def _is_choice(outcome: Outcome) -> bool:
    """Whether two answers stand beside one another, for a person to choose."""
    return outcome.conflict is not None and outcome.conflict.saved is not None


def _read_seq(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0 else None
