"""Messages with workers: answer on the page of the request, and see who waits for an answer."""

from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain.permissions import Action
from requests_app.pages.staff import case_view, doors, grid
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.request_forms import EmptyForm, ReplyForm
from requests_app.queries import console
from requests_app.services import messages
from requests_app.templatetags.fund_ui import when

HERE = "requests"


@doors.page
def waiting(door: Door) -> HttpResponse:
    """List the requests whose workers wait for an answer."""
    rows = console.waiting_messages(door.actor, fund_id=door.fund_id)
    door.looked([row for row, _since in rows])
    shown = {
        "title": "Messages to answer",
        "note": "Workers were told: we answer in 2 working days.",
        "caption": "Requests with messages that wait, the longest wait first",
        "columns": grid.columns("Request", "Name", "Waits since"),
        "rows": [
            grid.row(
                grid.link(row.reference, door.url("request", request_id=row.id)),
                row.applicant.full_name,
                when(since, "stamp"),
            )
            for row, since in rows
        ],
        "empty": {
            "title": "No message waits",
            "text": "What a worker writes or texts stands here until it is answered.",
        },
    }
    return door.page("staff/money_list.html", shown, current=HERE)


@doors.act
def reply(door: Door, request_id: UUID) -> HttpResponse:
    """Write to the worker."""
    door.require(Action.REQUEST_REVIEW)
    form = ReplyForm(door.posted)
    done = door.attempt(
        form,
        lambda once: messages.reply(
            request_id=request_id,
            text=form.cleaned_data["text"],
            came_by="PAGE",
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if not done:
        return case_view.show(door, request_id, reply_form=form)
    return door.to("request", request_id=request_id, said="Sent. The worker is told that there is a message.")


@doors.act
def settle(door: Door, request_id: UUID) -> HttpResponse:
    """Say that nothing need be answered."""
    door.require(Action.REQUEST_REVIEW)
    done = door.attempt(
        EmptyForm(door.posted),
        lambda once: messages.settle(request_id=request_id, by=door.actor, now=door.now, once=once),
    )
    return door.to("request", request_id=request_id) if done else case_view.show(door, request_id)
