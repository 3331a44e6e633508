"""Requests as the API writes them: a line of a list, and one whole."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import AwardState, RequestState
from requests_app.api import fields
from requests_app.api.answers import Body, money_body, money_or_null, stamp
from requests_app.api.asks import NeedLine
from requests_app.queries.details import RequestDetail
from requests_app.services.reveals import Identity


class Applicant(fields.Shown):
    """Who asks; null where the caller may not see it."""

    full_name = serializers.CharField(allow_null=True)
    preferred_name = serializers.CharField(allow_null=True)
    contact = serializers.CharField(allow_null=True)
    is_masked = serializers.BooleanField()


class RequestBrief(fields.Shown):
    """A request in a list."""

    id = fields.Id("req")
    reference = serializers.CharField()
    state = fields.Word(RequestState)
    applicant = Applicant()
    production_name = serializers.CharField()
    craft = serializers.CharField()
    job_title = serializers.CharField()
    union_local = serializers.CharField()
    engagement = serializers.CharField(help_text="DIRECT, LOAN_OUT, DAY_PLAYER, NOT_SURE; empty if not told.")
    last_worked_on = serializers.DateField()
    adults_count = serializers.IntegerField()
    children_count = serializers.IntegerField()
    asked = fields.MoneyOut()
    other_aid = fields.MoneyOut()
    other_aid_note = serializers.CharField(allow_null=True, help_text="Masked like the applicant.")
    verified = fields.MoneyOut(allow_null=True, help_text="Null until a decision is final.")
    capped = fields.MoneyOut(allow_null=True, help_text="What a round may count.")
    urgency = serializers.ListField(child=serializers.CharField())
    loss_on = serializers.DateField(allow_null=True)
    statement = serializers.CharField(allow_null=True, help_text="Masked like the applicant.")
    helper_name = serializers.CharField(allow_null=True, help_text="Masked like the applicant.")
    language = serializers.CharField()
    channel = serializers.CharField()
    submitted_at = fields.MomentOut()
    state_since = fields.MomentOut()
    version = serializers.IntegerField()


class RequestAward(fields.Shown):
    """What the request was given."""

    id = fields.Id("awd")
    amount = fields.MoneyOut()
    state = fields.Word(AwardState)


class OddsMoment(fields.Shown):
    """The odds as a page showed them at one moment."""

    as_of = fields.MomentOut(allow_null=True)
    cents_per_dollar = serializers.IntegerField(allow_null=True, help_text="Null: too early to say.")


class OddsShown(fields.Shown):
    """What the worker read before the form, and on the receipt."""

    start = OddsMoment(allow_null=True)
    receipt = OddsMoment(allow_null=True)


@extend_schema_serializer(component_name="Request")
class RequestWhole(RequestBrief):
    """A request with its need lines and awards."""

    need_lines = serializers.ListField(child=NeedLine())
    awards = serializers.ListField(child=RequestAward())
    odds_shown = OddsShown(
        allow_null=True, help_text="What the worker read of the odds; null where none was shown."
    )


def brief_body(row: Any, currency: str, identity: Identity | None) -> Body:
    """This will write a request; without an identity what is personal is null."""
    return {
        "id": ids.public("req", row.id),
        "reference": row.reference,
        "state": row.state,
        "applicant": {
            "full_name": identity.full_name if identity else None,
            "preferred_name": identity.preferred_name if identity else None,
            "contact": identity.contact if identity else None,
            "is_masked": identity is None,
        },
        "production_name": row.production_name,
        "craft": row.craft,
        "job_title": row.job_title,
        "union_local": row.union_local,
        "engagement": row.engagement,
        "last_worked_on": row.last_worked_on.isoformat(),
        "adults_count": row.adults_count,
        "children_count": row.children_count,
        "asked": money_body(row.asked_cents, currency),
        "other_aid": money_body(row.other_aid_cents, currency),
        "other_aid_note": identity.other_aid_note if identity else None,
        "verified": money_or_null(row.verified_cents, currency),
        "capped": money_or_null(row.capped_cents, currency),
        "urgency": list(row.urgency),
        "loss_on": row.loss_on.isoformat() if row.loss_on else None,
        "statement": identity.statement if identity else None,
        "helper_name": identity.helper_name if identity else None,
        "language": row.language,
        "channel": row.channel,
        "submitted_at": stamp(row.submitted_at),
        "state_since": stamp(row.state_since),
        "version": row.version,
    }


def whole_body(found: RequestDetail, currency: str, identity: Identity | None) -> Body:
    """This will write a request with its need lines and awards."""
    return {
        **brief_body(found.request, currency, identity),
        "need_lines": [
            {"category": category, "amount": money_body(cents, currency)} for category, cents in found.needs
        ],
        "awards": [
            {
                "id": ids.public("awd", award.id),
                "amount": money_body(award.amount_cents, currency),
                "state": award.state,
            }
            for award in found.awards
        ],
        "odds_shown": _odds_body(found.request.odds_shown),
    }


def _odds_body(kept: Any) -> Body | None:
    if not kept:
        return None
    # Requests of before kept the start alone.
    shown = kept if "start" in kept or "receipt" in kept else {"start": kept}
    return {name: _moment_body(shown.get(name)) for name in ("start", "receipt")}


def _moment_body(odds: Any) -> Body | None:
    if not odds:
        return None
    as_of = odds.get("as_of")
    said = stamp(datetime.fromisoformat(as_of)) if as_of else None
    return {"as_of": said, "cents_per_dollar": odds.get("cents_per_dollar")}
