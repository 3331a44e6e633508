"""The rule that a fund tells everybody, in words that its declared properties make."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from requests_app.api import fields, rules
from requests_app.api.answers import Body, json_answer, stamp_or_null
from requests_app.api.doors import Door, address
from requests_app.api.round_samples import RULE_SAMPLE
from requests_app.api.round_shapes import RoundSent
from requests_app.api.rules import RuleField
from requests_app.api.schema import KEY_OPTIONAL, Operation
from requests_app.exports.rule_text import in_each_language
from requests_app.queries import published_rules as queries
from requests_app.services import rule_publications


class RuleSentences(fields.Shown):
    """What the rule promises, a sentence each; the same sentences in each language."""

    en = serializers.ListField(child=serializers.CharField())
    es = serializers.ListField(child=serializers.CharField())


class FundRule(fields.Shown):
    """The rule that everybody is told: the newest decided round's, or one published since."""

    fund_id = fields.Id("fund")
    rule = RuleField(allow_null=True, help_text="Null where no round was decided and none is published.")
    told_by = serializers.CharField(allow_null=True, help_text="ROUND or PUBLICATION.")
    round_number = serializers.IntegerField(allow_null=True)
    since = fields.MomentOut(allow_null=True)
    sentences = RuleSentences()


SAMPLE: Body = {
    "fund_id": "fund_018aa9d5e0007c3a9d0f6b1c2e4a5d61",
    "rule": RULE_SAMPLE,
    "told_by": "PUBLICATION",
    "round_number": None,
    "since": "2023-09-22T16:00:00Z",
    "sentences": {"en": ["Sending early does not help."], "es": ["Enviarla antes no ayuda."]},
}


def rule_body(fund_id: UUID, told: Any) -> Body:
    """This will write the rule; empty where nothing is told."""
    return {
        "fund_id": ids.public("fund", fund_id),
        "rule": rules.rule_body(told.rule) if told else None,
        "told_by": told.source if told else None,
        "round_number": told.round_number if told else None,
        "since": stamp_or_null(told.since if told else None),
        "sentences": in_each_language(told.promises) if told else {"en": [], "es": []},
    }


class OneFundRule(Door):
    """The rule that one fund tells everybody."""

    @Operation(
        "get_fund_rule",
        "Read the rule that everybody is told",
        tag="funds",
        scope="funds:read",
        gives=FundRule,
        sample=SAMPLE,
        description="The sentences follow from what the rule declares; tests hold the engine to them.",
    )
    def get(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will show it."""
        told = queries.visible_rule(self.actor, fund_id=fund_id, now=self.now)
        return json_answer(rule_body(fund_id, told))

    @Operation(
        "publish_fund_rule",
        "Tell everybody by which rule the next money is shared",
        tag="funds",
        scope="rounds:write",
        sends=RoundSent,
        sample_sent={"rule": RULE_SAMPLE},
        gives=FundRule,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
        description="Shares nothing. The next decided round or publication takes its place.",
    )
    def post(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will publish it."""
        said = self.read(RoundSent)
        return self.act(
            lambda once: rule_publications.publish(
                fund_id=fund_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=lambda key: None,
            body_of=lambda row: rule_body(
                fund_id, queries.visible_rule(self.actor, fund_id=fund_id, now=self.now)
            ),
            status=201,
            location=lambda row: f"{address('funds', 'fund', fund_id)}/rule",
        )
