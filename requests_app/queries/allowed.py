"""Which requests a restriction's rule allows, and how much of each: the rule read by the database."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from fundmgr.domain.restrictions import Rule

# Which requests a rule allows: what is NULL is open. `r` is the request, `p` its production.
ALLOWED = """
    (%(crafts)s::text[] IS NULL OR lower(r.craft) = ANY(%(crafts)s))
    AND (%(union_locals)s::text[] IS NULL OR lower(r.union_local) = ANY(%(union_locals)s))
    AND (%(productions)s::text[] IS NULL OR lower(COALESCE(p.name, r.production_name)) = ANY(%(productions)s))
    AND (%(places)s::text[] IS NULL OR lower(p.place) = ANY(%(places)s))
    AND (%(worked_from)s::date IS NULL OR r.last_worked_on >= %(worked_from)s)
    AND (%(worked_to)s::date IS NULL OR r.last_worked_on <= %(worked_to)s)
"""
_USABLE = f"""
SELECT r.id, CASE WHEN %(categories)s::text[] IS NULL THEN r.verified_cents ELSE LEAST(r.verified_cents, (
    SELECT COALESCE(SUM(n.amount_cents), 0) FROM requests_app_needline n
    WHERE n.request_id = r.id AND n.category = ANY(%(categories)s)
)) END
FROM requests_app_assistancerequest r LEFT JOIN requests_app_production p ON p.id = r.production_id
WHERE r.id = ANY(%(request_ids)s) AND r.verified_cents > 0 AND {ALLOWED}
"""  # noqa: S608  # our own words


def usable_cents(request_ids: Sequence[UUID], rule: Rule) -> dict[UUID, int]:
    """This will return how much of each request's verified need a rule allows, in cents; nothing is left out.

    Source: the same as `Rule.usable_cents`, for many requests at once.
    """
    asked = {**rule_parameters(rule), "request_ids": list(request_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_USABLE, asked)
        return dict(cursor.fetchall())


def rule_parameters(rule: Rule) -> dict[str, Any]:
    """This will return a rule as the parameters of `ALLOWED`, and its categories."""
    names = ("crafts", "union_locals", "productions", "places")
    lists = {name: [word.lower() for word in getattr(rule, name)] or None for name in names}
    days = {"worked_from": rule.worked_from, "worked_to": rule.worked_to}
    return {**lists, **days, "categories": list(rule.categories) or None}
