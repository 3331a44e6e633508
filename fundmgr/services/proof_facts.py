"""Rows proved from the trail: each still says what the last event that set it said, and each has its event.

The digests stand in chained events, which `verify_audit` proves in their turn. The ledger's own figures are
proved from its entries; here stand the facts beside them.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.restrictions import OPEN_RULE
from fundmgr.domain.schedules import Part
from fundmgr.models import (
    BankFee,
    BankImport,
    Commitment,
    Donor,
    Event,
    Instalment,
    Receipt,
    Refund,
    ReserveUse,
    Restriction,
    RestrictionRelease,
    TransferReversal,
)
from fundmgr.models.base import FundRow
from fundmgr.queries import facts
from fundmgr.services.findings import Finding

# By the word that events have for them.
KINDS: dict[str, type[FundRow]] = {
    "donor": Donor,
    "receipt": Receipt,
    "commitment": Commitment,
    "refund": Refund,
    "restriction": Restriction,
    "release": RestrictionRelease,
    "reserve_use": ReserveUse,
    "reversal": TransferReversal,
    "bank_fee": BankFee,
}
CHECKS = (
    *(f"{kind}_says_what_was_recorded" for kind in KINDS),
    "dates_were_agreed",
    "imports_are_whole",
    "receipts_keep_what_was_kept",
)
_DATED = ("commitment.pledged", "commitment.renegotiated")


def check_facts() -> list[Finding]:
    """This will return the first row of each kind that differs from its events, or has none."""
    found = [_first(f"{kind}_says_what_was_recorded", _of_kind(kind)) for kind in KINDS]
    found += [_first("dates_were_agreed", _of_dates()), _first("imports_are_whole", _of_imports())]
    found.append(_first("receipts_keep_what_was_kept", _of_reserves()))
    return [finding for finding in found if finding is not None]


def _first(check: str, wrong: Iterator[tuple[UUID, str]]) -> Finding | None:
    row_id, sentence = next(wrong, (None, ""))
    return None if row_id is None else Finding(check, str(row_id), f"{sentence} {row_id}")


def _of_kind(kind: str) -> Iterator[tuple[UUID, str]]:
    told = _said(kind)
    for row in KINDS[kind]._default_manager.order_by("id").iterator():
        last = told.pop(row.id, _opening(row))
        if last is None:
            yield row.id, f"no event tells of {kind}"
        elif last and last != facts.said_by(row):
            yield row.id, f"{kind} differs from what the trail says of it, {kind}"
    for key in told:
        yield key, f"{kind} of the trail is gone, {kind}"


def _said(kind: str) -> dict[UUID, str]:
    """The last digest of each thing; empty where its events were written before digests were."""
    found: dict[UUID, str] = {}
    if kind == "receipt":
        # A file's receipts have no events of their own before they are confirmed: its import tells of them.
        rows = Receipt.objects.filter(bank_import__isnull=False, state=ReceiptState.RECEIVED)
        found = dict.fromkeys(rows.values_list("id", flat=True), "")
    for key, said in told_by(object_type=kind):
        found[key] = said.get("said") or found.get(key, "")
    return found


def _opening(row: FundRow) -> str | None:
    """What a fund's general money says has no event of its own: it is the same for all funds."""
    if not isinstance(row, Restriction) or not row.is_general:
        return None
    general = Restriction(
        id=row.id, fund_id=row.fund_id, name="General", rule=OPEN_RULE.to_json(), is_general=True
    )
    return facts.said_by(general)


def _of_dates() -> Iterator[tuple[UUID, str]]:
    kept: dict[tuple[UUID, int], list[Part]] = {}
    older: set[UUID] = set()
    for row in Instalment.objects.order_by("commitment_id", "schedule", "number").iterator():
        kept.setdefault((row.commitment_id, row.schedule), []).append(Part(row.due_on, row.amount_cents))
    for key, said in told_by(verb__in=_DATED):
        if "parts" not in said:
            older.add(key)
            continue
        parts = kept.pop((key, said["schedule"]), [])
        if facts.schedule(said["schedule"], parts)["parts"] != said["parts"]:
            yield key, "dates differ from those that were agreed, of commitment"
    for commitment_id, _ in kept:
        if commitment_id not in older:
            yield commitment_id, "no event tells of the dates of commitment"


def _of_imports() -> Iterator[tuple[UUID, str]]:
    was = _was_on()
    told = {key: said["rows"] for key, said in told_by(verb="bank_import.done") if "rows" in said}
    names = ("id", "amount_cents", "bank_reference", "received_on", "commitment_id")
    for made in BankImport.objects.order_by("id").iterator():
        rows = Receipt.objects.filter(bank_import=made).values_list(*names)
        came = [(*row, was.get(row[0], named)) for *row, named in rows.iterator()]
        if made.id in told and facts.imported(came) != told[made.id]:
            yield made.id, "receipts differ from those of the bank's file, of import"


def _of_reserves() -> Iterator[tuple[UUID, str]]:
    kept: dict[UUID, int] = {}
    for key, said in told_by(object_type__in=("receipt", "refund")):
        if "reserve_cents" in said:
            kept[UUID(said.get("receipt", str(key)))] = said["reserve_cents"]
    rows = Receipt.objects.filter(id__in=kept).order_by("id").values_list("id", "reserve_cents")
    for key, reserve_cents in rows.iterator():
        if reserve_cents != kept[key]:
            yield key, "the reserve kept back differs from what the trail says of receipt"


def _was_on() -> dict[UUID, UUID | None]:
    """On which promise a receipt stood before somebody matched it first."""
    found: dict[UUID, UUID | None] = {}
    for key, said in told_by(verb="receipt.matched"):
        was = said.get("was")
        found.setdefault(key, UUID(was) if was else None)
    return found


def told_by(**wanted: Any) -> Iterator[tuple[UUID, Mapping[str, Any]]]:
    """This will return what each event of a kind tells, and of what thing, in the order of the chain."""
    rows = Event.objects.filter(**wanted).order_by("link__sequence").values_list("object_id", "body")
    for key, body in rows.iterator():
        yield key, _facts(bytes(body))


def _facts(body: bytes) -> Mapping[str, Any]:
    """What an event tells; nothing where somebody bent its bytes, which `verify_audit` names."""
    try:
        told = json.loads(body)["facts"]
    except (ValueError, KeyError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}
