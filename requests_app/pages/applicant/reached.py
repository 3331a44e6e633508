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
        is_unasked = is_phone(applicant.contact) and not reach.has_stopped(applicant.contact_hash)
        said = _("On your page only. You did not ask for texts.") if is_unasked else _("On your page only.")
        return [{"label": _("News"), "value": said}]
    label = _("Text sent to") if way is Way.TEXT else _("Email sent to")
    return [{"label": label, "value": masked(contact)}]


def silence(at: Door, applicant: Any) -> dict[str, str]:
    """This will say to one who gets no messages where the answers are, and how to get them; else nothing."""
    if reach.path_of(applicant)[0] is not None:
        return {}
    text = _("We send you no messages now. Every answer is on this page, so look here again.")
    if not is_phone(applicant.contact) or reach.second_of(applicant):
        # Who stopped them knows how to have them again, and may have a reason not to.
        return {"text": text, "url": at.url("texts"), "label": choice_of(applicant)}
    return {"text": text, "url": at.url("my-second"), "label": _("Get answers by email")}


def links(at: Door, applicant: Any) -> list[dict[str, str]]:
    """This will lead to where messages are stopped, or begun."""
    return [{"label": choice_of(applicant), "url": at.url("texts")}]


def choice_of(applicant: Any) -> str:
    """This will say in two words what the page of messages does for a worker."""
    if reach.second_path_of(applicant)[0] is not None:
        return _("Stop messages")
    is_on = reach.way_of(applicant) is not None
    if is_phone(applicant.contact):
        return _("Stop texts") if is_on else _("Get texts")
    return _("Stop emails") if is_on else _("Get emails")
