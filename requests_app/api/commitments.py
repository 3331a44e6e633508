"""Commitments of donors, and what becomes of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fundmgr.ports.idempotency import Once
from fundmgr.queries import funds
from fundmgr.services import commitments, pledges
from requests_app.api.answers import Body, json_answer
from requests_app.api.commitment_shapes import (
    PROOF_SAMPLE,
    PROOF_SENT_SAMPLE,
    SAMPLE,
    SENT_SAMPLE,
    BoardNoteSent,
    Commitment,
    CommitmentSent,
    PledgeReasonSent,
    Proof,
    ProofDecisionSent,
    ProofSent,
    commitment_body,
    parts_of,
    proof_body,
)
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape


class CommitmentDoor(Door):
    """What the addresses of this module share."""

    def commitment(self, commitment_id: UUID) -> Any:
        """This will return a commitment that the caller may see."""
        return funds.visible_commitment(self.actor, commitment_id=commitment_id)

    def currency_for(self, commitment_id: UUID) -> str:
        """This will return the currency of a commitment that the caller may see."""
        return self.currency_of(self.commitment(commitment_id).fund_id)

    def commitment_body(self, row: Any) -> Body:
        """This will write a commitment in its fund's currency."""
        return commitment_body(row, self.currency_of(row.fund_id))

    def proof_body(self, row: Any) -> Body:
        """This will write a proof in its fund's currency."""
        return proof_body(row, self.currency_of(row.fund_id))

    def change(self, call: Callable[[Once | None], Any]) -> HttpResponse:
        """This will make a change and show the commitment."""
        return self.act(call, again=self.commitment, body_of=self.commitment_body)


class Commitments(CommitmentDoor):
    """The fund's commitments."""

    @Operation(
        "list_commitments",
        "List commitments, newest first",
        tag="commitments",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(Commitment),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        rows = funds.visible_commitments(self.actor, fund_id=fund_id)
        return self.page(rows, ("-id",), self.commitment_body)

    @Operation(
        "pledge_commitment",
        "Record a donor's promise",
        tag="commitments",
        scope="commitments:write",
        query=FundQuery,
        sends=CommitmentSent,
        sample_sent=SENT_SAMPLE,
        gives=Commitment,
        sample={**SAMPLE, "due_on": None, "instalments": []},
        status=201,
        key=KEY_OPTIONAL,
        description="From the policy's limit on it is a DRAFT until another person countersigns it.",
        refusals=["forbidden"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will record one."""
        fund_id, currency = self.fund()
        said = self.read(CommitmentSent, currency=currency)
        amount_cents, parts = said.pop("amount"), parts_of(said.pop("instalments", []))
        return self.act(
            lambda once: commitments.pledge(
                fund_id=fund_id,
                amount_cents=amount_cents,
                instalments=parts,
                **said,
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.commitment,
            body_of=self.commitment_body,
            status=201,
            location=lambda row: address("commitments", "com", row.id),
        )


class OneCommitment(CommitmentDoor):
    """One commitment."""

    @Operation(
        "get_commitment",
        "Read a commitment",
        tag="commitments",
        scope="commitments:read",
        gives=Commitment,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.commitment_body(self.commitment(commitment_id)))


class CommitmentCancellation(CommitmentDoor):
    """The end of a promise, as the donor asked."""

    @Operation(
        "cancel_commitment",
        "Give up what a donor still owes",
        tag="commitments",
        scope="commitments:write",
        sends=PledgeReasonSent,
        sample_sent={"reason": "The donor withdrew the pledge."},
        gives=Commitment,
        sample={**SAMPLE, "state": "CANCELLED"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will cancel it."""
        said = self.read(PledgeReasonSent)
        return self.change(
            lambda once: commitments.cancel(
                commitment_id=commitment_id, **said, by=self.actor, now=self.now, once=once
            )
        )


class Countersignature(CommitmentDoor):
    """The second signature of a large promise."""

    @Operation(
        "countersign_commitment",
        "Countersign a large promise",
        tag="commitments",
        scope="commitments:write",
        gives=Commitment,
        sample=SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "wrong_state"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will sign it."""
        self.read_nothing()
        return self.change(
            lambda once: pledges.countersign(
                commitment_id=commitment_id, by=self.actor, now=self.now, once=once
            )
        )


class CommitmentWriteOff(CommitmentDoor):
    """Giving up what a donor in default owes."""

    @Operation(
        "write_off_commitment",
        "Write off what a donor in default owes",
        tag="commitments",
        scope="commitments:write",
        sends=BoardNoteSent,
        sample_sent={"board_note": "Minutes of October 3, item 4."},
        gives=Commitment,
        sample={**SAMPLE, "state": "WRITTEN_OFF", "written_off": SAMPLE["amount"]},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "wrong_state"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will write it off."""
        said = self.read(BoardNoteSent)
        return self.change(
            lambda once: pledges.write_off(
                commitment_id=commitment_id, **said, by=self.actor, now=self.now, once=once
            )
        )


class ConditionProofs(CommitmentDoor):
    """Proofs that the condition of a promise is met."""

    @Operation(
        "list_condition_proofs",
        "List the proofs of a condition, newest first",
        tag="commitments",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(Proof),
        sample=page_sample(PROOF_SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = funds.proofs_of(self.actor, commitment_id=commitment_id)
        return self.page(rows, ("-id",), self.proof_body)

    @Operation(
        "propose_condition",
        "Say that the condition of a promise is met",
        tag="commitments",
        scope="commitments:write",
        sends=ProofSent,
        sample_sent=PROOF_SENT_SAMPLE,
        gives=Proof,
        sample=PROOF_SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "duplicate"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will propose it."""
        said = self.read(ProofSent, currency=self.currency_for(commitment_id))
        return self.act(
            lambda once: pledges.propose_condition(
                commitment_id=commitment_id,
                amount_cents=said["amount"],
                proof=said["proof"],
                evidence_id=said.get("evidence_id"),
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=lambda key: funds.visible_proof(self.actor, proof_id=key),
            body_of=self.proof_body,
            status=201,
        )


class ConditionProofDecision(CommitmentDoor):
    """What the second person says of a proof."""

    @Operation(
        "decide_condition",
        "Confirm or refuse that a condition is met",
        tag="commitments",
        scope="commitments:write",
        sends=ProofDecisionSent,
        sample_sent={"is_met": True},
        gives=Proof,
        sample={**PROOF_SAMPLE, "state": "MADE", "decided_at": "2023-09-21T16:00:00Z"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "wrong_state", "already_decided"],
    )
    def post(self, request: Request, proof_id: UUID) -> HttpResponse:
        """This will decide it."""
        said = self.read(ProofDecisionSent)
        return self.act(
            lambda once: pledges.decide_condition(
                proof_id=proof_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=lambda key: funds.visible_proof(self.actor, proof_id=key),
            body_of=self.proof_body,
        )
