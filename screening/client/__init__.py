"""The typed client of the HTTP interface. Written by `python -m api.client_writing`.

    with Client("https://screening.example.org") as client:
        client.open_session(name, password, second_factor)
        case = client.create_case(NewCase(site=site))

A method is called like the operation in the description of the interface.
"""

from __future__ import annotations

from screening.client.operations.accounts import AccountsOperations
from screening.client.operations.assessments import AssessmentsOperations
from screening.client.operations.audit import AuditOperations
from screening.client.operations.cases import CasesOperations
from screening.client.operations.content import ContentOperations
from screening.client.operations.interviews import InterviewsOperations
from screening.client.operations.own_account import OwnAccountOperations
from screening.client.operations.privacy import PrivacyOperations
from screening.client.operations.queues import QueuesOperations
from screening.client.operations.referrals import ReferralsOperations
from screening.client.operations.rights import RightsOperations
from screening.client.operations.service import ServiceOperations
from screening.client.operations.signing_in import SigningInOperations
from screening.client.operations.sites import SitesOperations
from screening.client.operations.statistics import StatisticsOperations
from screening.client.operations.tokens import TokensOperations
from screening.client.operations.visits import VisitsOperations
from screening.client.operations.webhooks import WebhooksOperations
from screening.client.operations.workplaces import WorkplacesOperations
from screening.client.problems import NoAnswer, ServiceProblem, UnknownVersion

__all__ = ["Client", "NoAnswer", "ServiceProblem", "UnknownVersion"]


class Client(
    AccountsOperations,
    AssessmentsOperations,
    AuditOperations,
    CasesOperations,
    ContentOperations,
    InterviewsOperations,
    OwnAccountOperations,
    PrivacyOperations,
    QueuesOperations,
    ReferralsOperations,
    RightsOperations,
    ServiceOperations,
    SigningInOperations,
    SitesOperations,
    StatisticsOperations,
    TokensOperations,
    VisitsOperations,
    WebhooksOperations,
    WorkplacesOperations,
):
    """Every operation of the interface; see `Connection` for what it does by itself."""
