"""How news reaches a worker, in a row of their pages."""

from typing import Any

from django.utils.translation import gettext as _

from fundmgr.domain.contacts import is_phone, masked
from fundmgr.domain.texting import Way
from requests_app.pages.applicant.door import Door
from requests_app.queries import reach


def rows(applicant: Any) -> list[dict[str, str]]:
    """This will say where news goes; for one who takes no texts, that it stands on this page alone."""
    way, hidden = reach.way_of(applicant), masked(applicant.contact)
    if way is None:
        return [{"label": _("News"), "value": _("On your page only. You did not ask for texts.")}]
    return [{"label": _("Text sent to") if way is Way.TEXT else _("Mail sent to"), "value": hidden}]


def links(at: Door, applicant: Any) -> list[dict[str, str]]:
    """This will lead one with a phone to where texts are stopped, or begun."""
    if not is_phone(applicant.contact):
        return []
    label = _("Stop texts") if reach.way_of(applicant) is Way.TEXT else _("Get texts")
    return [{"label": label, "url": at.url("texts")}]
