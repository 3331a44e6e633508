"""The story goes on: other donors come, one matches public gifts, one is late, one does not pay.

Told through the use cases on top of the first moment, with figures from a seed of its own.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.domain.restrictions import ReleaseGround
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment, Donor, Fund, Membership, PledgeOffer, ReceiptMethod, Restriction
from fundmgr.queries import pledge_offers as offer_queries
from fundmgr.services import (
    commitments,
    donors,
    due_dates,
    evidence,
    funds,
    receipt_batches,
    receipts,
    releases,
    turns,
)
from requests_app.demo import papers, words
from requests_app.demo.asks import SEED
from requests_app.services import pledge_offers
from requests_app.services.pledge_offers import Said

Say = Callable[[str], None]
MATCH_CENTS, CORPORATE_CENTS, HEALTH_CENTS, FREED_CENTS = 25_000_000, 10_000_000, 5_000_000, 500_000
FRIENDS, SMALL_GIFTS, OFFER_CENTS = 12, 450, 120_000
_LEAST_FRIEND_CENTS, _MOST_FRIEND_CENTS = 100_000, 2_500_000
# Half the small gifts are below 75 dollars, and the mean is about 240.
_MEDIAN_CENTS, _SPREAD, _MOST_GIFT_CENTS = 7_500, 1.5, 500_000
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Desk:
    """Who records, who reconciles, who directs; the moment of the story, and the chance of its own."""

    fund: Fund
    preparer: Actor
    releaser: Actor
    director: Actor
    now: datetime
    today: date
    source: random.Random


def tell(fund: Fund, *, now: datetime, say: Say) -> None:
    """This will let the other donors come in the days before `now`."""
    desk = _desk(fund, now)
    say("A match, a gift on dates and a gift for health premiums")
    _match(desk)
    _on_dates(desk)
    _for_health(desk)
    say(f"{FRIENDS} friends of the fund, one of them late, one in default")
    for number in range(FRIENDS):
        _friend(desk, number)
    due_dates.mark_overdue(fund_id=fund.id, now=now)
    _default(desk)
    say(f"{SMALL_GIFTS} small gifts, each of which makes a part of the match due")
    _small_gifts(desk)
    say("A promise from the public page, confirmed by mail: it waits for the director")
    _offer(desk)


def _desk(fund: Fund, now: datetime) -> Desk:
    def first(role: Role) -> Actor:
        member = Membership.objects.filter(fund=fund, role=role, ended_at=None).order_by("id")[0]
        return actors.person(member.user_id)

    return Desk(
        fund,
        first(Role.TREASURER_PREPARES),
        first(Role.TREASURER_RELEASES),
        first(Role.DIRECTOR),
        now,
        now.astimezone(ZoneInfo(fund.time_zone)).date(),
        random.Random(SEED + 2),  # noqa: S311  # a demo, repeatable on purpose
    )


def _donor(desk: Desk, name: str, *, is_organisation: bool = False, is_anonymous: bool = False) -> Donor:
    return donors.add(
        fund_id=desk.fund.id,
        name=name,
        is_organisation=is_organisation,
        is_anonymous=is_anonymous,
        contact=f"{name.lower().replace(' ', '.')}@donors.example",
        by=desk.preparer,
        now=desk.now,
    )


def _match(desk: Desk) -> None:
    donor = _donor(desk, "Marlowe Camera Rental", is_organisation=True)
    commitments.pledge(
        fund_id=desk.fund.id,
        donor_id=donor.id,
        amount_cents=MATCH_CENTS,
        pledged_on=desk.today - 8 * _DAY,
        is_conditional=True,
        condition="We give one dollar for each dollar that the public gives, up to $250,000.",
        right_of_return="What came in beyond the public gifts goes back to us.",
        match_percent=100,
        collection_percent=90,
        by=desk.preparer,
        now=desk.now,
    )


def _on_dates(desk: Desk) -> None:
    donor = _donor(desk, "Blue Heron Post", is_organisation=True)
    today = desk.today
    row = commitments.pledge(
        fund_id=desk.fund.id,
        donor_id=donor.id,
        amount_cents=CORPORATE_CENTS,
        pledged_on=desk.today - 7 * _DAY,
        instalments=[
            Part(today - 2 * _DAY, 4_000_000),
            Part(today + 30 * _DAY, 3_000_000),
            Part(today + 60 * _DAY, 3_000_000),
        ],
        by=desk.preparer,
        now=desk.now,
    )
    _pay(desk, row, 4_000_000, "ACH 0916-2201")


def _for_health(desk: Desk) -> None:
    donor = _donor(desk, "Ardsley Foundation", is_organisation=True)
    health = funds.add_restriction(
        fund_id=desk.fund.id,
        name="Health premiums",
        wording="For the health premiums of crew members who lost their cover.",
        rule={"categories": ["HEALTH"]},
        by=desk.director,
        now=desk.now,
    )
    row = commitments.pledge(
        fund_id=desk.fund.id,
        donor_id=donor.id,
        amount_cents=HEALTH_CENTS,
        pledged_on=desk.today - 6 * _DAY,
        restriction_id=health.id,
        by=desk.preparer,
        now=desk.now,
    )
    _pay(desk, row, HEALTH_CENTS, "FEDWIRE 0917-000093")
    evidence.add_to_commitment(
        commitment_id=row.id,
        name="Signed pledge.pdf",
        content=papers.letter(words.SIGNED_PLEDGE),
        by=desk.preparer,
        now=desk.now,
    )
    _propose_release(desk, health)


def _propose_release(desk: Desk, health: Restriction) -> None:
    """The donor lets a part be used for anything; a treasurer has not decided yet."""
    consent = evidence.add_to_restriction(
        restriction_id=health.id,
        name="Consent of the foundation.pdf",
        content=papers.letter(words.CONSENT),
        by=desk.preparer,
        now=desk.now,
    )
    releases.propose(
        restriction_id=health.id,
        amount_cents=FREED_CENTS,
        ground=ReleaseGround.CONSENT_LETTER,
        document_id=consent.id,
        reason="Fewer people than planned lost their cover.",
        by=desk.director,
        now=desk.now,
    )


def _friend(desk: Desk, number: int) -> None:
    """The last two have not paid by the day on which they said they would."""
    steps = (_MOST_FRIEND_CENTS - _LEAST_FRIEND_CENTS) // 50_000
    cents = _LEAST_FRIEND_CENTS + 50_000 * desk.source.randrange(steps + 1)
    first, last = desk.source.choice(words.FIRST_NAMES), desk.source.choice(words.LAST_NAMES)
    donor = _donor(desk, f"{first} {last}", is_anonymous=number % 4 == 0)
    row = commitments.pledge(
        fund_id=desk.fund.id,
        donor_id=donor.id,
        amount_cents=cents,
        pledged_on=desk.today - 8 * _DAY,
        due_on=desk.today - 3 * _DAY,
        by=desk.preparer,
        now=desk.now,
    )
    if number < FRIENDS - 2:
        _pay(desk, row, cents, f"CHECK {1000 + number}", method=ReceiptMethod.CHECK)


def _default(desk: Desk) -> None:
    late = Commitment.objects.filter(fund=desk.fund, state="OVERDUE").order_by("-id").first()
    if late is not None:
        proposed = turns.propose_default(
            commitment_id=late.id, reason="The donor's company was wound up.", by=desk.director, now=desk.now
        )
        turns.make(turn_id=proposed.id, by=desk.releaser, now=desk.now)


def _small_gifts(desk: Desk) -> None:
    made = [_small_gift(desk, number) for number in range(SMALL_GIFTS)]
    receipt_batches.reconcile_many(fund_id=desk.fund.id, receipt_ids=made, by=desk.releaser, now=desk.now)


def _offer(desk: Desk) -> None:
    said = Said(
        name="June Okafor",
        contact="june.okafor@donors.example",
        amount_cents=OFFER_CENTS,
        meant_on=desk.today + 14 * _DAY,
        wish="Rent for those who lost their home",
        shows_name=True,
    )
    pledge_offers.offer(fund_id=desk.fund.id, said=said, language="en", now=desk.now)
    row = PledgeOffer.objects.filter(fund=desk.fund).latest("id")
    pledge_offers.prove(fund_id=desk.fund.id, token=offer_queries.token_of(row.id), now=desk.now)


def _small_gift(desk: Desk, number: int) -> UUID:
    first, last = desk.source.choice(words.FIRST_NAMES), desk.source.choice(words.LAST_NAMES)
    cents = math.exp(desk.source.gauss(math.log(_MEDIAN_CENTS), _SPREAD))
    row = receipts.record(
        fund_id=desk.fund.id,
        donor_id=_donor(desk, f"{first} {last}", is_anonymous=number % 3 == 0).id,
        amount_cents=min(_MOST_GIFT_CENTS, max(500, round(cents / 500) * 500)),
        bank_reference=f"CARD {number + 1:05d}",
        received_on=desk.today - (number % 7) * _DAY,
        method=ReceiptMethod.CARD,
        by=desk.preparer,
        now=desk.now,
    )
    return row.id


def _pay(
    desk: Desk,
    row: Commitment,
    cents: int,
    reference: str,
    *,
    method: ReceiptMethod = ReceiptMethod.BANK_TRANSFER,
) -> None:
    receipt = receipts.record(
        commitment_id=row.id,
        amount_cents=cents,
        bank_reference=reference,
        received_on=desk.today - 2 * _DAY,
        method=method,
        by=desk.preparer,
        now=desk.now,
    )
    receipts.reconcile(receipt_id=receipt.id, by=desk.releaser, now=desk.now)
