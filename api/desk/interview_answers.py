"""Asking: one question a page or a section, saved by a form or as it is filled in; what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.desk.interview_saving import FormSaved, new_nonce, questions_in, save_form
from api.desk.interview_sheets import Item, SectionShown, Sheet, bank_for, live_of, open_sheet
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.fields import Fields, fill_fields
from api.pages.preferences import preferences_of
from api.pages.rendering import fragment, page
from indicators.answers import read_answer
from screening.answer_sentences import describe_answer
from screening.engines import Rules
from screening.refusals import refused
from screening.sittings.answers import read_history
from screening.sittings.models import AnswerConflict
from screening.sittings.reaching import find_interview

router = APIRouter(include_in_schema=False)

# What the script's status line says: all saved, or something needs a look.
SAVED_HEADER: Final = "X-Saved"
_NOTHING: Final = FormSaved()


@router.get("/interviews/{interview}/questions/{question}")
def show_question(
    request: Request,
    interview: str,
    question: str,
    back: str | None = None,
    look: str | None = None,
    caller: Caller = opens("cases.read"),
) -> Response:
    """One question with its guidance, its answers, and beside it what all answers come to."""
    sheet = open_sheet(request, caller, interview, live=True)
    return _show_question(request, sheet, question, back=back, look=look == "note")


@router.post("/interviews/{interview}/questions/{question}")
def save_question(
    request: Request,
    interview: str,
    question: str,
    fields: Posted,
    caller: Caller = opens("interviews.write"),
) -> Response:
    """Save one answer, then go where the button says; as a part of the page for a script."""
    rules, bank = bank_for(request, caller, interview, "interviews.write")
    if question not in bank.questions:
        raise refused("S150")
    lang = preferences_of(request).language
    done = save_form(caller, interview, rules, bank, fields, lang, only=[question])
    sheet = _sheet_after(request, caller, interview, rules, done)
    if _is_scripted(request):
        return _answer_script(request, sheet, [question], done)
    if not done.complete:
        back = first(fields, "back") or None
        return _show_question(request, sheet, question, back=back, fields=fields, done=done)
    return RedirectResponse(_onwards(sheet, question, fields, done), 303)


@router.get("/interviews/{interview}/sections/{section}")
def show_section(
    request: Request,
    interview: str,
    section: str,
    look: str | None = None,
    caller: Caller = opens("cases.read"),
) -> Response:
    """All questions of a section on one page."""
    sheet = open_sheet(request, caller, interview, live=True)
    return _show_section(request, sheet, sheet.section(section), look=look == "note")


@router.post("/interviews/{interview}/sections/{section}")
def save_section(
    request: Request,
    interview: str,
    section: str,
    fields: Posted,
    caller: Caller = opens("interviews.write"),
) -> Response:
    """Save what was changed in a section; what was left alone stays as others may have saved it meanwhile."""
    rules, bank = bank_for(request, caller, interview, "interviews.write")
    done = save_form(caller, interview, rules, bank, fields, preferences_of(request).language)
    sheet = _sheet_after(request, caller, interview, rules, done)
    shown = sheet.section(section)
    if _is_scripted(request):
        return _answer_script(request, sheet, questions_in(fields, bank), done, shown)
    if not done.complete:
        return _show_section(request, sheet, shown, fields=fields, done=done)
    home = f"/interviews/{interview}"
    here = f"{home}/sections/{section}"
    if first(fields, "stands") or first(fields, "go") == "stay":
        return RedirectResponse(here, 303)
    if _needs_a_look(sheet, done):
        return RedirectResponse(f"{here}?look=note", 303)
    new = [item for item in shown.asking if item.id not in questions_in(fields, bank)]
    if new:
        # What was said here brings up more questions here.
        return RedirectResponse(f"{here}#{new[0].id}", 303)
    following = _section_after(sheet, section)
    if first(fields, "go") == "next" and following is not None:
        return RedirectResponse(f"{home}/sections/{following.id}", 303)
    return RedirectResponse(home, 303)


@router.get("/interviews/{interview}/questions/{question}/history")
def show_history(
    request: Request, interview: str, question: str, caller: Caller = opens("cases.read")
) -> Response:
    """Everything that was ever saved for one question: who, when, and what stood there before."""
    sheet = open_sheet(request, caller, interview)
    item = sheet.item(question)
    with caller.work() as work:
        found, case = find_interview(work, interview, "cases.read")
        history = read_history(work, found, case, sheet.rules, question)
        names = names_of(work, (one.by for one in history.revisions))
    return page(request, "desk/interviews/history.html", sheet=sheet, item=item, history=history, names=names)


def _sheet_after(request: Request, caller: Caller, interview: str, rules: Rules, done: FormSaved) -> Sheet:
    """The interview after saving: what comes next depends on what was said, and others may have saved too."""
    scripted = _is_scripted(request)
    return open_sheet(
        request,
        caller,
        interview,
        "interviews.write",
        rules=rules,
        # A form that was saved leads to another page, which shows it.
        live=bool(done.saved or done.conflicts) if scripted else not done.complete,
        after_saving=scripted and bool(done.saved),
        corrected=done.corrected,
    )


def _show_question(
    request: Request,
    sheet: Sheet,
    question: str,
    *,
    back: str | None,
    look: bool = False,
    fields: Fields | None = None,
    done: FormSaved = _NOTHING,
) -> Response:
    item = sheet.item(question)
    return page(
        request,
        "desk/interviews/question.html",
        status_code=_status(done),
        sheet=sheet,
        live=live_of(sheet),
        item=item,
        section=sheet.section_of(question),
        before=sheet.before(question),
        after=sheet.after(question),
        back="check" if back == "check" else "",
        look=look,
        **_form(sheet, [item], fields, done),
    )


def _show_section(
    request: Request,
    sheet: Sheet,
    section: SectionShown,
    *,
    look: bool = False,
    fields: Fields | None = None,
    done: FormSaved = _NOTHING,
) -> Response:
    sent = frozenset(questions_in(fields, sheet.bank)) if fields is not None else frozenset()
    asked = [
        item for item in section.items if item.place == "ask" or item.shown is not None or item.id in sent
    ]
    number = next(place for place, one in enumerate(sheet.sections) if one.id == section.id)
    return page(
        request,
        "desk/interviews/section.html",
        status_code=_status(done),
        sheet=sheet,
        live=live_of(sheet),
        section=section,
        asked=asked,
        waiting=[item for item in section.items if item not in asked],
        number=number + 1,
        previous=sheet.sections[number - 1] if number else None,
        following=_section_after(sheet, section.id),
        look=look,
        **_form(sheet, asked, fields, done),
    )


def _form(sheet: Sheet, items: Sequence[Item], fields: Fields | None, done: FormSaved) -> dict[str, Any]:
    """What the form of a page shows: as it was sent if it comes back, else what is saved."""
    shown: dict[str, Any] = {}
    follows: dict[str, int | str | None] = {}
    notes: dict[str, str] = {}
    wrong = {one.field.removeprefix("note.") for one in done.faults}
    for item in items:
        saved = item.shown
        follows[item.id] = None if saved is None else saved.seq
        notes[item.id] = (saved.note if saved is not None else None) or ""
        if fields is None or f"follows.{item.id}" not in fields:
            shown |= fill_fields(item.question, item.answer)
        else:
            notes[item.id] = first(fields, f"note.{item.id}")
            if item.id in done.conflicts or item.id in wrong:
                follows[item.id] = first(fields, f"follows.{item.id}")
    if fields is not None:
        shown |= {name: list(values) for name, values in fields.items()}
    return {
        "fields": shown,
        "faults": done.faults,
        "follows": follows,
        "notes": notes,
        "nonce": first(fields, "nonce") if fields is not None else new_nonce(),
        "conflicts": {name: _both(sheet, name, one) for name, one in done.conflicts.items()},
        "emptied": done.emptied,
    }


def _both(sheet: Sheet, name: str, conflict: AnswerConflict) -> dict[str, Any]:
    """Both answers of a conflict in words, for the page."""
    saved, sent = conflict.saved, conflict.sent
    answer = read_answer(sheet.rules.forms[name], sent.answer)
    said = describe_answer(sheet.rules.sentences, name, answer, relevant=True)
    free = sheet.items[name].question.type == "free_text"
    return {
        "saved": saved,
        "saved_text": saved.answer if free and saved is not None and saved.state == "value" else None,
        "sent_sentence": said.sentence,
        "sent_text": sent.answer if free and answer.state == "value" else None,
        "sent_note": sent.note,
    }


def _answer_script(
    request: Request, sheet: Sheet, names: Sequence[str], done: FormSaved, section: SectionShown | None = None
) -> Response:
    """The parts of the page that changed with the save, in one answer: the panel, and what was asked on."""
    new = [] if section is None else [item for item in section.asking if item.id not in names]
    response = fragment(
        request,
        "desk/interviews/saved.html",
        sheet=sheet,
        live=live_of(sheet),
        saved=done.saved,
        sent=[sheet.items[name] for name in names],
        new=new,
        **_form(sheet, new, None, done),
    )
    response.headers[SAVED_HEADER] = "yes" if done.complete else "look"
    return response


def _onwards(sheet: Sheet, question: str, fields: Fields, done: FormSaved) -> str:
    """Where a saved question leads."""
    home = f"/interviews/{sheet.interview.id}"
    here = f"{home}/questions/{question}"
    back = first(fields, "back") == "check"
    if first(fields, "stands"):
        return here + ("?back=check" if back else "")
    if _needs_a_look(sheet, done):
        return f"{here}?look=note" + ("&back=check" if back else "")
    if back:
        return f"{home}/check#row-{question}"
    section = sheet.section_of(question)
    if first(fields, "go") == "section" and section is not None:
        return f"{home}/sections/{section.id}"
    following = sheet.after(question)
    if first(fields, "go") != "home" and following is not None:
        return f"{home}/questions/{following.id}"
    return home


def _needs_a_look(sheet: Sheet, done: FormSaved) -> bool:
    """Whether a text that was just saved could be turned against the person."""
    return any(sheet.items[name].warnings for name in done.saved)


def _section_after(sheet: Sheet, section: str) -> SectionShown | None:
    order = [one.id for one in sheet.sections]
    later = sheet.sections[order.index(section) + 1 :]
    return next((one for one in later if one.asking), None)


def _status(done: FormSaved) -> int:
    if done.conflicts:
        return 409
    return 422 if done.faults else 200


def _is_scripted(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"
