"""How workers found the form, counted."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.opinions import FormOpinion
from requests_app.api import fields
from requests_app.api.answers import json_answer
from requests_app.api.doors import Door
from requests_app.api.schema import Operation
from requests_app.queries import form_feedback


class FormFeedback(fields.Shown):
    """How many workers said what of the form after sending it. Nobody's name is kept with it."""

    fund_id = fields.Id("fund")
    easy_count = serializers.IntegerField()
    fair_count = serializers.IntegerField()
    hard_count = serializers.IntegerField()


SAMPLE = {
    "fund_id": "fund_018aa9d5e0007c3a9d0f6b1c2e4a5d61",
    "easy_count": 412,
    "fair_count": 96,
    "hard_count": 31,
}


class FundFormFeedback(Door):
    """What workers said of one fund's form."""

    @Operation(
        "get_form_feedback",
        "Count how workers found the form",
        tag="requests",
        scope="requests:read",
        gives=FormFeedback,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will show the counts."""
        counts = form_feedback.opinions(self.actor, fund_id=fund_id).counts
        return json_answer(
            {
                "fund_id": ids.public("fund", fund_id),
                **{f"{opinion.lower()}_count": counts[opinion] for opinion in FormOpinion},
            }
        )
