"""Questions by topic, and the instruments that select and order them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from indicators.models import Instrument, Question
from screening.phrases import say_both
from screening.reference.libraries import Library
from screening.reference.sheets import Page, Sheet, code
from screening.sentences import say_unit


def question_pages(library: Library) -> Iterator[Page]:
    """Yield one page for each topic and for each instrument."""
    for topic in sorted({one.topic for one in library.catalogue.questions.values()}):
        chosen = [one for one in library.catalogue.questions.values() if one.topic == topic]
        title = say_both("reference.title.questions", topic=code(topic))
        yield Page(f"questions/{topic}.md", title, partial(_write_questions, chosen))
    for name, instrument in library.catalogue.instruments.items():
        title = say_both("reference.title.instrument", title=instrument.title)
        yield Page(f"instruments/{name}.md", title, partial(_write_instrument, instrument))


def _write_questions(questions: list[Question], sheet: Sheet) -> None:
    for question in questions:
        sheet.heading(2, sheet.text(question.text), question.id)
        sheet.field("id", code(question.id))
        sheet.field("type", say_both(f"type.{question.type}"))
        sheet.field("answered_by", say_both(f"reference.answered_by.{question.answered_by}"))
        sheet.field("about", say_both(f"reference.about.{question.about}"))
        sheet.field("distress", say_both(f"reference.distress.{question.distress}"))
        sheet.field("why", question.why)
        if question.guidance is not None:
            sheet.field("guidance", question.guidance)
        _write_answers(sheet, question)
        for phrase, condition in (
            ("cli.questions.applies_when", question.applies_when),
            ("cli.questions.ask_when", question.ask_when),
        ):
            if condition is not None:
                sheet.item(sheet.say(phrase))
                sheet.tree(condition, 1)
        _write_uses(sheet, question.id)


def _write_answers(sheet: Sheet, question: Question) -> None:
    if question.unit is not None:
        sheet.field("unit", say_unit(question.unit))
    if question.least is not None:
        sheet.field("least", str(question.least))
    if question.most is not None:
        sheet.field("most", str(question.most))
    if question.options:
        sheet.opening("answers")
    for option in question.options:
        if option.id == question.exclusive:
            sheet.item(sheet.say("reference.option.exclusive", text=option.text, id=code(option.id)), 1)
        else:
            sheet.item(sheet.say("reference.option", text=option.text, id=code(option.id)), 1)


def _write_uses(sheet: Sheet, name: str) -> None:
    library = sheet.library
    sheet.field("instruments", sheet.links("instrument", library.instruments_asking.get(name, ())))
    rules = library.used_by.get(("question", name), ())
    if rules:
        sheet.field("read_by", sheet.links("rule", rules))
    else:
        sheet.item(sheet.say("reference.read_by_no_rule"))
    if name in library.entries_reading:
        sheet.field("counted_in", sheet.links("dimension", library.entries_reading[name]))
    if name in library.routes_reading:
        sheet.field("chooses_service", sheet.links("route", library.routes_reading[name]))
    if name in library.opened_by:
        sheet.field("opens", sheet.links("question", library.opened_by[name]))


def _write_instrument(instrument: Instrument, sheet: Sheet) -> None:
    sheet.paragraph(sheet.text(instrument.purpose))
    sheet.field("id", code(instrument.id))
    sheet.field("questions", str(len(instrument.questions)))
    sheet.field("core_questions", str(len(instrument.core)))
    cards = sheet.page_link(f"cards/{instrument.id}.md", sheet.say("reference.cards"), shared=True)
    sheet.item(cards)
    numbers = {name: at for at, name in enumerate(instrument.questions, start=1)}
    core = sheet.say("reference.core")
    for section in instrument.sections:
        sheet.heading(2, sheet.text(section.title))
        sheet.table(
            ("at", "question", "answered_by", "distress", "core"),
            (
                (
                    str(numbers[name]),
                    sheet.labelled("question", name),
                    sheet.say(f"reference.answered_by.{question.answered_by}"),
                    sheet.say(f"reference.distress.{question.distress}"),
                    core if name in instrument.core else "",
                )
                for name, question in (
                    (name, sheet.library.catalogue.questions[name]) for name in section.questions
                )
            ),
        )
