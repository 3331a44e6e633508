"""Who holds a bearer token: one query, for it stands before every call of a program."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.models import prepared

_HOLDER = """
SELECT c.id, c.owner_id, c.fund_id, c.role, f.currency, c.scopes, t.scope
FROM oauth2_provider_accesstoken t
JOIN oauth2_provider_application a ON a.id = t.application_id
JOIN fundmgr_apiclient c ON c.oauth_client_id = a.client_id
JOIN fundmgr_user u ON u.id = c.owner_id
JOIN fundmgr_fund f ON f.id = c.fund_id
WHERE t.token_checksum = $1 AND t.expires > $2 AND c.is_active AND u.is_active
"""


@dataclass(frozen=True)
class TokenHolder:
    """The program behind a token: who acts, in which fund, with which scopes."""

    actor: Actor
    fund_id: UUID
    currency: str
    scopes: frozenset[str]


def holder(*, token: str, now: datetime) -> TokenHolder | None:
    """This will return the active program that a live token belongs to, or None.

    Shapes: the scopes are those of the token that the program still has, so that taking one away from
    the program takes it from the tokens already out.
    """
    checksum = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    found = prepared.one(_HOLDER, [checksum, now])
    if found is None:
        return None
    client_id, owner_id, fund_id, role, currency, client_scopes, token_scopes = found
    return TokenHolder(
        actor=actors.client(client_id, owner_id=owner_id, roles_in=(fund_id, frozenset({Role(role)}))),
        fund_id=fund_id,
        currency=currency,
        scopes=frozenset(token_scopes.split()) & frozenset(client_scopes.split()),
    )
