"""A donor's own view: promises, what came in with its letters, and how it was used. No worker is in it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import ENDED_COMMITMENT_STATES, LetterState, ReceiptState
from fundmgr.domain.schedules import OpenPart
from fundmgr.models import Commitment, Donor, DonorLink, Fund, Letter, Receipt, Restriction
from fundmgr.queries import donor_links, funds, receivables
from requests_app.queries.donor_use import Use, uses


@dataclass(frozen=True)
class Promise:
    """One commitment and its dates that are open. Units: cents; `overdue_cents` is late by the fund's day."""

    row: Commitment
    open_parts: list[OpenPart]
    overdue_cents: int


@dataclass(frozen=True)
class Gift:
    """One receipt and the number of the letter that acknowledges it."""

    row: Receipt
    letter: int | None


@dataclass(frozen=True)
class Restricted:
    """What of the donor's money is tied to one thing, and how all money tied to it was used. Units: cents."""

    restriction: Restriction
    given_cents: int
    use: Use


@dataclass(frozen=True)
class DonorView:
    """Everything a donor sees of their own. Units: cents."""

    fund: Fund
    donor: Donor
    link: DonorLink
    today: date
    promises: list[Promise]
    gifts: list[Gift]
    statements: list[Letter]
    restricted: list[Restricted]

    @property
    def promised_cents(self) -> int:
        """What was promised in all, less what was given up."""
        return sum(promise.row.counted_cents for promise in self.promises)

    @property
    def received_cents(self) -> int:
        """What came in and was reconciled, less what went back."""
        return sum(one.given_cents for one in self.restricted)

    @property
    def overdue_cents(self) -> int:
        """What is late."""
        return sum(promise.overdue_cents for promise in self.promises)


def is_open(*, fund_id: UUID, token: str, now: datetime) -> bool:
    """This will say whether a link could be opened now; looking opens nothing."""
    rows = donor_links.standing(now=now).filter(fund_id=fund_id, token_hash=donor_links.token_hash(token))
    link = rows.first()
    return link is not None and donor_links.is_current(link) and link.opens < link.most_opens


def view(slug: str, *, link_id: UUID | None, now: datetime) -> DonorView:
    """This will return what the donor of an opened link sees. Errors: NotFound where the link is over."""
    fund = funds.fund_by_slug(slug)
    link = _link(fund, link_id, now=now)
    today = now.astimezone(ZoneInfo(fund.time_zone)).date()
    letters = list(Letter.objects.filter(donor=link.donor, state=LetterState.ISSUED).order_by("-number"))
    receipts = list(link.donor.receipts.select_related("restriction").order_by("-received_on", "-id"))
    numbers = {letter.receipt_id: letter.number for letter in letters if letter.receipt_id}
    return DonorView(
        fund=fund,
        donor=link.donor,
        link=link,
        today=today,
        promises=_promises(link.donor, today),
        gifts=[Gift(row, numbers.get(row.id)) for row in receipts],
        statements=[letter for letter in letters if letter.year],
        restricted=_restricted(fund.id, receipts),
    )


def letter(slug: str, *, link_id: UUID | None, number: int, now: datetime) -> Letter:
    """This will return one standing letter of the donor whose link was opened. Errors: NotFound."""
    fund = funds.fund_by_slug(slug)
    donor = _link(fund, link_id, now=now).donor
    row = Letter.objects.filter(donor=donor, number=number, state=LetterState.ISSUED).first()
    if row is None:
        raise errors.NotFound
    return row


def _link(fund: Fund, link_id: UUID | None, *, now: datetime) -> DonorLink:
    link = donor_links.standing(now=now).filter(fund=fund, id=link_id).first() if link_id else None
    if link is None or not link.opens or not donor_links.is_current(link):
        raise errors.NotFound
    return link


def _promises(donor: Donor, today: date) -> list[Promise]:
    found = []
    for row in donor.commitments.select_related("restriction").order_by("-pledged_on", "-id"):
        _, open_parts = receivables.schedule(row)
        if row.state in ENDED_COMMITMENT_STATES:
            open_parts = []
        late = sum(part.open_cents for part in open_parts if part.due_on < today)
        found.append(Promise(row, open_parts, min(late, row.owed_cents)))
    return found


def _restricted(fund_id: UUID, receipts: list[Receipt]) -> list[Restricted]:
    given: defaultdict[UUID, int] = defaultdict(int)
    named: dict[UUID, Restriction] = {}
    for row in receipts:
        if row.state == ReceiptState.RECONCILED:
            given[row.restriction_id] += row.amount_cents - row.refunded_cents
            named[row.restriction_id] = row.restriction
    known = uses(fund_id)
    order = sorted(named.values(), key=lambda one: (one.is_general, one.name))
    return [Restricted(one, given[one.id], known[one.id]) for one in order]
