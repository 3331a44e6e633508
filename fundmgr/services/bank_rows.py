"""A bank's file against the books: what of it is new, known, left out or wrong, and whose it is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from fundmgr.domain import bank_csv, bank_text, errors, ids, money
from fundmgr.domain.bank_csv import BankRow, ColumnMapping, Outcome
from fundmgr.domain.bank_text import BankText, NotReadable
from fundmgr.domain.days import Window
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.models import Commitment
from fundmgr.queries import bank_imports as found
from fundmgr.queries import funds
from fundmgr.services import receiving

_COMMITMENT = re.compile(r"com_[0-9a-f]{32}")


@dataclass(frozen=True)
class Read:
    """A file that was read: how it is written, which column means what, what each row comes to."""

    file: BankText
    mapping: ColumnMapping
    rows: tuple[BankRow, ...]

    @property
    def counts(self) -> Counter[Outcome]:
        """This will count the rows by what they come to."""
        return Counter(row.outcome for row in self.rows)

    def of(self, outcome: Outcome) -> list[BankRow]:
        """This will return the rows that come to this."""
        return [row for row in self.rows if row.outcome is outcome]

    @property
    def new_cents(self) -> int:
        """This will return how much money is new."""
        return sum(row.amount_cents for row in self.of(Outcome.NEW))


def opened(content: bytes) -> BankText:
    """This will find out how a file is written. Errors: InvalidInput for one that cannot be read."""
    try:
        return bank_text.read(content)
    except NotReadable as error:
        raise _unreadable(error) from None


def read(fund_id: UUID, content: bytes, mapping: ColumnMapping | None, *, days: Window) -> Read:
    """This will read a file and compare it with what was recorded.

    Shapes: without a mapping, that of the fund's last import where it fits, else one guessed from the names.
    Errors: InvalidInput for a file or a mapping that cannot be used.
    """
    file = opened(content)
    chosen = bank_csv.with_currency(mapping or mapping_for(fund_id, file), file)
    problems = bank_csv.problems_of(chosen, file)
    if problems:
        raise errors.InvalidInput(problems=problems)
    # Both go through the rows, and only there shows one that cannot be read.
    try:
        date_format = bank_csv.date_format_of(chosen, file)
        if isinstance(date_format, Problem):
            raise errors.InvalidInput(problems=[date_format])
        currency = funds.currency_of(fund_id)
        rows = list(bank_csv.parse(file, chosen, date_format, days=days, currency=currency))
    except NotReadable as error:
        raise _unreadable(error) from None
    chosen = replace(chosen, date_format=date_format.value)
    return Read(file, chosen, tuple(_compared(fund_id, rows)))


def mapping_for(fund_id: UUID, file: BankText) -> ColumnMapping:
    """This will return the last import's mapping where it fits the file, else a guess."""
    last = found.last_mapping(fund_id)
    if last is not None and not bank_csv.problems_of(last, file):
        return replace(last, date_format="")
    return bank_csv.guessed(file.columns)


def owners(fund_id: UUID, rows: Sequence[BankRow]) -> dict[int, Commitment]:
    """This will return the commitment of each row, by its number, whose text names one without doubt.

    The commitments are locked. A row that is more than its commitment still owes is nobody's yet.
    """
    named = {row.number: _named(row) for row in rows}
    wanted = {key for key in named.values() if key is not None}
    if not wanted:
        return {}
    locked = Commitment.objects.select_for_update(of=("self",)).filter(fund_id=fund_id, id__in=wanted)
    commitments = {row.id: row for row in locked.order_by("id")}
    room = _room(commitments.values())
    owned: dict[int, Commitment] = {}
    for row in rows:
        commitment = commitments.get(named[row.number] or fund_id)
        if commitment is not None and _fits(row, commitment, room[commitment.id]):
            owned[row.number] = commitment
            room[commitment.id] -= row.amount_cents
    return owned


def _compared(fund_id: UUID, rows: Iterable[BankRow]) -> list[BankRow]:
    every = list(rows)
    known = found.known(fund_id, [row.reference for row in every if row.outcome is Outcome.NEW])
    return [_known(row, known[row.reference]) if row.reference in known else row for row in every]


def _known(row: BankRow, recorded: tuple[int, date]) -> BankRow:
    cents, _ = recorded
    if cents == row.amount_cents:
        return replace(row, outcome=Outcome.KNOWN)
    sentence = f"This reference was recorded before with another amount, {money.dollars(cents)}."
    return replace(row, outcome=Outcome.ERROR, problem=sentence)


def _named(row: BankRow) -> UUID | None:
    keys = set(_COMMITMENT.findall(f"{row.reference} {row.text}".lower()))
    return ids.parse_public("com", keys.pop()) if len(keys) == 1 else None


def _room(commitments: Iterable[Commitment]) -> defaultdict[UUID, int]:
    room: defaultdict[UUID, int] = defaultdict(int)
    for row in commitments:
        waiting = sum(receipt.amount_cents for receipt in row.receipts.filter(state=ReceiptState.RECEIVED))
        room[row.id] = row.amount_cents - row.written_off_cents - row.received_cents - waiting
    return room


def _fits(row: BankRow, commitment: Commitment, room_cents: int) -> bool:
    is_after = row.received_on is not None and row.received_on >= commitment.pledged_on
    return commitment.state not in receiving.NOT_OPEN and is_after and row.amount_cents <= room_cents


def _unreadable(error: NotReadable) -> errors.InvalidInput:
    return errors.InvalidInput(problems=[Problem("content", "unreadable", str(error))])
