"""Letters to those who are no workers, givers and staff: written once per effect, then mailed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fundmgr.domain import ids
from fundmgr.models import Fund
from requests_app.channels import mail
from requests_app.models import Notice


@dataclass(frozen=True)
class Mailing:
    """One letter before it is written: to whom, in which language, from which template, with which words."""

    fund: Fund
    contact: str
    language: str
    kind: str
    words: Mapping[str, Any]


def send(mailing: Mailing, *, key: str, now: datetime) -> None:
    """This will write a letter down and mail it; its key keeps a second run from sending it again."""
    if Notice.objects.filter(effect_key=key).exists():
        return
    subject, text = _written(mailing)
    Notice.objects.create(
        id=ids.new_id(now),
        fund=mailing.fund,
        created_at=now,
        applicant=None,
        kind=mailing.kind,
        effect_key=key,
        contact=mailing.contact,
        subject=subject,
        text=text,
        sent_at=now,
    )
    mail.send(subject=subject, text=text, to=mailing.contact, key=key)


def parted(rendered: str) -> tuple[str, str]:
    """This will part a rendered template into its subject, which is its first line, and its text."""
    subject, _line, body = rendered.strip().partition("\n")
    return " ".join(subject.split()), f"{body.strip()}\n"


def _written(mailing: Mailing) -> tuple[str, str]:
    context = {
        "fund": mailing.fund,
        "fund_url": f"{settings.SITE_URL}/f/{mailing.fund.slug}/",
        **mailing.words,
    }
    with translation.override(mailing.language), timezone.override(ZoneInfo(mailing.fund.time_zone)):
        return parted(render_to_string(f"emails/{mailing.kind}.txt", context))
