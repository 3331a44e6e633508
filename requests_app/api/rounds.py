"""Allocation rounds: rules tried out, a set frozen, a result proposed, approved by others, or given up."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fundmgr.domain.populations import Population
from requests_app.api.answers import JSON, PDF, Body, file_answer, json_answer
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, FundQuery, PageQuery
from requests_app.api.preview_shapes import Preview, comparison_body
from requests_app.api.round_samples import (
    COMPARISON_SAMPLE,
    MEMBER_SAMPLE,
    PROPOSED_SAMPLE,
    RULE_SAMPLE,
    SAMPLE,
)
from requests_app.api.round_shapes import (
    ApprovalSent,
    DraftSent,
    FrozenPreviewSent,
    PreviewSent,
    Round,
    RoundMember,
    RoundSent,
    VoidSent,
    member_body,
    round_body,
)
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import rounds as queries
from requests_app.services import board_papers, rounds, workbench
from requests_app.services.draw_terms import DrawTerms


class RoundDoor(Door):
    """What the addresses of rounds share."""

    def body(self, row: Any) -> Body:
        """This will write a round in its fund's currency."""
        return round_body(row, self.currency_of(row.fund_id), stale=queries.stale_reason(row))

    def again(self, round_id: UUID) -> Any:
        """This will read a round."""
        return queries.visible_round(self.actor, round_id=round_id)


class Rounds(RoundDoor):
    """The fund's rounds."""

    @Operation(
        "list_rounds",
        "List rounds, newest first",
        tag="rounds",
        scope="rounds:read",
        query=FundPageQuery,
        gives=page_shape(Round),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(queries.visible_rounds(self.actor, fund_id=fund_id), ("-number",), self.body)

    @Operation(
        "draft_round",
        "Freeze who waits and choose a rule",
        tag="rounds",
        scope="rounds:write",
        query=FundQuery,
        sends=DraftSent,
        sample_sent={"rule": RULE_SAMPLE},
        gives=Round,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will draft one."""
        fund_id, _ = self.fund()
        said = self.read(DraftSent)
        rule = said.pop("rule")
        return self.act(
            lambda once: rounds.draft(
                fund_id=fund_id, rule=rule, terms=DrawTerms(**said), by=self.actor, now=self.now, once=once
            ),
            again=self.again,
            body_of=self.body,
            status=201,
            location=lambda row: address("rounds", "rnd", row.id),
        )


class RoundPreview(RoundDoor):
    """Rules tried out; nothing is kept."""

    @Operation(
        "preview_rounds",
        "See what each rule would do now",
        tag="rounds",
        scope="rounds:read",
        query=FundQuery,
        sends=PreviewSent,
        sample_sent={
            "rules": [RULE_SAMPLE, {"version": 1, "rule": "proportional", "need_up_to_cents": 750_000}]
        },
        gives=Preview,
        sample=COMPARISON_SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
        formats=(JSON, PDF),
        description="Works on everybody who waits for money now, those in a round that is not approved "
        "included; `population` tries all the money on a part of them, to look at only: a round is for "
        "everybody. A draw is shown in an order of example. Nothing is stored. With "
        "`Accept: application/pdf` the same figures of up to five rules stand on one page for a board.",
    )
    def post(self, request: Request) -> HttpResponse:
        """This will work them out."""
        fund_id, currency = self.fund()
        said = self.read(PreviewSent)
        said["population"] = Population.of(said.get("population", {}))
        # Nothing is stored, so a repeated call is worked out again; only the key itself is checked.
        self.once()
        if self.wanted == PDF:
            return file_answer(board_papers.make(fund_id=fund_id, **said, by=self.actor, now=self.now))
        found = workbench.compare(
            fund_id=fund_id,
            rules=said["rules"],
            population=said["population"],
            by=self.actor,
            now=self.now,
        )
        return json_answer(comparison_body(found, currency))


class FrozenPreview(RoundDoor):
    """Rules tried out on a round's list; nothing is kept."""

    @Operation(
        "preview_round",
        "See what each rule would do with a round's list",
        tag="rounds",
        scope="rounds:read",
        sends=FrozenPreviewSent,
        sample_sent={"rules": [RULE_SAMPLE, {"version": 1, "rule": "proportional"}]},
        gives=Preview,
        sample=COMPARISON_SAMPLE,
        key=KEY_OPTIONAL,
        description="Works on the people and the money that were frozen with the round, whatever its state: "
        "all of them, so it takes no `population`; `POST rounds/preview` does. "
        "Nothing is stored and the round stays as it is: `POST rounds/{id}/rule` sets a draft's rule.",
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will work them out."""
        row = self.again(round_id)
        said = self.read(FrozenPreviewSent)
        self.once()
        found = workbench.compare_round(round_id=round_id, **said, by=self.actor, now=self.now)
        return json_answer(comparison_body(found, self.currency_of(row.fund_id)))


class OneRound(RoundDoor):
    """One round."""

    @Operation(
        "get_round",
        "Read a round",
        tag="rounds",
        scope="rounds:read",
        gives=Round,
        sample=SAMPLE,
        description="A proposal is told as void from the moment on in which a request, the policy or the "
        "money changed.",
    )
    def get(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.again(round_id)))


class RoundMembers(RoundDoor):
    """The requests of a round."""

    @Operation(
        "list_round_requests",
        "List a round's requests in their order",
        tag="rounds",
        scope="rounds:read",
        query=PageQuery,
        gives=page_shape(RoundMember),
        sample=page_sample(MEMBER_SAMPLE),
    )
    def get(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will list them."""
        found = self.again(round_id)
        currency = self.currency_of(found.fund_id)
        pots = [pot.restriction_id for pot in queries.pots_of(found)]
        rows = queries.members(self.actor, round_id=round_id)
        return self.page(rows, ("position", "id"), lambda row: member_body(row, pots, currency))


class RoundRule(RoundDoor):
    """The rule of a draft."""

    @Operation(
        "change_rule",
        "Set another rule on a draft",
        tag="rounds",
        scope="rounds:write",
        sends=RoundSent,
        sample_sent={"rule": {"version": 1, "rule": "proportional"}},
        gives=Round,
        sample={**SAMPLE, "rule": {"version": 1, "rule": "proportional"}, "version": 2},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will set it."""
        said = self.read(RoundSent)
        return self.act(
            lambda once: rounds.change_rule(
                round_id=round_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.again,
            body_of=self.body,
        )


class RoundProposal(RoundDoor):
    """A draft put forward."""

    @Operation(
        "propose_round",
        "Compute a draft's awards and put them forward",
        tag="rounds",
        scope="rounds:write",
        gives=Round,
        sample=PROPOSED_SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "wrong_state"],
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will propose it."""
        self.read_nothing()
        return self.act(
            lambda once: rounds.propose(round_id=round_id, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.body,
        )


class RoundTopUp(RoundDoor):
    """A second round for the people of a first."""

    @Operation(
        "top_up_round",
        "Propose a round that adds to a decided one",
        tag="rounds",
        scope="rounds:write",
        gives=Round,
        sample={**PROPOSED_SAMPLE, "number": 2, "tops_up": SAMPLE["id"]},
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "wrong_state"],
        description="Whoever got a part is in it with what is missing. Both rounds give what one big round "
        "would have given; where they would not, the refusal says why.",
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will propose it."""
        self.read_nothing()
        return self.act(
            lambda once: rounds.top_up(round_id=round_id, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.body,
            status=201,
            location=lambda row: address("rounds", "rnd", row.id),
        )


class RoundApprovals(RoundDoor):
    """Approvals of a proposal."""

    @Operation(
        "approve_round",
        "Approve a proposed round",
        tag="rounds",
        scope="rounds:approve",
        sends=ApprovalSent,
        sample_sent={"result_digest": PROPOSED_SAMPLE["result_digest"]},
        gives=Round,
        sample={**PROPOSED_SAMPLE, "state": "COMMITTED", "committed_at": "2023-09-22T17:00:00Z"},
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "already_approved", "insufficient_funds", "wrong_state"],
        description="The last approval that is needed makes every award, or nothing.",
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will approve it."""
        digest = self.read(ApprovalSent)["result_digest"]
        return self.act(
            lambda once: rounds.approve(
                round_id=round_id, result_digest=digest, by=self.actor, now=self.now, once=once
            ),
            again=self.again,
            body_of=self.body,
        )


class RoundCancellation(RoundDoor):
    """A round given up."""

    @Operation(
        "void_round",
        "Give up a draft or a proposal",
        tag="rounds",
        scope="rounds:write",
        sends=VoidSent,
        sample_sent={"reason": "The board wants another rule."},
        gives=Round,
        sample={**SAMPLE, "state": "VOID", "void_reason": "The board wants another rule."},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will give it up."""
        said = self.read(VoidSent)
        return self.act(
            lambda once: rounds.void(round_id=round_id, **said, by=self.actor, now=self.now, once=once),
            again=self.again,
            body_of=self.body,
        )
