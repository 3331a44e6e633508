"""What a worker typed on a page that was not sent: back in its boxes once they are signed in again."""

from typing import Any, TypeVar

from django.forms import BaseForm
from django.utils.translation import gettext as _

from requests_app import kept_words
from requests_app.pages.applicant.door import Door

Form = TypeVar("Form", bound=BaseForm)


def words(at: Door) -> dict[str, Any]:
    """This will return what is kept for a page that is only looked at: box by box, one value or several."""
    if at.user_id is None or at.is_post:
        return {}
    return kept_words.find(at.request, user_id=at.user_id, now=at.now.timestamp())


def refill(at: Door, form: Form) -> Form:
    """This will put what is kept into the boxes of a form, and say that it is not sent yet."""
    kept = words(at)
    if kept:
        # A tick that was taken away is not among what was sent.
        form.initial = {**dict.fromkeys(form.initial, ""), **kept}
        at.say(_("We kept what you wrote. It is not sent yet."), kind="wait")
    return form
