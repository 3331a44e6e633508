"""How news reaches a worker, in a row of their pages."""

from typing import Any

from django.utils.translation import gettext as _

from fundmgr.domain.contacts import is_phone, masked
from fundmgr.domain.texting import Way
from requests_app.pages.applicant.door import Door
from requests_app.queries import reach


def rows(applicant: Any) -> list[dict[str, str]]:
    """This will say where news goes; for one who takes no texts, that it stands on this page alone."""
    way, contact = reach.path_of(applicant)
    if way is None:
        return [{"label": _("News"), "value": _("On your page only. You did not ask for texts.")}]
    label = _("Text sent to") if way is Way.TEXT else _("Mail sent to")
    return [{"label": label, "value": masked(contact)}]


def silence(at: Door, applicant: Any) -> dict[str, str]:
    """This will say to one who gets no messages where the answers are, and how to get them; else nothing."""
    if reach.path_of(applicant)[0] is not None:
        return {}
    text = _("We send you no messages now. Every answer is on this page, so look here again.")
    return {"text": text, "url": at.url("my-second"), "label": _("Get answers by email")}


def links(at: Door, applicant: Any) -> list[dict[str, str]]:
    """This will lead one with a phone to where texts are stopped, or begun."""
    if not is_phone(applicant.contact):
        return []
    label = _("Stop texts") if reach.way_of(applicant) is Way.TEXT else _("Get texts")
    return [{"label": label, "url": at.url("texts")}]
