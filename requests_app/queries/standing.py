"""What every page of the form asks first, in one statement that is planned once a connection.

The worker and their draft come with it. The fund and its policy seldom change, so their rows stay in the
process; the statement says which version of each is the database's now, and only another one is read. So a
fund that paused a moment ago counts at once.
"""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES
from fundmgr.models import Fund, PolicyVersion, prepared
from requests_app.models import Applicant, Draft

_LIVE = ", ".join(f"'{state}'" for state in sorted(LIVE_REQUEST_STATES))
# A row's place and the transaction that wrote it name its version; the database's name, for a copy of a
# database counts its transactions anew.
# The draft is the one that a cookie names, where it is nobody's yet or this worker's, else the newest that
# they left; never another's.
_STAND = f"""
SELECT f.id, concat(current_database(), f.xmin, f.ctid),
    (SELECT id FROM fundmgr_policyversion WHERE fund_id = f.id ORDER BY number DESC LIMIT 1),
    r.id, coalesce(r.reference, ''),
    EXISTS (SELECT FROM requests_app_assistancerequest WHERE fund_id = f.id AND applicant_id = a.id),
    {prepared.columns(Applicant, "a")}, {prepared.columns(Draft, "d")}
FROM fundmgr_fund f
LEFT JOIN LATERAL (
    SELECT * FROM requests_app_applicant WHERE fund_id = f.id AND user_id = $2::uuid LIMIT 1
) AS a ON true
LEFT JOIN LATERAL (
    SELECT id, reference FROM requests_app_assistancerequest
    WHERE fund_id = f.id AND applicant_id = a.id AND state IN ({_LIVE}) LIMIT 1
) AS r ON true
LEFT JOIN LATERAL (
    (SELECT 1 AS rank, * FROM requests_app_draft
    WHERE id = $3::uuid AND fund_id = f.id AND submitted_request_id IS NULL
        AND (applicant_id IS NULL OR applicant_id = a.id))
    UNION ALL
    (SELECT 2, * FROM requests_app_draft
    WHERE applicant_id = a.id AND fund_id = f.id AND submitted_request_id IS NULL
    ORDER BY updated_at DESC LIMIT 1)
    ORDER BY rank LIMIT 1
) AS d ON true
WHERE f.slug = $1
"""  # noqa: S608  # our own words
_STAND_COLUMNS = 6
_DRAFT_STARTS = _STAND_COLUMNS + len(Applicant._meta.concrete_fields)


class Standing(NamedTuple):
    """Where one stands in a fund. Shapes: `fund` is everybody's and not to be changed."""

    fund: Fund
    policy_id: UUID | None
    live_request_id: UUID | None
    live_reference: str
    has_asked: bool
    applicant: Applicant | None
    draft: Draft | None


def standing(slug: str, *, user_id: UUID | None = None, draft_id: UUID | None = None) -> Standing:
    """This will return where a worker, or nobody yet, stands in a fund.

    Shapes: `draft_id` is what a cookie says. Errors: NotFound for the fund.
    """
    row = prepared.one(_STAND, [slug, user_id, draft_id])
    if row is None:
        raise errors.NotFound
    fund_id, written, policy_id, live_id, reference, has_asked = row[:_STAND_COLUMNS]
    person, draft = row[_STAND_COLUMNS:_DRAFT_STARTS], row[_DRAFT_STARTS:]
    return Standing(
        fund=_fund(fund_id, written),
        policy_id=policy_id,
        live_request_id=live_id,
        live_reference=reference,
        has_asked=has_asked,
        applicant=prepared.opened(Applicant, person),
        draft=prepared.opened(Draft, draft),
    )


@lru_cache(maxsize=100)
def policy(policy_id: UUID) -> PolicyVersion:
    """This will return a policy version, which never changes."""
    return PolicyVersion.objects.get(id=policy_id)


@lru_cache(maxsize=100)
def _fund(fund_id: UUID, written: str) -> Fund:
    return Fund.objects.get(id=fund_id)
