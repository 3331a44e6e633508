"""Prove the books: every promise of the ledger checked again from the rows themselves."""

from dataclasses import dataclass

from django.db import connection

from fundmgr.domain.chart import DEBIT_NORMAL

_DEBIT_NORMAL = [code.value for code in DEBIT_NORMAL]


@dataclass(frozen=True)
class Finding:
    """One thing wrong in the books: which check, which row, in words."""

    check: str
    row_id: str
    sentence: str


CHECKS: dict[str, tuple[str, str]] = {
    "transfers_balance": (
        "transfer does not sum to zero inside restriction",
        """SELECT transfer_id::text FROM fundmgr_entry GROUP BY transfer_id, restriction_id
           HAVING SUM(amount_cents) <> 0 ORDER BY 1""",
    ),
    "transfers_have_entries": (
        "transfer has fewer than two entries",
        """SELECT t.id::text FROM fundmgr_transfer t LEFT JOIN fundmgr_entry e ON e.transfer_id = t.id
           GROUP BY t.id HAVING COUNT(e.id) < 2 ORDER BY 1""",
    ),
    "balances_equal_entries": (
        "balance differs from the sum of its entries",
        """SELECT b.account_id::text FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
           LEFT JOIN fundmgr_entry e ON e.account_id = a.id
           GROUP BY b.account_id, b.balance_cents, a.code
           HAVING b.balance_cents <> COALESCE(SUM(e.amount_cents), 0)
               * CASE WHEN a.code = ANY(%(debit)s) THEN 1 ELSE -1 END ORDER BY 1""",
    ),
    "floors": (
        "guarded balance is below zero",
        "SELECT account_id::text FROM fundmgr_balance WHERE is_guarded AND balance_cents < 0 ORDER BY 1",
    ),
    "sequence_has_no_gap": (
        "ledger sequence has a gap after this fund's transfer",
        """SELECT fund_id::text FROM fundmgr_transfer GROUP BY fund_id
           HAVING MAX(sequence) <> COUNT(*) OR MIN(sequence) <> 1 ORDER BY 1""",
    ),
    "holds_resolved_once": (
        "hold was resolved by more than one transfer",
        """SELECT resolves_id::text FROM fundmgr_transfer WHERE resolves_id IS NOT NULL
           GROUP BY resolves_id HAVING COUNT(*) > 1 ORDER BY 1""",
    ),
    "available_is_backed": (
        "what may be promised differs from the cash that backs it, in fund",
        """SELECT b.fund_id::text FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
           WHERE a.code LIKE '9%%' GROUP BY b.fund_id, a.restriction_id
           HAVING SUM(CASE WHEN a.code IN ('9000', '9120') THEN 1 ELSE -1 END * b.balance_cents) <> 0
           ORDER BY 1""",
    ),
}


def check_books() -> list[Finding]:
    """This will run every check over all funds and return the first bad row of each that fails."""
    findings = []
    with connection.cursor() as cursor:
        for check, (sentence, sql) in CHECKS.items():
            cursor.execute(f"{sql} LIMIT 1", {"debit": _DEBIT_NORMAL})
            found = cursor.fetchone()
            if found:
                findings.append(Finding(check, found[0], f"{sentence} {found[0]}"))
    return findings
