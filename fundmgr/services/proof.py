"""Prove the books: every promise of the ledger checked again from the rows themselves."""

from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql

from fundmgr.domain import errors
from fundmgr.domain.chart import DEBIT_NORMAL, GUARDED, Code
from fundmgr.models import Fund, PolicyVersion, StoredFile
from fundmgr.ports import files
from fundmgr.services import matching, proof_facts, proof_promises
from fundmgr.services.findings import Finding

_DEBIT_NORMAL = [code.value for code in DEBIT_NORMAL]
_GUARDED = [code.value for code in GUARDED]
_CODES = {
    "debit": _DEBIT_NORMAL,
    "guarded": _GUARDED,
    "codes": [code.value for code in Code],
    "live": [state.value for state in matching.LIVE],
    "income": [code.value for code in proof_promises.INCOME],
}


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
        """SELECT a.id::text FROM fundmgr_account a LEFT JOIN fundmgr_balance b ON b.account_id = a.id
           LEFT JOIN fundmgr_entry e ON e.account_id = a.id
           GROUP BY a.id, b.balance_cents, a.code
           HAVING b.balance_cents IS DISTINCT FROM COALESCE(SUM(e.amount_cents), 0)::bigint
               * CASE WHEN a.code = ANY(%(debit)s) THEN 1 ELSE -1 END ORDER BY 1""",
    ),
    "floors": (
        "balance is below its floor, has lost it, or stands in another fund",
        """SELECT b.account_id::text FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
           WHERE b.is_guarded <> (a.code = ANY(%(guarded)s)) OR b.fund_id <> a.fund_id
               OR (a.code = ANY(%(guarded)s) AND b.balance_cents < 0) ORDER BY 1""",
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
    "charts_are_whole": (
        "chart of accounts lacks an account, or has one too many, for restriction",
        """SELECT COALESCE(r.id, a.restriction_id)::text
           FROM fundmgr_restriction r FULL JOIN fundmgr_account a
               ON a.restriction_id = r.id AND a.fund_id = r.fund_id
           GROUP BY r.id, a.restriction_id
           HAVING r.id IS NULL OR COUNT(DISTINCT a.code) <> cardinality(%(codes)s::text[]) ORDER BY 1""",
    ),
    "holds_are_holds": (
        "transfer resolves something that is no hold, or reverses another fund's transfer",
        """SELECT t.id::text FROM fundmgr_transfer t
           LEFT JOIN fundmgr_transfer h ON h.id = t.resolves_id
           LEFT JOIN fundmgr_transfer r ON r.id = t.reverses_id
           WHERE (t.resolves_id IS NOT NULL AND (h.id IS NULL OR h.move <> 'HOLD' OR h.fund_id <> t.fund_id))
               OR (t.reverses_id IS NOT NULL AND (r.id IS NULL OR r.fund_id <> t.fund_id)) ORDER BY 1""",
    ),
    "entries_stand_in_their_account": (
        "entry stands in another fund or restriction than its account, or than its transfer",
        """SELECT e.id::text FROM fundmgr_entry e LEFT JOIN fundmgr_account a ON a.id = e.account_id
           LEFT JOIN fundmgr_transfer t ON t.id = e.transfer_id
           WHERE a.restriction_id IS DISTINCT FROM e.restriction_id OR a.fund_id IS DISTINCT FROM e.fund_id
               OR t.fund_id IS DISTINCT FROM e.fund_id ORDER BY 1""",
    ),
    "restricted_money_leaves_by_right": (
        "restricted money left by no award, letter or order, in transfer",
        """SELECT t.id::text FROM fundmgr_transfer t JOIN fundmgr_entry e ON e.transfer_id = t.id
           JOIN fundmgr_account a ON a.id = e.account_id
           WHERE a.code = '3100' AND e.amount_cents > 0 AND NOT (t.move = 'REVERSAL'
               OR (t.move = 'AWARD' AND t.resolves_id IS NOT NULL) OR t.move = 'RESTRICTION_RELEASE')
           ORDER BY 1""",
    ),
    "releases_are_decided": (
        "release and its transfer do not belong together, or one person made both steps of it, release",
        """SELECT COALESCE(r.id, t.cause_id)::text FROM fundmgr_restrictionrelease r
           FULL JOIN (
               SELECT t.cause_id, t.fund_id, e.restriction_id, SUM(e.amount_cents) AS cents
               FROM fundmgr_transfer t JOIN fundmgr_entry e ON e.transfer_id = t.id
               JOIN fundmgr_account a ON a.id = e.account_id
               WHERE t.move = 'RESTRICTION_RELEASE' AND a.code = '3100'
               GROUP BY t.id, e.restriction_id
           ) t ON t.cause_id = r.id AND t.fund_id = r.fund_id AND t.restriction_id = r.restriction_id
           WHERE (t.cause_id IS NOT NULL) <> (r.state IS NOT DISTINCT FROM 'MADE')
               OR t.cents <> r.amount_cents OR r.proposed_by_id = r.decided_by_id ORDER BY 1""",
    ),
    "reserve_uses_are_decided": (
        "use of the reserve and its transfer do not belong together, or one person made both steps, use",
        """SELECT COALESCE(r.id, t.cause_id)::text FROM fundmgr_reserveuse r
           FULL JOIN (
               SELECT t.cause_id, t.fund_id, e.restriction_id, SUM(e.amount_cents) AS cents
               FROM fundmgr_transfer t JOIN fundmgr_entry e ON e.transfer_id = t.id
               JOIN fundmgr_account a ON a.id = e.account_id
               WHERE t.move = 'RESERVE_USE' AND a.code = '9110'
               GROUP BY t.id, e.restriction_id
           ) t ON t.cause_id = r.id AND t.fund_id = r.fund_id AND t.restriction_id = r.restriction_id
           WHERE (t.cause_id IS NOT NULL) <> (r.state IS NOT DISTINCT FROM 'MADE')
               OR t.cents <> r.amount_cents OR r.proposed_by_id = r.decided_by_id ORDER BY 1""",
    ),
    "available_is_backed": (
        "what may be promised differs from the cash that backs it, in fund",
        """SELECT b.fund_id::text FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
           WHERE a.code LIKE '9%%' GROUP BY b.fund_id, a.restriction_id
           HAVING SUM(CASE WHEN a.code IN ('9000', '9120') THEN 1 ELSE -1 END * b.balance_cents) <> 0
           ORDER BY 1""",
    ),
}


def checks() -> dict[str, tuple[str, str]]:
    """This will return each check by its name: what is wrong where it finds a row, and its SQL."""
    return {
        **CHECKS,
        **proof_promises.CHECKS,
        "funds_are_there": ("row names a fund that is not there", _astray(Fund)),
        "policies_are_there": ("row names a policy version that is not there", _astray(PolicyVersion)),
    }


def _astray(target: type[Model]) -> str:
    """The rows of any table that name a missing row of this one, where the database keeps no constraint."""
    named = [
        sql.SQL("SELECT id::text, {} AS named FROM {}").format(
            sql.Identifier(field.column), sql.Identifier(model._meta.db_table)
        )
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model is target and not getattr(field, "db_constraint", True)
    ]
    query = sql.SQL(
        "SELECT id FROM ({}) rows WHERE named IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM {} there WHERE there.id = rows.named) ORDER BY 1"
    )
    return query.format(sql.SQL(" UNION ALL ").join(named), sql.Identifier(target._meta.db_table)).as_string()


def check_books() -> list[Finding]:
    """This will run every check over all funds and return the first bad row of each that fails.

    Source: the rows themselves, held against each other, and against the trail for what only it tells.
    """
    findings = []
    with connection.cursor() as cursor:
        for check, (sentence, query) in checks().items():
            cursor.execute(f"{query} LIMIT 1", _CODES)
            found = cursor.fetchone()
            if found:
                findings.append(Finding(check, found[0], f"{sentence} {found[0]}"))
    return [*findings, *proof_facts.check_facts()]


def check_files(folder: Path | None = None) -> list[Finding]:
    """This will read every kept file and return those whose bytes are gone or differ from what was sent.

    `folder` is said where the files do not lie in the store.
    """
    findings = []
    for row in StoredFile.objects.order_by("id").iterator():
        try:
            files.read(row.place, sha256=row.sha256, folder=folder)
        except errors.FileDamaged:
            sentence = f"the disk no longer holds what was kept as file {row.id}"
            findings.append(Finding("files_are_whole", str(row.id), sentence))
    return findings
