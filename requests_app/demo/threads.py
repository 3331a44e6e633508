"""Some workers wrote to the fund, on their page or by text; most were answered, a few wait."""

from collections.abc import Sequence
from datetime import timedelta

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RequestState
from fundmgr.models import Fund
from requests_app.models import AssistanceRequest
from requests_app.services import messages

TALKS = (
    (
        "Did you get the photo of my pay stub? I sent it from my wife's phone.",
        "Yes, we have it. You need do nothing more.",
    ),
    (
        "My landlord gave me until the 20th. Is there any way to know before?",
        "We cannot promise a day. Your request is marked as urgent. Call 211 for rent help today.",
    ),
    ("I start a new job on Monday. Should I take my request back?", ""),
    ("Thank you for reading it so fast.", ""),
)
ONE_IN = 60
_AFTER, _ANSWERED = timedelta(hours=5), timedelta(hours=20)


def tell(fund: Fund, readers: Sequence[Actor]) -> None:
    """This will let one in sixty of the eligible write, and readers answer half of them."""
    rows = AssistanceRequest.objects.filter(fund=fund, state=RequestState.ELIGIBLE)
    for number, row in enumerate(rows.order_by("submitted_at", "id")[::ONE_IN]):
        asked, answer = TALKS[number % len(TALKS)]
        at = row.submitted_at + _AFTER
        messages.write(request_id=row.id, text=asked, came_by="PAGE", by=actors.SYSTEM, now=at)
        if answer:
            reader = readers[number % len(readers)]
            messages.reply(
                request_id=row.id, text=answer, came_by="PAGE", by=reader, now=row.submitted_at + _ANSWERED
            )
