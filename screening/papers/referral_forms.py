"""The referral form: what a recipient may know, and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from indicators.models import Text
from screening.cases.consents import consent_exceptions
from screening.cases.identities import read_identity
from screening.clock import ASIA_KUWAIT
from screening.engines import Rules
from screening.papers.printing import print_pdf
from screening.papers.words import form_words
from screening.phrases import Language
from screening.referrals.referrals import Guidance, ReferralSeen, happen
from screening.sentences import as_text_or_none
from screening.storage.tables.cases import Consent
from screening.storage.tables.sites import Site
from screening.work import Work

_LEFT_TO_RIGHT: Final = frozenset({"birth_date", "document_number", "telephone"})


def print_referral(
    work: Work, referral_id: str, lang: Language, guidance: Guidance, rules: Rules
) -> tuple[bytes, ReferralSeen]:
    """The form as PDF, and the referral with the printing recorded.

    Only the parts of the identity that the referral names are on it. Raises `Refused` as `happen` does: a
    referral that was declined, closed or taken back is not printed any more.
    """
    seen = happen(work, referral_id, "printed", guidance)
    return print_pdf("referral_form.typ", form_data(work, seen, lang, guidance, rules), lang), seen


def form_data(
    work: Work, seen: ReferralSeen, lang: Language, guidance: Guidance, rules: Rules
) -> Mapping[str, Any]:
    """What stands on the form."""
    row = seen.referral
    entry = rules.services.get(row.service)
    route = rules.program.data["routes"].get(row.route, {})
    consent = None if row.consent_id is None else work.session.get_one(Consent, row.consent_id)
    exception = next((item for item in consent_exceptions() if item.id == row.exception), None)
    site = work.session.get_one(Site, row.site_id)
    urgency = next(item for item in guidance.book.urgencies if item.id == row.urgency)
    return {
        "words": dict(form_words(lang)),
        "number": row.number,
        "case_number": seen.case.number,
        "written_on": _day(row.created_at),
        "printed_on": work.now.astimezone(ASIA_KUWAIT).strftime("%Y-%m-%d %H:%M"),
        "to_service": row.service if entry is None else _said(entry.name, lang),
        "from_site": site.name_en if lang == "en" else site.name_ar,
        "route": _said(as_text_or_none(route.get("label")), lang) or row.route,
        "urgency": _said(urgency.label, lang),
        "how": None if entry is None else _said(entry.how, lang),
        "message": None if seen.message is None else list(_parts(seen.message)),
        "identity": list(_identity(work, seen, lang)),
        "agreed_on": None if consent is None else _day(consent.at),
        "exception": None
        if exception is None
        else {
            "label": _said(exception.label, lang),
            "explanation": _said(exception.explanation, lang),
        },
    }


def _identity(work: Work, seen: ReferralSeen, lang: Language) -> Iterator[Mapping[str, Any]]:
    if not seen.share:
        return
    # Asked for as its own permission, and audited as its own look.
    values = read_identity(work, seen.case.id).values
    for name in seen.share:
        value = values.get(name)
        if value:
            yield {
                "name": form_words(lang)[name],
                "value": value,
                "ltr": name in _LEFT_TO_RIGHT,
                "rtl": _is_right_to_left(value),
            }


def _parts(message: str) -> Iterator[Mapping[str, Any]]:
    for part in message.splitlines():
        if part.strip():
            yield {"text": part, "rtl": _is_right_to_left(part)}


def _is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def _said(text: Text | None, lang: Language) -> str | None:
    return None if text is None else str(getattr(text, lang))


def _day(moment: datetime) -> str:
    return moment.astimezone(ASIA_KUWAIT).date().isoformat()
