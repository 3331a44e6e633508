"""The chart of accounts: each account exists once per fund and restriction.

Beside the accounts of the books (1000 to 5999) stand memo accounts (9000 to 9999), which say what may be
promised. At every commit, inside each restriction:

    CONTROL - DEFICIT + UNCOVERED = AVAILABLE + RESERVE + RESERVED + COMMITTED
"""

from enum import StrEnum


class Code(StrEnum):
    """One account by its number."""

    CASH = "1000"
    IN_TRANSIT = "1050"
    PLEDGES_RECEIVABLE = "1100"
    CLAWBACKS_RECEIVABLE = "1200"
    AWARDS_PAYABLE = "2000"
    BANK_OVERDRAFT = "2010"
    SUSPENSE = "2050"
    REFUNDABLE_ADVANCE = "2100"
    RETURNED_PAYABLE = "2200"
    UNCLAIMED = "2300"
    NET_ASSETS_FREE = "3000"
    NET_ASSETS_RESTRICTED = "3100"
    CONTRIBUTIONS = "4000"
    PLEDGED_CONTRIBUTIONS = "4100"
    ASSISTANCE = "5000"
    BANK_FEES = "5100"
    PLEDGES_WRITTEN_OFF = "5300"
    CONTROL = "9000"
    AVAILABLE = "9100"
    RESERVE = "9110"
    UNCOVERED = "9120"
    DEFICIT = "9130"
    RESERVED = "9190"
    COMMITTED = "9200"


NAMES: dict[Code, str] = {
    Code.CASH: "Cash",
    Code.IN_TRANSIT: "Payments in transit",
    Code.PLEDGES_RECEIVABLE: "Pledges receivable",
    Code.CLAWBACKS_RECEIVABLE: "Clawbacks receivable",
    Code.AWARDS_PAYABLE: "Awards payable",
    Code.BANK_OVERDRAFT: "Bank overdraft",
    Code.SUSPENSE: "Unmatched receipts",
    Code.REFUNDABLE_ADVANCE: "Refundable advances",
    Code.RETURNED_PAYABLE: "Returned payments owed",
    Code.UNCLAIMED: "Unclaimed payments",
    Code.NET_ASSETS_FREE: "Net assets freed from restriction",
    Code.NET_ASSETS_RESTRICTED: "Net assets under restriction",
    Code.CONTRIBUTIONS: "Gifts",
    Code.PLEDGED_CONTRIBUTIONS: "Pledged gifts",
    Code.ASSISTANCE: "Assistance to workers",
    Code.BANK_FEES: "Bank fees",
    Code.PLEDGES_WRITTEN_OFF: "Pledges written off",
    Code.CONTROL: "Cash that may be promised",
    Code.AVAILABLE: "Available to award",
    Code.RESERVE: "Reserve",
    Code.UNCOVERED: "Promised, but its gift bounced",
    Code.DEFICIT: "Paid, but its gift bounced",
    Code.RESERVED: "Held for awards",
    Code.COMMITTED: "Owed on awards",
}

DEBIT_NORMAL = frozenset(
    {
        Code.CASH,
        Code.PLEDGES_RECEIVABLE,
        Code.CLAWBACKS_RECEIVABLE,
        Code.NET_ASSETS_RESTRICTED,
        Code.ASSISTANCE,
        Code.BANK_FEES,
        Code.PLEDGES_WRITTEN_OFF,
        Code.CONTROL,
        Code.UNCOVERED,
    }
)
# What a donor takes back, or a pledge that is given up, may outgrow these for a while.
_FREE_TO_FALL = frozenset(
    {
        Code.CONTRIBUTIONS,
        Code.PLEDGED_CONTRIBUTIONS,
        Code.ASSISTANCE,
        Code.BANK_FEES,
        Code.PLEDGES_WRITTEN_OFF,
        Code.NET_ASSETS_FREE,
        Code.NET_ASSETS_RESTRICTED,
    }
)
# These may never read below zero at a commit: the database refuses it.
GUARDED = frozenset(Code) - _FREE_TO_FALL
MEMO = frozenset(code for code in Code if code.value.startswith("9"))
