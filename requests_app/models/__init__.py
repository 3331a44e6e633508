"""The rows of the people half."""

from requests_app.models.appeal import Appeal
from requests_app.models.award import Award, AwardShare, PayeeAccount, PayMethod
from requests_app.models.contact_change import ContactChange
from requests_app.models.contact_handover import ContactHandover
from requests_app.models.decision import Decision
from requests_app.models.document import Document
from requests_app.models.erasure import Erasure
from requests_app.models.form_feedback import FormFeedback
from requests_app.models.message import Message
from requests_app.models.notice import InboundText, Notice, TextConsent
from requests_app.models.odds import OddsRun
from requests_app.models.opening import OpeningAsk
from requests_app.models.payout import Batch, Payout
from requests_app.models.people import Applicant, ContactCode, Draft, Household
from requests_app.models.report import ShortfallReport
from requests_app.models.request import (
    AssistanceRequest,
    InfoRequest,
    NeedLine,
    Production,
    RequestRevision,
    RequestTransition,
)
from requests_app.models.round import AllocationRound, RoundApproval, RoundPot, RoundRequest
from requests_app.models.round_list import RoundList, RoundSecret
from requests_app.models.round_sheet import RoundSheet
from requests_app.models.rule_publication import RulePublication
from requests_app.models.scenario import Scenario
from requests_app.models.second_contact import SecondContact

__all__ = [
    "AllocationRound",
    "Appeal",
    "Applicant",
    "AssistanceRequest",
    "Award",
    "AwardShare",
    "Batch",
    "ContactChange",
    "ContactCode",
    "ContactHandover",
    "Decision",
    "Document",
    "Draft",
    "Erasure",
    "FormFeedback",
    "Household",
    "InboundText",
    "InfoRequest",
    "Message",
    "NeedLine",
    "Notice",
    "OddsRun",
    "OpeningAsk",
    "PayMethod",
    "PayeeAccount",
    "Payout",
    "Production",
    "RequestRevision",
    "RequestTransition",
    "RoundApproval",
    "RoundList",
    "RoundPot",
    "RoundRequest",
    "RoundSecret",
    "RoundSheet",
    "RulePublication",
    "Scenario",
    "SecondContact",
    "ShortfallReport",
    "TextConsent",
]
