"""How was this form: one tap and maybe a few words, kept without a name."""

import secrets
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.opinions import FormOpinion
from fundmgr.domain.text import NotText, clean_block
from fundmgr.models import Fund
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest, FormFeedback

MOST_LETTERS = 500


@use_case
def give(
    *, fund_id: UUID, opinion: FormOpinion, text: str, language: str, by: Actor, now: datetime, mark: str = ""
) -> None:
    """This will keep what a worker who sent a request says of the form; the same mark counts once.

    Neither the row nor the trail says who it was, and the row's time is the beginning of the fund's day.
    Errors: NotFound for one who sent no request to the fund, InvalidInput (field `text`).
    """
    if by.person_id is None:
        raise errors.NotFound
    if not AssistanceRequest.objects.filter(fund_id=fund_id, applicant__user_id=by.person_id).exists():
        raise errors.NotFound
    said = _read(text)
    zone = ZoneInfo(Fund.objects.get(id=fund_id).time_zone)
    day = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)
    row = FormFeedback(
        id=ids.new_id(day),
        fund_id=fund_id,
        created_at=day,
        opinion=opinion,
        text=said or None,
        language=language,
        mark=mark or secrets.token_urlsafe(18),
    )
    if FormFeedback.objects.filter(mark=row.mark).exists():
        return
    FormFeedback.objects.bulk_create([row], ignore_conflicts=True)
    happening = Happening("form.judged", "fund", fund_id)
    events.record_many([happening], fund_id=fund_id, by=actors.SYSTEM, now=now, link=False)


def _read(text: str) -> str:
    try:
        return clean_block(text, most=MOST_LETTERS)
    except NotText as error:
        sentence = _("What you write must be %(most)s letters or less, without hidden characters")
        problem = Problem("text", "invalid_text", sentence % {"most": MOST_LETTERS})
        raise errors.InvalidInput(problems=[problem]) from error
