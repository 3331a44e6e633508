"""The page of message templates: each in every language, with the parts that its text takes."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from fundmgr.domain import segments
from requests_app.pages.staff import doors
from requests_app.pages.staff.doors import Door
from requests_app.services import message_samples
from requests_app.services.message_samples import Sample

HERE = "settings"
TITLES = {
    "contact_code": "A code to get in",
    "contact_changed": "The contact changed",
    "request_received": "We have the request",
    "info_needed": "We need one thing",
    "award_made": "An award",
    "award_added": "More for an award",
    "award_reminder": "A reminder to accept",
    "award_expired": "An award that nobody accepted",
    "not_this_time": "Not this time",
    "ineligible": "The fund cannot pay for it",
    "payment_sent": "A payment left",
    "payment_returned": "A payment came back",
    "payee_changed": "Payment details changed",
    "appeal_received": "A second look is asked for",
    "appeal_upheld": "A second look: it stands",
    "appeal_overturned": "A second look: decided anew",
    "text_stop": "Answer to STOP",
    "text_start": "Answer to START",
    "text_help": "Answer to HELP",
    "message_posted": "A message from the fund",
}
_MOST_PARTS = {"en": 1}
_MOST_ELSEWHERE = 2


@doors.page
def samples(door: Door) -> HttpResponse:
    """Show what workers are sent."""
    found = message_samples.samples(fund_id=door.fund_id, by=door.actor, now=door.now)
    rows = [
        {
            "title": TITLES.get(kind, kind.replace("_", " ").capitalize()),
            "columns": [_column(one) for one in each],
        }
        for kind, each in groupby(found, key=lambda one: one.kind)
    ]
    context = {"rows": rows, "one_part": segments.measure("a" * 160).units}
    return door.page("staff/message_samples.html", context, current=HERE)


def _column(sample: Sample) -> dict[str, Any]:
    length = sample.length
    parts = "1 part" if length.segments == 1 else f"{length.segments} parts"
    odd = f", because of {' '.join(length.odd_letters)}" if length.odd_letters else ""
    fits = length.segments <= _MOST_PARTS.get(sample.language, _MOST_ELSEWHERE)
    return {
        "lang": sample.language,
        "language": dict(settings.LANGUAGES)[sample.language],
        "subject": sample.subject,
        "mail": sample.mail,
        "text": sample.text,
        "tag": "ok" if fits else "wait",
        "length": f"{parts}, {length.units} letters{odd}",
    }
