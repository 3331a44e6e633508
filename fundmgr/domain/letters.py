"""What a letter to a donor says, worded by the legal form of the fund.

A gift to a charity may lower the donor's tax, so its letter says what the law asks of it. Every other letter
thanks and keeps silent about tax relief: it would be wrong to promise any.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from fundmgr.domain import money

CHARITIES = frozenset({"public_charity", "fiscal_sponsored", "private_foundation"})
# From this amount a donor in the United States needs such a letter to claim a gift.
LETTER_NEEDED_FROM_CENTS = 25_000


@dataclass(frozen=True)
class Sender:
    """Who writes: the fund, and the charity that holds it where there is one."""

    fund: str
    legal_form: str
    sponsor: str = ""
    ein: str = ""
    currency: str = "USD"

    @property
    def organisation(self) -> str:
        """This will return the name that the law knows."""
        return self.sponsor or self.fund

    @property
    def is_charity(self) -> bool:
        """This will say whether gifts to it are gifts to a charity."""
        return self.legal_form in CHARITIES


@dataclass(frozen=True)
class Gift:
    """One receipt as a letter names it. Units: cents, net of what went back."""

    amount_cents: int
    received_on: date
    bank_reference: str
    restriction: str = ""


def content(
    sender: Sender, *, donor: str, gifts: Sequence[Gift], year: int | None, written_on: date
) -> dict[str, Any]:
    """This will return all that a letter says, as plain values; the paper is made from it alone."""
    total_cents = sum(gift.amount_cents for gift in gifts)
    amount = money.dollars(total_cents)
    return {
        "organisation": sender.organisation,
        "fund": sender.fund,
        "ein": sender.ein,
        "currency": sender.currency,
        "donor": donor,
        "written_on": written_on.isoformat(),
        "year": year,
        "total_cents": total_cents,
        "gifts": [{**asdict(gift), "received_on": gift.received_on.isoformat()} for gift in gifts],
        "opening": _opening(sender, amount, year),
        "paragraphs": [*_restrictions(gifts), *_law(sender)],
    }


def _opening(sender: Sender, amount: str, year: int | None) -> str:
    if year is None:
        return f"Thank you. {sender.organisation} received your gift of {amount} for the {sender.fund}."
    return f"Thank you. In {year} {sender.organisation} received {amount} from you for the {sender.fund}."


def _restrictions(gifts: Sequence[Gift]) -> list[str]:
    named = sorted({gift.restriction for gift in gifts if gift.restriction})
    if not named:
        return []
    return [f"You tied your gift to a purpose: {', '.join(named)}. It is kept apart and used for that alone."]


def _law(sender: Sender) -> list[str]:
    if not sender.is_charity:
        return [
            "This letter confirms what was received. It is not a statement about taxes: "
            "please ask an adviser how to treat your gift."
        ]
    return [
        "No goods or services were given in exchange for this gift.",
        f"{sender.organisation} is a charity. Keep this letter: your gift is deductible as far as the law "
        "allows.",
    ]
