"""What the console's pages show, one call a page; every call checks who asks."""

from requests_app.queries.console.appeals import AppealPage, appeal_list, appeal_page
from requests_app.queries.console.approvals import DecisionGroup, Waiting, approvals, decision_group
from requests_app.queries.console.cases import (
    CasePage,
    QueuePage,
    case_page,
    find_request,
    next_request,
    queue_page,
)
from requests_app.queries.console.desk import Desk, Ribbon, desk, staff_funds
from requests_app.queries.console.documents import DocumentPage, document_page
from requests_app.queries.console.draws import DrawPage, draw_page
from requests_app.queries.console.home import HomePage, Work, home
from requests_app.queries.console.ledger import Cause, ChartPage, TransferPage, chart, transfer, transfers
from requests_app.queries.console.letters import letter, letters
from requests_app.queries.console.messages import waiting_messages
from requests_app.queries.console.money import (
    commitment,
    commitments,
    donor,
    donors,
    pledge_choices,
)
from requests_app.queries.console.offers import OfferPage, offer, offers
from requests_app.queries.console.payouts import (
    award_list,
    batch_list,
    batch_page,
    payable,
    payouts_page,
)
from requests_app.queries.console.receipts import (
    bank_import,
    bank_import_list,
    match_choices,
    receipt,
    receipts,
    suspense,
)
from requests_app.queries.console.restrictions import RestrictionPage, restriction
from requests_app.queries.console.rounds import (
    RoundPage,
    WorkbenchPage,
    round_list,
    round_members,
    round_offer,
    round_page,
    workbench,
)
from requests_app.queries.console.scenarios import ScenarioPage, scenario_list, scenario_page
from requests_app.queries.console.settings import client_choices, has_fund, settings_page
from requests_app.queries.console.trail import Line, audit, nightly_proofs, verify

__all__ = [
    "AppealPage",
    "CasePage",
    "Cause",
    "ChartPage",
    "DecisionGroup",
    "Desk",
    "DocumentPage",
    "DrawPage",
    "HomePage",
    "Line",
    "OfferPage",
    "QueuePage",
    "RestrictionPage",
    "Ribbon",
    "RoundPage",
    "ScenarioPage",
    "TransferPage",
    "Waiting",
    "Work",
    "WorkbenchPage",
    "appeal_list",
    "appeal_page",
    "approvals",
    "audit",
    "award_list",
    "bank_import",
    "bank_import_list",
    "batch_list",
    "batch_page",
    "case_page",
    "chart",
    "client_choices",
    "commitment",
    "commitments",
    "decision_group",
    "desk",
    "document_page",
    "donor",
    "donors",
    "draw_page",
    "find_request",
    "has_fund",
    "home",
    "letter",
    "letters",
    "match_choices",
    "next_request",
    "nightly_proofs",
    "offer",
    "offers",
    "payable",
    "payouts_page",
    "pledge_choices",
    "queue_page",
    "receipt",
    "receipts",
    "restriction",
    "round_list",
    "round_members",
    "round_offer",
    "round_page",
    "scenario_list",
    "scenario_page",
    "settings_page",
    "staff_funds",
    "suspense",
    "transfer",
    "transfers",
    "verify",
    "waiting_messages",
    "workbench",
]
