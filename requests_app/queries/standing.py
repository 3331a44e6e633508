"""What every page of the form asks first, in one statement that is planned once a connection.

The fund and its policy seldom change, so their rows stay in the process; the statement says which version of
each is the database's now, and only another one is read. So a fund that paused a moment ago counts at once.
"""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES
from fundmgr.models import Fund, PolicyVersion, prepared

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE_REQUEST_STATES))
# A row's place and the transaction that wrote it name its version; the database's name, for a copy of a
# database counts its transactions anew.
_STAND = f"""
SELECT f.id, concat(current_database(), f.xmin, f.ctid),
    (SELECT id FROM fundmgr_policyversion WHERE fund_id = f.id ORDER BY number DESC LIMIT 1),
    r.id, coalesce(r.reference, ''),
    EXISTS (SELECT FROM requests_app_assistancerequest WHERE fund_id = f.id AND applicant_id = a.id)
FROM fundmgr_fund f
LEFT JOIN LATERAL (
    SELECT id FROM requests_app_applicant WHERE fund_id = f.id AND user_id = $2::uuid LIMIT 1
) AS a ON true
LEFT JOIN LATERAL (
    SELECT id, reference FROM requests_app_assistancerequest
    WHERE fund_id = f.id AND applicant_id = a.id AND state IN ({_LIVE}) LIMIT 1
) AS r ON true
WHERE f.slug = $1
"""  # noqa: S608  # our own words


class Standing(NamedTuple):
    """Where one stands in a fund. Shapes: `fund` is everybody's and not to be changed."""

    fund: Fund
    policy_id: UUID | None
    live_request_id: UUID | None
    live_reference: str
    has_asked: bool


def standing(slug: str, *, user_id: UUID | None) -> Standing:
    """This will return where a worker, or nobody yet, stands in a fund. Errors: NotFound."""
    row = prepared.one(_STAND, [slug, user_id])
    if row is None:
        raise errors.NotFound
    fund_id, written, *rest = row
    return Standing(_fund(fund_id, written), *rest)


@lru_cache(maxsize=100)
def policy(policy_id: UUID) -> PolicyVersion:
    """This will return a policy version, which never changes."""
    return PolicyVersion.objects.get(id=policy_id)


@lru_cache(maxsize=100)
def _fund(fund_id: UUID, written: str) -> Fund:
    return Fund.objects.get(id=fund_id)
