"""Question cards for interpreters: what is said aloud, in both languages side by side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from indicators.models import Instrument, Question, Text
from screening.phrases import LANGUAGES, Language, say, say_both
from screening.reference.libraries import Library
from screening.reference.sheets import Page, Sheet, code, escape


def card_pages(library: Library) -> Iterator[Page]:
    """Yield one page of cards for each instrument; it holds both languages."""
    for name, instrument in library.catalogue.instruments.items():
        title = Text(
            en=say("reference.title.cards", "en", title=instrument.title, other=_say_arabic(instrument)),
            ar=say("reference.title.cards", "ar", title=instrument.title, other=instrument.title.en),
        )
        yield Page(f"cards/{name}.md", title, partial(_write, instrument), shared=True)


def _say_arabic(instrument: Instrument) -> str:
    return instrument.title.say("ar")


def _write(instrument: Instrument, sheet: Sheet) -> None:
    for lang in LANGUAGES:
        sheet.paragraph(_in_direction(escape(say("reference.cards.intro", lang)), lang))
    number = 0
    for section in instrument.sections:
        title = section.title
        sheet.heading(2, f"{escape(title.say('en'))} · {escape(title.say('ar'))}")
        rows = []
        for name in section.questions:
            number += 1
            question = sheet.library.catalogue.questions[name]
            rows.append(
                (str(number), code(name), *(_in_direction(_card(question, lang), lang) for lang in LANGUAGES))
            )
        sheet.table(("at", "id", "english", "arabic"), rows)


def _card(question: Question, lang: Language) -> str:
    lines = [f"**{escape(question.text.say(lang))}**"]
    lines += [f"• {escape(option.text.say(lang))}" for option in question.options]
    if not question.options:
        form = say(f"reference.card.{question.type}", lang)
        lines.append(f"• {form}")
    if question.answered_by == "interviewer":
        lines.append(say("reference.card.interviewer", lang))
    if question.distress != "low":
        distress = say_both(f"reference.distress.{question.distress}")
        lines.append(say("reference.card.distress", lang, distress=distress))
    if question.guidance is not None:
        lines.append(say("reference.card.guidance", lang, text=escape(question.guidance.say(lang))))
    return "<br>".join(lines)


def _in_direction(text: str, lang: Language) -> str:
    return text if lang == "en" else f'<span dir="rtl" lang="ar">{text}</span>'
