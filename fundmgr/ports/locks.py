"""The locks that several ports share, in the one order that every use case keeps.

Round, request, award, payout; then the fund's books, and balance rows behind them; then the audit lock. So
a use case changes its own rows first, posts to the ledger once, and records its events last.
"""

import hashlib

from django.db import connection, transaction

# Any fixed number: it stands for "the end of the audit chain and the ledger's sequence".
AUDIT_LOCK = 0x66756E64
_SETUP_LOCK = 0x66756E65


class NoTransaction(RuntimeError):
    """A port was called where no transaction is open: what it writes would stand alone."""


def assert_transaction() -> None:
    """This will refuse to go on outside a transaction. Errors: NoTransaction."""
    if not transaction.get_connection().in_atomic_block:
        raise NoTransaction


def take_audit_lock() -> None:
    """This will hold the end of the chain until the transaction ends; taken again at no cost."""
    assert_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [AUDIT_LOCK])


def take_setup_lock() -> None:
    """This will let one first visit through at a time, until its transaction ends."""
    assert_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SETUP_LOCK])


def take_named_lock(name: str) -> None:
    """This will let one holder of a name through at a time, until its transaction ends."""
    assert_transaction()
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
