"""What donors owe, by how late it is."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import CommitmentState
from fundmgr.domain.schedules import BUCKET_NAMES
from fundmgr.queries import receivables
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body
from requests_app.api.doors import Door
from requests_app.api.paging import FundQuery
from requests_app.api.schema import Operation

_KEYS = {name: "days_" + name.replace("-", "_") if "-" in name else name for name in BUCKET_NAMES}


class Buckets(fields.Shown):
    """What is owed by the days since it was due."""

    not_due = fields.MoneyOut()
    days_1_30 = fields.MoneyOut()
    days_31_60 = fields.MoneyOut()
    days_61_90 = fields.MoneyOut()
    over_90 = fields.MoneyOut()


class Receivable(fields.Shown):
    """What is owed on one commitment."""

    commitment_id = fields.Id("com")
    donor_id = fields.Id("don")
    donor_name = serializers.CharField()
    state = fields.Word(CommitmentState)
    next_due_on = serializers.DateField(allow_null=True)
    owed = fields.MoneyOut()
    buckets = Buckets()


class Receivables(fields.Shown):
    """What donors owe in all."""

    today = serializers.DateField(help_text="By the fund's clock.")
    owed = fields.MoneyOut()
    conditional = fields.MoneyOut(help_text="Waits for its condition: nobody owes it yet.")
    top_donor_share = serializers.CharField(
        allow_null=True, help_text="Of what is owed, by the donor who owes most; four decimals."
    )
    buckets = Buckets()
    rows = serializers.ListField(child=Receivable())


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


_BUCKETS = {**{key: _usd("0.00") for key in _KEYS.values()}, "days_1_30": _usd("200000.00")}
SAMPLE = {
    "today": "2023-10-20",
    "owed": _usd("200000.00"),
    "conditional": _usd("190000.00"),
    "top_donor_share": "1.0000",
    "buckets": _BUCKETS,
    "rows": [
        {
            "commitment_id": "com_018aa9d5e0007c3a9d0f6b1c2e4a5d63",
            "donor_id": "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62",
            "donor_name": "Ardsley Foundation",
            "state": "OVERDUE",
            "next_due_on": "2023-10-18",
            "owed": _usd("200000.00"),
            "buckets": _BUCKETS,
        }
    ],
}


class AgedReceivables(Door):
    """The fund's receivables."""

    @Operation(
        "get_receivables",
        "Read what donors owe, by how late it is",
        tag="commitments",
        scope="commitments:read",
        query=FundQuery,
        gives=Receivables,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will show them."""
        fund_id, currency = self.fund()
        found = receivables.aged_now(self.actor, fund_id=fund_id, now=self.now)
        return json_answer(_body(found, currency))


def _body(found: receivables.Aged, currency: str) -> Body:
    share = found.top_donor_bp
    return {
        "today": found.today.isoformat(),
        "owed": money_body(found.owed_cents, currency),
        "conditional": money_body(found.conditional_cents, currency),
        "top_donor_share": None if share is None else f"{share // 10_000}.{share % 10_000:04d}",
        "buckets": _buckets(found.buckets, currency),
        "rows": [_row(row, currency) for row in found.rows],
    }


def _row(row: receivables.Receivable, currency: str) -> Body:
    promise: Any = row.commitment
    return {
        "commitment_id": ids.public("com", promise.id),
        "donor_id": ids.public("don", promise.donor_id),
        "donor_name": promise.donor.name,
        "state": promise.state,
        "next_due_on": row.next_due_on.isoformat() if row.next_due_on else None,
        "owed": money_body(row.owed_cents, currency),
        "buckets": _buckets(row.buckets, currency),
    }


def _buckets(cents: dict[str, int], currency: str) -> Body:
    return {key: money_body(cents[name], currency) for name, key in _KEYS.items()}
