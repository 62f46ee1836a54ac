"""The referral form: what a recipient may know, and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from indicators.models import Text
from screening.cases.consents import consent_exceptions
from screening.cases.identities import read_identity
from screening.clock import ASIA_KUWAIT
from screening.descriptions import source_line
from screening.engines import Rules
from screening.papers.words import form_words
from screening.phrases import Language
from screening.referrals.events import PRINTED
from screening.referrals.proposals import rules_of_case
from screening.referrals.referrals import SHAREABLE, Answered, Guidance, ReferralSeen, happen
from screening.refusals import refused
from screening.sentences import as_text_or_none, cite_content
from screening.storage.tables.cases import Consent
from screening.storage.tables.sites import Site
from screening.work import Work

_LEFT_TO_RIGHT: Final = frozenset({"birth_date", "document_number", "telephone"})


def prepare_form(
    work: Work, referral_id: str, languages: Sequence[Language], guidance: Guidance
) -> list[Mapping[str, Any]]:
    """What stands on the form in each language, to be printed once the printing is on record.

    Only the parts of the identity that the referral names are on it. Raises `Refused` as `happen` does: a
    referral that was declined, closed or taken back, or whose yes was, is not printed any more.
    """
    seen = happen(work, referral_id, PRINTED, guidance)
    if isinstance(seen, Answered):
        # Whoever may write referrals and not read them has no form to print.
        raise refused("S121", value="referrals.read")
    rules = rules_of_case(work, seen.case, guidance.engines)
    identity = _read_shared(work, seen)
    return [_page(work, seen, lang, guidance, rules, identity) for lang in languages]


def _page(
    work: Work,
    seen: ReferralSeen,
    lang: Language,
    guidance: Guidance,
    rules: Rules,
    identity: Mapping[str, str],
) -> Mapping[str, Any]:
    row = seen.referral
    entry = rules.services.get(row.service)
    route = rules.program.data["routes"].get(row.route, {})
    consent = None if row.consent_id is None else work.session.get_one(Consent, row.consent_id)
    exception = next((item for item in consent_exceptions() if item.id == row.exception), None)
    site = work.session.get_one(Site, row.site_id)
    urgency = next((item for item in guidance.book.urgencies if item.id == row.urgency), None)
    return {
        "lang": lang,
        "words": dict(form_words(lang)),
        "number": row.number,
        "case_number": seen.case.number,
        "written_on": _day(row.created_at),
        "printed_on": work.now.astimezone(ASIA_KUWAIT).strftime("%Y-%m-%d %H:%M"),
        "to_service": row.service if entry is None else _said(entry.name, lang),
        "from_site": site.name_en if lang == "en" else site.name_ar,
        "route": _said(as_text_or_none(route.get("label")), lang) or row.route,
        "urgency": row.urgency if urgency is None else _said(urgency.label, lang),
        "how": None if entry is None else _said(entry.how, lang),
        "message": None if seen.message is None else list(_parts(seen.message)),
        "identity": [
            {
                "name": form_words(lang)[name],
                "value": value,
                "ltr": name in _LEFT_TO_RIGHT,
                "rtl": _is_right_to_left(value),
            }
            for name, value in identity.items()
        ],
        "agreed_on": None if consent is None else _day(consent.at),
        "exception": None
        if exception is None
        else {
            "label": _said(exception.label, lang),
            "explanation": _said(exception.explanation, lang),
            "sources": [
                source_line(one).say(lang)
                for one in cite_content(guidance.engines.catalogue(), exception.sources)
            ],
        },
    }


def _read_shared(work: Work, seen: ReferralSeen) -> Mapping[str, str]:
    if not seen.share:
        return {}
    # Asked for as its own permission, and audited as its own look.
    values = read_identity(work, seen.case.id).values
    return {name: value for name in SHAREABLE if name in seen.share and (value := values.get(name))}


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
