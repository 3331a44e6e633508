"""Some workers sent a paper that shows their work, so that a reader's page has something to look at."""

from collections.abc import Sequence
from datetime import timedelta

from fundmgr.domain import actors
from requests_app.demo import papers
from requests_app.models import AssistanceRequest
from requests_app.services import documents

ONE_IN = 150
_AFTER = timedelta(minutes=30)
PAY_STUB = (
    "PAY STUB - made up for the demo",
    "Bright Harbor Payroll",
    "",
    "Hours: 50.0     Rate: 41.20",
    "Gross pay: 2,060.00",
    "Net pay: 1,584.10",
    "",
    "Social Security number: covered",
)


def tell(filed: Sequence[AssistanceRequest]) -> None:
    """This will send a pay stub with one in 150 of the requests, before anybody reads them."""
    for row in filed[::ONE_IN]:
        documents.add_to_request(
            request_id=row.id,
            name="Pay stub.pdf",
            content=papers.letter((f"Request {row.reference}", *PAY_STUB)),
            by=actors.SYSTEM,
            now=row.submitted_at + _AFTER,
        )
