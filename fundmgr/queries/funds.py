"""Funds, the policy in force, and what donors promised."""

from uuid import UUID

from django.db.models import OuterRef, QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import NeedLimits
from fundmgr.domain.lifecycle import CommitmentState
from fundmgr.domain.permissions import Action
from fundmgr.models import (
    Commitment,
    ConditionProof,
    Donor,
    Fund,
    Membership,
    PolicyVersion,
    Receipt,
    Restriction,
)
from fundmgr.queries import access, gifts, promises

# What nobody may count on is not told in public.
_NOT_TOLD = (CommitmentState.DRAFT, CommitmentState.CANCELLED)


def fund_by_slug(slug: str) -> Fund:
    """This will return the fund of a public address. Errors: NotFound."""
    fund = Fund.objects.filter(slug=slug).first()
    if fund is None:
        raise errors.NotFound
    return fund


def only_fund() -> Fund | None:
    """This will return the oldest fund: the one that a single-fund site shows at its root."""
    return Fund.objects.order_by("created_at", "id").first()


def board_of(fund: Fund) -> list[str]:
    """This will return who sits on the board, as the fund tells everybody; empty where it does not."""
    return [line.strip() for line in fund.board.splitlines() if line.strip()]


def visible_funds(actor: Actor) -> QuerySet[Fund]:
    """This will return the funds where the actor has a role."""
    return Fund.objects.filter(id__in=access.fund_ids_of(actor))


def visible_fund(actor: Actor, *, fund_id: UUID) -> Fund:
    """This will return one fund for an actor with a role in it. Errors: NotFound."""
    access.require(actor, Action.FUND_READ, fund_id=fund_id)
    return Fund.objects.get(id=fund_id)


def chosen_fund(actor: Actor, *, fund_id: UUID | None) -> Fund | None:
    """This will return the fund that a person means: the one named, else the only one there can be.

    Shapes: a worker, who has no role anywhere, means the only fund of the site; None where it is open.
    Errors: NotFound for a fund that does not exist.
    """
    if fund_id is not None:
        fund = Fund.objects.filter(id=fund_id).first()
        if fund is None:
            raise errors.NotFound
        return fund
    own = access.fund_ids_of(actor)
    rows = Fund.objects.filter(id__in=own) if own else Fund.objects.all()
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def currency_of(fund_id: UUID) -> str:
    """This will return the fund's currency, by ISO 4217."""
    return Fund.objects.values_list("currency", flat=True).get(id=fund_id)


def policy_in_force(fund_id: UUID) -> PolicyVersion:
    """This will return the newest adopted policy version. Errors: WrongState where none is adopted."""
    policy = PolicyVersion.objects.filter(fund_id=fund_id).order_by("-number").first()
    if policy is None:
        raise errors.WrongState("The fund has not adopted a policy yet.")
    return policy


def countersign_from_cents(fund_id: UUID) -> int | None:
    """This will return from which amount a promise needs a second signature; None where none does."""
    policy = PolicyVersion.objects.filter(fund_id=fund_id).order_by("-number").first()
    return policy.countersign_from_cents if policy else None


def need_limits(policy: PolicyVersion) -> NeedLimits:
    """This will return the limits of a policy version, in cents."""
    return NeedLimits(policy.need_ceiling_cents, policy.award_cap_cents)


def general_restriction(fund_id: UUID) -> Restriction:
    """This will return the fund's restriction that means none."""
    return Restriction.objects.get(fund_id=fund_id, is_general=True)


def restricted_ids(fund_id: UUID) -> frozenset[UUID]:
    """This will return the restrictions that bind money to something."""
    rows = Restriction.objects.filter(fund_id=fund_id, is_general=False)
    return frozenset(rows.values_list("id", flat=True))


def visible_donors(actor: Actor, *, fund_id: UUID) -> QuerySet[Donor]:
    """This will return the donors, for one who may read money. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return Donor.objects.filter(fund_id=fund_id)


def visible_commitments(actor: Actor, *, fund_id: UUID) -> QuerySet[Commitment]:
    """This will return the commitments with donor and restriction. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    rows = Commitment.objects.filter(fund_id=fund_id).select_related("donor", "restriction")
    return rows.prefetch_related("instalments")


def visible_receipts(actor: Actor, *, fund_id: UUID) -> QuerySet[Receipt]:
    """This will return the receipts with their commitment. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return Receipt.objects.filter(fund_id=fund_id).select_related("commitment", "restriction")


def visible_restrictions(actor: Actor, *, fund_id: UUID) -> QuerySet[Restriction]:
    """This will return the restrictions, for one who may read money. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return Restriction.objects.filter(fund_id=fund_id)


def visible_restriction(actor: Actor, *, restriction_id: UUID) -> Restriction:
    """This will return one restriction. Errors: NotFound, Forbidden."""
    row = Restriction.objects.filter(id=restriction_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def visible_donor(actor: Actor, *, donor_id: UUID) -> Donor:
    """This will return one donor. Errors: NotFound, Forbidden."""
    row = Donor.objects.filter(id=donor_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def visible_commitment(actor: Actor, *, commitment_id: UUID) -> Commitment:
    """This will return one commitment with donor and restriction. Errors: NotFound, Forbidden."""
    row = Commitment.objects.select_related("donor", "restriction").filter(id=commitment_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def proofs_of(actor: Actor, *, commitment_id: UUID) -> QuerySet[ConditionProof]:
    """This will return the proofs of a promise's condition. Errors: NotFound, Forbidden."""
    row = visible_commitment(actor, commitment_id=commitment_id)
    return ConditionProof.objects.filter(commitment=row)


def visible_proof(actor: Actor, *, proof_id: UUID) -> ConditionProof:
    """This will return one proof of a condition. Errors: NotFound, Forbidden."""
    row = ConditionProof.objects.filter(id=proof_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def visible_receipt(actor: Actor, *, receipt_id: UUID) -> Receipt:
    """This will return one receipt. Errors: NotFound, Forbidden."""
    row = Receipt.objects.select_related("commitment", "restriction").filter(id=receipt_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def receipts_of(actor: Actor, *, commitment_id: UUID) -> QuerySet[Receipt]:
    """This will return the receipts of one commitment. Errors: NotFound, Forbidden."""
    row = visible_commitment(actor, commitment_id=commitment_id)
    return Receipt.objects.filter(commitment=row).select_related("commitment", "restriction")


def named_donors(fund_id: UUID) -> list[tuple[str, int, int]]:
    """This will return (name, promised, received) of each donor who promised, for the public page.

    Units: cents; promised is without what was given up, received is net of what bounced or went back.
    Shapes: most promised first; an anonymous donor has an empty name.
    """
    rows = Commitment.objects.filter(fund_id=fund_id).exclude(state__in=_NOT_TOLD)
    given = gifts.given(commitment_id=OuterRef("id"))
    found = rows.order_by("id").values_list(
        "donor_id", "donor__is_anonymous", "donor__name", promises.counted(), given
    )
    of_donor: dict[UUID, tuple[str, int, int]] = {}
    for key, is_anonymous, name, promised, arrived in found:
        _, promised_before, arrived_before = of_donor.get(key, ("", 0, 0))
        told = "" if is_anonymous else name
        of_donor[key] = (told, promised_before + promised, arrived_before + arrived)
    return sorted(of_donor.values(), key=lambda one: -one[1])


def members(fund_id: UUID) -> QuerySet[Membership]:
    """This will return who has which role now."""
    rows = Membership.objects.filter(fund_id=fund_id, ended_at__isnull=True)
    return rows.select_related("user").order_by("role", "user__name")
