"""Calls the API as a program or a person would."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import builders
from bank_files import bank_file
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from nasty import a_paper
from oauth2_provider.models import AccessToken, Application
from offering import prove_offer
from papers import a_pdf
from reserves import propose_reserve_use
from restricted import propose_release, tie_money

from fundmgr.allocation.draw import commitment as hash_of
from fundmgr.domain import ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.appeals import AppealGround
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.lifecycle import JobState, ProposalState, Turn
from fundmgr.domain.permissions import Role
from fundmgr.domain.scopes import SCOPES
from fundmgr.models import (
    ApiClient,
    BankFee,
    BankImport,
    Commitment,
    CommitmentTurn,
    ConditionProof,
    Donor,
    FundClosing,
    Job,
    Letter,
    Receipt,
    StoredFile,
    TransferReversal,
)
from fundmgr.models.ledger import Account, Transfer
from fundmgr.services import (
    bank_fees,
    bank_imports,
    commitments,
    evidence,
    letters,
    pledges,
    refunds,
    reversals,
)
from requests_app.models import (
    AllocationRound,
    Appeal,
    AssistanceRequest,
    ContactHandover,
    Decision,
    Document,
    Scenario,
    ShortfallReport,
)
from requests_app.queries.proofs import KIND
from requests_app.services import (
    appeals,
    awards,
    contact_handovers,
    documents,
    intake,
    payouts,
    reports,
    reviews,
    round_draws,
    rounds,
    scenarios,
)
from requests_app.services.asks import Ask

EVERY_SCOPE = " ".join(SCOPES)


@dataclass
class Caller:
    """One who calls: adds the token or the session to each call, and reads the answers as JSON."""

    http: Client
    headers: dict[str, str] = field(default_factory=dict)
    actor: Actor | None = None
    row: ApiClient | None = None

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> HttpResponse:
        """Call an address under /api/v1/; a body that is no bytes is sent as JSON."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Idempotency-Key"] = key
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = sent.pop("Content-Type", "application/json")
        return self.http.generic(
            method, f"/api/v1/{path}", content, content_type=kind, headers={**self.headers, **sent}
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Read an address."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        """Send to an address, with a fresh key where none is given."""
        options.setdefault("key", secrets.token_hex(8))
        return self.call("POST", path, body, **options)


def multipart(parts: Mapping[str, Any]) -> dict[str, Any]:
    """A body with files, and its type: `caller.post(path, **multipart({"file": papers.named(...)}))`."""
    return {"body": encode_multipart(BOUNDARY, parts), "Content_Type": MULTIPART_CONTENT}


def make_client(
    world: builders.World, role: Role, *, scopes: str = EVERY_SCOPE, owner: Actor | None = None
) -> tuple[ApiClient, Application]:
    """Register a program of a role; without an owner it belongs to the person of that role."""
    application = Application(
        name=f"{role} program",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        # A fast hash would do for a random secret, and this one is never used.
        client_secret="plain",
        hash_client_secret=False,
    )
    application.save()
    row = ApiClient.objects.create(
        id=ids.new_id(builders.NOW),
        fund=world.fund,
        created_at=builders.NOW,
        oauth_client_id=application.client_id,
        name=application.name,
        owner_id=(owner or world.actor(role)).person_id,
        role=role,
        scopes=scopes,
    )
    return row, application


def give_token(
    application: Application, *, scopes: str = EVERY_SCOPE, lifetime: timedelta = timedelta(minutes=15)
) -> str:
    """Make a token without the detour of the token address."""
    token = secrets.token_urlsafe(20)
    AccessToken.objects.create(
        application=application, token=token, scope=scopes, expires=datetime.now(UTC) + lifetime
    )
    return token


def code_of(answer: HttpResponse) -> str:
    """The code of a problem, with the shape that every problem has."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id", "errors"}
    assert body["status"] == answer.status_code
    assert body["type"] == f"/api/v1/problems/{body['code']}"
    assert body["request_id"] == answer["X-Request-Id"]
    assert body["detail"]
    return str(body["code"])


@dataclass(frozen=True)
class Things:
    """One of each thing that the API shows, by the name that its address has in the description."""

    ids: dict[str, str]
    rows: dict[str, Any]

    def path(self, address: str) -> str:
        """Fill an address like `donors/{donor_id}`."""
        return address.format(**self.ids)


def make_things(world: builders.World) -> Things:
    """Make one of each thing through the use cases, as the people of a world would."""
    receipt = builders.put_money_in(world, 1_000_000, bank_reference=f"W-{world.fund.slug[:20]}")
    request, decision = _decided(world, "worker@example.org")
    row = _shared(world)
    award = request.awards.get()
    awards.choose_payee(award_id=award.id, method="PICK_UP", by=world.actor(Role.INTAKE), now=builders.NOW)
    batch = payouts.build_batch(
        fund_id=world.fund.id, by=world.actor(Role.TREASURER_PREPARES), now=builders.NOW
    )
    job = reports.ask(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=builders.NOW)
    commitment = receipt.commitment
    refund = refunds.propose(
        receipt_id=receipt.id,
        amount_cents=100,
        reason="The donor asked.",
        by=world.actor(Role.DIRECTOR),
        now=builders.NOW,
    )
    fee = make_fee(world)
    rows = {
        "rfd": refund,
        "fee": fee,
        "rev": make_reversal(world, fee),
        "trn": make_turn(commitment),
        "cls": make_closing(world),
        "imp": make_import(world),
        "fund": world.fund,
        "don": commitment.donor,
        "com": commitment,
        "ofr": prove_offer(world, now=builders.NOW),
        "rct": receipt,
        "rst": receipt.restriction,
        "let": make_letter(world, receipt),
        "acc": Account.objects.filter(fund=world.fund).first(),
        "trf": Transfer.objects.filter(fund=world.fund).first(),
        "prf": make_proof(world, commitment.donor),
        "fil": make_file(world, commitment),
        "rsu": propose_reserve_use(world, 100, is_there=True),
        "rls": propose_release(world, tie_money(world, 5_000), 1_000),
        "req": request,
        "doc": make_document(world, request),
        "hov": make_handover(world, request),
        "dec": decision,
        "apl": make_appeal(world),
        "rnd": row,
        "scn": make_scenario(world),
        "awd": award,
        "pay": batch.payouts.get(),
        "bat": batch,
        "job": job,
        "rep": make_report(world),
    }
    named = {_NAMES[prefix]: ids.public(prefix, thing.id) for prefix, thing in rows.items()}
    night_id = ids.public("job", make_night(world).id)
    return Things({**named, "night_id": night_id, "code": "not_found"}, rows)


def make_appeal(world: builders.World) -> Appeal:
    """Refuse one request and ask for a second look."""
    request = file_request(world, "second.look@example.org")
    reviewer, approver = world.actor(Role.REVIEWER), world.actor(Role.APPROVER)
    decision = reviews.propose(
        request_id=request.id,
        is_eligible=False,
        reasons=[Reason.NO_LOSS_LINK],
        by=reviewer,
        now=builders.NOW,
    )
    reviews.decide(decision_id=decision.id, approve=True, by=approver, now=builders.NOW)
    return appeals.file(
        request_id=request.id,
        ground=AppealGround.MISSED,
        text="There is a pay stub.",
        by=world.actor(Role.INTAKE),
        now=builders.NOW,
    )


def make_night(world: builders.World) -> Job:
    """Keep the nightly proof that found nothing."""
    return Job.objects.create(
        id=ids.new_id(builders.NOW),
        fund=world.fund,
        created_at=builders.NOW,
        kind=KIND,
        key="nightly:2023-09-18",
        state=JobState.DONE,
        result={"ok": True, "findings": []},
        asked_by="system",
    )


def make_file(world: builders.World, commitment: Commitment) -> StoredFile:
    """Keep a signed pledge."""
    return evidence.add_to_commitment(
        commitment_id=commitment.id,
        name="signed pledge.pdf",
        content=a_pdf(),
        by=world.actor(Role.TREASURER_PREPARES),
        now=builders.NOW,
    )


def make_document(world: builders.World, request: AssistanceRequest) -> Document:
    """Keep a paper with a request."""
    return documents.add_to_request(
        request_id=request.id,
        name="stub.pdf",
        content=a_paper(),
        by=world.actor(Role.INTAKE),
        now=builders.NOW,
    )


def make_handover(world: builders.World, request: AssistanceRequest) -> ContactHandover:
    """Propose a new contact for the worker of a request."""
    return contact_handovers.propose(
        request_id=request.id,
        contact="new@example.org",
        reason="Called back.",
        by=world.actor(Role.REVIEWER),
        now=builders.NOW,
    )


def make_scenario(world: builders.World, *, name: str = "Equal awards alone") -> Scenario:
    """Keep one rule under a name."""
    return scenarios.save(
        fund_id=world.fund.id,
        name=name,
        rules=[{"version": 1, "rule": "equal_awards"}],
        by=world.actor(Role.BOARD),
        now=builders.NOW,
    )


def make_proof(world: builders.World, donor: Donor) -> ConditionProof:
    """Say that the condition of a promise is met."""
    by = world.actor(Role.TREASURER_PREPARES)
    row = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=donor.id,
        amount_cents=1_000,
        pledged_on=builders.TODAY,
        is_conditional=True,
        condition="A sign.",
        by=by,
        now=builders.NOW,
    )
    return pledges.propose_condition(
        commitment_id=row.id, amount_cents=500, proof="Seen.", by=by, now=builders.NOW
    )


def make_letter(world: builders.World, receipt: Receipt) -> Letter:
    """Acknowledge a receipt."""
    by = world.actor(Role.TREASURER_PREPARES)
    return letters.issue(receipt_id=receipt.id, by=by, now=builders.NOW)


def make_fee(world: builders.World) -> BankFee:
    """Record a charge of the bank."""
    return bank_fees.record(
        fund_id=world.fund.id,
        amount_cents=100,
        bank_reference=f"F-{world.fund.slug[:20]}",
        charged_on=builders.TODAY,
        by=world.actor(Role.TREASURER_RELEASES),
        now=builders.NOW,
    )


def make_reversal(world: builders.World, fee: BankFee) -> TransferReversal:
    """Propose to undo a bank fee."""
    return reversals.propose(
        transfer_id=Transfer.objects.get(cause_id=fee.id).id,
        reason="The bank took it back.",
        by=world.actor(Role.TREASURER_RELEASES),
        now=builders.NOW,
    )


def make_turn(commitment: Commitment) -> CommitmentTurn:
    """A default that waits for its second signature, as if the promise were late."""
    return CommitmentTurn.objects.create(
        id=ids.new_id(builders.NOW),
        fund_id=commitment.fund_id,
        created_at=builders.NOW,
        commitment=commitment,
        turn=Turn.DEFAULT,
        schedule=commitment.schedule,
        reason="Gone.",
        state=ProposalState.PROPOSED,
        proposed_by_id=commitment.recorded_by_id,
    )


def make_closing(world: builders.World) -> FundClosing:
    """Propose to close the fund, as if nothing were left."""
    return FundClosing.objects.create(
        id=ids.new_id(builders.NOW),
        fund=world.fund,
        created_at=builders.NOW,
        reason="It is over.",
        state=ProposalState.PROPOSED,
        proposed_by_id=world.actor(Role.DIRECTOR).person_id,
    )


def make_import(world: builders.World) -> BankImport:
    """Import a bank's file of one row."""
    return bank_imports.take_in(
        fund_id=world.fund.id,
        name="september.csv",
        content=bank_file(f"2023-09-18,I-{world.fund.slug[:20]},5.00,J. Doe,Gift"),
        by=world.actor(Role.TREASURER_PREPARES),
        now=builders.NOW,
    )


def make_report(world: builders.World) -> ShortfallReport:
    """Keep a report of an empty body: what stands in it is proved elsewhere."""
    return ShortfallReport.objects.create(
        id=ids.new_id(builders.NOW),
        fund=world.fund,
        created_at=builders.NOW,
        as_of=builders.NOW,
        ledger_sequence=1,
        policy=world.policy,
        body=b"{}",
        content_hash="0" * 64,
        job_id=ids.new_id(builders.NOW),
    )


def an_ask(**changes: Any) -> Ask:
    """One household that asks for rent."""
    said: dict[str, Any] = {
        "full_name": "Ana Rivera",
        "production_name": "Badge 27",
        "craft": "Camera",
        "last_worked_on": date(2023, 7, 14),
        "need_lines": builders.RENT_ONLY,
    }
    return Ask(**{**said, **changes})


def file_request(world: builders.World, contact: str, *, by: Actor | None = None) -> AssistanceRequest:
    """File one request for a contact, as intake does."""
    return intake.submit(
        fund_id=world.fund.id,
        ask=an_ask(),
        contact=contact,
        channel="STAFF",
        by=by or world.actor(Role.INTAKE),
        now=builders.NOW,
    )


def _decided(world: builders.World, contact: str) -> tuple[AssistanceRequest, Decision]:
    request = file_request(world, contact)
    decision = reviews.propose(
        request_id=request.id, is_eligible=True, by=world.actor(Role.REVIEWER), now=builders.NOW
    )
    decision = reviews.decide(
        decision_id=decision.id, approve=True, by=world.actor(Role.APPROVER), now=builders.NOW
    )
    return request, decision


def draw_order(world: builders.World, row: AllocationRound, *, now: datetime = builders.NOW) -> None:
    """Let director and approver commit to a secret each, then tell it."""
    secrets = {role: f"a secret of {row.id} and {role}" for role in (Role.DIRECTOR, Role.APPROVER)}
    for role, secret in secrets.items():
        round_draws.commit_secret(round_id=row.id, commitment=hash_of(secret), by=world.actor(role), now=now)
    for role, secret in secrets.items():
        round_draws.reveal_secret(
            round_id=row.id, secret=secret, beacon_value="", by=world.actor(role), now=now
        )


def _shared(world: builders.World) -> AllocationRound:
    director = world.actor(Role.DIRECTOR)
    rule = {"version": 1, "rule": "draw"}
    row = rounds.draft(fund_id=world.fund.id, rule=rule, by=director, now=builders.NOW)
    draw_order(world, row)
    rounds.propose(round_id=row.id, by=director, now=builders.NOW)
    return rounds.approve(
        round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=builders.NOW
    )


_NAMES = {
    "acc": "account_id",
    "trf": "transfer_id",
    "fund": "fund_id",
    "don": "donor_id",
    "com": "commitment_id",
    "ofr": "offer_id",
    "rct": "receipt_id",
    "rst": "restriction_id",
    "let": "letter_id",
    "prf": "proof_id",
    "fil": "file_id",
    "rls": "release_id",
    "rsu": "use_id",
    "rev": "reversal_id",
    "trn": "turn_id",
    "cls": "closing_id",
    "hov": "handover_id",
    "rfd": "refund_id",
    "fee": "fee_id",
    "imp": "import_id",
    "req": "request_id",
    "doc": "document_id",
    "dec": "decision_id",
    "apl": "appeal_id",
    "rnd": "round_id",
    "scn": "scenario_id",
    "awd": "award_id",
    "pay": "payout_id",
    "bat": "batch_id",
    "job": "job_id",
    "rep": "report_id",
}
