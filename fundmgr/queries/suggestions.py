"""Whose an unmatched receipt could be: a commitment that owes just that much, a donor of the payer's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from uuid import UUID

from fundmgr.domain.lifecycle import CommitmentState
from fundmgr.domain.text import match_key
from fundmgr.models import Commitment, Donor, Instalment, Receipt

MOST_LOOKED_AT, MOST_SHOWN = 5_000, 4
_LIKE = 0.8
_TAKES_NO_MONEY = [
    CommitmentState.DRAFT,
    CommitmentState.CANCELLED,
    CommitmentState.WRITTEN_OFF,
    CommitmentState.FULFILLED,
]


@dataclass(frozen=True)
class Suggestion:
    """One who may have paid. Shapes: without a commitment it would be a gift; `why` is said to a person."""

    donor_id: UUID
    donor_name: str
    commitment_id: UUID | None
    why: str


def suggestions(fund_id: UUID, receipts: Iterable[Receipt]) -> dict[UUID, list[Suggestion]]:
    """This will return the likeliest payers of each receipt, the best first; none where nothing fits."""
    commitments = list(_open_commitments(fund_id))
    donors = list(Donor.objects.filter(fund_id=fund_id).only("id", "name").order_by("-id")[:MOST_LOOKED_AT])
    names = {donor.id: match_key(donor.name) for donor in donors}
    parts = _parts(commitments)
    return {row.id: _of(row, commitments, parts, donors, names)[:MOST_SHOWN] for row in receipts}


def open_commitments(fund_id: UUID) -> list[Commitment]:
    """This will return the commitments that money may come in on, with their donors, by donor's name."""
    return sorted(_open_commitments(fund_id), key=lambda row: (row.donor.name, row.id))


def _open_commitments(fund_id: UUID) -> list[Commitment]:
    rows = Commitment.objects.filter(fund_id=fund_id).exclude(state__in=_TAKES_NO_MONEY)
    return list(rows.select_related("donor").order_by("-id")[:MOST_LOOKED_AT])


def _parts(commitments: list[Commitment]) -> dict[UUID, set[int]]:
    """What each commitment may be paid in one sum: what is left of it, or one of its instalments."""
    schedules = {row.id: row.schedule for row in commitments}
    parts = {row.id: {row.amount_cents - row.received_cents - row.written_off_cents} for row in commitments}
    for part in Instalment.objects.filter(commitment_id__in=schedules):
        if part.schedule == schedules[part.commitment_id]:
            parts[part.commitment_id].add(part.amount_cents)
    return parts


def _of(
    receipt: Receipt,
    commitments: list[Commitment],
    parts: dict[UUID, set[int]],
    donors: list[Donor],
    names: dict[UUID, str],
) -> list[Suggestion]:
    payer = match_key(receipt.payer or "")
    by_name = {donor.id for donor in donors if payer and _alike(payer, names[donor.id])}
    both, amount, name = [], [], []
    for row in commitments:
        fits = receipt.amount_cents in parts[row.id]
        said = (row.donor_id, row.donor.name, row.id)
        if fits and row.donor_id in by_name:
            both.append(Suggestion(*said, "owes just this much, and has the payer's name"))
        elif fits:
            amount.append(Suggestion(*said, "owes just this much"))
        elif row.donor_id in by_name:
            name.append(Suggestion(*said, "has the payer's name, and still owes"))
    named = {row.donor_id for row in (*both, *name)}
    gifts = [
        Suggestion(donor.id, donor.name, None, "has the payer's name; as a gift")
        for donor in donors
        if donor.id in by_name - named
    ]
    return [*both, *name, *gifts, *amount]


def _alike(payer: str, name: str) -> bool:
    if not name:
        return False
    same_words = set(payer.split()) == set(name.split())
    matcher = SequenceMatcher(None, payer, name)
    return same_words or (matcher.quick_ratio() >= _LIKE and matcher.ratio() >= _LIKE)
