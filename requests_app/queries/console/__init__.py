"""What the console's pages show, one call a page; every call checks who asks."""

from requests_app.queries.console.desk import Desk, Ribbon, desk, staff_funds
from requests_app.queries.console.money import (
    commitment,
    commitments,
    donor,
    donors,
    pledge_choices,
    receipts,
)
from requests_app.queries.console.settings import client_choices, has_fund, settings_page
from requests_app.queries.console.trail import Line, audit, verify

__all__ = [
    "Desk",
    "Line",
    "Ribbon",
    "audit",
    "client_choices",
    "commitment",
    "commitments",
    "desk",
    "donor",
    "donors",
    "has_fund",
    "pledge_choices",
    "receipts",
    "settings_page",
    "staff_funds",
    "verify",
]
