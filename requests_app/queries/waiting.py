"""Requests by their references: what may be shown of them to whoever may not read them."""

from collections.abc import Sequence
from uuid import UUID

from requests_app.models import AssistanceRequest


def references(request_ids: Sequence[UUID]) -> dict[UUID, str]:
    """This will return the reference of each request, and nothing else of it."""
    rows = AssistanceRequest.objects.filter(id__in=list(request_ids))
    return dict(rows.values_list("id", "reference"))
