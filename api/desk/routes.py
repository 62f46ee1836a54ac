"""Every page of the desk: one router a file, included here and nowhere else."""

from __future__ import annotations

from fastapi import APIRouter

from api.desk import (
    account,
    administration,
    administration_accounts,
    administration_retention,
    administration_sites,
    administration_tokens,
    administration_webhooks,
    auditing,
    case_records,
    cases,
    consents,
    home,
    interview_answers,
    interview_beginning,
    interview_steps,
    interviews,
    links,
    practice,
    referrals,
    results,
    rights,
    rule_pages,
    rule_pages_drafts,
    rule_pages_publishing,
    rule_pages_trials,
    sign_in,
    statistics,
    supervision,
)


def desk_routes() -> APIRouter:
    """The routes of the desk, for `add_pages`; each says by `opens` or `public` who may call it."""
    router = APIRouter(include_in_schema=False)
    for part in (
        home,
        sign_in,
        links,
        # Before the page of one interview: its address begins the same.
        interview_beginning,
        interviews,
        interview_answers,
        interview_steps,
        cases,
        case_records,
        consents,
        results,
        referrals,
        rights,
        supervision,
        statistics,
        rule_pages,
        rule_pages_drafts,
        rule_pages_publishing,
        rule_pages_trials,
        account,
        administration,
        administration_accounts,
        administration_sites,
        administration_tokens,
        administration_webhooks,
        administration_retention,
        auditing,
        practice,
    ):
        router.include_router(part.router)
    return router
