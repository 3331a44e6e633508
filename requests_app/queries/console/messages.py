"""The page of messages that wait for an answer."""

from datetime import datetime
from uuid import UUID

from fundmgr.domain.actors import Actor
from requests_app.models import AssistanceRequest
from requests_app.queries import messages


def waiting_messages(actor: Actor, *, fund_id: UUID) -> list[tuple[AssistanceRequest, datetime]]:
    """This will return the requests whose workers wait for an answer and since when, the longest wait first.

    Errors: Forbidden for a role that does not see who asks.
    """
    return messages.waiting_requests(actor, fund_id=fund_id)
