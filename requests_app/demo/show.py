"""What a newcomer needs to walk the demo: the fund, the sign-in page, a client for each role."""

from typing import Any

from django.conf import settings

from fundmgr.domain import errors, ids
from fundmgr.models import ApiClient, Donor, Fund
from fundmgr.queries import funds
from requests_app.demo.clients import CLIENTS, secret_of


def is_loaded() -> bool:
    """This will say whether any fund exists."""
    return Fund.objects.exists()


def loaded() -> Fund:
    """This will return the demo's fund. Errors: NotFound before it is loaded."""
    fund = funds.only_fund()
    if fund is None:
        raise errors.NotFound("Load the demo first.")
    return fund


def is_later() -> bool:
    """This will say whether the other donors came already."""
    return Donor.objects.filter(fund=loaded()).count() > 1


def sheet() -> dict[str, Any]:
    """This will return the demo's addresses and API clients. Errors: NotFound before it is loaded."""
    fund = loaded()
    rows = {row.name: row for row in ApiClient.objects.filter(fund=fund)}
    return {
        "fund": {"id": ids.public("fund", fund.id), "name": fund.name, "slug": fund.slug},
        "demo_page": f"{settings.SITE_URL}/demo/",
        "sign_in": [
            {
                "role": member.role,
                "name": member.user.name,
                "url": f"{settings.SITE_URL}/demo/as/{member.user_id}/",
            }
            for member in funds.members(fund.id)
        ],
        "api": f"{settings.SITE_URL}/api/v1/",
        "clients": [
            {
                "name": client.name,
                "role": client.role.value,
                "scopes": client.scopes.split(),
                "client_id": rows[client.name].oauth_client_id,
                "client_secret": secret_of(client),
            }
            for client in CLIENTS
            if client.name in rows
        ],
    }
