"""How far a fund's money reaches: what was promised, what came in, what of it can be used now."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.means import Pot as PotOfMoney
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp
from requests_app.api.doors import Door
from requests_app.api.schema import Operation
from requests_app.queries import means

_USD = "USD"
_BP = 10_000


class Pot(fields.Shown):
    """The money of one restriction."""

    restriction_id = fields.Id("rst")
    name = serializers.CharField()
    is_general = serializers.BooleanField()
    received = fields.MoneyOut()
    held = fields.MoneyOut(help_text="Awarded, and not yet paid.")
    paid = fields.MoneyOut()
    available = fields.MoneyOut()
    matching_need = fields.MoneyOut(
        allow_null=True, help_text="Verified need that it may meet; null where it is bound to nothing."
    )
    stranded = fields.MoneyOut(help_text="Available, and no verified need matches it.")
    usable = fields.MoneyOut(help_text="What can be awarded now.")


class Means(fields.Shown):
    """The seven figures to read together, after the one that alone misleads: raised."""

    fund_id = fields.Id("fund")
    as_of = fields.MomentOut()
    ledger_sequence = serializers.IntegerField()
    raised = fields.MoneyOut(
        help_text="Given and promised in all: cash less refundable advances, receivable and conditional."
    )
    cash = fields.MoneyOut(help_text="Received, less what bounced or went back.")
    refundable_advance = fields.MoneyOut(
        help_text="In the cash, but paid before its condition was met: a part of conditional, or owed back."
    )
    receivable = fields.MoneyOut(help_text="Owed without a condition, or with one that is met.")
    conditional = fields.MoneyOut(help_text="Promised under a condition not met yet: counts nowhere.")
    reserve = fields.MoneyOut(help_text="Kept back by policy.")
    unrestricted_available = fields.MoneyOut()
    stranded = fields.MoneyOut(help_text="Restricted money that no verified need matches.")
    usable = fields.MoneyOut(help_text="What can be awarded now.")
    usable_share = serializers.CharField(
        allow_null=True, help_text="Usable money for each dollar of verified need, with four decimals."
    )
    expected = fields.MoneyOut(help_text="Cash, and what is owed times the chance that it comes in.")
    pots = serializers.ListField(child=Pot())


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": _USD}


_GENERAL = {
    "restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d64",
    "name": "General",
    "is_general": True,
    "received": _usd("360000.00"),
    "held": _usd("0.00"),
    "paid": _usd("0.00"),
    "available": _usd("352800.00"),
    "matching_need": None,
    "stranded": _usd("0.00"),
    "usable": _usd("352800.00"),
}
_HEALTH = {
    "restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d65",
    "name": "Health premiums",
    "is_general": False,
    "received": _usd("50000.00"),
    "held": _usd("0.00"),
    "paid": _usd("0.00"),
    "available": _usd("50000.00"),
    "matching_need": _usd("38400.00"),
    "stranded": _usd("11600.00"),
    "usable": _usd("38400.00"),
}
SAMPLE = {
    "fund_id": "fund_018aa9d5e0007c3a9d0f6b1c2e4a5d61",
    "as_of": "2023-09-22T16:00:00Z",
    "ledger_sequence": 12,
    "raised": _usd("860000.00"),
    "cash": _usd("410000.00"),
    "refundable_advance": _usd("0.00"),
    "receivable": _usd("260000.00"),
    "conditional": _usd("190000.00"),
    "reserve": _usd("7200.00"),
    "unrestricted_available": _usd("352800.00"),
    "stranded": _usd("11600.00"),
    "usable": _usd("391200.00"),
    "usable_share": "0.0952",
    "expected": _usd("654000.00"),
    "pots": [_GENERAL, _HEALTH],
}


def means_body(found: means.FundMeans) -> Body:
    """This will write the means."""
    all_money, share = found.means, found.means.usable_bp
    cents = {
        "raised": all_money.raised_cents,
        "cash": all_money.cash_cents,
        "refundable_advance": all_money.refundable_advance_cents,
        "receivable": all_money.receivable_cents,
        "conditional": all_money.conditional_cents,
        "reserve": all_money.reserve_cents,
        "unrestricted_available": all_money.unrestricted_available_cents,
        "stranded": all_money.stranded_cents,
        "usable": all_money.usable_cents,
        "expected": all_money.expected_cents,
    }
    return {
        "fund_id": ids.public("fund", found.fund_id),
        "as_of": stamp(found.as_of),
        "ledger_sequence": found.ledger_sequence,
        **{name: money_body(value, found.currency) for name, value in cents.items()},
        "usable_share": None if share is None else f"{share // _BP}.{share % _BP:04d}",
        "pots": [_pot_body(pot, found.currency) for pot in all_money.pots],
    }


def _pot_body(pot: PotOfMoney, currency: str) -> Body:
    matching = pot.matching_need_cents
    return {
        "restriction_id": ids.public("rst", pot.restriction_id),
        "name": pot.name,
        "is_general": pot.is_general,
        "received": money_body(pot.received_cents, currency),
        "held": money_body(pot.held_cents, currency),
        "paid": money_body(pot.paid_cents, currency),
        "available": money_body(pot.available_cents, currency),
        "matching_need": None if matching is None else money_body(matching, currency),
        "stranded": money_body(pot.stranded_cents, currency),
        "usable": money_body(pot.usable_cents, currency),
    }


class FundMeans(Door):
    """How far one fund's money reaches now."""

    @Operation(
        "get_means",
        "Read how far a fund's money reaches",
        tag="funds",
        scope="commitments:read",
        gives=Means,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(means_body(means.means(self.actor, fund_id=fund_id, now=self.now)))
