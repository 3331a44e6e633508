"""Awards in the worker's hands: say where the money goes, or decline it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from stdnum.us import rtn

from fundmgr.domain import errors, ids, postings, text
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import AwardState, PayoutState, RequestState
from fundmgr.models.encrypted import lookup_hash
from fundmgr.ports import events, ledger, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries import funds
from fundmgr.services.use_case import use_case
from requests_app.models import Award, PayeeAccount, PayMethod, Payout
from requests_app.queries import part_paid, people
from requests_app.queries.payouts import newest_payee
from requests_app.services import batches, cases

# So long a contact that was left hears of new payment details.
FORMER_CONTACT_DAYS = 30
_NAME_MOST, _ADDRESS_MOST = 120, 400
_ROUTING_DIGITS, _ACCOUNT_LEAST, _ACCOUNT_MOST = 9, 4, 17


@dataclass(frozen=True)
class Details:
    """Payment details as they are kept: cleaned, with nothing that the method does not need."""

    method: PayMethod
    name_on_account: str = ""
    routing_number: str = ""
    account_number: str = ""
    address: str = ""


@use_case
def choose_payee(
    *,
    award_id: UUID,
    method: str,
    by: Actor,
    now: datetime,
    name_on_account: str = "",
    routing_number: str = "",
    account_number: str = "",
    address: str = "",
    once: Once | None = None,
) -> PayeeAccount:
    """This will keep where a worker wants the money; the first choice accepts the award.

    The first details are usable at once; changed ones wait, as do first ones of a worker whose contact was
    changed just before. Then the old contact is told, and a payout that waits in a batch leaves it. The same
    details again change nothing.
    Errors: NotFound for anyone but the worker and the one who filed for the worker, WrongState for an
    award that is paid or given up or whose payment has left, InvalidInput (fields `method`,
    `name_on_account`, `routing_number`, `account_number`, `address`).
    """
    details = checked(
        method=method,
        name_on_account=name_on_account,
        routing_number=routing_number,
        account_number=account_number,
        address=address,
    )
    award = _locked(award_id, by=by)
    _refuse_closed(award)
    before = newest_payee(award.request.applicant_id)
    payee = _kept(award, details, before, by=by, now=now)
    happenings = [] if payee is before or before is None else _take_out_of_batches(award)
    if award.state == AwardState.RESERVED:
        _accept(award, by=by, now=now)
        happenings.append(_happening("award.accepted", award, amount_cents=award.amount_cents))
    if payee is not before:
        happenings.append(_chosen(award, payee))
    events.record_many(happenings, fund_id=award.fund_id, by=by, now=now)
    return payee


@use_case
def decline(*, award_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Award:
    """This will give an award up: its money is available again, and the request is closed but for one that
    keeps another award.

    Errors: NotFound for anyone but the worker and the one who filed for the worker; WrongState once the
    payment has left.
    """
    award = _locked(award_id, by=by)
    if award.payouts.filter(state__in=[PayoutState.RELEASED, PayoutState.SETTLED]).exists():
        raise errors.WrongState("The payment has left already.")
    was = AwardState(award.state)
    if not part_paid.stands_beside([award.id]):
        cases.move_requests([award.request], RequestState.CLOSED, by=by, now=now, reason="AWARD_DECLINED")
    moves.move(award, AwardState.DECLINED, version=award.version + 1)
    happenings = batches.take_out(award.payouts.all())
    _give_up(award, was=was, by=by, now=now)
    happenings.append(_happening("award.declined", award, amount_cents=award.amount_cents))
    events.record_many(happenings, fund_id=award.fund_id, by=by, now=now)
    return award


def checked(
    *, method: str, name_on_account: str, routing_number: str, account_number: str, address: str
) -> Details:
    """This will clean payment details and keep what the method needs.

    Errors: InvalidInput naming each field that is wrong.
    """
    if method not in PayMethod.values or method not in settings.PAY_WAYS:
        ways = ", ".join(way for way in PayMethod.values if way in settings.PAY_WAYS)
        sentence = f"This fund pays by one of {ways}."
        raise errors.InvalidInput(problems=[Problem("method", "unknown_method", sentence)])
    problems: list[Problem] = []
    if method == PayMethod.PICK_UP:
        return Details(PayMethod.PICK_UP)
    name = _line(name_on_account, "name_on_account", _NAME_MOST, problems)
    if method in {PayMethod.CARD, PayMethod.CHECK}:
        place = _block(address, "address", _ADDRESS_MOST, problems)
        details = Details(PayMethod(method), name_on_account=name, address=place)
    else:
        routing, account = _digits(routing_number), _digits(account_number)
        problems += _bank_problems(routing, account)
        details = Details(PayMethod.BANK, name, routing, account)
    if problems:
        raise errors.InvalidInput(problems=problems)
    return details


def _bank_problems(routing: str, account: str) -> list[Problem]:
    problems = []
    if not (routing.isascii() and routing.isdigit() and len(routing) == _ROUTING_DIGITS):
        sentence = "Enter a routing number with nine digits."
        problems.append(Problem("routing_number", "not_nine_digits", sentence))
    elif not rtn.is_valid(routing):
        sentence = "Check the routing number. It does not match a US bank."
        problems.append(Problem("routing_number", "invalid_routing_number", sentence))
    is_number = account.isascii() and account.isdigit()
    if not (is_number and _ACCOUNT_LEAST <= len(account) <= _ACCOUNT_MOST):
        sentence = f"The account number has {_ACCOUNT_LEAST} to {_ACCOUNT_MOST} digits."
        problems.append(Problem("account_number", "invalid_account_number", sentence))
    return problems


def _digits(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _line(words: str, field: str, most: int, problems: list[Problem]) -> str:
    return " ".join(_block(words, field, most, problems).split())


def _block(words: str, field: str, most: int, problems: list[Problem]) -> str:
    try:
        cleaned = text.clean_block(words, most=most)
    except text.NotText as error:
        problems.append(Problem(field, "invalid_text", str(error)))
        return ""
    is_nameless = field == "name_on_account" and not text.has_letter(cleaned)
    if not cleaned or is_nameless:
        sentence = "Write the name on the account." if field == "name_on_account" else "Write the address."
        problems.append(Problem(field, "missing", sentence))
    return cleaned


def _locked(award_id: UUID, *, by: Actor) -> Award:
    """Lock the request, then its award: the order that every use case keeps."""
    request_id = Award.objects.filter(id=award_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise errors.NotFound
    request = cases.lock_own(request_id, by=by)
    award = Award.objects.select_for_update(no_key=True).get(id=award_id)
    award.request = request
    return award


def _refuse_closed(award: Award) -> None:
    """Refuse details for an award that is paid or given up, or whose payment has left."""
    if award.state not in {AwardState.RESERVED, AwardState.COMMITTED}:
        raise errors.WrongState("This award is paid or given up: its payment details are closed.")
    if award.payouts.filter(state=PayoutState.RELEASED).exists():
        raise errors.WrongState("This payment already left: it goes where it was sent, or comes back.")


def _kept(
    award: Award, details: Details, before: PayeeAccount | None, *, by: Actor, now: datetime
) -> PayeeAccount:
    """Return the payment details that count, a new row where they differ from the ones before."""
    if before is not None and _details_of(before) == details:
        return before
    hold = timedelta(hours=settings.PAYEE_CHANGE_HOLD_HOURS)
    # A thief who took the contact a moment ago would choose the first details.
    is_fresh = people.contact_changes(award.request.applicant_id, since=now - hold)
    wait = hold if before or is_fresh else timedelta(0)
    number = f"{details.routing_number}:{details.account_number}"
    payee = PayeeAccount.objects.create(
        id=ids.new_id(now),
        fund_id=award.fund_id,
        created_at=now,
        applicant_id=award.request.applicant_id,
        method=details.method,
        name_on_account=details.name_on_account or None,
        routing_number=details.routing_number or None,
        account_number=details.account_number or None,
        account_hash=lookup_hash("account", number) if details.account_number else "",
        last4=details.account_number[-4:],
        address=details.address or None,
        changed_by=by.key,
        usable_at=now + wait,
    )
    if wait:
        _tell(award, payee, now=now)
    return payee


def _take_out_of_batches(award: Award) -> list[Happening]:
    # New details count for every award of the worker.
    return batches.take_out(Payout.objects.filter(award__request__applicant_id=award.request.applicant_id))


def _details_of(payee: PayeeAccount) -> Details:
    return Details(
        PayMethod(payee.method),
        payee.name_on_account or "",
        payee.routing_number or "",
        payee.account_number or "",
        payee.address or "",
    )


def _tell(award: Award, payee: PayeeAccount, *, now: datetime) -> None:
    """Whoever took a worker's contact first and their money next must not be the only one who hears of it."""
    told = {"kind": "payee_changed", "request_id": str(award.request_id), "payee_id": str(payee.id)}
    effects = [Effect("notice", f"payee_changed:{payee.id}", told)]
    since = now - timedelta(days=FORMER_CONTACT_DAYS)
    for change_id in people.contact_changes(payee.applicant_id, since=since):
        former = {**told, "contact_change_id": str(change_id)}
        effects.append(Effect("notice", f"payee_changed:{payee.id}:{change_id}", former))
    outbox.owe_many(effects, fund_id=award.fund_id, now=now)


def _accept(award: Award, *, by: Actor, now: datetime) -> None:
    """Turn a reserved award into an obligation."""
    moves.move(award, AwardState.COMMITTED, version=award.version + 1)
    ledger.post_hold(_hold_id(award), fund_id=award.fund_id, by=by, now=now)


def _give_up(award: Award, *, was: AwardState, by: Actor, now: datetime) -> None:
    """Give back what the award held, or undo what it was owed."""
    if was is AwardState.RESERVED:
        ledger.void_hold(_hold_id(award), fund_id=award.fund_id, by=by, now=now)
        return
    shares = batches.shares_of(award)
    standings = ledger.standings([key for key, _cents in shares], fund_id=award.fund_id)
    posting = postings.award_rescinded(
        award_id=award.id,
        shares=shares,
        returned=award.payouts.filter(state=PayoutState.RETURNED).exists(),
        restricted=funds.restricted_ids(award.fund_id),
        uncovered_cents={key: standing.uncovered_cents for key, standing in standings.items()},
    )
    ledger.post(posting, fund_id=award.fund_id, by=by, now=now)


def _hold_id(award: Award) -> UUID:
    if award.hold_transfer_id is None:
        raise errors.WrongState("No money is held for this award.")
    return award.hold_transfer_id


def _chosen(award: Award, payee: PayeeAccount) -> Happening:
    facts = {"payee": payee.id, "usable_at": payee.usable_at, "method": payee.method}
    return _happening("payee.chosen", award, **facts)


def _happening(verb: str, award: Award, **facts: object) -> Happening:
    return Happening(verb, "award", award.id, {"request": award.request_id, **facts})
