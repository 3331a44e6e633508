"""The addresses of the API; each one may end with a slash or not, and nothing is redirected."""

from uuid import UUID

from django.urls import URLPattern, path, re_path, register_converter

from requests_app.api import (
    awards,
    bank_fees,
    bank_imports,
    batches,
    commitments,
    decisions,
    donor_links,
    donors,
    draws,
    evidence,
    funds,
    jobs,
    ledger,
    letters,
    means,
    openapi,
    payouts,
    problem_pages,
    publications,
    receipts,
    receivables,
    releases,
    reminders,
    reports,
    requests,
    restrictions,
    rounds,
    scenarios,
    token,
)

PREFIXES = (
    "fund",
    "don",
    "com",
    "rct",
    "rfd",
    "fee",
    "imp",
    "req",
    "dec",
    "rnd",
    "awd",
    "pay",
    "bat",
    "rep",
    "job",
    "rst",
    "acc",
    "trf",
    "let",
    "prf",
    "fil",
    "rls",
    "lnk",
    "scn",
)


def public_id(prefix: str) -> type:
    """This will make the converter of one prefix: any other text in its place is simply not an address."""

    class PublicId:
        regex = f"{prefix}_[0-9a-f]{{32}}"

        def to_python(self, text: str) -> UUID:
            return UUID(hex=text.rpartition("_")[2])

        def to_url(self, key: UUID) -> str:
            return f"{prefix}_{key.hex}"

    return PublicId


for _prefix in PREFIXES:
    # The pages have converters of their own under the bare prefixes.
    register_converter(public_id(_prefix), f"{_prefix}_id")

DOORS = {
    "oauth/token": token.TokenDoor,
    "funds": funds.Funds,
    "funds/<fund_id:fund_id>": funds.OneFund,
    "funds/<fund_id:fund_id>/position": funds.FundPosition,
    "funds/<fund_id:fund_id>/means": means.FundMeans,
    "accounts": ledger.AllAccounts,
    "accounts/<acc_id:account_id>/statement": ledger.AccountStatement,
    "transfers": ledger.Transfers,
    "transfers/<trf_id:transfer_id>": ledger.OneTransfer,
    "restrictions": restrictions.Restrictions,
    "restrictions/<rst_id:restriction_id>": restrictions.OneRestriction,
    "restrictions/<rst_id:restriction_id>/releases": releases.Releases,
    "releases/<rls_id:release_id>": releases.OneRelease,
    "releases/<rls_id:release_id>/decision": releases.ReleaseDecision,
    "donors": donors.Donors,
    "donors/<don_id:donor_id>": donors.OneDonor,
    "donors/<don_id:donor_id>/view-links": donor_links.DonorLinks,
    "donors/<don_id:donor_id>/annual-letters": letters.DonorLetters,
    "letters": letters.Letters,
    "letters/<let_id:letter_id>": letters.OneLetter,
    "letters/<let_id:letter_id>/void": letters.LetterVoid,
    "letters/<let_id:letter_id>/reissue": letters.LetterReissue,
    "receipts/<rct_id:receipt_id>/letters": letters.ReceiptLetters,
    "commitments": commitments.Commitments,
    "commitments/<com_id:commitment_id>": commitments.OneCommitment,
    "commitments/<com_id:commitment_id>/cancellation": commitments.CommitmentCancellation,
    "commitments/<com_id:commitment_id>/countersignature": commitments.Countersignature,
    "commitments/<com_id:commitment_id>/schedule": commitments.CommitmentSchedule,
    "commitments/<com_id:commitment_id>/default": commitments.CommitmentDefault,
    "commitments/<com_id:commitment_id>/write-off": commitments.CommitmentWriteOff,
    "commitments/<com_id:commitment_id>/condition-proofs": commitments.ConditionProofs,
    "condition-proofs/<prf_id:proof_id>/decision": commitments.ConditionProofDecision,
    "commitments/<com_id:commitment_id>/reminders": reminders.CommitmentReminders,
    "commitments/<com_id:commitment_id>/evidence": evidence.CommitmentEvidence,
    "restrictions/<rst_id:restriction_id>/evidence": evidence.RestrictionEvidence,
    "evidence/<fil_id:file_id>": evidence.OneFile,
    "receivables": receivables.AgedReceivables,
    "commitments/<com_id:commitment_id>/receipts": receipts.CommitmentReceipts,
    "receipts": receipts.Receipts,
    "receipts/<rct_id:receipt_id>": receipts.OneReceipt,
    "receipts/<rct_id:receipt_id>/reconciliation": receipts.Reconciliation,
    "receipts/<rct_id:receipt_id>/match": receipts.Match,
    "receipts/<rct_id:receipt_id>/bounce": receipts.Bounce,
    "receipts/<rct_id:receipt_id>/refunds": receipts.Refunds,
    "refunds/<rfd_id:refund_id>": receipts.OneRefund,
    "refunds/<rfd_id:refund_id>/decision": receipts.RefundDecision,
    "bank-imports": bank_imports.BankImports,
    "bank-imports/<imp_id:import_id>": bank_imports.OneBankImport,
    "bank-imports/<imp_id:import_id>/reconciliation": bank_imports.ImportReconciliation,
    "bank-fees": bank_fees.BankFees,
    "bank-fees/<fee_id:fee_id>": bank_fees.OneBankFee,
    "requests": requests.Requests,
    "requests/<req_id:request_id>": requests.OneRequest,
    "requests/<req_id:request_id>/withdrawal": requests.Withdrawal,
    "requests/<req_id:request_id>/review": requests.Review,
    "requests/<req_id:request_id>/info-requests": requests.InfoRequests,
    "requests/<req_id:request_id>/decisions": decisions.Decisions,
    "decisions": decisions.DecisionInbox,
    "decisions/<dec_id:decision_id>/approval": decisions.DecisionApproval,
    "decisions/<dec_id:decision_id>/return": decisions.DecisionReturn,
    "rounds": rounds.Rounds,
    "rounds/preview": rounds.RoundPreview,
    "rounds/<rnd_id:round_id>": rounds.OneRound,
    "rounds/<rnd_id:round_id>/requests": rounds.RoundMembers,
    "rounds/<rnd_id:round_id>/rule": rounds.RoundRule,
    "rounds/<rnd_id:round_id>/publication": publications.RoundPublication,
    "rounds/<rnd_id:round_id>/draw": draws.RoundDraw,
    "rounds/<rnd_id:round_id>/secrets": draws.RoundSecrets,
    "rounds/<rnd_id:round_id>/secrets/revelation": draws.RoundRevelation,
    "rounds/<rnd_id:round_id>/proposal": rounds.RoundProposal,
    "rounds/<rnd_id:round_id>/approvals": rounds.RoundApprovals,
    "rounds/<rnd_id:round_id>/cancellation": rounds.RoundCancellation,
    "scenarios": scenarios.Scenarios,
    "scenarios/<scn_id:scenario_id>": scenarios.OneScenario,
    "scenarios/<scn_id:scenario_id>/removal": scenarios.ScenarioRemoval,
    "awards": awards.Awards,
    "awards/<awd_id:award_id>": awards.OneAward,
    "awards/<awd_id:award_id>/payee": awards.AwardPayee,
    "awards/<awd_id:award_id>/decline": awards.AwardDecline,
    "batches": batches.Batches,
    "batches/<bat_id:batch_id>": batches.OneBatch,
    "batches/<bat_id:batch_id>/release": batches.BatchRelease,
    "batches/<bat_id:batch_id>/cancellation": batches.BatchCancellation,
    "payouts": payouts.Payouts,
    "payouts/<pay_id:payout_id>": payouts.OnePayout,
    "payouts/<pay_id:payout_id>/settlement": payouts.Settlement,
    "payouts/<pay_id:payout_id>/return": payouts.Return,
    "reports": reports.Reports,
    "reports/<rep_id:report_id>": reports.OneReport,
    "jobs/<job_id:job_id>": jobs.OneJob,
    "problems": problem_pages.Problems,
    "problems/<slug:code>": problem_pages.OneProblem,
}

urlpatterns: list[URLPattern] = [
    *(path(route, door.as_view()) for route, door in DOORS.items()),
    *(path(f"{route}/", door.as_view()) for route, door in DOORS.items()),
    path("openapi.json", openapi.OpenApi.as_view(), name="openapi"),
    path("docs", openapi.Docs.as_view(), name="api_docs"),
    path("docs/", openapi.Docs.as_view()),
    re_path(r"\A.*\Z", problem_pages.NoSuchPlace.as_view()),
]
