"""A worker's messages with the fund: what was written, and a box to write."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain.texting import Side
from requests_app.pages.applicant import documents_view, door, unsent
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import Line
from requests_app.queries import messages as found
from requests_app.queries.messages import Thread
from requests_app.services import messages


class MessageForm(forms.Form):
    """What the worker writes; what it must be stands in the service."""

    use_required_attribute = False
    text = Line(widget=forms.Textarea(attrs={"rows": 5}))


@door.form
@door.paced
def thread(at: Door) -> HttpResponse:
    """The thread, newest last, and the box under it."""
    by, seen = at.person(), found.thread(at.slug, user_id=at.user_id, now=at.now)
    form = unsent.refill(at, MessageForm(at.request.POST if at.is_post else None))
    if at.is_post and form.is_valid():
        text, once, request_id = form.cleaned_data["text"], at.once(), seen.request.id
        if at.attempt(
            lambda: messages.write(
                request_id=request_id, text=text, came_by="PAGE", by=by, now=at.now, once=once
            )
        ):
            at.say(_("We have your message. We answer in 2 working days."))
            return at.to("messages")
        form.add_error("text", at.errors.pop()["text"])
    return at.page("applicant/messages.html", seen.fund, {"form": form, **_shown(at, seen)})


def _shown(at: Door, seen: Thread) -> dict[str, Any]:
    return {
        "reference": seen.request.reference,
        "back_url": at.url("my-request"),
        "most": messages.MOST_LETTERS,
        "lines": [
            {
                "is_ours": line.side is Side.FUND,
                "by": _("%(name)s, who reads requests") % {"name": line.author}
                if line.side is Side.FUND
                else _("You, by text")
                if line.came_by == "TEXT"
                else _("You"),
                "text": documents_view.with_ask(line.document, line.text),
                "at": line.at,
            }
            for line in seen.lines
        ],
    }


def links(at: Door, request: Any) -> list[dict[str, str]]:
    """This will lead from the status page to the thread, with how much is in it."""
    held = found.count(request)
    label = _("Messages (%(count)s)") % {"count": held} if held else _("Write to us")
    return [{"label": label, "url": at.url("messages"), "aside": _("Answer in 2 working days")}]
