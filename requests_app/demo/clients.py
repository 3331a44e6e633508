"""The demo's API clients, one for each role; their secrets follow from the site's key."""

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

from fundmgr.domain.permissions import Role

_READ = "funds:read requests:read rounds:read payouts:read reports:read"


@dataclass(frozen=True)
class DemoClient:
    """A program of the demo: its role and what its tokens may be asked for."""

    name: str
    role: Role
    scopes: str


CLIENTS = (
    DemoClient("Intake form", Role.INTAKE, "funds:read requests:read requests:write messages:write"),
    DemoClient(
        "Review desk", Role.REVIEWER, f"{_READ} requests:write messages:write decisions:write pii:read"
    ),
    DemoClient("Approval desk", Role.APPROVER, f"{_READ} commitments:read decisions:write rounds:approve"),
    DemoClient(
        "Director's tools",
        Role.DIRECTOR,
        f"{_READ} commitments:read commitments:write rounds:write rounds:approve reports:write",
    ),
    DemoClient(
        "Treasury, preparing",
        Role.TREASURER_PREPARES,
        f"{_READ} commitments:read commitments:write payouts:write reports:write",
    ),
    DemoClient(
        "Treasury, releasing",
        Role.TREASURER_RELEASES,
        f"{_READ} commitments:read commitments:write payouts:write reports:write",
    ),
    DemoClient("Auditor's tools", Role.AUDITOR, f"{_READ} commitments:read reports:write pii:read"),
)


def secret_of(client: DemoClient) -> str:
    """This will return a demo client's secret, which nobody without the site's key can make."""
    return hmac.new(settings.SECRET_KEY.encode(), f"demo:{client.name}".encode(), hashlib.sha256).hexdigest()
