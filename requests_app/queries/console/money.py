"""Pages of money promised and money in: donors, their commitments, the receipts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import ENDED_COMMITMENT_STATES, ProposalState, ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.domain.schedules import OpenPart
from fundmgr.models import (
    Commitment,
    CommitmentTurn,
    ConditionProof,
    Donor,
    DonorLink,
    Receipt,
    Restriction,
    StoredFile,
)
from fundmgr.queries import access, books, donor_links, evidence, funds, gifts, promises, receivables, turns
from fundmgr.queries import receipts as money_in
from fundmgr.queries.books import Booked
from requests_app.queries import reminders
from requests_app.queries.paging import Page, keyset
from requests_app.queries.reminders import ReminderLine

NEWEST = ("-id",)
MOST_LINKS = 5


@dataclass(frozen=True)
class DonorsPage:
    """The donors, newest first, each with `promised_cents` and `arrived_cents`, and the fund's totals.

    Units: cents, net of what bounced or went back; `unmatched_cents` of the received is no donor's yet.
    """

    page: Page[Donor]
    promised_cents: int
    received_cents: int
    unmatched_cents: int
    outstanding_cents: int


@dataclass(frozen=True)
class DonorPage:
    """One donor with what was promised, every receipt, and the newest links to the donor's own view.

    Shapes: `booked` are the transfers of each receipt of the page and of its refunds, in ledger order.
    Units: cents, net of what bounced or went back.
    """

    donor: Donor
    promised_cents: int
    arrived_cents: int
    commitments: list[Commitment]
    receipts: Page[Receipt]
    booked: dict[UUID, list[Booked]]
    links: list[DonorLink]


@dataclass(frozen=True)
class PledgeChoices:
    """What a new commitment can be made for: the donors by name, the restrictions."""

    donors: list[Donor]
    restrictions: list[Restriction]


@dataclass(frozen=True)
class CommitmentsPage:
    """The commitments, newest first."""

    page: Page[Commitment]


@dataclass(frozen=True)
class CommitmentPage:
    """One commitment with its dates, receipts, proofs of its condition, files of evidence and reminders.

    Units: `owed_cents` is what neither came in nor waits to be reconciled; `waiting_cents` waits.
    """

    commitment: Commitment
    receipts: list[Receipt]
    owed_cents: int
    waiting_cents: int
    open_parts: list[OpenPart]
    proofs: list[ConditionProof]
    turn: CommitmentTurn | None
    files: list[StoredFile]
    reminders: list[ReminderLine]


def donors(actor: Actor, *, fund_id: UUID, cursor: str | None) -> DonorsPage:
    """This will return one page of donors. Errors: Forbidden, InvalidInput for a wrong cursor."""
    position = books.position(fund_id)
    return DonorsPage(
        page=keyset(_counted(actor, fund_id=fund_id), NEWEST, cursor),
        promised_cents=position.committed_cents + position.committed_conditional_cents,
        received_cents=position.cash_cents,
        unmatched_cents=position.suspense_cents,
        outstanding_cents=position.outstanding_cents,
    )


def donor(actor: Actor, *, fund_id: UUID, donor_id: UUID, cursor: str | None = None) -> DonorPage:
    """This will return one donor. Errors: NotFound, Forbidden, InvalidInput for a wrong cursor."""
    row: Any = _counted(actor, fund_id=fund_id).filter(id=donor_id).first()
    if row is None:
        raise errors.NotFound
    promised = funds.visible_commitments(actor, fund_id=fund_id).filter(donor_id=donor_id)
    came_in = keyset(money_in.chosen(actor, fund_id=fund_id, donor_id=donor_id), NEWEST, cursor)
    links = donor_links.visible_links(actor, donor_id=donor_id).order_by("-id")
    return DonorPage(
        donor=row,
        promised_cents=row.promised_cents,
        arrived_cents=row.arrived_cents,
        commitments=list(promised.order_by("-id")),
        receipts=came_in,
        booked=books.booked_of([receipt.id for receipt in came_in.rows]),
        links=list(links[:MOST_LINKS]),
    )


def _counted(actor: Actor, *, fund_id: UUID) -> QuerySet[Donor]:
    return funds.visible_donors(actor, fund_id=fund_id).annotate(
        promised_cents=promises.counted_of_donor(),
        arrived_cents=gifts.given(donor_id=OuterRef("id")),
    )


def pledge_choices(actor: Actor, *, fund_id: UUID) -> PledgeChoices:
    """This will return what a new commitment is chosen from. Errors: Forbidden."""
    access.require(actor, Action.COMMITMENT_WRITE, fund_id=fund_id)
    found = Donor.objects.filter(fund_id=fund_id).order_by("name", "id")
    return PledgeChoices(list(found), list(_restrictions(fund_id)))


def commitments(actor: Actor, *, fund_id: UUID, cursor: str | None) -> CommitmentsPage:
    """This will return one page of commitments. Errors: Forbidden, InvalidInput for a wrong cursor."""
    return CommitmentsPage(keyset(funds.visible_commitments(actor, fund_id=fund_id), NEWEST, cursor))


def commitment(actor: Actor, *, fund_id: UUID, commitment_id: UUID, now: datetime) -> CommitmentPage:
    """This will return one commitment with its receipts. Errors: NotFound, Forbidden."""
    row = funds.visible_commitments(actor, fund_id=fund_id).filter(id=commitment_id).first()
    if row is None:
        raise errors.NotFound
    found = list(row.receipts.select_related("recorded_by", "reconciled_by").order_by("-id"))
    waiting = sum(receipt.amount_cents for receipt in found if receipt.state == ReceiptState.RECEIVED)
    expected = row.amount_cents - row.received_cents - row.written_off_cents - waiting
    owed, (_, open_parts) = expected, receivables.schedule(row)
    if row.state in ENDED_COMMITMENT_STATES:
        owed, open_parts = 0, []
    turn = turns.of_commitment(actor, commitment_id=row.id).filter(state=ProposalState.PROPOSED).first()
    proofs = list(row.proofs.select_related("proposed_by", "evidence").order_by("-id"))
    files = list(evidence.of_commitment(actor, commitment_id=row.id).order_by("-id"))
    written = reminders.of_commitment(actor, commitment_id=row.id, now=now)
    return CommitmentPage(row, found, owed, waiting, open_parts, proofs, turn, files, written)


def _restrictions(fund_id: UUID) -> QuerySet[Restriction]:
    return Restriction.objects.filter(fund_id=fund_id).order_by("-is_general", "name")
