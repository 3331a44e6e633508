"""What a program may be allowed to do: the scopes of its tokens, each with its caption."""

SCOPES: dict[str, str] = {
    "funds:read": "Read the fund and its position",
    "requests:read": "Read requests",
    "requests:write": "File, change and withdraw requests",
    "messages:write": "Write messages about requests",
    "decisions:write": "Propose and decide eligibility",
    "commitments:read": "Read donors, commitments and receipts",
    "commitments:write": "Record donors, commitments and receipts",
    "rounds:read": "Read allocation rounds",
    "rounds:write": "Draft and propose rounds",
    "rounds:approve": "Approve rounds",
    "payouts:read": "Read payouts and batches",
    "payouts:write": "Build batches, settle and return payouts",
    "reports:read": "Read reports and jobs",
    "reports:write": "Ask for reports",
    "pii:read": "Read names and contacts",
}
