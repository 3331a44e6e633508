"""Money in: receipts by what is asked of them, refunds, bank fees, and what is missing after a bounce."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.models import BankFee, Letter, Receipt, Refund
from fundmgr.models.ledger import Balance
from fundmgr.queries import access, funds


@dataclass(frozen=True)
class Lacking:
    """What a restriction lacks since gifts bounced. Units: cents.

    `uncovered_cents` is promised to workers, `deficit_cents` was paid to them, `overdraft_cents` is what the
    bank is owed.
    """

    restriction: str
    uncovered_cents: int = 0
    deficit_cents: int = 0
    overdraft_cents: int = 0


_FIELDS = {
    Code.UNCOVERED: "uncovered_cents",
    Code.DEFICIT: "deficit_cents",
    Code.BANK_OVERDRAFT: "overdraft_cents",
}


def chosen(
    actor: Actor,
    *,
    fund_id: UUID,
    states: list[ReceiptState] | None = None,
    donor_id: UUID | None = None,
    commitment_id: UUID | None = None,
    import_id: UUID | None = None,
) -> QuerySet[Receipt]:
    """This will return the receipts that fit all that is named. Errors: NotFound, Forbidden."""
    rows = funds.visible_receipts(actor, fund_id=fund_id)
    wanted = {
        "state__in": states,
        "donor_id": donor_id,
        "commitment_id": commitment_id,
        "bank_import_id": import_id,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


def with_letters(rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """This will read the letters of all receipts of a page at once, the newest of each first."""
    return rows.prefetch_related(Prefetch("letters", _letters()))


def newest_letter(receipt: Receipt) -> Letter | None:
    """This will return the last letter about a receipt, which stands or was made void."""
    if "letters" in getattr(receipt, "_prefetched_objects_cache", {}):
        return next(iter(receipt.letters.all()), None)
    return _letters().filter(receipt=receipt).first()


def _letters() -> QuerySet[Letter]:
    return Letter.objects.defer("content").order_by("-number")


def refunds_of(actor: Actor, *, receipt_id: UUID) -> QuerySet[Refund]:
    """This will return the refunds of a receipt. Errors: NotFound, Forbidden."""
    row = funds.visible_receipt(actor, receipt_id=receipt_id)
    return Refund.objects.filter(receipt=row).select_related("receipt")


def visible_refund(actor: Actor, *, refund_id: UUID) -> Refund:
    """This will return one refund with its receipt. Errors: NotFound, Forbidden."""
    row = Refund.objects.select_related("receipt").filter(id=refund_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def bank_fees(actor: Actor, *, fund_id: UUID) -> QuerySet[BankFee]:
    """This will return what the bank charged. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return BankFee.objects.filter(fund_id=fund_id).select_related("restriction")


def visible_bank_fee(actor: Actor, *, fee_id: UUID) -> BankFee:
    """This will return one charge of the bank. Errors: NotFound, Forbidden."""
    row = BankFee.objects.select_related("restriction").filter(id=fee_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def lacking(fund_id: UUID) -> dict[UUID, Lacking]:
    """This will return what each restriction lacks since gifts bounced; nothing where no money is missing."""
    rows = Balance.objects.filter(fund_id=fund_id, account__code__in=list(_FIELDS), balance_cents__gt=0)
    found: dict[UUID, dict[str, int]] = {}
    names: dict[UUID, str] = {}
    columns = ("account__restriction_id", "account__restriction__name", "account__code", "balance_cents")
    for key, name, code, cents in rows.values_list(*columns):
        names[key] = name
        found.setdefault(key, {})[_FIELDS[Code(code)]] = cents
    return {key: Lacking(names[key], **fields) for key, fields in found.items()}
