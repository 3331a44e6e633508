"""Who holds a bearer token: one query, for it stands before every call of a program."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.models import prepared

# What a token is worth, as one text to compare: where any of it has changed, the text has.
_WORTH = "ROW(c.id, c.owner_id, c.fund_id, c.role, f.currency, c.scopes, t.scope)::text"
_HELD = """
FROM oauth2_provider_accesstoken t
JOIN oauth2_provider_application a ON a.id = t.application_id
JOIN fundmgr_apiclient c ON c.oauth_client_id = a.client_id
JOIN fundmgr_user u ON u.id = c.owner_id
JOIN fundmgr_fund f ON f.id = c.fund_id
WHERE t.token_checksum = {checksum} AND t.expires > {now} AND c.is_active AND u.is_active
"""
_HOLDER = (
    f"SELECT c.id, c.owner_id, c.fund_id, c.role, f.currency, c.scopes, t.scope, {_WORTH}"  # our own words
    f"{_HELD.format(checksum='$1', now='$2')}"
)
_MOST_REMEMBERED = 10_000
_remembered: dict[str, "TokenHolder"] = {}


class Changed(Exception):
    """A token is not worth any more what was remembered of it; who remembered asks again."""


@dataclass(frozen=True)
class Proof:
    """What was read of a token: a statement that acts on it asks whether it is still so (`worth_of`)."""

    checksum: str
    worth: str


@dataclass(frozen=True)
class TokenHolder:
    """The program behind a token: who acts, in which fund, with which scopes."""

    actor: Actor
    fund_id: UUID
    currency: str
    scopes: frozenset[str]
    proof: Proof


def holder(*, token: str, now: datetime) -> TokenHolder | None:
    """This will return the active program that a live token belongs to, or None.

    Shapes: the scopes are those of the token that the program still has, so that taking one away from
    the program takes it from the tokens already out.
    """
    checksum = _checksum(token)
    found = prepared.one(_HOLDER, [checksum, now])
    if found is None:
        _remembered.pop(checksum, None)
        return None
    client_id, owner_id, fund_id, role, currency, client_scopes, token_scopes, worth = found
    known = TokenHolder(
        actor=actors.client(client_id, owner_id=owner_id, roles_in=(fund_id, frozenset({Role(role)}))),
        fund_id=fund_id,
        currency=currency,
        scopes=frozenset(token_scopes.split()) & frozenset(client_scopes.split()),
        proof=Proof(checksum, worth),
    )
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[checksum] = known
    return known


def remembered(*, token: str) -> TokenHolder | None:
    """This will return who held a token when this process last looked, or None: a guess, without a query.

    Only for one whose statement compares the proof before it acts.
    """
    return _remembered.get(_checksum(token))


def worth_of(*, checksum: str, now: str) -> str:
    """This will return SQL for what a live token is worth now, NULL where it is worth nothing.

    Shapes: `checksum` and `now` are SQL for the proof's checksum and the moment.
    """
    return f"(SELECT {_WORTH} {_HELD.format(checksum=checksum, now=now)})"  # our own words


def _checksum(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
