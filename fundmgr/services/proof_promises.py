"""Prove what donors promised and paid: each figure that is kept on a row, computed again from the entries.

A receipt's money stands in the income, the receivable or the advance of its own transfers, a refund's in the
account it came out of, and a promise's in the transfers of itself, its receipts and their refunds.
"""

from fundmgr.domain.chart import Code

# What came in on a promise or as a gift, whether it was owed, early, given freely, or given up since.
INCOME = (
    Code.PLEDGES_RECEIVABLE,
    Code.REFUNDABLE_ADVANCE,
    Code.CONTRIBUTIONS,
    Code.PLEDGES_WRITTEN_OFF,
)

CHECKS: dict[str, tuple[str, str]] = {
    "receipts_equal_ledger": (
        "receipt differs from what its transfers booked, or its transfers are not there, in receipt",
        """WITH booked AS (
               SELECT cause.id, -SUM(e.amount_cents)
                   FILTER (WHERE a.code = ANY(%(income)s) OR a.code = '2050') AS cents
               FROM fundmgr_receipt cause
               JOIN fundmgr_transfer t ON t.cause_id = cause.id AND t.fund_id = cause.fund_id
               JOIN fundmgr_entry e ON e.transfer_id = t.id JOIN fundmgr_account a ON a.id = e.account_id
               GROUP BY cause.id
           )
           SELECT r.id::text FROM fundmgr_receipt r LEFT JOIN booked ON booked.id = r.id
           WHERE COALESCE(booked.cents, 0) <> CASE r.state WHEN 'RECEIVED' THEN 0
               WHEN 'REVERSED' THEN r.refunded_cents ELSE r.amount_cents END ORDER BY 1""",
    ),
    "refunds_equal_ledger": (
        "what went back to a donor differs from its refunds, or from what they booked, in receipt",
        """WITH booked AS (
               SELECT cause.id, SUM(e.amount_cents) AS cents FROM fundmgr_refund cause
               JOIN fundmgr_transfer t ON t.cause_id = cause.id AND t.fund_id = cause.fund_id
               JOIN fundmgr_entry e ON e.transfer_id = t.id JOIN fundmgr_account a ON a.id = e.account_id
               WHERE a.code IN ('2050', '2100', '4000', '4100') GROUP BY cause.id
           ), made AS (
               SELECT f.receipt_id, SUM(f.amount_cents) FILTER (WHERE f.state = 'MADE') AS cents,
                   BOOL_OR(COALESCE(booked.cents, 0)
                       <> CASE f.state WHEN 'MADE' THEN f.amount_cents ELSE 0 END) AS is_wrong
               FROM fundmgr_refund f LEFT JOIN booked ON booked.id = f.id GROUP BY f.receipt_id
           )
           SELECT r.id::text FROM fundmgr_receipt r LEFT JOIN made ON made.receipt_id = r.id
           WHERE made.is_wrong OR r.refunded_cents <> COALESCE(made.cents, 0) ORDER BY 1""",
    ),
    "commitments_equal_ledger": (
        "what is owed, came in or came early differs from the receipts and the ledger, in commitment",
        """WITH cause AS (
               SELECT id, fund_id, id AS commitment_id, 'commitment' AS kind FROM fundmgr_commitment
               UNION ALL SELECT id, fund_id, commitment_id, 'receipt' FROM fundmgr_receipt
               WHERE commitment_id IS NOT NULL
               UNION ALL SELECT f.id, f.fund_id, r.commitment_id, 'refund' FROM fundmgr_refund f
               JOIN fundmgr_receipt r ON r.id = f.receipt_id WHERE r.commitment_id IS NOT NULL
           ), booked AS (
               SELECT cause.commitment_id,
                   -SUM(e.amount_cents) FILTER (WHERE (cause.kind = 'receipt' AND a.code = ANY(%(income)s))
                       OR (cause.kind = 'refund' AND a.code = '2100')) AS received,
                   SUM(e.amount_cents) FILTER (WHERE a.code = '1100') AS owed,
                   -SUM(e.amount_cents) FILTER (WHERE a.code = '2100') AS early
               FROM cause
               JOIN fundmgr_transfer t ON t.cause_id = cause.id AND t.fund_id = cause.fund_id
               JOIN fundmgr_entry e ON e.transfer_id = t.id JOIN fundmgr_account a ON a.id = e.account_id
               GROUP BY cause.commitment_id
           ), kept AS (
               SELECT *, CASE WHEN is_conditional THEN met_cents ELSE amount_cents END AS due,
                   state IN ('DRAFT', 'CANCELLED') AS owes_nothing
               FROM fundmgr_commitment
           )
           SELECT c.id::text FROM kept c LEFT JOIN booked ON booked.commitment_id = c.id
           WHERE c.received_cents <> COALESCE(booked.received, 0)
               OR GREATEST(0, c.received_cents - c.due) <> COALESCE(booked.early, 0)
               OR CASE WHEN c.owes_nothing THEN 0
                   ELSE GREATEST(0, c.due - c.received_cents - c.written_off_cents) END
                   <> COALESCE(booked.owed, 0) ORDER BY 1""",
    ),
    "conditions_have_their_evidence": (
        "condition is proved by a file that is not kept with its commitment, in proof",
        """SELECT p.id::text FROM fundmgr_conditionproof p JOIN fundmgr_commitment c ON c.id = p.commitment_id
           LEFT JOIN fundmgr_storedfile f ON f.id = p.evidence_id
           WHERE p.evidence_id IS NOT NULL AND (f.id IS NULL OR f.fund_id <> c.fund_id
               OR f.subject_type <> 'COMMITMENT' OR f.subject_id <> c.id) ORDER BY 1""",
    ),
    "schedules_add_up": (
        "dates and parts do not add up to what was promised, or do not end on the last day, in commitment",
        """SELECT c.id::text FROM fundmgr_commitment c JOIN fundmgr_instalment i ON i.commitment_id = c.id
           GROUP BY c.id, i.schedule
           HAVING (i.schedule = 1 AND SUM(i.amount_cents) <> c.amount_cents)
               OR SUM(i.amount_cents) > c.amount_cents OR i.schedule > c.schedule
               OR MAX(i.number) <> COUNT(*) OR MIN(i.number) <> 1
               OR (i.schedule = c.schedule AND MAX(i.due_on) IS DISTINCT FROM c.due_on) ORDER BY 1""",
    ),
    "money_in_has_its_row": (
        "money came in or went back for a receipt, refund or commitment that is not there, in transfer",
        """SELECT t.id::text FROM fundmgr_transfer t
           WHERE t.move IN ('RECEIPT', 'SUSPENSE', 'SUSPENSE_MATCHED', 'BOUNCE', 'REFUND', 'PLEDGE',
               'PLEDGE_CANCELLED', 'WRITE_OFF', 'CONDITION_MET', 'CONDITION_UNMET')
               AND NOT EXISTS (SELECT 1 FROM fundmgr_receipt r WHERE r.id = t.cause_id)
               AND NOT EXISTS (SELECT 1 FROM fundmgr_refund f WHERE f.id = t.cause_id)
               AND NOT EXISTS (SELECT 1 FROM fundmgr_commitment c WHERE c.id = t.cause_id) ORDER BY 1""",
    ),
    "receipts_follow_their_promise": (
        "receipt has another donor or restriction than its promise, or is tied without a donor, or its state"
        " does not fit its donor, in receipt",
        """SELECT r.id::text FROM fundmgr_receipt r JOIN fundmgr_restriction t ON t.id = r.restriction_id
           LEFT JOIN fundmgr_commitment c ON c.id = r.commitment_id
           WHERE (c.id IS NOT NULL AND (r.donor_id, r.restriction_id, r.fund_id)
                   IS DISTINCT FROM (c.donor_id, c.restriction_id, c.fund_id))
               OR (r.donor_id IS NULL AND (NOT t.is_general OR r.state = 'RECONCILED'))
               OR (r.donor_id IS NOT NULL AND r.state = 'UNMATCHED')
               OR (r.state <> 'REVERSED' AND (r.state = 'REFUNDED') <> (r.refunded_cents = r.amount_cents))
           ORDER BY 1""",
    ),
    "conditions_equal_what_met_them": (
        "what is met of a condition differs from the gifts that it matches, or its proofs, in commitment",
        """WITH given AS (
               SELECT c.id, SUM(r.amount_cents - r.refunded_cents) AS cents
               FROM fundmgr_commitment c JOIN fundmgr_receipt r ON r.fund_id = c.fund_id
               WHERE c.match_percent IS NOT NULL AND r.state = 'RECONCILED' AND r.commitment_id IS NULL
                   AND r.received_on >= c.pledged_on AND r.donor_id <> c.donor_id
               GROUP BY c.id
           ), proved AS (
               SELECT commitment_id AS id, SUM(amount_cents) AS cents FROM fundmgr_conditionproof
               WHERE state = 'MADE' GROUP BY commitment_id
           )
           SELECT c.id::text FROM fundmgr_commitment c
           LEFT JOIN given ON given.id = c.id LEFT JOIN proved ON proved.id = c.id
           WHERE (c.is_conditional AND c.match_percent IS NULL AND c.met_cents <> COALESCE(proved.cents, 0))
               OR (c.match_percent IS NOT NULL AND c.state = ANY(%(live)s) AND c.met_cents
                   <> LEAST(c.amount_cents, COALESCE(given.cents, 0)::bigint * c.match_percent / 100))
           ORDER BY 1""",
    ),
}
