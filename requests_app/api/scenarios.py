"""Scenarios: rules kept under a name, and worked out again on today's people and money."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import errors, ids
from fundmgr.domain.errors import Problem
from fundmgr.domain.languages import Language
from fundmgr.domain.populations import Population
from requests_app.api import fields
from requests_app.api.answers import JSON, PDF, Body, file_answer, json_answer, money_body, stamp
from requests_app.api.doors import Door, address, etag
from requests_app.api.errors import PreconditionFailed
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.populations import PopulationSent
from requests_app.api.preview_shapes import Preview, comparison_body
from requests_app.api.round_samples import COMPARISON_SAMPLE, RULE_SAMPLE
from requests_app.api.rules import TriedRuleField, rule_body
from requests_app.api.schema import IF_MATCH, KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.exports import scenario_words
from requests_app.queries import scenarios as queries
from requests_app.services import board_papers, scenarios

READ, WRITE, TAG = "rounds:read", "rounds:write", "scenarios"
MOST_NAME, MOST_NOTE, MOST_RULES = 80, 500, 5


class ScenarioChange(fields.Sent):
    """Another name or note."""

    name = fields.Line(most=MOST_NAME, required=False)
    note = fields.Line(most=MOST_NOTE, blank=True, required=False, help_text="Name nobody here.")


class ScenarioSent(ScenarioChange):
    """Rules to keep."""

    name = fields.Line(most=MOST_NAME)
    rules = fields.Several(child=TriedRuleField(), min_length=1, max_length=MOST_RULES)
    chosen = fields.Whole(
        least=0, most=MOST_RULES - 1, required=False, help_text="The place of the rule to look at first."
    )
    population = PopulationSent(required=False, help_text="Whom the rules are tried on; else everybody.")


class Scenario(fields.Shown):
    """Rules under a name, with the figures of the moment when they were saved."""

    id = fields.Id("scn")
    name = serializers.CharField()
    note = serializers.CharField()
    rules = serializers.ListField(child=TriedRuleField())
    chosen = serializers.IntegerField()
    population = PopulationSent()
    people_count = serializers.IntegerField()
    verified = fields.MoneyOut()
    to_share = fields.MoneyOut()
    policy_version = serializers.IntegerField()
    snapshot_digest = serializers.CharField(help_text="Of people and money then.")
    digest = serializers.CharField(help_text="Of people, money, rules and awards then.")
    created_at = fields.MomentOut()
    version = serializers.IntegerField()


class OpenScenario(Scenario):
    """A scenario on today's people and money."""

    since = serializers.ListField(child=serializers.CharField(), help_text="What changed since, in words.")
    today = Preview()


SENT_SAMPLE: Body = {
    "name": "For the meeting of September 25",
    "note": "With and without a smallest grant.",
    "rules": [RULE_SAMPLE, {"version": 1, "rule": "queue", "need_up_to_cents": 750_000}],
    "chosen": 0,
}
SAMPLE: Body = {
    "id": "scn_018aa9d5e0007c3a9d0f6b1c2e4a5da1",
    **SENT_SAMPLE,
    "population": {},
    "people_count": 1205,
    "verified": {"amount": "4111069.00", "currency": "USD"},
    "to_share": {"amount": "490000.00", "currency": "USD"},
    "policy_version": 1,
    "snapshot_digest": "2b6e" * 16,
    "digest": "c40d" * 16,
    "created_at": "2023-09-22T16:00:00Z",
    "version": 1,
}
OPEN_SAMPLE: Body = {**SAMPLE, "since": [scenario_words.SAME], "today": COMPARISON_SAMPLE}


class ScenarioDoor(Door):
    """What the addresses of scenarios share."""

    def body(self, row: Any) -> Body:
        """This will write a scenario in its fund's currency."""
        currency = self.currency_of(row.fund_id)
        return {
            "id": ids.public("scn", row.id),
            "name": row.name,
            "note": row.note,
            "rules": [rule_body(rule) for rule in row.rules],
            "chosen": row.chosen,
            "population": row.population,
            "people_count": row.people_count,
            "verified": money_body(row.verified_cents, currency),
            "to_share": money_body(row.shared_cents, currency),
            "policy_version": row.policy.number,
            "snapshot_digest": row.snapshot_digest,
            "digest": row.digest,
            "created_at": stamp(row.created_at),
            "version": row.version,
        }

    def tagged(self, row: Any, body: Body) -> HttpResponse:
        """This will answer with a scenario and the tag of its version."""
        answer = json_answer(body)
        answer["ETag"] = etag(row.version)
        return answer


class Scenarios(ScenarioDoor):
    """The fund's scenarios."""

    @Operation(
        "list_scenarios",
        "List scenarios, newest first",
        tag=TAG,
        scope=READ,
        query=FundPageQuery,
        gives=page_shape(Scenario),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(queries.visible_scenarios(self.actor, fund_id=fund_id), ("-id",), self.body)

    @Operation(
        "save_scenario",
        "Keep rules under a name",
        tag=TAG,
        scope=WRITE,
        query=FundQuery,
        sends=ScenarioSent,
        sample_sent=SENT_SAMPLE,
        gives=Scenario,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
        description="Keeps the digests and totals of this moment too. Nothing comes of a scenario.",
    )
    def post(self, request: Request) -> HttpResponse:
        """This will keep one."""
        fund_id, _ = self.fund()
        said = self.read(ScenarioSent)
        said["population"] = Population.of(said.get("population", {}))
        return self.act(
            lambda once: scenarios.save(fund_id=fund_id, **said, by=self.actor, now=self.now, once=once),
            again=lambda row_id: queries.visible_scenario(self.actor, scenario_id=row_id),
            body_of=self.body,
            status=201,
            location=lambda row: address("scenarios", "scn", row.id),
        )


class PaperQuery(fields.Sent):
    """An address of something that can be had on paper."""

    language = fields.Word(Language, required=False, help_text="For the paper alone; English if not said.")


class OneScenario(ScenarioDoor):
    """One scenario."""

    @Operation(
        "open_scenario",
        "Work a scenario out on today's people and money",
        tag=TAG,
        scope=READ,
        query=PaperQuery,
        gives=OpenScenario,
        sample=OPEN_SAMPLE,
        formats=(JSON, PDF),
        description="`since` says what changed since it was saved. With `Accept: application/pdf` the same "
        "figures stand on one page for a board.",
    )
    def get(self, request: Request, scenario_id: UUID) -> HttpResponse:
        """This will open it."""
        row = queries.visible_scenario(self.actor, scenario_id=scenario_id)
        if self.wanted == PDF:
            return file_answer(
                board_papers.make(
                    fund_id=row.fund_id,
                    rules=row.rules,
                    chosen=row.chosen,
                    population=Population.of(row.population),
                    by=self.actor,
                    now=self.now,
                    **self.query,
                )
            )
        found = scenarios.reopen(row, by=self.actor, now=self.now)
        today = comparison_body(found, self.currency_of(row.fund_id))
        opened = {"since": scenario_words.since(row, found), "today": today}
        return self.tagged(row, {**self.body(row), **opened})

    @Operation(
        "rename_scenario",
        "Give a scenario another name or note",
        tag=TAG,
        scope=WRITE,
        headers=[IF_MATCH],
        sends=ScenarioChange,
        sample_sent={"name": "For the meeting of October 2"},
        gives=Scenario,
        sample={**SAMPLE, "name": "For the meeting of October 2", "version": 2},
        refusals=["forbidden", "precondition_failed", "if_match_missing"],
        description="Whoever saved it, or a director.",
    )
    def patch(self, request: Request, scenario_id: UUID) -> HttpResponse:
        """This will rename it."""
        version = self.version_meant()
        said = self.read(ScenarioChange)
        if not said:
            raise errors.InvalidInput(problems=[Problem("", "empty", "Send at least one field to change.")])
        try:
            row = scenarios.rename(
                scenario_id=scenario_id, version=version, **said, by=self.actor, now=self.now
            )
        except errors.StaleVersion as error:
            raise PreconditionFailed from error
        return self.tagged(row, self.body(row))


class ScenarioRemoval(ScenarioDoor):
    """A scenario taken away."""

    @Operation(
        "remove_scenario",
        "Take a scenario away",
        tag=TAG,
        scope=WRITE,
        gives=Scenario,
        sample={**SAMPLE, "version": 2},
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
        description="Whoever saved it, or a director. The audit trail still knows of it.",
    )
    def post(self, request: Request, scenario_id: UUID) -> HttpResponse:
        """This will remove it."""
        self.read_nothing()
        return self.act(
            lambda once: scenarios.remove(scenario_id=scenario_id, by=self.actor, now=self.now, once=once),
            again=lambda row_id: queries.visible_scenario(self.actor, scenario_id=row_id, removed=True),
            body_of=self.body,
        )
