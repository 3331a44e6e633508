"""Pages that stay right while rows arrive: each cursor remembers the row where the last page ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from fundmgr.domain.errors import InvalidInput, Problem

Row = TypeVar("Row", bound=Model)

LIMIT_DEFAULT = 50
LIMIT_MOST = 200
_AFTER, _BEFORE = "after", "before"


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows, and the cursors to both sides of it; None where there is no such side."""

    rows: list[Row]
    next_cursor: str | None
    previous_cursor: str | None

    @property
    def has_more(self) -> bool:
        """Whether rows follow this page."""
        return self.next_cursor is not None


def keyset(
    queryset: QuerySet[Row],
    order: tuple[str, ...],
    cursor: str | None = None,
    limit: int = LIMIT_DEFAULT,
) -> Page[Row]:
    """This will return one page of a queryset without counting it.

    Shapes: `order` names columns of the queryset's own model, `-` in front for descending; together they
    are unique and never null. `limit` is brought into 1..200. A cursor fits the order that made it only.
    Errors: InvalidInput (field `cursor`, code `invalid_cursor`) for a cursor that we did not make.
    """
    limit = max(1, min(limit, LIMIT_MOST))
    side, values = _read(cursor, queryset, order) if cursor else (_AFTER, None)
    walked = order if side == _AFTER else _reversed(order)
    if values is not None:
        queryset = queryset.filter(_beyond(walked, values))
    found = list(queryset.order_by(*walked)[: limit + 1])
    rows, goes_on = found[:limit], len(found) > limit
    if side == _BEFORE:
        rows.reverse()
    has_next, has_previous = (goes_on, cursor is not None) if side == _AFTER else (True, goes_on)
    return Page(
        rows=rows,
        next_cursor=_write(_AFTER, rows[-1], order) if rows and has_next else None,
        previous_cursor=_write(_BEFORE, rows[0], order) if rows and has_previous else None,
    )


def _reversed(order: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Build the condition for rows after `values`.

    The first column's bound is said twice: alone it lets PostgreSQL walk the index from the right place.
    """
    condition = Q()
    level: dict[str, Any] = {}
    for name, value in zip(order, values, strict=True):
        column, step = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= Q(**level, **{f"{column}__{step}": value})
        level[column] = value
    first = order[0]
    bound = {f"{first[1:]}__lte": values[0]} if first.startswith("-") else {f"{first}__gte": values[0]}
    return Q(**bound) & condition


def _salt(model: type[Model], order: Sequence[str]) -> str:
    return f"page:{model._meta.label_lower}:{','.join(order)}"


def _write(side: str, row: Model, order: Sequence[str]) -> str:
    values = [_plain(getattr(row, name.removeprefix("-"))) for name in order]
    return signing.dumps([side, *values], salt=_salt(type(row), order))


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value if isinstance(value, (int, str)) else str(value)


def _read(cursor: str, queryset: QuerySet[Row], order: Sequence[str]) -> tuple[str, list[Any]]:
    model = queryset.model
    try:
        side, *values = signing.loads(cursor, salt=_salt(model, order))
        fields = [model._meta.get_field(name.removeprefix("-")) for name in order]
        read = [field.to_python(value) for field, value in zip(fields, values, strict=True)]  # type: ignore[union-attr]  # own columns only: relations have no to_python
    except (signing.BadSignature, ValidationError, ValueError) as error:
        problem = Problem("cursor", "invalid_cursor", "This cursor does not fit here. Start without one.")
        raise InvalidInput(problems=[problem]) from error
    return side, read
